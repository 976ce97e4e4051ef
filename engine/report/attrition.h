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
  uint64_t unread =
      0;  // of their predictions and answers to questions with a right answer, those that could not be read
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

// Where a value of what lacks must lie.
struct Range {
  double least = 0, most = 0;
};
// What a seat can be paid in a round, by number of the match and name of the seat, where a game states it.
using PayoffRanges = std::map<std::string, std::map<std::string, Range>>;

// The worst that the rows that lack could do to a difference of means, a - b: all of a's are the least and all of b's the most that can
// be, and the other way round (Horowitz and Manski 2000, J. Am. Stat. Assoc. 95, 77). A group of which nothing came about has bounds too.
struct Bounds {
  size_t lacking_a = 0, lacking_b = 0;
  std::optional<double> difference;  // of those that there are; nothing where a group has none
  std::optional<stats::Interval>
      bounds;                    // nothing where it is not known what a value can be, or a group has no seats at all
  std::vector<std::string> why;  // sentences: where the range is from, which group has nothing
};
// Of a contrast of units (units_of and measures, what is excluded left out) and of those that lack beside them (lacking_of). A payoff is
// within `payoffs`; where these do not say, between the least and the most of a round that was paid; a share between 0 and 1; all else
// between the least and the most that were seen. Misuse: a column of the contrast, or the unit, is not known of what lacks.
Bounds worst_case(const Store& store, const Rows& units, const Rows& lacking, const ColumnRoles& roles,
                  const Contrast& contrast, const PayoffRanges& payoffs);

}  // namespace parley
