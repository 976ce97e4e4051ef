#include "study/import/conditions.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

namespace parley {
namespace {

using study::Given;
using study::Said;

// What a study says of its players' knowledge may be said here too; what shapes a match is the table's.
const std::vector<std::string> kRules = {"cover", "horizon", "unit"};

}  // namespace

void ImportedConditions::check_settings(const GameInfo& game) {
  if (!checked_.insert(game.name).second) return;
  for (const auto& [name, from] : mapping_.settings) {
    if (std::find(kRules.begin(), kRules.end(), name) != kRules.end() || !game.settings[name].is_nil()) continue;
    mapping_.blame(name, study::no_such(name, "settings has no field", kRules, "game '" + game.name + "'",
                                        study::names_of(game.settings)));
  }
}

ImportedConditions::One ImportedConditions::make(const Sheet& sheet, size_t row, const Value& game, int rounds,
                                                 const Value::Record& said) {
  bool of_row = !mapping_.game.column.empty();
  for (const auto& [name, from] : mapping_.settings) of_row = of_row || !from.column.empty();
  const std::string path = of_row ? sheet.place(row) : mapping_.path;
  One out;
  try {
    Given given{{"game", Said{game, "", ""}}, {"rounds", Said{rounds, "", ""}}};
    check_settings(*study::game_said(mapping_.game.column.empty() ? mapping_.path : path, given, known_));
    for (const auto& [name, value] : said) given.emplace(name, Said{value, "", ""});
    out.settled = study::settle(path, given, known_);
  } catch (const Error& e) {
    const std::string what = e.what();
    if (what.starts_with(path) || what.starts_with(mapping_.path)) throw;
    throw Error(path + ": " + what);
  }
  out.condition = std::make_shared<Condition>();
  out.condition->rules = out.settled.rules;
  out.condition->id = study::condition_id(study::content_of(out.settled.rules, *out.settled.game), 1);
  return out;
}

const ImportedConditions::One& ImportedConditions::of(const Sheet& sheet, const Sheet::Match& match, size_t seats) {
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
      if (auto n = number_in(value.string())) value = *n;
    }
    said.emplace(name, std::move(value));
    level(name, from);
  }
  const int rounds = match.rounds.back();
  std::string key = to_json(Value::List{game, said, levels, rounds, static_cast<double>(seats)});
  auto at = all_.find(key);
  if (at != all_.end()) return at->second;

  One one = make(sheet, row, game, rounds, said);
  const GameInfo& info = *one.settled.game;
  const int n = static_cast<int>(seats);
  if (info.players.empty() ? n < info.least || n > info.most : seats != info.players.size())
    sheet.blame(row, fmt::format("{} play, and game '{}' has {} seats", seats, info.name,
                                 info.players.empty() ? fmt::format("{} to {}", info.least, info.most)
                                                      : std::to_string(info.players.size())));
  for (size_t seat = 0; seat < seats && !info.actions.empty(); ++seat) {
    if (mapping_.seats[mapping_.is_long ? 0 : seat].choices.empty())
      mapping_.blame("seats", fmt::format("seat {} names no choice: {{ \"choice\": COLUMN }}", seat + 1));
  }
  one.game = known_.game(one.settled.rules.game, one.settled.rules.settings, n);
  std::string name;
  for (const auto& [factor, value] : levels) {
    name += fmt::format("{}{}={}", name.empty() ? "" : " ", factor, value.string());
    auto& known = vary_[factor];
    if (std::find(known.begin(), known.end(), value) == known.end()) known.push_back(value);
  }
  one.condition->levels = std::move(levels);
  one.condition->name = std::move(name);
  return all_.emplace(std::move(key), std::move(one)).first->second;
}

Value::Record ImportedConditions::finish() {
  std::vector<std::pair<Condition*, const GameInfo*>> games;
  for (auto& [key, one] : all_) games.emplace_back(one.condition.get(), one.settled.game.get());
  study::add_columns(games);
  Value::Record out = all_.begin()->second.settled.resolved.record(), vary;
  for (const auto& [key, one] : all_)
    std::erase_if(out, [&](const auto& field) { return one.settled.resolved[field.first] != field.second; });
  for (const auto& [factor, levels] : vary_) vary.emplace(factor, levels);
  if (!vary.empty()) out.insert_or_assign("vary", std::move(vary));
  return out;
}

std::map<Hash, Value> ImportedConditions::resolved() const {
  std::map<Hash, Value> out;
  for (const auto& [key, one] : all_) out.emplace(one.condition->id, one.settled.resolved);
  return out;
}

}  // namespace parley
