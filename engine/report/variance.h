#pragma once
#include "report/compare.h"
#include "report/table.h"
#include "stats/varied.h"

namespace parley {

// How much of a value's variance goes with each factor, each two factors together, blocks (roles.block), and with none of them: of
// units (roles.unit, else roles.cluster: the match), whose rows are first averaged within each cell. Factors of one level are left
// out. Columns: factor, df, share, low, high, chance (see stats/variance.h). `varied`: what a study varies, whether it is among the
// factors or not (nullptr: of a table, these alone). A factor that is named twice counts once. Where conditions are left out (a study's
// `balance` or `where`), seen from those that are there: main effects that can be told from each other, interactions of two of these that
// are wholly aliased with nothing and more than the main effects together; with what else they cannot be told from, or in part with its
// share, in a column `aliased with`; each of the others is named in a note. Where chance took part in no match (roles.chance) there is no
// low, high or chance. Misuse: no such column, no factor. Error: the design is not balanced, naming a cell; nothing can be told apart; too
// few units; no variance.
Table variance_table(const Rows& rows, const ColumnRoles& roles, const std::string& value,
                     const std::vector<std::string>& factors, const Where& where, uint64_t seed,
                     const stats::Varied* varied = nullptr);

}  // namespace parley
