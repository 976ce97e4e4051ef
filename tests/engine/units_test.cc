#include "report/units.h"

#include <doctest/doctest.h>

#include <cmath>

#include "lab.h"
#include "report/policy.h"

using namespace parley;
using namespace parley::test;

TEST_CASE("units: a row for each seat of each whole match, with factors, payoffs and shares") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 4, vary = { reward = { 8, 9 } },
    players = { { strategy = "alternate" }, { strategy = "always_first" } },
  })");
  Store store = Store::in_memory();
  Lab(folder, study).run(store, {.limit = 1});
  CHECK(units_of(store).rows.size() == 2);
  Lab(folder, study).run(store);
  Rows rows = units_of(store);
  CHECK(rows.columns == std::vector<std::string>{"match", "block", "condition", "reward", "game", "seat", "player",
                                                 "strategy", "payoff", "first", "equal", "transcript", "scored",
                                                 "opponent", "pairing", "wording"});
  REQUIRE(rows.rows.size() == 4);
  for (const auto& row : rows.rows) {
    // Cooperate, defect, cooperate, defect against cooperation: rewards and temptations, rewards and nothing.
    const double reward = row[3] == "8" ? 8 : 9;
    const bool first_seat = row[5] == "row";
    CHECK(row[2] == "reward=" + row[3]);
    CHECK(row[6] == (first_seat ? "alternate" : "always_first"));
    CHECK(std::stod(row[8]) == (first_seat ? (reward + 10) / 2 : reward / 2));
    CHECK(row[9] == (first_seat ? "0.5" : "1"));
    CHECK(row[10] == "0.5");
    CHECK(row[12].empty());  // nothing was scored
    CHECK(row[13] == (first_seat ? "always_first" : "alternate"));
    CHECK(row[14] == "alternate, always_first");
    CHECK(row[15].starts_with("plain; points"));
  }
}

TEST_CASE("policies: what follows on what") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 50, repeats = 20,
    players = { { strategy = "tit_for_tat" }, { strategy = "random", name = "chance" } },
  })");
  Store store = Store::in_memory();
  Lab(folder, study).run(store);
  const std::vector<Policy> found = policies_of(pairs_of(store));
  REQUIRE(found.size() == 2);
  CHECK(found[0].player == "chance");
  const Policy& tit = found[1];
  CHECK(tit.opening.first == 20);
  CHECK(tit.opening.n == 20);
  uint64_t all = 0;
  for (size_t i = 0; i < 4; ++i) {
    CHECK(tit.after[i].n > 100);
    CHECK(tit.after[i].first == (i % 2 == 0 ? tit.after[i].n : 0));  // it does what the other did
    all += tit.after[i].n;
  }
  CHECK(all == 20 * 49);
  CHECK(tit.last.n == 20);
  for (const Policy::Share& share : found[0].after)
    CHECK(std::fabs(static_cast<double>(share.first) / static_cast<double>(share.n) - .5) < .15);

  // With trembles, it answers what was done and not what was meant.
  std::string trembling = folder.write("scripts/slips.lua", R"(study {
    game = "trembling", tremble = .3, rounds = 60, repeats = 5,
    players = { { strategy = "tit_for_tat" }, { strategy = "always_first" } },
  })");
  Store slips = Store::in_memory();
  Lab(folder, trembling).run(slips);
  const std::vector<Policy> shaken = policies_of(pairs_of(slips));
  REQUIRE(shaken.size() == 2);
  for (size_t i = 0; i < 4; ++i) {
    CHECK(shaken[1].player == "tit_for_tat");
    CHECK(shaken[1].after[i].n > 10);
    CHECK(shaken[1].after[i].first == (i % 2 == 0 ? shaken[1].after[i].n : 0));
    CHECK(shaken[0].after[i].first == shaken[0].after[i].n);
  }

  std::string other = folder.write("scripts/other.lua", R"(study {
    game = "ultimatum", players = { { strategy = "random" }, { strategy = "random" } } })");
  Store none = Store::in_memory();
  Lab(folder, other).run(none);
  CHECK(pairs_of(none).empty());
}

TEST_CASE("beliefs: scored against what was chosen") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 6, repeats = 5, model = "random", vary = { read = { "text", "scored" } },
    players = { { strategy = "scot" }, { strategy = "alternate" } },
  })");
  Store store = Store::in_memory();
  Lab(folder, study).run(store);
  Rows rows = beliefs_of(store);
  CHECK(rows.columns == std::vector<std::string>{"match",    "block",      "condition", "read",    "game",
                                                 "seat",     "player",     "strategy",  "round",   "about",
                                                 "decision", "hit",        "brier",     "log",     "guess",
                                                 "truth",    "transcript", "opponent",  "pairing", "wording"});
  CHECK(rows.rows.size() == 60);
  size_t scored = 0;
  for (const auto& row : rows.rows) {
    CHECK(row[5] == "row");
    CHECK(row[9] == "column");
    CHECK((row[12].empty()) == (row[3] == "text"));
    if (row[3] == "text") continue;
    ++scored;
    // Of two actions, brier is 2 (1 - p)^2 and log -ln p of what was; a hit is what had more than half.
    const double brier = std::stod(row[12]), p = std::exp(-std::stod(row[13]));
    CHECK(brier == doctest::Approx(2 * (1 - p) * (1 - p)));
    CHECK((p > .5) == (row[11] == "1"));
  }
  CHECK(scored == 30);
}

TEST_CASE("csv: quotes, newlines, semicolons, a byte-order mark") {
  Folder folder;
  Rows rows = read_csv(folder.write("a.csv",
                                    "\xef\xbb\xbf"
                                    "a,\"b, too\"\r\n1,\"x\ny \"\"z\"\"\"\r\n\n,2"));
  CHECK(rows.columns == std::vector<std::string>{"a", "b, too"});
  CHECK(rows.rows == std::vector<std::vector<std::string>>{{"1", "x\ny \"z\""}, {"", "2"}});
  CHECK(read_csv(folder.write("b.csv", "a;b\n1,5;2\n")).rows[0][0] == "1,5");
}
