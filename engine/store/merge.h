#pragma once
#include <string>
#include <vector>

namespace parley {

// Joins files that hold parts of one study (`run --shard`) in a new file: of each match the better of two, whole before void, failed
// and open. Matches, rows and answers are then those of one run; runs and faults are those of all. The parts stay as they are.
// Freezes and looks are those of all; a part may hold a freeze alone, and so may `out`, which is then replaced.
// Error: `out` is there and holds a study; a part holds none and no freeze, or is of another study, text, seed, parley or plan than the first;
// none holds a study.
void merge(const std::string& out, const std::vector<std::string>& in);

}  // namespace parley
