// Tables, and the summary that a run ends with.
#include <doctest/doctest.h>

#include "base/json.h"
#include "played.h"
#include "report/summary.h"

using namespace played;

namespace {

int64_t used(Store& store) {
  store.source("g", hash_of("g"), "g");
  return store.inputs({{"g", hash_of("g")}});
}

Table small() {
  Table t;
  t.title = "players";
  t.columns = {{"name", Table::Column::Align::left, true}, {"n"}, {"share", Table::Column::Align::right}, {"nothing"}};
  t.add({"tit_for_tat, always_second", 3, ".50", {}});
  t.add({"naïve, x", 12.5, "1.00", {}});
  return t;
}

}  // namespace

TEST_CASE("a table as text") {
  Table t = small();
  CHECK(as_text(t) ==
        "players\n"
        "name                           n  share\n"
        "tit_for_tat, always_second     3    .50\n"
        "naïve, x                    12.5   1.00\n");
  CHECK(natural_width(t) == 39);
  CHECK(as_text(t, 30) ==
        "players\n"
        "name                  n  share\n"
        "tit_for…, always…     3    .50\n"
        "naïve, x           12.5   1.00\n");
  CHECK(as_text(t, 5).find("tit_for…     3    .50\n") != std::string::npos);  // as far as it goes
  t.rows.insert(t.rows.begin() + 1, {{}, "story=plain"});
  t.notes = {"a note"};
  Emphasis bold{"<b>", "</b>", "", ""};
  CHECK(as_text(t, 100, bold) ==
        "<b>players</b>\n"
        "  name                           n  share\n"
        "  tit_for_tat, always_second     3    .50\n"
        "<b>story=plain</b>\n"
        "  naïve, x                    12.5   1.00\n"
        "a note\n");
}

TEST_CASE("a table as CSV and as a value") {
  Table t = small();
  t.add({"says \"hi\",\nleaves", .1 + .2, "", true});
  t.rows.push_back({{}, "a heading"});
  CHECK(as_csv(t) ==
        "name,n,share,nothing\n"
        "\"tit_for_tat, always_second\",3,.50,\n"
        "\"naïve, x\",12.5,1.00,\n"
        "\"says \"\"hi\"\",\nleaves\",0.30000000000000004,\"\",1\n");
  CHECK(to_json(as_value(t)) ==
        "[{\"n\":3,\"name\":\"tit_for_tat, always_second\",\"share\":\".50\"},{\"n\":12.5,\"name\":\"naïve, "
        "x\",\"share\":\"1.00\"},"
        "{\"n\":0.30000000000000004,\"name\":\"says \\\"hi\\\",\\nleaves\",\"nothing\":true,\"share\":\"\"}]");
}

TEST_CASE("names are cut, numbers are not") {
  CHECK(display_width("naïve…") == 6);
  CHECK(shortened("self_consistency", 8) == "self_co…");
  CHECK(shortened("naïveté", 5) == "naïv…");
  CHECK(shortened("abc", 3) == "abc");
  CHECK(names_shortened("direct, self_consistency", 20) == "direct, self_consis…");
  CHECK(names_shortened("self_consistency, hard_tit_for_tat", 20) == "self_con…, hard_tit…");
  CHECK(names_shortened("a, b, c, d, e, f, g", 9) == "a, b, c,…");
}

TEST_CASE("the summary of a study of fixed players") {
  Store store = Store::in_memory();
  StudyInfo info = study();
  info.fields = Value::Record{{"vary", Value::Record{{"cover", Value::List{"plain", "cooking"}}}}};
  auto list =
      plans({condition("cooking", "cooking"), condition("plain")}, {lineup({"tit_for_tat", "always_second"})}, 3);
  register_plans(store, list, info);
  int64_t inputs = used(store);
  for (uint64_t i = 0; i < 6; ++i) {
    Script s;
    s.dilemma(false, true).dilemma(true, true);
    if (i == 3) {
      s.round().choose(1, "action", Value::List{"cooperate", "defect"}, "defect");
      store.finish(store.begin(i + 1, inputs), s.end(MatchStatus::void_, "refused", 2));
    } else if (i == 5) {
      store.finish(store.begin(i + 1, inputs), Script().end(MatchStatus::failed, "time-out"));
    } else if (i != 4) {
      if (i == 0) s.dilemma(true, false);
      store.finish(store.begin(i + 1, inputs), s.end());
    }
  }
  auto rows = summarize(store);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].condition == "plain");  // as `vary` has them
  CHECK(rows[0].planned == 3);
  CHECK(rows[0].whole == 1);
  CHECK(rows[0].voided == 1);
  CHECK(rows[0].failed == 1);
  CHECK(rows[1].whole == 2);
  CHECK(rows[1].distinct == 2);
  CHECK(*rows[1].equal == 2. / 5);
  CHECK(as_text(summary_text(rows)) ==
        "cover    matches     payoff  chose cooperate  equal  void  miss  fail  diff\n"
        "plain        1/3  2.50 7.50  .50 .00            .50     1     0     1     1\n"
        "cooking      2/3  4.00 6.00  .40 .20            .40     0     0     0     2\n"
        "payoff: mean a round, by seat. chose: share of the first action, or mean of numbers, by seat.\n"
        "equal: share of rounds in which both chose alike. miss: choices that could not be read.\n"
        "diff: how many matches differ in what was asked, chosen or paid.\n");
  CHECK(as_csv(summary_data(rows)) ==
        "condition,factor_cover,player_1,player_2,planned,whole,void,failed,missing,payoff_1,action_1_first,action_1_"
        "share,payoff_2,"
        "action_2_first,action_2_share,equal,mass,distinct\n"
        "plain,plain,tit_for_tat,always_second,3,1,1,1,0,2.5,cooperate,0.5,7.5,cooperate,0,0.5,,1\n"
        "cooking,cooking,tit_for_tat,always_second,3,2,0,0,0,4,cooperate,0.4,6,cooperate,0.2,0.4,,2\n");
  CHECK(to_json(summary_value(rows).list()[1]) ==
        "{\"condition\":\"cooking\",\"distinct\":2,\"equal\":0.4,\"failed\":0,\"levels\":{\"cover\":\"cooking\"},"
        "\"missing\":0,"
        "\"planned\":3,\"seats\":[{\"decisions\":[{\"decision\":\"action\",\"first\":\"cooperate\",\"made\":5,"
        "\"share\":0.4}],"
        "\"name\":\"row\",\"payoff\":4,\"player\":\"tit_for_tat\"},{\"decisions\":[{\"decision\":\"action\",\"first\":"
        "\"cooperate\","
        "\"made\":5,\"share\":0.2}],\"name\":\"column\",\"payoff\":6,\"player\":\"always_second\"}],\"void\":0,"
        "\"whole\":2}");
}

