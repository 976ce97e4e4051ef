#include "stats/varied.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "stats/fraction.h"

namespace parley::stats {

Varied::Varied(std::vector<std::string> factors, const std::vector<std::pair<std::string, Value>>& conditions)
    : factors_(std::move(factors)) {
  for (const auto& [condition, levels] : conditions) {
    std::vector<std::string> at;
    for (const std::string& factor : factors_) {
      const Value& level = levels[factor];
      at.push_back(level.is_nil() ? "" : value_text(level));
    }
    levels_.emplace(condition, std::move(at));
  }
}

std::string Varied::name(const std::vector<std::string>& effect) { return joined(effect, " x "); }

bool Varied::has(const std::string& factor) const {
  return std::find(factors_.begin(), factors_.end(), factor) != factors_.end();
}

std::vector<Varied::Alias> Varied::aliases() const {
  std::vector<std::vector<std::string>> all;
  for (const auto& [condition, levels] : levels_) all.push_back(levels);
  return aliases_of(all);
}

std::vector<Varied::Alias> Varied::aliases(const std::set<std::string>& conditions) const {
  std::vector<std::vector<std::string>> some;
  for (const auto& [condition, levels] : levels_) {
    if (conditions.contains(condition)) some.push_back(levels);
  }
  return aliases_of(some);
}

std::vector<Varied::Alias> Varied::aliases_of(const std::vector<std::vector<std::string>>& conditions) const {
  if (conditions.empty() || factors_.empty()) return {};
  std::vector<std::map<std::string, uint32_t>> numbers(factors_.size());
  std::vector<stats::Cell> cells;
  for (const auto& levels : conditions) {
    Cell& cell = cells.emplace_back();
    for (size_t f = 0; f < levels.size(); ++f)
      cell.push_back(numbers[f].emplace(levels[f], static_cast<uint32_t>(numbers[f].size())).first->second);
  }
  std::vector<Alias> out;
  size_t crossed = 1;
  for (const auto& levels : numbers) crossed *= levels.size();
  const std::set<Cell> different(cells.begin(), cells.end());
  if (different.size() == crossed && cells.size() == crossed) return out;  // all of a crossing
  auto named = [&](const std::vector<size_t>& effect) {
    std::vector<std::string> names;
    for (size_t f : effect) names.push_back(factors_[f]);
    return names;
  };
  for (const stats::Alias& alias : stats::aliases(cells))
    out.push_back({named(alias.effect), named(alias.with), alias.share});
  return out;
}

Varied::Confounded Varied::confounded(const std::string& factor, const std::vector<GroupedSeat>& seats) const {
  Confounded out;
  const auto at = static_cast<size_t>(std::find(factors_.begin(), factors_.end(), factor) - factors_.begin());
  if (at == factors_.size()) return out;
  std::set<std::vector<std::string>> cells;
  for (const auto& [condition, group] : seats) {
    const auto known = levels_.find(condition);
    if (known == levels_.end()) continue;
    std::vector<std::string> cell = known->second;
    cell[at] = group;
    cells.insert(std::move(cell));
  }
  std::vector<std::pair<double, std::string>> part;
  for (const Alias& alias : aliases_of({cells.begin(), cells.end()})) {
    const bool first = alias.effect == std::vector{factor};
    if (!first && alias.with != std::vector{factor}) continue;
    const std::vector<std::string>& other = first ? alias.with : alias.effect;
    if (std::find(other.begin(), other.end(), factor) != other.end()) continue;
    if (other.size() == 1 && alias.wholly()) {
      out.wholly.push_back(other[0]);
    } else if (alias.share > kSmallShare) {
      const std::string share = alias.wholly() ? "" : fmt::format(" ({:.2f})", alias.share);
      part.emplace_back(-alias.share, name(other) + share);
    }
  }
  std::stable_sort(part.begin(), part.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [share, text] : part) out.partly.push_back(std::move(text));
  return out;
}

std::string why_confounded(const Varied::Confounded& found, const std::string& factor, const std::string& unit) {
  std::vector<std::string> with = found.wholly;
  std::erase(with, unit);
  if (with.empty()) return "";
  return fmt::format("{} cannot be told from {}: in what is planned, a level of {} comes with one of {} alone", factor,
                     joined(with), joined(with, " or "), factor);
}

std::string partly_text(const Varied::Confounded& found, const std::string& factor) {
  constexpr size_t kMost = 4;
  std::vector<std::string> with = found.partly;
  if (with.size() > kMost + 1) {
    with.resize(kMost);
    with.push_back(fmt::format("{} more", found.partly.size() - kMost));
  }
  return fmt::format(
      "a difference by {} may also be one of {}: these conditions do not tell them apart, or only in part", factor,
      joined(with));
}

}  // namespace parley::stats
