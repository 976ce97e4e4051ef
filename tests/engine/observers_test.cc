// Observers, who watch a seat, and strangers, who meet in pairs drawn anew each round.
#include <doctest/doctest.h>

#include <set>
#include <sstream>

#include "base/json.h"
#include "fake_study.h"
#include "table.h"

using namespace parley;
using namespace parley::test;

namespace {

std::map<std::string, std::string> watch_files() {
  return {
      {"strategies/spy.lua",
       "strategy { act = function(turn)\n"
       "  turn.memory.saw = table.concat(turn:all(turn.other), ' ')\n"
       "  turn.memory.who = turn.me .. ' ' .. turn.other .. ' ' .. #turn.history\n"
       "  turn:ask { 'predict', by = turn.other } end }"},
      {"prompts/spy.txt", "== predict\n{{question}} Will {{about}} choose {{#options}}{{.}} {{/options}}?"},
      {"prompts/meeting.txt",
       "== rules\nGo.\n\n== rules.observer\nYou see {{#players}}{{name}} {{/players}}of {{seats}}.{{#watched}} Watch "
       "{{watched}}.{{/watched}}{{^other}} Nobody opposite.{{/other}}\n\n== history.observer\n{{round}}: "
       "{{#action.all}}{{name}}={{choice}}{{#mine}}!{{/mine}} {{/action.all}}{{paid.row}} {{paid.column}}\n\n"
       "== action\nNow {{round}}.\n"},
      {"games/meeting.lua",
       "game { actions = { 'a', 'b' }, payoffs = { a = { a = { 1, 2 }, b = { 0, 0 } }, b = { a = { 0, 0 }, b = { 2, 1 "
       "} } } }"}};
}

std::string text_of(const Question& question) {
  std::string out;
  for (const Message& message : question.request.messages) out += message.text;
  return out;
}

}  // namespace

TEST_CASE("observers: are asked while the watched decides, see what all see, and change nothing") {
  Table table(watch_files());
  std::vector<Question> asked;
  auto watched = [](Rules& rules, std::vector<Player>& players) {
    rules.rounds = 3;
    if (players.size() > 2) players[2].watches = 2;
  };
  const Transcript t =
      table.play(table.plan("meeting", {"alternate", "always_second", "spy@script"}, watched), [&](const Question& q) {
        asked.push_back(q);
        return says(asked.size() == 2 ? "neither of these" : asked.size() < 4 ? "b" : "a");
      });
  REQUIRE(asked.size() == 4);  // the second was not read, and was asked again
  CHECK(t.status == MatchStatus::whole);
  CHECK(moves(t, 1) == "a b a");
  CHECK(moves(t, 2) == "b b b");
  CHECK(totals(t) == totals(table.play(table.plan("meeting", {"alternate", "always_second"}, watched))));
  CHECK(asked[0].place.seat == 3);
  CHECK(asked[0].request.about.seat == "observer");
  CHECK(text_of(asked[0]) ==
        "You see row column of 2. Watch column. Nobody opposite.\nNow 1. Will column choose b a ?");
  CHECK(text_of(asked[3]).find("1: row=a column=b 0 0\n2: row=b column=b 2 1\nNow 3.") != std::string::npos);
  REQUIRE(t.beliefs.size() == 3);
  for (const Belief& belief : t.beliefs) {
    CHECK(belief.seat == 3);
    CHECK(belief.about == 2);
    CHECK(belief.truth == Value("b"));
  }
  CHECK(t.beliefs[2].guess == Value("a"));
  REQUIRE(!t.memories.empty());
  CHECK(t.memories.back().seat == 3);
  CHECK(to_json(t.memories.back().memory) == R"({"saw":"b b","who":"observer column 2"})");
  CHECK(t.seat_name(3) == "observer");
}

TEST_CASE("observers: one that cannot be read leaves the match whole; one without rules is told so") {
  Table table(watch_files());
  auto watched = [](Rules&, std::vector<Player>& players) { players[2].watches = 1; };
  const Transcript t = table.play(table.plan("meeting", {"always_first", "always_first", "spy@script"}, watched),
                                  [](const Question&) { return says("?"); });
  CHECK(t.status == MatchStatus::whole);
  REQUIRE(t.questions.size() == 1);
  CHECK(t.questions[0].why == "unreadable");
  std::string error;
  try {
    table.play(table.plan("public_goods", {"random", "random", "spy@script"}, watched),
               [](const Question&) { return says("1"); });
  } catch (const Error& e) {
    error = e.what();
  }
  CHECK(error.find("has no section '== rules.observer'") != std::string::npos);
}

