#include "prompt/template.h"

#include <doctest/doctest.h>

#include <chrono>
#include <random>

#include "base/error.h"

using namespace parley;

namespace {

using List = Value::List;
using Record = Value::Record;

// Answers from one record; the value of the last question lies in `last`, as a scope may keep it.
class Holes : public Scope {
 public:
  explicit Holes(Record values) : values_(std::move(values)) {}
  const Value* find(std::string_view name) const override {
    auto at = values_.find(name);
    if (at == values_.end()) return nullptr;
    last_ = at->second;
    return &last_;
  }
  std::vector<std::string> names() const override {
    std::vector<std::string> out;
    for (const auto& [name, value] : values_) out.push_back(name);
    return out;
  }

 private:
  Record values_;
  mutable Value last_;
};

using Phrasebook = std::map<std::string, std::string, std::less<>>;

std::string shown(std::string_view text, Record values = {}, const Phrasebook& book = {}, Unit unit = {}) {
  std::map<std::string, Template, std::less<>> phrases;
  for (const auto& [name, phrase] : book) phrases.emplace(name, Template::parse(phrase, "covers/c.txt", 20));
  auto find = [&](std::string_view name) {
    auto at = phrases.find(name);
    return at == phrases.end() ? nullptr : &at->second;
  };
  return Template::parse(text, "p.txt", 7).render(Holes(std::move(values)), find, unit);
}

std::string mistake(std::string_view text, Record values = {}, const Phrasebook& book = {}) {
  try {
    return "no error: " + shown(text, std::move(values), book);
  } catch (const Error& e) {
    return e.what();
  }
}

const List kOptions = {"J", "F", "K"};
const List kRounds = {Record{{"round", 1}, {"action", Record{{"mine", "J"}, {"theirs", "F"}}}},
                      Record{{"round", 2}, {"action", Record{{"mine", "F"}, {"theirs", false}}}}};

}  // namespace

TEST_CASE("template: text and holes, byte for byte") {
  CHECK(shown("") == "");
  CHECK(shown(" a\n\n b \n") == " a\n\n b \n");
  CHECK(shown("a\r\n\tb}}c{d} { {") == "a\r\n\tb}}c{d} { {");
  CHECK(shown("{{x}}", {{"x", "1 < 2 & \"3\""}}) == "1 < 2 & \"3\"");
  CHECK(shown("{{ x }}{{x\t}}", {{"x", "a"}}) == "aa");
  CHECK(shown("{{x}}\n{{x}}\n", {{"x", ""}}) == "\n\n");
  CHECK(shown("{\"a\": {{x}}}", {{"x", 1}}) == "{\"a\": 1}");
  CHECK(shown("{{größe}}", {{"größe", "ok"}}) == "ok");
  CHECK(shown("{{choice.player 1}}", {{"choice", Record{{"player 1", "J"}}}}) == "J");
  // A value is never taken for a template.
  CHECK(shown("{{x}}|{{>p}}", {{"x", "{{y}}{{#x}}\n{{/x}}"}}, {{"p", "{{x}}"}}) ==
        "{{y}}{{#x}}\n{{/x}}|{{y}}{{#x}}\n{{/x}}");
}

TEST_CASE("template: numbers and their formats") {
  CHECK(shown("{{x}}", {{"x", 10}}) == "10");
  CHECK(shown("{{x}}", {{"x", .1 + .2}}) == "0.3");
  CHECK(shown("{{x}}", {{"x", -0.0}}) == "0");
  CHECK(shown("{{x:.2f}} {{x:8.3f}}|{{x:+.1f}} {{x:.0f}}", {{"x", 3.14159}}) == "3.14    3.142|+3.1 3");
  CHECK(shown("{{x:03d}} {{x:<4}}|{{x:.1e}} {{x:.3}}", {{"x", 7}}) == "007 7   |7.0e+00 7");
  CHECK(shown("{{x:#}}", {{"x", 8}}) == "8.0");
  CHECK(shown("{{x:#}}", {{"x", .25}}) == "0.25");
  CHECK(shown("{{x:#}}", {{"x", 1e20}}) == "1.0e+20");
  CHECK(shown("{{x : unit}}", {{"x", 1}}) == "1 point");
  for (double n : {0., 2., 1.5, .5}) CHECK(format_number(n, "unit", {"vote", "votes"}) == number_text(n) + " votes");
  CHECK(format_number(-1, "unit", {"vote", "votes"}) == "-1 vote");
  CHECK_THROWS_WITH_AS(format_number(1, "x", {}), "'x' is no format for a number", Error);
  CHECK_THROWS_WITH_AS(format_number(1, "999d", {}), "'999d' is no format for a number", Error);
  CHECK_THROWS_WITH_AS(format_number(1, "", {}), "'' is no format for a number", Error);
  CHECK(mistake("{{x:d}}", {{"x", .5}}) == "p.txt:7: 0.5 is no whole number, as the format 'd' wants");
  CHECK(shown("{{#l}}{{.:unit}} {{@number:.1f}};{{/l}}", {{"l", List{1, 2}}}) == "1 point 1.0;2 points 2.0;");
}

