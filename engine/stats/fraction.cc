#include "stats/fraction.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "base/random.h"
#include "stats/arrays.h"

namespace parley::stats {
namespace {

constexpr size_t kStarts = 24, kMostOutside = 4000, kMostProposals = 60'000;  // of a start
constexpr double kLeastShare = 1e-6, kMostWork = 3e9;                         // of aliases of interactions

// Sums of squared counts over the margins of one factor, two and three.
using Badness = std::array<int64_t, 3>;

// How often each combination of levels stands in the part, for every subset of up to three factors.
class Margins {
 public:
  explicit Margins(const std::vector<Cell>& cells) : cells_(cells) {
    const size_t k = cells[0].size();
    std::vector<uint32_t> levels(k, 0);
    for (const Cell& cell : cells) {
      for (size_t f = 0; f < k; ++f) levels[f] = std::max(levels[f], cell[f] + 1);
    }
    for (size_t a = 0; a < k; ++a) {
      add({a}, levels);
      for (size_t b = a + 1; b < k; ++b) {
        add({a, b}, levels);
        for (size_t c = b + 1; c < k && k <= 10; ++c) add({a, b, c}, levels);
      }
    }
  }

  // Puts a cell in (by 1) or takes it out (by -1).
  void count(size_t cell, int by) {
    for (Margin& m : margins_) {
      int& n = m.counts[at(m, cell)];
      total_[m.factors.size() - 1] += by * (2 * int64_t{n} + by);
      n += by;
    }
  }
  const Badness& total() const { return total_; }

  // What the total would be with one cell out and another in.
  Badness exchanged(size_t out, size_t in) const {
    Badness now = total_;
    for (const Margin& m : margins_) {
      const size_t i = at(m, out), j = at(m, in);
      if (i != j) now[m.factors.size() - 1] += 2 * (int64_t{m.counts[j]} - m.counts[i] + 1);
    }
    return now;
  }

  // How much worse an exchange makes levels and pairs, each margin weighed by how many cells it has.
  double worse(size_t out, size_t in) const {
    double sum = 0;
    for (const Margin& m : margins_) {
      if (m.factors.size() > 2) continue;
      const size_t i = at(m, out), j = at(m, in);
      if (i != j) sum += static_cast<double>(m.counts.size()) * 2 * (m.counts[j] - m.counts[i] + 1);
    }
    return sum;
  }

  // The least that n cells could come to, level by level alone.
  Badness least(size_t n) const {
    Badness out{};
    for (const Margin& m : margins_) {
      const auto size = static_cast<int64_t>(m.counts.size()), whole = static_cast<int64_t>(n) / size,
                 more = static_cast<int64_t>(n) % size;
      out[m.factors.size() - 1] += (size - more) * whole * whole + more * (whole + 1) * (whole + 1);
    }
    return out;
  }

 private:
  struct Margin {
    std::vector<size_t> factors, strides;
    std::vector<int> counts;
  };

  void add(std::vector<size_t> factors, const std::vector<uint32_t>& levels) {
    Margin m{std::move(factors), {}, {}};
    size_t size = 1;
    for (size_t f : m.factors) {
      m.strides.push_back(size);
      size *= levels[f];
    }
    m.counts.assign(size, 0);
    margins_.push_back(std::move(m));
  }

  size_t at(const Margin& m, size_t cell) const {
    size_t i = 0;
    for (size_t f = 0; f < m.factors.size(); ++f) i += m.strides[f] * cells_[cell][m.factors[f]];
    return i;
  }

