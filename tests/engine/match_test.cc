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
