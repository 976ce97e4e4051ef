// Games of cards and dice by the totals worked out by hand in their comments; what nobody is to see is in no prompt.
#include <doctest/doctest.h>

#include <cmath>

#include "base/json.h"
#include "table.h"

using namespace parley;
using namespace parley::test;

namespace {

// A value that a game says is known of it under these settings (JSON).
const Known& known(const std::vector<Known>& all, const std::string& name) {
  for (const Known& one : all) {
    if (one.name == name) return one;
  }
  FAIL("nothing is known of '" << name << "'");
  return all.front();
}

std::vector<Known> solved(const std::string& game, const std::string& settings, int seats = 2) {
  static Table table;
  return table.scripts().known(table.scripts().setup(game, from_json(settings), seats));
}

}  // namespace

TEST_CASE("games: kuhn_poker") {
  auto play = [](const char* settings, int rounds, const char* one, const char* two) {
    return played("kuhn_poker", {plan_of(one), plan_of(two)}, rounds, settings);
  };
  Transcript t = play(R"({"cards": [[3, 1], [3, 1]]})", 2, R"({"open": "bet", "answer": "fold"})",
                      R"({"open": "bet", "answer": "call"})");
  CHECK(totals(t) == Totals{1, -1});
  CHECK(noted(t, "bluff") == "false true");
  CHECK(noted(t, "folded") == "false true");
  CHECK(moves(t, 2, "open") == "bet");  // the first to move in round 2 alone
  t = play(R"({"cards": [[2, 3]]})", 1, R"({"open": "check"})", R"({"open": "check"})");
  CHECK(totals(t) == Totals{-1, 1});
  CHECK(noted(t, "bet") == "false");
  CHECK(totals(play(R"({"cards": [[2, 3]], "bet": 3})", 1, R"({"open": "check", "answer": "call"})",
                    R"({"open": "bet"})")) == Totals{-4, 4});
  CHECK(totals(play(R"({"cards": [[2, 3]], "ante": 2})", 1, R"({"open": "check", "answer": "fold"})",
                    R"({"open": "bet"})")) == Totals{-2, 2});
  // Drawn: each of the six deals comes, and no card twice.
  std::map<std::string, int> deals;
  t = played("kuhn_poker", {"always_first", "always_first"}, 600);
  std::string cards;
  for (const Event& e : t.events) {
    if (e.kind != Event::told || t.words->names[static_cast<size_t>(e.name)] != "deal") continue;
    cards += number_text(t.value_of(e)["card"].number());
    if (cards.size() == 2) ++deals[std::exchange(cards, "")];
  }
  CHECK(deals.size() == 6);
  for (const auto& [deal, times] : deals) {
    CHECK(deal[0] != deal[1]);
    CHECK(times > 70);
  }
}

