// Orthogonal arrays: parts of a full crossing in which every pair of levels of two factors stands equally often.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "stats/fraction.h"

namespace parley::stats {

// `n` different cells of the full crossing of factors with so many levels, each pair of levels of each two factors equally often,
// where one of these constructions gives them; nothing says only that none does.
//
// Regular fractions (Bose 1947, Sankhya 8:107; Wu 1989, "Construction of 2^m 4^n designs", for unequal levels): with levels p^s of a prime
// p the runs are the vectors of GF(p)^m and a factor is a subspace of s of its linear forms; two factors that share no form but 0 have
// each pair of levels equally often. The subspaces are searched for so that few forms of three factors, then of four, sum to 0: those
// are the words of length 3 and 4, by which main effects and interactions of two are aliased. Levels of several primes are crossed,
// prime by prime; n may be a multiple of that: so many cosets.
// Of factors with two levels also columns of a Hadamard matrix of order n = p + 1 (Paley 1933; Plackett and Burman 1946, Biometrika
// 33:305, for n = 12, 20, 24). Of three factors with as many levels each Latin squares; and the array of 18 runs for up to seven factors
// of three levels and one of two, or six and one of six.
//
// Which factor gets which forms or column, the order of levels and the cosets are drawn; `key` is of these draws.
std::optional<std::vector<Cell>> orthogonal_array(const std::vector<uint32_t>& levels, size_t n, std::string_view key);

}  // namespace parley::stats