TEST_CASE("template: what is false") {
  auto yes = [](Value v) { return shown("{{#x}}yes{{/x}}{{^x}}no{{/x}}", {{"x", std::move(v)}}); };
  CHECK(yes(false) == "no");
  CHECK(yes(Value()) == "no");
  CHECK(yes(List{}) == "no");
  CHECK(yes("") == "no");
  CHECK(yes(true) == "yes");
  CHECK(yes(0) == "yes");
  CHECK(yes("0") == "yes");
  CHECK(yes(" ") == "yes");
  CHECK(yes(Record{}) == "yes");
  CHECK(yes(List{false}) == "yes");
}

TEST_CASE("template: sections over lists") {
  Record options{{"options", kOptions}};
  CHECK(shown("{{#options}}{{^@first}}{{^@last}}, {{/@last}}{{#@last}} or {{/@last}}{{/@first}}{{.}}{{/options}}",
              options) == "J, F or K");
  CHECK(shown("{{#options}}{{@number}}{{.}}{{/options}}", options) == "1J2F3K");
  CHECK(shown("{{options.count}}{{#options.any}}!{{/options.any}}", options) == "3!");
  CHECK(shown("{{options.count}}{{#options.any}}!{{/options.any}}", {{"options", List{}}}) == "0");
  CHECK(shown("{{#history}}{{round}}{{action.mine}}{{#action.theirs}}{{action.theirs}}{{/action.theirs}}"
              "{{^action.theirs}}?{{/action.theirs}};{{/history}}",
              {{"history", kRounds}}) == "1JF;2F?;");
  // An item's fields come first, what is around is seen behind them.
  CHECK(shown("{{#history}}{{round}}/{{rounds}} {{/history}}{{round}}",
              {{"history", kRounds}, {"round", 9}, {"rounds", 5}}) == "1/5 2/5 9");
  // A section over what is true and no list changes neither the item nor its place.
  CHECK(shown("{{#options}}{{#me}}{{#@last}}{{.}}{{@number}}{{/@last}}{{/me}}{{/options}}",
              {{"options", kOptions}, {"me", "x"}}) == "K3");
  CHECK(shown("{{#a}}{{#b}}{{.}}{{@number}}{{/b}}{{@number}};{{/a}}", {{"a", List{1, 2}}, {"b", List{"x", "y"}}}) ==
        "x1y21;x1y22;");
  CHECK(shown("{{#a}}{{#.}}{{.}}{{/.}};{{/a}}", {{"a", List{List{1, 2}, List{3}}}}) == "12;3;");
  CHECK(shown("{{#a}}{{#.}}t{{/.}}{{^.}}f{{/.}}{{/a}}", {{"a", List{true, false}}}) == "tf");
  CHECK(shown("{{#a.b.count}}{{#a.b}}{{.}}{{/a.b}}{{/a.b.count}}", {{"a", Record{{"b", List{"x"}}}}}) == "x");
  CHECK(shown("{{#l}}{{#x}}{{v}}{{/x}}{{/l}}",
              {{"l", List{Record{{"x", List{Record{{"v", 1}}, Record{{"v", 2}}}}}}}}) == "12");
}

TEST_CASE("template: sections over records, names with dots") {
  Record range{{"options.range", Record{{"lo", 0}, {"hi", 10}}}, {"options", false}};
  CHECK(shown("{{#options.range}}{{lo}}-{{hi}}{{/options.range}}{{^options}}!{{/options}}", range) == "0-10!");
  CHECK(shown("{{options.range.hi}}", range) == "10");
  CHECK(shown("{{#r}}{{#r.a}}{{b}}{{/r.a}}{{a.b}}{{/r}}", {{"r", Record{{"a", Record{{"b", 1}}}}}}) == "11");
  CHECK(shown("{{a.b.c}}", {{"a", Record{{"b.c", 2}, {"b", Record{{"c", 1}}}}}}) == "2");
  CHECK(shown("{{a.b.c}}", {{"a.b", Record{{"c", 2}}}, {"a", Record{{"b", Record{{"c", 1}}}}}}) == "2");
  // A part of what is false is false.
  CHECK(shown("{{#x.y.z}}a{{/x.y.z}}{{^x.y.z}}b{{/x.y.z}}", {{"x", Record{{"y", false}}}}) == "b");
  CHECK(shown("{{^x.y}}b{{/x.y}}", {{"x", Value()}}) == "b");
  // The innermost that has a part of the name decides.
  CHECK(mistake("{{#r}}{{a.c}}{{/r}}", {{"r", Record{{"a", Record{{"b", 1}}}}}, {"a", Record{{"c", 1}}}}) ==
        "p.txt:7: nothing fills the hole 'a.c' (did you mean 'a.b'?); there are: a.b");
}

