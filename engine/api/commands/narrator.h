#pragma once
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/commands/story.h"
#include "api/console.h"

namespace parley {

// Prints rounds like the script of a play: in a margin on the left who speaks, what is decided, what is paid and measured; beside
// it what comes of it. What not everybody saw says so in parentheses.
class Script {
 public:
  // The margin is as wide as these rounds' names need, within reason: a longer name stands on a line of its own.
  Script(Console& console, const std::vector<std::string>& seats, const std::vector<RoundStory>& rounds);

  // `under`: prints what belongs below an item; hears nullptr at the end of the round, before payoffs.
  using Under = std::function<void(const RoundStory::Item*)>;
  // `last`: the number of the last of several rounds that are all alike; 0: it is one.
  void round(const RoundStory& round, const Under& under = {}, int last = 0);
  // A line of a round: a name in the margin, a text beside it that may be wrapped.
  void line(std::string_view name, std::string_view text, bool bold = false);
  // What is secondary to the item above it: set in, and dim.
  void aside(std::string_view text);

 private:
  void item(const RoundStory::Item& item);
  void speech(const RoundStory::Item& item);
  void cells(std::string_view name, const std::string& audience, const std::vector<std::string>& cells);
  // A text of several lines, as it stands.
  void drawing(std::string_view name, const std::string& text);

  size_t room_beside(size_t margin) const;  // columns

  Console& console_;
  const std::vector<std::string> seats_;
  size_t margin_ = 0;           // columns before the text
  bool several_kinds_ = false;  // whether speech has several names, so that each is to be said
};

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
  size_t from_ = 0;  // events told
};

// What each seat was paid in the rounds that were played to their end.
std::map<int, double> totals_of(const std::vector<RoundStory>& rounds);

// Text that a terminal prints and does not obey: without control characters, but for its newlines.
std::string printable(std::string_view text);

}  // namespace parley
