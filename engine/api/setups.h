// Games as the matches of a store have them.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "report/attrition.h"
#include "store/store.h"
#include "study/replay.h"

namespace parley {

// Games set up from the texts that a store keeps, each once.
class Setups {
 public:
  explicit Setups(const Store& store) : store_(store) {}
  // Of a match with these inputs: a game under settings, with so many seats at one table.
  const GameSetup& of(int64_t inputs, const std::string& game, const Value& settings, int seats);

 private:
  const Store& store_;
  std::map<int64_t, std::unique_ptr<Kit>> kits_;  // by inputs
};

// What a seat of each planned match can be paid in a round, where its game states its payoffs and the store holds the game's text.
PayoffRanges payoff_ranges(const Store& store);

}  // namespace parley
