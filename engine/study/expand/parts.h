// Inside of Design: what the files of this folder hand to each other. expansion.cc goes through a study; said.cc has the
// values that were said and what their names mean; fields.cc the study's fields; factors.cc `vary`; entries.cc the entries
// of `players`; lineups.cc who sits where; identity.cc what a condition, line-up and match are by content.
#pragma once
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "study/design.h"

namespace parley::study {

// A value and who said it.
struct Said {
  Value value;
  std::string level;    // "level 'cooking' of vary.story", or ""
  std::string command;  // "--set cover=cooking", or ""
};
// What is said for a condition, by name of a field or setting; what is not said is left to its default.
using Given = std::map<std::string, Said, std::less<>>;

// Blames the one who said it: Misuse for the command line, else Error with the study's path.
[[noreturn]] void fail(const std::string& path, const Said& said, const std::string& what);
// The value as messages show it: 'text', 3, true, a list, a table of names.
std::string shown(const Value& value);
// "study has no field 'x' (did you mean 'y'?)" and the like: " (did you mean ...)" stands behind the part that has it.
std::string no_such(const std::string& name, const std::string& what, const std::vector<std::string>& known,
                    const std::string& owner, const std::vector<std::string>& settings);
std::vector<std::string> names_of(const Value& record);
// The whole number of at least `least` that was said.
int whole(const std::string& path, const Said& said, const std::string& name, int least);

// A setting of a game or strategy, checked by its default: of the same kind; an empty default admits lists and records.
// The value, an empty table in the default's kind. `owner`: "game 'ultimatum'".
Value setting(const std::string& path, const Said& said, const std::string& name, const Value& standard,
              const std::string& owner);

// Lookup, each answer kept.
class Known {
 public:
  explicit Known(const Lookup& lookup) : lookup_(lookup) {}
  // nullptr where there is none.
  std::shared_ptr<const GameInfo> game(const std::string& name, const Value& settings, int seats = 0);
  std::shared_ptr<const StrategyInfo> strategy(const std::string& name);
  const std::string& model_identity(const std::string& model);
  // Blames `said` where there are no such words: see Lookup::check_words.
  void check_words(const std::string& path, const Said& said, const std::string& field, const std::string& name);
  bool is_column(const std::string& name) const {
    return std::find(lookup_.columns.begin(), lookup_.columns.end(), name) != lookup_.columns.end();
  }
  std::string column(const std::string& factor) const { return lookup_.column ? lookup_.column(factor) : factor; }
  const std::vector<std::string>& numbers() const { return lookup_.numbers; }
  std::string nearest_game(const std::string& name) const { return did_you_mean_(name, lookup_.games); }
  std::string nearest_strategy(const std::string& name) const { return did_you_mean_(name, lookup_.strategies); }

 private:
  static std::string did_you_mean_(const std::string& name, const std::function<std::vector<std::string>()>& names);
  const Lookup& lookup_;
  std::map<std::string, std::shared_ptr<const GameInfo>> games_;
  std::map<std::string, std::shared_ptr<const StrategyInfo>> strategies_;
  std::map<std::string, std::string> models_;
  std::set<std::pair<std::string, std::string>> words_;  // checked: field and name
};

// ---- fields.cc

enum class Use {
  text,   // about, source, data: one value for the study
  rule,   // may be varied
  shape,  // makes the matches, or what is reckoned of them; one value for the study
};
std::optional<Use> use_of(std::string_view field);
std::vector<std::string> field_names();  // those that there are
std::vector<std::string> rule_names();   // those that may be varied

// The rules of one condition.
struct Settled {
  Rules rules;
  std::shared_ptr<const GameInfo> game;
  std::string model;              // of entries that name none; "" where there is none
  std::vector<std::string> told;  // to every asking player
  Value resolved;                 // every rule and every setting of the game
};
Settled settle(const std::string& path, const Given& given, Known& known);
// The game that is said, as it is declared (kAsDeclared). Error where none is said, or there is no such.
std::shared_ptr<const GameInfo> game_said(const std::string& path, const Given& given, Known& known);
// What a setting, or a rule other than rounds, comes to where it is not said; nil where that is nothing.
Value default_of(const std::string& name, const Given& given, const GameInfo& game);
// Names of prompts/told: a text or a list of texts.
std::vector<std::string> told_said(const std::string& path, const Said& said, Known& known);

// ---- factors.cc

struct Level {
  std::string name;
  Value word;  // v.FACTOR
  std::vector<std::pair<std::string, Value>> sets;
  bool sets_something = false;  // a setting or a bundle: else only a word for the study's functions
};
struct Factor {
  std::string name;
  bool setting = false;
  std::vector<Level> levels;
  std::string command;  // the override that chose its level, or ""
};
// `vary` with the overrides that name a factor, which are taken out of `overrides` where they chose a level by name.
// `settings`: of the games there are.
std::vector<Factor> factors_of(const StudyFile& file, Given& overrides, const std::vector<std::string>& settings);

// ---- entries.cc

// One entry of `players` or `against` in one condition.
struct Entry {
  uint32_t player;  // of the pool
  int times = 1;
  Said seat;  // nil: none
};

// Every distinct player of a study. Players of equal content share one, but for copies: the second of two equal entries of
// a tournament is a player of its own, so that tables tell them apart.
class Pool {
 public:
  Pool(std::string path, Known& known) : path_(std::move(path)), known_(known) {}
  // The entries of a list. `list`: "players", "against" or "observers"; `watched` says of an observer's `watches` which seat that is.
  struct Watched {
    int seat;          // from 1; 0: whom it watches does not sit here, and the entry is left out
    std::string name;  // of the seat, or of the player
  };
  std::vector<Entry> read(const Said& said, const std::string& list, const Settled& condition,
                          const std::function<Watched(const Said&)>& watched = {});
  // The observer, watching another seat.
  uint32_t watching(uint32_t observer, int seat);
  // The k-th of equal players, k from 1.
  uint32_t copy(uint32_t player, int k);
  // Gives those without a name one: the strategy's, with what differs between players of one strategy. `model`: of the
  // study where it is one for all conditions; it goes without saying.
  void name_all(const std::string& model);

