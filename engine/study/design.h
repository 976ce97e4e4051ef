// What a study comes to: conditions x line-ups x blocks, and the order in which their matches start (LUA.md, "In a
// study"; DESIGN 3 "Identity", 8). Everything is settled and checked here, before the first match; matches are computed,
// not stored.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/value.h"
#include "game/plan.h"
#include "script/catalog.h"

namespace parley {

class Scripts;

namespace study {
class Expansion;
}

// What the names in a study mean. Each is asked once for each distinct argument. An Error that one throws is passed on.
struct Lookup {
  // A game under settings (a record: those that differ from their defaults) with so many seats taken (0: not known yet).
  // None: there is no such game.
  std::function<std::optional<GameInfo>(const std::string& name, const Value& settings, int seats)> game;
  std::function<std::optional<StrategyInfo>(const std::string& name)> strategy;
  std::function<std::vector<std::string>()> games, strategies;  // all names, for "did you mean"
  // Model::identity() of a model as written: of a file its hash, of others their name.
  std::function<std::string(const std::string& model)> model_identity;
  // Error where there is no such cover, unit or section of prompts/told (`field`: "cover", "unit", "told"). May be empty: then
  // nothing is checked.
  std::function<void(const std::string& field, const std::string& name)> check_words;
  // Columns that tables of a study have by themselves: no measure of its can have such a name.
  std::vector<std::string> columns;
  // Of these, those that are numbers: what an analysis may compare. Empty: that is not checked.
  std::vector<std::string> numbers;
  // What the column of a factor is called there. Empty: by its name.
  std::function<std::string(const std::string& factor)> column;
};

// Games and strategies as `scripts` finds them; of models and words nothing is known. Refers to it.
Lookup lookup_in(Scripts& scripts);

// A value from the command line, above all that the study says.
struct Override {
  std::string name;
  Value value;
  std::string said;  // for messages: "--set rounds=20", "--model llama:smollm2", "--repeats 5"
};
// Of --set: the value as JSON where it is JSON, else as text. Misuse: no NAME=VALUE.
Override override_of(std::string_view name_and_value);

class Design {
 public:
  // Settles and checks the whole study. A value from the command line wins over a level of `vary`, that over the study's
  // field, that over the default. A factor that is set by its own name keeps that one level: one of its levels by name,
  // else the value. Error: "scripts/x.lua: what is wrong". Misuse: an override is to blame.
  static Design make(const StudyFile& file, const Lookup& lookup, const std::vector<Override>& overrides = {});

  // Matches: conditions' line-ups x blocks.
  uint64_t size() const { return slots_.size() * repeats_; }
  // The i-th match to start, from 0: block by block, in an order drawn from the seed inside each block. i < size().
  std::shared_ptr<const Plan> at(uint64_t i) const;
  // Where the i-th stands.
  struct Where {
    uint32_t condition;  // index into conditions()
    uint32_t lineup;     // index into lineups(condition)
    uint32_t block;      // from 1
  };
  Where where(uint64_t i) const;

  uint64_t seed() const { return seed_; }
  uint32_t repeats() const { return repeats_; }

  // In the order of `vary`: factors by name, the last fastest. Two conditions may share an id: those that differ in their
  // players alone, as where `vary` has words for `players`. A plan's id is never shared.
  const std::vector<std::shared_ptr<const Condition>>& conditions() const { return conditions_; }
  // The line-ups of a condition as seated where `seats` is swapped in no block.
  std::vector<std::shared_ptr<const Lineup>> lineups(size_t condition) const;
  // Whether its line-ups have the first two players change seats in some blocks.
  bool swaps(size_t condition) const {
    return first_slot_[condition] < first_slot_[condition + 1] && slots_[first_slot_[condition]].swapped != nullptr;
  }
  // The game of a condition under its settings.
  const GameInfo& game(size_t condition) const { return *games_[condition]; }
  // Every player that differs from the others, in order of appearance. Names differ too, where the study gives none.
  const std::vector<Player>& players() const { return players_; }

  // Every field with its resolved value: of the study and what is the same in all conditions (`vary` holds the names of
  // the levels; where `balance` or `where` leaves conditions out, `aliases` the effects that the others cannot tell apart, as records { effect,
  // with, share }, see stats::Alias: "story", "labels x story"; with `balance`, `uneven` what does not stand equally often: { effect, least,
  // most }); of one condition, the game's settings in full; of a line-up, by seat, the strategies' settings in full.
  const Value& resolved() const { return resolved_; }
  Value resolved(size_t condition) const { return resolved_conditions_[condition]; }
  Value resolved(const Lineup& lineup) const;

  // What is not wrong but perhaps not meant, a line each.
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  friend class study::Expansion;
  // One match of every block.
  struct Slot {
    uint32_t condition, lineup;
    std::shared_ptr<const Lineup> given, swapped;  // swapped: in the blocks that `seats` swaps; nullptr: never
  };

  uint64_t seed_ = 1;
  uint32_t repeats_ = 1;
  std::vector<std::shared_ptr<const Condition>> conditions_;
  std::vector<std::shared_ptr<const GameInfo>> games_;
  std::vector<Value> resolved_conditions_;
  std::vector<Slot> slots_;           // by condition
  std::vector<uint64_t> first_slot_;  // of each condition, and the end
  std::vector<Player> players_;
  std::map<std::string, Value> defaults_;  // of the settings of each strategy
  Value resolved_;
  std::vector<std::string> warnings_;
  Draws order_{"1|order"};
};

}  // namespace parley
