// One SQLite file for one study: every file used, every request's hash and reply, and what was derived from them
// (DESIGN 3 "A reply has a place", "Identity", "The promise"; 8). The tables are described in schema.sql.
//
// Truth is sources, studies, plans and replies; all else is derived and written in one go when a match ends. Writes open a
// transaction by themselves; commit() ends it. Whoever acts on a reply commits it first. Single-threaded.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/hash.h"
#include "base/value.h"
#include "game/place.h"
#include "game/plan.h"
#include "game/transcript.h"
#include "model/model.h"

namespace parley {

// A file that was used, as it was.
struct SourceText {
  std::string name;  // what it is looked up by: "games/ultimatum.lua"
  Hash hash;
  std::string text;
};

// A study as it was run.
struct StudyInfo {
  std::string name;  // of the file, without folder and suffix: a store holds one study by this name
  std::string path;  // outside the promise
  Hash hash;         // of its text
  std::string text;
  Value fields;  // record: its resolved fields
  uint64_t seed = 1;
  std::string engine;  // parley's version
};

// Where a planned match stands. row 0: absent.
struct MatchState {
  int64_t row = 0;
  MatchStatus status = MatchStatus::open;
  int64_t inputs = 0;  // interned, see Store::inputs
  int attempt = 0;     // how often a void match was begun anew
  int version = 0;     // 1, and one more each time its inputs changed
};

// A match of the file.
struct StoredMatch {
  int64_t row = 0;
  uint64_t number = 0;  // its number in the plan, from 1; 0 where it is an older version or no longer planned
  MatchState state;
};

// A reply that the file holds.
struct Kept {
  Hash request;
  Reply reply;
  int64_t answer = 0;  // its row: other places may point to it
};

// The first way in which derived rows are not what the file holds.
struct Difference {
  std::string table;            // "choices"
  std::string row;              // "seat 1, decision action"
  std::string column;           // "actions"
  std::string stored, derived;  // "nothing" where there is no such row
};

class Store {
 public:
  using Row = std::vector<Value>;
  enum class Mode { read, write };

  // A store of the path, made if `write` finds none. `write`: no other process may write it until it is destroyed; read: may
  // be opened while another writes, and sees the file as it was at the first look. Error, one line: no such file (read), no
  // parley file, one of a newer parley, locked by another run, unreadable.
  static Store open(const std::string& path, Mode mode);
  // One that dies with the object.
  static Store in_memory();

  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  // Commits what is pending, if nothing failed.
  ~Store();

  const std::string& path() const;
  // How long a write waits for another program that has locked the file (10 s from the start).
  void wait_for_lock(std::chrono::milliseconds most);

  // --- The study and its plan -------------------------------------------------------------------------------------------

  // States what is run now: the study, and its planned matches at(0) … at(size - 1), which are match 1 … size from now on.
  // Names of conditions, levels and players become those given. `resolved`: every setting of a condition, the game's in
  // full, as a record, for tables and exports. Returns where each match stands, newest version. Committed.
  // Error where the file holds a study of another name.
  std::vector<MatchState> plan(const StudyInfo& study, uint64_t size, const std::function<Plan(uint64_t)>& at,
                               const std::function<Value(const Condition&)>& resolved = {});

  // The study as last run; none in a new file.
  std::optional<StudyInfo> study() const;
  uint64_t planned() const;
  // The matches that are planned and begun, by number; `all`: then older versions and matches no longer planned.
  std::vector<StoredMatch> matches(bool all = false) const;
  // A match as it was planned, names as last run. Its own id is not kept.
  Plan plan_of(int64_t row) const;
  // What was drawn for it, as given to begin().
  Value drawn(int64_t row) const;

  // --- What was used ----------------------------------------------------------------------------------------------------

  // Keeps the text of a file.
  void source(const std::string& name, const Hash& hash, const std::string& text);
  // The set of files (name, hash) that a match depends on, as a small number; the same set gives the same number. Requires
  // each to be kept by source().
  int64_t inputs(std::vector<std::pair<std::string, Hash>> files);
  std::vector<SourceText> files(int64_t inputs) const;
  // What is known of a model: Model::about(), for each build that answered.
  void model(const std::string& identity, const std::string& build, const Value& about);

