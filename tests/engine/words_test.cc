// The words of authors (engine/script/prelude.lua), one by one: what each gives, and what it says where it is used wrongly.
#include <doctest/doctest.h>

#include "table.h"

using namespace parley;
using namespace parley::test;

namespace {

using Texts = std::map<std::string, std::string>;

// Of a match of games/x.lua (or `game`) between these players; every question is answered with `reply`.
Transcript play(const Texts& texts, const std::vector<std::string>& players, int rounds = 1, const std::string& reply = "a",
                const std::string& game = "x") {
  Table table(texts);
  return table.play(table.plan(game, players, [&](Rules& rules, std::vector<Player>&) { rules.rounds = rounds; }),
                    [&](const Question&) { return says(reply); });
}

std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "nothing is wrong";
}

// A game of two whose play has `code` on line 2.
Texts game_with(const std::string& code) {
  return {{"games/x.lua", "game { settings = { pie = 10 }, play = function(match, players) local row, column = unpack(players)\n" + code + "\nend }"}};
}
std::string in_play(const std::string& code, int rounds = 1) {
  return error_of([&] { play(game_with(code), {"random", "random"}, rounds); });
}
std::string in_round(const std::string& code) { return in_play("for round in match:each_round() do " + code + " end"); }

// What an expression of a game gives, as text.
std::string value(const std::string& expression, const std::string& before = "") {
  Transcript t = play(game_with("for _ in match:each_round() do " + before + " match:note { v = tostring(" + expression + ") } end"), {"random", "random"});
  return value_text(t.value_of(t.events[t.events.size() - 2]));
}
std::string list(const std::string& expression) { return value("table.concat(" + expression + ", ' ')"); }

// A strategy whose act has `code` on line 2, in seat 1 against always_first; of a game with two actions a and b.
const char* const kStage = "game { actions = { 'a', 'b' }, payoffs = { a = { a = { 3, 3 }, b = { 0, 5 } }, b = { a = { 5, 0 }, b = { 1, 1 } } } }";
std::string in_act(const std::string& code, int rounds = 1, const std::string& game = kStage, const std::string& prompt = "") {
  Texts texts = {{"games/x.lua", game}, {"strategies/s.lua", "strategy { act = function(turn)\ndo " + code + " end\nreturn turn.actions[1] end }"}};
  if (!prompt.empty()) texts["prompts/s.txt"] = prompt;
  return error_of([&] { play(texts, {prompt.empty() ? "s" : "s@script", "always_first"}, rounds); });
}
// What an expression of a strategy gives in the last of some rounds: it fails with it.
std::string in_turn(const std::string& expression, int rounds = 1, const std::string& game = kStage) {
  std::string got = in_act("if turn.round == " + std::to_string(rounds) + " then error('=' .. tostring(" + expression + "), 0) end", rounds, game);
  size_t at = got.find('=');
  return at == std::string::npos ? got : got.substr(at + 1);
}

struct Case {
  std::string code, says;
};

}  // namespace

TEST_CASE("words: lists and numbers") {
  CHECK(list("map({ 1, 2, 3 }, function(x, i) return x * 10 + i end)") == "11 22 33");
  CHECK(list("filter({ 4, 5, 6, 7 }, function(x) return x % 2 == 0 end)") == "4 6");
  CHECK(value("filter(players, function(p) return p ~= row end)[1]") == "column");
  CHECK(value("sum { 1, 2, 3.5 }") == "6.5");
  CHECK(value("sum({ 1, 2 }, function(x) return x * x end)") == "5");
  CHECK(value("mean { 1, 2, 6 }") == "3");
  CHECK(value("variance { 1, 2, 3, 4 }") == "1.25");
  CHECK(value("gini { 0, 0, 0, 4 }") == "0.75");
  CHECK(value("gini { 2, 2 }") == "0");
  CHECK(value("gini { 0, 0 }") == "0");
  CHECK(value("count({ 'a', 'b', 'a' }, 'a')") == "2");
  CHECK(value("count({ 1, 5, 9 }, function(x) return x > 3 end)") == "2");
  CHECK(list("largest { 3, 7, 7, 1 }") == "7 7");
  CHECK(value("select(2, largest({ 'bb', 'a', 'cc' }, function(x) return #x end))") == "2");
  CHECK(value("largest({ row, column }, function(p) return p.seat end)[1]") == "column");
  CHECK(list("commonest { 'b', 'a', 'b', 'a', 'c' }") == "b a");
  CHECK(value("cycle({ 'x', 'y', 'z' }, 5)") == "y");
  CHECK(value("rounded(2.5)") == "3");
  CHECK(value("rounded(2.345, 1)") == "2.3");
}

