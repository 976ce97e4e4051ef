#pragma once
#include "report/csv.h"
#include "store/store.h"

namespace parley {

// What a study is analysed by: a row for each seat of each whole match, as planned now. Columns: match, block, condition, each factor
// by its name, game, seat, player, strategy, payoff (mean of a closed round), first (share of the first action among choices out of
// lists), equal (share of rounds in which two seats with one action set chose alike: the match's, for both), transcript (alike for
// matches in which all was chosen alike). What there is none of is empty.
Rows units_of(const Store& store);

}  // namespace parley