TEST_CASE("template: whether a name is mine") {
  const Record values = {
      {"me", "A"},
      {"winner", "A"},
      {"loser", "B"},
      {"nobody", false},
      {"votes", List{Record{{"name", "A"}, {"choice", "B"}}, Record{{"name", "B"}, {"choice", "A"}}}}};
  CHECK(shown("{{#winner.me}}you{{/winner.me}}{{^loser.me}} beat {{loser}}{{/loser.me}}", values) == "you beat B");
  CHECK(shown("{{#votes}}{{#name.me}}you{{/name.me}}{{^name.me}}{{name}}{{/name.me}} for "
              "{{#choice.me}}you{{/choice.me}}{{^choice.me}}{{choice}}{{/choice.me}}. {{/votes}}",
              values) == "you for B. B for you. ");
  CHECK(shown("{{#nobody.me}}you{{/nobody.me}}{{^nobody.me}}-{{/nobody.me}}", values) == "-");
  CHECK(mistake("{{#winner.mine}}you{{/winner.mine}}", values) ==
        "p.txt:7: nothing fills the section 'winner.mine': 'winner' is text");
  CHECK(mistake("{{#winner.me}}you{{/winner.me}}", {{"winner", "A"}}) ==
        "p.txt:7: nothing fills the section 'winner.me': 'winner' is text");
}

TEST_CASE("template: a line that is one section tag or comment goes with its newline, and no other") {
  for (bool on : {true, false}) {
    Record x{{"x", on}, {"y", on ? Value(List{1, 2}) : Value(List{})}};
    std::string mid = on ? "b\n" : "";
    CHECK(shown("a\n{{#x}}\nb\n{{/x}}\nc\n", x) == "a\n" + mid + "c\n");
    CHECK(shown("{{#x}}\nb\n{{/x}}", x) == mid);
    CHECK(shown("a\n {{#x}}\nb\n{{/x}}\nc", x) == "a\n " + std::string(on ? "\nb\n" : "") + "c");
    CHECK(shown("a\n{{#x}} \nb\n{{/x}}\nc", x) == "a\n" + std::string(on ? " \nb\n" : "") + "c");
    CHECK(shown("a\n{{#x}}b{{/x}}\nc", x) == "a\n" + std::string(on ? "b" : "") + "\nc");
    CHECK(shown("a\n{{#x}}{{/x}}\nc", x) == "a\n\nc");
    CHECK(shown("a\n{{#x}}\n\n{{/x}}\nc", x) == "a\n" + std::string(on ? "\n" : "") + "c");
    CHECK(shown("a\n{{#y}}\n{{.}}\n{{/y}}\nc", x) == "a\n" + std::string(on ? "1\n2\n" : "") + "c");
    CHECK(shown("a\n{{^x}}\r\nb\n{{/x}}\nc", x) == "a\n" + std::string(on ? "" : "\r\nb\n") + "c");
  }
  CHECK(shown("a\n{{! no }}\nb") == "a\nb");
  CHECK(shown("a\n{{! two\nlines }}\nb{{! c }}\n{{! d }} \n") == "a\nb\n \n");
  CHECK(shown("{{! a }}\n{{! b }}\n") == "");
  CHECK(shown("a\n{{! at the end }}") == "a\n");
  CHECK(shown("{{!}}{{! {{ }}x") == "x");
}

