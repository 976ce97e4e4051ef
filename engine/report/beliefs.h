#pragma once
#include "report/compare.h"
#include "report/table.h"

namespace parley {

// How good the beliefs of each group are, and beside it how good it would have been to know no more than the base rate: of each decision
// of each game, and each question with a right answer, the shares s of what came true in that group. Always saying the commonest hits max(s); saying s as a prediction has the Brier score
// 1 - sum s^2 and the log score -sum s ln s. Columns: the group, n, hit, base hit; of scored beliefs n scored, brier, base brier, log,
// base log (log: of those that gave what came true more than nothing). In order of appearance, numbers in theirs. `rows`: beliefs_of.
Table belief_table(const Rows& rows, const std::string& group, const Where& where);

}  // namespace parley
