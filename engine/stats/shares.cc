#include "stats/shares.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/hypergeometric.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "base/random.h"

namespace parley::stats {

Interval wilson(uint64_t yes, uint64_t n, double level) {
  const double z = quantile(complement(boost::math::normal(), (1 - level) / 2));
  const double size = static_cast<double>(n), share = static_cast<double>(yes) / size;
  const double middle = share + z * z / (2 * size);
  const double half = z * std::sqrt(share * (1 - share) / size + z * z / (4 * size * size));
  const double by = 1 + z * z / size;
  return {std::max(0.0, (middle - half) / by), std::min(1.0, (middle + half) / by)};
}

double fisher(const TwoByTwo& table) {
  const auto [a, b, c, d] = table;
  const uint64_t row = a + b, column = a + c, all = a + b + c + d;
  if (row == 0 || row == all || column == 0 || column == all) return 1;
  const boost::math::hypergeometric_distribution<double> dist(static_cast<unsigned>(row), static_cast<unsigned>(column),
                                                              static_cast<unsigned>(all));
  const auto [least, most] = support(dist);
  // What is as likely but for rounding counts.
  const double limit = pdf(dist, static_cast<unsigned>(a)) * (1 + 1e-7);
  double p = 0;
  for (unsigned x = least; x <= most; ++x) {
    if (const double density = pdf(dist, x); density <= limit) p += density;
  }
  return std::min(1.0, p);
}

ChiSquare chi_square(const TwoByTwo& table, bool corrected) {
  double all = 0;
  for (uint64_t n : table) all += static_cast<double>(n);
  ChiSquare out;
  for (size_t i = 0; i < 4; ++i) {
    const double row = static_cast<double>(table[i / 2 * 2] + table[i / 2 * 2 + 1]);
    const double column = static_cast<double>(table[i % 2] + table[i % 2 + 2]);
    const double expected = row * column / all;
    double off = std::fabs(static_cast<double>(table[i]) - expected);
    if (corrected) off -= std::min(.5, off);
    out.value += off * off / expected;
  }
  out.p = cdf(complement(boost::math::chi_squared(1), out.value));
  return out;
}

ChiSquare chi_square(std::span<const uint64_t> yes, std::span<const uint64_t> all, uint64_t draws, uint64_t seed) {
  double n = 0, n_yes = 0;
  std::vector<uint32_t> row_of;  // of each that is counted
  for (size_t i = 0; i < all.size(); ++i) {
    n += static_cast<double>(all[i]);
    n_yes += static_cast<double>(yes[i]);
    row_of.insert(row_of.end(), all[i], static_cast<uint32_t>(i));
  }
  const double share = n_yes / n;
  auto value = [&](std::span<const uint64_t> of) {
    double sum = 0;
    for (size_t i = 0; i < all.size(); ++i) {
      if (all[i] == 0) continue;
      const double expected = share * static_cast<double>(all[i]), off = static_cast<double>(of[i]) - expected;
      sum += off * off / expected + off * off / (static_cast<double>(all[i]) - expected);
    }
    return sum;
  };
  ChiSquare out;
  out.value = value(yes);
  const Draws chance("chi-square|" + std::to_string(seed));
  double large = 1;
  for (uint64_t draw = 0; draw < draws; ++draw) {
    std::vector<uint64_t> drawn(all.size(), 0);
    for (size_t i = 0; i < static_cast<size_t>(n_yes); ++i) {
      std::swap(row_of[i], row_of[i + chance.below(row_of.size() - i, draw, i)]);
      ++drawn[row_of[i]];
    }
    large += value(drawn) >= out.value * (1 - 1e-9) ? 1 : 0;
  }
  out.p = large / (static_cast<double>(draws) + 1);
  return out;
}

}  // namespace parley::stats
