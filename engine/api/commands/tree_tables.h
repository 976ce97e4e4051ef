// A policy's table as people and programs read it.
#pragma once
#include <string>
#include <vector>

#include "report/table.h"
#include "study/tree.h"

namespace parley {

// How the player fares against one opponent: exactly, or (matches > 0) as means of so many matches.
struct Against {
  std::string opponent;
  Played result;
};

struct TreeTables {
  const TreeShape& shape;
  const PolicyTree& tree;
  std::string own_seat, other_seat;

  // A row a history; for people those of the first rounds.
  Table histories(bool in_full) const;
  // What it does after what both did in the round before, under an opponent that chooses evenly.
  Table memory_one(bool in_full) const;
  // A row an opponent: payoffs in total, rates over all rounds.
  Table against(const std::vector<Against>& all, bool in_full) const;
  // A row an opponent and round.
  Table rounds(const std::vector<Against>& all) const;

 private:
  std::vector<std::string> pairs() const;
};

}  // namespace parley
