#include "stats/variance.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>

#include "base/random.h"

namespace parley::stats {
namespace {

// Units by number of cell in one or two factors.
struct Partition {
  std::vector<uint32_t> cell;  // by unit
  size_t cells = 0;

  Partition(std::span<const Crossing> units, const std::vector<size_t>& factors) {
    std::map<std::vector<uint32_t>, uint32_t> known;
    for (const Crossing& unit : units) {
      std::vector<uint32_t> key;
      for (size_t f : factors) key.push_back(unit.levels[f]);
      cell.push_back(known.emplace(key, known.size()).first->second);
    }
    cells = known.size();
  }
  // The mean of each cell over the units drawn.
  std::vector<double> means(const std::vector<double>& values, const std::vector<uint32_t>& units) const {
    std::vector<double> sum(cells, 0), n(cells, 0);
    for (uint32_t u : units) sum[cell[u]] += values[u], ++n[cell[u]];
    for (size_t i = 0; i < cells; ++i) sum[i] = n[i] > 0 ? sum[i] / n[i] : 0;
    return sum;
  }
};

struct Term {
  std::vector<size_t> factors;
  std::vector<Partition> of;  // of each factor, then of both together

  // What the effect adds to the mean of a unit.
  double part(const std::vector<std::vector<double>>& means, uint32_t u, double mean) const {
    double off = means.back()[of.back().cell[u]] - mean;
    if (of.size() == 3) off -= means[0][of[0].cell[u]] - mean + means[1][of[1].cell[u]] - mean;
    return off;
  }
  double squares(const std::vector<double>& values, const std::vector<uint32_t>& units, double mean) const {
    std::vector<std::vector<double>> means;
    for (const Partition& p : of) means.push_back(p.means(values, units));
    double out = 0;
    for (uint32_t u : units) {
      const double off = part(means, u, mean);
      out += off * off;
    }
    return out;
  }
};

double mean_of(const std::vector<double>& values, const std::vector<uint32_t>& units) {
  double sum = 0;
  for (uint32_t u : units) sum += values[u];
  return sum / static_cast<double>(units.size());
}

double total(const std::vector<double>& values, const std::vector<uint32_t>& units, double mean) {
  double out = 0;
  for (uint32_t u : units) out += (values[u] - mean) * (values[u] - mean);
  return out;
}

// The shares of the effects, then of the residual.
std::vector<double> shares(const std::vector<Term>& effects, const std::vector<double>& values,
                           const std::vector<uint32_t>& units) {
  const double mean = mean_of(values, units), all = total(values, units, mean);
  std::vector<double> out;
  double left = 1;
  for (const Term& effect : effects) {
    out.push_back(all > 0 ? effect.squares(values, units, mean) / all : 0);
    left -= out.back();
  }
  out.push_back(std::max(0.0, left));
  return out;
}

// Between ordered values, as R's type 7.
double quantile_of(std::vector<double>& values, double p) {
  std::sort(values.begin(), values.end());
  const double at = p * static_cast<double>(values.size() - 1);
  const size_t low = static_cast<size_t>(at), high = std::min(low + 1, values.size() - 1);
  return values[low] + (at - static_cast<double>(low)) * (values[high] - values[low]);
}

// What chance gives of one of the effects: `level` of the draws give less. `blocks`: of a fraction, the factors within whose levels
// is exchanged; none: of a whole design, within the levels of all other factors.
double by_chance(const std::vector<Term>& effects, const Term& effect, std::span<const Crossing> units,
                 const std::vector<double>& values, const std::vector<uint32_t>& every,
                 const std::optional<std::vector<size_t>>& blocks, uint64_t draws, const Draws& chance, uint64_t what,
                 double level) {
  const double mean = mean_of(values, every), all = total(values, every, mean);
  std::vector<double> moved = values;
  std::vector<size_t> others;
  if (blocks) {
    others = *blocks;
    for (const Term& other : effects) {
      if (&other == &effect) continue;
      std::vector<std::vector<double>> means;
      for (const Partition& p : other.of) means.push_back(p.means(values, every));
      for (uint32_t u : every) moved[u] -= other.part(means, u, mean);
    }
  } else {
    if (effect.of.size() == 3) {
      const auto a = effect.of[0].means(values, every), b = effect.of[1].means(values, every);
      for (uint32_t u : every) moved[u] -= a[effect.of[0].cell[u]] + b[effect.of[1].cell[u]] - mean;
    }
    for (size_t f = 0; f < units[0].levels.size(); ++f) {
      if (std::find(effect.factors.begin(), effect.factors.end(), f) == effect.factors.end()) others.push_back(f);
    }
  }
  const Partition within(units, others);
  std::vector<std::vector<uint32_t>> strata(within.cells);
  for (uint32_t u : every) strata[within.cell[u]].push_back(u);
  std::vector<double> found;
  for (uint64_t draw = 0; draw < draws; ++draw) {
    uint64_t number = 0;
    for (const auto& stratum : strata) {
      for (size_t i = stratum.size(); i > 1; --i)
        std::swap(moved[stratum[i - 1]], moved[stratum[chance.below(i, draw, ++number, what)]]);
    }
    found.push_back(effect.squares(moved, every, mean_of(moved, every)) / all);
  }
  return quantile_of(found, level);
}

}  // namespace

std::vector<VarianceShare> variance_shares(std::span<const Crossing> units, std::span<const std::vector<size_t>> wanted,
                                           std::optional<size_t> block, uint64_t draws, uint64_t seed, bool fraction,
                                           double level) {
  std::vector<Term> effects;
  std::vector<VarianceShare> out;
  double left = static_cast<double>(units.size()) - 1;
  auto add = [&](std::vector<size_t> factors) {
    Term effect{factors, {}};
    for (size_t f : factors) effect.of.emplace_back(units, std::vector{f});
    VarianceShare& share = out.emplace_back();
    share.df = static_cast<double>(effect.of[0].cells) - 1;
    if (factors.size() == 2) {
      share.df *= static_cast<double>(effect.of[1].cells) - 1;
      effect.of.emplace_back(units, factors);
    }
    left -= share.df;
    share.factors = std::move(factors);
    effects.push_back(std::move(effect));
  };
  for (const std::vector<size_t>& factors : wanted) add(factors);
  out.emplace_back().df = left;

  std::vector<double> values;
  std::vector<uint32_t> every;
  for (const Crossing& unit : units) {
    every.push_back(static_cast<uint32_t>(values.size()));
    values.push_back(unit.value);
  }
  const std::vector<double> seen = shares(effects, values, every);
  for (size_t i = 0; i < out.size(); ++i) out[i].share = seen[i];

  const Draws chance("variance|" + std::to_string(seed));
  std::optional<std::vector<size_t>> blocks;
  if (fraction) blocks = block ? std::vector{*block} : std::vector<size_t>();
  for (size_t i = 0; i < effects.size(); ++i) {
    // Blocks themselves have others to be exchanged within: the combinations, which are in every block.
    const bool whole = !fraction || (block && effects[i].factors == std::vector{*block});
    out[i].chance = by_chance(effects, effects[i], units, values, every, whole ? std::nullopt : blocks, draws, chance,
                              i + 1, level);
  }

  // What is drawn as a whole, by the cells that it stands in; of blocks one is like another.
  std::vector<size_t> all_factors(units[0].levels.size());
  std::iota(all_factors.begin(), all_factors.end(), size_t{0});
  const Partition cells(units, all_factors);
  std::map<uint32_t, std::vector<uint32_t>> members;
  for (uint32_t u : every) members[block ? units[u].levels[*block] : units[u].cluster].push_back(u);
  std::map<std::vector<uint32_t>, std::vector<const std::vector<uint32_t>*>> kinds;
  for (const auto& [cluster, of] : members) {
    std::vector<uint32_t> key;
    for (uint32_t u : of) key.push_back(block ? 0 : cells.cell[u]);
    std::sort(key.begin(), key.end());
    kinds[key].push_back(&of);
  }
  std::vector<std::vector<double>> drawn(out.size());
  for (uint64_t draw = 0; draw < draws; ++draw) {
    std::vector<uint32_t> now;
    uint64_t number = 0;
    for (const auto& [key, kind] : kinds) {
      for (size_t i = 0; i < kind.size(); ++i) {
        const auto& cluster = *kind[chance.below(kind.size(), draw, ++number)];
        now.insert(now.end(), cluster.begin(), cluster.end());
      }
    }
    const std::vector<double> found = shares(effects, values, now);
    for (size_t i = 0; i < found.size(); ++i) drawn[i].push_back(found[i]);
  }
  for (size_t i = 0; i < out.size(); ++i) {
    if (draws > 0)
      out[i].interval = {quantile_of(drawn[i], (1 - level) / 2), quantile_of(drawn[i], 1 - (1 - level) / 2)};
  }
  return out;
}

std::optional<OddCell> unbalanced(std::span<const Crossing> units) {
  if (units.empty()) return std::nullopt;
  const size_t factors = units[0].levels.size();
  std::vector<uint32_t> levels(factors, 0);
  std::map<std::vector<uint32_t>, size_t> cells;
  for (const Crossing& unit : units) {
    ++cells[unit.levels];
    for (size_t f = 0; f < factors; ++f) levels[f] = std::max(levels[f], unit.levels[f] + 1);
  }
  std::map<size_t, size_t> sizes;
  for (const auto& [key, n] : cells) ++sizes[n];
  const size_t usual = std::max_element(sizes.begin(), sizes.end(), [](const auto& a, const auto& b) {
                         return a.second < b.second;
                       })->first;
  std::vector<uint32_t> at(factors, 0);
  for (;;) {
    const auto found = cells.find(at);
    const size_t n = found == cells.end() ? 0 : found->second;
    if (n != usual) return OddCell{at, n, usual};
    size_t f = factors;
    while (f > 0 && ++at[f - 1] == levels[f - 1]) at[--f] = 0;
    if (f == 0) return std::nullopt;
  }
}

}  // namespace parley::stats
