#include "store/merge.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "base/file.h"
#include "lab.h"
#include "store/impl.h"
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
    const FileLock held(folder.path() + "/x.db");
    folder.write("x.db", "what another process makes");
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
