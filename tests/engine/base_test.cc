#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/random.h"
#include "base/text.h"
#include "base/value.h"

using namespace parley;

TEST_CASE("value: order, fields, and what people read") {
  Value record = Value::Record{{"b", 2}, {"a", Value::List{1, "x", true}}};
  CHECK(record["a"].list().size() == 3);
  CHECK(record["c"].is_nil());
  CHECK(record.with("c", 3)["c"] == Value(3));
  CHECK(record.with("b", Value())["b"].is_nil());
  CHECK(value_text(record) == "a (1, x, true), b 2");
  CHECK(Value(1) < Value("1"));
  CHECK(Value(Value::List{1, 2}) < Value(Value::List{1, 3}));
}

TEST_CASE("value: numbers as they are read") {
  CHECK(number_text(0.1 + 0.2) == "0.3");
  CHECK(number_text(-0.0) == "0");
  CHECK(number_text(1e14) == "100000000000000");
  CHECK(number_text(2.0 / 3) == "0.666666666667");
  CHECK(number_text(-7.5) == "-7.5");
}

TEST_CASE("text: the number that a text is") {
  const std::pair<const char*, double> numbers[] = {{"5", 5},    {"+5", 5}, {"-5", -5},
                                                    {"+.5", .5}, {"5.", 5}, {"1e-3", .001}};
  for (const auto& [text, is] : numbers) {
    CAPTURE(text);
    CHECK(number_in(text) == is);
  }
  for (const char* text : {"", " 5", "5 ", "0x8", "inf", "-nan", "1e999", "+-5", "++5", "+", "1,5", "5tok"}) {
    CAPTURE(text);
    CHECK(!number_in(text));
  }
  CHECK(trimmed(" \t\r\n a b\f\v ") == "a b");
  CHECK(trimmed(" \n").empty());
}

TEST_CASE("text: names in the order of people, which is one order") {
  std::vector<std::string> names = {"b10", "10", "a", "b9", "-1a", "9", "-1", "b9a", "-2", "B"};
  std::sort(names.begin(), names.end(), natural_before);
  CHECK(names == std::vector<std::string>{"-2", "-1", "9", "10", "-1a", "B", "a", "b9", "b9a", "b10"});
  const std::vector<std::string> odd = {"",    "0",   "00",  "-0",  "+0",  "1",   "01",   "1.0",  "1e0", "-1",
                                        "-2",  "-1a", "1a",  "01a", "2",   "10",  "10a",  "a",    "a1",  "a01",
                                        "a10", "a2",  "a ",  " a",  "1 a", ".5",  "0.5",  "5%",   "inf", "nan",
                                        "é",   "-",   "1-2", "1-1", "A",   "a1b", "a1b2", "1e999"};
  for (const std::string& a : odd) {
    for (const std::string& b : odd) {
      CAPTURE(a);
      CAPTURE(b);
      CHECK(natural_before(a, b) + natural_before(b, a) == (a == b ? 0 : 1));
      for (const std::string& c : odd) {
        if (!natural_before(a, b) || !natural_before(b, c) || natural_before(a, c)) continue;
        FAIL_CHECK("before '" << c << "'");
      }
    }
  }
}

TEST_CASE("json: canonical, and back") {
  CHECK(to_json(Value::Record{{"b", 1}, {"a", Value::List{}}}) == R"({"a":[],"b":1})");
  CHECK(to_json("a\n\"\\\t") == R"("a\n\"\\\t")");
  CHECK(to_json("\x01") == R"("\u0001")");
  CHECK(to_json("h\xc3\xa9") == "\"h\xc3\xa9\"");
  CHECK(to_json("\xff") == "\"\xef\xbf\xbd\"");
  CHECK(to_json(0.1) == "0.1");
  CHECK(to_json(1e20) == "1e+20");
  CHECK_THROWS_WITH_AS(to_json(std::nan("")), "a number that is not finite cannot be stored", Error);
  Value value = Value::Record{{"x", Value::List{1.5, "a\nb", true, Value()}}};
  CHECK(from_json(to_json(value)) == value);
  CHECK_THROWS_WITH_AS(from_json("{\n\"a\": 1,\n}"), doctest::Contains("line 3: no JSON: "), Error);
}

TEST_CASE("error: what was probably meant") {
  CHECK(did_you_mean("actoins", {"actions", "about"}) == " (did you mean 'actions'?)");
  CHECK(did_you_mean("xyzzy", {"actions", "about"}) == "");
  CHECK(joined({"a", "b", "c"}) == "a, b and c");
}

TEST_CASE("hash: SHA-256 of a known text (FIPS 180-2, appendix B.1)") {
  CHECK(hash_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("random: pure, even, and apart from its neighbours") {
  Draws draws("a key");
  CHECK(draws.unit(1, 2, 3) == Draws("a key").unit(1, 2, 3));
  CHECK(draws.unit(1, 2, 3) != Draws("another").unit(1, 2, 3));
  double sum = 0;
  std::set<uint64_t> seen;
  std::vector<int> die(6);
  for (uint64_t i = 0; i < 60000; ++i) {
    sum += draws.unit(i);
    seen.insert(draws.bits(1, i));
    ++die[draws.below(6, 2, i)];
  }
  CHECK(std::fabs(sum / 60000 - .5) < .01);
  CHECK(seen.size() == 60000);
  for (int count : die) CHECK(std::abs(count - 10000) < 500);
}
