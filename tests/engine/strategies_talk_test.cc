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
  CHECK(prices("linear", falling) == "0 9 7 2");
  CHECK(prices(R"(linear {"before": 2})", falling) == "2 9 7 2");  // as done: 1 is raised to the cost
  CHECK(prices(R"(linear {"level": 8, "slope": 0})", falling) == "8 8 8 8");
  CHECK(prices(R"(linear {"level": 4.5, "slope": 0.25, "before": 2})", falling) == "5 6.7 6.2 5");
  CHECK(prices(R"(linear {"level": 20, "slope": -1})", falling) == "14 11 13 14");
  // Among several: the mean of the others.
  Transcript gifts = played(
      "public_goods",
      {R"(linear {"slope": 0.5, "before": 20})", plan_of(R"({"action": [20, 0]})"), plan_of(R"({"action": [10, 1]})")},
      3);
  CHECK(moves(gifts, 1) == "10 7 0");
}

namespace {

// A game in which all say something, then choose; and a strategy.
std::map<std::string, std::string> speakers(const std::string& strategy) {
  return {{"games/said.lua",
           "game { players = { 'a', 'b' }, actions = { 'J', 'K' }, play = function(match, players)\n"
           "  for _ in match:each_round() do\n"
           "    players:choose { 'talk', words(5) }\n"
           "    players:choose { 'action', { 'J', 'K' } }\n"
           "  end\n"
           "end }"},
          {"strategies/speaker.lua", strategy}};
}

std::string said(const Transcript& t, int seat) {
  for (const Event& e : t.events) {
    if (e.kind == Event::choice && e.seat == seat && t.words->names[static_cast<size_t>(e.name)] == "talk")
      return t.value_of(e).string();
  }
  return "(never asked)";
}

// A match of one round whose `play` has this body, with a model in it, under these two labels; what it notes as `got`, or the error.
std::string noted_in(const std::string& body, const std::string& labels = "") {
  Table table({{"games/noting.lua",
                "game { players = { 'a', 'b' }, actions = { 'J', 'K' }, play = function(match, players)\nfor _ in "
                "match:each_round() do " +
                    body + " end end }"},
               {"prompts/noting.txt", "== rules\nThere are none.\n"}});
  try {
    Transcript t = table.play(table.plan("noting", {"always_first", "direct@script"}, [&](Rules& rules, auto&) {
      if (labels.empty()) return;
      rules.labels = Value::List{labels.substr(0, 1), labels.substr(1)};
      rules.label_map = "given";
    }));
    return noted(t, "got");
  } catch (const Error& e) {
    return e.what();
  }
}

}  // namespace

TEST_CASE("strategies: what is said where words are asked for") {
  auto played_by = [](const std::string& strategy) {
    Table table(speakers(strategy));
    return table.play(table.plan("said", {"speaker", "tit_for_tat"}));
  };
  // A fixed rule says nothing, and its act is not asked for words.
  Transcript silent = played_by("strategy { act = function(turn) return turn.actions[2] end }");
  CHECK(said(silent, 1).empty());
  CHECK(said(silent, 2).empty());
  CHECK(moves(silent, 1) == "K");
  // With `say` it does; memory is one for both.
  Transcript spoken = played_by(
      "strategy { act = function(turn) return turn.memory.promised end,\n"
      "  say = function(turn) turn.memory.promised = 'K'; return 'K, I promise.' end }");
  CHECK(said(spoken, 1) == "K, I promise.");
  CHECK(moves(spoken, 1) == "K");
  // Both functions are of the same instance of the file, and of no other match.
  Table table(
      speakers("local told = 0\nstrategy { act = function(turn) return turn.actions[told] end, say = function() told = "
               "told + 1; return 'x' end }"));
  for (int i = 0; i < 2; ++i) CHECK(moves(table.play(table.plan("said", {"speaker", "random"})), 1) == "J");
  // Mistakes.
  auto error = [](const std::string& strategy) { return error_of(speakers(strategy), "said", {"speaker", "random"}); };
  CHECK(error("strategy { act = function() end, say = 'hello' }") ==
        "strategies/speaker.lua:1: say is a function of (turn)");
  CHECK(error("strategy {\n  act = function() end,\n  say = function() return 5 end }") ==
        "strategies/speaker.lua:3: the strategy answered 'talk' with 5, which is not in at most 5 words");
}

