// A match as `show` and `play` tell it, and as one seat saw it.
#include <doctest/doctest.h>

#include <map>

#include "api/console.h"
#include "base/width.h"
#include "table.h"

using namespace parley;
using namespace parley::test;

namespace {

const char* const kNight = R"(game {
  about = "Two of four whisper; all talk; a vote in which a hand may slip",
  players = { "anna", "bert", "cleo", "dora" },
  play = function(match, players)
    local wolves = group { players.bert, players.dora }
    wolves:tell { "pack", names = "bert and dora" }
    for round in match:each_round() do
      wolves:choose { "target", { "anna", "cleo" }, seen_by = wolves }
      players.bert:choose { "whisper", { "run", "stay" }, seen_by = players.dora }
      players.anna:choose { "diary", { "afraid", "calm" }, seen_by = {} }
      players:choose { "number", range(1000, 9000), seen_by = {} }
      local votes = players:choose { "vote", { "anna", "cleo" }, seen_by = {} }
      for i, p in ipairs(players) do
        players:tell { "vote", i == 1 and "cleo" or votes[i], by = p }
        p:tell { "card", value = 1000 * round + i }
      end
      players:pay { 1, 0, 1, 1 }
      match:note { map = "#.\n.#", mean = .5 }
    end
  end,
})";

// Each seat does what is written.
Transcript night() {
  const std::map<std::string, std::string> texts = {{"games/night.lua", kNight}};
  Table table(texts);
  const std::vector<std::pair<int, const char*>> plans = {
      {1111, "anna"}, {2222, "anna"}, {3333, "anna"}, {4444, "cleo"}};
  return table.play(table.plan("night", {"plan", "plan", "plan", "plan"}, [&](Rules&, std::vector<Player>& all) {
    for (size_t i = 0; i < all.size(); ++i) {
      all[i].settings = Value::Record{{"moves", Value::Record{{"number", plans[i].first},
                                                              {"target", "cleo"},
                                                              {"whisper", "run"},
                                                              {"diary", "calm"},
                                                              {"vote", plans[i].second}}}};
    }
  }));
}

}  // namespace

TEST_CASE("show: a round is read like a script, secrets and slips marked") {
  CHECK(script_of(night(), 60) == R"(Before the first round
  pack     (told bert and dora alone) names bert and dora
Round 1
  target   (among bert and dora) bert: cleo, dora: cleo
  whisper  (to dora alone) bert run
  diary    (nobody else sees) anna calm
  number   (nobody else sees)
           anna 1111  bert 2222  cleo 3333  dora 4444
  vote     anna: cleo (secretly meant anna)
           bert: anna
           cleo: anna
           dora: cleo
  card     (told each alone)
           anna value 1001  bert value 1002  cleo value 1003
           dora value 1004
  paid     bert 0, all others 1
  noted    mean 0.5
  map
    #.
    .#
)");
}

TEST_CASE("show: what a seat saw, and nothing else") {
  Transcript t = night();
  CHECK(script_of(t.as_seen_by(1), 80, true) == R"(Round 1
  diary   anna calm
  number  anna 1111
  vote    anna: cleo (meant anna)
  card    (told) value 1001
  vote    bert: anna, cleo: anna, dora: cleo
  paid    anna 1
)");
  CHECK(script_of(t.as_seen_by(2), 80, true) == R"(Before the first round
  pack     (told) names bert and dora
Round 1
  target   bert: cleo, dora: cleo
  whisper  bert run
  number   bert 2222
  vote     bert: anna, anna: cleo
  card     (told) value 1002
  vote     cleo: anna, dora: cleo
  paid     bert 0
)");
}

TEST_CASE("show: payoffs of a game given by them are seen by all, strangers by their roles, observers what all see") {
  Table table;
  auto plan = table.plan("chicken", {"scot@script", "always_first", "always_second", "always_first"},
                         [](Rules& rules, std::vector<Player>&) { rules.matching = "strangers"; });
  Transcript t = table.play(plan, [](const Question&) { return says("swerve"); });
  CHECK(t.questions[0].about.starts_with("column"));
  CHECK(t.as_seen_by(1).questions[0].about == "column");
  CHECK(t.seats == std::vector<std::string>{"row1", "row2", "column1", "column2"});
  for (int seat = 1; seat <= 4; ++seat) {
    const Transcript view = t.as_seen_by(seat);
    CHECK(view.seats == std::vector<std::string>{"row", "row", "column", "column"});
    std::map<Event::Kind, int> kinds;
    for (const Event& e : view.events) ++kinds[static_cast<Event::Kind>(e.kind)];
    // Both of its pair choose and are paid; nobody is told who meets whom.
    CHECK(kinds == std::map<Event::Kind, int>{{Event::round, 2}, {Event::choice, 2}, {Event::pay, 2}});
  }
  Transcript pair = table.play(table.plan("chicken", {"always_first", "always_second"}));
  CHECK(script_of(pair.as_seen_by(3), 80, true) == script_of(pair, 80));
}

TEST_CASE(
    "show: a missing answer is a choice as any other, but for its owner; why a match is void is that seat's own") {
  const std::map<std::string, std::string> texts = {
      {"games/may_miss.lua", R"(game {
  about = "The first answer may be missing",
  play = function(match, players)
    for _ in match:each_round() do
      players.row:choose { "move", { "left", "right" }, missing = "left" }
      players.column:choose { "move", { "left", "right" } }
    end
  end,
})"},
      {"prompts/may_miss.txt", "== rules\nYou are {{me}}.\n\n== move\nLeft or right?"}};
  Table table(texts);
  auto plan = table.plan("may_miss", {"direct@script", "direct@script"});
  Transcript t = table.play(plan, [](const Question&) { return says("neither"); });
  REQUIRE(t.status == MatchStatus::void_);
  CHECK(script_of(t, 80) == "Round 1\n  move  row left (in place of a missing answer)\n");
  CHECK(script_of(t.as_seen_by(1), 80, true) == script_of(t, 80));
  CHECK(script_of(t.as_seen_by(2), 80, true) == "Round 1\n  move  row left\n");
  CHECK(t.as_seen_by(1).why.empty());
  CHECK(t.as_seen_by(2).why == t.why);
  CHECK(t.as_seen_by(2).questions.size() == 1);
  CHECK(t.as_seen_by(2).questions[0].events == 1 + 1);  // the round, and what the other did
}

TEST_CASE("show: wide characters are two columns and may be parted, what goes on top of one is none") {
  CHECK(display_width("abc") == 3);
  CHECK(display_width("\u6211\u5011") == 4);
  CHECK(display_width("e\u0301\u2026") == 2);
  CHECK(display_width("\xff\xfe") == 2);
  CHECK(wrapped("\u6211\u5011\u61c9\u8a72", 5) == "\u6211\u5011\n\u61c9\u8a72");
  CHECK(wrapped("ok \u6211\u5011 no", 7, 2) == "ok \u6211\u5011\n  no");
  CHECK(wrapped("unbroken, whatever", 4) == "unbroken,\nwhatever");
}
