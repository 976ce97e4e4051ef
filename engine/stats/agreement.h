// Whether coders who judge the same things agree beyond chance.
#pragma once
#include <optional>
#include <span>
#include <vector>

namespace parley::stats {

// Codes of one thing by coder: a number of the code, from 0; -1: that coder gave none.
using Codes = std::vector<int>;

// Of two coders, over the things that both coded: the share coded alike, and Cohen's kappa (1960), (share - expected) / (1 - expected)
// with what is expected by each coder's own frequencies. No kappa where each gave one code alone and the same, or nothing was coded by both.
struct Kappa {
  size_t both = 0;
  double alike = 0;
  std::optional<double> kappa;
};
Kappa cohen_kappa(std::span<const Codes> things, size_t first, size_t second);

// Krippendorff's alpha for nominal data, any number of coders and missing codes (Content Analysis, 2019, chapter 12): 1 - observed by
// expected disagreement, over things that two or more coded. None where no thing has two codes, or only one code was given.
std::optional<double> krippendorff_alpha(std::span<const Codes> things);

}  // namespace parley::stats