TEST_CASE("several line-ups stand under their condition; those that ask first") {
  Store store = Store::in_memory();
  auto fixed = lineup({"alternate", "direct"}, "m"), asks = lineup({"direct", "alternate"}, "m");
  register_plans(store, plans({condition("a", "a"), condition("b", "b")}, {fixed, asks}, 1));
  int64_t inputs = used(store);
  for (uint64_t i = 1; i <= 4; ++i) {
    Script s;
    s.dilemma(false, false);
    for (int n = 1; n <= 3; ++n) s.question(1, n).mass = i == 4 ? .1 * n : .9;
    store.finish(store.begin(i, inputs), s.end());
  }
  CHECK(as_text(summary_text(summarize(store))) ==
        "  players            matches     payoff  chose cooperate  equal  mass  void  miss  fail  diff\n"
        "a\n"
        "  direct, alternate        1  8.00 8.00  1.00 1.00         1.00   .90     0     0     0     1\n"
        "  alternate, direct        1  8.00 8.00  1.00 1.00         1.00   .90     0     0     0     1\n"
        "b\n"
        "  direct, alternate        1  8.00 8.00  1.00 1.00         1.00  .20!     0     0     0     1\n"
        "  alternate, direct        1  8.00 8.00  1.00 1.00         1.00   .90     0     0     0     1\n"
        "payoff: mean a round, by seat. chose: share of the first action, or mean of numbers, by seat.\n"
        "equal: share of rounds in which both chose alike. miss: choices that could not be read.\n"
        "diff: how many matches differ in what was asked, chosen or paid. mass: median legal mass of scored choices.\n"
        "!: mass under .5; the model rather wanted to say something that is no legal answer.\n");
  std::string narrow = as_text(summary_text(summarize(store), 76), 76);
  CHECK(narrow.find("  direct, alternate        1  8.00 8.00  1.00 1.00         1.00  .20!     1\n") !=
        std::string::npos);
  CHECK(narrow.find("Nothing is void, missing or failed.") != std::string::npos);
}

TEST_CASE("roles, numbers and many players read well") {
  Store store = Store::in_memory();
  auto ultimatum = condition("", "plain", "ultimatum");
  register_plans(store, {plan(ultimatum, lineup({"direct", "direct"}))});
  Script s({"proposer", "responder"});
  const Value answers = Value::List{"accept", "reject"};
  s.round().choose(1, "offer", range(0, 100), 40).choose(2, "answer", answers, "accept").pay(1, 60).pay(2, 40);
  s.round().choose(1, "offer", range(0, 100), 10).missing(2, "answer", answers, "reject").pay(1, 0).pay(2, 0);
  store.finish(store.begin(1, used(store)), s.end());
  CHECK(as_text(summary_text(summarize(store)))
            .substr(0, 300)
            .find("players         matches       payoff  chose                     void  miss  fail  diff\n"
                  "direct, direct        1  30.00 20.00  offer 25.00, accept 1.00     0     1     0     1\n") == 0);

  Store many = Store::in_memory();
  register_plans(many, {plan(condition("", "plain", "public_goods"), lineup({"a", "a", "a", "a", "a", "a"}))});
  Script t({"p1", "p2", "p3", "p4", "p5", "p6"});
  t.round();
  for (int seat = 1; seat <= 6; ++seat)
    t.choose(seat, "action", range(0, 20), seat * 2).choose(seat, "talk", words(), "hi").pay(seat, 1200.4);
  many.finish(many.begin(1, used(many)), t.end());
  CHECK(as_text(summary_text(summarize(many)))
            .find("players  matches               payoff  chose action          void  miss  fail  diff\n"
                  "6 x a          1  1200 (1200 to 1200)  7.00 (2.00 to 12.00)     0     0     0     1\n") == 0);
}

TEST_CASE("a study that has not begun has a summary") {
  Store store = Store::in_memory();
  CHECK(summarize(store).empty());
  register_plans(store, plans({condition("")}, {lineup({"a", "b"})}, 2));
  CHECK(as_text(summary_text(summarize(store)))
            .find("players  matches  void  miss  fail  diff\na, b         0/2     0     0     0     0\n") == 0);
}
