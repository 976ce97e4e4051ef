// The conditions that tables come to: which game under which settings, and what its factors are.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>

#include "study/expand/parts.h"
#include "study/import/sheet.h"

namespace parley {

class ImportedConditions {
 public:
  ImportedConditions(const Mapping& mapping, study::Known& known) : mapping_(mapping), known_(known) {}

  struct One {
    std::shared_ptr<Condition> condition;
    study::Settled settled;
    std::shared_ptr<const GameInfo> game;  // with its seats taken
  };
  // That of a match in which so many sit. Error with file and line: there is no such game or setting, or too few sit or too many.
  const One& of(const Sheet& sheet, const Sheet::Match& match, size_t seats);

  // When all are known: adds the columns that games say of themselves. What is the same in all conditions, and `vary`: the fields
  // of a study.
  Value::Record finish();
  // Every rule and every setting of the game, by condition's id.
  std::map<Hash, Value> resolved() const;

 private:
  void check_settings(const GameInfo& game);
  One make(const Sheet& sheet, size_t row, const Value& game, int rounds, const Value::Record& said);

  const Mapping& mapping_;
  study::Known& known_;
  std::map<std::string, One> all_;           // by content and levels
  std::map<std::string, Value::List> vary_;  // levels by factor, in order of appearance
  std::set<std::string> checked_;            // games
};

}  // namespace parley
