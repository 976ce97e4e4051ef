#pragma once
#include "base/csv.h"
#include "store/store.h"

namespace parley {

// What the column of a factor is called in the tables below: its name; factor_NAME where a column of one of them is called so by itself.
// strategy, model, game and player say what is varied.
std::string factor_column(const std::string& factor);
// Levels by factor (Condition::levels), by their columns.
Value levels_by_column(const Value& levels);
// The columns of what the study varies, in alphabetical order.
std::vector<std::string> factors_of(const Store& store);

// What a study is analysed by: a row for each seat of each whole match, as planned now. Columns: match, block, condition, each factor
// (factor_column), game, seat, player, strategy, model (that it asks), payoff (mean of a closed round), first (share of the first action among choices out of
// lists), equal (share of rounds in which two seats with one action set chose alike: the match's, for both); of a seat that asks,
// of its answers out of lists, beliefs and questions with a right answer apart, shown_first (the share that is the option named first
// in the question) and label_first (the share that is the first of the study's list of labels): .5 of two where the order and the
// labels are balanced and the model looks at neither; transcript (alike for matches of one game in which the same players were asked,
// chose and were paid alike, whoever sat where), chance (1: it took part in the match; 0: played again it is the same), scored (mean
// probability of the first action among scored choices out of lists), right (of a seat's questions with a right answer, the share that
// was answered right; what could not be read is not), missing (how many of its choices could not be read), opponent (the other's
// player, of two), pairing (the players of the match, whatever their seats), wording (cover, unit, labels, orders). What there is none of is empty.
Rows units_of(const Store& store);
// These columns in their order, but for the factors.
struct UnitColumn {
  std::string name, meaning;
  bool number = false;  // it may be compared
};
const std::vector<UnitColumn>& unit_columns();

// A row for each seat of each planned match that is not whole: columns as above up to model, then opponent and pairing.
Rows lacking_of(const Store& store);

// The beliefs of a study: a row for each of which something came true, and for each answer to a question with a right answer.
// Columns as above up to model, then round (in which it was said), about (the seat, or "right answer"), decision, question (the
// strategy's), unread (1: it could not be read), hit (1: the other did what was said, the answer is right; of a prediction that could not
// be read nothing, of an answer 0), and of scored predictions brier (sum over actions of the squared difference between the probability
// and what was: 0 best, 2 worst; Brier 1950), log (minus the natural logarithm of the probability of what was; nothing where that was 0,
// as it is infinite then), given (that probability; nothing, as of brier and log, where a server did not show it), guess, truth,
// transcript, chance, opponent, pairing, wording.
Rows beliefs_of(const Store& store);

// A row for each round of each seat of each whole match. Columns as above up to model, then round, payoff, first, equal, shown_first,
// label_first (as above, of the round; equal: 0 or 1), transcript, chance, opponent, pairing, wording.
Rows rounds_of(const Store& store);

}  // namespace parley
