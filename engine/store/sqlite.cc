#include "store/sqlite.h"

#include <cmath>
#include <stdexcept>

#include "base/error.h"
#include "base/json.h"

namespace parley::sql {
namespace {

constexpr double kWhole = 9007199254740992.0;  // 2^53: below it, a whole number is kept as an integer

}  // namespace

void fail(sqlite3* db, int code) {
  const char* path = db ? sqlite3_db_filename(db, "main") : nullptr;
  std::string file = path && *path ? "'" + std::string(path) + "'" : "the store";
  std::string words = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_FULL:
      throw Error("cannot write " + file + ": the disk is full (what was committed is safe: make room and run again)");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Error("cannot write " + file + ": another program has locked it (close it and run again)");
    case SQLITE_READONLY:
      throw Error("cannot write " + file + ": it may only be read");
    case SQLITE_IOERR:
      throw Error("cannot read or write " + file + ": " + words +
                  " (what was committed is safe: run again when the disk works)");
    case SQLITE_CANTOPEN:
      throw Error("cannot open " + file + ": " + words);
    case SQLITE_NOTADB:
      throw Error(file + " is not a parley file");
    case SQLITE_CORRUPT:
      throw Error(file + " is damaged: " + words);
    default:
      throw Error(file + ": " + words);
  }
}

Statement::Statement(sqlite3* db, std::string_view text) {
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  int code = sqlite3_prepare_v3(db, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &raw, &tail);
  if (code != SQLITE_OK) fail(db, code);
  raw_.reset(raw);
  if (!raw) throw Error("an empty SQL statement");
}

Statement& Statement::check(int code) {
  if (code != SQLITE_OK) fail(sqlite3_db_handle(raw_.get()), code);
  return *this;
}

Statement& Statement::bind(int at, std::string_view text) {
  return check(
      sqlite3_bind_text64(raw_.get(), at, text.data() ? text.data() : "", text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

Statement& Statement::bind_blob(int at, std::string_view bytes) {
  return check(sqlite3_bind_blob64(raw_.get(), at, bytes.data() ? bytes.data() : "", bytes.size(), SQLITE_STATIC));
}

Statement& Statement::bind(int at, const Value& value) {
  switch (value.kind()) {
    case Value::Kind::nil:
      return bind_null(at);
    case Value::Kind::boolean:
      return bind(at, std::string_view(value.boolean() ? "true" : "false"));
    case Value::Kind::number: {
      double n = value.number();
      if (n == std::floor(n) && std::fabs(n) < kWhole) return bind(at, static_cast<int64_t>(n));
      return bind(at, n);
    }
    case Value::Kind::string:
      return bind(at, std::string_view(value.string()));
    case Value::Kind::list:
    case Value::Kind::record: {
      std::string text = to_json(value);
      return check(sqlite3_bind_text64(raw_.get(), at, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    }
  }
  return *this;
}

bool Statement::step() {
  int code = sqlite3_step(raw_.get());
  if (code == SQLITE_ROW) return true;
  int reset = sqlite3_reset(raw_.get());
  if (code != SQLITE_DONE) fail(sqlite3_db_handle(raw_.get()), reset != SQLITE_OK ? reset : code);
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

int64_t Statement::number() {
  if (!step()) throw std::logic_error("a number that is not there");
  int64_t n = integer(0);
  reset();
  return n;
}

std::string_view Statement::text(int at) const {
  auto data =
      static_cast<const char*>(sqlite3_column_blob(raw_.get(), at));  // as stored: no conversion, no cut at a NUL
  return data ? std::string_view(data, static_cast<size_t>(sqlite3_column_bytes(raw_.get(), at))) : std::string_view();
}

Value Statement::value(int at) const {
  switch (sqlite3_column_type(raw_.get(), at)) {
    case SQLITE_NULL:
      return {};
    case SQLITE_INTEGER:
      return integer(at);
    case SQLITE_FLOAT:
      return real(at);
    default:
      return text(at);
  }
}

Connection::Connection(const std::string& uri, int flags) {
  sqlite3* raw = nullptr;
  int code = sqlite3_open_v2(uri.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  raw_.reset(raw);
  if (code != SQLITE_OK) fail(raw, code);
  sqlite3_extended_result_codes(raw, 1);
  wait_for_lock(10'000);
}

Statement& Connection::operator()(const char* text) {
  auto at = kept_.find(text);
  if (at == kept_.end()) at = kept_.emplace(text, Statement(raw_.get(), text)).first;
  at->second.reset();
  return at->second;
}

void Connection::execute(const std::string& text) const {
  int code = sqlite3_exec(raw_.get(), text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(raw_.get(), code);
}

}  // namespace parley::sql
