#include <doctest/doctest.h>

#include <cmath>

#include "base/error.h"
#include "base/json.h"
#include "model/anthropic.h"
#include "model/openai.h"
#include "model/pace.h"
#include "prompt/schema.h"

using namespace parley;
using namespace std::chrono_literals;

namespace {

Pace::Time at(Pace::Span since) { return Pace::Time{} + 1h + since; }

Request chat(ReadMode read) {
  Request r;
  r.read = read;
  r.messages = {{"system", "You play."}, {"user", "Option J or Option F?"}};
  r.labels = {"J", "F"};
  if (read == ReadMode::constrained)
    r.schema =
        answer_schema(ActionSet::from(Value::List{"cooperate", "defect"}), {{"cooperate", "J"}, {"defect", "F"}});
  r.sampling = Value::Record{{"temperature", .7}, {"max_tokens", 9}, {"reasoning", "low"}};
  return r;
}

Request text(ReadMode read) {
  Request r = chat(read);
  r.messages = {{"text", "You play.\n"}};
  r.cue = "Answer: Option";
  return r;
}

}  // namespace

TEST_CASE("pace: the limit is halved once for all in flight, then grows by one a round") {
  Pace pace(32, 0);
  CHECK(pace.limit() == 32);
  for (int i = 0; i < 32; ++i) pace.started(at(2s));
  CHECK(pace.room(at(2s)) == 0);
  for (int i = 0; i < 32; ++i) pace.ended(at(2s), at(3s), i < 5);  // five are pressed: one halving
  CHECK(pace.limit() == 17);                                       // 16, and what the others let through
  for (int round = 0; round < 3; ++round) {
    int n = pace.room(at(4s));
    for (int i = 0; i < n; ++i) pace.started(at(5s + round * 1s));
    for (int i = 0; i < n; ++i) pace.ended(at(5s + round * 1s), at(5500ms + round * 1s), false);
  }
  CHECK(pace.limit() == 20);
  for (int i = 0; i < 10; ++i) {
    pace.started(at(20s + i * 1s));
    pace.ended(at(20s + i * 1s), at(20500ms + i * 1s), true);
  }
  CHECK(pace.limit() == 1);
  CHECK(pace.in_flight() == 0);
  Pace small(4, 0);
  CHECK(small.limit() == 4);
}

TEST_CASE("pace: requests a minute") {
  Pace pace(100, 3);
  for (int i = 0; i < 3; ++i) {
    CHECK(pace.room(at(0s)) == 3 - i);
    pace.started(at(0s));
    pace.ended(at(0s), at(0s), false);
  }
  CHECK(pace.room(at(59s)) == 0);
  CHECK(pace.room(at(60s)) == 3);
}

TEST_CASE("pace: back-off") {
  auto ms = [](Pace::Span span) { return std::chrono::duration_cast<std::chrono::milliseconds>(span).count(); };
  CHECK(ms(Pace::back_off(2, std::nullopt, 0)) == 500);
  CHECK(ms(Pace::back_off(2, std::nullopt, .5)) == 375);
  CHECK(ms(Pace::back_off(5, std::nullopt, 0)) == 4000);
  CHECK(ms(Pace::back_off(30, std::nullopt, 0)) == 30000);
  CHECK(ms(Pace::back_off(2, 7s, 0)) == 7000);
  CHECK(ms(Pace::back_off(2, 1h, 0)) == 120000);
  CHECK(Pace::retry_after("3", 0) == 3s);
  CHECK(Pace::retry_after("0", 0) == 0s);
  CHECK(Pace::retry_after("Wed, 21 Oct 2015 07:28:00 GMT", 1445412470) == 10s);
  CHECK(Pace::retry_after("Wed, 21 Oct 2015 07:28:00 GMT", 1445412490) == 0s);
  CHECK(Pace::retry_after("9223372036854775807", 0) == 2min);  // no number is too large
  CHECK(Pace::retry_after("1732700000000", 0) == 2min);
  CHECK(!Pace::retry_after("soon", 0));
  CHECK(!Pace::retry_after("Wed, 21 Foo 2015 07:28:00 GMT", 0));
  CHECK(!Pace::retry_after("3.5", 0));
}

