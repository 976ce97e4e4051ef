#pragma once
#include <compare>

namespace parley {

// Where a request of a match stands: the n-th ask of a seat (from 1), its sample (from 1; 1 where it is not sampled) and
// its try (1 to 3). Replies are stored under it, draws are keyed by it, rows are numbered by it.
struct Place {
  int seat = 0;  // from 1; observers after the last seat
  int n = 0;
  int sample = 1;
  int attempt = 1;  // the try: 2 and 3 follow an answer that could not be read
  friend auto operator<=>(const Place&, const Place&) = default;
};

inline constexpr int kTries = 3;

}  // namespace parley
