#include "api/measures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <tuple>

#include "api/setups.h"
#include "base/error.h"
#include "base/json.h"
#include "game/solve.h"
#include "report/policy.h"
#include "study/replay.h"

namespace parley {
namespace {

std::string text(const Value& value) {
  if (value.is_nil()) return "";
  return value.is_boolean() ? (value.boolean() ? "1" : "0") : value_text(value);
}

// What a game's payoffs come to at their best, a round.
struct Bases {
  double best = 0, equilibrium = 0;  // 0: none
  size_t roles = 1;                  // at one table
};

Bases bases_of(const GameSetup& setup) {
  Bases out;
  out.roles = setup.seats.size();
  if (!setup.table) return out;
  NormalForm game;
  for (const auto& set : setup.actions) game.actions.push_back(static_cast<int>(set->size()));
  game.payoffs = setup.table->cells;
  auto sum = [&](size_t cell) {
    double all = 0;
    for (double x : game.payoffs[cell]) all += x;
    return all;
  };
  const Solution solution = solve(game);
  out.best = sum(game.index(solution.best[0]));
  bool any = false;
  auto take = [&](double value) {
    out.equilibrium = any ? std::max(out.equilibrium, value) : value;
    any = true;
  };
  for (const auto& outcome : solution.pure) take(sum(game.index(outcome)));
  for (const auto& [p, q] : solution.mixed)
    take(p * q * sum(0) + p * (1 - q) * sum(1) + (1 - p) * q * sum(2) + (1 - p) * (1 - q) * sum(3));
  return out;
}

std::optional<double> gini(const std::vector<double>& totals) {
  double sum = 0, apart = 0;
  for (double a : totals) {
    if (a < 0) return std::nullopt;
    sum += a;
    for (double b : totals) apart += std::fabs(a - b);
  }
  if (sum <= 0) return std::nullopt;
  return apart / (2 * static_cast<double>(totals.size()) * sum);
}

// A match as a measure of a study sees it; see scripts/README.md.
class Matches {
 public:
  explicit Matches(const Store& store) {
    store.query("SELECT id, number FROM match WHERE number IS NOT NULL AND status = 'whole'", {},
                [&](const Store::Row& row) { numbers_[row[0].number()] = row[1].number(); });
    seats(store);
    choices(store);
    notes(store);
    memories(store);
    beliefs(store);
    messages(store);
  }

  // By number of the match: its fields.
  const std::map<double, Value::Record>& all() const { return matches_; }

 private:
  Value::Record* of(const Value& row) {
    auto at = numbers_.find(row.number());
    return at == numbers_.end() ? nullptr : &matches_[at->second];
  }
  static void put(Value::Record& match, const char* field, const std::string& name, Value value) {
    Value& fields = match[field];
    fields = (fields.is_record() ? fields : Value(Value::Record{})).with(name, std::move(value));
  }
  static void append(Value::Record& match, const char* field, Value value) {
    Value& list = match[field];
    Value::List items = list.is_list() ? list.list() : Value::List{};
    items.push_back(std::move(value));
    list = std::move(items);
  }

  void seats(const Store& store) {
    store.query(
        "SELECT m.id, m.closed, m.block, c.levels, r.settings, s.name, s.payoffs, s.total, p.name FROM match m JOIN "
        "condition c ON c.id = m.condition JOIN rules r ON r.id = m.rules JOIN seat s ON s.match = m.id LEFT JOIN "
        "player p ON p.lineup = m.lineup AND p.seat = s.seat ORDER BY m.id, s.seat",
        {}, [&](const Store::Row& row) {
          Value::Record* match = of(row[0]);
          if (!match) return;
          (*match)["rounds"] = row[1];
          (*match)["block"] = row[2];
          (*match)["levels"] = from_json(row[3].string());
          (*match)["settings"] = from_json(row[4].string());
          const std::string& seat = row[5].string();
          put(*match, "payoffs", seat, row[6].is_string() ? from_json(row[6].string()) : Value(Value::List{}));
          put(*match, "totals", seat, row[7].is_nil() ? Value(0) : row[7]);
          put(*match, "players", seat, row[8]);
          for (const char* field : {"choices", "notes", "memory"}) match->try_emplace(field, Value::Record{});
          for (const char* field : {"beliefs", "messages"}) match->try_emplace(field, Value::List{});
        });
  }