TEST_CASE("words: chance") {
  CHECK(value("#shuffled { 1, 2, 3 }") == "3");
  CHECK(value("sum(shuffled { 1, 2, 3 })") == "6");
  CHECK(value("#shuffled(players) .. shuffled(players).row.name") == "2row");
  CHECK(value("count(map(range_list, function() local x = math.random(3); return x >= 1 and x <= 3 and x % 1 == 0 end), true)", "local range_list = {} for i = 1, 50 do range_list[i] = i end") == "50");
  CHECK(value("u >= 0 and u < 1", "local u = math.random()") == "true");
  CHECK(value("pick { 'only' }") == "only");
  CHECK(value("x >= 0 and x <= 1 and x * 4 % 1 == 0", "local x = pick(range(0, 1, .25))") == "true");
  CHECK(value("s.a + s.b", "local s = pick(split(7, { 'a', 'b' }))") == "7");
  CHECK(value("r.left .. r.right", "local r = pick(record { left = { 'l' }, right = { 'r' } })") == "lr");
}

TEST_CASE("words: files are read, and every reader has its own copy") {
  Texts texts = game_with("for _ in match:each_round() do local t = read 'data/table.csv' match:note { v = t[2].name .. t[1].x + 1 .. #read 'data/note.txt' } t[2].name = 'spoilt' end");
  texts["games/data/table.csv"] = "name,x\nann,1.5\n\"bob, jr\",2\n";
  texts["games/data/note.txt"] = "four";
  Transcript t = play(texts, {"random", "random"}, 2);
  std::string got;
  for (const Event& e : t.events) {
    if (e.kind == Event::note) got += value_text(t.value_of(e)) + ";";
  }
  CHECK(got == "bob, jr2.54;bob, jr2.54;");
  CHECK(in_round("read 'data/none.csv'") == "?");
  CHECK(in_round("read '../secrets.txt'") == "?");
}

TEST_CASE("words: what is wrong in play is said with file and line") {
  const std::vector<Case> cases = {
      {"map(3, tostring)", "map needs a list, got 3"},
      {"filter('x', tostring)", "?"},
      {"sum { 1, 'x' }", "?"},
      {"mean {}", "?"},
      {"variance {}", "?"},
      {"largest({ 1 }, function() end)", "?"},
      {"cycle({}, 1)", "?"},
      {"rounded 'x'", "?"},
      {"math.random(3, 2)", "?"},
      {"pick(words)", "?"},
      {"pick {}", "?"},
      {"words(0)", "?"},
      {"words.kind = 'list'", "?"},
      {"range(2, 1)", "?"},
      {"range(1, 2, 0)", "?"},
      {"range(0, 1e12)", "?"},
      {"record {}", "?"},
      {"record { ['a b'] = { 'x' } }", "?"},
      {"record { a = 3 }", "?"},
      {"split(1.5, { 'a' })", "?"},
      {"split(3, {})", "?"},
      {"read()", "?"},
      {"game {}", "?"},
      {"row:choose 'offer'", "?"},
      {"row:choose { 'of fer', { 'a' } }", "?"},
      {"row:choose { 'offer' }", "?"},
      {"row:choose { 'offer', {} }", "?"},
      {"row:choose { 'offer', { 'a' }, 3 }", "?"},
      {"row:choose { 'offer', { 'a', 'a' } }", "?"},
      {"row:choose { 'offer', { 'a' }, why = print }", "?"},
      {"row:choose { 'offer', { 'a' }, why = function() end }", "?"},
      {"row:choose { 'offer', { 'a' }, seen_by = 'row' }", "?"},
      {"row:choose { 'offer', { 'a' }, seen_by = { 'row' } }", "?"},
      {"row:choose { 'offer', { 'a' }, missing = 'b' }", "?"},
      {"row:tell { why = 3 }", "?"},
      {"row:tell { 'news', 3 }", "?"},
      {"row:tell { 'news', 3, by = 'column' }", "?"},
      {"row:tell { 'news', by = column }", "?"},
      {"row:tell { 'news', 3, by = column }", "?"},
      {"row:pay '3'", "?"},
      {"row:pay(1 / 0)", "?"},
      {"players:pay { 1 }", "?"},
      {"players:pay { row = 1 }", "?"},
      {"players:pay 'x'", "?"},
      {"match:note 'x'", "?"},
      {"match:note { 3 }", "?"},
      {"match:note { x = {} }", "?"},
      {"match.rounds = 3", "?"},
      {"row.total = 3", "?"},
      {"group { 'row' }", "?"},
      {"nothing.at = 1", "?"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.code);
    CHECK(in_round(c.code) == "games/x.lua:2: " + std::string(c.says));
  }
  CHECK(in_play("row:choose { 'offer', { 'a' } }") == "games/x.lua:2: ?");
  CHECK(in_play("row:pay(1)") == "?");
  CHECK(error_of([&] {
    play({{"games/x.lua", "game { players = 3, play = function(match, players)\nfor _ in match:each_round() do local p = players[1].other end end }"}}, {"random", "random", "random"});
  }) == "?");
}

