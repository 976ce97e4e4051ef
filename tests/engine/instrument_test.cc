// Checks of the instrument: questions with a right answer, and biases for a label or a position.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>

#include "lab.h"
#include "report/units.h"
#include "table.h"

using namespace parley;
using namespace parley::test;

TEST_CASE("right answers: what is right is what the rules say, whichever label stands for which action") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 3, repeats = 8, model = "random", read = "scored", labels = { "J", "F" },
    vary = { temptation = { 10, 12 } },
    players = { { strategy = "comprehension" }, { strategy = "tit_for_tat" } },
  })");
  Store store = Store::in_memory();
  Lab(folder, study).run(store);
  auto rows = store.query(
      "SELECT b.match, q.added, (SELECT added FROM question r WHERE r.match = q.match AND r.n = 1), b.truth, b.guess, "
      "b.hit, b.given, b.question, b.about, m.drawn, q.choice FROM belief b JOIN match m ON m.number = b.match JOIN "
      "question q ON q.match = m.id AND q.seat = b.seat AND q.n = b.n AND b.question IN ('you_get', 'other_gets')");
  REQUIRE(rows.size() == 16 * 8);
  std::map<std::string, int> maps;
  for (const auto& row : rows) {
    const std::string asked = row[1].string(), rules = row[2].string(), truth = row[3].string();
    const size_t from = asked.find("You choose Option "), to = asked.find(". How many points");
    REQUIRE(from != asked.npos);
    // "- If you choose Option J and the other player chooses Option F, you get 10 points and the other player gets 0 points."
    const std::string line = "- If y" + asked.substr(from + 1, to - from - 1) + ", ";
    const size_t at = rules.find(line);
    REQUIRE(at != rules.npos);
    const std::string paid = rules.substr(at + line.size(), rules.find('\n', at) - at - line.size());
    const std::string says =
        row[7] == Value("you_get") ? "you get " + truth + " " : "the other player gets " + truth + " ";
    CHECK_MESSAGE(paid.find(says) != paid.npos, paid << " of " << line);
    CHECK(row[8].is_nil());
    CHECK((row[4] == row[3]) == (row[5] == Value(1)));
    CHECK(row[4] == row[10]);
    REQUIRE(row[6].is_number());
    if (row[5] == Value(1)) CHECK(row[6].number() > 1. / 5);  // of four or five answers the likeliest
    ++maps[row[9].string().substr(0, row[9].string().find('}'))];
  }
  CHECK(maps.size() == 2);
  // What is best, what is always best, and how many rounds are left, by hand.
  std::map<std::string, std::string> truths;
  for (const auto& row :
       store.query("SELECT question, group_concat(DISTINCT truth), count(*) FROM belief WHERE question "
                   "NOT IN ('you_get', 'other_gets') GROUP BY 1"))
    truths[row[0].string()] = fmt::format("{} {}", row[1].string(), row[2].number());
  CHECK(truths == std::map<std::string, std::string>{
                      {"best", "defect 32"}, {"best_of_all", "defect 16"}, {"rounds_left", "2 16"}});
  Rows scored = beliefs_of(store);
  REQUIRE(scored.rows.size() == 16 * 12);
  for (const auto& row : scored.rows) CHECK(row[10] == "right answer");
}

TEST_CASE("right answers: only where there is one") {
  Table table({{"games/coordination.lua", R"(game { actions = { "a", "b", "c" }, payoffs = function(c)
          return { c[1] == c[2] and 1 or 0, c[1] == c[2] and 1 or 0 } end })"},
               {"games/flat.lua", R"(game { actions = { "a", "b" }, payoffs = function() return { 1, 1 } end })"},
               {"games/weak.lua", R"(game { actions = { "a", "b" }, payoffs = function(c)
          return { c[1] == "a" and c[2] == "a" and 1 or 0, 2 } end })"},
               {"games/three.lua", R"(game { players = 3, actions = { "a", "b" }, payoffs = function(c)
          return { c[1] == "b" and 5 or 1, c[1] == "b" and 0 or 2, 3 } end })"}});
  auto truths = [&](const char* game, size_t seats, bool hidden) {
    std::vector<std::string> players(seats, "random");
    players[0] = "comprehension@script";
    auto plan = table.plan(game, players, [&](Rules& rules, std::vector<Player>&) {
      rules.rounds = 1;
      if (hidden) rules.horizon.kind = Horizon::Kind::hidden;
    });
    Transcript t =
        table.play(plan, [](const Question& q) { return says(value_text(q.request.about.actions.list()[0])); });
    REQUIRE(t.status == MatchStatus::whole);
    std::string out;
    for (const Belief& b : t.beliefs) {
      CHECK(b.about == 0);
      CHECK(b.given == -1);  // nothing was scored
      out += fmt::format("{} {}; ", t.questions[static_cast<size_t>(b.question)].question, value_text(b.truth));
    }
    return out;
  };
  CHECK(truths("coordination", 2, false) ==
        "you_get 1; other_gets 1; you_get 0; other_gets 0; you_get 1; other_gets 1; you_get 0; other_gets 0; best a; "
        "best b; best c; best_of_all none; rounds_left 0; ");
  CHECK(truths("flat", 2, true) == "");
  CHECK(truths("weak", 2, true) ==
        "you_get 1; other_gets 2; you_get 0; other_gets 2; you_get 0; other_gets 2; you_get 0; other_gets 2; best a; ");
  CHECK(truths("three", 3, true) ==
        "you_get 1; other_gets 2; you_get 1; other_gets 2; you_get 5; other_gets 0; you_get 5; other_gets 0; best b; "
        "best b; best b; best b; best_of_all b; ");
}

