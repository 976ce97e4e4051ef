// Shares and small tables.
#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "stats/two_samples.h"

namespace parley::stats {

// The interval of a share of `yes` out of n > 0 by Wilson (1927).
Interval wilson(uint64_t yes, uint64_t n, double level = .95);

// A table of two rows and two columns, row by row.
using TwoByTwo = std::array<uint64_t, 4>;
// Fisher's exact test, two-sided: of all tables with these margins, those not more likely than this one.
double fisher(const TwoByTwo& table);
// The chi-square test of independence; corrected by Yates's one half, or not. Requires that no margin is 0.
struct ChiSquare {
  double value = 0, p = 1;
};
ChiSquare chi_square(const TwoByTwo& table, bool corrected);
// The same of any number of rows: yes[i] of all[i], not corrected; p by drawing tables with these margins `draws` times, the one that
// was seen counting as one of them (Hope 1968). Requires that not all and not none are yes.
ChiSquare chi_square(std::span<const uint64_t> yes, std::span<const uint64_t> all, uint64_t draws, uint64_t seed);

}  // namespace parley::stats