TEST_CASE("openai: what is sent") {
  auto dialect = openai_dialect({"m", "k"});
  CHECK(dialect->headers() == std::vector<std::string>{"Content-Type: application/json", "Authorization: Bearer k"});
  CHECK(openai_dialect({"m", ""})->headers().size() == 1);
  auto call = dialect->call(chat(ReadMode::text));
  CHECK(call.path == "/chat/completions");
  CHECK(
      call.body ==
      R"({"max_tokens":9,"messages":[{"content":"You play.","role":"system"},{"content":"Option J or Option F?","role":"user"}],)"
      R"("model":"m","reasoning_effort":"low","temperature":0.7})");
  CHECK(from_json(openai_dialect({"m", "k", {.max_tokens = "max_completion_tokens"}})
                      ->call(chat(ReadMode::text))
                      .body)["max_completion_tokens"] == Value(9));
  Value scored = from_json(dialect->call(chat(ReadMode::scored)).body);
  CHECK(scored["logprobs"] == Value(true));
  CHECK(scored["top_logprobs"] == Value(20));
  CHECK(scored["max_tokens"] == Value(1));
  CHECK(scored["temperature"].is_nil());
  Value held = from_json(dialect->call(chat(ReadMode::constrained)).body)["response_format"]["json_schema"]["schema"];
  CHECK(held["properties"]["answer"]["enum"] == Value(Value::List{"J", "F"}));
  call = dialect->call(text(ReadMode::scored));
  CHECK(call.path == "/completions");
  CHECK(call.body == R"({"logprobs":20,"max_tokens":1,"model":"m","prompt":"You play.\nAnswer: Option"})");
  Request more = chat(ReadMode::text);
  more.sampling = Value::Record{{"extra", Value::Record{{"top_k", 3}}}};
  CHECK(from_json(dialect->call(more).body)["top_k"] == Value(3));
}

TEST_CASE("openai: what comes back") {
  auto dialect = openai_dialect({"m", "k"});
  Reply reply = dialect->read(chat(ReadMode::text),
                              R"({"model":"m-1","system_fingerprint":"fp","choices":[{"finish_reason":"length",
    "message":{"content":"J","reasoning_content":"Hm."}}],"usage":{"prompt_tokens":7,"completion_tokens":5,
    "prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":3}}})");
  CHECK(!reply.failure);
  CHECK(reply.text == "J");
  CHECK(reply.finish == "length");
  CHECK(reply.thinking == "Hm.");
  CHECK(reply.served == "m-1 fp");
  CHECK(reply.usage.input == 7);
  CHECK(reply.usage.cached == 4);
  CHECK(reply.usage.output == 5);
  CHECK(reply.usage.reasoning == 3);
  reply = dialect->read(chat(ReadMode::text),
                        R"({"choices":[{"finish_reason":"stop","message":{"content":null,"refusal":"No."}}]})");
  CHECK(reply.finish == "refusal");
  CHECK(reply.text == "No.");
  reply = dialect->read(
      chat(ReadMode::text),
      R"({"choices":[{"finish_reason":"content_filter","message":{"content":[{"type":"text","text":"J"}]}}]})");
  CHECK(reply.finish == "filter");
  CHECK(reply.text == "J");
  for (const char* body :
       {"", "[]", "{}", "nothing", R"({"choices":[]})", R"({"choices":[1]})", R"({"choices":[{"message":3}]})"}) {
    CAPTURE(body);
    reply = dialect->read(chat(ReadMode::text), body);
    REQUIRE(reply.failure);
    CHECK(reply.failure->size == Failure::Size::again);
  }
}

