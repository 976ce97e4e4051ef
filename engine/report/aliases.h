// What a study's file cannot tell apart in its comparisons.
#pragma once
#include <string>
#include <vector>

#include "base/csv.h"
#include "report/compare.h"
#include "stats/varied.h"
#include "store/store.h"

namespace parley {

// What is planned in a file now, factors by their columns (factor_column); of imported tables nothing is varied.
stats::Varied varied_in(const Store& store);

// Of a family of one value, group and where: refuses (Contrast::refused) those that compare a factor which cannot be told from another,
// and returns what is to be warned of, a line each. `rows`: of the study's seats, with columns `condition` and the group; those that are
// planned and not whole are looked at too. `unit` as above.
std::vector<std::string> refuse_confounded(const Store& store, const Rows& rows, const std::string& unit,
                                           std::vector<Contrast>& family);

}  // namespace parley
