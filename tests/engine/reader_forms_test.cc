#include <doctest/doctest.h>

#include <chrono>
#include <iterator>
#include <random>

#include "prompt/reader.h"
#include "reader_kinds.h"

using namespace parley;
using namespace parley::tests;

namespace {

using List = Value::List;
using Record = Value::Record;

}  // namespace

TEST_CASE("reader: JSON and tags that are no answer never stop it") {
  const Kind& jf = kinds().at("jf");
  std::string deep(100000, '[');
  CHECK(read_reply(jf.set, jf.labels, "{" + deep + "}").why == Reading::Why::unreadable);
  CHECK(read_reply(jf.set, jf.labels, std::string(1000, '{') + "\"J\"" + std::string(1000, '}')).action == "cooperate");
  CHECK(read_reply(jf.set, jf.labels, "{\"answer\": {\"answer\": \"J\"}}").action == "cooperate");
  CHECK(read_reply(jf.set, jf.labels, "\\boxed{J").action == "cooperate");
}

TEST_CASE("reader: records") {
  ActionSet set =
      ActionSet::from(Record{{"kind", "record"},
                             {"fields", Record{{"answer", List{"cooperate", "defect"}},
                                               {"bid", Record{{"kind", "range"}, {"lo", 0}, {"hi", 100}, {"step", 1}}},
                                               {"thought", Record{{"kind", "words"}}}}}});
  Labels labels = kinds().at("jf").labels;
  auto read = [&](std::string_view text, std::string_view finish = "stop") {
    Reading reading = read_reply(set, labels, text, finish);
    return reading.why == Reading::Why::read ? value_text(reading.action)
                                             : std::string(why_name(reading.why)) + ": " + reading.reason;
  };
  std::string good = "answer defect, bid 40, thought Hm, J?";
  CHECK(read("<thought>Hm, J?</thought>\n<answer>F</answer>\n<bid>40 points</bid>") == good);
  CHECK(read("Sure:\n<Thought> Hm, J? </Thought><BID>40</BID> and <answer>**Option F**</answer>.") == good);
  CHECK(read("<answer>J</answer><bid>1</bid><thought>x</thought>\nRather:\n<thought>Hm, J?</thought><answer>F</answer>"
             "<bid>40</bid>") == good);
  CHECK(read("```json\n{\"thought\": \"Hm, J?\", \"answer\": \"F\", \"bid\": 40, \"more\": [1]}\n```") == good);
  CHECK(read("{\"Thought\": \"Hm, J?\", \"Answer\": \"F\", \"Bid\": \"40\"}") == good);
  CHECK(read("<think>no</think><thought>Hm, J?</thought><answer>F</answer><bid>40</bid>") == good);
  CHECK(read("<thought></thought><answer>F</answer><bid>40</bid>") == "answer defect, bid 40, thought ");
  CHECK(read("<thought>a</thought><answer>F</answer>") == "unreadable: the part <bid> is missing");
  CHECK(read("<thought>a</thought><answer>F</answer><bid>40") == "unreadable: the part <bid> is missing");
  CHECK(read("<thought>a</thought><answer></answer><bid>40</bid>") == "unreadable: the part <answer> is empty");
  CHECK(read("<thought>a</thought><answer>J or F</answer><bid>40</bid>") ==
        "unreadable: in the part <answer> it names more than one option");
  CHECK(read("<thought>a</thought><answer>I can't answer that.</answer><bid>40</bid>") ==
        "refused: in the part <answer> it declines to answer");
  CHECK(read("<thought>a</thought><answer>F</answer><bid>400</bid>") ==
        "unreadable: in the part <bid> its number is not one of those allowed");
  CHECK(read("F, 40") == "unreadable: the part <answer> is missing");
  CHECK(read("</answer><answer>") == "unreadable: the part <answer> is missing");
  CHECK(read("<thought>a</thought><answer>F</answer><bid>40</bid> and so", "length") ==
        "cut: it was cut off before its end");
  CHECK(read("") == "empty: it is empty");
}

TEST_CASE("reader: records in records, fields of all kinds") {
  ActionSet set = ActionSet::from(Record{
      {"kind", "record"},
      {"fields", Record{{"deal", Record{{"kind", "record"},
                                        {"fields", Record{{"A", List{"A1", "A2"}}, {"B", List{"B1", "B2"}}}}}},
                        {"share", Record{{"kind", "split"}, {"total", 10}, {"names", List{"row", "column"}}}}}}});
  Record good{{"deal", Record{{"A", "A2"}, {"B", "B1"}}}, {"share", Record{{"row", 4}, {"column", 6}}}};
  CHECK(read_reply(set, {}, "<deal><A>A2</A><B>B1</B></deal><share><row>4</row><column>6</column></share>").action ==
        good);
  CHECK(read_reply(set, {}, "{\"deal\": {\"A\": \"a2\", \"B\": \"B1\"}, \"share\": {\"row\": 4, \"column\": 6}}")
            .action == good);
}

TEST_CASE("reader: splits") {
  ActionSet set = ActionSet::from(Record{{"kind", "split"}, {"total", 100}, {"names", List{"me", "them"}}});
  auto read = [&](std::string_view text) {
    Reading reading = read_reply(set, {}, text);
    return reading.why == Reading::Why::read ? value_text(reading.action) : reading.reason;
  };
  CHECK(read("<me>60</me><them>40</them>") == "me 60, them 40");
  CHECK(read("{\"me\": 60, \"them\": 40}") == "me 60, them 40");
  CHECK(read("<me>60 points</me>\n<them>$40</them>") == "me 60, them 40");
  CHECK(read("<me>100</me><them>0</them>") == "me 100, them 0");
  CHECK(read("<me>60</me><them>50</them>") == "its parts do not add up to 100");
  CHECK(read("<me>59.5</me><them>40.5</them>") == "in the part <me> its number is not one of those allowed");
  CHECK(read("<me>120</me><them>-20</them>") == "in the part <me> its number is not one of those allowed");
  CHECK(read("<me>60</me>") == "the part <them> is missing");
  CHECK(read("60 for me and 40 for them") == "the part <me> is missing");
}

