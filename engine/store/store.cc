#include "store/store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/json.h"
#include "embedded/schema_sql.h"
#include "embedded/upgrade_2_sql.h"
#include "embedded/upgrade_3_sql.h"
#include "embedded/upgrade_4_sql.h"
#include "store/impl.h"

namespace parley {
namespace {

constexpr int kApplication = 0x70726c79;  // "prly"
constexpr int kSchema = 4;
constexpr size_t kMostQueries = 64;

int64_t pragma(const sql::Connection& db, const char* name) {
  auto statement = db.prepare(std::string("PRAGMA ") + name);
  statement.step();
  return statement.integer(0);
}

// Whether the file holds nothing yet. Error where it holds anything but parley's tables.
bool is_new(const sql::Connection& db, const std::string& path) {
  auto tables = db.prepare("SELECT count(*) FROM sqlite_master");
  tables.step();
  int64_t application = pragma(db, "application_id"), schema = pragma(db, "user_version");
  if (tables.integer(0) == 0 && application == 0) return true;
  if (application != kApplication) throw Error(quoted(path) + " is not a parley file");
  if (schema > kSchema) {
    throw Error(quoted(path) + " was written by a newer parley (its tables are of version " + std::to_string(schema) +
                ", this parley knows " + std::to_string(kSchema) + ")");
  }
  return false;
}

bool has_chance(const sql::Connection& db) {
  return db.prepare("SELECT 1 FROM pragma_table_info('match') WHERE name = 'chance'").step();
}

// Brings the tables of an older parley up to this one's; who reads has not locked the file yet. Error: it may only be read.
void upgrade(const sql::Connection& db, const std::string& path, Store::Mode mode) {
  if (pragma(db, "user_version") == kSchema) return;
  std::unique_ptr<FileLock> lock;
  if (mode == Store::Mode::read) {
    if (access(path.c_str(), W_OK) != 0)
      throw Error(quoted(path) +
                  " was written by an older parley, and its tables can only be brought up where it may be written: "
                  "copy it");
    lock = std::make_unique<FileLock>(path);
  }
  db.execute("BEGIN IMMEDIATE");
  if (pragma(db, "user_version") == 1) db.execute(std::string(embedded::upgrade_2_sql));
  if (pragma(db, "user_version") == 2) db.execute(std::string(embedded::upgrade_3_sql));
  // For a while the tables of version 4 were written as version 3.
  if (pragma(db, "user_version") == 3 && !has_chance(db)) db.execute(std::string(embedded::upgrade_4_sql));
  db.execute("PRAGMA user_version = " + std::to_string(kSchema));
  db.execute("COMMIT");
}

// One that may only be read, in a folder that may only be read: SQLite then needs to be told that nobody writes.
std::string immutable_uri(const std::string& path) {
  std::string uri = "file:";
  for (char c : path) {
    constexpr char kHex[] = "0123456789abcdef";
    auto byte = static_cast<unsigned char>(c);
    if (c == '%' || c == '?' || c == '#') {
      uri += {'%', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

void check_first_bytes(const std::string& path, Store::Mode mode) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT && mode == Store::Mode::write) return;
  if (fd < 0 && errno == ENOENT) throw Error("there is no file " + quoted(path));
  if (fd < 0) throw Error("cannot read " + quoted(path) + ": " + std::strerror(errno));
  char head[16] = {};
  ssize_t got = read(fd, head, sizeof head);
  int why = errno;
  ::close(fd);
  if (got < 0) throw Error("cannot read " + quoted(path) + ": " + std::strerror(why));
  if (got == 0 || (got == sizeof head && std::memcmp(head, "SQLite format 3", sizeof head) == 0)) return;
  throw Error(quoted(path) + " is not a parley file");
}

}  // namespace

void create_tables(const sql::Connection& db) {
  // Before WAL, so that the file itself says from the start what it is.
  db.execute("BEGIN IMMEDIATE; PRAGMA application_id = " + std::to_string(kApplication) +
             "; PRAGMA user_version = " + std::to_string(kSchema) + ";");
  db.execute(std::string(embedded::schema_sql));
  db.execute("COMMIT");
}

MatchStatus status_of(std::string_view name) {
  for (auto status : {MatchStatus::open, MatchStatus::whole, MatchStatus::void_}) {
    if (name == status_name(status)) return status;
  }
  return MatchStatus::failed;
}

FileLock::FileLock(const std::string& path) : name_(path + ".lock") {
  for (;;) {
    fd_ = ::open(name_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd_ < 0) throw Error("cannot write " + quoted(path) + ": " + std::strerror(errno));
    if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
      int why = errno;
      char pid[32] = {};
      ssize_t got = why == EWOULDBLOCK ? pread(fd_, pid, sizeof pid - 1, 0) : 0;
      ::close(fd_);
      if (why != EWOULDBLOCK) throw Error("cannot lock " + quoted(name_) + ": " + std::strerror(why));
      std::string who = got > 0 ? " (process " + std::string(pid, strcspn(pid, "\n")) + ")" : "";
      throw Error(quoted(path) + " is being written by another run" + who +
                  ": wait for it, or take another file by --db");
    }
    struct stat held, there;
    if (fstat(fd_, &held) == 0 && stat(name_.c_str(), &there) == 0 && held.st_ino == there.st_ino) break;
    ::close(fd_);  // it was taken away between open and flock
  }
  std::string pid = std::to_string(getpid()) + "\n";
  if (ftruncate(fd_, 0) != 0 || pwrite(fd_, pid.data(), pid.size(), 0) < 0) {
    // Only a message of another process lacks the number.
  }
}

FileLock::~FileLock() {
  unlink(name_.c_str());
  ::close(fd_);
}

Store::Impl::~Impl() {
  try {
    if (db.in_transaction()) db(mode == Mode::write && broken.empty() ? "COMMIT" : "ROLLBACK").run();
  } catch (const std::exception&) {
    // A destructor has nobody to tell: whoever wants to know calls commit().
  }
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Store Store::open(const std::string& path, Mode mode) {
  std::unique_ptr<FileLock> lock;
  check_first_bytes(path, mode);
  if (mode == Mode::write) lock = std::make_unique<FileLock>(path);
  // A reader too opens the file for writing, where it may: the last one to close a file clears its log away.
  int flags = SQLITE_OPEN_READWRITE | (mode == Mode::write ? SQLITE_OPEN_CREATE : 0);
  auto connect = [&](const std::string& name, int how) {
    auto connection = sql::Connection(name, how);
    bool fresh = is_new(connection, path);
    if (fresh && mode == Mode::read) throw Error(quoted(path) + " holds no study yet");
    if (!fresh) upgrade(connection, path, mode);
    if (mode == Mode::read) {
      connection.execute("PRAGMA query_only = 1");
    } else {
      connection.execute("PRAGMA page_size = 4096");
      if (fresh) create_tables(connection);
      connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000");
    }
    // In KB: a run goes on for days, and its memory does not grow; a reader is gone soon.
    connection.execute(mode == Mode::write ? "PRAGMA cache_size = -8192" : "PRAGMA cache_size = -65536");
    connection.execute("PRAGMA temp_store = MEMORY");
    return connection;
  };
  auto opened = [&]() {
    if (mode == Mode::write) return connect(path, flags);
    try {
      return connect(path, flags);
    } catch (const Error&) {
      struct stat log;
      if (access(path.c_str(), W_OK) == 0 || stat((path + "-wal").c_str(), &log) == 0) throw;
      return connect(immutable_uri(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    }
  };
  Store store(std::make_unique<Impl>(path, mode, opened()));
  store.impl_->lock = std::move(lock);
  if (mode == Mode::read) {
    store.impl_->db("BEGIN").run();
  } else {
    auto last = store.impl_->db.prepare("SELECT coalesce(max(id), 0) FROM match");
    last.step();
    store.impl_->next_row = last.integer(0) + 1;
  }
  return store;
}

Store Store::in_memory() {
  sql::Connection connection(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  create_tables(connection);
  return Store(std::make_unique<Impl>(":memory:", Mode::write, std::move(connection)));
}

const std::string& Store::path() const { return impl_->path; }

void Store::wait_for_lock(std::chrono::milliseconds most) { impl_->db.wait_for_lock(static_cast<int>(most.count())); }

void Store::commit() {
  if (!impl_->broken.empty()) throw Error(impl_->broken);
  if (impl_->db.in_transaction()) impl_->write([&] { impl_->db("COMMIT").run(); });
}

std::vector<Store::Row> Store::query(const std::string& sql, const Row& bind) const {
  std::vector<Row> rows;
  query(sql, bind, [&](const Row& row) { rows.push_back(row); });
  return rows;
}

void Store::query(const std::string& sql, const Row& bind, const std::function<void(const Row&)>& each) const {
  // Kept for the next time; taken out meanwhile, since `each` may ask the same.
  auto known = impl_->queries.extract(sql);
  auto statement = known ? std::move(known.mapped()) : impl_->db.prepare(sql);
  if (!statement.only_reads()) throw Error("a statement that writes: " + sql);
  for (size_t i = 0; i < bind.size(); ++i) statement.bind(static_cast<int>(i) + 1, bind[i]);
  Row row(static_cast<size_t>(statement.columns()));
  while (statement.step()) {
    for (size_t i = 0; i < row.size(); ++i) row[i] = statement.value(static_cast<int>(i));
    try {
      each(row);
    } catch (const JsonError& e) {
      throw impl_->no_json(e);
    }
  }
  statement.clear();
  if (impl_->queries.size() < kMostQueries) impl_->queries.emplace(sql, std::move(statement));
}

Error Store::Impl::no_json(const JsonError& e) const {
  return Error(quoted(path) + " holds a text that is " + e.why + ": " + kDamaged);
}

Value Store::Impl::json(std::string_view text) const {
  try {
    return from_json(text);
  } catch (const JsonError& e) {
    throw no_json(e);
  }
}

std::vector<std::string> Store::columns(const std::string& sql) const {
  auto statement = impl_->db.prepare(sql);
  std::vector<std::string> names;
  for (int i = 0; i < statement.columns(); ++i) names.emplace_back(statement.column_name(i));
  return names;
}

}  // namespace parley
