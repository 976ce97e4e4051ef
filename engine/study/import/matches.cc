#include "study/import/matches.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "study/expand/parts.h"
#include "study/import/sheet.h"

namespace parley {
namespace {

using study::Given;
using study::Said;
using study::Settled;

constexpr uint64_t kSeed = 1;
constexpr const char* kStrategy = "recorded";
// What a study says of its players' knowledge may be said here too; what shapes a match is the table's.
const std::vector<std::string> kRules = {"cover", "horizon", "unit"};

std::string quoted(const Value& label) {
  if (!label.is_list()) return "'" + value_text(label) + "'";
  std::vector<std::string> out;
  for (const Value& one : label.list()) out.push_back("'" + value_text(one) + "'");
  return joined(out, " or ");
}

class Builder {
 public:
  Builder(const Mapping& mapping, const Lookup& lookup)
      : mapping_(mapping), known_(lookup), pool_(mapping.path, known_) {}

  Imported run(std::vector<SourceTable> tables) {
    out_.tables = std::move(tables);
    if (!known_.strategy(kStrategy))
      throw Error(fmt::format("there is no strategy '{}', which import plays", kStrategy));
    for (size_t t = 0; t < out_.tables.size(); ++t) {
      const Sheet sheet(mapping_, out_.tables[t]);
      for (const Sheet::Match& match : sheet.matches()) add(t, sheet, match);
    }
    if (out_.matches.empty()) throw Error(out_.tables.at(0).path + ": no rows");
    finish();
    return std::move(out_);
  }

 private:
  // A condition on its way: its name and levels are settled when all are known.
  struct Draft {
    std::shared_ptr<Condition> condition;
    Settled settled;
    std::shared_ptr<const GameInfo> game;  // with its seats taken
  };

  // --- conditions

  void check_settings(const std::string& game_name, const GameInfo& game) {
    if (!checked_.insert(game_name).second) return;
    for (const auto& [name, from] : mapping_.settings) {
      if (std::find(kRules.begin(), kRules.end(), name) != kRules.end() || !game.settings[name].is_nil()) continue;
      mapping_.blame(name, study::no_such(name, "settings has no field", kRules, "game '" + game_name + "'",
                                          study::names_of(game.settings)));
    }
  }

  Draft& condition(const Sheet& sheet, const Sheet::Match& match, size_t seats) {
    const size_t row = match.rows[0];
    const Value game = sheet.value(row, mapping_.game);
    Value::Record said, levels;
    auto level = [&](const std::string& name, const From& from) {
      if (!from.column.empty()) levels.insert_or_assign(name, sheet.text(row, from));
    };
    level("game", mapping_.game);
    for (const auto& [name, from] : mapping_.levels) level(name, from);
    for (const auto& [name, from] : mapping_.settings) {
      Value value = sheet.value(row, from);
      if (!from.column.empty() && from.values.empty()) {
        if (auto n = number_of(value.string())) value = *n;
      }
      said.emplace(name, std::move(value));
      level(name, from);
    }
    const int rounds = match.rounds.back();
    const std::string key = to_json(Value::List{game, said, levels, rounds, static_cast<double>(seats)});
    auto at = drafts_.find(key);
    if (at != drafts_.end()) return at->second;

    bool of_row = !mapping_.game.column.empty();
    for (const auto& [name, from] : mapping_.settings) of_row = of_row || !from.column.empty();
    const std::string path = of_row ? sheet.place(row) : mapping_.path;
    Draft draft;
    try {
      Given given{{"game", Said{game, "", ""}}, {"rounds", Said{rounds, "", ""}}};
      const auto standard = study::game_said(path, given, known_);
      check_settings(standard->name, *standard);
      for (const auto& [name, value] : said) given.emplace(name, Said{value, "", ""});
      draft.settled = study::settle(path, given, known_);
    } catch (const Error& e) {
      const std::string what = e.what();
      if (what.starts_with(path) || what.starts_with(mapping_.path)) throw;
      throw Error(path + ": " + what);
    }
    const GameInfo& info = *draft.settled.game;
    const bool fits = info.players.empty()
                          ? static_cast<int>(seats) >= info.least && static_cast<int>(seats) <= info.most
                          : seats == info.players.size();
    if (!fits)
      sheet.blame(row, fmt::format("{} play, and game '{}' has {} seats", seats, info.name,
                                   info.players.empty() ? fmt::format("{} to {}", info.least, info.most)
                                                        : std::to_string(info.players.size())));
    draft.game = known_.game(draft.settled.rules.game, draft.settled.rules.settings, static_cast<int>(seats));
    draft.condition = std::make_shared<Condition>();
    draft.condition->rules = draft.settled.rules;
    draft.condition->id = study::condition_id(study::content_of(draft.settled.rules, *draft.settled.game), 1);
    std::string name;
    for (const auto& [factor, value] : levels) {
      name += fmt::format("{}{}={}", name.empty() ? "" : " ", factor, value.string());
      auto& all = vary_[factor];
      if (std::find(all.begin(), all.end(), value) == all.end()) all.push_back(value);
    }
    draft.condition->levels = std::move(levels);
    draft.condition->name = std::move(name);
    out_.resolved.emplace(draft.condition->id, draft.settled.resolved);
    return drafts_.emplace(key, std::move(draft)).first->second;
  }

