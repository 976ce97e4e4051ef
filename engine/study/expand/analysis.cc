// The field `analysis`: what a study declares before its data are seen. Settled and checked against the design, as far as a
// column's values are known before anything is played.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "base/error.h"
#include "stats/varied.h"
#include "study/expand/parts.h"

namespace parley::study {
namespace {

constexpr uint64_t kMostSeats = 200'000;  // of a block that are looked through

// What is known, before they are played, of the rows that a study's units will have: columns and values of each seat of each match.
class Seats {
 public:
  Seats(const Design& design, const std::function<std::string(const std::string&)>& column) : column_(column) {
    const auto& conditions = design.conditions();
    for (size_t c = 0; c < conditions.size() && whole_; ++c) {
      for (const auto& lineup : design.lineups(c)) {
        if (rows_.size() > kMostSeats) {
          whole_ = false;
          break;
        }
        add(*conditions[c], design.game(c), lineup->players);
        if (design.swaps(c)) {
          std::vector<Player> swapped = lineup->players;
          std::swap(swapped[0], swapped[1]);
          add(*conditions[c], design.game(c), swapped);
        }
      }
    }
  }

  std::vector<std::string> columns() const { return {columns_.begin(), columns_.end()}; }
  std::vector<std::string> values(const std::string& column) const {
    std::set<std::string> out;
    for (const auto& row : rows_) {
      if (auto at = row.find(column); at != row.end()) out.insert(at->second);
    }
    return {out.begin(), out.end()};
  }
  // The values that a column has in seats that are so; nothing where that is not known before they are played.
  std::optional<std::set<std::string>> values(const std::map<std::string, std::set<std::string>>& wanted,
                                              const std::string& column) const {
    if (!whole_ || !columns_.contains(column)) return std::nullopt;
    std::set<std::string> out;
    for (const auto& row : rows_) {
      const auto at = row.find(column);
      if (is_so(row, wanted)) out.insert(at == row.end() ? std::string() : at->second);
    }
    return out;
  }
  // Of each seat that is so its condition and its group.
  std::vector<stats::GroupedSeat> grouped(const std::map<std::string, std::set<std::string>>& wanted,
                                          const std::string& group) const {
    std::vector<stats::GroupedSeat> out;
    for (const auto& row : rows_) {
      if (const auto at = row.find(group); at != row.end() && is_so(row, wanted))
        out.emplace_back(row.at("condition"), at->second);
    }
    return out;
  }
  // Whether some seat is so.
  bool any(const std::map<std::string, std::set<std::string>>& wanted) const {
    return !whole_ || std::any_of(rows_.begin(), rows_.end(), [&](const auto& row) { return is_so(row, wanted); });
  }

 private:
  using Row = std::map<std::string, std::string>;
  static bool is_so(const Row& row, const std::map<std::string, std::set<std::string>>& wanted) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const auto& w) {
      auto at = row.find(w.first);
      return at == row.end() || w.second.contains(at->second);
    });
  }

  void add(const Condition& condition, const GameInfo& game, const std::vector<Player>& players) {
    std::map<std::string, std::string> of_match = {{"condition", condition.name}, {"game", game.name}};
    for (const auto& [factor, level] : condition.levels.record()) of_match.emplace(column_(factor), value_text(level));
    std::vector<std::string> names;
    size_t seats = 0;
    for (const Player& player : players) {
      names.push_back(player.name);
      seats += player.watches == 0 ? 1 : 0;
    }
    std::vector<std::string> sorted = names;
    std::sort(sorted.begin(), sorted.end());
    std::string pairing;
    for (const std::string& name : sorted) pairing += (pairing.empty() ? "" : ", ") + name;
    of_match.emplace("pairing", pairing);
    for (size_t i = 0; i < players.size(); ++i) {
      if (players[i].watches > 0) continue;
      auto row = of_match;
      row["player"] = players[i].name;
      row["strategy"] = players[i].strategy;
      row["model"] = players[i].model;
      if (i < game.players.size()) row["seat"] = game.players[i];
      if (seats == 2) row["opponent"] = names[1 - i];
      for (const auto& [column, value] : row) columns_.insert(column);
      rows_.insert(std::move(row));
    }
  }

  const std::function<std::string(const std::string&)>& column_;
  std::set<Row> rows_;
  std::set<std::string> columns_ = {"seat", "opponent"};
  bool whole_ = true;
};

