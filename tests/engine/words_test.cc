// The words of authors (engine/script/prelude), one by one: what each gives, and what it says where it is used wrongly.
#include <doctest/doctest.h>

#include "base/json.h"
#include "table.h"

using namespace parley;
using namespace parley::test;

namespace {

using Texts = std::map<std::string, std::string>;

// Of a match of games/x.lua (or `game`) between these players; every question is answered with `reply`.
Transcript play(const Texts& texts, const std::vector<std::string>& players, int rounds = 1,
                const std::string& reply = "a", const std::string& game = "x") {
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
  return {{"games/x.lua",
           "game { settings = { pie = 10 }, play = function(match, players) local row, column = unpack(players)\n" +
               code + "\nend }"}};
}
std::string in_play(const std::string& code, int rounds = 1) {
  return error_of([&] { play(game_with(code), {"random", "random"}, rounds); });
}
std::string in_round(const std::string& code) { return in_play("for round in match:each_round() do " + code + " end"); }

// What an expression of a game gives, as text.
std::string value(const std::string& expression, const std::string& before = "") {
  Transcript t = play(
      game_with("for _ in match:each_round() do " + before + " match:note { v = tostring(" + expression + ") } end"),
      {"random", "random"});
  return value_text(t.value_of(t.events[t.events.size() - 2]));
}
std::string list(const std::string& expression) { return value("table.concat(" + expression + ", ' ')"); }

// A strategy whose act has `code` on line 2, in seat 1 against always_first; of a game with two actions a and b.
const char* const kStage =
    "game { actions = { 'a', 'b' }, payoffs = { a = { a = { 3, 3 }, b = { 0, 5 } }, b = { a = { 5, 0 }, b = { 1, 1 } } "
    "} }";
std::string in_act(const std::string& code, int rounds = 1, const std::string& game = kStage,
                   const std::string& prompt = "") {
  Texts texts = {
      {"games/x.lua", game},
      {"strategies/s.lua", "strategy { act = function(turn)\ndo " + code + " end\nreturn turn.actions[1] end }"}};
  if (!prompt.empty()) texts["prompts/s.txt"] = prompt;
  return error_of([&] { play(texts, {prompt.empty() ? "s" : "s@script", "always_first"}, rounds); });
}
// What an expression of a strategy gives in the last of some rounds: it fails with it.
std::string in_turn(const std::string& expression, int rounds = 1, const std::string& game = kStage) {
  std::string got =
      in_act("if turn.round == " + std::to_string(rounds) + " then error('=' .. tostring(" + expression + "), 0) end",
             rounds, game);
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
  CHECK(value("count(map(range_list, function() local x = math.random(3); return x >= 1 and x <= 3 and x % 1 == 0 "
              "end), true)",
              "local range_list = {} for i = 1, 50 do range_list[i] = i end") == "50");
  CHECK(value("u >= 0 and u < 1", "local u = math.random()") == "true");
  CHECK(value("pick { 'only' }") == "only");
  CHECK(value("x >= 0 and x <= 1 and x * 4 % 1 == 0", "local x = pick(range(0, 1, .25))") == "true");
  CHECK(value("s.a + s.b", "local s = pick(split(7, { 'a', 'b' }))") == "7");
  CHECK(value("r.left .. r.right", "local r = pick(record { left = { 'l' }, right = { 'r' } })") == "lr");
}

TEST_CASE("words: files are read, and every reader has its own copy") {
  Texts texts = game_with(
      "for _ in match:each_round() do local t = read 'data/table.csv' match:note { v = t[2].name .. t[1].x + 1 .. "
      "#read 'data/note.txt' } t[2].name = 'spoilt' end");
  texts["games/data/table.csv"] = "name,x\nann,1.5\n\"bob, jr\",2\n";
  texts["games/data/note.txt"] = "four";
  Transcript t = play(texts, {"random", "random"}, 2);
  std::string got;
  for (const Event& e : t.events) {
    if (e.kind == Event::note) got += value_text(t.value_of(e)) + ";";
  }
  CHECK(got == "bob, jr2.54;bob, jr2.54;");
  CHECK(in_round("read 'data/none.csv'") ==
        "games/x.lua:2: there is no 'data/none.csv' in 'games/data' or 'data/data'");
  CHECK(in_round("read '../secrets.txt'") ==
        "games/x.lua:2: read takes a path below the file's own folder or the study's data, not '../secrets.txt'");
}

TEST_CASE("words: what is wrong in play is said with file and line") {
  const std::vector<Case> cases = {
      {"map(3, tostring)", "map needs a list, got 3"},
      {"filter('x', tostring)", "filter needs a list, got 'x'"},
      {"sum { 1, 'x' }", "sum needs numbers, got 'x'"},
      {"mean {}", "mean of an empty list"},
      {"variance {}", "variance of an empty list"},
      {"largest({ 1 }, function() end)", "largest: no value for item 1"},
      {"cycle({}, 1)", "cycle of an empty list"},
      {"rounded 'x'", "rounded needs numbers, got 'x'"},
      {"math.random(3, 2)", "math.random: 3 to 2 is empty"},
      {"pick(words)", "pick: words cannot be drawn"},
      {"pick {}", "nothing to pick from"},
      {"words(1e10)", "words(n): n is the most words, 1 to a million"},
      {"words(0)", "words(n): n is the most words, 1 to a million"},
      {"words.kind = 'list'", "words cannot be changed"},
      {"range(2, 1)", "range(lo, hi) needs two numbers, lo <= hi"},
      {"range(1, 2, 0)", "range: the step is a number above 0"},
      {"range(0, 1e12)", "range: more than a thousand million values"},
      {"record {}", "record { field = set } needs a field"},
      {"record { ['a b'] = { 'x' } }", "record: a field's name is a word, got 'a b'"},
      {"record { a = 3 }", "record: 'a' needs an action set"},
      {"split(1.5, { 'a' })", "split: the total is a whole number of 0 or more"},
      {"split(3, {})", "split: names is a list"},
      {"split(3, { 'a', 'b', 'a' })", "split: the name 'a' stands twice"},
      {"read()", "read(path) needs a path"},
      {"game {}", "game is declared once, at the top of a file"},
      {"row:choose 'offer'", "a question is { name, action set, fact = value }, got 'offer'"},
      {"row:choose { 'of fer', { 'a' } }", "'of fer' is no name of a question"},
      {"row:choose { 'offer' }", "choose 'offer' needs an action set: a list, range, record, split or words"},
      {"row:choose { 'offer', {} }", "choose 'offer' needs an action set: a list, range, record, split or words"},
      {"row:choose { 'offer', { 'a' }, 3 }",
       "a question is { name, action set, fact = value }: there is no place for 3"},
      {"row:choose { 'offer', { 'a', 'a' } }", "the action 'a' stands twice"},
      {"row:choose { 'offer', { 'a' }, why = print }",
       "there is no 'print' here: use match:note to store a number or word, error to stop"},
      {"row:choose { 'offer', { 'a' }, why = function() end }", "a fact is a value, not a function"},
      {"row:choose { 'offer', { 'a' }, seen_by = 'row' }", "seen_by is a player or a list of players, got 'row'"},
      {"row:choose { 'offer', { 'a' }, seen_by = { 'row' } }", "seen_by is a player or a list of players, got 'row'"},
      {"row:choose { 'offer', { 'a' }, missing = 'b' }", "missing = 'b' is not in a"},
      {"row:tell { why = 3 }", "tell needs { name, fact = value }, got a table"},
      {"row:tell { 'news', 3 }", "tell needs { name, fact = value }: there is no place for 3"},
      {"row:tell { 'news', 3, by = 'column' }", "tell: by is a player, got 'column'"},
      {"row:tell { 'news', by = column }", "tell: with by it needs a value: { name, value, by = player }"},
      {"row:tell { 'news', 3, by = column }", "tell: column has not chosen 'news' in this round"},
      {"row:pay '3'", "pay needs a number within 1e+100 of 0, got '3'"},
      {"row:pay(1 / 0)", "pay needs a number within 1e+100 of 0, got inf"},
      {"players:pay { 1 }", "pay got 1 amounts for 2 players"},
      {"players:pay { row = 1 }", "pay has no amount for column"},
      {"players:pay { row = 1, column = 1, colum = 1 }", "pay: there is no player 'colum' (did you mean 'column'?)"},
      {"players.colum:pay(1)", "there is no player 'colum' (did you mean 'column'?)"},
      {"players:chose { 'offer', { 'a' } }", "there is no player 'chose' (did you mean 'choose'?)"},
      {"row.choose { 'offer', { 'a' } }", "choose is called with a colon, as in player:choose { ... }"},
      {"players.tell { 'news' }", "tell is called with a colon, as in player:tell { ... }"},
      {"match:nota { x = 1 }", "match has no field 'nota' (did you mean 'note'?)"},
      {"row:pay(match.settings.pies)", "there is no setting 'pies' (did you mean 'pie'?)"},
      {"players:pay 'x'", "pay needs a number, a list or amounts by name, got 'x'"},
      {"match:note 'x'", "note needs { name = value }"},
      {"match:note { 3 }", "note needs { name = value }"},
      {"match:note { x = {} }", "note: 'x' is a table, where a number, true, false or a word is wanted"},
      {"match.round = 3", "match cannot be changed: keep your own things in locals or players"},
      {"setmetatable(words, {})", "cannot change a protected metatable"},
      {"table.insert(words, 3)", "this table cannot be changed"},
      {"row.total = 3", "'total' is the engine's word of a player: keep your own things under another name"},
      {"group { 'row' }", "a group is a list of players, got 'row'"},
      {"nothing.at = 1", "there is no global 'nothing'"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.code);
    CHECK(in_round(c.code) == "games/x.lua:2: " + std::string(c.says));
  }
  CHECK(in_play("row:choose { 'offer', { 'a' } }") ==
        "games/x.lua:2: choose before the first round: put it inside `for round in match:each_round() do`");
  CHECK(in_play("row:pay(1)") ==
        "games/x.lua:2: pay before the first round: put it inside `for round in match:each_round() do`");
  CHECK(error_of([&] {
          play({{"games/x.lua",
                 "game { players = 3, play = function(match, players)\nfor _ in match:each_round() do local p = "
                 "players[1].other end end }"}},
               {"random", "random", "random"});
        }) == "games/x.lua:2: player.other: this game has 3 players; use player.others");
}

TEST_CASE("words: a game has data of its own, and says what is odd in it") {
  const std::string code =
      "game { data = 'mine', players = function() return { read('name.txt'), 'b' } end, play = function() end,\n"
      "check = function(set, seats) return ";
  auto warned = [&](const std::string& gives, std::map<std::string, std::string> files) -> std::string {
    files["games/x.lua"] = code + gives + " end }";
    Table table(files);
    try {
      return joined(table.scripts().warnings(table.scripts().setup("x", Value::Record{}, 2)), "; ");
    } catch (const Error& e) {
      return e.what();
    }
  };
  const std::map<std::string, std::string> own = {{"games/mine/name.txt", "a"}};
  CHECK(warned("{ seats[1] .. ' is odd', 'so is ' .. seats[2] }", own) == "a is odd; so is b");
  CHECK(warned("{}", own).empty());
  CHECK(warned("'odd'", own) == "games/x.lua:1: check gives a list of texts");
  CHECK(warned("{ 1 }", own) == "games/x.lua:1: check gives a list of texts, got 1");
  // A study's data stands in front of all of it, and a game's own folder in front of both.
  CHECK(warned("{ seats[1] }", {{"games/mine/name.txt", "a"}, {"data/name.txt", "c"}}) == "c");
  CHECK(warned("{ seats[1] }", {{"games/mine/name.txt", "a"}, {"data/other.txt", "c"}}) ==
        "games/x.lua:1: there is no 'name.txt' in 'games' or 'data'");
  CHECK(warned("{ seats[1] }", {{"games/name.txt", "d"}, {"games/mine/name.txt", "a"}}) == "d");
}

TEST_CASE("words: what is wrong in a declaration") {
  auto declared = [](const std::string& text) {
    return error_of([&] { play({{"games/x.lua", text}}, {"random", "random"}); });
  };
  const std::vector<Case> games = {
      {"", "games/x.lua: it declares nothing: a file says game { ... }"},
      {"game 'x'", "games/x.lua:1: game needs a table: game { ... }"},
      {"game { actoins = {} }", "games/x.lua:1: game has no field 'actoins' (did you mean 'actions'?)"},
      {"strategy { act = function() end }", "games/x.lua: it declares a strategy, and a game is wanted"},
      {"game { actions = { 'a' }, payoffs = { a = { a = { 1, 1 } } } } game {}",
       "games/x.lua:1: a file declares one thing, and this is a second"},
      {"game { actions = { 'a' } }", "games/x.lua:1: a game has either payoffs or play"},
      {"game { payoffs = {} }", "games/x.lua:1: a game with payoffs needs actions"},
      {"game { play = 3 }", "games/x.lua:1: play is a function of (match, players)"},
      {"game { about = 3, play = function() end }", "games/x.lua:1: about is a text"},
      {"game { settings = { 1 }, play = function() end }", "games/x.lua:1: settings are names with defaults"},
      {"game { players = 'two', play = function() end }",
       "games/x.lua:1: players are names, a number, a range, or a function of the settings that gives one of these"},
      {"game { rounds = 0, play = function() end }", "games/x.lua:1: rounds is a whole number of 1 or more"},
      {"game { actions = 'a', payoffs = {} }",
       "games/x.lua:1: actions is no action set: a list, range, record, split or words"},
      {"game { actions = { { 'a' }, { 'a' }, { 'a' } }, payoffs = {} }",
       "games/x.lua:1: actions are given for 3 seats, and there are 2"},
      {"game { actions = { 'a', 'b' }, payoffs = { a = { a = { 1, 1 } } } }",
       "games/x.lua:1: payoffs has no cell for 'a', 'b'"},
      {"game { actions = { 'a' }, payoffs = { a = { a = 3 } } }",
       "games/x.lua:1: payoffs gives 3, not a number for each seat"},
      {"game { actions = { 'a' }, payoffs = { a = { a = { 1, 'x' } } } }",
       "games/x.lua:1: payoffs gives 'x' for column, where a number is wanted"},
      {"game { actions = { 'a' }, payoffs = function() return { 1 } end }",
       "games/x.lua:1: payoffs gives nothing for column, where a number is wanted"},
      {"local n = 0 game { actions = { 'a' }, payoffs = function() n = n + 1 return { n, n } end }",
       "games/x.lua:1: payoffs must depend on the choices and settings alone: called twice it gave two answers"},
      {"game { actions = { 'a' }, payoffs = function() return { math.random(), 1 } end }",
       "games/x.lua:1: there is no chance here: only in play and act"},
      {"pick { 1, 2 } game { play = function() end }", "games/x.lua:1: there is no chance here: only in play and act"},
      {"game { source = 3, play = function() end }", "games/x.lua:1: source is a text"},
      {"game { players = { 'a', 'a' }, play = function() end }", "games/x.lua:1: two players are called 'a'"},
      {"game { check = {}, play = function() end }", "games/x.lua:1: check is a function of (settings, seats)"},
      {"game { data = true, play = function() end }", "games/x.lua:1: data is a text"},
      {"game { data = '../x', play = function() end }",
       "games/x.lua:1: data is a folder below the file's own, not '../x'"},
      {"game { players = { 'a.b', 'c' }, play = function() end }",
       "games/x.lua:1: a player's name is made of words without dots and braces, got 'a.b'"},
      {"game { players = { 'a b', 'c d ' }, play = function() end }",
       "games/x.lua:1: a player's name is made of words without dots and braces, got 'c d '"},
      {"game { players = { 'mine', 'c' }, play = function() end }",
       "games/x.lua:1: no player can be called 'mine': it is a word of the engine's"},
      {"game { players = 0, play = function() end }",
       "games/x.lua:1: the number of players is a whole number of 1 or more"},
      {"game { players = 2.5, play = function() end }",
       "games/x.lua:1: the number of players is a whole number of 1 or more"},
      {"game { actions = { 'a', 'a' }, payoffs = {} }", "games/x.lua:1: the action 'a' stands twice"},
      {"game { actions = { 'a' },\npayoffs = function() return { 1, 1, 1 } end }",
       "games/x.lua:2: payoffs gives 3 numbers for 2 seats"},
      {"game { settings = { pie = 1 }, actions = { 'a' },\npayoffs = function(_, set) return { set.pies, 1 } end }",
       "games/x.lua:2: there is no setting 'pies' (did you mean 'pie'?)"},
  };
  for (const Case& c : games) {
    CAPTURE(c.code);
    CHECK(declared(c.code) == c.says);
  }
  auto strategy = [](const std::string& text) {
    return error_of([&] { play({{"games/x.lua", kStage}, {"strategies/s.lua", text}}, {"s", "random"}); });
  };
  CHECK(strategy("strategy { about = 'no act' }") == "strategies/s.lua:1: a strategy needs act, a function of (turn)");
  CHECK(strategy("strategy { acts = 3 }") == "strategies/s.lua:1: strategy has no field 'acts' (did you mean 'act'?)");
  CHECK(strategy("game {}") == "strategies/s.lua:1: a game has either payoffs or play");
  // Settings.
  auto set = [](const char* name, const Value& x) {
    return error_of([&] {
      Table table(game_with(""));
      table.play(table.plan("x", {"random", "random"}, [&](Rules& rules, std::vector<Player>&) {
        rules.settings = Value::Record{{name, x}};
      }));
    });
  };
  CHECK(set("pies", 3) == "game 'x' has no setting 'pies' (did you mean 'pie'?)");
  CHECK(set("pie", "three") == "setting 'pie' of game 'x' is a number, not a text");
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
  CHECK(in_turn("turn.history[2].action.column .. turn.history[2].paid.row .. turn.history[2].paid.column", 3) ==
        "a33");
  CHECK(in_turn("turn.memory.never") == "nil");
  CHECK(in_turn("turn:payoff('b', 'a')") == "5");
  CHECK(in_turn("turn:payoff('b', { column = 'b' })") == "1");
  CHECK(in_turn("turn:best('a')[1]") == "b");
  CHECK(in_turn("#turn.facts") == "0");
  CHECK(in_turn("#turn.outcomes .. turn.outcomes[2].choice.column .. turn.outcomes[2].pays.column") == "4b5");
  CHECK(
      in_turn("#turn:best(2)", 1,
              "game { actions = range(1, 3), payoffs = function(c) return { c.row == c.column and 0 or 1, 0 } end }") ==
      "2");
  // Each turn's table is its own: scribbling on what it gives changes nothing.
  CHECK(in_act("local t = turn.actions t[3] = 'z' turn.history[1] = 3 turn.others[1] = 'z' turn.facts.x = 1 if "
               "turn.other ~= 'column' or turn.facts.x then error('seen', 0) end") == "nothing is wrong");
}

TEST_CASE("words: a fact is what it was when its player was asked, whoever plays there") {
  const std::string game =
      "game { play = function(match, players) for _ in match:each_round() do local t = {} "
      "players:choose(function(p) t.who = p.name return { 'x', { 'a', 'b' }, t = t } end) end end }";
  CHECK(in_turn("turn.facts.t.who", 1, game) == "row");
  CHECK(in_turn("turn.facts.t.who", 1,
                "game { play = function(match, players) for _ in match:each_round() do "
                "players.row:choose { 'x', { 'a', 'b' }, t = { who = tostring } } end end }") ==
        "strategies/s.lua:2: games/x.lua: in 'x', t: a fact is a value, not a function");
}

TEST_CASE("words: what is wrong in act is said with file and line") {
  const std::vector<Case> cases = {
      {"return 'c'", "strategies/s.lua:1: the strategy answered 'action' with 'c', which is not in a or b"},
      {"return nil", "strategies/s.lua:1: the strategy answered 'action' with nothing, which is not in a or b"},
      {"return { 'a' }", "strategies/s.lua:1: the strategy answered 'action' with [\"a\"], which is not in a or b"},
      {"turn.decison = 3", "strategies/s.lua:2: turn.decison cannot be set: what is to be kept belongs in turn.memory"},
      {"local x = turn.decison", "strategies/s.lua:2: turn has no field 'decison' (did you mean 'decision'?)"},
      {"turn:last 'colunm'", "strategies/s.lua:2: turn:last: there is no seat 'colunm' (did you mean 'column'?)"},
      {"turn:all 'nobody'", "strategies/s.lua:2: turn:all: there is no seat 'nobody'; there are: row, column"},
      {"turn:payoff('c', 'a')", "strategies/s.lua:2: turn:payoff: 'c' is not in a or b"},
      {"turn:payoff('a', {})", "strategies/s.lua:2: turn:payoff: a choice for column is missing"},
      {"turn:payoff('a')", "strategies/s.lua:2: turn:payoff: a choice for column is missing"},
      {"return turn.settings.p", "strategies/s.lua:2: there is no setting 'p'"},
      {"turn:ask { 'q', turn.actions }",
       "strategies/s.lua:2: this strategy has no prompt file (prompts/s.txt), so it is a fixed rule and cannot ask "
       "'q'"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.code);
    CHECK(in_act(c.code) == c.says);
  }
  const std::vector<Case> asking = {
      {"turn:ask(3)", "strategies/s.lua:2: ask needs { name, action set, fact = value }, got 3"},
      {"turn:ask { 'q', {} }",
       "strategies/s.lua:2: ask 'q' needs an action set: a list, range, record, split or words; or none, for text"},
      {"turn:ask { 'q', samples = 0 }", "strategies/s.lua:2: ask: samples is a whole number from 1 to 1000"},
      {"turn:ask { 'q', by = 'nobody' }",
       "strategies/s.lua:2: ask: by: there is no seat 'nobody'; there are: row, column"},
      {"turn:ask { 'p' }",
       "strategies/s.lua:2: prompts/s.txt has no section '== p' (nor '== p.row') (did you mean 'q'?)"},
      {"turn:ask { 'q', hint = 3 }",
       "strategies/s.lua:2: the question 'q': no section of prompts/s.txt shows the fact 'hint': it needs a hole "
       "{{hint}}"},
      {"turn:ask { 'q', round = 3 }",
       "strategies/s.lua:2: the question 'q': the fact 'round' has the name of a hole that the engine fills: call it "
       "otherwise"},
      {"turn:ask { 'q', turn.actions, right = 'c' }", "strategies/s.lua:2: ask 'q': right = 'c' is not in a or b"},
      {"turn:ask { 'q', right = 'yes' }",
       "strategies/s.lua:2: ask 'q': right needs a set that the answer is out of: text is not right or wrong"},
      {"turn:ask { 'q', by = turn.other, right = 'a' }",
       "strategies/s.lua:2: ask 'q': right goes without by: what another will choose is found out by what it does"},
      {"for i = 1, 101 do turn:ask { 'q' } end",
       "strategies/s.lua:2: more than 100 questions in one turn: does this strategy ever decide?"},
      {"return turn:ask { 'q' } .. 'x'",
       "strategies/s.lua:1: the strategy answered 'action' with 'ax', which is not in a or b"},
  };
  for (const Case& c : asking) {
    CAPTURE(c.code);
    CHECK(in_act(c.code, 1, kStage, "== q\n{{question}}") == c.says);
  }
  const char* const ultimatum =
      "game { play = function(match, players) for _ in match:each_round() do players.row:choose { 'offer', { 'a' } } "
      "end end }";
  CHECK(in_act("turn:payoff('a', 'a')", 1, ultimatum) ==
        "strategies/s.lua:2: turn:payoff and turn:best: this game is played, not given by payoffs, so nothing can be "
        "computed from it");
  CHECK(in_act("local x = turn.outcomes", 1, ultimatum) ==
        "strategies/s.lua:2: turn.outcomes: this game is not given by payoffs over lists and ranges with at most 4096 "
        "outcomes");
  CHECK(in_act("turn:best('a')", 1, ultimatum) ==
        "strategies/s.lua:2: turn:payoff and turn:best: this game is played, not given by payoffs, so nothing can be "
        "computed from it");
  CHECK(in_act("turn:best(1)", 1, "game { actions = range(1, 1e6), payoffs = function(c) return { 0, 0 } end }") ==
        "strategies/s.lua:2: turn:best looks through at most 10,001 actions; here are 1000000");
  CHECK(in_act("turn:best { a = 1 }", 1,
               "game { actions = split(3, { 'a', 'b' }), payoffs = function(c) return { 0, 0 } end }") ==
        "strategies/s.lua:2: turn:best looks through lists and ranges only");
  Texts by = {{"games/x.lua", ultimatum},
              {"strategies/s.lua", "strategy { act = function(turn)\nturn:ask { 'q', by = turn.other } end }"},
              {"prompts/s.txt", "== q\nWell?"},
              {"prompts/x.txt", "== offer\nOffer."}};
  CHECK(
      error_of([&] {
        play(by, {"s@script", "random"});
      }) ==
      "strategies/s.lua:2: ask 'q': column is not choosing now, so say what it may choose: { 'q', actions, by = ... }");
}

TEST_CASE("words: what a match or a turn gives may be scribbled on, and the next match sees nothing of it") {
  Texts texts = {
      {"games/x.lua",
       "game { settings = { pie = { 3 } }, play = function(match, players) for _ in match:each_round() do\n"
       "players.row.mine = (players.row.mine or 0) + 1 match.settings.pie[1] = match.settings.pie[1] + 1\n"
       "local set = { 'a', 'b' } players:choose { 'x', set } set[1] = 'z'\n"
       "match:note { pie = match.settings.pie[1], mine = players.row.mine } end end }"},
      {"strategies/s.lua",
       "strategy { settings = { n = 1, deep = { 1 } }, act = function(turn)\n"
       "local s, m = turn.settings, turn.memory s.n, s.deep[1], m.k = s.n + 1, s.deep[1] + 1, (m.k or 0) + 1\n"
       "turn.others[1] = 'z' turn.actions[3] = 'z' return (s.n == 2 and s.deep[1] == 2 and m.k == 1) and 'a' or 'b' "
       "end }"}};
  Table table(texts);
  for (int time = 1; time <= 3; ++time) {
    CAPTURE(time);
    Transcript t = table.play(table.plan("x", {"s", "s"}));
    CHECK(moves(t, 1, "x") == "a");
    CHECK(moves(t, 2, "x") == "a");
    std::string noted;
    for (const Event& e : t.events) {
      if (e.kind == Event::note) noted += value_text(t.value_of(e)) + " ";
    }
    CHECK(noted == "1 4 ");
  }
}

TEST_CASE("words: at a payoff table too, where matches use the same turns") {
  Texts texts = {
      {"games/x.lua", "game { actions = { 'a', 'b' }, payoffs = function(c) return { 1, 2 } end }"},
      {"strategies/s.lua",
       "strategy { settings = { n = 1, deep = { 1 } }, act = function(turn)\n"
       "if turn.round == 1 then\n"
       "local s, m = turn.settings, turn.memory\n"
       "local clean = s.n == 1 and s.deep[1] == 1 and not m.k and #turn.history == 0 and turn.total == 0 and\n"
       "  #turn.actions == 2 and turn.actions[1] == 'a' and turn.me ~= 'z' and turn.other ~= 'z' and\n"
       "  not turn:last(turn.other) and #turn:all(turn.me) == 0 and turn.decision == 'action'\n"
       "s.n, s.deep[1], m.k, turn.actions[1], turn.actions[3] = 2, 2, 1, 'z', 'z'\n"
       "turn.me, turn.other, turn.decision = 'z', 'z', 'z'\n"
       "return clean and 'a' or 'b' end\n"
       "return turn.memory.k == 1 and #turn.history == turn.round - 1 and 'a' or 'b' end }"},
      {"strategies/counts.lua",
       "local n = 0\n"
       "strategy { act = function(turn) n = n + 1 return n == turn.round and 'a' or 'b' end }"}};
  Table table(texts);
  auto plan = table.plan("x", {"s", "counts"}, [](Rules& rules, std::vector<Player>&) { rules.rounds = 3; });
  for (int time = 1; time <= 3; ++time) {
    CAPTURE(time);
    Transcript t = table.play(plan);
    CHECK(moves(t, 1, "action") == "a a a");
    CHECK(moves(t, 2, "action") == "a a a");
    CHECK(totals(t) == std::vector<double>{3, 6});
  }
}

TEST_CASE("words: what a seat that asks remembers stands in the transcript, each time that it changed") {
  auto played = [](const std::string& act, int rounds) {
    Texts texts = {{"games/x.lua", "game { actions = { 'a', 'b' }, payoffs = function(c) return { 1, 2 } end }"},
                   {"strategies/s.lua", "strategy { act = function(turn)\n" + act + "\nreturn 'a' end }"},
                   {"prompts/s.txt", "== q\nWell?\n"}};
    return play(texts, {"s@script", "s@script"}, rounds);
  };
  Transcript t = played(
      "local m = turn.memory turn:ask 'q' if turn.round < 3 then m.n = turn.round m.me = turn.me m[5] = { 1, 2 } end",
      3);
  std::string all;
  for (const MemoryRecord& m : t.memories)
    all += std::to_string(m.seat) + "/" + std::to_string(m.round) + " " + m.decision + " " + to_json(m.memory) + "\n";
  CHECK(all ==
        "1/1 action {\"5\":[1,2],\"me\":\"row\",\"n\":1}\n1/2 action {\"5\":[1,2],\"me\":\"row\",\"n\":2}\n"
        "2/1 action {\"5\":[1,2],\"me\":\"column\",\"n\":1}\n2/2 action {\"5\":[1,2],\"me\":\"column\",\"n\":2}\n");
  CHECK(played("turn:ask 'q'", 2).memories.empty());
  const auto forgot = played("turn:ask 'q' turn.memory.n = turn.round == 1 and 5 or nil", 3).memories;
  REQUIRE(forgot.size() == 4);  // of each seat: what it kept, and that it kept it no more
  CHECK(to_json(forgot[0].memory) == "{\"n\":5}");
  CHECK(forgot[1].round == 2);
  CHECK(to_json(forgot[1].memory) == "[]");
  CHECK(error_of([&] { played("turn.memory.then_do = function() end", 1); }) ==
        "strategies/s.lua:1: turn.memory.then_do is a function, and what is remembered is kept with the match: words, "
        "finite numbers, true, false and tables of these");
  CHECK(error_of([&] { played("turn.memory.m = turn.memory", 1); }).find("tables in tables, more than 20 deep") !=
        std::string::npos);
}

TEST_CASE("words: seen by all players is seen by everyone, however it is said") {
  auto seen = [](const char* by, int seats) {
    const std::string each =
        std::string("for _ in match:each_round() do players[1]:choose { 'x', { 'a', 'b' }, seen_by = ") + by + " } end";
    Transcript t = play(game_with(each), std::vector<std::string>(static_cast<size_t>(seats), "random"), 1);
    for (const Event& e : t.events) {
      if (e.kind == Event::choice)
        return e.seen == 0 ? "everyone" : value_text(t.values[static_cast<size_t>(e.seen) - 1]);
    }
    return std::string("nothing was chosen");
  };
  CHECK(seen("nil", 2) == "everyone");
  CHECK(seen("players", 2) == "everyone");
  CHECK(seen("{ players[2], players[1] }", 2) == "everyone");
  CHECK(seen("{ players[2], players[2] }", 2) == "2");  // twice is not all
  CHECK(seen("{}", 2).empty());
}

TEST_CASE("words: values stay with their events in matches of any length") {
  Transcript t = play(game_with("for round in match:each_round() do row:tell { 'r', r = round } match:note { round = "
                                "round } players:choose { 'x', record { r = { round } }, seen_by = row } end"),
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
