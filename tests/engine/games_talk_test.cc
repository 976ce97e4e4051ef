// Games with talk by the totals worked out by hand in their comments, and by their measures.
#include <doctest/doctest.h>

#include "base/json.h"
#include "table.h"

using namespace parley;
using namespace parley::test;

namespace {

// Two players of coordination_talk who say and do what is written.
Transcript talked(const std::string& a, const std::string& b, const std::string& settings = R"({"turns": 1})",
                  int rounds = 1) {
  return played("coordination_talk", {plan_of(a), plan_of(b)}, rounds, settings);
}

size_t chosen(const Transcript& t, const std::string& name) {
  size_t n = 0;
  for (const Event& e : t.events) n += e.kind == Event::choice && t.words->names[static_cast<size_t>(e.name)] == name;
  return n;
}

std::string error_of_settings(const std::string& game, const std::vector<std::string>& players,
                              const std::string& settings) {
  try {
    played(game, players, 1, settings);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("games: coordination_talk") {
  Transcript half = talked(R"({"talk": "F it is.", "action": "F"})", R"({"talk": "I say S.", "action": "F"})");
  CHECK(totals(half) == Totals{8, 5});
  CHECK(noted(half, "met") == "true");
  CHECK(noted(half, "met_at_F") == "true");
  CHECK(noted(half, "met_at_S") == "false");
  CHECK(noted(half, "agreed") == "false");
  CHECK(noted(half, "kept").empty());
  CHECK(noted(half, "as_said") == "0.5");

  Transcript kept =
      talked(R"({"talk": "Let us both go to F!", "action": "F"})", R"({"talk": "Fine, F and not S.", "action": "F"})");
  CHECK(totals(kept) == Totals{8, 5});
  CHECK(noted(kept, "agreed") == "true");
  CHECK(noted(kept, "kept") == "true");
  CHECK(noted(kept, "as_said") == "1");

  Transcript broken = talked(R"({"talk": "F?", "action": "S"})", R"({"talk": "F.", "action": "F"})");
  CHECK(totals(broken) == Totals{0, 0});
  CHECK(noted(broken, "agreed") == "true");
  CHECK(noted(broken, "kept") == "false");
  CHECK(noted(broken, "as_said") == "0.5");

  // The last message counts, and only if it names one option.
  Transcript changed = talked(R"({"talk": ["F", "S"], "action": "S"})",
                              R"({"talk": ["S", "F or S, who cares"], "action": "S"})", R"({"turns": 2})");
  CHECK(totals(changed) == Totals{5, 8});
  CHECK(noted(changed, "agreed") == "false");
  CHECK(noted(changed, "as_said") == "1");
  CHECK(chosen(changed, "talk") == 4);

  // Hand-coded players say nothing.
  const std::string six = R"({"turns": 3})";
  Transcript silent = played("coordination_talk", {"always_first", "alternate"}, 4, six);
  CHECK(totals(silent) == Totals{16, 10});
  CHECK(chosen(silent, "talk") == 24);
  CHECK(noted(silent, "agreed") == "false false false false");
  CHECK(noted(silent, "as_said").empty());
  CHECK(totals(played("coordination_talk", {"always_second", "always_second"}, 4)) == Totals{20, 32});
  CHECK(totals(played("coordination_talk", {"always_first", "always_second"}, 1, R"({"apart": 1})")) == Totals{1, 1});
  CHECK(totals(played("coordination_talk", {"random", "tit_for_tat"}, 20)).size() == 2);
}

TEST_CASE("games: coordination_talk: one way, none, and the controls") {
  const std::string a = R"({"talk": "F", "action": "F"})";
  const std::string b = R"({"talk": "S", "action": "F"})";
  Transcript one = talked(a, b, R"({"speakers": "A", "turns": 2})");
  CHECK(chosen(one, "talk") == 2);
  CHECK(noted(one, "agreed") == "true");
  CHECK(noted(one, "kept") == "true");
  CHECK(noted(talked(a, b, R"({"speakers": "B", "turns": 2})"), "kept") == "false");

  Transcript none = talked(a, b, R"({"talk": "none"})");
  CHECK(chosen(none, "talk") == 0);
  CHECK(noted(none, "met") == "true");
  CHECK(noted(none, "agreed").empty());

  Transcript thought = talked(a, b, R"({"talk": "thought", "turns": 2})");
  CHECK(chosen(thought, "talk") == 4);
  for (const Event& e : thought.events) {
    if (e.kind != Event::choice || thought.words->names[static_cast<size_t>(e.name)] != "talk") continue;
    REQUIRE(e.seen > 0);
    CHECK(thought.values[static_cast<size_t>(e.seen) - 1].list().empty());
  }

  // Shuffled: the same words, not the same order, seen by the other alone; the draws are nature's.
  auto shown = [](const Transcript& t) {
    std::string out;
    for (const Event& e : t.events) {
      if (e.kind != Event::done) continue;
      CHECK(to_json(t.values[static_cast<size_t>(e.seen) - 1]) == (e.seat == 1 ? "[2]" : "[1]"));
      out += t.value_of(e).string() + "|";
    }
    return out;
  };
  const std::string many = R"({"talk": "a b c d e f g h i j k l m n o p", "action": "F"})";
  const std::string settings = R"({"talk": "shuffled", "turns": 1})";
  Transcript shuffled = talked(many, b, settings);
  std::string text = shown(shuffled);
  CHECK(text.size() == 34);
  CHECK(text.substr(0, 31) != "a b c d e f g h i j k l m n o p");
  for (char c = 'a'; c <= 'p'; ++c) CHECK(text.find(c) < 31);
  CHECK(shown(talked(many, b, settings)) == text);

  CHECK(error_of_settings("coordination_talk", {"random", "random"}, R"({"talk": "loud"})") ==
        "setting 'talk' of game 'coordination_talk' is 'loud', not 'heard', 'thought', 'shuffled', 'none'");
  CHECK(error_of_settings("coordination_talk", {"random", "random"}, R"({"speakers": "C"})") ==
        "setting 'speakers' of game 'coordination_talk' is 'C', not 'both', 'A', 'B'");
  for (const char* turns : {"0", "1.5", "-1"}) {
    CHECK(error_of_settings("coordination_talk", {"random", "random"}, std::string(R"({"turns": )") + turns + "}") ==
          std::string("setting 'turns' of game 'coordination_talk' is ") + turns +
              ", not a whole number from 1 to 100");
  }
}

TEST_CASE("games: beauty_contest") {
  auto names = [](const std::string& n) { return plan_of(R"({"number": )" + n + "}"); };
  Transcript t = played("beauty_contest", {names("0"), names("50"), names("100")}, 1);
  CHECK(totals(t) == Totals{0, 100, 0});
  CHECK(noted(t, "mean") == "50");
  CHECK(noted(t, "variance").substr(0, 7) == "1666.66");
  CHECK(noted(t, "winners") == "1");
  for (const auto& [ties, expected] :
       {std::pair<const char*, Totals>{"each", {100, 100, 0}}, {"share", {50, 50, 0}}, {"alone", {0, 0, 0}}}) {
    CAPTURE(ties);
    Transcript equal = played("beauty_contest", {names("10"), names("10"), names("40")}, 1,
                              std::string(R"({"ties": ")") + ties + R"("})");
    CHECK(totals(equal) == expected);
    CHECK(noted(equal, "variance") == "200");
    CHECK(noted(equal, "winners") == "2");
  }
  // 29 and 31 are equally far from 30, two thirds of 45: 29 31 60 60 45 45 45.
  CHECK(totals(played("beauty_contest",
                      {names("29"), names("31"), names("60"), names("60"), names("45"), names("45"), names("45")},
                      1)) == Totals{100, 100, 0, 0, 0, 0, 0});

  // Everyone speaks once a round from the second on, in an order that is drawn anew.
  std::vector<std::string> all(24, "level_k");
  Transcript crowd = played("beauty_contest", all, 4);
  std::vector<std::vector<int>> orders(5);
  int round = 0;
  for (const Event& e : crowd.events) {
    if (e.kind == Event::round) round = static_cast<int>(e.number);
    if (e.kind == Event::choice && crowd.words->names[static_cast<size_t>(e.name)] == "talk")
      orders[static_cast<size_t>(round)].push_back(e.seat);
  }
  CHECK(orders[1].empty());
  for (size_t r : {2, 3, 4}) {
    std::vector<int> sorted = orders[r];
    std::sort(sorted.begin(), sorted.end());
    REQUIRE(sorted.size() == 24);
    for (int s = 1; s <= 24; ++s) CHECK(sorted[static_cast<size_t>(s) - 1] == s);
    CHECK(orders[r] != sorted);
  }
  CHECK(orders[2] != orders[3]);
  CHECK(orders[3] != orders[4]);
  // All alike: everyone wins in each round, and the variance is 0.
  CHECK(totals(crowd) == Totals(24, 400));
  CHECK(noted(crowd, "variance") == "0 0 0 0");
  CHECK(chosen(played("beauty_contest", all, 4, R"({"talk": false})"), "talk") == 0);
  CHECK(error_of_settings("beauty_contest", {"random", "random"}, R"({"ties": "first"})") ==
        "games/beauty_contest.lua:14: ties is 'each', 'share' or 'alone', not 'first'");
}

TEST_CASE("games: price_competition") {
  auto sets = [](const std::string& p) { return plan_of(R"({"price": )" + p + "}"); };
  auto second = [&](const std::string& p, const std::string& r) {
    return totals(played("price_competition", {sets(p), sets(r)}, 2));
  };
  CHECK(second("8", "8") == Totals{3600, 3600});
  CHECK(second("6", "6") == Totals{3200, 3200});
  CHECK(second("6.5", "8") == Totals{4050, 2700});
  CHECK(second("14", "2") == Totals{0, 0});
  CHECK(totals(played("price_competition", {sets("8"), sets("8")}, 11)) == Totals{36000, 36000});

  // Below cost: meant 1, done as 2.
  Transcript low = played("price_competition", {sets("1"), sets("8")}, 2);
  CHECK(moves(low, 1, "price") == "1");
  std::string done;
  for (const Event& e : low.events) {
    if (e.kind == Event::done) done += value_text(low.value_of(e)) + " ";
  }
  CHECK(done == "2 8 ");
  CHECK(noted(low, "raised") == "0 1");
  CHECK(totals(low) == Totals{0, 0});  // 8 against 2 sells 1400 - 1600 + 200

  // The cartel earns 3600 each from round 2 on, and the match ends after 200 collusive rounds.
  const std::string cartel = R"(linear {"level": 8, "slope": 0})";
  Transcript long_one = played("price_competition", {cartel, cartel}, 1200);
  CHECK(long_one.rounds == 201);
  CHECK(totals(long_one) == Totals{720000, 720000});
  CHECK(noted(played("price_competition", {cartel, cartel}, 3), "index") == "-2 1 1");
  CHECK(noted(played("price_competition", {cartel, cartel}, 3), "collusive") == "false true true");
  CHECK(played("price_competition", {cartel, cartel}, 50, R"({"stop_after": 10})").rounds == 11);

  // Best replies, of 4.5 and a quarter of the other's price, come to 6, where nothing is collusive.
  const std::string best = R"(linear {"level": 4.5, "slope": 0.25, "before": 2})";
  Transcript replies = played("price_competition", {best, best}, 9, R"({"step": 0.01})");
  CHECK(moves(replies, 1, "price") == "5 5.75 5.94 5.98 5.99 6 6 6");
  CHECK(noted(replies, "collusive") == "false false false false false false false false false");
  CHECK(played("price_competition", {best, best}, 1200).rounds == 1200);
  // Prices that are too far apart, and one above the cartel's, are not collusive either.
  CHECK(noted(played("price_competition", {sets("7"), sets("7.6")}, 2), "collusive") == "false false");
  CHECK(noted(played("price_competition", {sets("7"), sets("7.5")}, 2), "collusive") == "false true");
  CHECK(noted(played("price_competition", {sets("8.1"), sets("8")}, 2), "collusive") == "false false");

  for (const char* settings : {R"({"d": 0.01})", R"({"d": 0})"}) {
    CHECK(error_of_settings("price_competition", {"random", "random"}, settings) ==
          "games/price_competition.lua:13: d lies above 0 and below beta: the other's sales weigh less on a firm's "
          "price than its own");
  }
  CHECK(error_of_settings("price_competition", {"random", "random"}, R"({"a": 2})") ==
        "games/price_competition.lua:14: a must be above cost: at no price above cost would anything be sold");
  CHECK(error_of_settings("price_competition", {"random", "random"}, R"({"window": 0})") ==
        "setting 'window' of game 'price_competition' is 0, not a whole number from 1 to 100000");
  CHECK(totals(played("price_competition", {"random", "random"}, 1, R"({"start": 1})")) ==
        totals(played("price_competition", {"random", "random"}, 1)));  // raised to cost

  CHECK(
      error_of_settings("price_competition", {"random", "random"}, R"({"highest": 1})") ==
      "games/price_competition.lua:15: highest must be cost (2) or more: every price up to it would be raised to cost");
  // What a firm reads: the price that is done in round 1; of rounds before the window means, that of the last also of fewer.
  auto read = [](int rounds, const char* settings) {
    return sent_to(1, "price_competition", {"direct@script", R"(linear {"level": 4.5})"}, rounds, settings, "3");
  };
  CHECK(read(2, R"({"start": 1})").find("In round 1 both prices are 2 points.") != std::string::npos);
  auto has = [&](int rounds, const char* text) {
    return read(rounds, R"({"window": 2, "plans": false})").find(text) != std::string::npos;
  };
  CHECK(has(4, "Round 2:"));
  CHECK(!has(4, "on average"));
  CHECK(has(4, "Round 1: "));  // one that has left the window is its own mean
  CHECK(has(5, "Rounds 1 to 2, on average"));
  CHECK(has(6, "Rounds 1 to 2, on average"));
  CHECK(has(6, "Round 3: "));
  CHECK(!has(6, "Rounds 3 to 4, on average"));  // round 4 is in the window
  CHECK(has(7, "Rounds 3 to 4, on average"));
  CHECK(!has(7, "Round 3: "));
  CHECK(!has(7, "Round 4:"));

  // What can be known without playing comes from the settings.
  Table table;
  auto known = [&](const std::string& settings) {
    std::string out;
    for (const Known& one : table.scripts().known(table.scripts().setup("price_competition", from_json(settings), 2))) {
      out += one.columns.empty() ? value_text(one.value) + " " : "";
      for (const Value::List& row : one.rows) out += "| " + value_text(Value(row)) + " ";
    }
    return out;
  };
  CHECK(known("{}") ==
        "4.5 0.25 | Nash, 6, 6, 3200, 3200 | cartel, 8, 8, 3600, 3600 | best reply to the cartel, 6.5, 8, 4050, 2700 ");
  // Cost 4: (1400 + 800) / 300, (14 + 4) / 2, and (1400 + 900 + 800) / 400 against 9.
  CHECK(known(R"({"cost": 4})") ==
        "5.5 0.25 | Nash, 7.333333, 7.333333, 2222.222222, 2222.222222 | cartel, 9, 9, 2500, 2500 | best reply to the "
        "cartel, 7.75, 9, 2812.5, 1875 ");

  // Talk before each price, a plan every `window` rounds; both are silence here.
  Transcript talk = played("price_competition", {cartel, best}, 41, R"({"exchanges": 3})");
  CHECK(chosen(talk, "talk") == 40 * 3 * 2);
  CHECK(chosen(talk, "plan") == 2 * 2);
}
