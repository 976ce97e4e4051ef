#include "stats/fraction.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/random.h"

namespace parley::stats {
namespace {

constexpr size_t kFewestStarts = 8, kMostStarts = 2000, kExchanges = 2'000'000, kMostOutside = 4000;

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

}  // namespace

std::vector<size_t> balanced_fraction(const std::vector<Cell>& cells, size_t n, uint64_t seed) {
  std::vector<size_t> best;
  Badness least{};
  const Draws draws(fmt::format("{}|balance", seed));
  const uint64_t starts =
      std::clamp(kExchanges / (n * std::min(cells.size() - n + 1, kMostOutside)), kFewestStarts, kMostStarts);
  for (uint64_t start = 0; start < starts; ++start) {
    std::vector<size_t> order(cells.size());  // the first n are in
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[draws.below(i, start, i, 0)]);
    Margins margins(cells);
    for (size_t i = 0; i < n; ++i) margins.count(order[i], 1);
    for (bool better = true; better;) {
      better = false;
      const size_t end = std::min(order.size(), n + kMostOutside);
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
    if (start == 0 || margins.total() < least) {
      least = margins.total();
      best.assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(n));
    }
    if (least == margins.least(n)) break;
  }
  std::sort(best.begin(), best.end());
  return best;
}

std::vector<Alias> aliases(const std::vector<Cell>& cells) {
  struct Effect {
    std::vector<size_t> factors;
    std::vector<Column> columns;
  };
  const size_t k = cells[0].size();
  std::vector<Effect> effects;
  std::vector<std::vector<Column>> main(k);
  for (size_t f = 0; f < k; ++f) {
    main[f] = contrasts(cells, f);
    effects.push_back({{f}, orthonormal(main[f])});
  }
  for (size_t a = 0; a < k; ++a) {
    for (size_t b = a + 1; b < k; ++b) {
      std::vector<Column> products;
      for (const Column& x : main[a]) {
        for (const Column& y : main[b]) {
          Column& column = products.emplace_back();
          for (size_t i = 0; i < x.size(); ++i) column.push_back(x[i] * y[i]);
        }
      }
      effects.push_back({{a, b}, orthonormal(std::move(products))});
    }
  }
  std::vector<Alias> out;
  for (size_t i = 0; i < effects.size(); ++i) {
    for (size_t j = i + 1; j < effects.size(); ++j) {
      const Effect &a = effects[i], &b = effects[j];
      if (a.columns.empty() || b.columns.empty()) continue;
      double sum = 0;
      for (const Column& x : a.columns) {
        for (const Column& y : b.columns) sum += dot(x, y) * dot(x, y);
      }
      const double share = sum / static_cast<double>(std::min(a.columns.size(), b.columns.size()));
      if (share > 1e-6) out.push_back({a.factors, b.factors, share});
    }
  }
  return out;
}

}  // namespace parley::stats
