// Dilemmas of many, and rock, paper, scissors, by the totals worked out by hand in their comments.
#include <doctest/doctest.h>

#include "table.h"

using namespace parley;
using namespace parley::test;

namespace {

std::string gives(int gift, const char* marks) {
  return plan_of(R"({"give": )" + std::to_string(gift) + R"(, "punish": )" + marks + "}");
}

}  // namespace

TEST_CASE("games: public_goods_punishment") {
  Transcript four =
      played("public_goods_punishment",
             {gives(20, "[0, 3, 0]"), gives(10, "[0, 0, 0]"), gives(5, "[1, 0, 0]"), gives(20, "[0, 1, 4]")}, 1);
  CHECK(totals(four) == Totals{16, 29, 15, 17});
  CHECK(noted(four, "gift") == "13.75");
  CHECK(noted(four, "marks") == "9");
  CHECK(noted(four, "antisocial") == "1");
  // No more is taken than there is; what one's own marks cost is paid in any case.
  CHECK(totals(played("public_goods_punishment", {gives(20, "10"), gives(0, "10")}, 1, R"({"multiplier": 1.5})")) ==
        Totals{-10, -5});
  // Without marks it pays what the public good pays; cost and effect are settings.
  CHECK(totals(played("public_goods_punishment", {gives(20, "0"), gives(0, "0")}, 1, R"({"multiplier": 1.5})")) ==
        Totals{15, 35});
  CHECK(totals(played("public_goods_punishment", {gives(20, "1"), gives(0, "0")}, 1,
                      R"({"multiplier": 1.5, "cost": 2, "effect": 5})")) == Totals{13, 30});
  CHECK(known("public_goods_punishment", 4) ==
        "gift in equilibrium 0\nmarks in equilibrium 0\ngift with the largest sum 20");
  CHECK(known("public_goods_punishment", 2, R"({"multiplier": 2})").substr(0, 23) == "gift in equilibrium any");
}

TEST_CASE("games: rock_paper_scissors") {
  CHECK(totals(played("rock_paper_scissors", {"always_first", "alternate"}, 6)) == Totals{0, 0});
  CHECK(totals(played("rock_paper_scissors", {"always_second", "always_first"}, 10)) == Totals{10, -10});
  auto once = [](const char* row, const char* column) {
    return totals(played("rock_paper_scissors",
                         {plan_of(std::string(R"({"action": ")") + row + "\"}"),
                          plan_of(std::string(R"({"action": ")") + column + "\"}")},
                         1, R"({"win": 3, "draw": 1, "loss": 0})"));
  };
  CHECK(once("paper", "rock") == Totals{3, 0});
  CHECK(once("scissors", "paper") == Totals{3, 0});
  CHECK(once("rock", "scissors") == Totals{3, 0});
  CHECK(once("rock", "paper") == Totals{0, 3});
  CHECK(once("scissors", "scissors") == Totals{1, 1});
  CHECK(known("rock_paper_scissors", 2, R"({"win": 3, "draw": 1, "loss": -1})") ==
        "probability of each action in equilibrium 0.333333333333\npayoff in equilibrium 1");
}

TEST_CASE("games: minority_game") {
  CHECK(totals(played("minority_game", {"always_first", "always_first", "always_second"}, 10)) == Totals{0, 0, 10});
  CHECK(totals(played("minority_game", {"always_first", "always_first", "always_first"}, 10)) == Totals{0, 0, 0});
  CHECK(totals(played("minority_game", {"always_first", "always_first", "always_second", "always_second"}, 1)) ==
        Totals{0, 0, 0, 0});
  CHECK(totals(played("minority_game",
                      {"always_first", "always_second", "always_second", "always_first", "always_second"}, 1,
                      R"({"loss": -1})")) == Totals{1, -1, -1, 1, -1});
  CHECK(known("minority_game", 5) == "most winners 2\nmean number of one side if all draw 2.5\nits variance 1.25");
  CHECK(known("minority_game", 4).substr(0, 14) == "most winners 1");
}

