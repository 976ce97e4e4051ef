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

// Whoever sees a comparison or a mean of a study before its declared end has looked at it: keeps that in the file, once for each number of
// blocks that are over; where it cannot be written, a line says so. `beside`: more is shown than the declared comparisons, which need a
// block that is over; a line says that it is a look.
void count_look(const Store& store, const Declared& declared, bool beside, Console& console);

// Prints the declared comparisons of a study as they stand, as text or by --json, --latex, --as-csv. Nothing but a line where no block is
// over. With --json, `exploratory` (else nil) stands beside.
void tell_declared(const Store& store, const Declared& declared, const Args& args, Console& console,
                   const Value& exploratory = {});

}  // namespace parley
