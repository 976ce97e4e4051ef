#pragma once
#include <string>
#include <vector>

#include "study/run.h"

namespace parley {

// What `run` says at its end of the servers that it asked: who answered, tokens and cost, what failed on the way. "warning: " begins
// a line that says that a served model or its fingerprint changed.
std::vector<std::string> spent_lines(const Store& store, const ModelSet& models, const Progress& progress);

// An amount of money: "0", "0.0123", "12.34", "10,000.00".
std::string money_text(double amount);

// What --budget says: 20 is money, 5Mtok, 500ktok and 1000tok are tokens. Misuse: it is neither.
Budget budget_of(const std::string& said);

}  // namespace parley
