#include "api/measures.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "fake_study.h"
#include "lab.h"
#include "report/units.h"

using namespace parley;
using namespace parley::test;

namespace {

// The cell of a seat's row of match 1.
std::string cell(const Rows& rows, const std::string& column, const std::string& seat) {
  auto at = [&](const std::string& name) {
    const auto found = std::find(rows.columns.begin(), rows.columns.end(), name);
    return found == rows.columns.end() ? rows.columns.size() : static_cast<size_t>(found - rows.columns.begin());
  };
  if (at(column) == rows.columns.size()) return "no column";
  for (const auto& row : rows.rows) {
    if (row[at("seat")] == seat && row[at("match")] == "1") return row[at(column)];
  }
  return "no row";
}

Rows measured(const std::string& study_text, const std::map<std::string, std::string>& files = {}) {
  Folder folder;
  for (const auto& [name, text] : files) folder.write(name, text);
  const std::string study = folder.write("scripts/study.lua", study_text);
  Store store = Store::in_memory();
  Lab(folder, study).run(store);
  Rows rows = units_of(store);
  add_measures(store, rows);
  return rows;
}

}  // namespace

TEST_CASE("measures: those of two actions, worked out by hand") {
  // first: 1 2 1 2 1; second: 2 2 2 1 1 (by its list). Battle of the sexes pays 10 7 for football, 7 10 for ballet, else 0.
  const Rows rows = measured(R"(study {
    game = "battle_of_the_sexes", rounds = 5,
    players = { { strategy = "alternate" },
                { strategy = "plan", moves = { action = { "ballet", "ballet", "ballet", "football", "football" } } } },
  })");
  // Rounds: apart, ballet, apart, apart, football: paid 0, 7 10, 0, 0, 10 7.
  CHECK(cell(rows, "joint", "row") == "0.2");
  CHECK(cell(rows, "joint", "column") == "0.2");
  CHECK(cell(rows, "equal", "row") == "0.4");
  CHECK(cell(rows, "alternation", "row") == "0.25");  // from round 3 to 4 both changed
  CHECK(cell(rows, "efficiency", "row") == "0.4");    // 34 of 5 x 17
  CHECK(cell(rows, "efficiency_equilibrium", "column") == "0.4");
  CHECK(cell(rows, "inequality", "row") == "0");
  const Rows dilemma = measured(R"(study {
    game = "prisoners_dilemma", rounds = 4,
    players = { { strategy = "always_first" }, { strategy = "alternate" } },
  })");
  // 8 8, 0 10, 8 8, 0 10: 16 and 36, of 4 x 16 at best and 4 x 10 in equilibrium.
  CHECK(cell(dilemma, "joint", "row") == "0.5");
  CHECK(cell(dilemma, "alternation", "row") == "0");
  CHECK(cell(dilemma, "efficiency", "row") == "0.8125");
  CHECK(cell(dilemma, "efficiency_equilibrium", "row") == "1.3");
  CHECK(std::stod(cell(dilemma, "inequality", "row")) == doctest::Approx(20.0 / (2 * 52)));
  // No equilibrium in pure actions: the mixed one counts, 2 x .5.
  const Rows pennies = measured(R"(study {
    game = "matching_pennies", rounds = 2, players = { { strategy = "always_first" }, { strategy = "always_first" } },
  })");
  CHECK(cell(pennies, "joint", "row") == "1");
}

TEST_CASE("measures: among strangers the best is of every pair") {
  const Rows rows = measured(R"(study {
    game = "prisoners_dilemma", rounds = 3, matching = "strangers",
    players = { { strategy = "always_first", times = 4 } },
  })");
  CHECK(cell(rows, "efficiency", "row1") == "1");
  CHECK(cell(rows, "inequality", "column2") == "0");
}

