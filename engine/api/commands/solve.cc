// parley solve GAME: what can be known of a game without playing it: what theory says of a finite game that is given by its payoffs,
// and what a game's own `solve` says.
#include "game/solve.h"

#include <fmt/format.h>

#include <cmath>

#include "api/commands/commands.h"
#include "api/commands/listing.h"
#include "api/commands/one_match.h"
#include "api/workspace.h"
#include "base/error.h"

namespace parley::commands {
namespace {

constexpr size_t kMostRows = 40;  // of a table that people read

// A game with the names that its answers are said in.
struct Named {
  NormalForm form;
  std::vector<std::string> seats;
  std::vector<std::vector<std::string>> actions;

  std::string actions_of(const NormalForm::Outcome& outcome) const {
    std::vector<std::string> out;
    for (size_t seat = 0; seat < outcome.size(); ++seat)
      out.push_back(actions[seat][static_cast<size_t>(outcome[seat])]);
    return joined(out, ", ");
  }
};

// For people four places are enough; for programs, all there are.
std::string numbers(const std::vector<double>& all, bool in_full = false) {
  std::vector<std::string> out;
  for (double n : all) out.push_back(number_text(in_full ? n : std::round(n * 1e4) / 1e4));
  return joined(out, ", ");
}

// "0.25", or "0.25 to 1" where it is not the same at both ends.
std::string span(double from, double to, bool in_full) {
  return from == to ? numbers({from}, in_full) : numbers({from}, in_full) + " to " + numbers({to}, in_full);
}

std::string spans(const std::array<double, 2>& from, const std::array<double, 2>& to, bool in_full) {
  return span(from[0], to[0], in_full) + ", " + span(from[1], to[1], in_full);
}

Named named(const GameSetup& setup) {
  Named out;
  out.seats = setup.seats;
  for (const auto& set : setup.actions) {
    auto& names = out.actions.emplace_back();
    for (size_t i = 0; i < set->size(); ++i) names.push_back(value_text(set->at(i)));
    out.form.actions.push_back(static_cast<int>(names.size()));
  }
  out.form.payoffs = setup.table->cells;
  return out;
}

// Why a game that is given by its payoffs has no table of them.
std::string why_no_table(const GameSetup& setup) {
  double outcomes = 1;
  for (size_t seat = 0; seat < setup.seats.size(); ++seat) {
    const ActionSet& set = *setup.actions[seat];
    if (set.size() == 0) {
      return fmt::format("its outcomes cannot be listed, as {} chooses {}, neither out of a list nor out of a range",
                         setup.seats[seat], describe(set));
    }
    outcomes *= static_cast<double>(set.size());
  }
  return fmt::format("it has {} outcomes; 4,096 are the most that can be solved", with_commas(outcomes));
}

// What a game says of itself under its settings, as it does in a study's tables.
Table columns_of(const GameInfo& info) {
  Table out;
  out.title = "game";
  std::vector<Value> cells;
  for (const auto& [name, value] : info.columns.is_record() ? info.columns.record() : Value::Record{}) {
    out.columns.push_back({name});
    cells.push_back(value);
  }
  if (!cells.empty()) out.add(std::move(cells));
  return out;
}

// The payoffs of a game of two seats, as they stand in books.
Table matrix(const Named& game) {
  Table out;
  out.columns.push_back({game.seats[0] + " \\ " + game.seats[1], Table::Column::Align::left});
  for (const std::string& action : game.actions[1]) out.columns.push_back({action, Table::Column::Align::left});
  for (int i = 0; i < game.form.actions[0]; ++i) {
    std::vector<Value> cells = {game.actions[0][static_cast<size_t>(i)]};
    for (int j = 0; j < game.form.actions[1]; ++j)
      cells.emplace_back(numbers(game.form.payoffs[game.form.index({i, j})]));
    out.add(std::move(cells));
  }
  return out;
}

Table answers(const Named& game, const Solution& found, bool in_full) {
  Table out;
  out.title = "solution";
  using Align = Table::Column::Align;
  out.columns = {{"what", Align::left},
                 {"seat", Align::left},
                 {"actions", Align::left},
                 {"probabilities", Align::left},
                 {"payoffs", Align::left}};
  auto outcomes = [&](const char* what, const std::vector<NormalForm::Outcome>& all) {
    for (const auto& outcome : all) {
      out.add({what, Value(), game.actions_of(outcome), Value(),
               numbers(game.form.payoffs[game.form.index(outcome)], in_full)});
    }
  };
  outcomes("equilibrium", found.pure);
  auto profiles = [&](const char* what, const Solution::Profile& from, const Solution::Profile& to) {
    out.add({what, Value(), game.actions_of({0, 0}), spans(from, to, in_full),
             spans(paid_on_average(game.form, from), paid_on_average(game.form, to), in_full)});
  };
  for (const auto& one : found.mixed) {
    if ((one[0] == 0 || one[0] == 1) && (one[1] == 0 || one[1] == 1)) continue;
    profiles("mixed equilibrium", one, one);
  }
  for (const auto& [from, to] : found.continua) profiles("continuum of equilibria", from, to);
  if (found.risk_dominant) outcomes("risk-dominant", {*found.risk_dominant});
  for (const auto& d : found.dominated) {
    const auto& names = game.actions[static_cast<size_t>(d.seat)];
    out.add({d.strictly ? "strictly dominated" : "weakly dominated", game.seats[static_cast<size_t>(d.seat)],
             fmt::format("{} by {}", names[static_cast<size_t>(d.action)], names[static_cast<size_t>(d.by)]), Value(),
             Value()});
  }
  for (size_t seat = 0; seat < game.seats.size(); ++seat) {
    const auto& left = found.undominated[seat];
    if (left.size() == game.actions[seat].size()) continue;
    std::vector<std::string> names;
    for (int action : left) names.push_back(game.actions[seat][static_cast<size_t>(action)]);
    out.add({"left by iterated dominance", game.seats[seat], joined(names, ", "), Value(), Value()});
  }
  outcomes("Pareto-optimal", found.pareto);
  outcomes("largest sum", found.best);
  for (size_t seat = 0; seat < game.seats.size(); ++seat) {
    const auto& sure = found.maximin[seat];
    std::vector<std::string> names;
    for (int action : sure.actions) names.push_back(game.actions[seat][static_cast<size_t>(action)]);
    out.add({"maximin (pure)", game.seats[seat], joined(names, ", "), Value(), numbers({sure.least}, in_full)});
  }
  for (size_t seat = 0; seat < found.mixed_maximin.size(); ++seat) {
    if (const auto& sure = found.mixed_maximin[seat]) {
      out.add({"maximin (mixed)", game.seats[seat], game.actions[seat][0], numbers({sure->first}, in_full),
               numbers({sure->second}, in_full)});
    }
  }
  if (found.mixed.empty()) out.notes.push_back("Mixed equilibria are found for two seats with two actions each alone.");
  return out;
}

// Values in one table, each table by itself.
std::vector<Table> tables_of(const std::vector<Known>& known, bool in_full) {
  auto cell = [&](const Value& v) -> Value {
    return v.is_number() && !in_full ? Value(std::round(v.number() * 1e4) / 1e4) : v;
  };
  std::vector<Table> out(1);
  out[0].title = "known";
  out[0].columns = {{"what", Table::Column::Align::left}, {"is"}};
  for (const Known& one : known) {
    if (one.columns.empty()) {
      out[0].add({one.name, cell(one.value)});
      continue;
    }
    Table& table = out.emplace_back();
    table.title = one.name;
    for (const std::string& name : one.columns) table.columns.push_back({name});
    const size_t most = in_full ? one.rows.size() : kMostRows;
    if (one.rows.size() > most)
      table.notes.push_back(fmt::format("… the first {} of {}; --json and --csv have them all.", most,
                                        with_commas(static_cast<double>(one.rows.size()))));
    for (const Value::List& row : one.rows) {
      if (table.rows.size() == most) break;
      std::vector<Value> cells;
      for (const Value& v : row) cells.push_back(cell(v));
      table.add(std::move(cells));
    }
  }
  if (out[0].rows.empty()) out.erase(out.begin());
  return out;
}

}  // namespace

int solve(const Args& args, Console& console) {
  Workspace workspace(args, console);
  const std::string& name = args.words[0];
  size_t seats = args.whole("--seats", 1).value_or(seats_of(workspace, name, settings_said(args)));
  // As `prompt` has it, so that options mean the same: a match of fixed players, whose condition has the settings.
  Design design =
      design_of(workspace, study_of("solve", name, Value::List(seats, Value::Record{{"strategy", "random"}})), args);
  const Rules& rules = design.conditions()[0]->rules;
  const GameSetup& setup = workspace.scripts().setup(rules.game, rules.settings, static_cast<int>(seats));
  const std::vector<Known> known = workspace.scripts().known(setup);
  for (const std::string& warning : workspace.scripts().warnings(setup)) console.line("warning: " + warning);
  if (!setup.table && !setup.by_payoffs && !known.empty() && args.has("--nfg"))
    throw Error(fmt::format("{}: --nfg is for games given by `payoffs`, and this one is played by `play`", setup.path));
  if (!setup.table && (known.empty() || args.has("--nfg"))) {
    throw Error(setup.path + ": " +
                (setup.by_payoffs ? why_no_table(setup)
                                  : "it is played by `play`, and says nothing of itself by `solve`; games given by "
                                    "`payoffs` can be solved as they are"));
  }
  if (args.has("--nfg")) {
    const Named game = named(setup);
    console.out(as_nfg(game.form, setup.name, game.seats, game.actions));
    return 0;
  }
  const bool for_programs = args.has("--json") || args.has("--csv");
  const GameInfo info = workspace.scripts().game(name, rules.settings, static_cast<int>(seats));
  Table columns = columns_of(info);
  if (!for_programs) {
    console.out(fmt::format("{} ({}): {}\n\n", console.bold(setup.name), setup.path, info.about));
    columns.title.clear();
    if (!columns.rows.empty()) console.out(as_text(columns, console.columns()) + "\n");
  }
  std::vector<Table> tables = tables_of(known, for_programs);
  Solution found;
  if (setup.table) {
    const Named game = named(setup);
    found = parley::solve(game.form);
    if (!for_programs && game.seats.size() == 2 && game.form.payoffs.size() <= 64)
      console.out(as_text(matrix(game), console.columns()) + "\n");
    tables.insert(tables.begin(), answers(game, found, for_programs));
  }
  // In JSON a title is the name of the list; the first of a text needs none.
  if (!args.has("--json")) {
    tables[0].title.clear();
  } else if (!columns.rows.empty()) {
    tables.push_back(columns);
  }
  if (args.has("--csv")) {
    for (size_t i = 0; i < tables.size(); ++i) console.out((i > 0 ? "\n" : "") + as_csv(tables[i]));
  } else {
    print(tables, args, console);
  }
  for (int seat : found.tied) {
    console.line(fmt::format("warning: {} is paid the same in two outcomes: the game is not strictly ordinal",
                             setup.seats[static_cast<size_t>(seat)]));
  }
  return 0;
}

}  // namespace parley::commands
