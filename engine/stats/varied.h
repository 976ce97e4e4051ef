// Which effects the planned conditions of a study cannot tell apart: of what is varied, factors and interactions of two.
#pragma once
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/value.h"

namespace parley::stats {

// A seat as it is planned: the condition it plays in, and its group in a comparison.
using GroupedSeat = std::pair<std::string, std::string>;

// The conditions of a study by name, with the levels of what it varies. What games say of themselves (Condition::levels holds that
// too) is no factor.
class Varied {
 public:
  // `levels`: as Condition::levels. Of several conditions of one name the first is kept.
  Varied(std::vector<std::string> factors, const std::vector<std::pair<std::string, Value>>& conditions);
  static std::string name(const std::vector<std::string>& effect);  // "story", "labels x story"

  bool has(const std::string& factor) const;

  // Effects that are not independent of each other in all conditions, or in those that are named: main effects first.
  struct Alias {
    std::vector<std::string> effect, with;
    double share = 0;  // as stats::Alias
    bool wholly() const { return share > 1 - 1e-6; }
  };
  std::vector<Alias> aliases() const;
  std::vector<Alias> aliases(const std::set<std::string>& conditions) const;

  // What a difference between two groups of a factor may come from as well, in the conditions in which these seats play: factors that
  // say which group it is (`wholly`: no test of it is one of the factor, unless their levels are its units); other effects, as people
  // read them, that are so in part, and interactions that say it (`partly`: those of a share above kSmallShare, the largest first).
  struct Confounded {
    std::vector<std::string> wholly, partly;
  };
  Confounded confounded(const std::string& factor, const std::vector<GroupedSeat>& seats) const;

 private:
  std::vector<Alias> aliases_of(const std::vector<std::vector<std::string>>& conditions) const;

  std::vector<std::string> factors_;
  std::map<std::string, std::vector<std::string>> levels_;  // by condition
};

constexpr double kSmallShare = .05;

// Why no test of a difference between groups of `factor` is one of it: "punishment cannot be told from sucker, ..."; "": it is.
// `unit`: the column that is the unit of the comparison, "" where it is the match.
std::string why_confounded(const Varied::Confounded& found, const std::string& factor, const std::string& unit);
// "a difference by story may be one of labels x unit and 3 more as well ..."; only where something is partly so.
std::string partly_text(const Varied::Confounded& found, const std::string& factor);

}  // namespace parley::stats