class Reader {
 public:
  Reader(const std::string& path, const Said& said, const Design& design, const AnalysisNeeds& needs)
      : path_(path),
        said_(said),
        seats_(design, needs.column),
        varied_(varied_in(design, needs)),
        needs_(needs),
        repeats_(design.repeats()) {}

  Value run() {
    static const std::vector<std::string> fields = {"primary", "secondary", "unit",   "alpha",
                                                    "n",       "stop",      "margin", "exclusions"};
    const Value& all = said_.value;
    if (!all.is_record()) wrong(fmt::format("'analysis' is a table, {{ primary = {{ ... }} }}, not {}", shown(all)));
    check_fields("analysis", all, fields);
    Value::Record out;
    if (all["primary"].is_nil()) {
      wrong(
          "'analysis' has no 'primary': { value = \"payoff\", group = \"player\", a = ..., b = ... }, or a list of "
          "these");
    }
    out["primary"] = contrasts("primary", all["primary"]);
    if (const Value& secondary = all["secondary"]; !secondary.is_nil())
      out["secondary"] = contrasts("secondary", secondary);
    out["unit"] = unit(all["unit"]);
    out["alpha"] =
        number(all["alpha"], "alpha", .05, "a number between 0 and 1", [](double x) { return x > 0 && x < 1; });
    if (const Value& margin = all["margin"]; !margin.is_nil())
      out["margin"] = number(margin, "margin", 0, "a number above 0", [](double x) { return x > 0; });
    blocks(all, out);
    if (const Value& rules = all["exclusions"]; !rules.is_nil()) out["exclusions"] = exclusions(rules);
    return out;
  }

 private:
  [[noreturn]] void wrong(const std::string& what) const { fail(path_, said_, what); }

  // By columns.
  static stats::Varied varied_in(const Design& design, const AnalysisNeeds& needs) {
    std::vector<std::string> factors;
    if (const Value& vary = design.resolved()["vary"]; vary.is_record()) {
      for (const std::string& factor : names_of(vary)) factors.push_back(needs.column(factor));
    }
    std::vector<std::pair<std::string, Value>> conditions;
    for (const auto& condition : design.conditions()) {
      Value::Record levels;
      for (const auto& [factor, level] : condition->levels.record()) levels.emplace(needs.column(factor), level);
      conditions.emplace_back(condition->name, std::move(levels));
    }
    return {std::move(factors), conditions};
  }

  void check_fields(const std::string& what, const Value& of, const std::vector<std::string>& fields) const {
    for (const auto& [name, value] : of.record()) {
      if (std::find(fields.begin(), fields.end(), name) == fields.end())
        wrong(fmt::format("{} has no field '{}'{}; it has {}", what, name, did_you_mean(name, fields), joined(fields)));
    }
  }

  static bool counts(const Value& v) {
    return v.is_number() && v.number() >= 1 && v.number() == std::floor(v.number()) && v.number() < 1e9;
  }

  template <class Fits>
  double number(const Value& said, const std::string& name, double standard, const char* what, Fits fits) const {
    if (said.is_nil()) return standard;
    if (!said.is_number() || !fits(said.number()))
      wrong(fmt::format("'{}' of analysis is {}, not {}", name, what, shown(said)));
    return said.number();
  }

  // One entry or a list of them, as a list.
  static std::vector<Value> entries(const Value& said) {
    if (said.is_record()) return {said};
    return said.is_list() ? said.list() : std::vector<Value>();
  }

  Value contrasts(const std::string& name, const Value& said) const {
    Value::List out;
    for (const Value& one : entries(said)) {
      if (!one.is_record())
        wrong(fmt::format("'{}' of analysis is a contrast or a list of them, not {}", name, shown(one)));
      out.push_back(contrast(name, one));
    }
    if (out.empty())
      wrong(
          fmt::format("'{}' of analysis is a contrast {{ value = ..., group = ..., a = ..., b = ... }} or a list of "
                      "them, not {}",
                      name, said.is_list() ? "an empty one" : shown(said)));
    return out;
  }

  std::string text(const std::string& name, const Value& contrast, const char* field) const {
    const Value& said = contrast[field];
    if (said.is_nil()) wrong(fmt::format("a contrast of '{}' of analysis has no '{}'", name, field));
    if (said.is_list() || said.is_record())
      wrong(fmt::format("{} of a contrast of '{}' is a text or a number, not {}", field, name, shown(said)));
    return value_text(said);
  }

