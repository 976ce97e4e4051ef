// Matches played again from what a store holds (DESIGN 3, "A reply has a place").
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "script/match.h"
#include "store/store.h"

namespace parley {

// Plays a match with the replies kept for it; each question with its reply is handed to `watch`, in the order of play.
// An open match is played as far as its replies go. Error: a reply is to another question than is asked now.
Transcript replay(Scripts& scripts, std::shared_ptr<const Plan> plan, int attempt, const std::map<Place, Kept>& replies,
                  const std::function<void(const Question&, const Kept&)>& watch = {});

// Scripts over the texts that a store keeps: for one match's inputs, or as many as go together. Holds what it refers to.
class Kit {
 public:
  explicit Kit(const std::map<std::string, std::string>& texts);
  Scripts& scripts() { return *scripts_; }

 private:
  Sources sources_;
  Library library_;
  std::unique_ptr<Scripts> scripts_;
};

// Kits for many matches of a store: those whose files go together share one.
class Kits {
 public:
  Kits(const Store& store, const std::vector<StoredMatch>& matches);
  ~Kits();
  Scripts& of(const StoredMatch& match);

 private:
  struct Group;
  std::vector<std::unique_ptr<Group>> groups_;
  std::map<int64_t, Group*> group_of_;  // by inputs
};

struct Verified {
  uint64_t matches = 0, replies = 0;
  uint64_t differing = 0;
  std::string first;    // what differs in the first that does: "choices, seat 1, …: 'x' is stored, 'y' is derived"
  uint64_t number = 0;  // of that match; 0: an older version
};

// Derives every row of the newest version of every planned match again (`all`: of every match) from the store alone and
// compares, with what chance drew for its block; its sources are the ones that were used, all its replies are asked for, and a
// match that is not over, or failed, holds no such row. `each` hears how many are done.
Verified verify(const Store& store, bool all, const std::function<void(uint64_t done, uint64_t of)>& each = {});

}  // namespace parley
