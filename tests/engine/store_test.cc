// The store: plans, versions, replies, derived rows, failures.
#include <doctest/doctest.h>

#include "base/error.h"
#include "played.h"

using namespace played;
using doctest::Contains;

namespace {

// The rows of a query as text: values joined by " ", rows by newlines.
std::string table(const Store& store, const std::string& sql) {
  std::string out;
  for (const auto& row : store.query(sql)) {
    for (size_t i = 0; i < row.size(); ++i) out += (i ? " " : "") + (row[i].is_nil() ? "-" : value_text(row[i]));
    out += "\n";
  }
  return out;
}

std::vector<Plan> two_blocks() { return plans({condition("")}, {lineup({"tit_for_tat", "alternate"})}, 2); }

int64_t used(Store& store, const std::string& text) {
  store.source("games/prisoners_dilemma.lua", hash_of(text), text);
  return store.inputs({{"games/prisoners_dilemma.lua", hash_of(text)}});
}

}  // namespace

TEST_CASE("a match is absent, then whole, with its rows") {
  Store store = Store::in_memory();
  auto states = register_plans(store, two_blocks());
  REQUIRE(states.size() == 2);
  CHECK(states[0].row == 0);
  int64_t row = store.begin(1, used(store, "game {}"));
  store.finish(row, Script().dilemma(false, false).dilemma(false, true).dilemma(true, false).end());
  CHECK(table(store, "SELECT match, round, seat, seat_name, player, decision, action, done, missing, payoff FROM choice "
                     "ORDER BY seat, round") ==
        "1 1 1 row tit_for_tat action cooperate cooperate 0 8\n"
        "1 2 1 row tit_for_tat action cooperate cooperate 0 0\n"
        "1 3 1 row tit_for_tat action defect defect 0 10\n"
        "1 1 2 column alternate action cooperate cooperate 0 8\n"
        "1 2 2 column alternate action defect defect 0 10\n"
        "1 3 2 column alternate action cooperate cooperate 0 0\n");
  CHECK(table(store, "SELECT status, rounds, closed, missing, pairs, equal FROM match") == "whole 3 3 0 3 1\n");
  CHECK(table(store, "SELECT name, payoffs, total FROM seat") == "row [8,0,10] 18\ncolumn [8,10,0] 18\n");
  CHECK(table(store, "SELECT actions, made, first FROM choices") == "[0,0,1] 3 2\n[0,1,0] 3 2\n");
  states = register_plans(store, two_blocks());
  CHECK(states[0].row == row);
  CHECK(states[0].status == MatchStatus::whole);
  CHECK(states[1].row == 0);
}
