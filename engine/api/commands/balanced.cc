#include "api/commands/balanced.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "api/console.h"
#include "stats/fraction.h"

namespace parley {

std::string uneven_title(const Design& design) {
  const Value& uneven = design.resolved()["uneven"];
  if (uneven.is_nil()) return "";
  return fmt::format(
      "\nBalance: {} conditions; each level, and each pair of levels of two factors, stands equally often{}\n",
      design.conditions().size(), uneven.list().empty() ? "" : ", but");
}

std::vector<std::pair<std::string, std::string>> uneven_lines(const Design& design) {
  std::vector<std::pair<std::string, std::string>> lines;
  const Value uneven = design.resolved()["uneven"];
  if (uneven.is_nil()) return lines;
  for (const Value& one : uneven.list()) {
    const double least = one["least"].number(), most = one["most"].number();
    lines.emplace_back(one["effect"].string(),
                       fmt::format("{} to {} times each: {}", least, most,
                                   most - least <= 1 ? "more equal it cannot be in so many"
                                                     : "whether so many could have it more equal is not known"));
  }
  return lines;
}

std::vector<std::pair<std::string, std::string>> nuisance_lines(const Design& design) {
  std::vector<std::string> names;
  std::vector<std::pair<Nuisance, int>> factors;
  auto add = [&](const char* name, Nuisance factor, size_t levels) {
    if (levels < 2 || std::find(names.begin(), names.end(), name) != names.end()) return;
    names.emplace_back(name);
    factors.emplace_back(factor, static_cast<int>(levels));
  };
  const auto& players = design.players();
  const bool asks = std::any_of(players.begin(), players.end(), [](const Player& p) { return !p.model.empty(); });
  for (size_t c = 0; c < design.conditions().size(); ++c) {
    const Rules& rules = design.conditions()[c]->rules;
    const GameInfo& game = design.game(c);
    if (design.swaps(c)) add("seats", Nuisance::seats, 2);
    if (!asks) continue;
    const size_t actions = game.actions.empty() ? 0 : game.actions[0].items.size();
    if (rules.label_map == "balanced" && rules.labels.is_list()) add("label_map", Nuisance::label_map, actions);
    if (rules.label_map == "balanced" && rules.labels.is_record() && rules.labels.record().size() == 2)
      add("label_map", Nuisance::label_map, 2);
    if (rules.option_order == "balanced") add("option_order", Nuisance::option_order, actions);
    if (rules.payoff_order == "balanced" && game.by_payoffs) add("payoff_order", Nuisance::payoff_order, 2);
  }
  if (names.empty()) return {};
  std::vector<stats::Cell> blocks;
  for (uint32_t block = 1; block <= design.repeats(); ++block) {
    stats::Cell& cell = blocks.emplace_back();
    for (const auto& [factor, levels] : factors)
      cell.push_back(static_cast<uint32_t>(balanced_level(factor, levels, block, design.seed())));
  }
  std::vector<std::string> beside(names.size());
  for (const stats::Alias& alias : stats::aliases(blocks)) {
    if (alias.with.size() != 1) continue;
    for (const auto& [of, with] :
         {std::pair(alias.effect[0], alias.with[0]), std::pair(alias.with[0], alias.effect[0])})
      beside[of] += alias.share > 1 - 1e-6 ? fmt::format("; cannot be told from {}", names[with])
                                           : fmt::format("; in part with {} ({:.2f})", names[with], alias.share);
  }
  std::vector<std::pair<std::string, std::string>> lines;
  for (size_t f = 0; f < names.size(); ++f) {
    std::map<uint32_t, size_t> times;
    for (uint32_t level = 0; level < static_cast<uint32_t>(factors[f].second); ++level) times[level] = 0;
    for (const stats::Cell& cell : blocks) ++times[cell[f]];
    const auto [least, most] = std::minmax_element(times.begin(), times.end(),
                                                   [](const auto& a, const auto& b) { return a.second < b.second; });
    lines.emplace_back(names[f], fmt::format("{} values, {} each{}", times.size(),
                                             least->second == most->second
                                                 ? counted(static_cast<double>(most->second), "time", "times")
                                                 : fmt::format("{} to {} times", least->second, most->second),
                                             beside[f]));
  }
  return lines;
}

}  // namespace parley
