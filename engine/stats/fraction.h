// A part of a crossed design that stays balanced, and what can no longer be told apart in it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace parley::stats {

// A cell of a crossed design: the level (from 0) of each factor.
using Cell = std::vector<uint32_t>;

// Which `n` of the cells (indices, ascending) leave each level of each factor equally often, pairs of levels of two factors as equally
// often as that allows, then triples: the sums of squared counts are as small as could be found, in this order. Found by exchange
// from drawn starts (Fedorov 1972, "Theory of optimal experiments", ch. 3, with balance of margins in place of a determinant), so
// that regular fractions come out where there are any of few factors. The same cells, n and seed give the same part.
// Requires 1 <= n <= cells.size(), all cells of one length.
std::vector<size_t> balanced_fraction(const std::vector<Cell>& cells, size_t n, uint64_t seed);

// Two effects whose estimates are not independent in these cells. `share`: the mean squared canonical correlation of their
// contrasts (after the mean): 1 where the smaller is wholly within the other.
struct Alias {
  std::vector<size_t> effect, with;  // factors: one a main effect, two an interaction
  double share = 0;
};
// Of main effects and interactions of two, main effects first: all pairs whose share is above 1e-6. Effects that these cells leave
// no contrast for (a factor with one level) are not among them.
std::vector<Alias> aliases(const std::vector<Cell>& cells);

}  // namespace parley::stats
