// A finite game in normal form, and what theory says of it.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley {

struct NormalForm {
  std::vector<int> actions;                  // how many each seat has
  std::vector<std::vector<double>> payoffs;  // of each outcome by seat; the last seat's action runs fastest

  // An outcome: an action of each seat, from 0.
  using Outcome = std::vector<int>;
  size_t index(const Outcome& outcome) const;
  Outcome outcome(size_t index) const;
};

struct Solution {
  using Outcome = NormalForm::Outcome;

  // An action of a seat that is never better than another of its, whatever the others do, and worse somewhere; strictly: everywhere.
  // `by`: the first action that does so, strictly where one does.
  struct Dominated {
    int seat = 0, action = 0, by = 0;
    bool strictly = false;
    friend bool operator==(const Dominated&, const Dominated&) = default;
  };
  std::vector<Dominated> dominated;
  // What is left of each seat's actions when strictly dominated ones are taken away until there are none.
  std::vector<std::vector<int>> undominated;

  std::vector<Outcome> pure;    // Nash equilibria in pure actions
  std::vector<Outcome> pareto;  // outcomes than which none is better for a seat and as good for the others
  std::vector<Outcome> best;    // those with the largest sum of payoffs
  // The most that a seat can make sure of by one action, and all actions that do.
  struct Maximin {
    std::vector<int> actions;
    double least = 0;
    friend bool operator==(const Maximin&, const Maximin&) = default;
  };
  std::vector<Maximin> maximin;  // by seat

  // Of two seats with two actions: the probabilities with which they give their first actions.
  using Profile = std::array<double, 2>;
  // The extreme equilibria of such a game, sorted. Where a seat is indifferent there may be infinitely many: the others are in `continua`.
  std::vector<Profile> mixed;
  // Two extreme equilibria between which all are equilibria: each seat's probability is any from the one's to the other's.
  std::vector<std::pair<Profile, Profile>> continua;
  // By seat of such a game: the probability of its first action that makes sure of the most on average, and that; none where one action
  // makes sure of as much.
  std::vector<std::optional<std::pair<double, double>>> mixed_maximin;
  // Of such a game with two strict equilibria in pure actions: the one with the larger product of losses to deviate from it
  // (Harsanyi and Selten 1988, section 3.9). None where there are not two, or where the products are equal.
  std::optional<Outcome> risk_dominant;

  // Seats that are paid the same in two outcomes: the game is not strictly ordinal.
  std::vector<int> tied;
};

// Requires at least one seat, an action for each, and a payoff of every seat in every outcome.
Solution solve(const NormalForm& game);

// What the seats of a game of two with two actions are paid on average.
std::array<double, 2> paid_on_average(const NormalForm& game, const Solution::Profile& profile);

// Gambit's format of a normal form by payoffs (.nfg, version 1, "payoff version").
std::string as_nfg(const NormalForm& game, const std::string& title, const std::vector<std::string>& seats,
                   const std::vector<std::vector<std::string>>& actions);

}  // namespace parley