TEST_CASE("reader: words") {
  ActionSet set = ActionSet::from(Record{{"kind", "words"}, {"most", 5}});
  auto read = [&](std::string_view text, std::string_view finish = "stop") {
    Reading reading = read_reply(set, {}, text, finish);
    return reading.why == Reading::Why::read ? reading.action.string() : std::string(why_name(reading.why));
  };
  CHECK(read(" \n \"Let's both choose J.\"\n") == "\"Let's both choose J.\"");
  CHECK(read("<think>what shall I say</think>\nHello «there»\n\nyou") == "Hello «there»\n\nyou");
  CHECK(read("a <b>c</b>") == "a <b>c</b>");
  CHECK(read("I cannot do that.") == "I cannot do that.");
  CHECK(read("one two three four five six") == "one two three four five six");
  CHECK(read("Hello th", "length") == "cut");
  CHECK(read(" one two three\nfour fi", "length") == "cut");
  CHECK(read(" one two three\nfour five,", "length") == "cut");  // or "five,six"
  CHECK(read(" one two three\nfour five, si", "length") == "one two three\nfour five,");
  CHECK(why_name(read_reply(ActionSet::from(Record{{"kind", "words"}}), {}, "one two three", "length").why) == "cut");
  CHECK(read("<think>hm</think>") == "empty");
  CHECK(read("no", "refusal") == "refused");
}

TEST_CASE("reader: labels of actions") {
  Labels labels{{"cooperate", "J"}, {"1", "X"}};
  CHECK(label_of(labels, "cooperate") == "J");
  CHECK(label_of(labels, "defect") == "defect");
  CHECK(label_of(labels, 1) == "1");
  CHECK(label_of(labels, .1 + .2) == "0.3");
  CHECK(label_of(labels, true) == "true");
  CHECK(why_name(Reading::Why::unreadable) == "unreadable");
}

TEST_CASE("reader: every label of a set is read back, and so is every number as printed") {
  for (const auto& [name, kind] : kinds()) {
    for (size_t i = 0; i < kind.set.size(); ++i) {
      std::string label = label_of(kind.labels, kind.set.at(i));
      CAPTURE(name);
      CAPTURE(label);
      for (const std::string& text :
           {label, " " + label + "\n", "**" + label + "**", "Answer: " + label, "\"" + label + "\"."}) {
        Reading reading = read_reply(kind.set, kind.labels, text);
        CHECK(reading.why == Reading::Why::read);
        CHECK(reading.action == kind.set.at(i));
      }
    }
  }
}

TEST_CASE("reader: random bytes never crash, and what is read is in the set") {
  const std::string_view pieces[] = {
      "J",   "F", "A",    "I",        "not ",   " or ", ", ",        ". ",       "\n",       "**",      "\"", "{",
      "}",   "<", ">",    "</",       "answer", ": ",   "I choose ", "if ",      "40",       "1,250",   "-",  "%",
      "'s ", "“", "\xc3", "\xe2\x80", "合作",   "不",   "<think>",   "</think>", "\\boxed{", "twenty ", "k",  " "};
  std::mt19937 chance(2);
  size_t read = 0;
  ActionSet record = ActionSet::from(Record{{"kind", "record"}, {"fields", Record{{"answer", List{"J", "F"}}}}});
  for (int i = 0; i < 30000; ++i) {
    std::string text;
    for (unsigned n = chance() % 14; n > 0; --n) {
      if (chance() % 10 == 0)
        text += static_cast<char>(chance());
      else
        text += pieces[chance() % std::size(pieces)];
    }
    auto kind = kinds().begin();
    std::advance(kind, chance() % kinds().size());
    const char* finish = chance() % 4 ? "stop" : "length";
    Reading reading = read_reply(kind->second.set, kind->second.labels, text, finish, chance() % 2 == 0);
    if (reading.why == Reading::Why::read) {
      ++read;
      CHECK(kind->second.set.contains(reading.action));
    } else {
      CHECK(!reading.reason.empty());
    }
    read_reply(record, {}, text, finish);
  }
  CHECK(read > 300);
}

TEST_CASE("reader: a long reply takes no long time") {
  std::string same, mixed, digits, tags;
  for (int i = 0; i < 20000; ++i) {
    same += "J ";
    mixed += i % 2 ? "if I choose J, they " : "will not choose F and ";
    digits += std::to_string(i) + " ";
    tags += "<answer>{\"";
  }
  const Kind &jf = kinds().at("jf"), &pie = kinds().at("pie");
  auto begin = std::chrono::steady_clock::now();
  for (const std::string& text : {same, mixed, digits, tags}) {
    read_reply(jf.set, jf.labels, text);
    read_reply(pie.set, pie.labels, text);
  }
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  MESSAGE("eight replies of 40 to 400 kB: " << seconds << " s");
  begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10000; ++i) read_reply(jf.set, jf.labels, i % 2 ? "J" : "I choose Option F.");
  double each = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() / 10000;
  MESSAGE("a short reply: " << each << " us");
  CHECK(each < 1000);
}
