// All that was asked, answered, told, chosen and paid in a match, in order, as values (DESIGN 1). The store writes it,
// goldens print it, `verify` compares it.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/value.h"
#include "game/action_set.h"
#include "game/place.h"
#include "game/plan.h"

namespace parley {

// What happened. Laid out as the prelude's ffi declares it: Lua writes these while it plays (engine/script/prelude/base.lua).
struct Event {
  enum Kind : int32_t {
    round = 1,  // round `number` begins; 0: the last one is closed and none begins
    choice,     // seat chose `name` out of `set`
    done,       // seat is seen to have done `name` (a tremble): what was meant stays in the choice before
    pay,        // seat is paid `number`
    note,       // a measure of this round: `name`
    told,       // facts were told: `name` to the seats `seen`; the record of facts is `value`
    missing,    // as choice, but nobody chose: the answer could not be read and the question said what is done instead
  };
  int32_t kind = 0;
  int32_t seat = 0;      // from 1
  int32_t name = 0;      // Words::names
  int32_t set = -1;      // Words::sets; -1: none
  int32_t index = -1;    // of the action in a list, from 0; -1: see value, then number
  int32_t value = 0;     // Transcript::values, from 1; 0: `number` is the value
  int32_t seen = 0;      // 0: by everyone; else Transcript::values, a list of seats that see it (the owner always does)
  int32_t together = 0;  // of a choice: how many right before it were made by others who were asked at the same time
  double number = 0;
};

// One question as it came out: a place without its try.
struct QuestionRecord {
  int seat = 0, n = 0, sample = 1;
  int round = 0;
  std::string decision;  // of the game
  std::string question;  // of the strategy
  std::string about;     // the seat's name whose choice is predicted; "" where it is no belief
  // What it added to the seat's text since the question before, this question included: `head`, shared by many matches, where
  // it is the seat's first, then `added`.
  std::shared_ptr<const std::string> head;
  std::string added;
  size_t from = 0;   // where in `added` the question itself begins
  std::string read;  // how it was read: "scored", "constrained", "text"
  Value options;     // labels in the order shown; nil where the set is no list
  Value choice;      // the action read (not its label); nil where none was
  double mass = -1;  // scored: legal mass; -1: not scored
  Value scores;      // scored: list of probabilities after renormalising, by action in the set's order; else nil
  bool tie = false;  // arg-max tied exactly and was drawn
  int tries = 1;
  std::string why;    // "" where read; else why not: "unreadable", "refused", ...
  std::string cue;    // as sent; "" where none or left out
  size_t events = 0;  // how many events there were when it was asked
};

// A belief, scored against what was chosen as done; or an answer to a question whose right answer was known (about: 0).
struct Belief {
  int question = 0;  // index into Transcript::questions
  int seat = 0, about = 0;
  int round = 0;  // in which it was stated
  std::string decision;
  Value guess;        // an action
  Value truth;        // what the other then chose, nil where nothing followed; or the right answer
  double given = -1;  // scored: the probability given to the truth; else -1, as where a server did not show it
};

// What a seat that asks a model had in turn.memory when a turn of its ended: where that is not what it had before. (What a
// fixed rule remembers follows from the rule and the choices, and is not written.)
struct MemoryRecord {
  int seat = 0, round = 0;
  std::string decision;
  Value memory;       // record or list
  size_t events = 0;  // how many events there were when the turn ended
};

enum class MatchStatus { open, whole, void_, failed };
const char* status_name(MatchStatus status);  // "open", "whole", "void", "failed"

// The names and action sets that events point to; shared by all matches of a process, and only ever added to.
struct Words {
  std::vector<std::string> names;
  std::vector<std::shared_ptr<const ActionSet>> sets;
};

// A game's payoffs, outcome by outcome.
struct PayoffTable {
  int32_t decision = 0;                    // Words::names
  std::vector<int32_t> sets;               // by seat, Words::sets: lists and ranges
  std::vector<std::vector<double>> cells;  // amounts by seat; the first seat's action slowest
};

struct Transcript {
  std::shared_ptr<const Words> words;
  std::shared_ptr<const Plan> plan;  // what was played; nullptr where it was put together by hand
  std::vector<std::string> seats;    // names by seat; observers sit in none
  std::vector<std::string> roles;    // among strangers: what each seat is called by whoever it meets; else empty
  bool payoffs_seen = false;         // by all at the table (a game given by `payoffs`), not by who gets them alone
  std::vector<Event> events;
  // In place of events where fixed rules alone play a payoff table: its cell of each round (from 0), in which everyone chose
  // at once and was paid what stands there. spell_out() makes events of it.
  std::vector<int32_t> cells;
  std::shared_ptr<const PayoffTable> table;  // nullptr where there are no cells
  std::vector<Value> values;                 // what events point to (from 1)
  std::vector<QuestionRecord> questions;     // by (seat, n, sample)
  std::vector<Belief> beliefs;
  std::vector<MemoryRecord> memories;  // by seat, then in order
  // Whether chance took part: nature, a player's own draws, a choice out of scores that was drawn, a reply that is no function of its
  // request; or a record, of which nobody knows. Else the same plan is the same match, however often it is played.
  bool chance = false;
  int rounds = 0;            // begun
  bool last_closed = false;  // whether the last round was played to its end: else it has no payoffs in means
  MatchStatus status = MatchStatus::open;
  std::string why;  // void: the reason of the lowest seat ("unreadable: ..."); failed: what the model said
  int void_seat = 0;

  // Of a seat, or "observer" of a number after the last seat.
  const std::string& seat_name(int seat) const;
  // The action (or fact, or measure) of an event.
  Value value_of(const Event& event) const;
  // The decision, telling or measure of an event that has one.
  const std::string& name_of(const Event& event) const { return words->names[static_cast<size_t>(event.name)]; }
  // What was chosen out of; nullptr: none.
  const ActionSet* set_of(const Event& event) const {
    return event.set < 0 ? nullptr : words->sets[static_cast<size_t>(event.set)].get();
  }
  // A list: the seats that see an event (of a telling: that are told), besides its owner. Requires event.seen > 0: not everyone does.
  const Value& seen_by(const Event& event) const { return values[static_cast<size_t>(event.seen) - 1]; }
  // Whether a viewer (a seat, or an observer) sees a choice or what was done, or is told what was told.
  bool sees(const Event& event, int viewer) const;
  // The match as a viewer saw it, and nothing that it did not see: what it was told, its own questions, what it chose and what it
  // saw of the others' choices, payoffs that it may see. Nothing says who else saw or was told it; what a question that was not
  // answered came to is a choice as any other, but for its owner; among strangers all are called by their roles. No measures, and
  // no beliefs (what came true may be another's secret); why a match is void stands in the view of that seat alone.
  Transcript as_seen_by(int viewer) const;
  // How many choices were made, missing ones apart.
  size_t choices() const;
  // Writes `cells` as events, as if it had never been said in short.
  void spell_out();
};

// Whether a note or a fact is a drawing, a text of several lines: it is printed where a match is told, as it stands, and not kept as a
// measure, as it follows from the match.
bool is_drawing(const Value& noted);

}  // namespace parley
