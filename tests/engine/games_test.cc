// Games of payoffs and of two or three moves by the totals worked out by hand in their comments (games_*_test.cc: the others); and
// games that cannot be played as they are stated.
#include <doctest/doctest.h>

#include "table.h"

using namespace parley;
using namespace parley::test;

TEST_CASE("games: battle_of_the_sexes") {
  CHECK(totals(played("battle_of_the_sexes", {"always_first", "alternate"}, 10)) == Totals{50, 35});
  CHECK(totals(played("battle_of_the_sexes", {"always_first", R"(alternate {"start": 2})"}, 10)) == Totals{50, 35});
  CHECK(totals(played("battle_of_the_sexes", {"always_second", "always_second"}, 10)) == Totals{70, 100});
  CHECK(totals(played("battle_of_the_sexes", {"always_first", "always_first"}, 10, R"({"favourite": 9, "less": 8})")) ==
        Totals{90, 80});
  CHECK(totals(played("battle_of_the_sexes", {"always_first", "always_second"}, 1, R"({"apart": 3})")) == Totals{3, 3});
}

TEST_CASE("games: coding") {
  Transcript t = played("coding", {plan_of(R"({"code": "no"})")}, 1);
  CHECK(totals(t) == Totals{0});
  CHECK(moves(t, 1, "code") == "no");
}

TEST_CASE("games: chicken") {
  CHECK(totals(played("chicken", {"always_first", "always_second"}, 10)) == Totals{20, 70});
  CHECK(totals(played("chicken", {"always_second", "alternate"}, 10)) == Totals{35, 10});
}

