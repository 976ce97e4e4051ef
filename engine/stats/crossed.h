// Players who meet each other: crossed, not nested.
#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "stats/two_samples.h"

namespace parley::stats {

// A value of a player (a number) against an opponent, in a match.
struct Meeting {
  double value = 0;
  int group = 0;  // 0 or 1
  uint32_t player = 0, opponent = 0, match = 0;
  double weight = 1;  // as where a match counts once, however many values of a group it has
};

// The difference of the groups' (weighted) means with its standard error, from drawing players and matches with replacement, each by itself: a row weighs
// the product of how often its player, its opponent and its match were drawn (the pigeonhole bootstrap of Owen 2007, Annals of
// Applied Statistics 1, 386; boot-p of McCullagh 2000, Bernoulli 6, 285). It errs on the side of width (Owen, theorem 3). Players are
// drawn among those of their kind (in group 0 alone, in group 1 alone, in both, opponents alone), matches likewise, so that the only
// player of a group is always there. t-based, with so many degrees of freedom as players are drawn, less one a kind.
struct Crossed {
  TTest t;
  double error = 0;
  size_t players = 0;  // that are drawn: of kinds of two or more
  size_t matches = 0;
  size_t fewest = 0;  // players with values in a group, of the group that has the fewest
};
// Nothing where players are not crossed: where the pairs that meet make no ring (each meets but one, or all meet one).
std::optional<Crossed> crossed(std::span<const Meeting> meetings, uint64_t draws, uint64_t seed, double level = .95);

}  // namespace parley::stats