TEST_CASE("template: phrases are put in as they stand") {
  Phrasebook book{
      {"p", "{{x}}\nend"}, {"q", ">{{>p}}<"}, {"list", "{{#l}}\n{{.}}{{>at}}\n{{/l}}"}, {"at", "@{{@number}}"}};
  CHECK(shown("  {{>p}}\n.", {{"x", 1}}, book) == "  1\nend\n.");
  CHECK(shown("{{>q}}", {{"x", 1}}, book) == ">1\nend<");
  CHECK(shown("{{> list }}.", {{"l", List{"a", "b"}}}, book) == "a@1\nb@2\n.");
  CHECK(shown("{{#r}}{{>p}}{{/r}}", {{"r", Record{{"x", "in"}}}, {"x", "out"}}, book) == "in\nend");
  CHECK(mistake("a\n{{>none}}") == "p.txt:8: {{>none}}: neither this file nor the cover has such a phrase");
  CHECK(mistake("{{>a}}", {}, {{"a", "\n{{>b}}"}, {"b", "{{>a}}"}}) == "covers/c.txt:20: {{>a}} is put into itself");
  CHECK(mistake("{{>p}}", {}, book) == "covers/c.txt:20: nothing fills the hole 'x'");
}

TEST_CASE("template: mistakes of the text") {
  CHECK(mistake("a\n{{b") == "p.txt:8: '{{' is not closed by '}}'");
  CHECK(mistake("{{b\n}}") == "p.txt:7: '{{' is not closed by '}}' on its line");
  CHECK(mistake("{{#b}}\n\n{{^c}}") == "p.txt:9: {{^c}} is not closed by {{/c}}");
  CHECK(mistake("{{#b}}\n{{#c}}{{/b}}{{/c}}") == "p.txt:8: {{/b}} stands where {{/c}} should: it is open since line 8");
  CHECK(mistake("\n{{/b}}") == "p.txt:8: {{/b}} closes nothing");
  CHECK(mistake("{{}}") == "p.txt:7: '{{}}' is no tag");
  CHECK(mistake("{{#}}{{/}}") == "p.txt:7: '{{#}}' is no tag");
  CHECK(mistake("{{=<% %>=}}") == "p.txt:7: '{{=<% %>=}}' is no tag");
  CHECK(mistake("{{a..b}}") == "p.txt:7: '{{a..b}}' is no tag");
  CHECK(mistake("{{.a}}") == "p.txt:7: '{{.a}}' is no tag");
  CHECK(mistake("{{{x}}}") == "p.txt:7: '{{{x}}' is no tag: no value is escaped, so that {{name}} does");
  CHECK(mistake("{{&x}}") == "p.txt:7: '{{&x}}' is no tag: no value is escaped, so that {{name}} does");
  CHECK(mistake("{{#x:unit}}{{/x}}") == "p.txt:7: '{{#x:unit}}': only a hole takes a format");
  CHECK(mistake("{{x:.2q}}") == "p.txt:7: '{{x:.2q}}': '.2q' is no format; there are: .2f and its like, #, unit");
  CHECK(mistake("{{@frist}}") ==
        "p.txt:7: there is no '@frist' (did you mean '@first'?); there are: @first, @last and @number");
  std::string deep;
  for (int i = 0; i < 101; ++i) deep += "{{#a}}";
  CHECK(mistake(deep) == "p.txt:7: sections stand more than 100 deep in each other");
}

TEST_CASE("template: mistakes of the values") {
  Record facts{{"guess", "J"}, {"me", "row"}, {"options", kOptions}, {"rounds", false}, {"r", Record{{"lo", 1}}}};
  CHECK(mistake("a\n\nb {{guses}}", facts) ==
        "p.txt:9: nothing fills the hole 'guses' (did you mean 'guess'?); there are: guess, me, options, r, rounds");
  CHECK(mistake("{{#hope}}{{/hope}}", facts) ==
        "p.txt:7: nothing fills the section 'hope'; there are: guess, me, options, r, rounds");
  CHECK(mistake("{{x}}") == "p.txt:7: nothing fills the hole 'x'");
  CHECK(mistake("{{#l}}{{payof}}{{/l}}", {{"l", List{Record{{"payoff", 1}}}}}) ==
        "p.txt:7: nothing fills the hole 'payof' (did you mean 'payoff'?); there are: l, payoff");
  CHECK(mistake("{{options}}", facts) == "p.txt:7: a list has no text: write {{#options}}...{{/options}}");
  CHECK(mistake("{{r}}", facts) == "p.txt:7: a table of names has no text: write {{r.lo}}, or {{#r}}...{{/r}}");
  CHECK(mistake("{{r.hi}}", facts) == "p.txt:7: nothing fills the hole 'r.hi'; there are: r.lo");
  CHECK(mistake("{{options.cuont}}", facts) ==
        "p.txt:7: nothing fills the hole 'options.cuont' (did you mean 'options.count'?); there are: options.any, "
        "options.count");
  CHECK(mistake("{{me.x}}", facts) == "p.txt:7: nothing fills the hole 'me.x': 'me' is text");
  CHECK(mistake("{{rounds.x}}", facts) == "p.txt:7: nothing fills the hole 'rounds.x': 'rounds' is false here");
  CHECK(mistake("{{#me.x}}{{/me.x}}", facts) == "p.txt:7: nothing fills the section 'me.x': 'me' is text");
  CHECK(mistake("{{rounds}}", facts) == "p.txt:7: 'rounds' is false and has no text: write {{#rounds}}...{{/rounds}}");
  CHECK(mistake("{{x}}", {{"x", true}}) == "p.txt:7: 'x' is true and has no text: write {{#x}}...{{/x}}");
  CHECK(mistake("{{x}}", {{"x", Value()}}) == "p.txt:7: 'x' is nothing and has no text: write {{#x}}...{{/x}}");
  CHECK(mistake("{{me:unit}}", facts) == "p.txt:7: 'me' is text: 'unit' is a format for numbers");
  CHECK(mistake("{{.}}", facts) == "p.txt:7: '.' stands in no section over a list");
  CHECK(mistake("{{#r}}{{#@first}}{{/@first}}{{/r}}", facts) == "p.txt:7: '@first' stands in no section over a list");
  CHECK(mistake("{{#l}}{{.}}{{/l}}", {{"l", kRounds}}) ==
        "p.txt:7: the item has fields: write {{action}} and its like");
}

