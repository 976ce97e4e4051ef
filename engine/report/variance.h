#pragma once
#include "report/compare.h"
#include "report/table.h"

namespace parley {

// How much of a value's variance goes with each factor, each two factors together, blocks (roles.block), and with none of them: of
// units (roles.unit, else roles.cluster: the match), whose rows are first averaged within each cell. Factors of one level are left
// out. Columns: factor, df, share, low, high, chance (see stats/variance.h). Of a balanced part of a design (a study's `balance`), seen from
// the combinations that are there: main effects that are aliased with no other, with the interactions that they cannot be told from in
// a column `aliased with`; interactions that are aliased with nothing asked for; the others are named in the notes. Misuse: no such
// column, no factor. Error: the design is not balanced, naming a cell; too few units; no variance.
Table variance_table(const Rows& rows, const ColumnRoles& roles, const std::string& value,
                     const std::vector<std::string>& factors, const Where& where, uint64_t seed);

}  // namespace parley
