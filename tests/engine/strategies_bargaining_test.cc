// Rule-based players of bargaining, markets and dilemmas of many, move for move.
#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <sstream>

#include "table.h"

using namespace parley;
using namespace parley::test;

TEST_CASE("strategies: \"share\" names a share of the range, or of a number that it was told") {
  auto gives = [](const char* settings) {
    return moves(played("dictator", {std::string("share ") + settings, "random"}, 1), 1, "gift");
  };
  CHECK(gives("{}") == "5");
  CHECK(gives(R"({"of": 0})") == "0");
  CHECK(gives(R"({"of": 0.33})") == "3");
  CHECK(gives(R"({"of": 1})") == "10");
  // A range that does not begin at 0.
  CHECK(moves(played("money_request", {R"(share {"of": 1})", R"(share {"of": 0.5})"}, 1), 1) == "20");
  CHECK(moves(played("money_request", {R"(share {"of": 1})", R"(share {"of": 0.7})"}, 1), 2) == "17");
  // Trust: half of what there is to send, a third of what arrived.
  CHECK(totals(played("trust", {"share", R"(share {"of": 0.34})"}, 1)) == Totals{10, 10});
  // Bids: the equilibrium of two in an auction by the first bid; never more than the range has.
  const char* const first = R"({"pays": "first", "values": [30, 80]})";
  Transcript sale =
      played("sealed_bid", {R"(share {"fact": "value"})", R"(share {"fact": "value", "of": 2})"}, 1, first);
  CHECK(moves(sale, 1, "bid") == "15");
  CHECK(moves(sale, 2, "bid") == "100");
  CHECK_THROWS_WITH_AS(played("prisoners_dilemma", {"share", "random"}, 1),
                       "strategies/share.lua:8: share needs a range of numbers: 'action' is no such choice", Error);
}

TEST_CASE("strategies: \"accept_from\" takes an offer from a given number on, and helps from a given score on") {
  auto answers = [](const char* settings) {
    return moves(
        played("ultimatum", {plan_of(R"({"offer": [10, 29, 30, 90]})"), std::string("accept_from ") + settings}, 4), 2,
        "answer");
  };
  CHECK(answers("{}") == "accept accept accept accept");
  CHECK(answers(R"({"least": 30})") == "reject reject accept accept");
  CHECK(moves(played("ultimatum", {R"(accept_from {"share": 0.4})", "random"}, 1), 1, "offer") == "40");
  // Both sides of a longer bargain: 30 is too little for the second, who offers 20, too little for the first, and 30 again.
  Transcript longer =
      played("alternating_offers",
             {R"(accept_from {"least": 40, "share": 0.3})", R"(accept_from {"least": 31, "share": 0.2})"}, 1);
  CHECK(moves(longer, 1, "offer") == "30 30");
  CHECK(moves(longer, 2, "answer") == "reject reject");
  CHECK(moves(longer, 2, "offer") == "20");
  CHECK(moves(longer, 1, "answer") == "reject");
  CHECK_THROWS_WITH_AS(played("prisoners_dilemma", {"accept_from", "random"}, 1),
                       "strategies/accept_from.lua:12: accept_from needs two actions and a number called 'offer': "
                       "'action' is no such choice",
                       Error);
}

TEST_CASE("strategies: \"best_reply\" answers what the others did last") {
  const std::string others = plan_of(R"({"action": ["rock", "paper", "scissors", "rock"]})");
  Transcript t = played("rock_paper_scissors", {"best_reply", others}, 4);
  std::string mine = moves(t, 1);
  CHECK(mine.substr(mine.find(' ') + 1) == "paper scissors rock");
  // One step of reasoning below what was asked for last.
  mine = moves(played("money_request", {"best_reply", plan_of(R"({"action": [20, 18, 11, 20]})")}, 4), 1);
  CHECK(mine.substr(mine.find(' ') + 1) == "19 17 20");
  mine = moves(played("volunteers_dilemma",
                      {"best_reply", plan_of(R"({"action": ["volunteer", "wait", "wait"]})"), "always_second"}, 3),
               1);
  CHECK(mine.substr(mine.find(' ') + 1) == "wait volunteer");
  // Equally good ones are drawn: against an even split of four others both sides lose.
  std::istringstream words(moves(
      played("minority_game", {"best_reply", "always_first", "always_first", "always_second", "always_second"}, 200),
      1));
  std::map<std::string, int> often;
  for (std::string word; words >> word;) ++often[word];
  CHECK(often["left"] > 60);
  CHECK(often["right"] > 60);
  CHECK_THROWS_WITH_AS(played("trust", {"best_reply", "random"}, 2),
                       doctest::Contains("this game is played, not given by payoffs"), Error);
}

