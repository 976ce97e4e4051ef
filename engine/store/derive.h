// From a transcript to rows: what finish() writes and verify derives again.
#pragma once
#include <memory>
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
    const ActionSet* set = nullptr;
    std::string options;
  };
  // A JSON array under way with, where its elements are not of rounds 1, 2, …, their rounds.
  struct Column {
    std::string elements, rounds;
    int count = 0;
    bool in_order = true;
    void start();
    void next(int round);  // before the element is appended
  };
  // What a seat chose in a decision.
  struct Track {
    int seat = 0, name = 0, set = -1;
    Column actions;
    std::string done, sets;       // empty: as actions; always `set`
    size_t action_at = 0, done_at = 0;  // where the last element begins
    std::vector<double> meant;    // by index or number; NaN: missing, or neither
    int missing = 0, first = 0;
    double sum = 0;
    bool lists = true, ranges = true;  // every set was one
    void start(int of_seat, int of_name, int of_set);
  };
  struct Noted {
    int name = 0;
    Column values;
  };
  struct Pay {
    std::string array;
    double now = 0, total = 0;
  };

  Set& set_of(const Transcript& t, int index);
  Track& track(int seat, int name, int set);
  void choose(const Transcript& t, const Event& event, int round);
  void do_instead(const Transcript& t, const Event& event, int round);
  void note(const Transcript& t, const Event& event, int round);
  void say(int64_t row, const Transcript& t, const Event& event, int round);
  void close_round();
  void append_action(const Transcript& t, const Event& event, int set, std::string& out, double* number);
  void write_choices(int64_t row, const Transcript& t, Head& head);
  void write_questions(int64_t row, const Transcript& t);

  sql::Connection& db_;
  std::shared_ptr<const Words> words_;  // those that sets_ is of
  std::vector<Set> sets_;
  // Of the match at hand; kept from one to the next, so that a short match allocates nothing.
  std::vector<Track> tracks_;
  std::vector<Noted> notes_;
  size_t track_count_ = 0, note_count_ = 0;
  std::vector<size_t> last_track_;  // by seat
  std::vector<Pay> pays_;
  bool paid_ = false;
  int messages_ = 0, missing_ = 0;
  std::string said_;  // all that was chosen and said
};

}  // namespace parley