  // Who sits where, what the game is: the same in every row of a match.
  void check_constant(const Sheet& sheet, const Sheet::Match& match) {
    auto same = [&](const std::string& column) {
      for (size_t row : match.rows) {
        if (!column.empty() && sheet.cell(row, column) != sheet.cell(match.rows[0], column))
          sheet.blame(row,
                      fmt::format("{} is '{}', and '{}' in line {} of the same match", column, sheet.cell(row, column),
                                  sheet.cell(match.rows[0], column), sheet.line(match.rows[0])));
      }
    };
    same(mapping_.game.column);
    for (const auto* group : {&mapping_.settings, &mapping_.levels}) {
      for (const auto& [name, from] : *group) same(from.column);
    }
    for (const SeatColumns& seat : mapping_.seats) {
      if (!mapping_.is_long && seat.player) same(seat.player->column);
    }
  }

  // --- seats and choices

  // The seats of the rows of a long table, from 1, and how many there are.
  std::pair<std::vector<int>, size_t> seats_of(const Sheet& sheet, const Sheet::Match& match) {
    std::vector<int> out;
    if (!mapping_.is_long) return {out, mapping_.seats.size()};
    std::vector<std::string> came;  // by seat
    std::vector<std::string> names = came;
    if (mapping_.seat) {
      Given given{{"game", Said{sheet.value(match.rows[0], mapping_.game), "", ""}}};
      names = study::game_said(mapping_.path, given, known_)->players;
    }
    int most = 0;
    for (size_t row : match.rows) {
      if (mapping_.seat) {
        const std::string said = sheet.text(row, *mapping_.seat);
        const auto at = std::find(names.begin(), names.end(), said);
        const auto n = number_of(said);
        if (at == names.end() && !(n && *n >= 1 && *n <= 1000))
          sheet.blame(row,
                      fmt::format("{} is '{}', and no seat{}{}", mapping_.seat->column, said,
                                  names.empty() ? "" : ": the game has " + joined(names), did_you_mean(said, names)));
        out.push_back(at == names.end() ? static_cast<int>(*n) : static_cast<int>(at - names.begin()) + 1);
      } else {
        const std::string name = sheet.text(row, *mapping_.seats[0].player);
        const auto at = std::find(came.begin(), came.end(), name);
        out.push_back(static_cast<int>(at - came.begin()) + 1);
        if (at == came.end()) came.push_back(name);
      }
      most = std::max(most, out.back());
    }
    return {out, static_cast<size_t>(most)};
  }

