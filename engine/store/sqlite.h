// The one place that knows SQLite: connections and statements that close themselves, failures as Error.
#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/value.h"

namespace parley::sql {

// A prepared statement. Bound text is not copied: it must live until the next step(), which done() and run() end.
class Statement {
 public:
  Statement(sqlite3* db, std::string_view text);

  Statement& bind(int at, int64_t n) { return check(sqlite3_bind_int64(raw_.get(), at, n)); }
  Statement& bind(int at, int n) { return bind(at, int64_t{n}); }
  Statement& bind(int at, double n) { return check(sqlite3_bind_double(raw_.get(), at, n)); }
  Statement& bind(int at, std::string_view text);
  Statement& bind_blob(int at, std::string_view bytes);
  Statement& bind_null(int at) { return check(sqlite3_bind_null(raw_.get(), at)); }
  Statement& text_or_null(int at, std::string_view text) { return text.empty() ? bind_null(at) : bind(at, text); }
  // Nil as NULL, whole numbers as integers, booleans as "true" and "false", lists and records as JSON. Copies.
  Statement& bind(int at, const Value& value);

  // To the next row; false after the last, and then it can be bound and run again.
  bool step();
  // To its end; rows are dropped.
  void run();
  // The number in its first row, which there is; and no row is held: a row that is held is a look at the file as it was then,
  // and a write does not wait for another program while there is one.
  int64_t number();
  // Gives up the rows that are left.
  void reset() { sqlite3_reset(raw_.get()); }
  // Lets go of what was bound.
  void clear() { sqlite3_clear_bindings(raw_.get()); }

  bool is_null(int at) const { return sqlite3_column_type(raw_.get(), at) == SQLITE_NULL; }
  int64_t integer(int at) const { return sqlite3_column_int64(raw_.get(), at); }
  double real(int at) const { return sqlite3_column_double(raw_.get(), at); }
  // Until the next step(); NULL is empty.
  std::string_view text(int at) const;
  std::string string(int at) const { return std::string(text(at)); }
  Value value(int at) const;
  int columns() const { return sqlite3_column_count(raw_.get()); }
  const char* column_name(int at) const { return sqlite3_column_name(raw_.get(), at); }
  bool only_reads() const { return sqlite3_stmt_readonly(raw_.get()) != 0; }

 private:
  Statement& check(int code);
  struct Finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> raw_;
};

class Connection {
 public:
  // `uri` and `flags` as sqlite3_open_v2 takes them.
  Connection(const std::string& uri, int flags);

  // The statement of a text that lives as long as the program, prepared once.
  Statement& operator()(const char* text);
  Statement prepare(std::string_view text) const { return Statement(raw_.get(), text); }
  void execute(const std::string& text) const;
  bool in_transaction() const { return sqlite3_get_autocommit(raw_.get()) == 0; }
  void rollback() noexcept { sqlite3_exec(raw_.get(), "ROLLBACK", nullptr, nullptr, nullptr); }
  void wait_for_lock(int milliseconds) { sqlite3_busy_timeout(raw_.get(), milliseconds); }
  int64_t last_row() const { return sqlite3_last_insert_rowid(raw_.get()); }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  std::unique_ptr<sqlite3, Close> raw_;
  std::unordered_map<const char*, Statement> kept_;
};

// Throws an Error that says what a failure means to a person: "cannot write 'x.db': the disk is full …".
[[noreturn]] void fail(sqlite3* db, int code);

}  // namespace parley::sql
