#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/value.h"

namespace parley {

// What may be chosen (LUA.md, "Action sets"). An action is a Value: an item of the list, a number of the range, a record
// by field, a split by name, a text.
struct ActionSet {
  enum class Kind { list, range, record, split, words };
  Kind kind = Kind::words;
  std::vector<Value> items;                               // list: words, numbers, booleans
  double lo = 0, hi = 0, step = 1;                        // range
  std::vector<std::pair<std::string, ActionSet>> fields;  // record, in alphabetical order
  double total = 0;                                       // split: whole numbers of 0 or more with this sum,
  std::vector<std::string> names;                         //   one for each name
  std::optional<int> most;                                // words: at most so many; none: no limit told

  // From its form as a Value: a list, or { kind = "range", lo, hi, step } and so on. Error where it is no action set.
  static ActionSet from(const Value& value);
  Value to_value() const;

  bool contains(const Value& action) const;
  // Lists and ranges: how many actions, and the i-th from 0. Other kinds: 0.
  size_t size() const;
  Value at(size_t i) const;
  // The place of an action in a list or range; none where it is not in it.
  std::optional<size_t> index_of(const Value& action) const;

  // Whether `scored` may read it: a list, or a range of at most 101 values (DESIGN 6).
  bool listable() const { return kind == Kind::list || (kind == Kind::range && size() <= 101); }
};

// "cooperate or defect", "0 to 100", "0 to 10 in steps of 0.5": for messages to authors.
std::string describe(const ActionSet& set);

}  // namespace parley
