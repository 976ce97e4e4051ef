#pragma once
#include <map>
#include <string>
#include <vector>

#include "api/console.h"
#include "game/transcript.h"

namespace parley {

// What happened in one round of a match, as people read it.
struct RoundStory {
  struct Item {
    std::string text;      // "row cooperate", "proposer offer 40", "row is told 'worth': value 30"
    int seat = 0;          // of a choice; else 0
    std::string decision;  // of a choice
  };
  int number = 0;  // 0: before the first round
  std::vector<Item> items;
  std::vector<double> paid;  // by seat
  bool closed = false;
};
std::vector<RoundStory> rounds_of(const Transcript& transcript);

// Prints a match a round at a time, as a line where that is enough.
class Narrator {
 public:
  // `labels`: what models were shown for actions; empty where that is the actions' own names.
  Narrator(Console& console, const std::map<std::string, std::string>& labels) : console_(console), labels_(labels) {}

  // The rounds that have closed since the last call; `all`: the one under way too.
  void rounds(const Transcript& transcript, bool all);
  // "Total: row 24, column 30", and how it ended where that was not its end.
  void totals(const Transcript& transcript);
  // What was asked and how it was answered, a line for each seat that asks.
  void questions(const Transcript& transcript);

 private:
  Console& console_;
  const std::map<std::string, std::string>& labels_;
  size_t told_ = 0;
};

// "row 8, column 0"
std::string amounts_text(const std::vector<std::string>& seats, const std::vector<double>& amounts);

}  // namespace parley