  const std::vector<Cell>& cells_;
  std::vector<Margin> margins_;
  Badness total_{};
};

// The indices of an array's runs among the cells, ascending; none where no array is known or the cells are no full crossing.
std::vector<size_t> by_array(const std::vector<Cell>& cells, size_t n, std::string_view key) {
  std::vector<uint32_t> levels(cells[0].size(), 0);
  std::map<Cell, size_t> places;
  for (const Cell& cell : cells) {
    for (size_t f = 0; f < cell.size(); ++f) levels[f] = std::max(levels[f], cell[f] + 1);
    places.emplace(cell, places.size());
  }
  size_t all = 1;
  std::vector<size_t> vary;
  std::vector<uint32_t> varied;
  for (size_t f = 0; f < levels.size(); ++f) {
    all *= levels[f];
    if (levels[f] > 1) vary.push_back(f), varied.push_back(levels[f]);
  }
  std::vector<size_t> out;
  if (all != cells.size() || places.size() != cells.size()) return out;
  const auto array = orthogonal_array(varied, n, key);
  if (!array) return out;
  for (const Cell& run : *array) {
    Cell cell(levels.size(), 0);
    for (size_t i = 0; i < vary.size(); ++i) cell[vary[i]] = run[i];
    out.push_back(places.at(cell));
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Exchanges that are drawn, worse ones with a chance that falls to nothing: from order's first n, in place.
void anneal(Margins& margins, std::vector<size_t>& order, size_t n, Sequence& draws) {
  const size_t proposals = std::min(kMostProposals, 200 * n + 2000);
  const double warm = 2.0 * static_cast<double>(std::max<size_t>(n, 8));
  for (size_t i = 0; i < proposals; ++i) {
    const double heat = warm * std::pow(1e-3, static_cast<double>(i) / static_cast<double>(proposals));
    const size_t out = draws.below(n), in = n + draws.below(order.size() - n);
    const double worse = margins.worse(order[out], order[in]);
    const double chance = static_cast<double>(draws.below(1U << 30)) / (1U << 30);
    if (worse > 0 && chance >= std::exp(-worse / heat)) continue;
    margins.count(order[out], -1);
    margins.count(order[in], 1);
    std::swap(order[out], order[in]);
  }
}

// The best exchange of each cell in turn, as long as one is better.
void descend(Margins& margins, std::vector<size_t>& order, size_t n) {
  const size_t end = std::min(order.size(), n + kMostOutside);
  for (bool better = true; better;) {
    better = false;
    for (size_t i = 0; i < n; ++i) {
      size_t with = n;
      Badness now = margins.total();
      for (size_t j = n; j < end; ++j) {
        const Badness then = margins.exchanged(order[i], order[j]);
        if (then < now) now = then, with = j;
      }
      if (now == margins.total()) continue;
      margins.count(order[i], -1);
      margins.count(order[with], 1);
      std::swap(order[i], order[with]);
      better = true;
    }
  }
}

using Column = std::vector<double>;

double dot(const Column& a, const Column& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// The columns made orthonormal after the mean; those that depend on earlier ones are left out (modified Gram-Schmidt).
std::vector<Column> orthonormal(std::vector<Column> columns) {
  std::vector<Column> out;
  for (Column& column : columns) {
    double mean = 0;
    for (double x : column) mean += x / static_cast<double>(column.size());
    for (double& x : column) x -= mean;
    const double before = std::sqrt(dot(column, column));
    for (const Column& known : out) {
      const double along = dot(column, known);
      for (size_t i = 0; i < column.size(); ++i) column[i] -= along * known[i];
    }
    const double length = std::sqrt(dot(column, column));
    if (length < 1e-9 * std::max(1.0, before)) continue;
    for (double& x : column) x /= length;
    out.push_back(std::move(column));
  }
  return out;
}

// Contrasts of a factor: each level but the first against the first's, centred.
std::vector<Column> contrasts(const std::vector<Cell>& cells, size_t factor) {
  std::set<uint32_t> levels;
  for (const Cell& cell : cells) levels.insert(cell[factor]);
  std::vector<Column> out;
  for (uint32_t level : levels) {
    if (level == *levels.begin()) continue;
    Column column;
    for (const Cell& cell : cells) column.push_back((cell[factor] == level) - 1.0 / static_cast<double>(levels.size()));
    out.push_back(std::move(column));
  }
  return out;
}

// The mean squared canonical correlation of what two effects' columns span.
double share_of(const std::vector<Column>& a, const std::vector<Column>& b) {
  if (a.empty() || b.empty()) return 0;
  double sum = 0;
  for (const Column& x : a) {
    for (const Column& y : b) sum += dot(x, y) * dot(x, y);
  }
  return sum / static_cast<double>(std::min(a.size(), b.size()));
}

// The same of two main effects: Cramer's V, squared.
double main_share(const std::vector<Cell>& cells, size_t a, size_t b) {
  std::map<uint32_t, double> of_a, of_b;
  std::map<std::pair<uint32_t, uint32_t>, double> together;
  for (const Cell& cell : cells) {
    ++of_a[cell[a]];
    ++of_b[cell[b]];
    ++together[{cell[a], cell[b]}];
  }
  const size_t least = std::min(of_a.size(), of_b.size());
  if (least < 2) return 0;
  double sum = -1;
  for (const auto& [at, n] : together) sum += n * n / (of_a[at.first] * of_b[at.second]);
  return sum / static_cast<double>(least - 1);
}

}  // namespace

std::vector<size_t> balanced_fraction(const std::vector<Cell>& cells, size_t n, uint64_t seed) {
  const std::string key = fmt::format("{}|balance", seed);
  std::vector<size_t> best;
  if (n < cells.size()) best = by_array(cells, n, key);
  if (!best.empty()) return best;
  Badness least{};
  Sequence draws(key);
  for (size_t start = 0; start < kStarts; ++start) {
    std::vector<size_t> order(cells.size());  // the first n are in
    std::iota(order.begin(), order.end(), 0);
    for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[draws.below(i)]);
    Margins margins(cells);
    for (size_t i = 0; i < n; ++i) margins.count(order[i], 1);
    if (n < order.size()) anneal(margins, order, n, draws);
    descend(margins, order, n);
    if (start == 0 || margins.total() < least) {
      least = margins.total();
      best.assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(n));
    }
    if (least == margins.least(n)) break;
  }
  std::sort(best.begin(), best.end());
  return best;
}

std::vector<Evenness> evenness(const std::vector<Cell>& cells, const std::vector<Cell>& part) {
  std::vector<Evenness> out;
  const size_t k = cells[0].size();
  auto add = [&](std::vector<size_t> factors) {
    std::map<Cell, size_t> times;
    auto of = [&](const Cell& cell) {
      Cell at;
      for (size_t f : factors) at.push_back(cell[f]);
      return at;
    };
    for (const Cell& cell : cells) times.emplace(of(cell), 0);
    for (const Cell& cell : part) ++times[of(cell)];
    const auto [low, high] =
        std::minmax_element(times.begin(), times.end(), [](auto& a, auto& b) { return a.second < b.second; });
    out.push_back({std::move(factors), low->second, high->second});
  };
  for (size_t a = 0; a < k; ++a) add({a});
  for (size_t a = 0; a < k; ++a) {
    for (size_t b = a + 1; b < k; ++b) add({a, b});
  }
  return out;
}

std::vector<Alias> aliases(const std::vector<Cell>& cells) {
  const size_t k = cells[0].size();
  std::vector<Alias> out;
  std::vector<size_t> levels;
  for (size_t f = 0; f < k; ++f) {
    std::set<uint32_t> seen;
    for (const Cell& cell : cells) seen.insert(cell[f]);
    levels.push_back(seen.size());
  }
  auto add = [&](std::vector<size_t> effect, std::vector<size_t> with, double share) {
    if (share > kLeastShare) out.push_back({std::move(effect), std::move(with), share});
  };
  double columns = 0;  // of interactions
  for (size_t a = 0; a < k; ++a) {
    for (size_t b = a + 1; b < k; ++b) {
      add({a}, {b}, main_share(cells, a, b));
      columns += static_cast<double>((levels[a] - 1) * (levels[b] - 1));
    }
  }
  if (columns * columns * static_cast<double>(cells.size()) > kMostWork) return out;
  std::vector<std::vector<Column>> contrast(k), main(k);
  for (size_t f = 0; f < k; ++f) {
    contrast[f] = contrasts(cells, f);
    main[f] = orthonormal(contrast[f]);
  }
  struct Pair {
    size_t a, b;
    std::vector<Column> columns;
  };
  std::vector<Pair> pairs;
  for (size_t a = 0; a < k; ++a) {
    for (size_t b = a + 1; b < k; ++b) {
      std::vector<Column> products;
      for (const Column& x : contrast[a]) {
        for (const Column& y : contrast[b]) {
          Column& column = products.emplace_back();
          for (size_t i = 0; i < x.size(); ++i) column.push_back(x[i] * y[i]);
        }
      }
      pairs.push_back({a, b, orthonormal(std::move(products))});
    }
  }
  for (size_t f = 0; f < k; ++f) {
    for (const Pair& pair : pairs) add({f}, {pair.a, pair.b}, share_of(main[f], pair.columns));
  }
  for (size_t i = 0; i < pairs.size(); ++i) {
    for (size_t j = i + 1; j < pairs.size(); ++j)
      add({pairs[i].a, pairs[i].b}, {pairs[j].a, pairs[j].b}, share_of(pairs[i].columns, pairs[j].columns));
  }
  return out;
}

}  // namespace parley::stats
