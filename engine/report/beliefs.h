#pragma once
#include "report/compare.h"
#include "report/table.h"

namespace parley {

// How good the beliefs of each group are, and beside it how good it would have been to know no more than the base rate: of each decision
// of each game, and each question with a right answer, the shares s of what came true in that group. Always saying the commonest hits max(s); saying s as a prediction has the Brier score
// 1 - sum s^2 and the log score -sum s ln s. Columns: the group, n, unread (how many could not be read: answers to questions with a right
// answer are among n, and wrong), hit, base hit; of scored beliefs n scored, brier, base brier, log, base log, at 0 (how many gave what came
// true no probability: their log score is infinite, and log is of the others). Sorted as people sort names. `rows`: beliefs_of.
Table belief_table(const Rows& rows, const std::string& group, const Where& where);

}  // namespace parley