TEST_CASE("observers: where players change seats one watches a player, wherever it sits") {
  using namespace parley::fake;
  auto study = [](Record more, Record observer) {
    observer.emplace("strategy", "direct");
    more.emplace("players", List{Record{{"strategy", "scot"}}});
    more.emplace("against", List{Record{{"strategy", "alternate"}}, Record{{"strategy", "tit_for_tat"}}});
    more.emplace("observers", List{observer});
    more.emplace("model", "m");
    return study_of(std::move(more));
  };
  for (bool both : {true, false}) {
    const Design design = make(study({{"both_seats", both}, {"repeats", 8}}, {{"watches", "scot"}}));
    std::set<int> seats;
    for (uint64_t i = 0; i < design.size(); ++i) {
      const auto plan = design.at(i);
      REQUIRE(plan->lineup->players.size() == 3);
      const Player& observer = plan->lineup->players[2];
      CHECK(plan->lineup->players[static_cast<size_t>(observer.watches) - 1].strategy == "scot");
      CHECK(observer.name == "direct");
      seats.insert(observer.watches);
    }
    CHECK(seats == std::set<int>{1, 2});
  }
  const Design some = make(study({}, {{"watches", "alternate"}}));
  uint64_t watched = 0;
  for (uint64_t i = 0; i < some.size(); ++i) watched += some.at(i)->lineup->players.size() - 2;
  CHECK(watched == 2);
  CHECK(error_of(study({}, {{"watches", "column"}})).find("the players of this study change seats") !=
        std::string::npos);
  CHECK(error_of(study({}, {{"watches", "scto"}})) ==
        "scripts/x.lua: entry 1 of observers watches 'scto', and no player is called so");
}

TEST_CASE("strangers: pairs are drawn anew each round; each sees a table of two and is paid by it") {
  Table table;
  auto strangers = [](Rules& rules, std::vector<Player>&) {
    rules.rounds = 12;
    rules.matching = "strangers";
  };
  std::map<int, std::string> last;
  const Transcript t = table.play(table.plan("prisoners_dilemma",
                                             {"tit_for_tat", "always_second", "alternate", "direct@script",
                                              "suspicious_tit_for_tat", "always_first"},
                                             strangers),
                                  [&](const Question& q) {
                                    last[q.place.seat] = text_of(q);
                                    return says(q.request.about.round % 3 == 0 ? "defect" : "cooperate");
                                  });
  CHECK(t.seats == std::vector<std::string>{"row1", "row2", "row3", "column1", "column2", "column3"});
  // What was chosen and paid, round by round.
  std::vector<std::map<int, std::string>> chosen;
  std::vector<std::map<int, double>> paid;
  std::vector<std::map<int, int>> met;
  std::set<std::string> pairings;
  for (const Event& e : t.events) {
    if (e.kind == Event::round && e.number > 0) chosen.emplace_back(), paid.emplace_back(), met.emplace_back();
    if (e.kind == Event::choice) chosen.back()[e.seat] = value_text(t.value_of(e));
    if (e.kind == Event::pay) paid.back()[e.seat] = e.number;
    if (e.kind == Event::note) {
      const std::string pairs = value_text(t.value_of(e));
      pairings.insert(pairs);
      std::istringstream in(pairs);
      int row = 0, column = 0;
      char dash = 0;
      while (in >> row >> dash >> column) met.back()[row] = column, met.back()[column] = row;
    }
  }
  REQUIRE(chosen.size() == 12);
  CHECK(pairings.size() > 3);
  const std::map<std::pair<std::string, std::string>, double> pays = {{{"cooperate", "cooperate"}, 8},
                                                                      {{"cooperate", "defect"}, 0},
                                                                      {{"defect", "cooperate"}, 10},
                                                                      {{"defect", "defect"}, 5}};
  for (size_t r = 0; r < 12; ++r) {
    REQUIRE(met[r].size() == 6);
    for (int seat = 1; seat <= 6; ++seat) {
      CHECK((seat <= 3) != (met[r][seat] <= 3));
      CHECK(paid[r][seat] == pays.at({chosen[r][seat], chosen[r][met[r][seat]]}));
    }
    // Tit for tat does what whoever sat opposite did last.
    const std::string wanted = r == 0 ? "cooperate" : chosen[r - 1][met[r - 1][1]];
    CHECK(chosen[r][1] == wanted);
  }
  // Seat 4's last text tells of round 11 what it and its partner of that round did.
  const std::string line = fmt::format("Round 11: you chose Option {} and the other player chose Option {}. You got {}",
                                       chosen[10][4], chosen[10][met[10][4]], paid[10][4]);
  CHECK_MESSAGE(last[4].find(line) != std::string::npos, last[4]);
  // Another block draws other pairs; the same block the same.
  auto notes = [&](uint32_t block) {
    std::string out;
    const Transcript other = table.play(table.plan(
        "prisoners_dilemma", {"random", "random", "random", "random", "random", "random"}, strangers, block));
    for (const Event& e : other.events) {
      if (e.kind == Event::note) out += value_text(other.value_of(e)) + ";";
    }
    return out;
  };
  CHECK(notes(1) == notes(1));
  CHECK(notes(1) != notes(2));
}