  void choices(const Store& store) {
    std::map<double, std::vector<std::string>> actions;
    store.query("SELECT action_set, name FROM action ORDER BY action_set, number", {},
                [&](const Store::Row& row) { actions[row[0].number()].push_back(value_text(row[1])); });
    store.query(
        "SELECT k.match, s.name, k.decision, k.action_set, coalesce(k.done, k.actions), k.action_sets FROM choices k "
        "JOIN "
        "seat s ON s.match = k.match AND s.seat = k.seat",
        {}, [&](const Store::Row& row) {
          Value::Record* match = of(row[0]);
          if (!match) return;
          const Value done = from_json(row[4].string());
          const Value sets = row[5].is_string() ? from_json(row[5].string()) : Value();
          Value::List list;
          for (size_t i = 0; i < done.list().size(); ++i) {
            const Value& is = done.list()[i];
            const Value& set = sets.is_list() ? sets.list()[i] : row[3];
            auto names = set.is_number() ? actions.find(set.number()) : actions.end();
            if (is.is_nil()) {
              list.emplace_back(false);
            } else if (names != actions.end() && is.is_number() &&
                       is.number() < static_cast<double>(names->second.size())) {
              list.emplace_back(names->second[static_cast<size_t>(is.number())]);
            } else {
              list.push_back(is);
            }
          }
          const Value& before = (*match)["choices"][row[2].string()];
          put(*match, "choices", row[2].string(),
              (before.is_record() ? before : Value(Value::Record{})).with(row[1].string(), std::move(list)));
        });
  }

  void notes(const Store& store) {
    store.query("SELECT match, name, noted FROM measures", {}, [&](const Store::Row& row) {
      if (Value::Record* match = of(row[0])) put(*match, "notes", row[1].string(), from_json(row[2].string()));
    });
  }

  // What each seat remembered last.
  void memories(const Store& store) {
    store.query(
        "SELECT y.match, s.name, y.memory FROM memory y JOIN seat s ON s.match = y.match AND s.seat = y.seat "
        "ORDER BY y.match, y.seat, y.number",
        {}, [&](const Store::Row& row) {
          if (Value::Record* match = of(row[0])) put(*match, "memory", row[1].string(), from_json(row[2].string()));
        });
  }

  void beliefs(const Store& store) {
    store.query(
        "SELECT b.match, coalesce(s.name, 'observer'), o.name, b.round, b.decision, b.guess, b.truth FROM beliefs b "
        "LEFT "
        "JOIN seat s ON s.match = b.match AND s.seat = b.seat LEFT JOIN seat o ON o.match = b.match AND o.seat = "
        "b.about ORDER BY b.match, b.number",
        {}, [&](const Store::Row& row) {
          Value::Record* match = of(row[0]);
          if (!match) return;
          Value::Record belief{{"seat", row[1]}, {"round", row[3]}, {"decision", row[4]}};
          const std::pair<const char*, size_t> more[] = {{"about", 2}, {"guess", 5}, {"truth", 6}};
          for (const auto& [name, i] : more) {
            if (!row[i].is_nil()) belief.emplace(name, row[i]);
          }
          append(*match, "beliefs", std::move(belief));
        });
  }

  void messages(const Store& store) {
    store.query(
        "SELECT x.match, s.name, x.round, x.name, x.text FROM message x JOIN seat s ON s.match = x.match AND s.seat = "
        "x.seat WHERE x.text IS NOT NULL ORDER BY x.match, x.number",
        {}, [&](const Store::Row& row) {
          if (Value::Record* match = of(row[0]))
            append(*match, "messages",
                   Value::Record{{"seat", row[1]}, {"round", row[2]}, {"name", row[3]}, {"text", row[4]}});
        });
  }

  std::map<double, double> numbers_;  // of matches by row
  std::map<double, Value::Record> matches_;
};

// Columns under way: by name, by match, for all seats ("") or one.
class Columns {
 public:
  void put(const std::string& name, double match, const std::string& seat, std::string value) {
    names_.insert(name);
    cells_[{name, match, seat}] = std::move(value);
  }
  void name(const std::string& name) { names_.insert(name); }

  void add_to(Rows& units) const {
    const auto column = [&](const char* name) {
      return static_cast<size_t>(std::find(units.columns.begin(), units.columns.end(), name) - units.columns.begin());
    };
    const size_t match = column("match"), seat = column("seat");
    for (const std::string& name : names_) {
      if (units.has(name)) continue;
      units.columns.push_back(name);
      for (auto& row : units.rows) {
        const double number = std::stod(row[match]);
        auto at = cells_.find({name, number, row[seat]});
        if (at == cells_.end()) at = cells_.find({name, number, ""});
        row.push_back(at == cells_.end() ? "" : at->second);
      }
    }
  }

