// What authors' files may try on what the engine gives them: to write to it, to pass something on to another match or seat
// through it, to be asked what it is at a bad moment, to go on for ever in it.
#include <doctest/doctest.h>

#include "base/json.h"
#include "table.h"

using namespace parley;
using namespace parley::test;

namespace {

using Texts = std::map<std::string, std::string>;

std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "nothing is wrong";
}

// A game of two whose play has `code` on line 2, in a round.
std::string game(const std::string& code) {
  return "game { settings = { pie = 10 }, play = function(match, players) local row, column = unpack(players) for _ in "
         "match:each_round() do\n" +
         code + "\nend end }";
}

std::string strategy(const std::string& code) { return "strategy { act = function(turn)\n" + code + "\nend }"; }

// Of a match of games/x.lua between strategies s and t; every question is answered with "a".
std::string played(const Texts& texts, const std::vector<std::string>& players = {"s", "t"}, Limits limits = {}) {
  Table table(texts, limits);
  std::string got;
  std::string wrong = error_of([&] {
    Transcript t = table.play(table.plan("x", players), [](const Question&) { return says("a"); });
    for (const Event& e : t.events) {
      if (e.kind == Event::note || e.kind == Event::choice) got += value_text(t.value_of(e)) + " ";
    }
  });
  return wrong == "nothing is wrong" ? got : wrong;
}

const std::string kFirst = strategy("return turn.actions.lo or turn.actions[1]");
const std::string kStage = "game { actions = { 'a', 'b' }, payoffs = function(c) return { 1, 2 } end }";

std::string in_round(const std::string& code, Limits limits = {}) {
  return played({{"games/x.lua", game(code)}, {"strategies/s.lua", kFirst}, {"strategies/t.lua", kFirst}}, {"s", "t"},
                limits);
}

}  // namespace

TEST_CASE("tampering: the engine's words of players, groups, matches and turns") {
  struct Case {
    std::string code, says;
  };
  const std::vector<Case> cases = {
      {"row.seat = 2", "'seat' is the engine's word of a player: keep your own things under another name"},
      {"row.name = 'x'", "'name' is the engine's word of a player: keep your own things under another name"},
      {"row.total = 1", "'total' is the engine's word of a player: keep your own things under another name"},
      {"row.choose = 1", "'choose' is the engine's word of a player: keep your own things under another name"},
      {"match.rounds = 9", "match cannot be changed: keep your own things in locals or players"},
      {"match.settings = {}", "match cannot be changed: keep your own things in locals or players"},
      {"local x = match.setings", "match has no field 'setings' (did you mean 'settings'?)"},
      {"getmetatable(players).choose = 1", "attempt to index a string value"},
      {"setmetatable(players, {})", "cannot change a protected metatable"},
      {"setmetatable(row, {})", "cannot change a protected metatable"},
      {"setmetatable(match, {})", "cannot change a protected metatable"},
      {"setmetatable(words, {})", "cannot change a protected metatable"},
      {"words.most = 3", "words cannot be changed"},
      {"table.insert(players, row) players:pay(1)", "a group holds each player once, and row stands in it twice"},
      {"table.insert(players, 5) players:tell('x')", "a group is a list of players, and holds 5"},
      {"group { row, row }:choose { 'x', { 'a' } }", "a group holds each player once, and row stands in it twice"},
      {"row:choose(column)", "a question is { name, action set, fact = value }, got column"},
      {"row:tell { 'x', y = 0 / 0 }", "a fact is a number, and finite"},
      {"row:tell { 'x', y = { 1, 1 / 0 } }", "a fact is a number, and finite"},
      {"local t = {} t.t = t row:tell { 'x', y = t }", "a fact is a table within itself, or more than 20 deep"},
      {"row:tell { 'x', y = { 1, z = 2 } }", "a fact is a table with items and names"},
      {"row:tell { 'x', y = { tostring } }", "a fact is a value, not a function"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.code);
    CHECK(in_round(c.code) == "games/x.lua:2: " + c.says);
  }
  CHECK(in_round("players[1], players[2] = column, row local c = players:choose { 'x', { 'a', 'b' } } "
                 "match:note { n = c[row] .. row.other.name .. column.others[1].name .. #row.others }") ==
        "a a acolumnrow1 ");

  const std::vector<Case> turns = {
      {"turn.memory = {}", "turn.memory cannot be set: what is to be kept belongs in turn.memory"},
      {"turn.memory.x = 1 turn.memory = 5", "turn.memory cannot be set: what is to be kept belongs in turn.memory"},
      {"turn.settings.x = 1 turn.settings = 5",
       "turn.settings cannot be set: what is to be kept belongs in turn.memory"},
      {"setmetatable(turn, {})", "cannot change a protected metatable"},
  };
  for (const Case& c : turns) {
    CAPTURE(c.code);
    CHECK(played({{"games/x.lua", kStage}, {"strategies/s.lua", strategy(c.code)}, {"strategies/t.lua", kFirst}}) ==
          "strategies/s.lua:2: " + c.says);
  }
}

