// How a player of a game of two seats chooses after every history that can come about, as a table, and what follows from it without
// playing: expected payoffs and rates against anyone whose own rule is known. They are sums over the histories: exact, with no
// sampling error.
#pragma once
#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/value.h"

namespace parley {

using Moves = std::vector<int>;  // actions by round, numbers from 0

// The rounds so far: what the player of the table and what the other chose in each.
struct History {
  Moves own, other;
  size_t rounds() const { return own.size(); }
  History with(int own_next, int other_next) const;
  // Shorter ones first; then by the other's moves, then by the own.
  friend bool operator<(const History& a, const History& b);
  friend bool operator==(const History&, const History&) = default;
};

struct PolicyTree {
  struct Node {
    std::vector<double> chance;  // that it chooses each action
    // What it was decided from: the probability of each label, renormalised. Empty for a fixed rule.
    std::vector<double> scores;
    double mass = -1;  // legal mass of these; -1: no scores
  };
  int own = 2, other = 2;  // how many actions each has
  int rounds = 1;
  std::map<History, Node> nodes;  // all that can come about, of 0 to rounds - 1 rounds

  // Error: it is not there.
  const Node& at(const History& history) const;
};

// How many histories there are of fewer than `rounds` rounds, where each leads to `branches` longer by one round. As a double, since
// it grows beyond any whole number.
double histories(int branches, int rounds);

// The chance of each of the other's actions after a history. It is asked only for histories that can come about.
using Opponent = std::function<std::vector<double>(const History& history)>;
// One that chooses any action, each as likely.
Opponent uniform_opponent(int actions);

struct Expected {
  std::array<double, 2> payoff{};          // in total: the player's, the other's
  std::vector<std::vector<double>> joint;  // by round: the chance of each pair of actions, the player's slowest
  // Over all rounds, or in one (from 0): the chance of each pair; of an action of the player's or (whose = 1) the other's.
  std::vector<double> overall() const;
  static double share(const std::vector<double>& joint, int others, int whose, int action);
};
// `payoffs`: of each pair of actions, the player's slowest: the player's and the other's.
// Error: the table lacks a history that can come about.
Expected expected(const PolicyTree& tree, const std::vector<std::array<double, 2>>& payoffs, const Opponent& opponent);

// What the player does after each pair of actions of the round before, over rounds 2 to the last. A table by itself says how it
// chooses after a history, not how often that comes about: histories are weighted by their chance against an opponent, so that each
// round counts alike.
struct MemoryOne {
  struct After {
    double weight = 0;  // the chance of these histories together, of 1; 0: they never come about, and the rest is empty
    size_t histories = 0;
    std::vector<double> chance, scores;  // means; scores empty where the table has none
  };
  After opening;
  std::vector<After> after;  // by the pair of actions, the player's slowest
};
MemoryOne memory_one(const PolicyTree& tree, const Opponent& opponent);

// As strategies/frozen.lua reads it, `letters` being those of the actions of both. Where each past of the other's leads to one
// history and it is certain everywhere: from that past to the letter that follows. Else from the own past and the other's, "JF/JJ", to the chance of each letter.
Value frozen_policy(const PolicyTree& tree, const std::vector<std::string>& letters);

// The action with the largest chance; of several the first.
int likeliest(const std::vector<double>& chance);

}  // namespace parley
