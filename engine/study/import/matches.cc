#include "study/import/matches.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "study/import/conditions.h"

namespace parley {
namespace {

using study::Given;
using study::Said;
using One = ImportedConditions::One;

constexpr uint64_t kSeed = 1;
constexpr const char* kStrategy = "recorded";

std::string quoted(const Value& label) {
  if (!label.is_list()) return "'" + value_text(label) + "'";
  std::vector<std::string> out;
  for (const Value& one : label.list()) out.push_back("'" + value_text(one) + "'");
  return joined(out, " or ");
}

class Builder {
 public:
  Builder(const Mapping& mapping, const Lookup& lookup)
      : mapping_(mapping), known_(lookup), conditions_(mapping, known_), pool_(mapping.path, known_) {}

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
  // The seats of the rows of a long table, from 1, and how many there are.
  std::pair<std::vector<int>, size_t> seats_of(const Sheet& sheet, const Sheet::Match& match) {
    std::vector<int> out;
    if (!mapping_.is_long) return {out, mapping_.seats.size()};
    std::vector<std::string> came;  // by seat
    std::vector<std::string> names = came;
    if (mapping_.seat) {
      Given given{{"game", Said{sheet.value(match.rows[0], mapping_.game), "", ""}}};
      names = study::settle(mapping_.path, given, known_).game->players;
    }
    int most = 0;
    for (size_t row : match.rows) {
      if (mapping_.seat) {
        const std::string said = sheet.text(row, *mapping_.seat);
        const auto at = std::find(names.begin(), names.end(), said);
        const auto n = number_in(said);
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

  const ActionSet* declared(const One& of, size_t seat) const {
    const auto& actions = of.game->actions;
    return actions.empty() ? nullptr : &actions[actions.size() == 1 ? 0 : seat];
  }

  bool is_label(const Sheet& sheet, size_t row, const From& from, const std::string& cell) const {
    const Value label = sheet.value(row, from);
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
    const auto number = number_in(cell);
    if (!set) return number ? Value(*number) : Value(cell);
    if (number && set->contains(*number)) return *number;
    if (mapping_.labels.count(cell) == 0 && set->contains(cell)) return cell;
    std::string what = fmt::format("{} is '{}', and no action: {}", column, cell, describe(*set));
    std::vector<std::string> called;
    for (const auto& [action, label] : mapping_.labels)
      called.push_back(fmt::format("{} is {}", action, quoted(sheet.value(row, label))));
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

  ImportedRow read(const Sheet& sheet, size_t row, int round, size_t seat, const SeatColumns& columns, const One& of) {
    ImportedRow out;
    out.line = sheet.line(row);
    out.round = round;
    out.seat = static_cast<int>(seat) + 1;
    const ActionSet* set = declared(of, seat);
    for (const auto& [said, from] : columns.choices) {
      const std::string cell = sheet.text(row, from);
      if (cell.empty() && set) sheet.blame(row, fmt::format("{} is empty", from.column));
      if (cell.empty()) continue;  // was not asked in this round
      out.choices.push_back({decision(said, *of.game), from.column, cell, action(sheet, row, from.column, cell, set)});
    }
    for (auto [from, to] : {std::pair(&columns.paid, &out.paid), std::pair(&columns.total, &out.total)}) {
      if (!*from) continue;
      *to = sheet.text(row, **from);
      if (!to->empty() && !number_in(*to))
        sheet.blame(row, fmt::format("{} is '{}', and no number", (*from)->column, *to));
    }
    return out;
  }

  // --- players and line-ups

  // The player that the mapping has for a name, as the study's players are read.
  const Player& ruled(const std::string& name, const One& of) {
    auto at = ruled_.find(name);
    if (at != ruled_.end()) return at->second;
    const std::string& rule = mapping_.players.at(name)["strategy"].string();
    if (const auto info = known_.strategy(rule); info && info->asks)
      mapping_.blame(name, fmt::format("player '{}': strategy '{}' asks a model, and only a fixed rule can be compared",
                                       name, rule));
    try {
      const auto entries =
          pool_.read({Value::List{mapping_.players.at(name).with("name", name)}, "", ""}, "players", of.settled);
      Player player = pool_.player(entries.at(0).player);
      player.name = name;
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

  std::shared_ptr<const Plan> plan(const One& of, std::shared_ptr<const Lineup> lineup) const {
    Plan out{of.condition, std::move(lineup), 1, kSeed, {}};
    out.id = study::match_id(kSeed, out.condition->id, out.lineup->id, out.block);
    return std::make_shared<const Plan>(std::move(out));
  }

  void add(size_t table, const Sheet& sheet, const Sheet::Match& rows) {
    const auto [seat_of, seats] = seats_of(sheet, rows);
    const One& of = conditions_.of(sheet, rows, seats);
    ImportedMatch match;
    match.table = table;
    std::vector<std::string> names(seats);
    auto name = [&](size_t row, size_t seat, const SeatColumns& columns) {
      const GameInfo& game = *of.game;
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
        match.rows.push_back(read(sheet, row, rows.rounds[i], seat, mapping_.seats[s], of));
        if (!seen.emplace(rows.rounds[i], seat).second)
          sheet.blame(row,
                      fmt::format("a second row of seat {} in round {} of the same match", seat + 1, rows.rounds[i]));
      }
    }
    const auto full = static_cast<size_t>(rows.rounds.back()) * seats;
    if (declared(of, 0) && seen.size() != full)
      sheet.blame(rows.rows[0], fmt::format("the match that begins here has {} rounds of {} seats, and {} rows",
                                            rows.rounds.back(), seats, seen.size()));
    std::stable_sort(match.rows.begin(), match.rows.end(), [](const ImportedRow& a, const ImportedRow& b) {
      return std::pair(a.round, a.seat) < std::pair(b.round, b.seat);
    });

    std::vector<std::map<std::string, Value::List>> moves(seats);
    for (const ImportedRow& row : match.rows) {
      for (const ImportedRow::Choice& choice : row.choices) {
        Value::List& list = moves[static_cast<size_t>(row.seat) - 1][choice.decision];
        list.resize(static_cast<size_t>(row.round), false);
        list.back() = choice.action;
      }
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
      with_rule[seat] = ruled(names[seat], of);
      Lineup lineup{std::move(with_rule), 1, {}};
      match.ruled.emplace(static_cast<int>(seat) + 1, plan(of, std::make_shared<const Lineup>(std::move(lineup))));
    }
    match.plan = plan(of, lineup(std::move(players), of.condition->id));
    out_.matches.push_back(std::move(match));
  }

  void finish() {
    Value::Record fields = conditions_.finish();
    if (!mapping_.about.empty()) fields.insert_or_assign("about", mapping_.about);
    if (!mapping_.source.empty()) fields.insert_or_assign("source", mapping_.source);
    fields.insert_or_assign("seed", kSeed);
    fields.insert_or_assign("repeats", 1);
    Value::List tables;
    for (const SourceTable& table : out_.tables)
      tables.push_back(Value::Record{{"name", table.name}, {"file", table.original}});
    fields.insert_or_assign("tables", std::move(tables));
    out_.fields = std::move(fields);
    out_.resolved = conditions_.resolved();
  }

  struct Seated {
    std::vector<std::string> names;
    std::set<Hash> conditions;
  };

  const Mapping& mapping_;
  study::Known known_;
  ImportedConditions conditions_;
  study::Pool pool_;
  Imported out_;
  std::map<std::string, Player> ruled_;
  std::map<std::vector<std::string>, std::vector<Seated>> alike_;
};

}  // namespace

Imported matches_in(const Mapping& mapping, std::vector<SourceTable> tables, const Lookup& lookup) {
  return Builder(mapping, lookup).run(std::move(tables));
}

}  // namespace parley
