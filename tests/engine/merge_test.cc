#include "store/merge.h"

#include <doctest/doctest.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "lab.h"
#include "store/impl.h"
#include "store/notes.h"
#include "study/replay.h"

using namespace parley;
using namespace parley::test;

namespace {

const char* kStudy = R"(study {
  rounds = 4, repeats = 4, model = "random",
  vary = { game = { "prisoners_dilemma", "trembling", "trust" }, strategy = { "direct", "scratchpad" }, read = { "text", "scored" } },
  players = function(v) return { { strategy = v.strategy }, { strategy = "reflexion" } } end,
})";

Progress play(const Folder& folder, const std::string& study, const std::string& db, RunOptions options = {},
              int steps = 1 << 30) {
  Store store = Store::open(folder.path() + "/" + db, Store::Mode::write);
  Lab lab(folder, study, 16, static_cast<unsigned>(options.shard));
  return lab.run(store, options, steps);
}

Hash digest_of(const Folder& folder, const std::string& db) {
  return Store::open(folder.path() + "/" + db, Store::Mode::read).digest();
}

std::vector<std::string> in(const Folder& folder, std::vector<std::string> names) {
  for (std::string& name : names) name = folder.path() + "/" + name;
  return names;
}

std::string refused(const Folder& folder, const std::string& out, const std::vector<std::string>& names) {
  try {
    merge(folder.path() + "/" + out, in(folder, names));
  } catch (const Error& e) {
    std::string what = e.what();
    for (size_t at; (at = what.find(folder.path() + "/")) != what.npos;) what.erase(at, folder.path().size() + 1);
    return what;
  }
  return "";
}

}  // namespace

TEST_CASE("merge: shards joined in any order have the rows of one run") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", kStudy);
  CHECK(play(folder, study, "one.db").whole == 48);
  uint64_t whole = 0;
  for (uint32_t shard : {1u, 2u, 3u}) {
    Progress part = play(folder, study, std::to_string(shard) + ".db", {.shard = shard, .shards = 3});
    CHECK(part.planned == 16);
    whole += part.whole;
  }
  CHECK(whole == 48);
  merge(folder.path() + "/all.db", in(folder, {"1.db", "2.db", "3.db"}));
  merge(folder.path() + "/turned.db", in(folder, {"3.db", "1.db", "2.db"}));
  CHECK(digest_of(folder, "all.db") == digest_of(folder, "one.db"));
  CHECK(digest_of(folder, "turned.db") == digest_of(folder, "one.db"));
  CHECK(digest_of(folder, "1.db") != digest_of(folder, "one.db"));
  CHECK(play(folder, study, "all.db").nothing_to_do());
  Store all = Store::open(folder.path() + "/all.db", Store::Mode::read);
  Verified verified = verify(all, true);
  CHECK(verified.first == "");
  CHECK(verified.matches == 48);
  CHECK(all.query("SELECT count(*) FROM run")[0][0].number() == 3);
}

TEST_CASE("merge: of a match that two files have, the better row is taken, and what is left is played") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", kStudy);
  play(folder, study, "one.db");
  play(folder, study, "cut.db", {}, 6);
  play(folder, study, "half.db", {.shard = 1, .shards = 2});
  for (const char* order : {"cut first", "half first"}) {
    const bool cut_first = order[0] == 'c';
    const std::string out = cut_first ? "a.db" : "b.db";
    merge(folder.path() + "/" + out, in(folder, cut_first ? std::vector<std::string>{"cut.db", "half.db"}
                                                          : std::vector<std::string>{"half.db", "cut.db"}));
    {
      Store joined = Store::open(folder.path() + "/" + out, Store::Mode::read);
      CHECK(joined.query("SELECT count(*) FROM match WHERE status = 'open'")[0][0].number() > 0);
      CHECK(joined.query("SELECT count(*) FROM match WHERE status = 'whole'")[0][0].number() >= 24);
      CHECK(verify(joined, true).first == "");
    }
    Progress rest = play(folder, study, out);
    CHECK(rest.reused > 0);
    CHECK(digest_of(folder, out) == digest_of(folder, "one.db"));
  }
}

