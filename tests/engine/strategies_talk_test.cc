// Hand-coded players of games with talk, move for move; what players say and read.
#include <doctest/doctest.h>

#include "table.h"

using namespace parley;
using namespace parley::test;

TEST_CASE("strategies: level_k") {
  // Everyone at level k: from 50 in round 1, then from the mean that was told.
  auto numbers = [](const std::string& player, const std::string& settings = "{}") {
    return moves(played("beauty_contest", {player, player, player}, 4, settings), 1, "number");
  };
  CHECK(numbers("level_k") == "33 22 15 10");
  CHECK(numbers(R"(level_k {"k": 2})") == "22 10 4 2");
  CHECK(numbers(R"(level_k {"k": 0})") == "50 50 50 50");
  CHECK(numbers(R"(level_k {"k": 3, "start": 100})") == "30 9 3 1");
  CHECK(numbers(R"(level_k {"factor": 0.5})", R"({"fraction": 0.5})") == "25 12 6 3");
  // Where no mean is told it goes on from its own last.
  std::map<std::string, std::string> texts = {
      {"games/untold.lua",
       "game { players = range(1, 9), rounds = 3, play = function(match, players)\n"
       "  for _ in match:each_round() do players:choose { 'number', range(0, 100, 10), seen_by = {} } end\n"
       "end }"}};
  Table table(texts);
  CHECK(moves(table.play(table.plan("untold", {"level_k"})), 1, "number") == "30 20 10");
}

TEST_CASE("strategies: linear") {
  auto prices = [](const std::string& player, const std::string& other) {
    return moves(played("price_competition", {player, other}, 5), 1, "price");
  };
  const std::string falling = plan_of(R"({"price": [9, 7, 1, 7]})");
  CHECK(prices(R"(linear {"before": 2})", falling) == "2 9 7 2");  // as done: 1 is raised to the cost
  CHECK(prices(R"(linear {"level": 8, "slope": 0})", falling) == "8 8 8 8");
  CHECK(prices(R"(linear {"level": 4.5, "slope": 0.25, "before": 2})", falling) == "5 6.7 6.2 5");
  CHECK(prices(R"(linear {"level": 20, "slope": -1})", falling) == "14 11 13 14");
  // Among several: the mean of the others.
  Transcript gifts = played("public_goods",
                            {R"(linear {"slope": 0.5, "before": 20})", plan_of(R"({"action": [20, 0]})"),
                             plan_of(R"({"action": [10, 1]})")},
                            3);
  CHECK(moves(gifts, 1) == "10 7 0");
}
