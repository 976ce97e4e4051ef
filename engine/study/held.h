// A match that is played into a study's file: taken up where it stands there, with the replies that the file holds for it.
#pragma once
#include <map>
#include <optional>
#include <utility>

#include "study/inputs.h"

namespace parley {

class HeldMatch {
 public:
  // Takes up planned match `number` (from 1), which stands as Store::plan said: it goes on where its files are those of now, and
  // is begun where it is absent or they are not, with the replies of its older versions. None where nothing of it is left to
  // play: it is whole, or void and not to be tried again.
  static std::optional<HeldMatch> take_up(Store& store, Inputs& inputs, uint64_t number, const MatchState& state,
                                          const Plan& plan, const GameInfo& game, bool retry_void = false);

  int64_t row() const { return row_; }
  int attempt() const { return attempt_; }
  bool new_version() const { return new_version_; }

  // The reply to a request of this hash that the file holds for this place. Error: it holds one to another request.
  std::optional<Reply> reply(const Place& place, const Hash& request);
  // Keeps a reply that holds for good: an answer, or that the request can never be put. Other failures may not come again.
  void keep(const Place& place, const Hash& request, bool pure, const std::string& model, const Reply& reply);

 private:
  HeldMatch(Store& store, uint64_t number) : store_(&store), number_(number) {}

  Store* store_;
  uint64_t number_;
  int64_t row_ = 0;
  int attempt_ = 0;
  bool new_version_ = false;
  std::map<Place, Kept> kept_;
  std::map<std::pair<Place, Hash>, Kept> previous_;
};

}  // namespace parley
