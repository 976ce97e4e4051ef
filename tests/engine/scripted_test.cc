#include "model/scripted.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"

using namespace parley;

namespace {

struct Script {
  std::string path = "/tmp/parley_scripted_test_" + std::to_string(reinterpret_cast<uintptr_t>(this)) + ".jsonl";
  explicit Script(const std::string& text) { write_file(path, text); }
  ~Script() { std::remove(path.c_str()); }
  std::unique_ptr<Model> open() const { return open_scripted(path); }
  std::string error() const {
    try {
      open();
    } catch (const Error& e) {
      std::string what = e.what();
      return what.starts_with(path) ? "FILE" + what.substr(path.size()) : what;
    }
    return "";
  }
};

Reply ask(Model& model, const Request& request) {
  Mailbox mailbox;
  model.start(7, request, mailbox);
  auto answers = mailbox.take(std::chrono::steady_clock::now() + std::chrono::seconds(5));
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].ticket == 7);
  return answers[0].reply;
}

Request question(const std::string& seat, const std::string& name, int turn = 1, int round = 1) {
  Request request;
  request.about.seat = seat;
  request.about.question = name;
  request.about.decision = "action";
  request.about.turn = turn;
  request.about.round = round;
  return request;
}

}  // namespace

TEST_CASE("a model may answer when whoever asked has gone") {
  const Script script(R"({"reply": "F", "delay_ms": 60000})");
  auto model = script.open();
  {
    Mailbox mailbox;
    model->start(1, question("row", "choose"), mailbox);
  }
  model.reset();  // its answer, a failure, comes to a mailbox that nobody reads
}

TEST_CASE("the first line that fits answers") {
  Script script(R"({"seat": "row", "round": 2, "reply": "second round"}
{"seat": "row", "question": "predict", "reply": "predicted"}

{"seat": "row", "try": 2, "reply": "again", "finish": "length"}
{"decision": "action", "seat": "column", "reply": "column's"}
{"reply": ["a", "b", "c"]}
)");
  auto model = script.open();
  CHECK(ask(*model, question("row", "choose", 1, 2)).text == "second round");
  CHECK(ask(*model, question("row", "predict")).text == "predicted");
  CHECK(ask(*model, question("column", "choose")).text == "column's");
  Request retry = question("row", "choose");
  retry.about.attempt = 2;
  CHECK(ask(*model, retry).text == "again");
  CHECK(ask(*model, retry).finish == "length");
  CHECK(model->identity().starts_with("scripted:"));
  CHECK(model->can(ReadMode::scored));
}

TEST_CASE("a list is taken in turn by place, not by arrival") {
  Script script(R"({"reply": ["a", "b", "c"]})");
  auto model = script.open();
  for (int turn : {3, 1, 2, 5, 4}) {
    CHECK(ask(*model, question("row", "choose", turn)).text == std::string(1, "abcab"[turn - 1]));
  }
}

TEST_CASE("scores and failures") {
  Script script(R"({"seat": "row", "scores": {"J": -0.1, "F": -3}}
{"fail": "again", "what": "busy", "times": 2}
{"reply": "text"}
{"fail": "model"})");
  auto model = script.open();
  Request scored = question("row", "choose");
  scored.read = ReadMode::scored;
  scored.labels = {"F", "J"};
  CHECK(ask(*model, scored).scores == std::vector<double>{-3, -0.1});
  scored.labels = {"F", "Q"};
  Reply none = ask(*model, scored);
  REQUIRE(none.failure);
  CHECK(none.scores.empty());
  CHECK(none.failure->size == Failure::Size::request);
  CHECK(none.failure->what == script.path + ":1: no score for label 'Q'");
  for (int i = 0; i < 2; ++i) {
    Reply busy = ask(*model, question("row", "choose"));
    REQUIRE(busy.failure);
    CHECK(busy.failure->size == Failure::Size::again);
    CHECK(busy.failure->what == "busy");
  }
  CHECK(ask(*model, question("row", "choose")).text == "text");
  scored.about.seat = "column";
  Reply stops = ask(*model, scored);
  REQUIRE(stops.failure);
  CHECK(stops.failure->size == Failure::Size::model);
}

TEST_CASE("no line fits") {
  Script script(R"({"seat": "column", "reply": "x"})");
  Reply reply = ask(*script.open(), question("row", "choose", 1, 3));
  REQUIRE(reply.failure);
  CHECK(reply.failure->size == Failure::Size::request);
  CHECK(reply.failure->what ==
        script.path + ": no line fits seat 'row', question 'choose', decision 'action', round 3, try 1");
}

TEST_CASE("delays, and cancelling them") {
  Script script(R"({"seat": "row", "reply": "late", "delay_ms": 20}
{"reply": "never", "delay_ms": 100000})");
  auto model = script.open();
  Mailbox mailbox;
  model->start(1, question("column", "choose"), mailbox);
  model->start(2, question("row", "choose"), mailbox);
  auto answers = mailbox.take(std::chrono::steady_clock::now() + std::chrono::seconds(5));
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].ticket == 2);
  CHECK(answers[0].reply.text == "late");
  model->cancel();
  answers = mailbox.take(std::chrono::steady_clock::now() + std::chrono::seconds(5));
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].ticket == 1);
  REQUIRE(answers[0].reply.failure);
  CHECK(answers[0].reply.failure->size == Failure::Size::again);
  model->start(3, question("column", "choose"), mailbox);
  model.reset();
  CHECK(mailbox.take(std::chrono::steady_clock::now()).size() == 1);
}

