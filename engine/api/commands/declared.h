// What `stats` says of what a study declared before its data were seen (report/declared.h).
#pragma once
#include <string>

#include "api/command.h"
#include "report/declared.h"
#include "store/store.h"

namespace parley {

// The units of a study, with the measures that a declared analysis looks at, as the study was last run.
Rows declared_units(const Store& store, const Declared& declared);

// Whether the options ask for a comparison of their own, beside the declared ones.
bool explores(const Args& args);

// Prints the declared comparisons of a study as they stand, as text or by --json, --latex, --as-csv; where the end is not reached that is a
// look, and it is kept in the file: where that cannot be written, a line says so. Nothing but a line where no block is over.
// With --json, `exploratory` (else nil) stands beside.
void tell_declared(const Store& store, const Declared& declared, const Args& args, Console& console,
                   const Value& exploratory = {});

}  // namespace parley
