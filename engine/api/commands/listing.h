#pragma once
#include <string>
#include <vector>

#include "api/command.h"
#include "report/table.h"
#include "store/store.h"

namespace parley {

// Prints tables one below the other; or as --json: a record of them by title; or as --csv: the last of them.
void print(const std::vector<Table>& tables, const Args& args, Console& console);

// The table that `run` ends with, as text or as --json or --csv ask for; in text with the reasons why matches are void or
// failed. Before the end that a study declares it says how far it is, and not what was chosen and paid.
void print_summary(const Store& store, const Args& args, Console& console);

// Lines of which there may be many, as what differs: the first ten, and how many more there are; to the standard error.
void print_first(const std::vector<std::string>& lines, Console& console);

}  // namespace parley