TEST_CASE("tampering: action sets are taken as they lie there") {
  const std::string no_set = "games/x.lua:2: choose 'x' needs an action set: a list, range, record, split or words";
  for (const char* set : {
           "{}",
           "{ 'a', [3] = 'c' }",
           "{ 'a', more = 'b' }",
           "{ kind = 'range', lo = 0, hi = 1, step = 0 }",
           "{ kind = 'range', lo = 0, hi = 1e18, step = 1e-9 }",
           "{ kind = 'range', lo = 'a' }",
           "{ kind = 'record', fields = {} }",
           "{ kind = 'record', fields = { ['x y'] = { 'a' } } }",
           "{ kind = 'split', total = .5, names = { 'a' } }",
           "{ kind = 'split', total = 1, names = {} }",
           "{ kind = 'words', most = 0 / 0 }",
           "setmetatable({}, { __index = { 'a', 'b' } })",
           "setmetatable({}, { __index = range(0, 3) })",
           "(function() local t = { kind = 'record' } t.fields = { x = t } return t end)()",
       }) {
    CAPTURE(set);
    CHECK(in_round(std::string("row:choose { 'x', ") + set + " }") == no_set);
  }
  // A set that answers otherwise when it is asked again: what it says stays out of the sets of others.
  CHECK(in_round(
            "local n = 0 local trick = setmetatable({ kind = 'range', hi = 10, step = 1 }, { __index = function(_, k) "
            "n = n + 1 return k == 'lo' and (n == 1 and 0 or 5) or nil end }) row:choose { 'x', trick }") == no_set);
  // Numbers that look alike are others.
  CHECK(in_round("local c, d = row:choose { 'x', { .1 + .2, 1 } }, row:choose { 'x', { .3, 1 } } "
                 "match:note { c = c == .1 + .2, d = d == .3 }") == "0.3 0.3 true true ");
  // The order of a record's fields is not its author's to say.
  CHECK(in_round("local one = record { f = { 'a' } } one.order = {} local two = record { f = { 'b' } } two.order = {} "
                 "row:choose { 'x', one } row:choose { 'x', two }")
            .find("is not in a record of f (a)") != std::string::npos);
}

TEST_CASE("tampering: what a strategy returns is looked at, not asked") {
  const Texts texts = {
      {"games/x.lua", game("players:choose { 'x', record { r = { 1, 2 } } }")},
      {"prompts/x.txt", "== x\nWell?"},
      {"prompts/s.txt", "== q\nWell?"},
      {"strategies/t.lua", strategy("return { r = 1 }")},
      {"strategies/s.lua", strategy("return setmetatable({}, { __index = function() return math.random(2) end })")},
  };
  const std::string says =
      "strategies/s.lua:1: the strategy answered 'x' with [], which is not in a record of r (1 or 2)";
  CHECK(played(texts, {"t", "t"}) == "r 1 r 1 ");
  CHECK(played(texts, {"s", "t"}) == says);
  CHECK(played(texts, {"s@script", "t"}) == says);
  CHECK(played({{"games/x.lua", kStage},
                {"strategies/s.lua", strategy("local t = {} t.t = t return t")},
                {"strategies/t.lua", kFirst}}) ==
        "strategies/s.lua:1: the strategy answered 'action' with a table, which is not in a or b");
}