  const ActionSet* declared(const Draft& draft, size_t seat) const {
    const auto& actions = draft.game->actions;
    return actions.empty() ? nullptr : &actions[actions.size() == 1 ? 0 : seat];
  }

  bool is_label(const Sheet& sheet, size_t row, const Value& label, const std::string& cell) const {
    if (label.is_record()) return sheet.cell(row, label["column"].string()) == cell;
    if (!label.is_list()) return label == Value(cell);
    return std::find(label.list().begin(), label.list().end(), Value(cell)) != label.list().end();
  }

  Value action(const Sheet& sheet, size_t row, const std::string& column, const std::string& cell,
               const ActionSet* set) {
    for (const auto& [action, label] : mapping_.labels) {
      if (!is_label(sheet, row, label, cell)) continue;
      if (set && !set->contains(action))
        mapping_.blame(action,
                       fmt::format("labels has '{}', and the game has no such action: {}", action, describe(*set)));
      return action;
    }
    const auto number = number_of(cell);
    if (!set) return number ? Value(*number) : Value(cell);
    if (number && set->contains(*number)) return *number;
    if (mapping_.labels.count(cell) == 0 && set->contains(cell)) return cell;
    std::string what = fmt::format("{} is '{}', and no action: {}", column, cell, describe(*set));
    std::vector<std::string> called;
    for (const auto& [action, label] : mapping_.labels)
      called.push_back(
          fmt::format("{} is {}", action,
                      label.is_record() ? "'" + sheet.cell(row, label["column"].string()) + "'" : quoted(label)));
    if (!called.empty()) what += " (" + joined(called, ", ") + ")";
    sheet.blame(row, what);
  }

  // The decision that a column of the mapping is of.
  std::string decision(const std::string& said, const GameInfo& game) const {
    if (game.by_payoffs && !said.empty() && said != "action")
      mapping_.blame(said, fmt::format("game '{}' has one decision, 'action', and no '{}'", game.name, said));
    if (!game.by_payoffs && said.empty())
      mapping_.blame(
          "choice",
          fmt::format("choice says which decision of game '{}' a column is of: {{ \"offer\": COLUMN }}", game.name));
    return game.by_payoffs ? "action" : said;
  }

  ImportedRow read(const Sheet& sheet, size_t row, int round, size_t seat, const SeatColumns& columns,
                   const Draft& draft) {
    ImportedRow out;
    out.line = sheet.line(row);
    out.round = round;
    out.seat = static_cast<int>(seat) + 1;
    const ActionSet* set = declared(draft, seat);
    for (const auto& [said, from] : columns.choices) {
      const std::string cell = sheet.text(row, from);
      if (cell.empty() && set) sheet.blame(row, fmt::format("{} is empty", from.column));
      if (cell.empty()) continue;  // was not asked in this round
      out.choices.push_back(
          {decision(said, *draft.game), from.column, cell, action(sheet, row, from.column, cell, set)});
    }
    for (auto [from, to] : {std::pair(&columns.paid, &out.paid), std::pair(&columns.total, &out.total)}) {
      if (!*from) continue;
      *to = sheet.text(row, **from);
      if (!to->empty() && !number_of(*to))
        sheet.blame(row, fmt::format("{} is '{}', and no number", (*from)->column, *to));
    }
    return out;
  }

  // --- players and line-ups

  // The player that the mapping has for a name, as the study's players are read.
  const Player& ruled(const std::string& name, const Draft& draft) {
    auto at = ruled_.find(name);
    if (at != ruled_.end()) return at->second;
    try {
      const auto entries =
          pool_.read({Value::List{mapping_.players.at(name).with("name", name)}, "", ""}, "players", draft.settled);
      Player player = pool_.player(entries.at(0).player);
      player.name = name;
      if (!player.model.empty()) throw Error("it asks a model: only a fixed rule can be compared");
      return ruled_.emplace(name, std::move(player)).first->second;
    } catch (const Error& e) {
      std::string what = e.what();
      for (const std::string& head : {mapping_.path + ": ", std::string("entry 1 of players: ")}) {
        if (what.starts_with(head)) what.erase(0, head.size());
      }
      mapping_.blame(name, fmt::format("player '{}': {}", name, what));
    }
  }