  Value contrast(const std::string& name, const Value& said) const {
    check_fields(fmt::format("a contrast of {}", name), said, {"value", "group", "a", "b", "where"});
    const std::string value = text(name, said, "value"), group = text(name, said, "group"), a = text(name, said, "a"),
                      b = text(name, said, "b");
    number_column(value, "compares");
    known_column(group, "groups by");
    if (a == b) wrong(fmt::format("a contrast of '{}' of analysis compares '{}' with itself", name, a));
    known_value(group, a);
    known_value(group, b);
    std::map<std::string, std::set<std::string>> wanted;
    Value::Record where;
    if (const Value& only = said["where"]; !only.is_nil()) {
      if (!only.is_record())
        wrong(fmt::format("where of a contrast of '{}' is a table, {{ seat = \"row\" }}, not {}", name, shown(only)));
      for (const auto& [column, values] : only.record()) {
        known_column(column, "has where of");
        Value::List list;
        for (const Value& one : values.is_list() ? values.list() : std::vector<Value>{values}) {
          list.emplace_back(value_text(one));
          known_value(column, value_text(one));
          wanted[column].insert(value_text(one));
        }
        where.emplace(column, std::move(list));
      }
    }
    const std::string unit_column = unit(said_.value["unit"]);
    if (unit_column == group)
      wrong(
          fmt::format("'unit' of analysis is '{0}', and a contrast of '{1}' compares by {0}: each group has one value "
                      "then, and nothing can be tested",
                      group, name));
    for (const std::string& side : {a, b}) {
      auto of_side = wanted;
      if (auto [at, fresh] = of_side.try_emplace(group, std::set{side}); !fresh && !at->second.contains(side))
        at->second.clear();
      else
        at->second = {side};
      if (!seats_.any(of_side))
        lacks(
            fmt::format("analysis compares '{}' by {}, and no seat of the design is so where it is said", side, group));
      if (const auto units = seats_.values(of_side, unit_column); units && units->size() == 1)
        lacks(
            fmt::format("'unit' of analysis is '{}', and {} by {} has one alone ('{}'): nothing can be tested of one "
                        "value",
                        unit_column, side, group, *units->begin()));
    }
    if (varied_.has(group)) {
      auto both = wanted;
      both[group] = {a, b};
      const auto found = varied_.confounded(group, seats_.grouped(both, group));
      const std::string why = stats::why_confounded(found, group, unit_column);
      if (!why.empty())
        lacks(fmt::format("'{}' of analysis compares {} against {}, and {}", name, a, b, why));
      else if (!found.partly.empty())
        needs_.warn(fmt::format("{}: '{}' of analysis: {}", path_, name, stats::partly_text(found, group)));
    }
    Value::Record out{{"value", value}, {"group", group}, {"a", a}, {"b", b}};
    if (!where.empty()) out.emplace("where", std::move(where));
    return out;
  }

  // A column of numbers; what a game notes is known when it is played.
  void number_column(const std::string& column, const char* does) const {
    const std::vector<std::string>& all = needs_.numbers;
    if (all.empty() || std::find(all.begin(), all.end(), column) != all.end()) return;
    const std::string meant = did_you_mean(column, all);
    if (!needs_.notes || !meant.empty())
      wrong(fmt::format("analysis {} '{}', which is no column of numbers{}; there are: {}", does, column, meant,
                        joined(all, ", ")));
    needs_.warn(fmt::format("{}: analysis {} '{}', which is there only if the game notes it", path_, does, column));
  }

  // What the design lacks may be for what the command line left out of it.
  void lacks(const std::string& what) const {
    if (!needs_.overridden) wrong(what);
    needs_.warn(fmt::format("{}: {}: it cannot be tested in what is planned", path_, what));
  }

  void known_column(const std::string& column, const char* does) const {
    std::vector<std::string> known = seats_.columns();
    for (const char* more : {"block", "match", "wording"}) known.emplace_back(more);
    if (std::find(known.begin(), known.end(), column) != known.end()) return;
    std::sort(known.begin(), known.end());
    wrong(fmt::format("analysis {} '{}', which is no column{}; there are: {}", does, column,
                      did_you_mean(column, known), joined(known, ", ")));
  }

  void known_value(const std::string& column, const std::string& value) const {
    const std::vector<std::string> known = seats_.values(column);
    if (known.empty() || std::find(known.begin(), known.end(), value) != known.end()) return;
    lacks(fmt::format("analysis has '{}', which no {} of the design is{}; there are: {}", value, column,
                      did_you_mean(value, known), joined(known, ", ")));
  }

