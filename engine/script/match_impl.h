// A match, as its files share it: match.cc (its life), match_questions.cc (what is asked and answered), match_transcript.cc (what it
// leaves behind), match_text.cc and seat_scope.cc (its words).
#pragma once
#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "prompt/chain.h"
#include "prompt/reader.h"
#include "script/match.h"
#include "script/scripts_impl.h"

namespace parley {

// One sample of a question, and its tries.
struct Sample {
  int attempt = 1;
  ReadMode read = ReadMode::text;
  std::string repair;                   // what this try asks; the first asks the question itself
  std::vector<Chain::Exchange> before;  // earlier tries of it
  bool done = false, failed = false;
  Value value;        // the action read
  std::string reply;  // as it stands behind the question for what is asked later in the turn
  std::string why;    // done without a value: the reason
  size_t record = 0;  // index into Transcript::questions
};

// A question of a strategy under way.
struct Ask {
  std::string name;
  const ActionSet* set = nullptr;
  Value facts;
  int about = 0;  // seat whose choice is predicted; 0: none
  Value right;    // the right answer, where there is one; else nil
  bool sampled = false, fresh = false;
  int n = 0;
  std::string text, cue;
  int earlier = 0;  // requests of this seat for a question of this name before
  std::vector<Sample> samples;
};

// One decision of a seat that asks.
struct Turn {
  int k = 0;  // the k-th of those asked now, or who watches it
  std::string decision;
  const ActionSet* set = nullptr;
  Value facts;
  bool may_miss = false;
  size_t since = 0;  // how many events there were when this seat last had this decision to make
  std::optional<Ask> ask;
  bool over = false;
  std::string why;  // void: the reason; "" where it came to an end
  bool failed = false;
};

struct Seat {
  std::string name;  // as the game has it: among strangers that of the role; "observer"
  const Strategy* strategy = nullptr;
  bool asks = false;
  int watches = 0;  // an observer: whom
  double total = 0;
  LuaRef thread = LUA_NOREF;
  int n = 0;                            // asks so far
  Chain chain;                          // of seats that ask; so are the two below
  Value::Record facts;                  // told so far
  Value memory;                         // as it was last kept
  std::map<std::string, int> requests;  // by question's name, for Request::About::turn
  std::unique_ptr<Turn> turn;
  bool drew = false;  // its strategy took something from its own chance
};

struct Match::Impl : Playing {
  Impl(Scripts& scripts, std::shared_ptr<const Plan> plan, int attempt);
  ~Impl() override;

  Scripts& scripts;
  std::shared_ptr<const Plan> plan;
  const Rules& rules;
  int attempt;
  const GameSetup* setup = nullptr;
  std::vector<Seat> seats;
  bool any_asks = false;
  // By seat and decision: how many events there were when the seat last had it to make.
  std::map<std::pair<int, std::string>, size_t> last_asked;
  Transcript transcript;
  std::vector<size_t> round_starts;              // index of the first event of each round
  std::vector<const ActionSet*> belief_sets;     // of each belief: what it could be out of
  LuaRef table = LUA_NOREF, thread = LUA_NOREF;  // the prelude's match; the game's coroutine
  bool started = false;
  std::array<std::vector<int8_t>, 2> followed;  // see Match::follow; empty: the game is played
  std::vector<Question> pending;
  mutable std::set<std::string> data;  // see Match::data()
  std::unique_ptr<Draws> nature, own;

  // Words.
  const PromptFile* cover = nullptr;
  Unit unit;
  Format format = Format::chat;
  Labels labels;

  // --- match.cc
  std::vector<Question> advance();
  void start();
  void run_game(int arguments);
  void begin_turns(lua_State* co);
  void begin_turn(Seat& seat);
  void resume_turn(Seat& seat, int arguments);
  bool turns_over();
  void end(MatchStatus status);
  const Draws& own_draws();
  double random(int seat, uint64_t round, uint64_t n) override;
  void has_read(const std::string& name) override { data.insert(name); }
  std::vector<Value> mentions(const ActionSet& set, const std::string& text) const override;
  int round() const { return transcript.rounds; }
  int seat_number(const Seat& seat) const { return static_cast<int>(&seat - seats.data()) + 1; }
  // Where a viewer sits at the table that it sees, from 1: among strangers that of its pair; an observer's is 0.
  int place_of(int viewer) const;
  const ActionSet* set_at(int id) const { return scripts.impl_->words->sets[static_cast<size_t>(id)].get(); }

  // --- match_questions.cc
  void take_ask(Seat& seat, lua_State* co);
  Request request_of(const Seat& seat, size_t sample) const;
  void put(Seat& seat, size_t sample);
  void answer(const Place& place, const Reply& reply);
  void answered(Seat& seat);
  // Nil where no label is visible.
  Value decide(const ActionSet& set, const Reply& reply, const Place& place, QuestionRecord& record);
  void take_guess(const Sample& sample);

  // --- match_transcript.cc
  void drain() override;
  size_t bytes() const override;
  void sort_questions();
  void score_beliefs();

  // --- match_text.cc
  void prepare_words();
  Value shown(const Value& action, const ActionSet* set) const;  // an action as models see it, by its label
  Value shown_fact(const Value& value) const;
  Value round_item(int viewer, int round) const;
  // What a viewer saw of the events from one to before another: choices by decision, amounts paid.
  Value seen_between(int viewer, size_t from, size_t to) const;
  Value outcomes(int viewer, bool as_seen) const;
  Value with_labels(const ActionSet& set) const;  // the set as a Value, its words as labels
  // The labels in the order of the set, and in the order shown now.
  std::vector<std::string> labels_of(const ActionSet& set) const;
  Value options(const ActionSet& set) const;
  std::string render_with(const Template& text, const PromptFile& file, const Scope& scope) const;
  // Where a name of the game's or strategy's own prompts stands, or "other/name" of another file's.
  struct Named {
    const PromptFile* file;
    std::string file_name, section;
  };
  Named named(const std::string& name, const PromptFile* own_file, const std::string& own_name) const;
  const Template& section(const PromptFile* file, const std::string& file_name, const std::string& name,
                          const Seat& seat) const;
  std::string question_text(Seat& seat, const Ask& ask) const;
  std::string cue_text(Seat& seat, const Ask& ask) const;
  std::string repair_text(Seat& seat, const Ask& ask, const Reading& reading, const std::string& reply) const;
  void begin_chain(Seat& seat);
  void show_choice(const Event& event, const ActionSet* set);
  void close_round(int round);
  void tell(const std::string& name, const std::vector<int>& to, int by, const Value& facts) override;
  // Facts that a game tells, or that stand with its question: `section` may be another file's ("deal/news").
  void check_facts(const Value& facts, const std::string& what, const std::string& section) const;
  // Facts that a strategy's question shows.
  void check_facts(const Value& facts, const std::string& what, const Seat& seat, const std::string& section) const;
  void check_facts(const Value& facts, const std::string& what, const std::vector<const PromptFile*>& files) const;
};

}  // namespace parley
