// One match to be played, as values: what a study comes to (DESIGN 1 and 3, LUA.md "In a study").
#pragma once
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/value.h"

namespace parley {

// Who sits in a seat. Constant over the matches of a study. `forced` in its sampling: actions that its answers come to in turn, in place
// of the arg-max or the draw; they must be scored, and what is asked and scored stays as it is. After the last it decides again.
struct Player {
  std::string name;  // a column, never identity: the entry's `name`, else the strategy's with what differs
  std::string strategy;
  Value settings;                 // record: the strategy's settings that differ from their defaults
  std::vector<std::string> told;  // the study's first, then the entry's, each once; empty for a fixed rule
  std::string model;              // as written ("llama:smollm2"); "" for a fixed rule
  std::string model_identity;     // Model::identity(); "" for a fixed rule
  Value sampling;                 // record, resolved; nil for a fixed rule
  int watches = 0;                // an observer: the seat that it watches; 0: sits in a seat
};

// What players are told of the end.
struct Horizon {
  enum class Kind { told, hidden, chance, rounds } kind = Kind::told;
  double value = 0;  // chance: of ending after each round; rounds: how many
};

// The resolved settings of play of one condition: every field of a study that a match depends on.
struct Rules {
  std::string game;
  Value settings;             // record: the game's settings that differ from their defaults
  std::optional<int> rounds;  // none: the game's own
  double ends = 0;            // true chance of ending after each round
  Horizon horizon;
  std::string cover = "plain";
  Value unit = "points";          // a word of units.txt, or a list of both forms
  std::string format = "chat";    // "text", "chat", "messages"
  std::string read = "text";      // "scored", "constrained", "text"
  std::string decide = "argmax";  // "argmax", "sample"
  Value labels;                   // nil, a list, or a record action -> label
  Value label_map = "balanced", option_order = "balanced", payoff_order = "balanced";
  std::string seats = "given";        // "given", "reversed", "balanced"
  std::string matching = "partners";  // "partners": as seated; "strangers": pairs drawn anew each round
  bool strangers() const { return matching == "strangers"; }
  // With what chance a match would go on beyond its most rounds, where it is cut; 0 where its end is not drawn.
  double cut() const { return ends > 0 ? std::pow(1 - ends, rounds.value_or(1)) : 0; }
};

// A cut that matches meet more rarely than this makes nothing untrue that is told of the end.
inline constexpr double kRareCut = .01;

struct Condition {
  Rules rules;
  Value levels;      // record factor -> name of its level: columns, never identity
  std::string name;  // "strategy=direct story=cooking", or "" where nothing is varied: for people
  int number = 1;    // among conditions of the same content and line-ups: 2 for a null level
  Hash id;           // by content and number
};

struct Lineup {
  std::vector<Player> players;  // by seat; then observers, who sit in none
  int number = 1;               // where two entries are equal
  Hash id;
  // How many of them sit in a seat.
  size_t seats() const;
};

// Names of players for people: "direct, scot"; where more than two of the same follow each other "12 x direct".
std::string players_text(const std::vector<std::string>& names);

struct Plan {
  std::shared_ptr<const Condition> condition;
  std::shared_ptr<const Lineup> lineup;  // by seat, as seated in this block
  uint32_t block = 1;                    // from 1
  uint64_t seed = 1;                     // of the study
  Hash id;                               // of (seed, condition, line-up, block): the match's identity
  // How many seats the game has: among strangers two, of many who play it in pairs.
  int roles() const;
};

// Which of `levels` values a balanced nuisance factor takes in a block (from 1), for all conditions alike (LUA.md,
// `label_map`). Two levels: in blocks 1-2, 3-4, ... label_map, option_order and seats each once; in blocks 1-4, 5-8, ... payoff_order
// too, and each pair of values of label_map, option_order and payoff_order once; in blocks 1-8, 9-16, ... each three values of these
// once, and pairs of values of seats with any of them equally often (in four blocks seats go with option_order). More levels: each once in every run of
// `levels` blocks, and each pair of values of label_map and another once in levels x levels blocks. Order drawn from the seed.
enum class Nuisance { label_map, option_order, payoff_order, seats };
int balanced_level(Nuisance factor, int levels, uint32_t block, uint64_t seed);

}  // namespace parley
