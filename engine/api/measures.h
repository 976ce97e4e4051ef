// Measures of whole matches that are reckoned from a store, and ask no model anything: those that the engine knows, those that a game
// noted, and those that the study defines (LUA.md, `measures`).
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "base/csv.h"
#include "store/store.h"

namespace parley {

// What the engine measures, each with what it is:
//   joint                   share of rounds in which both did their first action: two seats of two actions, once a round
//   alternation             share of rounds from the second on in which both did another action than in the round before; of the same
//   efficiency              sum of all payoffs by the largest that an outcome of the game has, both a round: games given by payoffs
//   efficiency_equilibrium  the same by the largest sum of an equilibrium, pure or, of two seats with two actions, mixed
//   inequality              Gini coefficient of the seats' totals (mean absolute difference by twice the mean)
// The rate of the first action and the share of rounds in which both did the same stand in units_of: first, equal. Where a base is not
// above 0, or a total is negative, there is no value.
const std::vector<std::pair<std::string, std::string>>& engine_measures();

// Puts a column for each measure of the study behind those of `units` (units_of: rows with `match` and `seat`): the engine's where a
// match has them, what games noted (the mean over rounds of numbers and of true as 1; a word where it was noted once), and the study's
// own: as it was last run, or, where that is said, as the study's file has them now. A measure of a match stands in the rows of all its
// seats. Error, with file and line: a measure of the study fails, or gives
// neither a number, a boolean, a word, nor a table of these by seat.
void add_measures(const Store& store, Rows& units, const std::string& study = "");

}  // namespace parley
