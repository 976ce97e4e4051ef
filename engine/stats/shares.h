// Shares and small tables.
#pragma once
#include <array>
#include <cstdint>

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

}  // namespace parley::stats
