// One play of one game by given players: passive, so that thousands are in flight on one thread (DESIGN 3).
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "game/place.h"
#include "game/plan.h"
#include "game/transcript.h"
#include "model/model.h"
#include "script/scripts.h"

namespace parley {

struct Question {
  Place place;
  Request request;
};

// Hands out the questions that its players have and is told the replies. One thread. Given the same replies at the same
// places the transcript is the same, whatever order they came in.
class Match {
 public:
  // `attempt`: how often the match was begun anew (it is part of what draws are keyed by). Error: an author's mistake.
  Match(Scripts& scripts, std::shared_ptr<const Plan> plan, int attempt = 0);
  ~Match();
  Match(Match&&) noexcept;

  // Before the first advance(), of a match of two fixed rules that have a list of actions each (the game's `actions`): plays the
  // rounds of `done` (the numbers of the actions, from 0, by seat and round) in place of what the game does. In each both choose,
  // after what was done in the rounds before, whatever they chose there. The transcript has their choices alone.
  void follow(std::array<std::vector<int8_t>, 2> done);
  // Plays on as far as it goes without a reply; the questions that came up since the last call. Empty and status() open:
  // it waits. Error: an author's mistake, with file and line; the match is then of no more use.
  std::vector<Question> advance();
  // The request of a question that was handed out and not yet answered, once more.
  Request request(const Place& place) const;
  // Gives the reply to a question that was handed out and not yet answered.
  void answer(const Place& place, const Reply& reply);

  MatchStatus status() const;
  // Whole once status() is not open; until then, as far as it went.
  const Transcript& transcript() const;
  const Plan& plan() const;
  // Whether the strategy of this seat (from 1) has drawn so far: what it chose may be another thing another time.
  bool drew(int seat) const;
  // Names (as they are stored) of the files that its authors' code has read so far, and of other prompt files whose words
  // it used ("prompts/common.txt").
  const std::set<std::string>& data() const;

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace parley
