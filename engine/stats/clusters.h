// Units that go together.
#pragma once
#include <optional>
#include <span>

#include "stats/resample.h"

namespace parley::stats {

// How alike the units of a cluster are, within groups: ICC(1) of Shrout and Fleiss (1979), from a one-way analysis of variance of
// clusters nested in groups. With k_g clusters and N_g units in group g, n_i units in cluster i of it, K clusters and N units in all:
//   MSB = sum n_i (mean_i - mean_g)^2 / (K - 2),  MSW = sum (x - mean_i)^2 / (N - K),
//   n0 = (N - sum_g sum_i n_i^2 / N_g) / (K - 2),  icc = (MSB - MSW) / (MSB + (n0 - 1) MSW)   (Donner and Klar 2000, 6.1)
// The design effect is 1 + (sum n_i^2 / N - 1) icc (Kish 1965; sizes as Kerry and Bland 2001): so many times the variance of a mean
// of as many independent units. Units of a cluster that stand in both groups count as two clusters.
struct Correlation {
  double icc = 0, design_effect = 1;
  size_t clusters = 0, units = 0;
};
// Nothing: no cluster has two units, no group has two clusters, or all values are one.
std::optional<Correlation> correlation(std::span<const Unit> units);

}  // namespace parley::stats
