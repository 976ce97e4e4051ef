// Rules that code messages: what they say of a message, given as `parley code` gives it.
#include <doctest/doctest.h>

#include "base/json.h"
#include "table.h"

using namespace parley;
using namespace parley::test;

namespace {

// The code that a rule gives to a message; `did`, `knew`: JSON lists, as in games/coding/sample.json.
std::string code(const std::string& rule, const std::string& text, const std::string& did, const std::string& knew) {
  Value item = Value::Record{{"speaker", "A"},
                             {"to", Value::List{"B"}},
                             {"text", text},
                             {"before", Value::List{}},
                             {"deeds", from_json(did)},
                             {"secrets", from_json(knew)},
                             {"columns", Value::Record{{"of_match", 1}}}};
  Table table({{"games/coding/item.json", to_json(item)}});
  return moves(
      table.play(table.plan(
          "coding", {rule},
          [&](Rules& rules, std::vector<Player>&) {
            rules.settings = from_json(
                R"({"item": "item", "deeds": true, "secrets": true, "codes": ["lie", "true", "leak", "none"]})");
          })),
      1, "code");
}

std::string by_deed(const std::string& text, const std::string& choice) {
  return code("breaks_word", text,
              R"([{"decision": "meet", "choice": ")" + choice + R"(", "options": ["opera", "match"]}])", "[]");
}
std::string by_secret(const std::string& text) {
  return code("names_secret", text, "[]", R"([{"name": "worth", "value": 30}, {"name": "card", "value": "King"}])");
}

}  // namespace

TEST_CASE("coding: \"breaks_word\" takes a message that names one option for a word given") {
  CHECK(by_deed("I go to the OPERA.", "opera") == "true");
  CHECK(by_deed("I go to the opera.", "match") == "lie");
  CHECK(by_deed("opera-match: who knows", "match") == "none");
  CHECK(by_deed("I won't go to the opera", "match") == "none");
  CHECK(by_deed("I won't go to the opera but the match", "match") == "true");
  CHECK(by_deed("Not the opera, the match!", "opera") == "lie");
  CHECK(by_deed("The operation matches nothing", "match") == "none");
  CHECK(code("breaks_word", "I go to the opera", "[]", "[]") == "none");
  CHECK(code("breaks_word", "I bid 5", R"([{"decision": "bid", "choice": 7, "options": []}])", "[]") == "none");
}

TEST_CASE("coding: \"names_secret\" finds what the speaker alone was told") {
  CHECK(by_secret("It is worth 30.") == "leak");
  CHECK(by_secret("I hold the king, you know") == "leak");
  CHECK(by_secret("It is worth 300, or 3") == "none");
  CHECK(by_secret("It is worth 30.5") == "none");
  CHECK(code("names_secret", "It is worth 30", "[]", "[]") == "none");
  // Of a fact with parts, the part has to be named.
  auto of_sheet = [](const std::string& text) {
    return code("names_secret", text, "[]",
                R"([{"name": "sheet minimum", "value": 50}, {"name": "sheet scores A1", "value": 30},
                    {"name": "sheet scores B1", "value": 3}])");
  };
  CHECK(of_sheet("A1 is worth 30 points to me") == "leak");
  CHECK(of_sheet("My minimum: 50.") == "leak");
  CHECK(of_sheet("For 3 reasons I want A1. It is 30 degrees.") == "none");
  CHECK(of_sheet("B1 and A1") == "none");
  // Of a player, what it is.
  auto of_vision = [](const std::string& text, const std::string& wolf) {
    return code("names_secret", text, "[]",
                R"([{"name": "seen", "value": "B"}, {"name": "wolf", "value": )" + wolf +
                    R"(}, {"name": "told", "value": "seer"}])");
  };
  CHECK(of_vision("B is a wolf", "true") == "leak");
  CHECK(of_vision("B is no wolf", "false") == "leak");
  CHECK(of_vision("B is a wolf", "false") == "none");
  CHECK(of_vision("B is quiet. There is a wolf among us.", "true") == "none");
  CHECK(of_vision("I am the seer!", "true") == "leak");
}
