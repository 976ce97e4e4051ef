// How often a declared test comes out, over many studies: played in memory, or put together from the blocks of a pilot.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "report/declared.h"
#include "report/table.h"
#include "script/scripts.h"
#include "study/design.h"
#include "study/models.h"

namespace parley {

// The players of a design whose answers cost something, or take a real model: those that power cannot play.
std::vector<std::string> dear_players(const Design& design);

// The units (as `units` has them of a store) of a study played to its end in memory; void matches lack. Error: an author's mistake, a
// model that does not answer.
Rows units_played(const Design& design, const StudyInfo& info, Scripts& scripts, ModelSet& models,
                  const std::function<Rows(const Store&)>& units);

// Studies of `blocks` blocks, drawn with replacement from the whole blocks of a pilot: a function of seed and number of the draw.
class Pilot {
 public:
  // `rows`: units_of(); of them those of blocks in `over`, of which there is one at least.
  Pilot(const Rows& rows, const std::set<uint64_t>& over, uint64_t seed);
  Rows drawn(uint64_t draw, uint64_t blocks) const;

 private:
  Rows rows_;
  size_t block_, match_;
  std::vector<std::vector<size_t>> by_block_;
  uint64_t seed_;
};

// Of a primary contrast at n blocks, over all draws.
struct Power {
  uint64_t n = 0, draws = 0;
  uint64_t below = 0;       // p below alpha: at n, or at a planned look before, each at alpha over the number of looks
  uint64_t equivalent = 0;  // where a margin is declared: TOST below alpha at n
  uint64_t untested = 0;    // at n, for want of values or variance; they count as not below
};
// For each n, in order, one for each primary contrast. `study`: the units of the k-th draw, from 1, of as many blocks as the largest n.
std::vector<Power> power_of(const Declared& declared, const std::vector<uint64_t>& ns, uint64_t draws,
                            const std::function<Rows(uint64_t k)>& study);
Table power_table(const Declared& declared, const std::vector<Power>& found);

}  // namespace parley
