// Tests and intervals by drawing again: reproducible, from a seed.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "stats/two_samples.h"

namespace parley::stats {

// A value with the group that it belongs to (0 or 1), and two numbers that say what goes together: within a block labels may be
// exchanged, a cluster is drawn as a whole.
struct Unit {
  double value = 0;
  int group = 0;
  uint32_t block = 0, cluster = 0;
  double weight = 1;
};

// The difference of means of groups 0 and 1, tested by exchanging labels within blocks (Fisher 1935): two-sided, by all exchanges
// where there are at most `draws`, else by so many drawn, the one that was seen counting as one of them. Two values that are a pair
// are a block of their own. Nothing where every block holds one group alone, so that there is nothing to exchange, and nothing where
// weights differ: what weighs differently is not exchangeable.
struct Permutation {
  double p = 1;
  bool exact = false;
};
std::optional<Permutation> permutation(std::span<const Unit> units, uint64_t draws, uint64_t seed);

// An interval of that difference by drawing clusters with replacement within each group, `draws` times: t-based (the difference more
// and less a quantile of Student's t with clusters - 2 degrees of freedom, - 1 where each has both groups, times the standard deviation
// of what was drawn; of clusters whose units weigh differently as many as there are in effect). A cluster that has units of both groups
// is drawn with both. Nothing where a group has fewer than two clusters.
struct Bootstrap {
  Interval interval;
  size_t clusters = 0;
  double fewest = 0;  // of the group that has the fewest, as many as there are in effect
};
std::optional<Bootstrap> bootstrap(std::span<const Unit> units, uint64_t draws, uint64_t seed, double level = .95);

}  // namespace parley::stats