TEST_CASE("games: two_by_two") {
  CHECK(totals(played("two_by_two", {"always_second", "always_first"}, 10)) == Totals{40, 20});
  CHECK(totals(played("two_by_two", {"tit_for_tat", "alternate"}, 4)) == Totals{11, 12});
  for (const char* which : {R"({"number": 67})", R"({"title": "Prisoner's Dilemma"})"}) {
    CHECK(totals(played("two_by_two", {"always_first", "always_second"}, 1, which)) == Totals{1, 4});
    CHECK(totals(played("two_by_two", {"always_second", "always_second"}, 1, which)) == Totals{2, 2});
  }
  CHECK(totals(played("two_by_two", {"always_first", "always_first"}, 1, R"({"number": 17})")) == Totals{2, 4});
  CHECK(totals(played("two_by_two", {"always_first", "always_first"}, 1, R"({"number": 17, "published": true})")) ==
        Totals{3, 4});
}

TEST_CASE("games: inspection") {
  auto once = [](const char* inspector, const char* worker) {
    return totals(played("inspection", {inspector, worker}, 1));
  };
  CHECK(once("always_first", "always_first") == Totals{10, 5});
  CHECK(once("always_first", "always_second") == Totals{-10, 10});
  CHECK(once("always_second", "always_first") == Totals{6, 5});
  CHECK(once("always_second", "always_second") == Totals{-4, 0});
  CHECK(totals(played("inspection", {"always_first", "always_second"}, 10)) == Totals{-100, 100});
  CHECK(totals(played("inspection", {"always_second", "alternate"}, 10)) == Totals{10, 25});
}

TEST_CASE("games: matching_pennies") {
  CHECK(totals(played("matching_pennies", {"always_first", "always_second"}, 10)) == Totals{-10, 10});
  CHECK(totals(played("matching_pennies", {"always_first", "alternate"}, 10)) == Totals{0, 0});
}

TEST_CASE("games: prisoners_dilemma") {
  CHECK(totals(played("prisoners_dilemma", {"tit_for_tat", "always_second"}, 10)) == Totals{45, 55});
  CHECK(totals(played("prisoners_dilemma", {"always_first", "always_first"}, 10)) == Totals{80, 80});
  const char* const published = R"({"reward": 3, "sucker": 0, "temptation": 5, "punishment": 1})";
  CHECK(totals(played("prisoners_dilemma", {"tit_for_tat", "always_second"}, 10, published)) == Totals{9, 14});
}

TEST_CASE("games: public_goods") {
  auto gives = [](int n) { return plan_of(R"({"action": )" + std::to_string(n) + "}"); };
  CHECK(totals(played("public_goods", {gives(20), gives(10), gives(5), gives(20)}, 1)) == Totals{22, 32, 37, 22});
  CHECK(totals(played("public_goods", {gives(20), gives(0)}, 1, R"({"multiplier": 1.5})")) == Totals{15, 35});
}

TEST_CASE("games: sealed_bid") {
  auto bids = [](int n) { return plan_of(R"({"bid": )" + std::to_string(n) + "}"); };
  Transcript second = played("sealed_bid", {bids(20), bids(40), bids(60)}, 1, R"({"values": [30, 50, 80]})");
  CHECK(totals(second) == Totals{0, 0, 40});
  CHECK(noted(second, "price") == "40");
  CHECK(noted(second, "efficient") == "true");
  CHECK(totals(played("sealed_bid", {bids(20), bids(40), bids(60)}, 1,
                      R"({"values": [30, 50, 80], "pays": "first"})")) == Totals{0, 0, 20});
  Transcript rash = played("sealed_bid", {bids(60), bids(40)}, 1, R"({"values": [30, 50]})");
  CHECK(totals(rash) == Totals{-10, 0});
  CHECK(noted(rash, "efficient") == "false");
  for (const auto& [values, what] : {std::pair("[300, 50]", "values are from 0 to 100, which is `highest`, not 300"),
                                     {"[-1]", "values are from 0 to 100, which is `highest`, not -1"},
                                     {"[1, 2, 3]", "values: they are 3, and 2 bid"}}) {
    CHECK_THROWS_WITH(played("sealed_bid", {bids(1), bids(2)}, 1, std::string(R"({"values": )") + values + "}"),
                      doctest::Contains(what));
  }
  // Equal highest bids are drawn, and each wins its share.
  Transcript equal = played("sealed_bid", {bids(30), bids(30)}, 400, R"({"values": [50, 50]})");
  CHECK(totals(equal)[0] + totals(equal)[1] == 400 * 20);
  CHECK(totals(equal)[0] > 160 * 20);
  CHECK(totals(equal)[1] > 160 * 20);
}

TEST_CASE("games: stag_hunt") {
  CHECK(totals(played("stag_hunt", {"always_first", "alternate"}, 10)) == Totals{50, 85});
  CHECK(totals(played("stag_hunt", {"always_second", "always_second"}, 10)) == Totals{70, 70});
}

TEST_CASE("games: trembling") {
  Transcript t = played("trembling", {"tit_for_tat", "tit_for_tat"}, 6, R"({"slips": {"row": [2], "column": []}})");
  CHECK(totals(t) == Totals{38, 28});
  CHECK(moves(t, 1) == "cooperate cooperate cooperate defect cooperate defect");  // as meant
  CHECK(moves(t, 2) == "cooperate cooperate defect cooperate defect cooperate");
  CHECK(noted(t, "trembles") == "0 1 0 0 0 0");
  CHECK(totals(played("trembling", {"always_first", "always_second"}, 3, R"({"slips": {"row": [], "column": [3]}})")) ==
        Totals{8, 28});
  for (const auto& [slips, what] :
       {std::pair(R"({"rwo": [1]})", "slips: there is no seat 'rwo': they are row and column"),
        {R"({"row": 1})", "slips: the rounds of row are a list, { 2, 5 }"},
        {R"({"row": ["two"]})", "slips: row slips in rounds by their numbers, not in 'two'"}}) {
    CHECK_THROWS_WITH(played("trembling", {"random", "random"}, 1, std::string(R"({"slips": )") + slips + "}"),
                      doctest::Contains(what));
  }
  // A chance is told where there is one.
  auto told = [](const char* settings) {
    return sent_to(1, "trembling", {"direct@script", "random"}, 1, settings, "defect");
  };
  CHECK(told("{}").find("with a probability of 0.125") != std::string::npos);
  CHECK(told(R"({"slips": {"row": []}})").find("probability") == std::string::npos);
  // As often as stated, in each seat by its own chance.
  Transcript many = played("trembling", {"always_first", "always_first"}, 2000);
  double trembles = 0;
  for (const Event& e : many.events) {
    if (e.kind == Event::note) trembles += many.value_of(e).number();
  }
  CHECK(trembles > 420);
  CHECK(trembles < 580);
}

TEST_CASE("games: trust") {
  auto once = [](const std::string& sent, const std::string& back) {
    return totals(
        played("trust", {plan_of(R"({"send": )" + sent + "}"), plan_of(R"({"give_back": )" + back + "}")}, 1));
  };
  CHECK(once("6", "9") == Totals{13, 9});
  CHECK(once("10", "0") == Totals{0, 30});
  CHECK(totals(played("trust", {plan_of(R"({"send": 0})"), "always_first"}, 1)) ==
        Totals{10, 0});  // who would fail if it were asked
}

TEST_CASE("games: ultimatum") {
  CHECK(totals(played("ultimatum", {plan_of(R"({"offer": 40})"), "always_first"}, 1)) == Totals{60, 40});
  CHECK(totals(played("ultimatum", {plan_of(R"({"offer": 40})"), "always_second"}, 1)) == Totals{0, 0});
  CHECK(totals(played("ultimatum", {plan_of(R"({"offer": [10, 30]})"), plan_of(R"({"answer": ["reject", "accept"]})")},
                      2)) == Totals{70, 30});
}

TEST_CASE("games: what cannot be played says why") {
  CHECK(error_of({}, "public_goods", {"random"}) == "games/public_goods.lua: the game cannot seat 1 players");
  CHECK(error_of({}, "prisoners_dilemma", {"random", "random", "random"}) ==
        "games/prisoners_dilemma.lua: the game cannot seat 3 players");
  std::map<std::string, std::string> big = {
      {"games/big.lua",
       "game { about = 'Big', actions = range(0, 20), payoffs = function(c) return { c.row, c.column } end }"}};
  CHECK(error_of(big, "big", {"random", "random"}).empty());
  CHECK(error_of(big, "big", {"direct@script", "random"}) ==
        "games/big.lua: the game has too many outcomes to list them (more than 64), so its rules must be written: "
        "there is no prompts/big.txt");
  big["prompts/big.txt"] =
      "== rules\nYou both get what you say.\n\n== action\nA number: {{options.range.lo}} to {{options.range.hi}}?\n== "
      "cue\nAnswer:\n";
  CHECK(error_of(big, "big", {"direct@script", "random"}).empty());
}
