// What did not come about, by condition, and what it may do to a comparison.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "report/compare.h"
#include "report/table.h"
#include "store/store.h"

namespace parley {

// The matches of a condition.
struct Attrition {
  std::string condition;
  uint64_t planned = 0, whole = 0, failed = 0;
  uint64_t pending = 0;                      // absent or open
  std::map<std::string, uint64_t> void_why;  // by reason
  uint64_t missing = 0;  // choices of whole matches that could not be read, something else being done
  uint64_t voided() const;
};
// In the order of the plan.
std::vector<Attrition> attrition_of(const Store& store);
// A row for each condition; and for each reason why matches of it are void.
Table attrition_table(const std::vector<Attrition>& all);
Table void_table(const std::vector<Attrition>& all);

// Whether being void goes with the condition, of the matches that came to an end: Fisher's exact test of two conditions, of more a
// chi-square with a p-value by 10,000 exchanges. Nothing where none or all are void, or there is one condition.
struct VoidTest {
  double p = 1;
  std::optional<double> chi_square;  // where it was drawn
};
std::optional<VoidTest> void_by_condition(const std::vector<Attrition>& all, uint64_t seed);

// The worst that the rows that lack could do to a difference of means, a - b: all of a's are the least and all of b's the most that can
// be, and the other way round (Horowitz and Manski 2000, J. Am. Stat. Assoc. 95, 77).
struct Bounds {
  size_t lacking_a = 0, lacking_b = 0;
  double difference = 0;  // of those that there are
  stats::Interval bounds;
  double least = 0, most = 0;
  std::string why;  // where least and most are from
};
// Of a contrast of units_of(store); `roles` has no unit of its own. A payoff is between the least and the most that anybody was paid in a
// round; what lies within 0 and 1 throughout may be 0 or 1; else the least and the most that were seen.
Bounds worst_case(const Store& store, const Observations& seen, const Contrast& contrast);

}  // namespace parley