  // Line-ups of one content are told apart by their numbers: within a condition, and where names differ.
  std::shared_ptr<const Lineup> lineup(std::vector<Player> players, const Hash& condition) {
    std::vector<std::string> contents, names;
    for (const Player& player : players) {
      contents.push_back(to_json(study::content_of(player)));
      names.push_back(player.name);
    }
    std::vector<Seated>& alike = alike_[contents];
    size_t n = 0;
    while (n < alike.size() && (alike[n].names != names || alike[n].conditions.count(condition) > 0)) ++n;
    if (n == alike.size()) alike.push_back({names, {}});
    alike[n].conditions.insert(condition);
    const int number = static_cast<int>(n) + 1;
    return std::make_shared<const Lineup>(Lineup{std::move(players), number, study::lineup_id(contents, number)});
  }

  std::shared_ptr<const Plan> plan(const Draft& draft, std::shared_ptr<const Lineup> lineup) const {
    Plan out{draft.condition, std::move(lineup), 1, kSeed, {}};
    out.id = study::match_id(kSeed, out.condition->id, out.lineup->id, out.block);
    return std::make_shared<const Plan>(std::move(out));
  }

  void add(size_t table, const Sheet& sheet, const Sheet::Match& rows) {
    check_constant(sheet, rows);
    const auto [seat_of, seats] = seats_of(sheet, rows);
    const Draft& draft = condition(sheet, rows, seats);
    ImportedMatch match;
    match.table = table;
    std::vector<std::string> names(seats);
    auto name = [&](size_t row, size_t seat, const SeatColumns& columns) {
      const GameInfo& game = *draft.game;
      std::string said = !columns.player ? seat < game.players.size() ? game.players[seat] : std::to_string(seat + 1)
                                         : sheet.text(row, *columns.player);
      if (said.empty()) sheet.blame(row, fmt::format("{} is empty", columns.player->column));
      if (!names[seat].empty() && names[seat] != said)
        sheet.blame(row, fmt::format("'{}' sits where '{}' sat before in the same match", said, names[seat]));
      names[seat] = std::move(said);
    };
    std::set<std::pair<int, size_t>> seen;
    for (size_t i = 0; i < rows.rows.size(); ++i) {
      const size_t row = rows.rows[i];
      for (size_t s = 0; s < mapping_.seats.size(); ++s) {
        const size_t seat = mapping_.is_long ? static_cast<size_t>(seat_of[i]) - 1 : s;
        name(row, seat, mapping_.seats[s]);
        match.rows.push_back(read(sheet, row, rows.rounds[i], seat, mapping_.seats[s], draft));
        if (!seen.emplace(rows.rounds[i], seat).second)
          sheet.blame(row,
                      fmt::format("a second row of seat {} in round {} of the same match", seat + 1, rows.rounds[i]));
      }
    }
    const auto full = static_cast<size_t>(rows.rounds.back()) * seats;
    if (declared(draft, 0) && seen.size() != full)
      sheet.blame(rows.rows[0], fmt::format("the match that begins here has {} rounds of {} seats, and {} rows",
                                            rows.rounds.back(), seats, seen.size()));
    std::stable_sort(match.rows.begin(), match.rows.end(), [](const ImportedRow& a, const ImportedRow& b) {
      return std::pair(a.round, a.seat) < std::pair(b.round, b.seat);
    });

    std::vector<std::map<std::string, Value::List>> moves(seats);
    for (const ImportedRow& row : match.rows) {
      for (const ImportedRow::Choice& choice : row.choices)
        moves[static_cast<size_t>(row.seat) - 1][choice.decision].push_back(choice.action);
    }
    std::vector<Player> players;
    for (size_t seat = 0; seat < seats; ++seat) {
      Player player;
      player.name = names[seat];
      player.strategy = kStrategy;
      player.settings = Value::Record{};
      if (!moves[seat].empty()) {
        Value::Record by_decision;
        for (auto& [decision, list] : moves[seat]) by_decision.emplace(decision, std::move(list));
        player.settings = Value::Record{{"moves", std::move(by_decision)}};
      }
      players.push_back(std::move(player));
    }
    for (size_t seat = 0; seat < seats; ++seat) {
      if (mapping_.players.count(names[seat]) == 0) continue;
      std::vector<Player> with_rule = players;
      with_rule[seat] = ruled(names[seat], draft);
      Lineup lineup{std::move(with_rule), 1, {}};
      match.ruled.emplace(static_cast<int>(seat) + 1, plan(draft, std::make_shared<const Lineup>(std::move(lineup))));
    }
    match.plan = plan(draft, lineup(std::move(players), draft.condition->id));
    out_.matches.push_back(std::move(match));
  }