TEST_CASE(
    "right answers: what cannot be read is wrong, and the turn goes on; what a server does not show is not zero") {
  Table table({{"games/pair.lua", R"(game { actions = { "a", "b" }, payoffs = function(c) return { 1, 1 } end })"},
               {"strategies/quiz.lua", R"(strategy { act = function(turn)
          turn.memory.one = turn:ask { "one", { "x", "y" }, right = "x" } == nil
          local list = turn:ask { "more", { "x", "y" }, right = "x", samples = 2 }
          turn.memory.list = (list[1] == false or list[1] == "x") and #list == 2
          return turn:ask { "choose", turn.actions } end })"},
               {"prompts/quiz.txt", "== one\nOne?\n== more\nMore?\n== choose\nChoose.\n"}});
  auto play = [&](const char* read, const std::function<Reply(const Question&)>& answer) {
    auto plan = table.plan("pair", {"quiz@script", "always_first"}, [&](Rules& rules, std::vector<Player>&) {
      rules.rounds = 1;
      rules.read = read;
    });
    return table.play(plan, answer);
  };
  Transcript text = play("text", [](const Question& q) {
    return says(q.request.about.question == "choose" ? "b" : q.place.sample == 2 ? "x" : "who knows");
  });
  REQUIRE(text.status == MatchStatus::whole);
  REQUIRE(text.beliefs.size() == 3);
  CHECK(text.beliefs[0].guess.is_nil());
  CHECK(text.beliefs[1].guess.is_nil());
  CHECK(text.beliefs[2].guess == Value("x"));
  CHECK(text.questions[0].why == "unreadable");
  CHECK(text.questions[0].tries == 3);
  REQUIRE(text.memories.size() == 1);
  CHECK(text.memories[0].memory == Value(Value::Record{{"one", true}, {"list", true}}));
  // Any other question that cannot be read still voids the match.
  CHECK(play("text", [](const Question&) { return says("who knows"); }).status == MatchStatus::void_);
  const double hidden = -std::numeric_limits<double>::infinity();
  Transcript scored = play("scored", [&](const Question& q) {
    Reply reply;
    reply.scores = q.request.about.question == "one" ? std::vector<double>{hidden, -.1}
                   : q.place.sample == 1             ? std::vector<double>{-1000, 0}
                                                     : std::vector<double>{hidden, hidden};
    if (q.request.about.question == "choose") reply.scores = {-1, -.5};
    return reply;
  });
  REQUIRE(scored.status == MatchStatus::whole);
  CHECK(scored.beliefs[0].given == -1);
  CHECK(scored.beliefs[0].guess == Value("y"));
  CHECK(scored.beliefs[1].given == 0);
  CHECK(scored.beliefs[2].guess.is_nil());
}

TEST_CASE("units: answers by label and by position") {
  Folder folder;
  std::string replies = "scripted:" + folder.write("j.jsonl", R"({"question": "recognise", "reply": "chicken"}
{"seat": "row", "reply": "J"}
{"question": "predict", "reply": "F"}
{"reply": ["J", "F"]}
)");
  std::string study = folder.write("scripts/study.lua", R"(study { model = ")" + replies + R"(",
    game = "prisoners_dilemma", rounds = 2, repeats = 8, labels = { "J", "F" },
    players = { { strategy = "recognise" }, { strategy = "scot" } },
  })");
  Store store = Store::in_memory();
  Lab(folder, study).run(store);
  Rows rows = units_of(store);
  REQUIRE(rows.columns[11] == "shown_first");
  REQUIRE(rows.columns[12] == "label_first");
  REQUIRE(rows.rows.size() == 16);
  double shown = 0;
  for (const auto& row : rows.rows) {
    // The one says J and nothing else: in half of the blocks J is named first. The other says each once.
    if (row[4] == "row") shown += std::stod(row[11]);
    CHECK(std::stod(row[12]) == (row[4] == "row" ? 1 : .5));
    if (row[4] == "column") CHECK(std::stod(row[11]) == .5);
  }
  CHECK(shown == 4);
}