TEST_CASE("measures: what a game noted, and what a study defines, of the match or by seat") {
  const Rows rows =
      measured(R"(study {
    game = "counted", rounds = 3, players = { { strategy = "always_first" }, { strategy = "alternate" } },
    measures = {
      late   = function(match) return match.choices.pick.second[match.rounds] == match.choices.pick.first[3] end,
      gained = function(match) return { first = match.totals.first - match.settings.stake, second = match.payoffs.second[2] } end,
      who    = function(match) return match.players.second .. match.block end,
      nothing = function(match) if match.rounds > 5 then return 1 end end,
      wrote  = function(match) return match.messages[1].text end,
      noted  = function(match) return match.notes.lucky[2] end,
    },
  })",
               {{"games/counted.lua", R"(game {
    players = { "first", "second" }, settings = { stake = 2 },
    play = function(match, players)
      for round in match:each_round() do
        players:choose { "pick", { "a", "b" } }
        match:note { lucky = round, odd = round % 2 == 1 }
        players:pay { round, 10 * round }
      end
      players[1]:choose { "talk", words(9) }
    end })"},
                {"strategies/always_first.lua",
                 "strategy { act = function(turn) return turn.actions[1] end, say = function() return 'well' end }"}});
  CHECK(cell(rows, "lucky", "first") == "2");
  CHECK(std::stod(cell(rows, "odd", "second")) == doctest::Approx(2.0 / 3));
  CHECK(cell(rows, "late", "first") == "1");
  CHECK(cell(rows, "gained", "first") == "4");
  CHECK(cell(rows, "gained", "second") == "20");
  CHECK(cell(rows, "who", "first") == "alternate1");
  CHECK(cell(rows, "nothing", "first") == "");
  CHECK(cell(rows, "wrote", "second") == "well");
  CHECK(cell(rows, "noted", "second") == "2");
  CHECK(cell(rows, "efficiency", "first") == "no column");  // the game is played, not given by payoffs
}

TEST_CASE("measures: an author's mistakes") {
  auto error = [](const std::string& measures) {
    try {
      measured(
          "study { game = 'prisoners_dilemma', rounds = 2, players = { { strategy = 'random' }, { strategy = 'random' "
          "} },\n" +
          measures + " }");
    } catch (const Error& e) {
      const std::string what = e.what();
      return what.substr(what.find("study.lua"));
    }
    return std::string("no error");
  };
  CHECK(error("measures = { x = function(match) return match.total.row end }") ==
        "study.lua:2: match has no field 'total' (did you mean 'totals'?)");
  CHECK(error("measures = { x = function(match) return { rwo = 1 } end }") ==
        "study.lua: measure 'x' gives a value for 'rwo', which is no seat (did you mean 'row'?)");
  CHECK(error("measures = { x = function(match) return { 1, 2 } end }") ==
        "study.lua: measure 'x' gives a list or a table within a table: a number, true, false, a word, or a table of "
        "these "
        "by seat is wanted");
  CHECK(error("measures = { 3 }") ==
        "study.lua: measures are functions of a match by name: measures = { name = function(match) ... end }");
}

TEST_CASE("measures: are no part of any identity, and have names of their own") {
  using namespace parley::fake;
  StudyFile with = study_of({{"measures", List{"x"}}});
  with.measures["x"] = [](const Value&, std::vector<std::string>*) { return Value(1); };
  CHECK(ids(make(with)) == ids(make(study_of())));
  Fake fake;
  fake.lookup.columns = {"payoff", "x"};
  CHECK_THROWS_WITH(Design::make(with, fake.lookup),
                    "scripts/x.lua: measure 'x' has the name of a column that is there by itself: call it otherwise");
  CHECK(error_of(vary(with, {factor("x", {1, 2})})) ==
        "scripts/x.lua: measure 'x' has the name of what is varied: call it otherwise");
}

TEST_CASE("measures: tables of several sizes under one condition have their own best") {
  const Rows rows = measured(R"(study {
    game = "counting", rounds = 2, vary = { who = { "two", "three" } },
    players = function(v)
      local all = { { strategy = "always_first" }, { strategy = "always_first" } }
      if v.who == "three" then all[3] = { strategy = "always_first" } end
      return all
    end,
  })",
                             {{"games/counting.lua", R"(game {
    players = range(2, 5), actions = { "give", "keep" },
    payoffs = function(choices)
      local out = {}
      for i in ipairs(choices) do out[i] = #choices end
      return out
    end })"}});
  REQUIRE(rows.rows.size() == 5);
  const auto column = std::find(rows.columns.begin(), rows.columns.end(), "efficiency") - rows.columns.begin();
  for (const auto& row : rows.rows) CHECK(row[static_cast<size_t>(column)] == "1");
}
