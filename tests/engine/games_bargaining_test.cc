// Games of dividing and trading, by the totals worked out by hand in their comments.
#include <doctest/doctest.h>

#include "table.h"

using namespace parley;
using namespace parley::test;

TEST_CASE("games: dictator") {
  auto gives = [](const char* n, const char* settings = "{}") {
    return totals(played("dictator", {plan_of(std::string(R"({"gift": )") + n + "}"), "always_first"}, 1, settings));
  };
  CHECK(gives("3") == Totals{7, 3});
  CHECK(gives("3", R"({"multiplier": 3})") == Totals{7, 9});
  const char* const taking = R"({"theirs": 5, "taking": true, "multiplier": 3})";
  CHECK(gives("-4", taking) == Totals{14, 1});
  CHECK(gives("0", taking) == Totals{10, 5});
  CHECK(noted(played("dictator", {plan_of(R"({"gift": [3, 10]})"), "random"}, 2), "share") == "0.3 1");
  CHECK(noted(played("dictator", {"random", "random"}, 1, R"({"pie": 0})"), "share").empty());
  const std::string one =
      sent_to(2, "ultimatum", {plan_of(R"({"offer": 1})"), "direct@script"}, 1, R"({"pie": 1})", "accept");
  CHECK(one.find("In each round 1 point can be divided between you.") != std::string::npos);
  CHECK_THROWS_WITH_AS(gives("-1", R"({"theirs": 5})"),
                       doctest::Contains("the strategy answered 'gift' with -1, which is not in 0 to 10"), Error);
}

TEST_CASE("games: alternating_offers") {
  auto once = [](const std::string& first, const std::string& second, const char* settings) {
    return played("alternating_offers", {plan_of(first), plan_of(second)}, 1, settings);
  };
  Transcript second = once(R"({"offer": 40, "answer": "accept"})", R"({"offer": 30, "answer": "reject"})", "{}");
  CHECK(totals(second) == Totals{27, 63});
  CHECK(noted(second, "agreed") == "true");
  CHECK(noted(second, "offers_made") == "2");
  Transcript third =
      once(R"({"offer": [10, 30], "answer": "reject"})", R"({"offer": 20, "answer": ["reject", "accept"]})",
           R"({"first_discount": 0.5, "second_discount": 0.8})");
  CHECK(totals(third)[0] == doctest::Approx(17.5));
  CHECK(totals(third)[1] == doctest::Approx(19.2));
  Transcript none = once(R"({"offer": [10, 30], "answer": "reject"})", R"({"offer": 20, "answer": "reject"})", "{}");
  CHECK(totals(none) == Totals{0, 0});
  CHECK(noted(none, "agreed") == "false");
  CHECK(noted(none, "offers_made") == "3");
  // Every round begins anew: with `first`, and undiminished.
  CHECK(totals(played("alternating_offers",
                      {plan_of(R"({"offer": [10, 50], "answer": "accept"})"),
                       plan_of(R"({"offer": 30, "answer": ["reject", "accept"]})")},
                      2)) == Totals{27 + 50, 63 + 50});
  CHECK_THROWS_WITH_AS(
      once("{}", "{}", R"({"offers": 1})"),
      "games/alternating_offers.lua:16: offers is a whole number of 2 or more (one is the ultimatum game)", Error);
}

TEST_CASE("games: alternating_offers, solved from the end") {
  CHECK(known("alternating_offers", 2) ==
        "first gets, solved from the last offer 91\nsecond gets 9\nfirst gets, if there were no last offer "
        "52.6315789474\n"
        "offers: number by offers keeps / 1 first 9 91 / 2 second 90 10 / 3 first 0 100");
  // The second can wait for 40 of 100.
  CHECK(known("alternating_offers", 2, R"({"offers": 2, "first_discount": 0.6, "second_discount": 0.4})") ==
        "first gets, solved from the last offer 60\nsecond gets 40\nfirst gets, if there were no last offer "
        "78.9473684211\n"
        "offers: number by offers keeps / 1 first 40 60 / 2 second 0 100");
  CHECK(known("alternating_offers", 2, R"({"first_discount": 1, "second_discount": 1})")
            .find("no last offer any share") != std::string::npos);
  // With many offers it comes to what there is without a last one, in whole points.
  CHECK(known("alternating_offers", 2, R"({"offers": 201, "pie": 100000})").substr(0, 43) ==
        "first gets, solved from the last offer 5263");
}