TEST_CASE("strangers: a prediction is about whoever sits opposite") {
  Table table;
  const Transcript t =
      table.play(table.plan("battle_of_the_sexes", {"scot@script", "always_first", "always_first", "always_second"},
                            [](Rules& rules, std::vector<Player>&) {
                              rules.rounds = 8;
                              rules.matching = "strangers";
                            }),
                 [](const Question&) { return says("football"); });
  REQUIRE(t.beliefs.size() == 8);
  std::set<int> about;
  for (const Belief& belief : t.beliefs) {
    about.insert(belief.about);
    CHECK(belief.truth == Value(belief.about == 3 ? "football" : "ballet"));
  }
  CHECK(about == std::set<int>{3, 4});
}

TEST_CASE("design: observers stand behind the seats, and in the line-up's identity") {
  using namespace parley::fake;
  auto watch = [](Value who) { return List{entry("scot", {{"watches", std::move(who)}})}; };
  const Design plain = make(study_of()), one = make(study_of({{"observers", watch("row")}})),
               other = make(study_of({{"observers", watch(2)}}));
  CHECK(pairs(one) == "direct, alternate, scot");
  CHECK(one.at(0)->lineup->seats() == 2);
  CHECK(one.at(0)->lineup->players[2].watches == 1);
  CHECK(other.at(0)->lineup->players[2].watches == 2);
  CHECK(one.at(0)->id != plain.at(0)->id);
  CHECK(one.at(0)->id != other.at(0)->id);
  // Where seats are swapped, an observer watches a player, wherever that sits.
  const Design swapped = make(study_of(
      {{"seats", "balanced"}, {"repeats", 2}, {"observers", List{entry("scot", {{"watches", "alternate"}})}}}));
  std::set<std::string> seatings;
  for (uint64_t i = 0; i < 2; ++i) {
    const auto& players = swapped.at(i)->lineup->players;
    seatings.insert(players[0].name + " " + players[1].name + " " + players[2].name);
    CHECK(players[2].watches == (players[0].name == "alternate" ? 1 : 2));
  }
  CHECK(seatings == std::set<std::string>{"direct alternate scot", "alternate direct scot"});
  CHECK(error_of(study_of({{"seats", "balanced"}, {"repeats", 2}, {"observers", watch("column")}})) ==
        "scripts/x.lua: watches = 'column' of observers is a seat, and the players of this study change seats, so that "
        "it "
        "would be now one of them, now another: name the player, watches = 'direct'");
  CHECK(error_of(study_of({{"observers", List{entry("scot")}}})) ==
        "scripts/x.lua: entry 1 of observers does not say whom it watches: watches = 'row' (a seat, or a player)");
  CHECK(error_of(study_of({{"observers", List{entry("alternate", {{"watches", 1}})}}})) ==
        "scripts/x.lua: entry 1 of observers: strategy 'alternate' is a fixed rule, which asks nothing: an observer is "
        "asked what it sees");
  CHECK(error_of(study_of({{"observers", watch("rwo")}})) ==
        "scripts/x.lua: game 'prisoners_dilemma' has no seat 'rwo': it has 2 seats (row, column)");
  CHECK(error_of(study_of({{"players", List{entry("direct", {{"watches", 1}}), entry("alternate")}}})) ==
        "scripts/x.lua: entry 1 of players: 'watches' is said of observers");
}

TEST_CASE("design: strangers are many players of a game of two seats") {
  using namespace parley::fake;
  const List four = {entry("direct", {{"times", 2}}), entry("alternate", {{"times", 2}})};
  const Design design = make(study_of({{"matching", "strangers"}, {"players", four}}));
  CHECK(pairs(design) == "direct, direct, alternate, alternate");
  CHECK(design.at(0)->roles() == 2);
  CHECK(error_of(study_of({{"matching", "strangers"}})) ==
        "scripts/x.lua: matching = 'strangers' is for an even number of players, 4 or more, and players names 2");
  CHECK(error_of(study_of({{"matching", "strangers"}, {"game", "public_goods"}})) ==
        "scripts/x.lua: matching = 'strangers' is for games of two seats that are given by their payoffs, and game "
        "'public_goods' is not one");
  CHECK(error_of(study_of({{"matching", "stranger"}})) ==
        "scripts/x.lua: matching is 'partners' or 'strangers', not 'stranger' (did you mean 'strangers'?)");
  CHECK(error_of(study_of({{"matching", "strangers"}, {"tournament", "round_robin"}})) ==
        "scripts/x.lua: matching = 'strangers' is for a list of players, not for tournament");
  CHECK(error_of(study_of(
            {{"matching", "strangers"}, {"players", four}, {"observers", List{entry("scot", {{"watches", 1}})}}})) ==
        "scripts/x.lua: observers watch a seat, and among strangers whoever sits opposite changes");
}