TEST_CASE("strategies: \"mixed\" draws by the given chances") {
  auto often = [](const char* game, const char* settings) {
    std::map<std::string, int> out;
    std::istringstream words(moves(played(game, {std::string("mixed ") + settings, "random"}, 2000), 1));
    for (std::string word; words >> word;) ++out[word];
    return out;
  };
  auto pennies = often("matching_pennies", R"({"chances": [0.2, 0.8]})");
  CHECK(pennies["heads"] > 330);
  CHECK(pennies["heads"] < 470);
  CHECK(often("matching_pennies", R"({"chances": [1]})")["heads"] == 2000);
  CHECK(often("matching_pennies", R"({"chances": [0, 1]})")["tails"] == 2000);
  // Left as it is: two actions, each half of the time, by the seat's own chance.
  Transcript even = played("matching_pennies", {"mixed", "mixed"}, 2000);
  CHECK(std::abs(totals(even)[0]) < 200);
  CHECK(moves(even, 1) != moves(even, 2));
  // The numbers of a range, from the lowest on: 11 never, 12 in a quarter, 13 in three.
  auto requests = often("money_request", R"({"chances": [0, 0.25, 0.75]})");
  CHECK(requests.size() == 2);
  CHECK(requests["12"] > 420);
  CHECK(requests["12"] < 580);
  const char* const wrong =
      "strategies/mixed.lua:10: mixed needs chances that sum to 1, and an action for each: 'action' is no such choice";
  CHECK_THROWS_WITH_AS(often("matching_pennies", R"({"chances": [0.2, 0.2]})"), wrong, Error);
  CHECK_THROWS_WITH_AS(often("matching_pennies", R"({"chances": [0.2, 0.2, 0.6]})"), wrong, Error);
}

TEST_CASE("strategies: \"zero_intelligence\" names any number that cannot lose") {
  Transcript t = played("double_auction", std::vector<std::string>(6, "zero_intelligence"), 300,
                        R"({"values": [90, 3, 0], "costs": [10, 97, 100]})");
  auto span = [&](int seat, const char* decision) {
    int least = 1000, most = -1;
    std::istringstream words(moves(t, seat, decision));
    for (int n = 0; words >> n;) least = std::min(least, n), most = std::max(most, n);
    return std::pair(least, most);
  };
  CHECK(span(1, "bid").first < 5);
  CHECK(span(1, "bid").second > 85);
  CHECK(span(1, "bid").second <= 90);
  CHECK(span(2, "bid") == std::pair(0, 3));
  CHECK(span(3, "bid") == std::pair(0, 0));
  CHECK(span(4, "ask").first >= 10);
  CHECK(span(4, "ask").first < 15);
  CHECK(span(5, "ask") == std::pair(97, 100));
  CHECK(span(6, "ask") == std::pair(100, 100));
  for (double total : totals(t)) CHECK(total >= 0);
  CHECK_THROWS_WITH_AS(played("dictator", {"zero_intelligence", "random"}, 1),
                       "strategies/zero_intelligence.lua:8: zero_intelligence needs a range, and a number called "
                       "'value' or 'cost': 'gift' is no such choice",
                       Error);
}

TEST_CASE("strategies: \"enforcer\" gives, and punishes who gave less") {
  const std::string free_rider = plan_of(R"({"give": 0, "punish": 0})"), half = plan_of(R"({"give": 10, "punish": 0})");
  Transcript t = played("public_goods_punishment", {"enforcer", free_rider, half}, 1);
  CHECK(moves(t, 1, "give") == "20");
  CHECK(moves(t, 1, "punish") == "6 3");
  Transcript mild =
      played("public_goods_punishment", {free_rider, R"(enforcer {"share": 0.5, "rate": 0.1})", "enforcer"}, 1);
  CHECK(moves(mild, 2, "give") == "10");
  CHECK(moves(mild, 2, "punish") == "1 0");  // nobody who gave more
  CHECK(moves(mild, 3, "punish") == "6 3");
  CHECK(moves(played("public_goods_punishment", {R"(enforcer {"rate": 2})", free_rider}, 1), 1, "punish") ==
        "10");  // the most there is
  CHECK_THROWS_WITH_AS(
      played("prisoners_dilemma", {"enforcer", "random"}, 1),
      "strategies/enforcer.lua:10: enforcer gives, and punishes one whom it is told: 'action' is no such choice",
      Error);
}