  // --- Matches ----------------------------------------------------------------------------------------------------------

  // Begins planned match `number` (from 1): its first version, or, where it stands in the file with other inputs, a new one.
  // `drawn`: what chance gave its block (label map, orders), a record. Returns its row, which reaches the file with its first
  // reply or its end. Requires plan() before.
  int64_t begin(uint64_t number, int64_t inputs, const Value& drawn = {});
  // Takes up a failed match: open again, with its replies.
  void resume(int64_t row);
  // Begins a void match anew: its derived rows go, `attempt` grows by one, and of each seat in `unread` the reply there (all
  // tries of that sample) and all later ones no longer hold; they stay in the file. Returns the new attempt.
  int retry(int64_t row, const std::vector<Place>& unread);
  // The places (of try 1) whose answers a void match could not read: what retry() takes.
  std::vector<Place> unread(int64_t row) const;
  // A match under way turned out to depend on more files than it was begun with (what its authors' code read).
  void change_inputs(int64_t row, int64_t inputs);
  // Ends a match: status, reason and every derived row. A failed one gets status and reason only. Requires a status other
  // than open.
  void finish(int64_t row, const Transcript& transcript);

  // --- Replies ----------------------------------------------------------------------------------------------------------

  // Keeps a reply at a place where there is none. A pure one that the file holds already from the same build is pointed to.
  // Returns the answer's row.
  // `model`: the identity of what was asked. A failure is kept too, as what holds at this place alone.
  int64_t keep(int64_t row, const Place& place, const Hash& request, bool pure, const std::string& model,
               const Reply& reply);
  // Points a place to a reply that the file holds.
  void point(int64_t row, const Place& place, int64_t answer);
  // The replies that hold for a match.
  std::map<Place, Kept> replies(int64_t row) const;
  // Those of the older versions of a match, by place and request; of several the newest.
  std::map<std::pair<Place, Hash>, Kept> previous_replies(int64_t row) const;
  // The pure reply to a request from a build.
  std::optional<Kept> pure(const Hash& request, const std::string& build) const;

  // --- Runs -------------------------------------------------------------------------------------------------------------

  // So many requests are put to models now, so many came to an end: the row of this run, begun with the first. What was asked
  // is committed before it is sent, so that a kill shows how many were lost.
  void asked(uint64_t requests);
  void answered(uint64_t requests);
  void end_run();
  // The tries of a request at this place that came to nothing.
  void faults(int64_t row, const Place& place, const std::string& model, const std::vector<Fault>& faults);
  // Requests of runs that are over which came to no end: in flight when these were stopped or killed, and asked again since.
  uint64_t lost() const;
  // What answered, of each model that was asked, over the whole file.
  struct Served {
    std::string model, name, build;  // identity; as it names itself
    uint64_t replies = 0;
    Usage usage;
    int64_t longest = 0;  // the most tokens that came in one reply
  };
  std::vector<Served> served() const;

  // Makes all that was written so far permanent. Error where that fails: then nothing since the last commit holds, nothing
  // before it is lost, and every later write fails with the same words.
  void commit();

  // --- Looking ----------------------------------------------------------------------------------------------------------

  // Rows of a SELECT (pending writes included). `bind` fills ?1, ?2, … Numbers come as numbers, text and blobs as strings,
  // NULL as nil. Error with SQLite's words; a statement that would write is one.
  std::vector<Row> query(const std::string& sql, const Row& bind = {}) const;
  void query(const std::string& sql, const Row& bind, const std::function<void(const Row&)>& each) const;
  // The names of its columns.
  std::vector<std::string> columns(const std::string& sql) const;

  // Derives the rows of a match again and compares them with the file's.
  std::optional<Difference> compare(int64_t row, const Transcript& transcript) const;
  // SHA-256 of all that is promised (DESIGN 3), whatever the numbers of rows and the order in which they were written.
  Hash digest() const;

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace parley