TEST_CASE("merge: the versions of a match hang together, whichever file is named first") {
  Folder folder;
  const std::string study = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 3, model = "random", decide = "sample", players = { { strategy = "direct" }, { strategy = "direct" } } })");
  const std::string killed = folder.path() + "/killed.db";
  play(folder, study, "whole.db");
  std::filesystem::copy_file(folder.path() + "/whole.db", killed);
  // As kill -9 in its second round leaves it, with a try that came to nothing; then a prompt was edited, and put back.
  sql::Connection(killed, SQLITE_OPEN_READWRITE)
      .execute(
          "DELETE FROM reply WHERE n > 1; DELETE FROM choices; DELETE FROM seat; DELETE FROM question; UPDATE match "
          "SET status = "
          "'open', rounds = NULL, closed = NULL, missing = NULL, pairs = NULL, equal = NULL, trace = NULL, chance = "
          "NULL, "
          "finished = NULL; INSERT INTO fault (match, seat, n, sample, try, model, what, words) SELECT id, 1, 1, 1, 1, "
          "'m', '429', 'wait' FROM match");
  folder.write("prompts/direct.txt", "== choose\n{{question}} Answer with a letter.\n");
  {
    Store store = Store::open(killed, Store::Mode::write);
    Lab lab(folder, study, 16, 1, folder.path() + "/prompts");
    CHECK(lab.run(store).new_versions == 1);
  }
  for (const auto& [out, names] : {std::pair("a.db", std::vector<std::string>{"killed.db", "whole.db"}),
                                   std::pair("b.db", std::vector<std::string>{"whole.db", "killed.db"})}) {
    CAPTURE(out);
    merge(folder.path() + "/" + out, in(folder, names));
    {
      Store joined = Store::open(folder.path() + "/" + out, Store::Mode::read);
      CHECK(joined.query("PRAGMA foreign_key_check").empty());
      CHECK(joined.query("SELECT version, status FROM match ORDER BY version") ==
            std::vector<Store::Row>{{1, "whole"}, {2, "whole"}});
      CHECK(joined.query("SELECT version FROM match WHERE id = (SELECT match FROM fault)") ==
            std::vector<Store::Row>{{1}});
    }
    const Progress again = play(folder, study, out);
    CHECK(again.new_versions == 1);
    CHECK(again.asked == 0);
  }
}

TEST_CASE("merge: the freeze in the new file's place is there all the time") {
  Folder folder;
  const std::string study = folder.write("scripts/study.lua", kStudy), out = folder.path() + "/out.db";
  play(folder, study, "part.db", {.shard = 1, .shards = 2});
  keep_frozen(out, {.at = 1, .hash = "h", .design = "d", .files = "f", .analysis = "a", .texts = Value::Record{}});
  // It is of an older parley: to be brought up while it is locked.
  sql::Connection(out, SQLITE_OPEN_READWRITE).execute("ALTER TABLE match DROP COLUMN chance; PRAGMA user_version = 3");
  const int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  REQUIRE(inotify_add_watch(watch, folder.path().c_str(), IN_DELETE | IN_MOVED_TO) >= 0);
  merge(out, in(folder, {"part.db"}));
  bool removed = false, moved = false;
  alignas(inotify_event) char seen[1 << 16];
  const ssize_t size = read(watch, seen, sizeof seen);
  close(watch);
  for (ssize_t at = 0; at < size;) {
    const auto* event = reinterpret_cast<const inotify_event*>(seen + at);
    if (event->name == std::string("out.db")) (event->mask & IN_DELETE ? removed : moved) = true;
    at += static_cast<ssize_t>(sizeof *event + event->len);
  }
  CHECK(moved);
  CHECK(!removed);
  CHECK(frozen(Store::open(out, Store::Mode::read)).size() == 1);
  CHECK(!file_exists(out + ".lock"));
}

TEST_CASE("merge: what is no part is refused, and nothing is left behind") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", kStudy);
  play(folder, study, "1.db", {.shard = 1, .shards = 2});
  folder.write("scripts/study.lua", std::string(kStudy) + "-- edited\n");
  play(folder, study, "edited.db", {.shard = 2, .shards = 2});
  std::string other = kStudy;
  folder.write("scripts/study.lua", other.replace(other.find("rounds = 4"), 10, "seed = 3"));
  play(folder, study, "seed.db", {.shard = 2, .shards = 2});
  folder.write("text.db", "no database, but some text");
  CHECK(refused(folder, "1.db", {"1.db"}) == "'1.db' is there already: parts are joined in a new file");
  CHECK(refused(folder, "x.db", {"1.db", "./1.db"}) == "'./1.db' is named twice: as '1.db' too");
  {
    Store::open(folder.path() + "/x.db", Store::Mode::write);  // what another process makes
    const FileLock held(folder.path() + "/x.db");
    CHECK(refused(folder, "x.db", {"1.db"}).starts_with("'x.db' is being written by another run"));
    CHECK(file_exists(folder.path() + "/x.db"));
    std::filesystem::remove(folder.path() + "/x.db");
  }
  CHECK(refused(folder, "x.db", {"1.db", "none.db"}) == "there is no file 'none.db'");
  CHECK(refused(folder, "x.db", {"1.db", "text.db"}) == "'text.db' is not a parley file");
  CHECK(refused(folder, "x.db", {"1.db", "edited.db"}) ==
        "'edited.db' cannot be joined with '1.db': it is of another text of the study");
  CHECK(refused(folder, "x.db", {"1.db", "seed.db"}) ==
        "'seed.db' cannot be joined with '1.db': it is run with seed 3, not 1");
  CHECK(!file_exists(folder.path() + "/x.db"));
}
