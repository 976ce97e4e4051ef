#pragma once
#include <array>
#include <string>
#include <vector>

#include "report/table.h"
#include "store/store.h"

namespace parley {

// How a player of games of two seats with two actions each chooses, given the round before: of the whole matches as planned now. A
// choice is what was meant; what it answers to is what both did.
struct Policy {
  std::string player;
  struct Share {
    uint64_t first = 0, n = 0;  // choices of the first action, of so many
  };
  Share opening;               // in round 1
  std::array<Share, 4> after;  // after own first and the other's first; first, second; second, first; second, second
  Share last;                  // in the last round of a match of several
};
// By player, in alphabetical order. Empty where a study has no such game.
std::vector<Policy> policies_of(const Store& store);

// Shares, with how many they are of.
Table policy_table(const std::vector<Policy>& policies);

}  // namespace parley
