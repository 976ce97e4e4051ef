// The store's file: who may open it, and what is left of it when things go wrong.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "base/error.h"
#include "base/file.h"
#include "played.h"
#include "store/sqlite.h"

using namespace played;
using doctest::Contains;

namespace {

std::vector<Plan> many(uint32_t blocks) {
  return plans({condition("")}, {lineup({"direct", "alternate"}, "m")}, blocks);
}

int64_t used(Store& store) {
  store.source("games/g.lua", hash_of("game {}"), "game {}");
  return store.inputs({{"games/g.lua", hash_of("game {}")}});
}

// Runs f in a process of its own; what it returned, or minus the signal that ended it.
template <class F>
int in_child(F f) {
  pid_t pid = fork();
  if (pid == 0) {
    int code = 99;
    try {
      code = f();
    } catch (const std::exception& e) {
      fprintf(stderr, "%s\n", e.what());
    }
    _exit(code);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// Plays the matches that are absent or open, a reply each and a commit after it; `stop`, if not 0: after so many replies the
// process kills itself.
void play_on(const std::string& path, uint32_t blocks, int stop) {
  Store store = Store::open(path, Store::Mode::write);
  auto states = register_plans(store, many(blocks));
  int64_t inputs = used(store);
  for (uint64_t i = 0; i < states.size(); ++i) {
    if (states[i].status == MatchStatus::whole && states[i].row) continue;
    int64_t row = states[i].row ? states[i].row : store.begin(i + 1, inputs);
    auto kept = store.replies(row);
    Script s;
    for (int n = 1; n <= 3; ++n) {
      if (!kept.contains({1, n, 1, 1})) {
        store.keep(row, {1, n, 1, 1}, hash_of("q" + std::to_string(n)), false, "m",
                   said(std::to_string(i * 10 + static_cast<uint64_t>(n))));
        store.commit();
        if (--stop == 0) kill(getpid(), SIGKILL);
      }
      s.dilemma((i + static_cast<uint64_t>(n)) % 2, false);
      s.question(1, n).choice = "x";
    }
    store.finish(row, s.end());
    if (i % 4 == 3) store.commit();
  }
}

}  // namespace

TEST_CASE("a file is opened by who may") {
  Folder folder;
  std::string path = folder / "first.db";
  CHECK_THROWS_WITH_AS(Store::open(path, Store::Mode::read), ("there is no file '" + path + "'").c_str(), Error);
  CHECK_THROWS_WITH_AS(Store::open(folder / "no/such.db", Store::Mode::write),
                       ("cannot write '" + (folder / "no/such.db") + "': No such file or directory").c_str(), Error);
  {
    Store store = Store::open(path, Store::Mode::write);
    register_plans(store, many(1));
    CHECK(file_exists(path + ".lock"));
    CHECK_THROWS_WITH_AS(Store::open(path, Store::Mode::write),
                         ("'" + path + "' is being written by another run (process " + std::to_string(getpid()) +
                          "): wait for it, or take another file by --db")
                             .c_str(),
                         Error);
    // A reader sees what was committed when it opened.
    store.finish(store.begin(1, used(store)), Script().dilemma(true, true).end());
    Store before = Store::open(path, Store::Mode::read);
    CHECK(before.matches().empty());
    store.commit();
    CHECK(before.matches().empty());
    Store reader = Store::open(path, Store::Mode::read);
    CHECK(reader.matches().size() == 1);
    CHECK(reader.digest() == store.digest());
    CHECK_THROWS(reader.commit(), reader.source("x", "y", "z"));
  }
  CHECK(!file_exists(path + ".lock"));
  CHECK(!file_exists(path + "-wal"));
  std::string all = read_file(path);
  Store reader = Store::open(path, Store::Mode::read);
  CHECK(reader.study()->name == "first");
  Store again = Store::open(path, Store::Mode::write);
  CHECK_THROWS_WITH_AS(register_plans(again, many(1), study("x", "other")),
                       ("'" + path + "' holds the study 'first', not 'other': take another file by --db").c_str(),
                       Error);
  register_plans(again, many(1));  // a refusal breaks nothing
}

TEST_CASE("a file that is no study is refused in one line") {
  Folder folder;
  auto refused = [&](const std::string& name) {
    std::string first;
    for (auto mode : {Store::Mode::read, Store::Mode::write}) {
      try {
        Store::open(folder / name, mode);
        return std::string("opened");
      } catch (const Error& e) {
        if (first.empty()) first = e.what();
        CHECK(first == e.what());
      }
    }
    return first;
  };
  std::ofstream(folder / "text.db") << "a page of text that is no database\n";
  CHECK(refused("text.db") == "'" + (folder / "text.db") + "' is not a parley file");
  std::ofstream(folder / "short.db") << "SQL";
  CHECK(refused("short.db") == "'" + (folder / "short.db") + "' is not a parley file");
  std::string junk = "SQLite format 3";
  junk += std::string(5000, '\7');
  std::ofstream(folder / "junk.db") << junk;
  CHECK(refused("junk.db").find('\n') == std::string::npos);
  auto sqlite = [&](const std::string& name, const std::string& sql) {
    REQUIRE(system(("sqlite3 " + (folder / name) + " '" + sql + "'").c_str()) == 0);
  };
  sqlite("other.db", "CREATE TABLE t (x)");
  CHECK(refused("other.db") == "'" + (folder / "other.db") + "' is not a parley file");
  { Store::open(folder / "newer.db", Store::Mode::write); }
  sqlite("newer.db", "PRAGMA user_version = 7");
  CHECK(refused("newer.db") ==
        "'" + (folder / "newer.db") +
            "' was written by a newer parley (its tables are of version 7, this parley knows 4)");
  std::ofstream(folder / "empty.db") << "";
  CHECK_THROWS_WITH_AS(Store::open(folder / "empty.db", Store::Mode::read),
                       ("'" + (folder / "empty.db") + "' holds no study yet").c_str(), Error);
  Store::open(folder / "empty.db", Store::Mode::write);
}

TEST_CASE("a run that was killed leaves no lock and loses nothing that was committed") {
  Folder folder;
  std::string whole = folder / "whole.db", path = folder / "killed.db";
  play_on(whole, 12, 0);
  Hash undisturbed = Store::open(whole, Store::Mode::read).digest();
  for (int stop : {1, 2, 5, 7, 3, 4, 6, 1}) {
    CHECK(in_child([&] {
            play_on(path, 12, stop);
            return 0;
          }) == -SIGKILL);
  }
  play_on(path, 12, 0);
  CHECK(Store::open(path, Store::Mode::read).digest() == undisturbed);
}

TEST_CASE("a run that was killed while it made the tables left a file without any, in which the next one begins") {
  Folder folder;
  std::string whole = folder / "whole.db", path = folder / "begun.db";
  play_on(whole, 3, 0);
  sql::Connection(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE).execute("CREATE TABLE t (a); DROP TABLE t");
  CHECK(std::filesystem::file_size(path) > 0);
  CHECK_THROWS_WITH_AS(Store::open(path, Store::Mode::read), Contains("holds no study yet"), Error);
  play_on(path, 3, 0);
  CHECK(Store::open(path, Store::Mode::read).digest() == Store::open(whole, Store::Mode::read).digest());
}

TEST_CASE("a full disk is one clear error, and what was committed stays") {
  Folder folder;
  std::string path = folder / "full.db";
  { Store::open(path, Store::Mode::write); }
  int code = in_child([&] {
    signal(SIGXFSZ, SIG_IGN);
    rlimit limit{600'000, 600'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    uint64_t whole = 0;
    std::string first, second;
    {
      Store store = Store::open(path, Store::Mode::write);
      register_plans(store, many(5000));
      int64_t inputs = used(store);
      auto play = [&] {
        Script s;
        for (int i = 0; i < 100; ++i) s.dilemma(i % 3 == 0, false);
        Transcript t = s.end();
        for (uint64_t i = whole; i < 5000; ++i) {
          store.finish(store.begin(i + 1, inputs), t);
          store.commit();
          whole = i + 1;
        }
      };
      try {
        play();
      } catch (const Error& e) {
        first = e.what();
      }
      try {
        store.commit();
      } catch (const Error& e) {
        second = e.what();
      }
    }
    if (whole == 5000 || first.find("cannot") != 0 || first.find('\n') != std::string::npos || second != first) {
      fprintf(stderr, "%d: %s\n%s\n", static_cast<int>(whole), first.c_str(), second.c_str());
      return 1;
    }
    rlimit none{RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &none);
    Store store = Store::open(path, Store::Mode::read);
    auto matches = store.matches();
    return matches.size() == whole && store.query("PRAGMA integrity_check")[0][0] == Value("ok") ? 0 : 2;
  });
  CHECK(code == 0);
  play_on(path, 4, 0);
}

TEST_CASE("a file that another program has locked is one clear error") {
  Folder folder;
  std::string path = folder / "busy.db";
  { Store::open(path, Store::Mode::write); }
  Store store = Store::open(path, Store::Mode::write);
  sql::Connection other(path, SQLITE_OPEN_READWRITE);
  other.execute("BEGIN IMMEDIATE");
  store.wait_for_lock(std::chrono::milliseconds(50));
  CHECK_THROWS_WITH_AS(register_plans(store, many(1)),
                       ("cannot write '" + path + "': another program has locked it (close it and run again)").c_str(),
                       Error);
}

TEST_CASE("a file in a folder that may only be read is read") {
  Folder folder;
  std::string path = folder / "first.db";
  play_on(path, 2, 0);
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  std::filesystem::permissions(folder.path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  constexpr uid_t kNobody = 65534;
  if (geteuid() == 0) {  // to whom nothing is forbidden
    REQUIRE(chown(folder.path.c_str(), kNobody, kNobody) == 0);
    REQUIRE(chown(path.c_str(), kNobody, kNobody) == 0);
  }
  CHECK(in_child([&] {
          if (geteuid() == 0 && (setgid(kNobody) != 0 || setuid(kNobody) != 0)) return 1;
          if (access(folder.path.c_str(), W_OK) == 0 || access(path.c_str(), W_OK) == 0) return 2;
          return Store::open(path, Store::Mode::read).matches().size() == 2 ? 0 : 3;
        }) == 0);
  std::filesystem::permissions(folder.path, std::filesystem::perms::owner_all);
}

TEST_CASE("a file of an older parley is brought up") {
  Folder folder;
  std::string now = folder / "first.db", path = folder / "old.db";
  play_on(now, 3, 0);
  {
    sql::Connection old(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    old.execute(read_file(PARLEY_ROOT "/tests/engine/schema_1.sql"));
    old.execute("PRAGMA application_id = 1886547065; PRAGMA user_version = 1; ATTACH '" + now + "' AS now");
    std::vector<std::string> tables;
    auto all = old.prepare("SELECT name FROM main.sqlite_master WHERE type = 'table'");
    while (all.step()) tables.push_back(all.string(0));
    CHECK(tables.size() == 23);
    for (const std::string& table : tables) {
      std::string columns;
      auto info = old.prepare("SELECT name FROM pragma_table_info('" + table + "', 'main')");
      while (info.step()) columns += (columns.empty() ? "" : ", ") + info.string(0);
      old.execute("INSERT INTO main." + table + " (" + columns + ") SELECT " + columns + " FROM now." + table);
    }
  }
  // What an older parley kept says neither whether chance took part nor what is alike whoever sat where.
  sql::Connection(now, SQLITE_OPEN_READWRITE).execute("UPDATE match SET trace = NULL, chance = NULL");
  Hash wanted = Store::open(now, Store::Mode::read).digest();
  Store store = Store::open(path, Store::Mode::read);
  CHECK(store.digest() == wanted);
  REQUIRE(store.served().size() == 1);
  CHECK(store.served()[0].model == "m");
  CHECK(store.served()[0].replies == 9);
  Store fresh = Store::open(now, Store::Mode::read);
  // As of version 3 were written: without a column that came then, and for a while with it.
  const std::string third = folder / "third.db";
  std::filesystem::copy_file(now, third);
  sql::Connection(third, SQLITE_OPEN_READWRITE).execute("PRAGMA user_version = 3");
  CHECK(Store::open(third, Store::Mode::read).digest() == wanted);
  sql::Connection(third, SQLITE_OPEN_READWRITE)
      .execute("ALTER TABLE match DROP COLUMN chance; UPDATE match SET trace = 5; PRAGMA user_version = 3");
  CHECK(Store::open(third, Store::Mode::read).digest() == wanted);
  const std::string columns =
      "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type IN ('table', 'view') "
      "ORDER BY 1, 2";
  CHECK(store.query(columns) == fresh.query(columns));
}
