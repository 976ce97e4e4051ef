// What the files of this folder share: the open file, and what is kept of the plan while a study runs.
#pragma once
#include <array>
#include <ctime>
#include <stdexcept>
#include <unordered_map>

#include "base/error.h"
#include "base/json.h"
#include "store/derived/derive.h"
#include "store/sqlite.h"
#include "store/store.h"

namespace parley {

// Holds PATH.lock: one process at a time. The kernel lets go of it when a process dies, so that none is ever stale.
class FileLock {
 public:
  explicit FileLock(const std::string& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  std::string name_;
  int fd_ = -1;
};

struct Store::Impl {
  // A planned match, by number - 1.
  struct Planned {
    int32_t condition = 0, rules = 0, lineup = 0;
    uint32_t block = 0;
    int32_t version = 0;  // of the newest row; 0: absent
    int64_t row = 0;
  };
  // A match that was begun and is not in the file yet.
  struct Begun {
    uint64_t number = 0;
    int64_t inputs = 0, displaces = 0;  // the row of the version before; 0: none
    int32_t version = 1;
    double started = 0;
    std::string drawn;  // as JSON; "" none
  };

  std::string path;
  Mode mode = Mode::write;
  std::unique_ptr<FileLock> lock;  // outlives the connection
  mutable sql::Connection db;
  mutable std::unordered_map<std::string, sql::Statement> queries;  // of query(), by text
  std::string broken;                                               // the first failure of a write

  uint64_t seed = 1;
  std::vector<Planned> plan;
  int64_t next_row = 1;
  std::unordered_map<int64_t, Begun> begun;
  std::map<std::array<std::string, 3>, int64_t> served;  // (model, name, build) -> row
  int64_t run = 0;                                       // row of the run under way; 0: none
  Deriver deriver;
  // Where rows are derived again to be compared.
  struct Check {
    sql::Connection db;
    Deriver deriver;
    Check();
  };
  std::unique_ptr<Check> check;

  Impl(std::string file, Mode how, sql::Connection connection)
      : path(std::move(file)), mode(how), db(std::move(connection)), deriver(db) {}
  ~Impl();

  // Runs f within the transaction under way, which it opens if there is none. A failure undoes that transaction, and is what
  // every later write says.
  template <class F>
  auto write(F f) {
    if (mode == Mode::read) throw std::logic_error("a store that was opened for reading is written");
    if (!broken.empty()) throw Error(broken);
    try {
      if (!db.in_transaction()) db("BEGIN IMMEDIATE").run();
      return f();
    } catch (const Error& e) {
      broken = e.what();
      db.rollback();
      throw;
    }
  }

  // Writes the row of a match that was begun, open; nothing where it is in the file.
  void enter(int64_t row);
  // Binds ?13 to ?23 to what begin() settled: number, condition, rules, lineup, block, seed, version, previous, inputs, drawn,
  // started.
  void bind_begin(sql::Statement& add, const Begun& begun_match) const;
  // Binds ?2 to ?11 to what the match's row says of its end: status, why, void_seat, rounds, closed, missing, pairs, equal,
  // trace, chance. No head: the match failed.
  static void bind_end(sql::Statement& set, const Transcript& transcript, const Deriver::Head* head);
  // The answer in a row of ANSWER_COLUMNS, which begin at `first`. Error: the file is damaged.
  Kept kept_from(const sql::Statement& row, int first) const;
  // A text of the file that was written as JSON. Error: it is none, so that the file is damaged.
  Value json(std::string_view text) const;
  Error no_json(const JsonError& e) const;
  Value json_or_nil(const sql::Statement& row, int at) const { return row.is_null(at) ? Value() : json(row.text(at)); }
  // The version before is no longer the one that tables show.
  void displace(const Begun& of);
  // Numbers the newest version of each planned match, and unnumbers all others; fills the plan's rows and versions.
  std::vector<MatchState> number_matches(std::vector<Planned>& planned, uint64_t of_seed);
};

// What is said of a row that parley did not write so.
inline constexpr const char* kDamaged = "it is damaged or was changed by hand; `parley verify` names the match";
inline std::string quoted(const std::string& path) { return "'" + path + "'"; }

// Makes the tables.
void create_tables(const sql::Connection& db);

MatchStatus status_of(std::string_view name);

}  // namespace parley