TEST_CASE("words: what is wrong in a declaration") {
  auto declared = [](const std::string& text) { return error_of([&] { play({{"games/x.lua", text}}, {"random", "random"}); }); };
  const std::vector<Case> games = {
      {"", "?"},
      {"game 'x'", "?"},
      {"game { actoins = {} }", "?"},
      {"strategy { act = function() end }", "?"},
      {"game { actions = { 'a' }, payoffs = { a = { a = { 1, 1 } } } } game {}", "?"},
      {"game { actions = { 'a' } }", "?"},
      {"game { payoffs = {} }", "?"},
      {"game { play = 3 }", "?"},
      {"game { about = 3, play = function() end }", "?"},
      {"game { settings = { 1 }, play = function() end }", "?"},
      {"game { players = 'two', play = function() end }", "?"},
      {"game { rounds = 0, play = function() end }", "?"},
      {"game { actions = 'a', payoffs = {} }", "?"},
      {"game { actions = { { 'a' }, { 'a' }, { 'a' } }, payoffs = {} }", "?"},
      {"game { actions = { 'a', 'b' }, payoffs = { a = { a = { 1, 1 } } } }", "?"},
      {"game { actions = { 'a' }, payoffs = { a = { a = 3 } } }", "?"},
      {"game { actions = { 'a' }, payoffs = { a = { a = { 1, 'x' } } } }", "?"},
      {"game { actions = { 'a' }, payoffs = function() return { 1 } end }", "?"},
      {"local n = 0 game { actions = { 'a' }, payoffs = function() n = n + 1 return { n, n } end }", "?"},
      {"game { actions = { 'a' }, payoffs = function() return { math.random(), 1 } end }", "?"},
      {"pick { 1, 2 } game { play = function() end }", "?"},
  };
  for (const Case& c : games) {
    CAPTURE(c.code);
    CHECK(declared(c.code) == c.says);
  }
  auto strategy = [](const std::string& text) {
    return error_of([&] { play({{"games/x.lua", kStage}, {"strategies/s.lua", text}}, {"s", "random"}); });
  };
  CHECK(strategy("strategy { about = 'no act' }") == "?");
  CHECK(strategy("strategy { acts = 3 }") == "?");
  CHECK(strategy("game {}") == "?");
  // Settings.
  auto set = [](const char* name, const Value& x) {
    return error_of([&] {
      Table table(game_with(""));
      table.play(table.plan("x", {"random", "random"}, [&](Rules& rules, std::vector<Player>&) { rules.settings = Value::Record{{name, x}}; }));
    });
  };
  CHECK(set("pies", 3) == "?");
  CHECK(set("pie", "three") == "?");
}