TEST_CASE("tampering: memory of a seat that asks") {
  auto remembers = [](const std::string& code) {
    return played({{"games/x.lua", kStage},
                   {"strategies/s.lua", strategy("local m = turn.memory " + code + " return 'a'")},
                   {"strategies/t.lua", kFirst},
                   {"prompts/s.txt", "== q\nWell?"}},
                  {"s@script", "t"});
  };
  const std::string kept =
      ", and what is remembered is kept with the match: words, finite numbers, true, false and tables of these";
  CHECK(remembers("m[1], m[2] = 'x', { y = 1 }") == "a a ");
  CHECK(remembers("m.best = -math.huge") == "strategies/s.lua:1: turn.memory.best is no finite number" + kept);
  CHECK(remembers("m[m] = 1") == "strategies/s.lua:1: turn.memory has a table for a name" + kept);
  CHECK(remembers("m.of = { [true] = 1 }") == "strategies/s.lua:1: turn.memory.of has a boolean for a name" + kept);
  CHECK(remembers("m[5], m['5'] = 1, 2") == "strategies/s.lua:1: turn.memory has both 5 and '5' for names" + kept);
}

TEST_CASE("tampering: payoffs depend on the choices and settings alone") {
  auto pays = [](const std::string& payoffs, const std::string& actions = "range(0, 100)") {
    return played({{"games/x.lua", "local n = 0 game { settings = { pie = 3 }, actions = " + actions +
                                       ",\npayoffs = " + payoffs + " }"},
                   {"strategies/s.lua", kFirst},
                   {"strategies/t.lua", kFirst}});
  };
  // More outcomes than are listed: called in play.
  CHECK(pays("function(c, set) return { set.pie, c.row } end") == "0 0 ");
  CHECK(pays("function() return { math.random(), 0 } end") ==
        "games/x.lua:2: there is no chance here: only in play and act");
  CHECK(pays("function() n = n + 1 return { n, 0 } end") ==
        "games/x.lua:2: payoffs must depend on the choices and settings alone: called twice it gave two answers");
  CHECK(pays("function() return { 1 } end") ==
        "games/x.lua:2: payoffs gives nothing for column, where a number is wanted");
  CHECK(pays("function(c, set) set.pie = set.pie + 1 return { set.pie, 0 } end") == "0 0 ");
  CHECK(pays("function(c, set) set.pie = set.pie + 1 return { set.pie, 0 } end", "{ 'a', 'b' }") == "a a ");

  // A table is made once: the function is not asked again, in no match and by no strategy.
  Table table(
      {{"games/x.lua",
        "local n = 0 game { actions = { 'a', 'b' }, payoffs = function() n = n + 1 return { n > 8 and 9 or 1, 2 } "
        "end }"},
       {"strategies/s.lua", strategy("return turn:payoff('a', 'b') == 1 and #turn:best('a') == 2 and 'a' or 'b'")}});
  for (int time = 1; time <= 3; ++time) {
    CAPTURE(time);
    Transcript t =
        table.play(table.plan("x", {"s", "s"}, [](Rules& rules, std::vector<Player>&) { rules.rounds = 20; }));
    CHECK(totals(t) == std::vector<double>{20, 40});
    CHECK(moves(t, 1).find('b') == std::string::npos);
  }
}

TEST_CASE("tampering: settings given to a game's functions are copies") {
  const Texts texts = {
      {"games/x.lua",
       "game { settings = { n = 2 }, players = function(set) set.n = set.n + 1 return { 'row', 'column' } end,\n"
       "rounds = function(set) set.n = set.n + 1 return 2 end,\n"
       "actions = function(set) return { 'a' .. set.n } end, payoffs = function() return { 0, 0 } end }"}};
  Table table(texts);
  CHECK(to_json(table.scripts().setup("x", {}, 2).settings) == "{\"n\":2}");
  CHECK(table.scripts().setup("x", {}, 2).actions[0]->at(0) == Value("a2"));
}