TEST_CASE("lines that are none") {
  const std::pair<const char*, const char*> table[] = {
      {R"({"reply": "x"}
{"reply")",
       "FILE:2: no JSON: "},
      {R"(["x"])", "FILE:1: a scripted answer is a JSON object, not a list"},
      {R"({"replay": "x"})", "FILE:1: a scripted answer has no field 'replay' (did you mean 'reply'?)"},
      {R"({"seat": 1, "reply": "x"})", "FILE:1: 'seat' is text, not a number"},
      {R"({"round": 1.5, "reply": "x"})", "FILE:1: 'round' is a whole number, 0 or more"},
      {R"({"reply": []})", "FILE:1: 'reply' is a list with nothing in it"},
      {R"({"reply": [1]})", "FILE:1: 'reply' is text, not a number"},
      {R"({"seat": "row"})", "FILE:1: a scripted answer has one of 'reply', 'scores' and 'fail'"},
      {R"({"reply": "x", "fail": "again"})", "FILE:1: a scripted answer has one of 'reply', 'scores' and 'fail'"},
      {R"({"scores": {"J": 0.5}})", "FILE:1: the score of 'J' is a log-probability, at most 0"},
      {R"({"scores": [1]})", "FILE:1: 'scores' are log-probabilities by label"},
      {R"({"fail": "agian"})", "FILE:1: 'fail' is again, request or model, not 'agian' (did you mean 'again'?)"},
      {R"({"reply": "x", "finish": "end"})", "FILE:1: 'finish' is stop, length, filter or refusal, not 'end'"},
      {R"({"fail": "again", "finish": "length"})", "FILE:1: 'finish' needs 'reply'"},
      {R"({"reply": "x", "what": "y"})", "FILE:1: 'what' says why it fails: it needs 'fail'"},
      {R"({"reply": "x", "times": 2})", "FILE:1: 'times' is how often it fails: it needs 'fail'"},
      {"\n", "FILE: no scripted answers in it"},
  };
  for (const auto& [text, error] : table) {
    std::string what = Script(text).error();
    if (std::string_view(error).ends_with("no JSON: ")) {
      CHECK(what.starts_with(error));
    } else {
      CHECK(what == error);
    }
  }
  CHECK_THROWS_WITH_AS(open_scripted("/nowhere.jsonl"), "cannot read '/nowhere.jsonl': No such file or directory",
                       Error);
}

TEST_CASE("random: legal, by the draw alone") {
  auto model = random_model();
  Request request;
  auto text = [&](const char* set, uint64_t draw) {
    request.about.actions = from_json(set);
    request.draw = draw;
    return ask(*model, request).text;
  };
  std::set<std::string> seen;
  for (uint64_t draw = 0; draw < 100; ++draw) {
    seen.insert(text(R"(["J", 3, true])", draw));
    CHECK(text(R"(["J", 3, true])", draw) == text(R"(["J", 3, true])", draw));
  }
  CHECK(seen == std::set<std::string>{"J", "3", "true"});
  seen.clear();
  for (uint64_t draw = 0; draw < 100; ++draw)
    seen.insert(text(R"({"kind": "range", "lo": 0.1, "hi": 0.5, "step": 0.1})", draw));
  CHECK(seen == std::set<std::string>{"0.1", "0.2", "0.3", "0.4", "0.5"});
  seen.clear();
  for (uint64_t draw = 0; draw < 300; ++draw) {
    seen.insert(text(R"({"kind": "split", "total": 2, "names": ["a", "b"]})", draw));
    std::string record =
        text(R"({"kind": "record", "fields": {"bid": {"kind": "range", "lo": 1, "hi": 2, "step": 1}, "say": ["hi"]}})",
             draw);
    bool legal = record == "<bid>1</bid>\n<say>hi</say>" || record == "<bid>2</bid>\n<say>hi</say>";
    CHECK(legal);
    CHECK(!text(R"({"kind": "words", "most": 5})", draw).empty());
  }
  CHECK(seen == std::set<std::string>{"<a>0</a>\n<b>2</b>", "<a>1</a>\n<b>1</b>", "<a>2</a>\n<b>0</b>"});
  request.about.actions = {};
  CHECK(!ask(*model, request).text.empty());

  request.read = ReadMode::scored;
  request.labels = {"J", "F"};
  int first = 0;
  for (uint64_t draw = 0; draw < 1000; ++draw) {
    request.messages = {{"user", std::to_string(draw)}};
    std::vector<double> scores = ask(*model, request).scores;
    REQUIRE(scores.size() == 2);
    request.draw = draw;
    CHECK(ask(*model, request).scores == scores);  // a function of the request
    double mass = std::exp(scores[0]) + std::exp(scores[1]);
    CHECK(mass < 1);
    CHECK(mass > 0.49);
    first += scores[0] > scores[1];
  }
  CHECK(first > 420);
  CHECK(first < 580);

  request.read = ReadMode::constrained;
  std::string label = ask(*model, request).text;
  bool legal = label == "J" || label == "F";
  CHECK(legal);
  request.labels.clear();
  request.schema = Value::Record{{"type", "object"}};
  request.about.actions = from_json(R"({"kind": "record", "fields": {"bid": [4]}})");
  CHECK(ask(*model, request).text == R"({"bid":4})");
}

TEST_CASE("hold: nothing until cancel") {
  auto model = holding_model();
  Mailbox mailbox;
  for (Ticket t = 0; t < 10000; ++t) model->start(t, Request{}, mailbox);
  CHECK(mailbox.take(std::chrono::steady_clock::now()).empty());
  CHECK(model->room() > 0);
  model->cancel();
  auto answers = mailbox.take(std::chrono::steady_clock::now());
  REQUIRE(answers.size() == 10000);
  CHECK(answers[0].reply.failure.has_value());
}