TEST_CASE("games: volunteers_dilemma") {
  CHECK(totals(played("volunteers_dilemma", {"always_first", "always_second", "always_second"}, 1)) ==
        Totals{6, 10, 10});
  CHECK(totals(played("volunteers_dilemma", {"always_second", "always_second", "always_second"}, 1)) ==
        Totals{0, 0, 0});
  CHECK(totals(played("volunteers_dilemma", {"always_first", "always_first", "always_first"}, 1)) == Totals{6, 6, 6});
  CHECK_THROWS_WITH(known("volunteers_dilemma", 3, R"({"cost": 0, "benefit": 0})"),
                    "setting 'benefit' of game 'volunteers_dilemma' is 0, not a number from 0.01 to 1000000");
  CHECK(known("volunteers_dilemma", 3) ==
        "probability to wait, the same for all, in equilibrium 0.632455532034\nprobability that nobody volunteers "
        "0.252982212813");
}

TEST_CASE("games: stag_hunt_crowd") {
  CHECK(totals(played("stag_hunt_crowd", {"always_first", "always_first", "always_first", "always_second"}, 1)) ==
        Totals{10, 10, 10, 5});
  CHECK(totals(played("stag_hunt_crowd", {"always_first", "always_first", "always_second", "always_second"}, 1)) ==
        Totals{0, 0, 5, 5});
  CHECK(totals(played("stag_hunt_crowd", {"always_first", "always_first", "always_second"}, 1,
                      R"({"needed": 2, "stag": 8})")) == Totals{8, 8, 5});
  CHECK_THROWS_WITH_AS(played("stag_hunt_crowd", {"always_first", "always_first"}, 1),
                       "games/stag_hunt_crowd.lua: the game cannot seat 2 players", Error);
}

TEST_CASE("games: indirect_reciprocity") {
  const char* const circle = R"({"circle": [1, 2, 3]})";
  const std::string helps = plan_of(R"({"help": "help"})"), refuses = plan_of(R"({"help": "refuse"})");
  CHECK(totals(played("indirect_reciprocity", {helps, helps, refuses}, 1, circle)) == Totals{-1, 3, 4});
  const std::string by_score = R"(accept_from {"of": "score", "least": 0})";
  Transcript three = played("indirect_reciprocity", {helps, by_score, refuses}, 3, circle);
  CHECK(totals(three) == Totals{-3, 11, 4});
  CHECK(moves(three, 2, "help") == "help refuse refuse");
  CHECK(noted(three, "helped_bad") == "0 0");
  // A world that helps those who help, and one that does not know who does.
  std::vector<std::string> world = {by_score, by_score, by_score, by_score, refuses};
  Transcript known_to_all = played("indirect_reciprocity", world, 60);
  CHECK(totals(known_to_all)[0] > totals(known_to_all)[4]);
  Transcript unknown = played("indirect_reciprocity", {helps, helps, helps, helps, refuses}, 60, R"({"shown": false})");
  CHECK(totals(unknown)[4] > totals(unknown)[0]);
  CHECK(totals(unknown)[4] == 4 * 60);
  // Everybody faces another, and each is faced once.
  CHECK(totals(played("indirect_reciprocity", {helps, helps, helps, helps, helps}, 20)) == Totals{60, 60, 60, 60, 60});
  auto told = [](const char* settings) {
    return sent_to(1, "indirect_reciprocity", {"direct@script", "random", "random"}, 1, settings, "help");
  };
  CHECK(told("{}").find("Who faces whom is drawn anew in each round, and") != std::string::npos);
  CHECK(told(circle).find("Who faces whom stays the same in all rounds, and") != std::string::npos);
  for (const char* wrong : {"[1, 2]", "[1, 2, 2]", "[1, 2, 3, 4]"}) {
    CHECK_THROWS_WITH_AS(
        played("indirect_reciprocity", {helps, helps, helps}, 1, std::string(R"({"circle": )") + wrong + "}"),
        "games/indirect_reciprocity.lua:16: circle names every seat once, by its number", Error);
  }
}