TEST_CASE("tampering: no chance where another match waits") {
  const Texts texts = {{"games/x.lua", kStage},
                       {"games/y.lua",
                        "game { actions = function()\nreturn { pick { 'a', 'b' }, 'c' } end, payoffs = function() "
                        "return { 0, 0 } end }"},
                       {"strategies/s.lua", strategy("return turn:ask { 'q', turn.actions }")},
                       {"prompts/s.txt", "== q\nWell?"}};
  Table table(texts);
  Match waits(table.scripts(), table.plan("x", {"s@script", "s@script"}));
  CHECK(waits.advance().size() == 2);
  CHECK(error_of([&] { table.scripts().setup("y", {}, 2); }) ==
        "games/y.lua:2: there is no chance here: only in play and act");
}

TEST_CASE("tampering: what has no end, wherever it stands, is stopped at its line") {
  const std::string late = "stopped after 0.05 s of CPU time without coming back: an endless loop? (--lua-seconds)";
  const std::string large = "the script uses more than 64 MB (--lua-memory)";
  struct Case {
    std::string head, tail;
  };
  const std::vector<Case> places = {
      {"", " game {}"},
      {"game { players = function()", " end, play = function() end }"},
      {"game { rounds = function()", " end, actions = { 'a' }, payoffs = function() return { 0, 0 } end }"},
      {"game { actions = function()", " end, payoffs = function() return { 0, 0 } end }"},
      {"game { actions = { 'a' }, payoffs = function()", " end }"},
      {"game { actions = range(0, 100), payoffs = function()", " end }"},
      {"game { play = function()", " end }"},
      {"game { play = function(match, players) for _ in match:each_round() do players:choose(function()",
       " end) end end }"},
  };
  struct Loop {
    std::string code, says;
    Limits limits;
  };
  const std::vector<Loop> loops = {
      {"while true do end", late, {size_t{1} << 30, .05}},
      {"local t = {} for i = 1, 1e9 do t[i] = {} end", large, {size_t{64} << 20, 30}},
      {"local t = 'x' while true do t = t .. t end", large, {size_t{64} << 20, 30}},
  };
  for (const Case& place : places) {
    for (const Loop& loop : loops) {
      CAPTURE(place.head);
      CAPTURE(loop.code);
      CHECK(played({{"games/x.lua", place.head + "\n" + loop.code + place.tail},
                    {"strategies/s.lua", kFirst},
                    {"strategies/t.lua", kFirst}},
                   {"s", "t"}, loop.limits) == "games/x.lua:2: " + loop.says);
    }
  }
  for (const Loop& loop : loops) {
    CAPTURE(loop.code);
    const Texts texts = {{"games/x.lua", kStage},
                         {"strategies/s.lua", strategy(loop.code)},
                         {"strategies/t.lua", kFirst},
                         {"prompts/s.txt", "== q\nWell?"}};
    CHECK(played(texts, {"s", "t"}, loop.limits) == "strategies/s.lua:2: " + loop.says);
    CHECK(played(texts, {"s@script", "t"}, loop.limits) == "strategies/s.lua:2: " + loop.says);
  }
}

TEST_CASE("tampering: a game that goes on for ever in its words") {
  CHECK(in_round("while true do row:choose { 'x', { 'a', 'b' } } end") ==
        "games/x.lua:2: more than 10000 times choose in one round: does this game ever end?");
  const Limits limits{size_t{16} << 20, 10};
  const std::string large =
      "games/x.lua:2: what happens in this match takes more than 16 MB: an endless loop? (--lua-memory)";
  CHECK(in_round("while true do players:pay(0) end", limits) == large);
  CHECK(in_round("while true do players:tell { 'x', y = 1 } end", limits) == large);
  CHECK(in_round("while true do match:note { y = 1 } end", limits) == large);
}
