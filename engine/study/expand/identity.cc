#include <fmt/format.h>

#include "base/json.h"
#include "study/expand/parts.h"

namespace parley::study {

Value content_of(const Rules& rules, const GameInfo& game) {
  Value::Record out{{"game", rules.game}};
  auto unless = [&out](const char* name, const Value& value, const Value& standard) {
    if (value != standard) out.emplace(name, value);
  };
  if (!rules.settings.record().empty()) out.emplace("settings", rules.settings);
  unless("rounds", *rules.rounds, game.rounds.value_or(1));
  unless("ends", rules.ends, 0);
  switch (rules.horizon.kind) {
    case Horizon::Kind::told:
      break;
    case Horizon::Kind::hidden:
      out.emplace("horizon", "hidden");
      break;
    default:
      out.emplace("horizon", rules.horizon.value);
  }
  unless("cover", rules.cover, "plain");
  unless("unit", rules.unit, "points");
  unless("format", rules.format, default_format(rules.read));
  unless("read", rules.read, "text");
  if (rules.read == "scored") unless("decide", rules.decide, "argmax");
  unless("labels", rules.labels, {});
  unless("label_map", rules.label_map, "balanced");
  unless("option_order", rules.option_order, "balanced");
  unless("payoff_order", rules.payoff_order, "balanced");
  unless("seats", rules.seats, "given");
  unless("matching", rules.matching, "partners");
  return out;
}

Value content_of(const Player& player) {
  Value::Record out{{"strategy", player.strategy}};
  if (!player.settings.record().empty()) out.emplace("settings", player.settings);
  if (!player.told.empty()) out.emplace("told", Value::List(player.told.begin(), player.told.end()));
  if (!player.model.empty()) {
    out.emplace("model", player.model_identity);
    out.emplace("sampling", player.sampling);
  }
  if (player.watches > 0) out.emplace("watches", player.watches);
  return out;
}

Hash condition_id(const Value& content, int number) {
  return hash_of(fmt::format("condition\n{}\n{}", to_json(content), number));
}

Hash lineup_id(const std::vector<std::string>& contents, int number) {
  std::string bytes = "line-up\n";
  for (const std::string& content : contents) bytes += content + "\n";
  return hash_of(bytes + std::to_string(number));
}

Hash match_id(uint64_t seed, const Hash& condition, const Hash& lineup, uint32_t block) {
  return hash_of(fmt::format("match\n{}\n{}\n{}\n{}", seed, condition, lineup, block));
}

}  // namespace parley::study