 private:
  std::set<std::string> names_;
  std::map<std::tuple<std::string, double, std::string>, std::string> cells_;
};

void of_pairs(const Store& store, Columns& out) {
  for (const PlayedPair& pair : pairs_of(store)) {
    const auto &a = pair.seats[0].done, &b = pair.seats[1].done;
    double rounds = 0, joint = 0, turns = 0, turned = 0;
    for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
      if (a[i] < 0 || b[i] < 0) continue;
      ++rounds;
      joint += a[i] == 0 && b[i] == 0;
      if (i == 0 || a[i - 1] < 0 || b[i - 1] < 0) continue;
      ++turns;
      turned += a[i] != a[i - 1] && b[i] != b[i - 1];
    }
    const auto match = static_cast<double>(pair.match);
    if (rounds > 0) out.put("joint", match, "", text(joint / rounds));
    if (turns > 0) out.put("alternation", match, "", text(turned / turns));
  }
}

void of_payoffs(const Store& store, Columns& out) {
  struct Paid {
    int64_t row = 0, inputs = 0, rules = 0;
    double closed = 0;
    std::vector<double> totals;
  };
  std::map<double, Paid> matches;
  store.query(
      "SELECT m.number, m.id, m.closed, m.inputs, m.rules, s.total FROM match m JOIN seat s ON s.match = m.id WHERE "
      "m.number IS NOT NULL AND m.status = 'whole' AND s.total IS NOT NULL ORDER BY m.number, s.seat",
      {}, [&](const Store::Row& row) {
        auto id = [&](size_t i) { return static_cast<int64_t>(row[i].number()); };
        Paid& paid = matches.try_emplace(row[0].number(), Paid{id(1), id(3), id(4), row[2].number(), {}}).first->second;
        paid.totals.push_back(row[5].number());
      });
  std::map<std::tuple<int64_t, int64_t, size_t>, Bases> known;  // by inputs, rules, how many are paid
  Setups setups(store);
  auto bases_for = [&](const Paid& paid) -> const Bases& {
    auto [at, fresh] = known.try_emplace({paid.inputs, paid.rules, paid.totals.size()});
    if (!fresh) return at->second;
    const Plan plan = store.plan_of(paid.row);
    const Rules& rules = plan.condition->rules;
    return at->second = bases_of(setups.of(paid.inputs, rules.game, rules.settings, plan.roles()));
  };
  for (const auto& [match, paid] : matches) {
    const Bases& bases = bases_for(paid);
    double sum = 0;
    for (double total : paid.totals) sum += total;
    // Among strangers several tables play side by side.
    const double rounds = paid.closed * static_cast<double>(paid.totals.size()) / static_cast<double>(bases.roles);
    if (rounds > 0 && bases.best > 0) out.put("efficiency", match, "", text(sum / (rounds * bases.best)));
    if (rounds > 0 && bases.equilibrium > 0)
      out.put("efficiency_equilibrium", match, "", text(sum / (rounds * bases.equilibrium)));
    if (auto g = gini(paid.totals); g && paid.totals.size() > 1) out.put("inequality", match, "", text(*g));
  }
}

void of_notes(const Store& store, Columns& out) {
  store.query(
      "SELECT m.number, n.name, n.noted FROM measures n JOIN match m ON m.id = n.match WHERE m.number IS NOT NULL AND "
      "m.status = 'whole'",
      {}, [&](const Store::Row& row) {
        const Value noted = from_json(row[2].string());
        double sum = 0;
        for (const Value& value : noted.list()) {
          if (value.is_string()) {
            if (noted.list().size() == 1) out.put(row[1].string(), row[0].number(), "", value.string());
            return;
          }
          sum += value.is_boolean() ? value.boolean() : value.number();
        }
        if (!noted.list().empty())
          out.put(row[1].string(), row[0].number(), "", text(sum / static_cast<double>(noted.list().size())));
      });
}

void of_study(const Store& store, const std::string& path, Columns& out) {
  const auto info = store.study();
  if (!info || (path.empty() && !info->fields["measures"].is_list())) return;
  Kit kit({});
  const StudyFile study = path.empty() ? kit.scripts().study_of(info->path, info->text) : kit.scripts().study(path);
  if (study.measures.empty()) return;
  const Matches matches(store);
  auto check = [&](const std::string& name, const Value& value) {
    if (value.is_nil() || value.is_number() || value.is_boolean() || value.is_string()) return;
    throw Error(
        fmt::format("{}: measure '{}' gives a list or a table within a table: a number, true, false, a word, or a "
                    "table of these by "
                    "seat is wanted",
                    study.path, name));
  };
  for (const auto& [name, measure] : study.measures) {
    out.name(name);
    for (const auto& [number, match] : matches.all()) {
      const Value value = measure(match, nullptr);
      if (value.is_record()) {
        for (const auto& [seat, of] : value.record()) {
          if (match.at("totals")[seat].is_nil()) {
            std::vector<std::string> seats;
            for (const auto& [known, total] : match.at("totals").record()) seats.push_back(known);
            throw Error(fmt::format("{}: measure '{}' gives a value for '{}', which is no seat{}", study.path, name,
                                    seat, did_you_mean(seat, seats)));
          }
          check(name, of);
          out.put(name, number, seat, text(of));
        }
      } else {
        check(name, value);
        out.put(name, number, "", text(value));
      }
    }
  }
}

}  // namespace

const std::vector<std::pair<std::string, std::string>>& engine_measures() {
  static const std::vector<std::pair<std::string, std::string>> all = {
      {"joint", "share of rounds in which both did their first action"},
      {"alternation", "share of rounds from the second on in which both did another action than in the round before"},
      {"efficiency", "sum of payoffs, by the largest of an outcome"},
      {"efficiency_equilibrium", "sum of payoffs, by the largest of an equilibrium"},
      {"inequality", "Gini coefficient of the seats' totals"},
  };
  return all;
}

void add_measures(const Store& store, Rows& units, const std::string& study) {
  Columns out;
  of_pairs(store, out);
  of_payoffs(store, out);
  of_notes(store, out);
  of_study(store, study, out);
  out.add_to(units);
}

}  // namespace parley
