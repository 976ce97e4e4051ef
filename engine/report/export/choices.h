// The choices of a match, a row each, out of the arrays that the store keeps.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "store/store.h"

namespace parley {

// In the order of rounds, seats and decisions: round, seat, its name, player, strategy, model, decision, number in the round,
// action, done, missing, payoff, own last, other's last, and, where `seats` is more than 2, the last of each seat: the columns
// of choices.csv (codebook.h says what they mean).
void each_choice(const Store& store, int64_t match, int seats,
                 const std::function<void(const std::vector<Value>&)>& row);

}  // namespace parley
