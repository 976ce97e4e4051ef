#include "report/units.h"

#include <doctest/doctest.h>

#include "lab.h"

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
                                                 "strategy", "payoff", "first", "equal", "transcript"});
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
  }
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