TEST_CASE("words: what a turn shows") {
  CHECK(in_turn("turn.me .. turn.other .. turn.others[1]") == "rowcolumncolumn");
  CHECK(in_turn("turn.decision .. #turn.actions .. turn.actions[2]") == "action2b");
  CHECK(in_turn("turn.round .. ' of ' .. turn.rounds .. ', ' .. turn.total", 3) == "3 of 3, 6");
  CHECK(in_turn("turn:last('column')", 2) == "a");
  CHECK(in_turn("turn:last('column')") == "nil");
  CHECK(in_turn("turn:last('row', 'action')", 2) == "a");
  CHECK(in_turn("turn:last('row', 'another')", 2) == "nil");
  CHECK(in_turn("#turn:all('column') .. #turn.history", 4) == "33");
  CHECK(in_turn("turn.history[2].action.column .. turn.history[2].paid.row .. turn.history[2].paid.column", 3) == "a33");
  CHECK(in_turn("turn.memory.never") == "nil");
  CHECK(in_turn("turn:payoff('b', 'a')") == "5");
  CHECK(in_turn("turn:payoff('b', { column = 'b' })") == "1");
  CHECK(in_turn("turn:best('a')[1]") == "b");
  CHECK(in_turn("#turn.facts") == "0");
  CHECK(in_turn("#turn:best(2)", 1, "game { actions = range(1, 3), payoffs = function(c) return { c.row == c.column and 0 or 1, 0 } end }") == "2");
  // Each turn's table is its own: scribbling on what it gives changes nothing.
  CHECK(in_act("local t = turn.actions t[1] = 'z' turn.history[1] = 3 turn.others[1] = 'z' turn.facts.x = 1 if turn.other ~= 'column' or turn.facts.x then error('seen', 0) end") == "nothing is wrong");
}

TEST_CASE("words: what is wrong in act is said with file and line") {
  const std::vector<Case> cases = {
      {"return 'c'", "?"},
      {"return nil", "?"},
      {"return { 'a' }", "?"},
      {"turn.decison = 3", "?"},
      {"local x = turn.decison", "?"},
      {"turn.round = 3", "?"},
      {"turn:last 'colunm'", "?"},
      {"turn:all 'nobody'", "?"},
      {"turn:payoff('c', 'a')", "?"},
      {"turn:payoff('a', {})", "?"},
      {"turn:payoff('a')", "?"},
      {"turn:ask { 'q', turn.actions }", "?"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.code);
    CHECK(in_act(c.code) == c.says);
  }
  const std::vector<Case> asking = {
      {"turn:ask(3)", "?"},
      {"turn:ask { 'q', {} }", "?"},
      {"turn:ask { 'q', samples = 0 }", "?"},
      {"turn:ask { 'q', by = 'nobody' }", "?"},
      {"turn:ask { 'p' }", "?"},
      {"turn:ask { 'q', hint = 3 }", "?"},
      {"turn:ask { 'q', round = 3 }", "?"},
      {"for i = 1, 101 do turn:ask { 'q' } end", "?"},
      {"return turn:ask { 'q' } .. 'x'", "?"},
  };
  for (const Case& c : asking) {
    CAPTURE(c.code);
    CHECK(in_act(c.code, 1, kStage, "== q\n{{question}}") == c.says);
  }
  const char* const ultimatum = "game { play = function(match, players) for _ in match:each_round() do players.row:choose { 'offer', { 'a' } } end end }";
  CHECK(in_act("turn:payoff('a', 'a')", 1, ultimatum) == "?");
  CHECK(in_act("turn:best('a')", 1, ultimatum) == "?");
  CHECK(in_act("turn:best(1)", 1, "game { actions = range(1, 1e6), payoffs = function(c) return { 0, 0 } end }") == "?");
  CHECK(in_act("turn:best { a = 1 }", 1, "game { actions = split(3, { 'a', 'b' }), payoffs = function(c) return { 0, 0 } end }") == "?");
  Texts by = {{"games/x.lua", ultimatum}, {"strategies/s.lua", "strategy { act = function(turn)\nturn:ask { 'q', by = turn.other } end }"}, {"prompts/s.txt", "== q\nWell?"}, {"prompts/x.txt", "== offer\nOffer."}};
  CHECK(error_of([&] { play(by, {"s@script", "random"}); }) == "?");
}

TEST_CASE("words: values stay with their events in matches of any length") {
  Transcript t = play(game_with("for round in match:each_round() do row:tell { 'r', r = round } match:note { round = round } players:choose { 'x', record { r = { round } }, seen_by = row } end"),
                      {"random", "random"}, 6000);
  double round = 0;
  int wrong = 0, seen = 0;
  for (const Event& e : t.events) {
    if (e.kind == Event::round && e.number > 0) round = e.number;
    if (e.kind == Event::note) wrong += t.value_of(e) != Value(round), ++seen;
    if (e.kind == Event::told || e.kind == Event::choice) {
      wrong += t.value_of(e)["r"] != Value(round), ++seen;
      wrong += t.values[static_cast<size_t>(e.seen) - 1] != Value(Value::List{1});
    }
  }
  CHECK(seen == 24000);
  CHECK(wrong == 0);
}
