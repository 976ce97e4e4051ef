// From a transcript to rows: what finish() writes and verify derives again.
#pragma once
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "game/transcript.h"
#include "store/sqlite.h"

namespace parley {

class Deriver {
 public:
  // What the match's own row says of it. pairs -1: not a game of two seats with one decision out of one set.
  struct Head {
    int rounds = 0, closed = 0, missing = 0, pairs = -1, equal = 0;
    int64_t trace = 0;
  };

  // Rows go to this connection, which has the tables of schema.sql.
  explicit Deriver(sql::Connection& db) : db_(db) {}

  // Writes the rows below match `row`, which has none.
  Head write(int64_t row, const Transcript& transcript);
  // Takes them away.
  void erase(int64_t row);

 private:
  struct Set {
    int64_t id = 0;  // 0: not known yet
    ActionSet::Kind kind = ActionSet::Kind::words;
    std::string options;
  };
  // One choice of a seat.
  struct Entry {
    const Event* chosen;  // or missing
    const Event* done;    // a tremble; nullptr: as chosen
    int round;
  };
  // Entries in order. Not a vector alone: its push_back is no inlined one, and there is one for each choice.
  struct Entries {
    std::vector<Entry> room;
    size_t count = 0;
    void add(const Entry& entry) {
      if (count == room.size()) room.resize(count * 2 + 16);
      room[count++] = entry;
    }
    std::span<const Entry> all() const { return {room.data(), count}; }
  };
  // What a seat chose in a decision.
  struct Track {
    int seat = 0, name = 0, set = -1;
    bool plain = true;     // each was chosen and done
    bool one_set = true;   // each out of `set`
    bool in_order = true;  // one in each round from the first
    Entries entries;

    void add(const Event& event, int round) {
      plain = plain && event.kind == Event::choice;
      one_set = one_set && event.set == set;
      entries.add({&event, nullptr, round});
      in_order = in_order && round == static_cast<int>(entries.count);
    }
  };
  // What the game noted under a name.
  struct Noted {
    int name = 0;
    Entries entries;
  };

  void learn_sets(const Transcript& t);
  const Set& set_of(int index) const { return sets_[static_cast<size_t>(index)]; }
  // What a seat chose in the decision that this event is of; made with its first.
  Track& track(const Event& event) {
    Track* last = last_track_[static_cast<size_t>(event.seat)];
    return last && last->name == event.name ? *last : find_track(event);
  }
  Track& find_track(const Event& event);
  void say(int64_t row, const Transcript& t, const Event& event, int round);
  void append_action(const Transcript& t, const Event& event, std::string& out);
  double number_of(const Transcript& t, const Event& event);
  void rounds_array(std::span<const Entry> entries);
  void write_table(int64_t row, const Transcript& t, Head& head);
  void write_events(int64_t row, const Transcript& t, Head& head);
  void write_seats(int64_t row, const Transcript& t, int closed);
  void write_choices(int64_t row, const Transcript& t, const Track& k);
  // What a row of table `choices` says besides actions_, done_, sets_array_ and rounds_. first -1: no lists.
  struct Chosen {
    int seat = 0;
    std::string_view decision;
    const Set* set = nullptr;  // none: not always the same
    int made = 0, first = -1;
    std::optional<double> mean;
  };
  void write_chosen(int64_t row, const Chosen& chosen);
  void count_equal(const Transcript& t, Head& head);
  void write_measures(int64_t row, const Transcript& t);
  void write_questions(int64_t row, const Transcript& t);
  int64_t trace_of(const Transcript& t);
  std::string& said(int seat) { return said_[static_cast<size_t>(seat) - 1]; }
  template <class At>
  void write_paid(int64_t row, int seat, std::string_view name, int closed, const At& paid);

  sql::Connection& db_;
  std::shared_ptr<const Words> words_;  // those that sets_ is of
  std::vector<Set> sets_;
  // Of the match at hand; kept from one to the next, so that a match allocates next to nothing.
  std::deque<Track> spare_tracks_;
  std::vector<Track*> tracks_;
  std::vector<Track*> last_track_;  // by seat
  std::vector<Noted> notes_;
  size_t note_count_ = 0;
  std::vector<double> pays_;  // by round, then seat
  bool paid_ = false;
  int messages_ = 0, missing_ = 0;
  std::vector<std::string> said_;  // by seat and observer: all that was asked, chosen, said and paid
  // What players and games are, whatever they are called: as the trace has it.
  std::map<std::shared_ptr<const Lineup>, std::vector<std::string>> players_;
  std::map<std::shared_ptr<const Condition>, std::string> games_;
  std::string actions_, done_, sets_array_, rounds_;
};

}  // namespace parley
