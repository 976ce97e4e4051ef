#include "study/import/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/text.h"
#include "base/value.h"
#include "script/match.h"
#include "study/import/sheet.h"

namespace parley {
namespace {

// What each seat chose and was paid in each round.
class Played {
 public:
  explicit Played(Transcript transcript) : transcript_(std::move(transcript)) {
    transcript_.spell_out();
    int round = 0;
    for (const Event& event : transcript_.events) {
      if (event.kind == Event::round && event.number > 0) round = static_cast<int>(event.number);
      Cell& cell = cells_[{round, event.seat}];
      if (event.kind == Event::pay) cell.paid += event.number;
      if (event.kind == Event::choice) cell.choices[transcript_.name_of(event)] = transcript_.value_of(event);
    }
  }

  double paid(int round, int seat) { return cells_[{round, seat}].paid; }
  // What the seat chose in this decision and round; nil: it was not asked.
  const Value& choice(int round, int seat, const std::string& decision) {
    return cells_[{round, seat}].choices[decision];
  }

 private:
  struct Cell {
    double paid = 0;
    std::map<std::string, Value> choices;  // by decision
  };
  Transcript transcript_;
  std::map<std::pair<int, int>, Cell> cells_;
};

// Whether a number is what a table shows, which may have rounded it.
bool shows(const std::string& text, double n) {
  const double said = *number_in(text);
  const size_t point = text.find('.');
  const bool plain = text.find_first_of("eE") == std::string::npos;
  const size_t decimals = point == std::string::npos || !plain ? 0 : text.size() - point - 1;
  const double most = decimals > 0 ? .5 * std::pow(10, -static_cast<double>(decimals)) : 0;
  return std::fabs(said - n) <= most + 1e-9 * std::max(1.0, std::fabs(n));
}

// The round in which a match fails: the fewest rounds with which it does.
int first_failing_round(const Plan& plan, const std::function<Transcript(const std::shared_ptr<const Plan>&)>& play) {
  const int rounds = plan.condition->rules.rounds.value_or(1);
  for (int round = 1; round < rounds; ++round) {
    auto condition = std::make_shared<Condition>(*plan.condition);
    condition->rules.rounds = round;
    Plan shorter = plan;
    shorter.condition = std::move(condition);
    try {
      play(std::make_shared<const Plan>(std::move(shorter)));
    } catch (const Error&) {
      return round;
    }
  }
  return rounds;
}

}  // namespace

Transcript play_imported(const Imported& imported, const ImportedMatch& match, const std::shared_ptr<const Plan>& plan,
                         Scripts& scripts) {
  auto play = [&](const std::shared_ptr<const Plan>& what) {
    Match out(scripts, what);
    out.advance();
    return out.transcript();
  };
  try {
    return play(plan);
  } catch (const Error& e) {
    const int round = first_failing_round(*plan, play);
    const auto row =
        std::find_if(match.rows.begin(), match.rows.end(), [&](const auto& r) { return r.round == round; });
    throw Error(fmt::format("{}:{}: round {} cannot be played as the table has it: {}",
                            imported.tables[match.table].path, row == match.rows.end() ? match.rows[0].line : row->line,
                            round, e.what()));
  }
}

std::vector<Mismatch> mismatches_of(const Mapping& mapping, const Imported& imported, const ImportedMatch& match,
                                    Transcript played, Scripts& scripts) {
  std::vector<Mismatch> out;
  auto differs = [&](const ImportedRow& row, std::string what) {
    out.push_back({match.table, row.line, std::move(what)});
  };
  Played game(std::move(played));
  std::map<int, Played> rules;
  for (const auto& [seat, plan] : match.ruled)
    rules.emplace(seat, Played(play_imported(imported, match, plan, scripts)));
  std::map<int, double> totals;
  for (const ImportedRow& row : match.rows) {
    const SeatColumns& columns = mapping.seats[mapping.is_long ? 0 : static_cast<size_t>(row.seat) - 1];
    for (const ImportedRow::Choice& said : row.choices) {
      if (game.choice(row.round, row.seat, said.decision).is_nil())
        differs(row, fmt::format("{} is '{}', and the game does not ask for it in this round", said.column, said.cell));
      auto rule = rules.find(row.seat);
      if (rule == rules.end()) continue;
      const Value& chosen = rule->second.choice(row.round, row.seat, said.decision);
      if (chosen == said.action) continue;
      const std::string& strategy =
          match.ruled.at(row.seat)->lineup->players[static_cast<size_t>(row.seat) - 1].strategy;
      const std::string action = value_text(said.action);
      differs(row, fmt::format("{} is '{}'{}, and {} chooses {}", said.column, said.cell,
                               action == said.cell ? "" : " (" + action + ")", strategy,
                               chosen.is_nil() ? "nothing" : value_text(chosen)));
    }
    const double paid = game.paid(row.round, row.seat), total = totals[row.seat] += paid;
    if (!row.paid.empty() && !shows(row.paid, paid))
      differs(row, fmt::format("{} is {}, and the game pays {}", columns.paid->column, row.paid, number_text(paid)));
    if (!row.total.empty() && !shows(row.total, total))
      differs(row, fmt::format("{} is {}, and what the game has paid comes to {}", columns.total->column, row.total,
                               number_text(total)));
  }
  return out;
}

std::vector<Mismatch> empty_cells(const Mapping& mapping, const Imported& imported) {
  std::map<std::string, std::vector<Mismatch>> empty;  // by column
  std::set<std::string> filled;
  auto look = [&](const ImportedMatch& match, const ImportedRow& row, const std::optional<From>& from,
                  const std::string& cell) {
    if (!from || from->may_be_empty || from->column.empty()) return;
    if (!cell.empty()) {
      filled.insert(from->column);
    } else {
      empty[from->column].push_back(
          {match.table, row.line, fmt::format("{} is empty, and not in other rows", from->column)});
    }
  };
  for (const ImportedMatch& match : imported.matches) {
    for (const ImportedRow& row : match.rows) {
      const SeatColumns& columns = mapping.seats[mapping.is_long ? 0 : static_cast<size_t>(row.seat) - 1];
      look(match, row, columns.paid, row.paid);
      look(match, row, columns.total, row.total);
    }
  }
  std::vector<Mismatch> out;
  for (auto& [column, cells] : empty) {
    if (filled.contains(column)) out.insert(out.end(), cells.begin(), cells.end());
  }
  return out;
}

std::vector<Mismatch> uneven_matches(const Imported& imported) {
  struct Treatment {
    std::map<int, size_t> matches;  // by their rounds
    int usual = 0;
  };
  std::map<std::pair<std::string, std::string>, Treatment> all;  // by game and condition
  auto of = [&](const ImportedMatch& match) -> Treatment& {
    return all[{match.plan->condition->rules.game, match.plan->condition->name}];
  };
  for (const ImportedMatch& match : imported.matches) ++of(match).matches[match.rows.back().round];
  for (auto& [name, treatment] : all) {
    size_t most = 0;
    for (const auto& [rounds, n] : treatment.matches) {
      if (n >= most) most = n, treatment.usual = rounds;  // of as many the longer
    }
  }
  std::vector<Mismatch> out;
  for (const ImportedMatch& match : imported.matches) {
    const int rounds = match.rows.back().round, usual = of(match).usual;
    if (rounds == usual) continue;
    const auto [first, last] = std::minmax_element(match.rows.begin(), match.rows.end(),
                                                   [](const auto& a, const auto& b) { return a.line < b.line; });
    const std::string& name = match.plan->condition->name;
    out.push_back({match.table, first->line,
                   fmt::format("the match up to line {} has {}, and most of {} have {}", last->line,
                               rounds == 1 ? "1 round" : fmt::format("{} rounds", rounds),
                               name.empty() ? "them" : "'" + name + "'", usual)});
  }
  return out;
}

std::string text_of(const Imported& imported, const Mismatch& mismatch) {
  return fmt::format("{}:{}: {}", imported.tables[mismatch.table].path, mismatch.line, mismatch.what);
}

}  // namespace parley