  std::string unit(const Value& said) const {
    if (said.is_nil()) return "match";
    if (!said.is_string()) wrong(fmt::format("'unit' of analysis is \"match\" or a column, not {}", shown(said)));
    if (said.string() == "round") {
      wrong(
          "'unit' of analysis is \"match\" or a column, not 'round': rounds of one match are not independent of each "
          "other");
    }
    known_column(said.string(), "has the unit");
    return said.string();
  }

  void blocks(const Value& all, Value::Record& out) const {
    Value::List looks;
    const Value &n = all["n"], &stop = all["stop"];
    if (!n.is_nil() && !counts(n)) wrong(fmt::format("'n' of analysis is a whole number of blocks, not {}", shown(n)));
    if (stop.is_list() && !stop.list().empty()) {
      for (const Value& look : stop.list()) {
        if (!counts(look) || (!looks.empty() && look <= looks.back()))
          wrong("'stop' of analysis is \"fixed\", or numbers of blocks that grow, as { 5, 10, 20 }");
        looks.push_back(look);
      }
      if (!n.is_nil() && looks.back() != n) {
        wrong(fmt::format("the last look of 'stop' of analysis is at {} blocks, and 'n' says {}", shown(looks.back()),
                          shown(n)));
      }
    } else if (!stop.is_nil() && stop != "fixed") {
      wrong(fmt::format("'stop' of analysis is 'fixed' or a list of numbers of blocks, not {}{}", shown(stop),
                        stop.is_string() ? did_you_mean(stop.string(), {"fixed"}) : ""));
    }
    if (looks.empty()) looks.push_back(n.is_nil() ? Value(static_cast<double>(repeats_)) : n);
    if (looks.back().number() > repeats_) {
      lacks(fmt::format("'analysis' is final at {} blocks, and the study has {} (repeats)", shown(looks.back()),
                        repeats_));
    }
    out["n"] = looks.back();
    out["stop"] = std::move(looks);
  }

  Value exclusions(const Value& said) const {
    Value::List out;
    for (const Value& one : entries(said)) {
      if (!one.is_record())
        wrong(fmt::format("'exclusions' of analysis is a list of {{ when = \"right\", below = .8 }}, not of {}",
                          shown(one)));
      check_fields("an exclusion of analysis", one, {"when", "below", "above", "is", "player"});
      const Value& when = one["when"];
      if (!when.is_string()) wrong("an exclusion of 'analysis' has no 'when': the column that it looks at");
      Value::Record rule{{"when", when}};
      const bool bounds = !one["below"].is_nil() || !one["above"].is_nil();
      if (bounds == !one["is"].is_nil())
        wrong(fmt::format("the exclusion by '{}' of analysis says one of: below or above a number, or is",
                          when.string()));
      const std::vector<std::string>& numbers = needs_.numbers;
      if (bounds) {
        number_column(when.string(), "excludes by");
        for (const char* bound : {"below", "above"}) {
          if (one[bound].is_nil()) continue;
          if (!one[bound].is_number())
            wrong(fmt::format("{} of the exclusion by '{}' is a number, not {}", bound, when.string(),
                              shown(one[bound])));
          rule.emplace(bound, one[bound]);
        }
      } else {
        if (one["is"].is_list() || one["is"].is_record())
          wrong(fmt::format("is of the exclusion by '{}' is a text or a number, not {}", when.string(),
                            shown(one["is"])));
        if (std::find(numbers.begin(), numbers.end(), when.string()) == numbers.end()) {
          known_column(when.string(), "excludes by");
          known_value(when.string(), value_text(one["is"]));
        }
        rule.emplace("is", value_text(one["is"]));
      }
      if (const Value& player = one["player"]; !player.is_nil()) {
        if (!player.is_boolean())
          wrong(fmt::format("player of an exclusion of 'analysis' is true or false, not {}", shown(player)));
        if (player.boolean() && !bounds)
          wrong(fmt::format("the exclusion by '{}' has player = true, which is of a mean: say below or above",
                            when.string()));
        if (player.boolean()) rule.emplace("player", true);
      }
      out.emplace_back(std::move(rule));
    }
    return out;
  }

  const std::string& path_;
  const Said& said_;
  Seats seats_;
  stats::Varied varied_;
  const AnalysisNeeds& needs_;
  uint32_t repeats_;
};

}  // namespace

Value analysis_of(const std::string& path, const Said& said, const Design& design, const AnalysisNeeds& needs) {
  return Reader(path, said, design, needs).run();
}

}  // namespace parley::study