TEST_CASE("strategies: what a text names") {
  auto named = [&](const std::string& text, const std::string& labels = "") {
    return noted_in("match:note { got = table.concat(mentions([[" + text + "]], { 'J', 'K' }), ' ') .. '.' }", labels);
  };
  CHECK(named("Let us both choose K.") == "K.");
  CHECK(named("k? Shall we?") == "K.");
  CHECK(named("K or J, K or J!") == "K J.");
  CHECK(named("J, not K") == "J.");
  CHECK(named("Kindly, Jane") == ".");
  // What its clause denies is not named.
  const std::pair<const char*, const char*> denials[] = {
      {"Don't choose K!", "."},
      {"I don't want J", "."},
      {"I refuse J", "."},
      {"I won't pick J but K", "K."},
      {"I will not choose J, I choose K", "K."},
      {"Never K.", "."},
      {"Let us avoid J. K it is.", "K."},
      {"I cannot accept J or K", "."},
      {"J isn't fair; K is.", "K."},
      {"J would not be fair", "."},
      {"I like J better than K", "J."},
      {"Anything but J", "."},
      {"Why not J?", "J."},
      {"Why don't we both choose K?", "K."},
      {"Don't we choose J?", "J."},
      {"No, J.", "J."},
      {"Not only J but K", "J K."},
      {"No doubt J is best", "J."},
      {"Don't worry, I choose J and will not change", "J."},
      {"I promise not to choose K and to choose J", "J."},
      {"I won't choose K and will choose J", "J."},
      {"I won't choose K and choose J", "J."},
      {"Don't choose K and I choose J", "J."},
      {"I won't betray you and will choose J", "J."},
      {"I choose J and will never choose K", "J."},
      {"I won't choose K or J", "."},
      {"I won't choose K and J", "."},
      {"I won't choose K and then option J", "."},
      {"I won't choose K and certainly not J", "."},
      {"I won't lie to you and choose J", "."},
      {"I have no problem with J", "J."},
      {"I have no objection to J", "J."},
      {"I can't wait to choose J", "J."},
  };
  for (const auto& [text, names] : denials) {
    INFO(text);
    CHECK(named(text) == names);
  }
  CHECK(named("") == ".");
  // By the labels of the match.
  CHECK(named("Let us both choose X.", "XY") == "J.");
  CHECK(named("Let us both choose K.", "XY") == ".");
  CHECK(noted_in("match:note { got = table.concat(mentions('I take 30, or 31.5, or 400', range(0, 100)), ' ') }") ==
        "30");
  CHECK(noted_in("match:note { got = tostring(mentions('It was b!', players)[1] == players.b) }") == "true");
  CHECK(noted_in("mentions(5, { 'J' })") == "games/noting.lua:2: mentions(text, set) needs a text, got 5");
  CHECK(noted_in("mentions('J', words)") == "games/noting.lua:2: mentions(text, set) needs a list or a range");
}

TEST_CASE("strategies: the closest number of a set") {
  auto closest = [](const std::string& arguments) {
    return noted_in("match:note { got = closest(" + arguments + ") }");
  };
  CHECK(closest("range(0, 10), 3.4") == "3");
  CHECK(closest("range(0, 10), 3.5") == "3");
  CHECK(closest("range(0, 10), 3.51") == "4");
  CHECK(closest("range(0, 14, .1), 6.28") == "6.3");
  CHECK(closest("range(1, 10, 4), 1000") == "9");
  CHECK(closest("range(1, 10, 4), -5") == "1");
  CHECK(closest("{ 5, 1, 3 }, 4") == "3");
  CHECK(closest("range(0, 1), 'x'") == "games/noting.lua:2: closest(set, x) needs a number, got 'x'");
  CHECK(closest("{ 'J' }, 1") == "games/noting.lua:2: closest(set, x) needs a range or a list of numbers, got 'J'");
  CHECK(closest("words, 1") == "games/noting.lua:2: closest(set, x) needs a range or a list of numbers");
}
