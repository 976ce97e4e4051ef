// Each group's mean compared with a number, as .5 where neither of two is preferred.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "report/compare.h"
#include "stats/one_sample.h"

namespace parley {

struct OneSample : TestResult {  // t: of the difference, mean - number
  std::string value;             // whose mean it is
  double number = 0;             // with which it is compared
  ComparedGroup group;
  std::optional<stats::Permutation> signs;  // of clusters
  std::optional<stats::Bootstrap> drawn;    // where there are two clusters
  // Where every value is 0 or 1, whether tested or not.
  struct Shares {
    uint64_t yes = 0, n = 0;
    stats::Interval wilson;
    std::optional<double> binomial;  // where the number is within 0 and 1
  };
  std::optional<Shares> shares;
};

// All groups, in order of appearance: one family.
std::vector<OneSample> compare_with(const Observations& from, const std::string& value, double number,
                                    const Testing& how);

}  // namespace parley
