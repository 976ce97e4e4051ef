// In which order a match shows things: which label stands for which action, the order in which options are named, the
// order of the payoff lines (LUA.md, `label_map`). Functions of the plan alone. Balanced values come from
// balanced_level(): the same in all conditions of a block.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/value.h"
#include "game/plan.h"

namespace parley {

// For each of k actions the number (from 0) of the label that stands for it. "balanced" takes one of the k rotations.
// Where `labels` is a record, k is the number of its names, in alphabetical order, and "balanced" moves labels between
// exactly two names: the engine cannot know which of more names belong to one decision, so that they stay as given.
std::vector<int> label_map(const Plan& plan, int k);

// What each action that has a label is called in this match. `actions`: the game's one declared list, in its order, where
// `labels` is a list; not looked at where it is a record. Empty where the study has no labels: the actions' own names.
std::map<std::string, std::string> labels_by_action(const Plan& plan, const std::vector<Value>& actions);

// The k options of a question in the order shown: for each position the option's number (from 0) in the game's order.
// "balanced" takes one of the k rotations; "each_round" is drawn by nature: one draw for a round, whoever is asked. A
// stated order holds for questions with as many options, others are shown as given. `round` is from 1.
std::vector<int> option_order(const Plan& plan, int k, int round);

// The n payoff lines in the order shown: for each position the line's number (from 0). "balanced" is given or reversed.
std::vector<int> payoff_order(const Plan& plan, int n);

}  // namespace parley
