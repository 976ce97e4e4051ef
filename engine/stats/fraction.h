// A part of a crossed design that stays balanced, and what can no longer be told apart in it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace parley::stats {

// A cell of a crossed design: the level (from 0) of each factor.
using Cell = std::vector<uint32_t>;

// Which `n` of the cells (indices, ascending) leave each level of each factor equally often, pairs of levels of two factors as equally
// often as that allows, then triples. Of a full crossing an orthogonal array, where one is known (stats/arrays.h); else what is found by
// exchanges from drawn starts, first by annealing over levels and pairs (Kirkpatrick, Gelatt and Vecchi 1983), then to the nearest best
// (Fedorov 1972, "Theory of optimal experiments", ch. 3, with balance of margins in place of a determinant): sums of squared counts as
// small as could be found, in this order. That there is no better part is known only where evenness() says so. The same cells, n and
// seed give the same part. Requires 1 <= n <= cells.size(), all cells of one length.
std::vector<size_t> balanced_fraction(const std::vector<Cell>& cells, size_t n, uint64_t seed);

// How often levels of one factor, and pairs of levels of two, stand in a part of these cells: the least and the most over all that the
// cells have. Each is as equal as any part of so many cells could have it where most - least <= 1.
struct Evenness {
  std::vector<size_t> factors;  // one or two
  size_t least = 0, most = 0;
};
std::vector<Evenness> evenness(const std::vector<Cell>& cells, const std::vector<Cell>& part);

// Two effects whose estimates are not independent in these cells. `share`: the mean squared canonical correlation of their
// contrasts (after the mean): 1 where the smaller is wholly within the other.
struct Alias {
  std::vector<size_t> effect, with;  // factors: one a main effect, two an interaction
  double share = 0;
};
// Of main effects and interactions of two, main effects first: all pairs whose share is above 1e-6. Effects that these cells leave
// no contrast for (a factor with one level) are not among them. With so many levels that interactions would take too long, of main
// effects alone.
std::vector<Alias> aliases(const std::vector<Cell>& cells);

}  // namespace parley::stats
