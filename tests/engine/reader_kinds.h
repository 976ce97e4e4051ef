// Sets to read out of, and what their actions are called. For the reader's tests.
#pragma once
#include <map>
#include <string>

#include "prompt/reader.h"

namespace parley::tests {

struct Kind {
  ActionSet set;
  Labels labels;
};

inline Kind words(Value::List names, Labels labels = {}) { return {ActionSet::from(names), std::move(labels)}; }
inline Kind range(double lo, double hi, double step = 1) {
  return {ActionSet::from(Value::Record{{"kind", "range"}, {"lo", lo}, {"hi", hi}, {"step", step}}), {}};
}

inline const std::map<std::string, Kind>& kinds() {
  static const std::map<std::string, Kind> map = {
      {"jf", words({"cooperate", "defect"}, {{"cooperate", "J"}, {"defect", "F"}})},
      {"cd", words({"cooperate", "defect"})},
      {"not", words({"cooperate", "not cooperate"})},
      {"ab", words({"A", "B"})},
      {"ai", words({"one", "two", "three"}, {{"one", "A"}, {"two", "I"}, {"three", "B"}})},
      {"low", words({"a", "b"})},
      {"12", words({"cooperate", "defect"}, {{"cooperate", "1"}, {"defect", "2"}})},
      {"hunt", words({"hunt the stag", "hunt", "go_home"})},
      {"go", words({"go", "stay"})},
      {"yn", words({"yes", "no"})},
      {"inout", words({"in", "out"})},
      {"case", words({"j", "J"})},
      {"uni", words({"Öl", "Gas", "合作", "背叛"})},
      {"cpp", words({"C++", "C"})},
      {"players", words({"player1", "player2", "player10"})},
      {"bool", words({true, false})},
      {"mixed", words({"none", 1, 10, 2.5})},
      {"nums", words({0, 5, 10})},
      {"pie", range(0, 100)},
      {"small", range(0, 20)},
      {"half", range(0, 10, .5)},
      {"neg", range(-10, 10)},
      {"big", range(0, 2000)},
      {"prob", range(0, 1, .01)},
  };
  return map;
}

}  // namespace parley::tests