  // --- the study

  // What games say of themselves stands beside the levels, where it is not the same in all conditions, as in any study.
  void add_columns() {
    std::map<std::string, std::set<std::string>> values;
    auto said = [](const Draft& draft, const std::string& name) {
      const Value& value = draft.settled.game->columns[name];
      return value.is_nil() ? std::string() : value_text(value);
    };
    for (const auto& [key, draft] : drafts_) {
      const Value& columns = draft.settled.game->columns;
      for (const auto& [name, value] : columns.is_record() ? columns.record() : Value::Record{}) values[name];
    }
    for (auto& [name, all] : values) {
      for (const auto& [key, draft] : drafts_) all.insert(said(draft, name));
      if (all.size() < 2) continue;
      for (auto& [key, draft] : drafts_) {
        if (draft.condition->levels[name].is_nil())
          draft.condition->levels = draft.condition->levels.with(name, said(draft, name));
      }
    }
  }

  void finish() {
    add_columns();
    Value::Record common = drafts_.begin()->second.settled.resolved.record(), vary;
    for (const auto& [key, draft] : drafts_)
      std::erase_if(common, [&](const auto& field) { return draft.settled.resolved[field.first] != field.second; });
    std::erase_if(common, [](const auto& field) { return field.second == ""; });
    for (auto& [factor, levels] : vary_) vary.emplace(factor, std::move(levels));
    if (!vary.empty()) common.insert_or_assign("vary", std::move(vary));
    if (!mapping_.about.empty()) common.insert_or_assign("about", mapping_.about);
    if (!mapping_.source.empty()) common.insert_or_assign("source", mapping_.source);
    common.insert_or_assign("seed", kSeed);
    common.insert_or_assign("repeats", 1);
    Value::List tables;
    for (const SourceTable& table : out_.tables)
      tables.push_back(Value::Record{{"name", table.name}, {"file", table.original}});
    common.insert_or_assign("tables", std::move(tables));
    out_.fields = std::move(common);
  }

  struct Seated {
    std::vector<std::string> names;
    std::set<Hash> conditions;
  };

  const Mapping& mapping_;
  study::Known known_;
  study::Pool pool_;
  Imported out_;
  std::map<std::string, Draft> drafts_;
  std::map<std::string, Value::List> vary_;  // levels by factor, in order of appearance
  std::map<std::string, Player> ruled_;
  std::map<std::vector<std::string>, std::vector<Seated>> alike_;
  std::set<std::string> checked_;
};

}  // namespace

Imported matches_in(const Mapping& mapping, std::vector<SourceTable> tables, const Lookup& lookup) {
  return Builder(mapping, lookup).run(std::move(tables));
}

}  // namespace parley
