#pragma once
#include <string>
#include <vector>

namespace parley {

// Joins files that hold parts of one study (`run --shard`) in a new file: of each match the better of two, whole before void, failed
// and open. Matches, rows and answers are then those of one run; runs and faults are those of all. The parts stay as they are.
// Error: `out` is there; a part is none, or of another study, text, seed, parley or plan than the first.
void merge(const std::string& out, const std::vector<std::string>& in);

}  // namespace parley
