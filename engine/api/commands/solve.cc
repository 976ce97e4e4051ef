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
  for (const auto& [x, y] : found.mixed) {
    if ((x == 0 || x == 1) && (y == 0 || y == 1)) continue;
    std::vector<double> paid(2);
    for (size_t i = 0; i < 4; ++i) {
      for (size_t seat = 0; seat < 2; ++seat)
        paid[seat] += (i < 2 ? x : 1 - x) * (i % 2 == 0 ? y : 1 - y) * game.form.payoffs[i][seat];
    }
    out.add({"mixed equilibrium", Value(), game.actions[0][0] + ", " + game.actions[1][0], numbers({x, y}, in_full),
             numbers(paid, in_full)});
  }
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
    const auto& [action, least] = found.maximin[seat];
    out.add(
        {"maximin", game.seats[seat], game.actions[seat][static_cast<size_t>(action)], Value(), number_text(least)});
  }
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
    for (const Value::List& row : one.rows) {
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
  if (!setup.table && (known.empty() || args.has("--nfg"))) {
    throw Error(
        setup.by_payoffs
            ? fmt::format("{}: it has too many outcomes to be solved (4,096 are the most), or none to list", setup.path)
            : fmt::format("{}: it is played by `play`, and says nothing of itself by `solve`; games given by "
                          "`payoffs` can be solved as they are",
                          setup.path));
  }
  if (args.has("--nfg")) {
    const Named game = named(setup);
    console.out(as_nfg(game.form, setup.name, game.seats, game.actions));
    return 0;
  }
  const bool for_programs = args.has("--json") || args.has("--csv");
  if (!for_programs) {
    console.out(fmt::format("{} ({}): {}\n\n", console.bold(setup.name), setup.path,
                            workspace.scripts().game(name, rules.settings).about));
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
  if (!args.has("--json")) tables[0].title.clear();
  print(tables, args, console);
  for (int seat : found.tied) {
    console.line(fmt::format("warning: {} is paid the same in two outcomes: the game is not strictly ordinal",
                             setup.seats[static_cast<size_t>(seat)]));
  }
  return 0;
}

}  // namespace parley::commands
