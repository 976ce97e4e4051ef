// What is kept of a match when it begins: the files that it depends on, and what chance gave its block.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "prompt/reader.h"
#include "script/scripts.h"
#include "store/store.h"

namespace parley {

// The names (as the store keeps them) and texts of the files that a match of this plan depends on: its game and strategies with what
// they read before anything is played, and where models are asked their prompts, cover, told sections, repair and units.
std::vector<SourceText> files_of(const Plan& plan, Scripts& scripts);

// The files that matches depend on, kept in a store as its sets of inputs.
class Inputs {
 public:
  Inputs(Scripts& scripts, Store& store) : scripts_(scripts), store_(store) {}

  // The set of a match before anything of it is played.
  int64_t of(const Plan& plan);
  // The set of one that was played: with what it read meanwhile (Match::data).
  int64_t of(const Plan& plan, const std::set<std::string>& data);
  int64_t keep(const std::vector<SourceText>& files);
  // Whether a stored match used the files that it would use now: those of its plan, and what it read in play.
  bool still_hold(int64_t stored, int64_t now);

 private:
  std::optional<SourceText> read_in_play(const std::string& name);

  Scripts& scripts_;
  Store& store_;
  std::map<std::pair<const Condition*, const Lineup*>, int64_t> known_;  // by what decides them
  std::map<std::pair<int64_t, int64_t>, bool> same_;                     // (stored, now)
};

// What chance gave the block of a match whose players are shown something (Store::begin).
Value drawn_for(const Plan& plan, const GameInfo& game);
Value drawn_for(const Plan& plan, Scripts& scripts);
// What actions were called in a match of which that was drawn; empty where by their own names.
Labels drawn_labels(const Value& drawn);

}  // namespace parley
