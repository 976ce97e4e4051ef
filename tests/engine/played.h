// Matches for the tests of store and report, made without playing: plans and transcripts of small games.
#pragma once
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "store/store.h"

namespace played {

using namespace parley;

// A folder that goes when the test does.
struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "parley-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code nobody_cares;
    std::filesystem::remove_all(path, nobody_cares);
  }
  std::string operator/(const std::string& name) const { return (path / name).string(); }
};

inline StudyInfo study(const std::string& text = "study {}", const std::string& name = "first") {
  return {name, "scripts/" + name + ".lua", hash_of(text), text, Value::Record{{"rounds", 3}, {"repeats", 2}}, 7,
          "0.1"};
}

inline std::shared_ptr<const Condition> condition(const std::string& name, const std::string& cover = "plain",
                                                  const std::string& game = "prisoners_dilemma") {
  auto c = std::make_shared<Condition>();
  c->rules.game = game;
  c->rules.settings = Value::Record{};
  c->rules.rounds = 3;
  c->rules.cover = cover;
  c->name = name;
  c->levels = name.empty() ? Value(Value::Record{}) : Value(Value::Record{{"cover", name}});
  c->id = hash_of("condition " + game + cover);
  return c;
}

inline std::shared_ptr<const Lineup> lineup(const std::vector<std::string>& strategies, const std::string& model = "") {
  auto l = std::make_shared<Lineup>();
  std::string content;
  for (const std::string& s : strategies) {
    Player p;
    p.name = p.strategy = s;
    p.settings = Value::Record{};
    if (!model.empty() && s == "direct") {
      p.model = p.model_identity = model;
      p.sampling = Value::Record{{"temperature", 1}};
    }
    l->players.push_back(p);
    content += s + "|" + p.model + "\n";
  }
  l->id = hash_of(content);
  return l;
}

inline Plan plan(std::shared_ptr<const Condition> c, std::shared_ptr<const Lineup> l, uint32_t block = 1) {
  return {std::move(c), std::move(l), block, 7, "id"};
}

// Every condition with every line-up, block by block.
inline std::vector<Plan> plans(const std::vector<std::shared_ptr<const Condition>>& conditions,
                               const std::vector<std::shared_ptr<const Lineup>>& lineups, uint32_t blocks) {
  std::vector<Plan> out;
  for (uint32_t block = 1; block <= blocks; ++block) {
    for (const auto& c : conditions) {
      for (const auto& l : lineups) out.push_back(plan(c, l, block));
    }
  }
  return out;
}

inline std::vector<MatchState> register_plans(Store& store, const std::vector<Plan>& list,
                                              const StudyInfo& info = study()) {
  return store.plan(info, list.size(), [&](uint64_t i) { return list[i]; });
}

// Builds a transcript event by event.
class Script {
 public:
  explicit Script(std::vector<std::string> seats = {"row", "column"}) { t_.seats = std::move(seats); }

  Script& round() {
    add(Event::round, 0, 0).number = ++t_.rounds;
    return *this;
  }
  Script& choose(int seat, const std::string& name, const Value& set, const Value& action) {
    return act(Event::choice, seat, name, set, action);
  }
  Script& missing(int seat, const std::string& name, const Value& set, const Value& instead) {
    return act(Event::missing, seat, name, set, instead);
  }
  Script& done(int seat, const std::string& name, const Value& set, const Value& action) {
    return act(Event::done, seat, name, set, action);
  }
  Script& pay(int seat, double amount) {
    add(Event::pay, seat, 0).number = amount;
    return *this;
  }
  Script& note(const std::string& name, const Value& value) {
    give(add(Event::note, 0, word(name)), value);
    return *this;
  }
  Script& told(const std::string& name, const Value& facts, const Value& seen = {}) {
    Event& e = add(Event::told, 0, word(name));
    give(e, facts);
    if (!seen.is_nil()) {
      t_.values.push_back(seen);
      e.seen = static_cast<int32_t>(t_.values.size());
    }
    return *this;
  }
  // A round of the prisoner's dilemma.
  Script& dilemma(bool first_defects, bool second_defects) {
    constexpr double kPays[2][2][2] = {{{8, 8}, {0, 10}}, {{10, 0}, {5, 5}}};
    static const Value kActions = Value::List{"cooperate", "defect"};
    round();
    choose(1, "action", kActions, first_defects ? "defect" : "cooperate");
    choose(2, "action", kActions, second_defects ? "defect" : "cooperate");
    pay(1, kPays[first_defects][second_defects][0]);
    return pay(2, kPays[first_defects][second_defects][1]);
  }
  QuestionRecord& question(int seat, int n) {
    QuestionRecord q;
    q.seat = seat, q.n = n, q.round = t_.rounds;
    q.decision = q.question = "action";
    q.read = "text";
    q.added = "What do you do?";
    t_.questions.push_back(q);
    return t_.questions.back();
  }
  Script& belief(int question, int about, const Value& guess, const Value& truth) {
    const QuestionRecord& q = t_.questions[static_cast<size_t>(question)];
    t_.beliefs.push_back({question, q.seat, about, q.round, q.decision, guess, truth});
    return *this;
  }
  Transcript end(MatchStatus status = MatchStatus::whole, const std::string& why = "", int seat = 0) {
    t_.words = std::make_shared<Words>(words_);
    t_.last_closed = status == MatchStatus::whole;
    t_.status = status;
    t_.why = why;
    t_.void_seat = seat;
    return t_;
  }

 private:
  int word(const std::string& name) {
    for (size_t i = 0; i < words_.names.size(); ++i) {
      if (words_.names[i] == name) return static_cast<int>(i);
    }
    words_.names.push_back(name);
    return static_cast<int>(words_.names.size()) - 1;
  }
  int set_number(const Value& set) {
    for (size_t i = 0; i < words_.sets.size(); ++i) {
      if (words_.sets[i]->to_value() == set) return static_cast<int>(i);
    }
    words_.sets.push_back(std::make_shared<ActionSet>(ActionSet::from(set)));
    return static_cast<int>(words_.sets.size()) - 1;
  }
  Event& add(Event::Kind kind, int seat, int name) {
    Event e;
    e.kind = kind, e.seat = seat, e.name = name;
    t_.events.push_back(e);
    return t_.events.back();
  }
  void give(Event& e, const Value& value) {
    if (value.is_number()) {
      e.number = value.number();
      return;
    }
    t_.values.push_back(value);
    e.value = static_cast<int32_t>(t_.values.size());
  }
  Script& act(Event::Kind kind, int seat, const std::string& name, const Value& set, const Value& action) {
    Event& e = add(kind, seat, word(name));
    e.set = set_number(set);
    const ActionSet& of = *words_.sets[static_cast<size_t>(e.set)];
    auto index = of.kind == ActionSet::Kind::list ? of.index_of(action) : std::nullopt;
    if (index)
      e.index = static_cast<int32_t>(*index);
    else
      give(e, action);
    return *this;
  }

  Words words_;
  Transcript t_;
};

inline Value range(double lo, double hi, double step = 1) {
  return Value::Record{{"kind", "range"}, {"lo", lo}, {"hi", hi}, {"step", step}};
}
inline Value words() { return Value::Record{{"kind", "words"}}; }

inline Reply said(const std::string& text) {
  Reply r;
  r.text = text;
  r.usage = {12, 3, 0, 4, 0};
  r.served = "tiny-1";
  r.seconds = .25;
  return r;
}
inline Reply scored(const std::vector<double>& scores, const std::string& build = "b1") {
  Reply r;
  r.scores = scores;
  r.build = build;
  r.served = "smollm2";
  return r;
}

}  // namespace played
