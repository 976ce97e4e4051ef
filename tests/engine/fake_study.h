// A world with a few games, strategies and models, and studies in it: for tests of Design.
#pragma once
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "study/design.h"

namespace parley::fake {

using Record = Value::Record;
using List = Value::List;

inline ActionSet set_of(const char* json) { return ActionSet::from(from_json(json)); }

// A few games and strategies; model "m" and "alias" are the same file.
struct Fake {
  int model_calls = 0;
  Lookup lookup;

  Fake() {
    lookup.game = [](const std::string& name, const Value& settings, int seats) -> std::optional<GameInfo> {
      GameInfo g;
      g.name = name;
      g.path = "games/" + name + ".lua";
      g.settings = Record{};
      g.players = {"row", "column"};
      if (name == "prisoners_dilemma") {
        g.settings = Record{{"reward", 8}, {"sucker", 0}, {"temptation", 10}, {"punishment", 5}};
        g.by_payoffs = true;
        g.actions = {set_of(R"(["cooperate","defect"])")};
      } else if (name == "battle_of_the_sexes") {
        g.settings = Record{{"favourite", 10}, {"less", 7}};
        g.by_payoffs = true;
        g.actions = {set_of(R"(["football","ballet"])")};
      } else if (name == "ultimatum") {
        g.settings = Record{{"pie", 100}};
        g.players = {"proposer", "responder"};
      } else if (name == "inspection") {
        g.by_payoffs = true;
        g.players = {"inspector", "worker"};
        g.actions = {set_of(R"(["trust","inspect"])"), set_of(R"(["work","shirk"])")};
      } else if (name == "public_goods") {
        g.settings = Record{{"endowment", 20}, {"multiplier", 1.6}};
        const Value& endowment = settings["endowment"];
        g.by_payoffs = true;
        g.rounds = 10;
        g.least = 2;
        g.most = 100;
        g.players.clear();
        for (int i = 1; i <= seats; ++i) g.players.push_back(fmt::format("player{}", i));
        g.actions = {ActionSet::from(
            Record{{"kind", "range"}, {"lo", 0}, {"step", 1}, {"hi", endowment.is_nil() ? Value(20) : endowment}})};
      } else if (name == "auction") {
        g.settings = Record{
            {"pays", "second"}, {"values", List{}}, {"names", Record{{"a", 1}}}, {"order", List{1, 2}}, {"open", true}};
      } else if (name == "clash") {
        g.settings = Record{{"cover", 1}};
      } else if (name == "to_the_last") {
        g.ends = false;
      } else {
        return std::nullopt;
      }
      return g;
    };
    lookup.strategy = [](const std::string& name) -> std::optional<StrategyInfo> {
      static const std::map<std::string, std::pair<bool, Value>> all = {
          {"direct", {true, Record{}}},
          {"scot", {true, Record{}}},
          {"self_consistency", {true, Record{{"samples", 5}}}},
          {"alternate", {false, Record{{"start", 1}}}},
          {"tit_for_tat", {false, Record{}}},
          {"naive_prober", {false, Record{{"p", .1}}}},
          {"frozen", {false, Record{{"policy", "policies/x.json"}, {"letters", List{"J", "F"}}}}},
          {"clash", {false, Record{{"model", 1}}}},
      };
      auto at = all.find(name);
      if (at == all.end()) return std::nullopt;
      return StrategyInfo{name, "", "strategies/" + name + ".lua", at->second.second, at->second.first, ""};
    };
    lookup.games = [] {
      return std::vector<std::string>{"battle_of_the_sexes", "inspection", "prisoners_dilemma", "public_goods",
                                      "ultimatum"};
    };
    lookup.strategies = [] {
      return std::vector<std::string>{"alternate", "direct", "frozen", "naive_prober", "scot", "tit_for_tat"};
    };
    lookup.model_identity = [this](const std::string& model) {
      ++model_calls;
      return model == "alias" ? std::string("id of m") : "id of " + model;
    };
    lookup.check_words = [](const std::string& field, const std::string& name) {
      if (field == "told" && name.rfind("hints/", 0) != 0 && name.rfind("personas/", 0) != 0)
        throw Error("no section '" + name + "' of told");
      if (field != "told" && name == "nowhere") throw Error("there is no " + field + " 'nowhere'");
    };
  }
};

inline StudyFile::Level level(Value value) { return {"", std::move(value), false}; }
inline StudyFile::Level named(const char* name, Value value) { return {name, std::move(value), true}; }

inline StudyFile::Factor factor(const char* name, std::vector<Value> values) {
  StudyFile::Factor out{name, {}};
  for (Value& value : values) out.levels.push_back(level(std::move(value)));
  return out;
}

inline Value entry(const char* strategy, Record more = {}) {
  more.insert_or_assign("strategy", strategy);
  return more;
}

// The study of which most tests change a thing or two.
inline StudyFile study_of(Record more = {}) {
  Record fields{{"game", "prisoners_dilemma"}, {"model", "m"}, {"players", List{entry("direct"), entry("alternate")}}};
  for (auto& [name, value] : more) fields.insert_or_assign(name, value);
  std::erase_if(fields, [](const auto& f) { return f.second.is_nil(); });
  StudyFile file;
  file.path = "scripts/x.lua";
  file.fields = std::move(fields);
  return file;
}

inline StudyFile vary(StudyFile file, std::vector<StudyFile::Factor> factors) {
  file.factors = std::move(factors);
  return file;
}

// A study's function of v.
inline StudyFile::Function function(std::function<Value(const std::function<Value(const char*)>& v)> f) {
  return [f](const Value& varied, std::vector<std::string>* used) {
    return f([&](const char* name) {
      if (used) used->push_back(name);
      if (varied[name].is_nil()) throw Error(fmt::format("scripts/x.lua:7: v.{} is not varied", name));
      return varied[name];
    });
  };
}

inline Design make(const StudyFile& file, const std::vector<Override>& overrides = {}) {
  Fake fake;
  return Design::make(file, fake.lookup, overrides);
}

inline std::string error_of(const StudyFile& file, const std::vector<Override>& overrides = {}) {
  try {
    make(file, overrides);
  } catch (const Misuse& e) {
    return std::string("misuse: ") + e.what();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

inline std::vector<std::string> names(const Design& design) {
  std::vector<std::string> out;
  for (const auto& condition : design.conditions()) out.push_back(condition->name);
  return out;
}

// "a b | b a": the names of players by seat.
inline std::string pairs(const Design& design, size_t condition = 0) {
  std::string out;
  for (const auto& lineup : design.lineups(condition)) {
    out += out.empty() ? "" : " | ";
    for (size_t i = 0; i < lineup->players.size(); ++i) out += (i ? ", " : "") + lineup->players[i].name;
  }
  return out;
}

// Identities of all matches.
inline std::set<Hash> ids(const Design& design) {
  std::set<Hash> out;
  for (uint64_t i = 0; i < design.size(); ++i) out.insert(design.at(i)->id);
  REQUIRE(out.size() == design.size());  // no two matches are one
  return out;
}

inline size_t shared(const std::set<Hash>& a, const std::set<Hash>& b) {
  return static_cast<size_t>(std::count_if(a.begin(), a.end(), [&](const Hash& id) { return b.count(id) > 0; }));
}

using Names = std::vector<std::string>;

}  // namespace parley::fake