TEST_CASE("openai: scores are those of one-token labels that the server shows") {
  auto dialect = openai_dialect({"m", "k"});
  Reply reply = dialect->read(chat(ReadMode::scored),
                              R"({"choices":[{"message":{"content":"J"},"logprobs":{"content":[{"top_logprobs":
    [{"token":"J","logprob":-0.25},{"token":" F","logprob":-1}]}]}}]})");
  REQUIRE(reply.scores.size() == 2);
  CHECK(reply.scores[0] == -.25);
  CHECK(std::isinf(reply.scores[1]));  // " F" is another answer of a chat than "F"
  CHECK(reply.text == "");
  CHECK(reply.to_value()["scores"] == Value(Value::List{-.25, Value()}));
  CHECK(std::isinf(reply.scores[1]));
  reply = dialect->read(text(ReadMode::scored),
                        R"({"choices":[{"text":" J","logprobs":{"top_logprobs":[{" J":-0.5," F":-1.5,"J":-2}]}}]})");
  CHECK(reply.scores == std::vector<double>{-.5, -1.5});
  reply = dialect->read(text(ReadMode::scored), R"({"choices":[{"text":" J","logprobs":null}]})");
  REQUIRE(reply.failure);
  CHECK(reply.failure->size == Failure::Size::model);
  CHECK(reply.failure->what ==
        "openai:m gives no log-probabilities: choices cannot be read by score (read = \"constrained\" or \"text\")");
}

