// How much of what varies goes with which factor: balanced designs.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "stats/two_samples.h"

namespace parley::stats {

// A unit of a crossed design: its value, its level of each factor (numbered from 0), and what is drawn as a whole.
struct Crossing {
  double value = 0;
  std::vector<uint32_t> levels;
  uint32_t cluster = 0;
};

// Of one factor, or of two together beyond what each does: eta squared = SS / SS_total (Fisher 1925; formulas as Maxwell, Delaney and
// Kelley 2018, chapters 7 and 8). With m the mean of all N units, m_a of those at level a and m_ab of those at levels a and b:
//   SS_A = sum over units (m_a - m)^2,   SS_AB = sum over units (m_ab - m_a - m_b + m)^2,   SS_total = sum over units (x - m)^2.
// In a balanced design the shares of all effects and the residual sum to 1. Where combinations are left out, effects may say a part of
// the same: each has what it says by itself (an interaction beyond its two factors), and the residual is what all leave together, by
// least squares.
struct VarianceShare {
  std::vector<size_t> factors;  // one or two, by index; none: the residual
  double df = 0;
  double share = 0;
  // Percentiles (Efron 1979) over draws, with replacement, of blocks; else of clusters, each among those of its cells. Of 0 draws
  // neither this nor `chance` says anything.
  Interval interval;
  double chance = 0;  // chance alone gives less than this with probability `level`; 0 for the residual
};
// `effects`: those wanted, of one factor or two. `block`: the factor that stands for blocks, if one does: then these are drawn, as wholes.
// What chance gives of one factor: from exchanging values among its levels where all other factors, blocks too, are the same (a
// restricted permutation: Good 2005, 7.2); of two: from exchanging what is left of the values after both factors' means are taken off,
// among their levels where all others are the same, against the SS_total seen (Freedman and Lane 1983). `fraction`: only some of the
// combinations are there, so that nothing could be exchanged where all others are the same: what all other effects wanted leave of the
// values, taken off together, is then exchanged within blocks.
// Requires balance (see unbalanced()) or, of a fraction, that every combination that occurs is there equally often in each block; a
// variance; and of a cluster as many units in each cell as of the others in the same cells.
std::vector<VarianceShare> variance_shares(std::span<const Crossing> units,
                                           std::span<const std::vector<size_t>> effects, std::optional<size_t> block,
                                           uint64_t draws, uint64_t seed, bool fraction = false, double level = .95);

// Of a fraction: those of the interactions wanted that its main effects wanted, all of them together, say wholly.
std::vector<std::vector<size_t>> said_by_main_effects(std::span<const Crossing> units,
                                                      std::span<const std::vector<size_t>> effects,
                                                      std::optional<size_t> block);

// The first cell that has another number of units than most: its level of each factor. Nothing where every combination of the levels
// that occur has as many.
struct OddCell {
  std::vector<uint32_t> levels;
  size_t units = 0, others = 0;
};
std::optional<OddCell> unbalanced(std::span<const Crossing> units);

}  // namespace parley::stats
