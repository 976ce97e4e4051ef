// Groups compared with a number, as people and programs read them.
#pragma once
#include <vector>

#include "api/console.h"
#include "base/value.h"
#include "report/one_sample.h"
#include "report/table.h"

namespace parley {

// As tell(), value_of() and the tables of comparison.h.
void tell(const OneSample& one, const Testing& how, bool distinct, Console& console);
Value value_of(const OneSample& one);
Table one_sample_table(const std::vector<OneSample>& all);
Table one_sample_short(const std::vector<OneSample>& all);

}  // namespace parley