TEST_CASE("games: kuhn_poker and liars_dice say which settings cannot be") {
  auto why = [](const char* game, const char* settings) -> std::string {
    try {
      played(game, {"random", "random"}, 1, settings);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  for (const char* cards : {"[[4, 1]]", "[[2, 2]]", "[3, 1]", "[[3]]"}) {
    CAPTURE(cards);
    CHECK(why("kuhn_poker", (std::string(R"({"cards": )") + cards + "}").c_str())
              .ends_with("cards are two of 1, 2 and 3 for each round: { { 3, 1 }, { 2, 3 } }"));
  }
  for (const char* settings : {R"({"dice": 0})", R"({"dice": 1.5})", R"({"faces": 1})"}) {
    CAPTURE(settings);
    CHECK(why("liars_dice", settings).ends_with("dice are a whole number of 1 or more, faces of 2 or more"));
  }
  for (const char* face : {"7", "0", "2.5", "-1"}) {
    CHECK(why("liars_dice", (std::string(R"({"rolls": [[[1, )") + face + "]]]}").c_str())
              .ends_with(std::string("rolls: a die shows a whole number from 1 to 6, not ") + face));
  }
  CHECK(why("kuhn_poker", R"({"bet": 0})") ==
        "setting 'bet' of game 'kuhn_poker' is 0, not a number from 0.01 to 1000000");
  CHECK(why("kuhn_poker", R"({"ante": 0})").starts_with("setting 'ante' of game 'kuhn_poker' is 0"));
}

TEST_CASE("games: kuhn_poker is solved") {
  CHECK(known(solved("kuhn_poker", "{}"), "value for the first to move").value.number() == doctest::Approx(-1. / 18));
  for (auto [settings, family] : {std::pair("{}", 3), std::pair(R"({"ante": 3})", 1), std::pair(R"({"bet": 2})", 1)}) {
    CAPTURE(settings);
    const std::vector<Known> all = solved("kuhn_poker", settings);
    const Known& equilibria = known(all, "equilibria");
    REQUIRE(equilibria.columns.back() == "most to gain");
    CHECK(equilibria.rows.size() == static_cast<size_t>(family));
    for (const Value::List& row : equilibria.rows) {
      CHECK(row.back().number() == doctest::Approx(0));
      CHECK(row[row.size() - 2].number() == doctest::Approx(known(all, "value for the first to move").value.number()));
    }
  }
  CHECK_THROWS_WITH(solved("kuhn_poker", R"({"bet": 3})"),
                    doctest::Contains("the equilibria are known for a bet of at most twice the ante"));
}

TEST_CASE("games: kuhn_poker: a card that is not shown changes nothing for the other") {
  auto seen = [](const char* cards, int of) {
    const std::string fixed = plan_of(R"({"open": "check", "answer": "fold"})");
    std::vector<std::string> players = {"direct@script", fixed};
    if (of == 2) std::swap(players[0], players[1]);
    return sent_to(of, "kuhn_poker", players, 1, std::string(R"({"cards": [)") + cards + "]}", "check");
  };
  CHECK(seen("[2, 1]", 1) == seen("[2, 3]", 1));
  CHECK(seen("[2, 1]", 1) != seen("[3, 1]", 1));
  CHECK(seen("[1, 2]", 2) == seen("[3, 2]", 2));
}

TEST_CASE("games: liars_dice") {
  Transcript t = played("liars_dice", {plan_of(R"({"bid": ["2x3", "liar"]})"), plan_of(R"({"bid": ["liar", "2x5"]})")},
                        2, R"({"rolls": [[[3, 3], [5, 1]], [[3, 3], [5, 1]]]})");
  CHECK(totals(t) == Totals{2, -2});
  CHECK(noted(t, "bids") == "1 1");
  CHECK(noted(t, "caught") == "false true");
  const std::string shrinks = R"({"dice": 1, "shrink": true, "rolls": [[[1], [2], [3]], [[1], [], [3]]]})";
  t = played("liars_dice",
             {plan_of(R"({"bid": ["1x2", "liar"]})"), plan_of(R"({"bid": "liar"})"), plan_of(R"({"bid": "2x3"})")}, 10,
             shrinks);
  CHECK(totals(t) == Totals{2, -1, -1});
  CHECK(t.rounds == 2);
  CHECK(moves(t, 2, "bid") == "liar");
  // Only a higher bid may follow; none does where none is left.
  CHECK_THROWS_WITH(
      played("liars_dice", {plan_of(R"({"bid": "2x3"})"), plan_of(R"({"bid": "2x2"})")}, 1),
      doctest::Contains("the strategy answered 'bid' with '2x2', which is not in liar, 2x4, 2x5, 2x6, 3x1"));
  t = played("liars_dice", {plan_of(R"({"bid": "4x6"})"), "always_first"}, 1);
  CHECK(moves(t, 2, "bid") == "liar");
  // A stake of its own; five players, dice lost one after the other until one has any.
  CHECK(totals(played("liars_dice", {plan_of(R"({"bid": "4x6"})"), "always_first"}, 1,
                      R"({"stake": 2.5, "rolls": [[[1, 1], [1, 1]]]})")) == Totals{-2.5, 2.5});
  t = played("liars_dice", {"random", "random", "random", "random", "random"}, 100, R"({"shrink": true})");
  CHECK(t.rounds == 9);
  CHECK(totals(t)[0] + totals(t)[1] + totals(t)[2] + totals(t)[3] + totals(t)[4] == 0);
}

TEST_CASE("games: liars_dice: dice that are not shown change nothing for the others") {
  auto seen = [](const char* theirs) {
    return sent_to(1, "liars_dice", {"direct@script", plan_of(R"({"bid": "4x6"})")}, 1,
                   std::string(R"({"rolls": [[[3, 3], )") + theirs + "]]}", "1x3");
  };
  CHECK(seen("[5, 1]") == seen("[2, 2]"));
}
