#include "script/match.h"

#include <doctest/doctest.h>

#include "table.h"

using namespace parley;
using namespace parley::test;

TEST_CASE("match: fixed rules play by the table") {
  Table table;
  auto rounds = [](Rules& rules, std::vector<Player>&) { rules.rounds = 10; };
  Transcript t = table.play(table.plan("prisoners_dilemma", {"tit_for_tat", "always_second"}, rounds));
  CHECK(t.status == MatchStatus::whole);
  CHECK(totals(t) == std::vector<double>{45, 55});
  CHECK(moves(t, 1) == "cooperate defect defect defect defect defect defect defect defect defect");
  CHECK(t.rounds == 10);
}

TEST_CASE("match: a question, its reply, and what a seat's text grows by") {
  Table table;
  std::vector<Question> asked;
  auto rounds = [](Rules& rules, std::vector<Player>&) { rules.rounds = 2; };
  Transcript t =
      table.play(table.plan("prisoners_dilemma", {"scot@script", "tit_for_tat"}, rounds), [&](const Question& q) {
        asked.push_back(q);
        return says(q.request.about.question == "predict" ? "cooperate" : "defect");
      });
  REQUIRE(asked.size() == 4);
  for (const Question& q : asked) {
    MESSAGE("seat " << q.place.seat << " n " << q.place.n << " " << q.request.about.question);
    for (const Message& m : q.request.messages) MESSAGE("<" << m.role << ">" << m.text << "</>");
  }
  CHECK(t.status == MatchStatus::whole);
  CHECK(moves(t, 1) == "defect defect");
  CHECK(moves(t, 2) == "cooperate defect");
  CHECK(totals(t) == std::vector<double>{15, 5});
  REQUIRE(t.beliefs.size() == 2);
  CHECK(t.beliefs[0].truth == Value("cooperate"));
  CHECK(t.beliefs[1].truth == Value("defect"));
}

TEST_CASE(
    "match: beliefs of samples are kept one by one, and one about a later mover is scored by the decision it names") {
  Table table(
      {{"strategies/seer.lua",
        "strategy { act = function(turn)\n"
        "if turn.decision == 'offer' then turn:ask { 'answer', { 'accept', 'reject' }, by = turn.other, samples = 2 "
        "} end\n"
        "return turn:ask { 'choose', turn.actions } end }"},
       {"prompts/seer.txt", "== answer\nWhat will {{about}} do?\n\n== choose\n{{question}}"}});
  int guesses = 0;
  Transcript t =
      table.play(table.plan("ultimatum", {"seer@script", "plan"},
                            [](Rules&, std::vector<Player>& players) {
                              players[1].settings = Value::Record{{"moves", Value::Record{{"answer", "reject"}}}};
                            }),
                 [&](const Question& q) {
                   if (q.request.about.question == "answer") return says(++guesses == 1 ? "accept" : "reject");
                   return says("40");
                 });
  REQUIRE(t.status == MatchStatus::whole);
  REQUIRE(t.beliefs.size() == 2);
  CHECK(t.beliefs[0].guess == Value("accept"));
  CHECK(t.beliefs[1].guess == Value("reject"));
  for (const Belief& belief : t.beliefs) {
    CHECK(belief.decision == "answer");
    CHECK(belief.truth == Value("reject"));
  }
}

TEST_CASE("match: a hint that names actions is for games with one list of them") {
  auto told = [](const char* game) {
    Table table;
    std::string text;
    try {
      table.play(table.plan(game, {"direct@script", "random"},
                            [](Rules&, std::vector<Player>& players) { players[0].told = {"hints/defects_once"}; }),
                 [&](const Question& q) {
                   text = q.request.messages[0].text;
                   return says("cooperate");
                 });
    } catch (const Error& e) {
      return std::string(e.what()).substr(0, std::string(e.what()).find(" (did"));
    }
    return text.substr(0, text.find('\n'));
  };
  const std::string unfilled = "strategies/direct.lua:3: prompts/told/hints.txt:6: nothing fills the section 'actions'";
  CHECK(told("inspection") == unfilled);
  CHECK(told("public_goods") == unfilled);
  CHECK(told("prisoners_dilemma") ==
        "In what follows the other player chooses Option defect once, and Option cooperate from then on.");
}

TEST_CASE("match: a number is no option of a story: the cue of matrix.txt") {
  const std::map<std::string, std::string> files = {
      {"games/prices.lua", "game { actions = range(1, 3), payoffs = function(c) return { c.row, c.column } end }"}};
  Table table(files);
  Reply reply;
  reply.scores = {-1, -2, -3};
  std::string cue;
  table.play(table.plan("prices", {"direct@script", "random"},
                        [](Rules& rules, std::vector<Player>&) { rules.read = "scored"; }),
             [&](const Question& q) {
               cue = q.request.cue;
               return reply;
             });
  CHECK(cue == "Answer:");
}

TEST_CASE("match: a seat that may ask decides without asking") {
  const std::map<std::string, std::string> texts = {
      {"strategies/sometimes.lua",
       "strategy { act = function(turn)\n"
       "if turn.round % 3 == 0 then return turn:ask { 'q', turn.actions } end\n"
       "return turn.actions[2] end }"},
      {"strategies/never.lua", "strategy { act = function(turn) return turn.actions[1] end }"},
      {"prompts/sometimes.txt", "== q\n{{question}}"},
      {"prompts/never.txt", "== q\n{{question}}"}};
  Table table(texts);
  auto rounds = [](int n) { return [n](Rules& rules, std::vector<Player>&) { rules.rounds = n; }; };
  for (bool backwards : {false, true}) {
    Transcript t = table.play(
        table.plan("prisoners_dilemma", {"sometimes@script", "sometimes@script"}, rounds(5)),
        [](const Question&) { return says("cooperate"); }, backwards);
    CHECK(t.status == MatchStatus::whole);
    CHECK(moves(t, 1) == "defect defect cooperate defect defect");
    CHECK(moves(t, 2) == moves(t, 1));
    CHECK(t.questions.size() == 2);
  }
  Transcript t = table.play(table.plan("prisoners_dilemma", {"never@script", "never@script"}, rounds(20000)));
  CHECK(t.status == MatchStatus::whole);
  CHECK(totals(t) == std::vector<double>{160000, 160000});
}

TEST_CASE("match: data that a file reads before the match is data of the match") {
  const std::map<std::string, std::string> texts = {
      {"games/x.lua", "game { actions = { 'a', 'b' }, payoffs = read 'pay.json' }"},
      {"games/pay.json", R"({"a":{"a":[1,2],"b":[3,4]},"b":{"a":[5,6],"b":[7,8]}})"},
      {"games/y.lua", "game { actions = { 'a', 'b' }, payoffs = function() return { 0, 0 } end }"},
      {"strategies/s.lua",
       "strategy { settings = { n = #read 'note.txt' }, act = function(turn) return turn.settings.n == 5 and 'a' or "
       "'b' "
       "end }"},
      {"strategies/note.txt", "hello"},
      {"strategies/t.lua", "strategy { act = function(turn) return 'b' end }"}};
  Table table(texts);
  auto data = [&](const std::string& game, const std::string& first) {
    Match match(table.scripts(), table.plan(game, {first, "t"}));
    match.advance();
    return joined({match.data().begin(), match.data().end()}, " ");
  };
  for (int time = 1; time <= 2; ++time) {
    CHECK(data("x", "s") == "games/pay.json strategies/note.txt");
    CHECK(data("x", "t") == "games/pay.json");
    CHECK(data("y", "t") == "");
  }
}