TEST_CASE("template: the names of holes and phrases") {
  Template t = Template::parse(
      "{{a}}{{b.c:unit}}{{#d}}{{e}}{{.}}{{@number}}{{#@first}}{{>p}}{{/@first}}{{/d}}{{^f}}{{a}}"
      "{{>q}}{{/f}}{{! g }}",
      "p.txt", 1);
  CHECK(t.holes() == std::set<std::string>{"a", "b.c", "d", "e", "f"});
  CHECK(t.phrases() == std::set<std::string>{"p", "q"});
  CHECK(Template().holes().empty());
  CHECK(Template().render(Holes({}), {}, {}) == "");
}

TEST_CASE("template: random bytes never crash") {
  const std::string_view pieces[] = {"{{",    "}}",     "#",      "^",    "/",        ">",  "!", "a",      "b",
                                     ".",     "@first", ":",      "unit", ".2f",      "\n", " ", "{{#a}}", "{{/a}}",
                                     "{{a}}", "{{.}}",  "{{>p}}", "\xff", "\xc3\xa9", "{",  "}"};
  std::mt19937 chance(1);
  Record values{{"a", List{1, List{2}, Record{{"a", "x"}, {"b", 2}}}}, {"b", "t"}};
  int rendered = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (unsigned n = chance() % 12; n > 0; --n) {
      if (chance() % 8 == 0)
        text += static_cast<char>(chance());
      else
        text += pieces[chance() % std::size(pieces)];
    }
    try {
      shown(text, values, {{"p", "{{b}}{{a.count}}"}});
      ++rendered;
    } catch (const Error& e) {
      CHECK(std::string_view(e.what()).find(".txt:") != std::string_view::npos);
    }
  }
  CHECK(rendered > 1000);
}

TEST_CASE("template: a history line takes microseconds") {
  Template line = Template::parse(
      "{{>stage}} {{round}}: you chose {{>thing}} {{action.mine}} and {{>partner}} chose {{>thing}} "
      "{{action.theirs}}. You got {{paid.mine:unit}} and {{>partner}} got {{paid.theirs:unit}}.\n",
      "p.txt", 1);
  Template stage = Template::parse("Round", "c", 1), thing = Template::parse("Option", "c", 1);
  Template partner = Template::parse("the other player", "c", 1);
  Template::Phrases phrases = [&](std::string_view name) {
    return name == "stage" ? &stage : name == "thing" ? &thing : &partner;
  };
  Holes scope({{"round", 3},
               {"action", Record{{"mine", "J"}, {"theirs", "F"}}},
               {"paid", Record{{"mine", 8}, {"theirs", 10}}}});
  size_t bytes = 0;
  auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 20000; ++i) bytes += line.render(scope, phrases, {}).size();
  double each = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count() / 20000;
  CHECK(bytes ==
        20000 * std::string_view("Round 3: you chose Option J and the other player chose Option F. You got 8 points "
                                 "and the other player got 10 points.\n")
                    .size());
  MESSAGE("a history line: " << each << " us");
  CHECK(each < 200);  // sanitizers and a busy machine included; about 2 otherwise
}
