// Coding of what was said in a study: its messages, and the study in which coders (models, rules, people) judge them. That study is
// one as any other: game `coding`, a match for each message, question and coder; so its file keeps what every judge was asked and
// answered, and is read by the commands that read any study.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/value.h"
#include "script/catalog.h"
#include "store/store.h"

namespace parley {

// A choice of words in a whole match.
struct SaidMessage {
  std::string
      id;  // "m3f2a91bc04.3": the third of the match whose identity begins so; the same when the study has grown
  std::string decision;
  Value known;  // record: what games/coding/sample.json has
};
// Those of the matches that are whole, in order. What was chosen is by label, as players knew it. `each` hears how many
// matches are read. Error: a match cannot be played again.
std::vector<SaidMessage> messages_of(const Store& store,
                                     const std::function<void(uint64_t done, uint64_t of)>& each = {});

// What a person said of a message. It is of that text: where the message has become another, it says nothing.
struct Code {
  std::string code;
  Value text;
};

// Who codes by which question.
struct Coder {
  std::string question;               // a strategy
  std::string name;                   // a column's value: "llama:smollm2", "breaks_word", "Anna"
  Value answers, shown;               // lists: the question's settings
  Value entry;                        // as in a study's `players`; nil: a person, whose codes these are
  std::map<std::string, Code> codes;  // by message
  std::string read;                   // as in a study
  std::string decision;               // messages of this decision alone; "": all
  uint64_t sample = 0;                // so many of them, drawn by the message's name; 0: all

  // Whether it is a person who coded this very text.
  bool gave(const SaidMessage& message) const;

  Value as_value() const;
  static Coder from(const Value& value);
};

// The coders of a file of codes, as its study was run last; none in a new one.
std::vector<Coder> coders_of(const Store& store);

// The messages that a coder judges, by name.
std::set<std::string> messages_for(const Coder& coder, const std::vector<SaidMessage>& messages);
// Where the game reads a message, below the study's data: "coding/m3f2a91bc04.3.json".
std::string data_path(const SaidMessage& message);
// What it reads there.
std::string message_text(const SaidMessage& message);

// The study, with factors `item`, `question`, `coder`. Requires that there are messages and coders.
StudyFile coding_study(const std::vector<SaidMessage>& messages, const std::vector<Coder>& coders);

}  // namespace parley
