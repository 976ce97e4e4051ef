// Fixed rules that go by what a game says of its actions, move for move.
#include <doctest/doctest.h>

#include <set>

#include "base/json.h"
#include "table.h"

using namespace parley;
using namespace parley::test;

namespace {

const char* const kWays = R"(
game {
  about = "Three ways", players = { "ann", "bo" },
  play = function(match, players)
    for round in match:each_round() do
      players:choose { "say", words }
      players.ann:choose { "go", { "x", "y", "z", "stay" }, near = 2,
        ways = { { name = "x", far = 3, many = 0 }, { name = "y", far = 1, many = 5 - round }, { name = "z", far = 2, many = 1 } } }
      players.bo:choose { "go", { "x", "stay" } }
    end
  end,
}
)";

std::string goes(const std::string& settings, uint32_t block = 1, const std::string& strategy = "least") {
  Table table(std::map<std::string, std::string>{{"games/ways.lua", kWays}});
  auto plan = table.plan(
      "ways", {strategy, "plan"},
      [&](Rules& rules, std::vector<Player>& players) {
        rules.rounds = 5;
        players[0].settings = from_json(settings);
        players[1].settings = from_json(R"({"moves": {"go": "stay", "say": "Well."}})");
      },
      block);
  return moves(table.play(plan), 1, "go");
}

std::string error(const std::string& settings) {
  try {
    goes(settings);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("strategies: least") {
  CHECK(goes(R"({"weights": {"far": 1}})") == "y y y y y");
  CHECK(goes(R"({"weights": {"far": -1}})") == "x x x x x");
  CHECK(goes(R"({"weights": {"many": 1, "far": 0.1}})") == "x x x x y");
  CHECK(goes(R"({"weights": {"many": 1, "far": 1.9}})") == "z z y y y");
  std::set<std::string> drawn;
  for (uint32_t block = 1; block <= 20; ++block) drawn.insert(goes("{}", block).substr(0, 1));
  CHECK(drawn == std::set<std::string>{"x", "y", "z"});
  CHECK(error(R"({"weights": {"fra": 1}})").find("nothing is said of 'fra' in numbers") != std::string::npos);
  Table table(std::map<std::string, std::string>{{"games/ways.lua", kWays}});
  std::string message;
  try {
    table.play(table.plan("ways", {"plan", "least"}, [&](Rules&, std::vector<Player>& players) {
      players[0].settings = from_json(R"({"moves": {"go": "stay", "say": "Well."}})");
    }));
  } catch (const Error& e) {
    message = e.what();
  }
  CHECK(message.find("least needs a fact that is a list of { name = ACTION, … }") != std::string::npos);
}
