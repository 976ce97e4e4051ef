// What a table of choices that others made means: which columns say who played, chose what and was paid (scripts/README.md,
// "Tables of others").
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/value.h"

namespace parley {

// Where a value comes from: a column, perhaps with other values for the texts that stand in it, or the mapping itself.
struct From {
  std::string column;    // "": `constant` is the value
  Value::Record values;  // by text; empty: the text itself
  Value constant;
  bool may_be_empty = false;  // of what is compared: an empty cell says nothing, and differs from nothing
};

struct SeatColumns {
  std::optional<From> player;           // none: called by the seat
  std::map<std::string, From> choices;  // by decision; "": the game's one decision
  std::optional<From> paid, total;      // of the round, and of the match so far: compared, where said
};

struct Mapping {
  std::string path, text;  // of its file

  std::string about, source;
  From game;
  std::map<std::string, From> settings;  // of the game, and rules of a study
  std::map<std::string, From> levels;    // further factors
  std::vector<std::string> match;        // columns that tell matches apart; none: a match begins with each round 1
  std::string round;                     // a column; "": every row of a match is its next round
  std::vector<SeatColumns> seats;        // by seat; of a long table one, for all seats
  bool is_long = false;                  // a row for each seat of a round, in place of one for the round
  std::optional<From> seat;              // long: its name or number; none: players sit in the order in which they come
  std::map<std::string, From> labels;    // by action: what it is called, a text or a list of texts
  std::map<std::string, Value> players;  // names that are played by a strategy: { strategy, its settings }
  bool hashed = true;                    // whether all other names are replaced by hashes

  // Error with file and line: no JSON, a field that there is not, one of another kind.
  static Mapping parse(const std::string& path, const std::string& text);
  // The columns that it names, in order.
  std::vector<std::string> columns() const;
  // An error that blames the first line which holds "WORD".
  [[noreturn]] void blame(const std::string& word, const std::string& what) const;
};

// A column of a table that has no such column: the table's name without folder and ".csv", in every row.
inline constexpr const char* kFileColumn = "file";

}  // namespace parley
