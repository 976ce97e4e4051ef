// A player's policy as a table (issue 5, point 5): the study that asks for every history which the other seat can lead to, what its
// file then says, and how fixed rules fare against it. The study is one as any other: a match for each way in which the other seat
// may move (strategies/plan.lua). Its requests are pure, so that each history is asked for once however many matches share it.
#pragma once
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "game/policy_tree.h"
#include "script/match.h"
#include "store/store.h"

namespace parley {

// Which histories a table has.
struct TreeShape {
  int seat = 1;  // of the player
  int own = 2, other = 2, rounds = 1;
  // Whether the player's own choices branch too: where they are drawn. By arg-max what it does follows from what the other did.
  bool branches = false;
  std::vector<Value> own_actions, other_actions;
  std::vector<std::array<double, 2>>
      payoffs;  // of each pair of actions, the player's slowest: the player's, the other's

  double nodes() const { return histories(branches ? own * other : other, rounds); }
};
inline constexpr double kMostNodes = 100'000;

// Of a match of the player, seated there, against any fixed rule. It is played once with even answers, so that nobody is asked.
// Error, with what to do: the game is not one of two seats given by payoffs over lists; its end is drawn; the player's choices are no
// function of the history that the store could hold: it asks for text, draws by itself, or (branches) asks twice in a turn; there
// would be more than kMostNodes histories.
TreeShape tree_shape(Scripts& scripts, std::shared_ptr<const Plan> plan, int seat);

// `player`: its entry in a study's `players`.
StudyFile tree_study(const std::string& game, const Value& player, const TreeShape& shape);

// The table, from the file of such a study whose matches are whole.
// Error: a match is not; the same history was answered in two ways; an arg-max tied; what the player did is not what it answered.
PolicyTree tree_of(const Store& store, const TreeShape& shape);

// A fixed rule against the table. `plan`: of a match in which strategy `plan`, with any moves, has the player's seat and the rule the
// other.
class Rival {
 public:
  Rival(Scripts& scripts, std::shared_ptr<const Plan> plan, const TreeShape& shape);
  // Its move after a history: all of the chance on one action.
  std::vector<double> operator()(const History& history);
  // Whether it has drawn so far: then what it does is no function of the history.
  bool drew() const { return drew_; }

 private:
  void play(Moves own);
  Scripts& scripts_;
  std::shared_ptr<const Plan> plan_;
  const TreeShape& shape_;
  std::map<Moves, int> moves_;  // by the player's past: the rule's own follows from it
  bool drew_ = false;
};

// Means over matches that were played, with the standard error of each payoff.
struct Played {
  Expected mean;
  std::array<double, 2> error{};
  int matches = 0;
};
// The player against a rule that draws: `matches` matches that differ in what is drawn alone, the player's questions answered by
// `answer`. For each match its whole play is one observation. Error: a match does not come to its end.
Played play_matches(Scripts& scripts, std::shared_ptr<const Plan> plan, const TreeShape& shape, int matches,
                    const std::function<Reply(const Request&)>& answer);

}  // namespace parley
