// What games, strategies and studies declare, as values (LUA.md, "Declarations").
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/value.h"
#include "game/action_set.h"

namespace parley {

// In place of a number of seats: what a game declares as it stands (about, source, settings); its functions are not called, as what they
// read may be there under other settings only.
inline constexpr int kAsDeclared = -1;

struct GameInfo {
  std::string name, about, source, path;
  Value settings;                    // record: names with defaults
  bool by_payoffs = false;           // given by `payoffs`: the engine plays it
  std::vector<std::string> players;  // names of seats under the settings asked with; empty where any number in a range
  int least = 2, most = 2;           // how many seats it can have
  std::optional<int> rounds;         // its own number of rounds, where it states one
  bool ends = true;                  // false: a match is played to its last round, and no chance may end it before
  std::vector<ActionSet> actions;    // where it declares them: one for all seats, or one a seat; else empty
  Value columns;                     // record: words or numbers that it says of itself under the settings asked with
  Hash hash;                         // of the file
};

// One thing that a game says can be known of it without playing (its `solve`): a value, or a table.
struct Known {
  std::string name;
  Value value;  // number, text or boolean; nil: a table
  std::vector<std::string> columns;
  std::vector<Value::List> rows;  // as long as columns, of numbers, texts and booleans
};

struct StrategyInfo {
  std::string name, about, path;
  Value settings;     // record: names with defaults
  bool asks = false;  // has a prompt file of its own: asks a model
  Hash hash;
};

// A study's declaration: its plain fields, and the functions it has.
struct StudyFile {
  std::string path, text;
  Value fields;  // record: every field but functions and `vary`
  // Factors in alphabetical order. A level is a Value; a named bundle keeps its name.
  struct Level {
    std::string name;
    Value value;
    bool named = false;
  };
  struct Factor {
    std::string name;
    std::vector<Level> levels;
  };
  std::vector<Factor> factors;
  // Of the varied names: { factor = level's value }. Asked for a name that is not varied, they fail with file and line.
  // Empty where the field is no function. `used` gets the names that were asked for.
  using Function = std::function<Value(const Value& varied, std::vector<std::string>* used)>;
  Function players, against, observers, where;
  // Of a whole match, as a record (scripts/README.md, "Measures"); `used` is not looked at.
  std::map<std::string, Function> measures;
};

}  // namespace parley
