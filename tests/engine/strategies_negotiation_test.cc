// Strategies for talk about deals, move for move.
#include <doctest/doctest.h>

#include "base/json.h"
#include "table.h"

using namespace parley;
using namespace parley::test;

TEST_CASE("strategies: concede goes from its best deal down to its minimum, towards what the others propose") {
  // The Neighbours: A 45 25 0, B 45 25 0, C 10 5 0, minimum 45. In two steps they expect 100, then 72.5, then 45.
  auto said = [](const std::string& others, int steps) {
    const std::string other = plan_of(R"({"say": ")" + others + R"("})");
    return moves(played("negotiation", {other, other, R"(concede {"steps": )" + std::to_string(steps) + "}", other}, 7,
                        R"({"order": ["Neighbours", "Caterers", "Neighbours", "Caterers", "Neighbours"]})"),
                 3, "say");
  };
  // Nobody names a deal but the opening, A3,B3,C3. Worth 72.5 and 6 away are A1,B2,C2 and A2,B1,C2; worth 45 and 2 away is A2,B2,C3.
  CHECK(said("Well.", 2) == "A1,B1,C1 A1,B2,C2 A2,B2,C3");
  // With A2,B2,C1 from the Caterers A1,B2,C2 and A2,B1,C2 are 6 + 2 away; at 45 A2,B2,C2 is 3 + 1 away.
  CHECK(said("A2,B2,C1", 2) == "A1,B1,C1 A1,B2,C2 A2,B2,C2");
  // With A1,B1,C2 both A2,B2,C2 and A2,B2,C3 are 5 away, and the first is worth more.
  CHECK(said("We want A1,B1,C2.", 1) == "A1,B1,C1 A2,B2,C2 A2,B2,C2");
}

TEST_CASE("strategies: concede hears what its window shows") {
  auto second = [](int window) {
    return moves(played("negotiation",
                        {plan_of(R"({"say": "Well."})"), plan_of(R"({"say": "A1,B1,C3"})"), R"(concede {"steps": 1})",
                         plan_of(R"({"say": "Well."})")},
                        6,
                        R"({"order": ["Neighbours", "Park office", "Caterers", "Neighbours"], "window": )" +
                            std::to_string(window) + "}"),
                 3, "say");
  };
  CHECK(second(0) == "A1,B1,C1 A2,B2,C3");  // A3,B3,C3 and A1,B1,C3
  CHECK(second(2) == "A1,B1,C1 A1,B1,C3");  // A1,B1,C3
  CHECK(second(1) == "A1,B1,C1 A1,B1,C1");  // nothing
}

TEST_CASE("strategies: four who concede end in a deal that all agree to") {
  const std::string order =
      R"({"order": ["Park office", "Neighbours", "Organisers", "Caterers", "Park office", "Organisers", "Neighbours", "Caterers"]})";
  const std::string concede = R"(concede {"steps": 1})";
  Transcript t = played("negotiation", {concede, concede, concede, concede}, 10, order);
  CHECK(moves(t, 1, "say") == "A3,B3,C3 A2,B2,C2 A2,B2,C2");
  CHECK(moves(t, 2, "say") == "A1,B1,C1 A2,B2,C2");
  CHECK(moves(t, 3, "say") == "A1,B1,C1 A2,B2,C2");
  CHECK(moves(t, 4, "say") == "A3,B3,C1 A2,B2,C2");
  CHECK(totals(t) == Totals{70, 70, 55, 60});
  // In four steps, and with three turns and the final one for the leader, they come to one that all but the Neighbours agree to.
  Transcript slow =
      played("negotiation", {"concede", "concede", "concede", "concede"}, 14,
             R"({"order": ["Park office", "Neighbours", "Organisers", "Caterers", "Park office", "Organisers",
                               "Neighbours", "Caterers", "Organisers", "Park office", "Neighbours", "Caterers"]})");
  CHECK(moves(slow, 1, "say") == "A3,B3,C3 A3,B3,C2 A3,B3,C2 A3,B2,C2");
  CHECK(totals(slow) == Totals{75, 50, 30, 75});
}

TEST_CASE("strategies: secret_scratchpad says what stands behind the last answer tag, and keeps the plan") {
  Table table;
  std::vector<std::string> replies = {
      "<SCRATCHPAD>A1 is worth 45</SCRATCHPAD>\n<ANSWER>\nLet us take <DEAL>A1,B1,C1</DEAL>.\n</ANSWER>\n<PLAN> give "
      "way on C </PLAN>",
      "<answer>no, wait</answer> <Answer>A2,B2,C2</PLAN>",
      "I think A1 (45) is best.",
      "<ANSWER></ANSWER>",
  };
  std::vector<std::string> asked;
  size_t next = 0;
  Transcript t = table.play(
      table.plan("negotiation", {"plan", "plan", "secret_scratchpad@script", "plan"},
                 [](Rules& rules, std::vector<Player>& all) {
                   rules.rounds = 6;
                   rules.settings = from_json(R"({"order": ["Neighbours", "Neighbours", "Neighbours", "Neighbours"]})");
                   for (Player& p : all) {
                     if (p.model.empty()) p.settings = from_json(R"({"moves": {"say": "Well."}})");
                   }
                 }),
      [&](const Question& question) {
        asked.push_back(question.request.messages.back().text);
        return says(replies.at(next++));
      });
  CHECK(t.status == MatchStatus::whole);
  CHECK(moves(t, 3, "say") == "Let us take <DEAL>A1,B1,C1</DEAL>. A2,B2,C2</PLAN> I think A1 (45) is best. ");
  REQUIRE(asked.size() == 4);
  auto shows = [&](size_t i, const char* text) { return asked[i].find(text) != std::string::npos; };
  CHECK(!shows(0, "Your plan from the last time"));
  CHECK(shows(1, "\ngive way on C\n"));
  CHECK(shows(3, "\ngive way on C\n"));  // a plan that is not made anew stays
  CHECK(shows(2, "three parts"));
  CHECK(shows(2, "<PLAN>"));
  CHECK(shows(3, "two parts"));  // the last turn needs no plan
  CHECK(!shows(3, "<PLAN>"));
  REQUIRE(!t.memories.empty());
  CHECK(t.memories.back().memory["untagged"] == Value(1));
  CHECK(noted(t, "leaked_part") == "false true false false false");
  CHECK(noted(t, "leaked_scores") == "false false true false false");
}
