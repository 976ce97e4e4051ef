// A match as people read it: round by round who said, did and was told what, who saw it, and what was paid.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "game/transcript.h"

namespace parley {

struct RoundStory {
  // What one seat chose, did or was told.
  struct Part {
    int seat = 0;           // told: 0 where all of the audience was told at once
    Value value;            // what was done
    Value meant;            // what was chosen, where that is another thing; else nil
    bool secretly = false;  // whether not everybody saw what was meant
    bool missing = false;   // nobody chose it: it stands in place of an answer
    size_t event = 0;       // index of the choice, or of the telling
  };
  // Parts that go together: a choice by several seats, one after the other or at once, that the same eyes saw.
  struct Item {
    enum Kind { choice, speech, told } kind = choice;
    std::string name;  // of the decision or the telling
    std::string
        audience;  // "to row alone", "nobody else sees"; "": all see it. Of a telling: "told all", "told row alone"
    std::vector<Part> parts;
  };
  int number = 0;  // 0: before the first round
  std::vector<Item> items;
  std::map<int, double> paid;                        // by seat, those that were paid (be it 0)
  std::vector<std::pair<std::string, Value>> notes;  // measures
  bool closed = false;
  size_t begin = 0, end = 0;  // indices of its first event and of the one behind its last

  // Whether the same happened in both.
  bool like(const RoundStory& other) const;
};

// The rounds that begin at events[from] or later. The transcript is spelled out. `one_saw_it`: it is the view of one seat, so that
// nothing says who else saw or was told.
std::vector<RoundStory> rounds_of(const Transcript& transcript, size_t from = 0, bool one_saw_it = false);

// "row 8", "column 0"; "player3 100", "all others 0"; "all 5". `seats`: names of all.
std::vector<std::string> amounts_list(const std::vector<std::string>& seats, const std::map<int, double>& amounts);
// "row 8, column 0"
std::string amounts_text(const std::vector<std::string>& seats, const std::map<int, double>& amounts);

// "40", "(a 1, b 2)"; of a part: "defect (secretly meant cooperate)".
std::string shown(const Value& value);
std::string shown(const RoundStory::Part& part);

}  // namespace parley
