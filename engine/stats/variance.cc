#include "stats/variance.h"

#include <algorithm>
#include <cmath>
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

using Vector = std::vector<double>;

double product(const Vector& a, const Vector& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

// Orthonormal vectors over the combinations of levels of a fraction, each of which stands equally often; the first is the mean.
class Span {
 public:
  explicit Span(size_t combinations) { add(Vector(combinations, 1)); }
  // Twice Gram and Schmidt. What lies within is left out.
  void add(Vector v) {
    const double whole = product(v, v);
    for (int time = 0; time < 2; ++time) {
      for (const Vector& q : vectors_) {
        const double along = product(q, v);
        for (size_t i = 0; i < v.size(); ++i) v[i] -= along * q[i];
      }
    }
    const double left = product(v, v);
    if (left < 1e-9 * whole) return;
    for (double& x : v) x /= std::sqrt(left);
    vectors_.push_back(std::move(v));
  }
  void add(const std::vector<Vector>& more) {
    for (const Vector& v : more) add(v);
  }
  size_t size() const { return vectors_.size(); }
  // Those that came after the first n.
  std::vector<Vector> after(size_t n) const {
    return {vectors_.begin() + static_cast<std::ptrdiff_t>(n), vectors_.end()};
  }

 private:
  std::vector<Vector> vectors_;
};

// The combinations of levels of a fraction, whatever the block.
struct Combinations {
  Partition of;
  std::vector<uint32_t> first;  // a unit of each

  Combinations(std::span<const Crossing> units, std::optional<size_t> block) : of(units, all_but(units, block)) {
    for (uint32_t u = 0; u < units.size(); ++u) {
      if (of.cell[u] == first.size()) first.push_back(u);
    }
  }
  static std::vector<size_t> all_but(std::span<const Crossing> units, std::optional<size_t> block) {
    std::vector<size_t> out;
    for (size_t f = 0; f < units[0].levels.size(); ++f) {
      if (f != block) out.push_back(f);
    }
    return out;
  }
  void add(const Partition& cells, Span& to) const {
    for (uint32_t cell = 0; cell < cells.cells; ++cell) {
      Vector is;
      for (uint32_t u : first) is.push_back(cells.cell[u] == cell ? 1 : 0);
      to.add(std::move(is));
    }
  }
  // The contrasts of an effect: of an interaction beyond its factors.
  std::vector<Vector> contrasts(std::span<const Crossing> units, const std::vector<size_t>& factors) const {
    Span span(first.size());
    if (factors.size() == 2) {
      for (size_t f : factors) add(Partition(units, {f}), span);
    }
    const size_t own = span.size();
    add(Partition(units, factors), span);
    return span.after(own);
  }
  double squares(const std::vector<Vector>& contrasts, const std::vector<double>& values,
                 const std::vector<uint32_t>& units) const {
    const Vector means = of.means(values, units);
    double out = 0;
    for (const Vector& q : contrasts) out += std::pow(product(q, means), 2);
    return out * static_cast<double>(units.size()) / static_cast<double>(first.size());
  }
};

struct Term {
  std::vector<size_t> factors;
  std::vector<Partition> of;                   // of each factor, then of both together
  const Combinations* combinations = nullptr;  // of a fraction, where it is no block
  std::vector<Vector> contrasts;

  // What the effect adds to the mean of a unit.
  double part(const std::vector<std::vector<double>>& means, uint32_t u, double mean) const {
    double off = means.back()[of.back().cell[u]] - mean;
    if (of.size() == 3) off -= means[0][of[0].cell[u]] - mean + means[1][of[1].cell[u]] - mean;
    return off;
  }
  double squares(const std::vector<double>& values, const std::vector<uint32_t>& units, double mean) const {
    if (combinations) return combinations->squares(contrasts, values, units);
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

// All effects of a fraction but blocks.
struct Together {
  const Combinations* combinations = nullptr;  // none: a whole design
  std::vector<Vector> contrasts;
};

// The shares of the effects, then of the residual.
std::vector<double> shares(const std::vector<Term>& effects, const Together& together,
                           const std::vector<double>& values, const std::vector<uint32_t>& units) {
  const double mean = mean_of(values, units), all = total(values, units, mean);
  std::vector<double> out;
  double left = 1;
  if (together.combinations && all > 0) left -= together.combinations->squares(together.contrasts, values, units) / all;
  for (const Term& effect : effects) {
    out.push_back(all > 0 ? effect.squares(values, units, mean) / all : 0);
    if (!effect.combinations) left -= out.back();
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
    const Combinations& combinations = *effect.combinations;
    Span span(combinations.first.size());
    for (const Term& other : effects) {
      if (&other == &effect) continue;
      span.add(other.contrasts);
      if (other.combinations) continue;
      const Partition& block = other.of[0];
      const Vector means = block.means(values, every);
      for (uint32_t u : every) moved[u] -= means[block.cell[u]] - mean;
    }
    const Vector means = combinations.of.means(values, every);
    for (const Vector& q : span.after(1)) {
      const double along = product(q, means);
      for (uint32_t u : every) moved[u] -= along * q[combinations.of.cell[u]];
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
  std::optional<Combinations> combinations;
  if (fraction) combinations.emplace(units, block);
  auto add = [&](std::vector<size_t> factors) {
    Term effect{factors, {}, nullptr, {}};
    for (size_t f : factors) effect.of.emplace_back(units, std::vector{f});
    VarianceShare& share = out.emplace_back();
    share.df = static_cast<double>(effect.of[0].cells) - 1;
    if (factors.size() == 2) {
      share.df *= static_cast<double>(effect.of[1].cells) - 1;
      effect.of.emplace_back(units, factors);
    }
    if (fraction && !(block && factors == std::vector{*block})) {
      effect.combinations = &*combinations;
      effect.contrasts = combinations->contrasts(units, factors);
      share.df = static_cast<double>(effect.contrasts.size());
    } else {
      left -= share.df;
    }
    share.factors = std::move(factors);
    effects.push_back(std::move(effect));
  };
  for (const std::vector<size_t>& factors : wanted) add(factors);
  Together together;
  if (fraction) {
    Span span(combinations->first.size());
    for (const Term& effect : effects) span.add(effect.contrasts);
    together = {&*combinations, span.after(1)};
    left -= static_cast<double>(together.contrasts.size());
  }
  out.emplace_back().df = left;

  std::vector<double> values;
  std::vector<uint32_t> every;
  for (const Crossing& unit : units) {
    every.push_back(static_cast<uint32_t>(values.size()));
    values.push_back(unit.value);
  }
  const std::vector<double> seen = shares(effects, together, values, every);
  for (size_t i = 0; i < out.size(); ++i) out[i].share = seen[i];
  if (draws == 0) return out;

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
    const std::vector<double> found = shares(effects, together, values, now);
    for (size_t i = 0; i < found.size(); ++i) drawn[i].push_back(found[i]);
  }
  for (size_t i = 0; i < out.size(); ++i) {
    out[i].interval = {quantile_of(drawn[i], (1 - level) / 2), quantile_of(drawn[i], 1 - (1 - level) / 2)};
  }
  return out;
}

std::vector<std::vector<size_t>> said_by_main_effects(std::span<const Crossing> units,
                                                      std::span<const std::vector<size_t>> effects,
                                                      std::optional<size_t> block) {
  const Combinations combinations(units, block);
  Span main(combinations.first.size());
  for (const std::vector<size_t>& effect : effects) {
    if (effect.size() == 1 && effect[0] != block) main.add(combinations.contrasts(units, effect));
  }
  std::vector<std::vector<size_t>> out;
  for (const std::vector<size_t>& effect : effects) {
    if (effect.size() < 2) continue;
    Span both = main;
    both.add(combinations.contrasts(units, effect));
    if (both.size() == main.size()) out.push_back(effect);
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
