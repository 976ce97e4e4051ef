// What came out of a study, at a glance: a row for each condition and line-up, over the newest version of its matches. What was chosen and
// paid is of whole matches.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/value.h"
#include "report/table.h"
#include "store/store.h"

namespace parley {

// What a seat did in one decision. Missing choices are not among those made.
struct DecisionSummary {
  std::string decision;
  std::string first;            // the name of the first action; "" where it is not always the same, or no list
  std::optional<double> share;  // of the first action
  std::optional<double> mean;   // of numbers
  uint64_t made = 0;
};

struct SeatSummary {
  std::string name, player;
  std::optional<double> payoff;  // mean a closed round; none: nobody is paid, or nothing was played
  std::vector<DecisionSummary> decisions;
};

struct SummaryRow {
  std::string condition;  // its name, "" where nothing is varied
  Value levels;           // record: factor to level
  std::vector<SeatSummary> seats;
  uint64_t planned = 0, whole = 0, voided = 0, failed = 0;  // the rest is open or absent
  uint64_t missing = 0;                                     // choices
  std::optional<double> equal;  // two seats with one set: share of rounds in which both chose the same
  std::optional<double> mass;   // median legal mass of its scored questions
  uint64_t distinct = 0;        // among its whole matches, those in which not all was chosen alike
};

// In the order of the factors' levels; under a condition, line-ups whose first seat asks a model come first, then by name.
std::vector<SummaryRow> summarize(const Store& store);

// Takes away what was chosen and paid, where that is not to be seen yet: what is left says how far it is.
void hide_results(std::vector<SummaryRow>& rows);

// For people: shares as .62, payoffs and shares by seat. Names of actions are cut where it would be wider than `width`.
Table summary_text(const std::vector<SummaryRow>& rows, size_t width = 100);
// For programs: a column for each number, seats by number.
Table summary_data(const std::vector<SummaryRow>& rows);
// For programs that take records: seats and decisions as lists.
Value summary_value(const std::vector<SummaryRow>& rows);

}  // namespace parley
