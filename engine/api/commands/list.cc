// parley list [STUDY]: what there is to play with; or a study's conditions, players and matches.
#include <fmt/format.h>

#include "api/commands/commands.h"
#include "api/commands/listing.h"
#include "api/workspace.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"

namespace parley::commands {
namespace {

// A table whose columns may be cut where a terminal is narrow: those that are named with a "~".
Table table(const char* title, const std::vector<std::string>& columns) {
  Table out;
  out.title = title;
  for (const std::string& name : columns) {
    bool shrinks = name.ends_with('~');
    out.columns.push_back({shrinks ? name.substr(0, name.size() - 1) : name, Table::Column::Align::automatic, shrinks});
  }
  return out;
}

Value or_nothing(const std::string& text) { return text.empty() ? Value() : Value(text); }
Value words(const std::vector<std::string>& list) { return or_nothing(joined(list, ", ")); }

Value settings_text(const Value& settings) {
  std::vector<std::string> out;
  for (const auto& [name, value] : settings.is_record() ? settings.record() : Value::Record{}) {
    out.push_back(
        fmt::format("{} {}", name, value.is_string() || value.is_number() ? value_text(value) : to_json(value)));
  }
  return words(out);
}

std::string seats_text(const GameInfo& game) {
  if (!game.players.empty()) return joined(game.players, ", ");
  return game.least == game.most ? std::to_string(game.least) : fmt::format("{} to {}", game.least, game.most);
}

// Adds a row; what does not load is listed with what is wrong with it in its last column.
template <typename F>
void add(Table& to, const std::string& name, F cells) {
  try {
    to.add(cells());
  } catch (const Error& e) {
    std::vector<Value> broken(to.columns.size());
    broken[0] = name;
    broken.back() = fmt::format("does not load: {}", e.what());
    to.add(std::move(broken));
  }
}

std::vector<Table> everything(Workspace& workspace) {
  using Cells = std::vector<Value>;
  Scripts& scripts = workspace.scripts();
  Library& library = workspace.library();
  Table games = table("games", {"game", "seats", "about~", "settings~"});
  for (const std::string& name : workspace.sources().names("games")) {
    add(games, name, [&] {
      GameInfo game = scripts.game(name, {});
      return Cells{name, seats_text(game), or_nothing(game.about), settings_text(game.settings)};
    });
  }
  Table strategies = table("strategies", {"strategy", "is", "about~", "settings~"});
  for (const std::string& name : workspace.sources().names("strategies")) {
    add(strategies, name, [&] {
      StrategyInfo strategy = scripts.strategy(name);
      return Cells{name, strategy.asks ? "asks" : "fixed", or_nothing(strategy.about),
                   settings_text(strategy.settings)};
    });
  }
  Table covers = table("covers", {"cover", "fits~"});
  for (const std::string& name : library.covers()) {
    add(covers, name, [&] {
      std::vector<std::string> fits;
      const PromptFile* cover = library.cover(name);
      for (const std::string& file : library.files()) {
        if (file != "repair" && cover && library.missing_phrases(*library.file(file), *cover).empty())
          fits.push_back(file);
      }
      return Cells{name, words(fits)};
    });
  }
  Table told = table("told", {"section", "is~"});
  try {
    for (const std::string& name : library.told_names()) {
      const PromptFile* file = library.file("told/" + name.substr(0, name.find('/')));
      std::string text = file->texts.find(name.substr(name.find('/') + 1))->second;
      if (size_t note = text.find("{{!"); note != std::string::npos) text.resize(note);  // to its author, at the end
      while (text.ends_with('\n')) text.pop_back();
      told.add({name, or_nothing(text)});
    }
  } catch (const Error& e) {
    told.add({"prompts/told", fmt::format("does not load: {}", e.what())});
  }
  Table studies = table("studies", {"study", "about~"});
  for (const std::string& path : workspace.studies()) {
    add(studies, path, [&] {
      const Value about = scripts.study(path).fields["about"];
      return Cells{path, about.is_string() ? about : Value()};
    });
  }
  Table models = table("models", {"model", "is~"});
  for (const std::string& name : installed_models())
    models.add({"llama:" + name, "a local model that setup installed"});
  models.add({"llama:PATH.gguf", "any other local model"});
  models.add({"scripted:random", "any allowed answer, by chance"});
  models.add({"scripted:FILE", "answers from a file of JSON lines"});
  models.add({"human", "you, at the terminal"});
  return {games, strategies, covers, told, studies, models};
}

// Everything as one table: what a single CSV holds.
Table flat(const std::vector<Table>& tables) {
  Table out = table("all", {"kind", "name", "about", "is", "settings"});
  for (const Table& part : tables) {
    for (const Table::Row& row : part.rows) {
      const std::vector<Value>& cells = row.cells;
      bool four = cells.size() == 4;  // games and strategies
      out.add({part.title, cells[0], four ? cells[2] : cells[1], four ? cells[1] : Value(), four ? cells[3] : Value()});
    }
  }
  return out;
}

Table conditions_table() {
  return table("conditions", {"condition~", "game", "matches", "whole", "void", "failed", "open"});
}
Table players_table() { return table("players", {"player~", "strategy", "model~", "settings~", "told~"}); }
Table matches_table() {
  return table("matches", {"match", "state", "condition~", "players~", "block", "rounds", "totals~"});
}

std::string lineup_text(const Lineup& lineup) {
  std::vector<std::string> names;
  for (const Player& player : lineup.players) names.push_back(player.name);
  return players_text(names);
}

// A study that was not run yet, as it is planned.
std::vector<Table> planned(const Design& design) {
  Table conditions = conditions_table(), players = players_table(), matches = matches_table();
  std::vector<double> counts(design.conditions().size(), 0);
  for (uint64_t i = 0; i < design.size(); ++i) {
    std::shared_ptr<const Plan> plan = design.at(i);
    ++counts[design.where(i).condition];
    matches.add({i + 1,
                 "planned",
                 or_nothing(plan->condition->name),
                 lineup_text(*plan->lineup),
                 static_cast<double>(plan->block),
                 {},
                 {}});
  }
  for (size_t c = 0; c < counts.size(); ++c) {
    const Condition& condition = *design.conditions()[c];
    conditions.add({or_nothing(condition.name), condition.rules.game, counts[c], {}, {}, {}, {}});
  }
  for (const Player& player : design.players()) {
    players.add(
        {player.name, player.strategy, or_nothing(player.model), settings_text(player.settings), words(player.told)});
  }
  return {conditions, players, matches};
}

// A study's file. `in_short`: of many seats their mean total, least and most.
std::vector<Table> stored(const Store& store, bool in_short) {
  const std::string each =
      "(SELECT group_concat(t, ', ') FROM (SELECT printf('%.12g', s.total) AS t FROM seat s WHERE s.match = m.id AND "
      "s.total IS NOT NULL ORDER BY s.seat))";
  const std::string totals =
      in_short ? "CASE WHEN (SELECT count(*) FROM seat s WHERE s.match = m.id) > 8 THEN (SELECT printf('%.4g (%.4g to "
                 "%.4g)', avg(s.total), min(s.total), max(s.total)) FROM seat s WHERE s.match = m.id AND s.total IS "
                 "NOT NULL HAVING count(*) > 0) ELSE " +
                     each + " END"
               : each;
  Table conditions = conditions_table(), players = players_table(), matches = matches_table();
  store.query(
      "SELECT nullif(c.name, ''), r.game, count(*), sum(m.status IS 'whole'), nullif(sum(m.status IS 'void'), 0), "
      "nullif(sum(m.status IS 'failed'), 0), nullif(sum(m.status IS 'open'), 0) FROM plan p JOIN condition c ON c.id = "
      "p.condition JOIN rules r ON r.id = p.rules "
      "LEFT JOIN match m ON m.number = p.number GROUP BY c.id, r.id ORDER BY c.id, r.id",
      {}, [&](const Store::Row& row) { conditions.add(row); });
  store.query(
      "SELECT y.name, y.strategy, y.model, nullif(min(coalesce(y.settings, '{}')), '{}'), y.told, "
      "count(DISTINCT coalesce(y.settings, '{}')) FROM plan p JOIN player y ON y.lineup = p.lineup "
      "GROUP BY 1, 2, 3, 5 ORDER BY 1",
      {}, [&](Store::Row row) {
        if (row[3].is_string()) row[3] = settings_text(from_json(row[3].string()));
        if (row[5].number() > 1) row[3] = value_text(row[5]) + " different";  // what a record's players did
        row.pop_back();
        if (row[4].is_string()) row[4] = value_text(from_json(row[4].string()));
        players.add(std::move(row));
      });
  store.query("SELECT p.number, coalesce(m.status, 'planned'), nullif(c.name, ''), l.name, p.block, m.rounds, " +
                  totals +
                  " FROM plan p JOIN condition c ON c.id = p.condition JOIN lineup l ON l.id = p.lineup "
                  "LEFT JOIN match m ON m.number = p.number ORDER BY p.number",
              {}, [&](const Store::Row& row) { matches.add(row); });
  return {conditions, players, matches};
}

int list_study(const Args& args, Console& console) {
  StudyFiles files = study_files(args);
  bool plain = !args.has("--json") && !args.has("--csv");
  if (!files.lua.empty() && !file_exists(files.db)) {
    Workspace workspace(args, console, files.lua);
    Design design = Design::make(workspace.study(files.lua), workspace.lookup(), overrides_of(args));
    if (plain)
      console.line(fmt::format("There is no {}: {} was not run yet. This is what it plans.", files.db, files.lua));
    print(planned(design), args, console);
    return 0;
  }
  Store store = open_to_read(files);
  std::optional<StudyInfo> study = store.study();
  if (!study) throw Error(fmt::format("'{}' holds no study yet", files.db));
  if (plain) {
    const Value& about = study->fields["about"];
    console.out(fmt::format("{}{}\n\n", console.bold(study->name), about.is_string() ? ": " + about.string() : ""));
    if (!files.lua.empty() && hash_of(read_file(files.lua)) != study->hash) {
      console.line(fmt::format("{} has changed since it was run: this is what was run.", files.lua));
    }
  }
  print(stored(store, plain), args, console);
  return 0;
}

}  // namespace

int list(const Args& args, Console& console) {
  if (args.has("--json") && args.has("--csv")) throw Misuse("--json or --csv, not both");
  if (!args.words.empty()) return list_study(args, console);
  Workspace workspace(args, console);
  std::vector<Table> tables = everything(workspace);
  if (args.has("--csv")) tables.push_back(flat(tables));
  print(tables, args, console);
  return 0;
}

}  // namespace parley::commands