TEST_CASE("games: double_auction") {
  auto traders = [](const std::vector<int>& bids, const std::vector<int>& asks) {
    std::vector<std::string> out;
    for (int n : bids) out.push_back(plan_of(R"({"bid": )" + std::to_string(n) + "}"));
    for (int n : asks) out.push_back(plan_of(R"({"ask": )" + std::to_string(n) + "}"));
    return out;
  };
  const char* const fixed = R"({"values": [90, 70, 40], "costs": [20, 50, 60]})";
  Transcript truth = played("double_auction", traders({90, 70, 40}, {20, 50, 60}), 1, fixed);
  CHECK(totals(truth) == Totals{35, 15, 0, 35, 5, 0});
  CHECK(noted(truth, "price") == "55");
  CHECK(noted(truth, "units") == "2");
  CHECK(noted(truth, "efficiency") == "1");
  Transcript one = played("double_auction", traders({90, 45, 40}, {20, 50, 60}), 1, fixed);
  CHECK(totals(one) == Totals{42.5, 0, 0, 27.5, 0, 0});
  CHECK(noted(one, "price") == "47.5");
  CHECK(std::stod(noted(one, "efficiency")) == doctest::Approx(70. / 90));
  Transcript none = played("double_auction", traders({10, 10, 10}, {20, 50, 60}), 1, fixed);
  CHECK(totals(none) == Totals{0, 0, 0, 0, 0, 0});
  CHECK(noted(none, "units") == "0");
  CHECK(noted(none, "price").empty());
  CHECK(noted(none, "efficiency") == "0");
  // Who bids more than it is worth may trade in place of another, at a loss: units worth 90 and 40 for 20 and 50.
  Transcript rash = played("double_auction", traders({90, 50, 75}, {20, 50, 60}), 1, fixed);
  CHECK(noted(rash, "price") == "55");
  CHECK(noted(rash, "units") == "2");
  CHECK(totals(rash) == Totals{35, 0, -15, 35, 5, 0});
  CHECK(std::stod(noted(rash, "efficiency")) == doctest::Approx(60. / 90));
  // All want to trade: the price lies between the lowest bid and the highest ask.
  CHECK(noted(played("double_auction", traders({90, 70, 40}, {20, 20, 30}), 1, fixed), "price") == "35");
  // Of equal bids at the margin some are drawn: of three that bid 60 against one seller each wins its share.
  Transcript equal = played("double_auction", traders({60, 60, 60}, {20, 90, 90}), 600,
                            R"({"values": [80, 80, 80], "costs": [20, 90, 90]})");
  for (size_t seat = 0; seat < 3; ++seat) {
    CHECK(totals(equal)[seat] > 150 * 20);
    CHECK(totals(equal)[seat] < 250 * 20);
  }
  CHECK(totals(equal)[0] + totals(equal)[1] + totals(equal)[2] == 600 * 20);
  // As many buyers and sellers as are set.
  CHECK(totals(played("double_auction", traders({90, 70}, {20}), 1,
                      R"({"buyers": 2, "sellers": 1, "values": [90, 70], "costs": [20]})")) == Totals{10, 0, 60});
}

TEST_CASE("games: double_auction, with amounts that are never drawn") {
  for (const auto& [settings, what] :
       {std::pair(R"({"values": [101]})", "values are from 0 to 100, which is `highest`, not 101"),
        {R"({"costs": [1, -2]})", "costs are from 0 to 100, which is `highest`, not -2"},
        {R"({"costs": [1, 2, 3, 4]})", "costs: they are 4, and there are 3 of these players"}}) {
    CHECK_THROWS_WITH(played("double_auction", std::vector<std::string>(6, "random"), 1, settings),
                      doctest::Contains(what));
  }
}

TEST_CASE("games: double_auction, with half a buyer") {
  CHECK_THROWS_WITH_AS(played("double_auction", {"random", "random"}, 1, R"({"buyers": 0.5})"),
                       "games/double_auction.lua:50: buyers is a whole number of 1 or more", Error);
}

TEST_CASE("games: double_auction, its competitive prices") {
  CHECK(known("double_auction", 6, R"({"values": [40, 90, 70], "costs": [60, 20, 50]})") ==
        "units 2\ngains of all 90\nlowest competitive price 50\nhighest competitive price 60");
  CHECK(known("double_auction", 6, R"({"values": [10, 10, 10], "costs": [20, 50, 60]})") ==
        "units 0\ngains of all 0\nlowest competitive price none\nhighest competitive price none");
  CHECK_THROWS_WITH_AS(known("double_auction", 6),
                       "games/double_auction.lua:50: values and costs are drawn in each round: fix all of them (--set "
                       "values=[90,70,40] --set costs=[20,50,60])",
                       Error);
}

TEST_CASE("games: money_request") {
  auto once = [](int row, int column) {
    return totals(played("money_request",
                         {plan_of(R"({"action": )" + std::to_string(row) + "}"),
                          plan_of(R"({"action": )" + std::to_string(column) + "}")},
                         1));
  };
  CHECK(once(19, 20) == Totals{39, 20});
  CHECK(once(20, 20) == Totals{20, 20});
  CHECK(once(17, 19) == Totals{17, 19});
  CHECK(once(12, 11) == Totals{12, 31});
  CHECK(known("money_request", 2) ==
        "payoff in equilibrium 20\nmixed equilibrium: request probability / 20 0.05 / 19 0.1 / 18 0.15 / 17 0.2 / 16 "
        "0.25 / 15 0.25");
}

TEST_CASE("games: travellers_dilemma") {
  auto once = [](int row, int column, const char* settings = "{}") {
    return totals(played("travellers_dilemma",
                         {plan_of(R"({"action": )" + std::to_string(row) + "}"),
                          plan_of(R"({"action": )" + std::to_string(column) + "}")},
                         1, settings));
  };
  CHECK(once(100, 100) == Totals{100, 100});
  CHECK(once(99, 100) == Totals{101, 97});
  CHECK(once(100, 2) == Totals{0, 4});
  CHECK(once(60, 80, R"({"reward": 50})") == Totals{110, 10});
  CHECK(known("travellers_dilemma", 2) == "claims in equilibrium 2");
  CHECK(known("travellers_dilemma", 2, R"({"reward": 1})") == "claims in equilibrium any, if both are the same");
}

TEST_CASE("games: sealed_bid, what is known of it") {
  CHECK(known("sealed_bid", 4) == "bid in equilibrium, as a share of the value 1\nexpected price 60");
  CHECK(known("sealed_bid", 4, R"({"pays": "first"})") ==
        "bid in equilibrium, as a share of the value 0.75\nexpected price 60");
  CHECK_THROWS_WITH(known("sealed_bid", 2, R"({"values": [30]})"), doctest::Contains("leave `values` out"));
  CHECK_THROWS_WITH_AS(played("sealed_bid", {"random", "random"}, 1, R"({"pays": "third"})"),
                       "games/sealed_bid.lua:15: pays is 'first' or 'second', not 'third'", Error);
}
