#pragma once
#include <map>
#include <string>
#include <vector>

#include "report/policy.h"
#include "report/table.h"

namespace parley {

// How well a fixed rule with a tremble tells a player's choices. In each round the rule says what it would do after what was done in the
// rounds before, by both (not after what it would have done itself); a choice differs with probability e. Of n choices of which k differ
// e is k / n, and no more than 1/2: a rule that errs more often than a coin tells nothing. The likelihood is k ln e + (n - k) ln (1 - e)
// (Dal Bo and Frechette 2011, Am. Econ. Rev. 101, 411, of one rule for a player).
struct RuleFit {
  std::string player, rule;
  uint64_t choices = 0, differ = 0;
  double tremble = 0, likelihood = 0;
  bool best = false;  // of this player; several where they tie
  // Whether a coin tells the choices as well: a likelihood-ratio test of the tremble against 1/2, at .05.
  bool no_better_than_coin() const;
};
struct RuleFits {
  std::vector<RuleFit> fits;          // by player, in alphabetical order, then the best first
  std::vector<std::string> drawn;     // rules that leave something to chance: they have no one answer
  std::vector<std::string> left_out;  // rules that these matches are not for, or that need settings
};
// `strategies`: the texts of fixed rules, under their default settings, by name.
RuleFits fit_rules(const std::vector<PlayedPair>& pairs, const std::map<std::string, std::string>& strategies);
Table rule_table(const RuleFits& fits);

}  // namespace parley
