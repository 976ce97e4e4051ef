#pragma once
#include <array>
#include <string>
#include <vector>

#include "report/table.h"
#include "store/store.h"

namespace parley {

// A whole match, as planned now, of two seats with one decision each, out of two actions, once a round.
struct PlayedPair {
  uint64_t match = 0;  // its number
  std::string game;
  struct Seat {
    std::string player;
    std::array<std::string, 2> actions;
    // By round: 0 the first action, 1 the second, -1 missing. meant: what was chosen; done: what came of it (a tremble, what is done in
    // place of a missing choice): that is what the other answers to.
    std::vector<int8_t> meant, done;
    bool counts = true;  // else it is what the other answered to, and nothing is told of it
  };
  std::array<Seat, 2> seats;
};
std::vector<PlayedPair> pairs_of(const Store& store);

// How a player chooses, given the round before.
struct Policy {
  std::string player;
  struct Share {
    uint64_t first = 0, n = 0;  // choices of the first action (or what is said below), of so many
  };
  Share opening;               // in round 1
  std::array<Share, 4> after;  // after own first and the other's first; first, second; second, first; second, second
  Share last;                  // in the last round of a match of several
  Share before_last;           // in the rounds before that
  // Once the other has done its second action for the first time: own second actions in the round right after; and own first actions in
  // all later rounds in which the other had done its first in the round before.
  Share retaliates, forgives;
  // Turn-taking. Rounds from the second on in which both did another action than in the round before: alike, from both first to both
  // second or back (where players want to meet); apart, from one first and one second to the other way round (where they do not).
  Share turns_alike, turns_apart;
};
// By player, in alphabetical order.
std::vector<Policy> policies_of(const std::vector<PlayedPair>& pairs);

// Shares, with how many they are of: by the round before; and what came of the other's first second action, of the end, of turns.
// For people ".58 of 19"; for programs (`in_full`) the share a number, and how many in a column of its own, "n of ...".
Table policy_table(const std::vector<Policy>& policies, bool in_full = false);
Table reaction_table(const std::vector<Policy>& policies, bool in_full = false);

}  // namespace parley