  const Player& player(uint32_t i) const { return members_[i].player; }
  const Value& content(uint32_t i) const { return members_[i].content; }
  const std::string& content_text(uint32_t i) const { return members_[i].text; }
  const std::string& said_name(uint32_t i) const { return members_[i].said_name; }
  size_t size() const { return members_.size(); }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  struct Member {
    Player player;
    Value content;
    std::string text, said_name, watched;
    int copy = 1;
  };
  Player resolve(const Said& said, const std::string& who, const Value& entry, const Settled& condition);
  uint32_t add(Member member);
  void warn(const std::string& what);

  std::string path_;
  Known& known_;
  std::vector<Member> members_;
  std::map<std::string, uint32_t> by_key_;
  std::vector<std::string> warnings_;
};

// How players become line-ups.
struct Shape {
  bool round_robin = false, against = false;  // neither: the players take their seats
  bool self_play = true, both_seats = true;
};
// The line-ups of one condition, named `name`: players of the pool by seat, then observers.
std::vector<std::vector<uint32_t>> lineups_of(const std::string& path, const Settled& condition, const Shape& shape,
                                              const Said& players, const Said& against, const Said& observers,
                                              const std::string& name, Pool& pool, Known& known);

// ---- analysis.cc

// What `analysis` is checked by, besides the design.
struct AnalysisNeeds {
  std::vector<std::string> numbers;  // columns of numbers that the study's units have; empty: not checked
  bool notes = false;                // a game may note others, by names that nobody knows before it is played
  std::function<std::string(const std::string& factor)> column;  // as Lookup
  bool overridden = false;  // the command line says something of the design: what it then lacks is a warning
  std::function<void(const std::string& what)> warn;
};
// The field settled: contrasts as lists, `stop` as the list of looks, every default filled in (report/declared.h reads it).
Value analysis_of(const std::string& path, const Said& said, const Design& design, const AnalysisNeeds& needs);

// ---- expansion.cc

// What games say of themselves stands beside the levels of the factors, where it is not the same in all conditions.
void add_columns(const std::vector<std::pair<Condition*, const GameInfo*>>& conditions);
Design expand(const StudyFile& file, const Lookup& lookup, const std::vector<Override>& overrides);

// ---- identity.cc: what is hashed, and what is not (DESIGN 3, "Identity")

// The game, and what of its settings and the rules differs from the defaults.
Value content_of(const Rules& rules, const GameInfo& game);
// The strategy, what of its settings differs from the defaults and, if it asks, what it is told, its model's identity and
// sampling. No name.
Value content_of(const Player& player);
Hash condition_id(const Value& content, int number);
Hash lineup_id(const std::vector<std::string>& contents, int number);  // by seat, as JSON
Hash match_id(uint64_t seed, const Hash& condition, const Hash& lineup, uint32_t block);
std::string default_format(const std::string& read);

}  // namespace parley::study