TEST_CASE("models.json: what it may say") {
  auto said = [](const char* json, const char* model = "openai:m") {
    return profile_of(from_json(json), "models.json", model);
  };
  auto wrong = [&](const char* json) -> std::string {
    try {
      said(json);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  Profile p = said(R"({"openai:m": {"base_url": "http://a/v1", "key": "K", "schema": "json_object", "top_logprobs": 5,
                     "max_in_flight": 8, "rpm": 60, "refuses": ["temperature"]}, "openai:*": {"rpm": 9}})");
  CHECK(p.base_urls == std::vector<std::string>{"http://a/v1"});
  CHECK(p.key == "K");
  CHECK(p.top_logprobs == 5);
  CHECK(p.in_flight == 8);
  CHECK(p.a_minute == 60);
  CHECK(said(R"({"openai:*": {"rpm": 9, "base_url": ["http://a", "http://b"]}})", "openai:x").base_urls.size() == 2);
  CHECK(said(R"({"openai:x": {"rpm": 9}})").a_minute == 0);
  CHECK(wrong("[1]") == "models.json: a table of models by name is wanted: {\"openai:NAME\": {...}}");
  CHECK(wrong(R"({"openai:m": {"bas_url": "x"}})") ==
        "models.json: 'openai:m' has no field 'bas_url' (did you mean 'base_url'?)");
  CHECK(wrong(R"({"openai:m": {"rpm": 0}})") == "models.json: 'rpm' of 'openai:m' is a whole number of 1 or more");
  CHECK(wrong(R"({"openai:m": {"price": 3}})") ==
        "models.json: 'price' of 'openai:m' is a table: {\"input\": 2, \"output\": 8}, money for a million tokens");
  CHECK(wrong(R"({"openai:m": {"price": {"input": 3}}})") ==
        "models.json: 'price' of 'openai:m' has no 'output': what a million tokens of it cost");
  CHECK(wrong(R"({"openai:m": {"price": {"input": 3, "outptu": 1}}})") ==
        "models.json: 'price' of 'openai:m' has no 'outptu' (did you mean 'output'?)");
  CHECK(wrong(R"({"openai:m": {"price": {"input": -3, "output": 1}}})") ==
        "models.json: 'price' of 'openai:m': 'input' is money for a million tokens, a number");
  CHECK(wrong(R"({"openai:m": {"max_tokens": "most"}})") ==
        "models.json: 'max_tokens' of 'openai:m' is \"max_tokens\" or \"max_completion_tokens\", not \"most\"");
  CHECK(wrong(R"({"openai:m": {"schema": "xml"}})") ==
        "models.json: 'schema' of 'openai:m' is \"json_schema\" or \"json_object\", not \"xml\"");

  OpenAiOptions options{"m", "k", p};
  auto dialect = openai_dialect(options);
  CHECK(dialect->objection(chat(ReadMode::text)) == "openai:m does not take 'temperature' (models.json says so)");
  Value held = from_json(dialect->call(chat(ReadMode::constrained)).body)["response_format"];
  CHECK(held["type"] == Value("json_object"));
  CHECK(held["schema"]["required"] == Value(Value::List{"answer"}));
  CHECK(from_json(dialect->call(text(ReadMode::scored)).body)["logprobs"] == Value(5));
}

TEST_CASE("schemas of what may be answered") {
  auto schema = [](const Value& set) { return to_json(answer_schema(ActionSet::from(set), {{"a", "J"}})); };
  const std::string head = R"({"additionalProperties":false,"properties":{"answer":)",
                    tail = R"(},"required":["answer"],"type":"object"})";
  CHECK(schema(Value::List{"a", "b"}) == head + R"({"enum":["J","b"],"type":"string"})" + tail);
  CHECK(schema(Value::Record{{"kind", "range"}, {"lo", 0}, {"hi", 1000}, {"step", 1}}) ==
        head + R"({"maximum":1000,"minimum":0,"type":"integer"})" + tail);
  CHECK(schema(Value::Record{{"kind", "range"}, {"lo", 0}, {"hi", 1}, {"step", .1}}) ==
        head + R"({"maximum":1,"minimum":0,"type":"number"})" + tail);
  CHECK(
      schema(
          Value::Record{{"kind", "record"},
                        {"fields", Value::Record{{"x", Value::List{"a"}}, {"t", Value::Record{{"kind", "words"}}}}}}) ==
      R"({"additionalProperties":false,"properties":{"t":{"type":"string"},"x":{"enum":["J"],"type":"string"}},"required":["t","x"],"type":"object"})");
  CHECK(
      schema(Value::Record{{"kind", "split"}, {"total", 5}, {"names", Value::List{"p"}}}) ==
      R"({"additionalProperties":false,"properties":{"p":{"maximum":5,"minimum":0,"type":"integer"}},"required":["p"],"type":"object"})");
}

TEST_CASE("anthropic: what is sent and what comes back") {
  auto dialect = anthropic_dialect("m", "k", {});
  CHECK(dialect->headers().back() == "x-api-key: k");
  CHECK(!dialect->can(ReadMode::scored));
  Request asked = chat(ReadMode::text);
  asked.sampling = Value::Record{{"temperature", .5}};
  auto call = dialect->call(asked);
  CHECK(call.path == "/messages");
  CHECK(
      call.body ==
      R"({"max_tokens":1024,"messages":[{"content":"Option J or Option F?","role":"user"}],"model":"m","system":[{"cache_control":)"
      R"({"type":"ephemeral"},"text":"You play.","type":"text"}],"temperature":0.5})");
  CHECK(dialect->objection(text(ReadMode::text)) ==
        "anthropic:m has no completions, so that format = \"text\" cannot be sent: say format = \"chat\"");
  Value held = from_json(dialect->call(chat(ReadMode::constrained)).body);
  CHECK(held["tool_choice"]["name"] == held["tools"].list()[0]["name"]);
  Reply reply = dialect->read(
      asked, R"({"content":[{"type":"text","text":"I'd rather not."}],"stop_reason":"refusal","model":"m-2"})");
  CHECK(reply.finish == "refusal");
  CHECK(reply.served == "m-2");
  CHECK(dialect->read(asked, R"({"content":[],"stop_reason":"max_tokens"})").finish == "length");
  CHECK(dialect->read(asked, "{}").failure->size == Failure::Size::again);
}
