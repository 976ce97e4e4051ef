// The store: plans, versions, replies, derived rows, failures.
#include <doctest/doctest.h>

#include "base/error.h"
#include "played.h"

using namespace played;
using doctest::Contains;

namespace {

// The rows of a query as text: values joined by " ", rows by newlines.
std::string table(const Store& store, const std::string& sql) {
  std::string out;
  for (const auto& row : store.query(sql)) {
    for (size_t i = 0; i < row.size(); ++i) out += (i ? " " : "") + (row[i].is_nil() ? "-" : value_text(row[i]));
    out += "\n";
  }
  return out;
}

std::vector<Plan> two_blocks() { return plans({condition("")}, {lineup({"tit_for_tat", "alternate"})}, 2); }

int64_t used(Store& store, const std::string& text) {
  store.source("games/prisoners_dilemma.lua", hash_of(text), text);
  return store.inputs({{"games/prisoners_dilemma.lua", hash_of(text)}});
}

}  // namespace

TEST_CASE("a match is absent, then whole, with its rows") {
  Store store = Store::in_memory();
  auto states = register_plans(store, two_blocks());
  REQUIRE(states.size() == 2);
  CHECK(states[0].row == 0);
  int64_t row = store.begin(1, used(store, "game {}"));
  store.finish(row, Script().dilemma(false, false).dilemma(false, true).dilemma(true, false).end());
  CHECK(table(store,
              "SELECT match, round, seat, seat_name, player, decision, action, done, missing, payoff FROM choice "
              "ORDER BY seat, round") ==
        "1 1 1 row tit_for_tat action cooperate cooperate 0 8\n"
        "1 2 1 row tit_for_tat action cooperate cooperate 0 0\n"
        "1 3 1 row tit_for_tat action defect defect 0 10\n"
        "1 1 2 column alternate action cooperate cooperate 0 8\n"
        "1 2 2 column alternate action defect defect 0 10\n"
        "1 3 2 column alternate action cooperate cooperate 0 0\n");
  CHECK(table(store, "SELECT status, rounds, closed, missing, pairs, equal FROM match") == "whole 3 3 0 3 1\n");
  CHECK(table(store, "SELECT name, payoffs, total FROM seat") == "row [8,0,10] 18\ncolumn [8,10,0] 18\n");
  CHECK(table(store, "SELECT actions, made, first FROM choices") == "[0,0,1] 3 2\n[0,1,0] 3 2\n");
  states = register_plans(store, two_blocks());
  CHECK(states[0].row == row);
  CHECK(states[0].status == MatchStatus::whole);
  CHECK(states[1].row == 0);
}

TEST_CASE("arrays say what was meant, what was done and what is missing") {
  Store store = Store::in_memory();
  register_plans(store, two_blocks());
  const Value set = Value::List{"stay", "go"}, prices = range(0, 10, .5);
  Script s;
  s.round().choose(1, "move", set, "go").done(1, "move", set, "stay").choose(2, "price", prices, 2.5);
  s.round().missing(1, "move", set, "stay").choose(2, "price", prices, 10);
  s.round().choose(2, "price", prices, 4).done(2, "price", prices, 5).choose(2, "price", prices, 4.5);
  int64_t row = store.begin(1, used(store, "a"));
  store.finish(row, s.end());
  CHECK(table(store, "SELECT seat, decision, actions, done, rounds, made, first, mean FROM choices") ==
        "1 move [1,null] [0,0] - 1 0 -\n"
        "2 price [2.5,10,4,4.5] [2.5,10,5,4.5] [1,2,3,3] 4 - 5.25\n");
  CHECK(table(store, "SELECT round, action, done, missing, payoff FROM choice ORDER BY seat, round, done DESC") ==
        "1 go stay 0 -\n2 - stay 1 -\n1 2.5 2.5 0 -\n2 10 10 0 -\n3 4 5 0 -\n3 4.5 4.5 0 -\n");
  CHECK(table(store, "SELECT missing, pairs FROM match") == "1 -\n");
}

TEST_CASE("sets that change, records, talk, tellings and measures") {
  Store store = Store::in_memory();
  register_plans(store, two_blocks());
  const Value pair =
      Value::Record{{"kind", "record"}, {"fields", Value::Record{{"a", range(0, 9)}, {"b", Value::List{"x", "y"}}}}};
  Script s({"A", "B", "C"});
  s.round().told("value", Value::Record{{"value", 30}}, Value::List{2}).choose(1, "talk", words(), "hello, \"all\"");
  s.choose(2, "pick", Value::List{"A", "C"}, "C").choose(3, "deal", pair, Value::Record{{"a", 3}, {"b", "y"}});
  s.pay(1, 3).note("met", true).note("mean", 1. / 3);
  s.round().missing(1, "talk", words(), "...").choose(2, "pick", Value::List{"A", "B", "C"}, "C").pay(1, 2).pay(1, .5);
  s.note("mean", 2);
  store.finish(store.begin(1, used(store, "a")), s.end());
  CHECK(table(store, "SELECT number, round, seat, name, text, done, facts, seen FROM message") ==
        "1 1 - value - - {\"value\":30} [2]\n"
        "2 1 1 talk hello, \"all\" - - -\n"
        "3 2 1 talk - ... - -\n");
  CHECK(table(store, "SELECT seat, round, action FROM choice ORDER BY seat, round") ==
        "2 1 C\n2 2 C\n3 1 {\"a\":3,\"b\":\"y\"}\n");
  CHECK(table(store, "SELECT round, name, value FROM measure ORDER BY name, round") ==
        "1 mean 0.333333333333\n2 mean 2\n1 met 1\n");
  CHECK(table(store, "SELECT seat_name, round, payoff FROM payoff ORDER BY seat, round") ==
        "A 1 3\nA 2 2.5\nB 1 0\nB 2 0\nC 1 0\nC 2 0\n");
  CHECK(table(store, "SELECT missing FROM match") == "1\n");
}

TEST_CASE("a round that was not closed has no payoffs; a failed match has no rows") {
  Store store = Store::in_memory();
  register_plans(store, two_blocks());
  int64_t inputs = used(store, "a");
  Script s;
  s.dilemma(false, false).round().choose(1, "action", Value::List{"cooperate", "defect"}, "defect").pay(1, 99);
  s.question(2, 2).why = "refused";
  store.finish(store.begin(1, inputs), s.end(MatchStatus::void_, "refused: no", 2));
  CHECK(table(store, "SELECT status, why, void_seat, rounds, closed FROM match") == "void refused: no 2 2 1\n");
  CHECK(table(store, "SELECT payoffs, total FROM seat") == "[8] 8\n[8] 8\n");
  CHECK(table(store, "SELECT round, seat, action, payoff FROM choice ORDER BY round, seat") ==
        "1 1 cooperate 8\n1 2 cooperate 8\n2 1 defect -\n");

  int64_t failed = store.begin(2, inputs);
  store.finish(failed, Script().dilemma(true, true).end(MatchStatus::failed, "time-out"));
  CHECK(table(store, "SELECT number, status, why, rounds FROM match WHERE number = 2") == "2 failed time-out -\n");
  CHECK(store.query("SELECT 1 FROM seat WHERE match = ?1", {failed}).empty());
  auto states = register_plans(store, two_blocks());
  CHECK(states[1].status == MatchStatus::failed);
  store.resume(failed);
  store.finish(failed, Script().dilemma(true, true).end());
  CHECK(table(store, "SELECT status, why, rounds FROM match WHERE number = 2") == "whole - 1\n");
}

TEST_CASE("a reply is kept at its place, whole") {
  Store store = Store::in_memory();
  register_plans(store, two_blocks());
  int64_t row = store.begin(1, used(store, "a"));
  Reply reply = said("J");
  reply.thinking = "hm";
  reply.raw = std::string("{\"a\":\0 1}", 9);
  reply.finish = "length";
  reply.tries = 2;
  Reply labels = scored({-.1, -2.5, -std::numeric_limits<double>::infinity(), .1 + .2});
  store.keep(row, {1, 1, 1, 1}, hash_of("q1"), false, "m", reply);
  store.keep(row, {1, 1, 1, 2}, hash_of("q2"), false, "m", said(""));
  store.keep(row, {2, 1, 3, 1}, hash_of("q3"), true, "m", labels);
  store.commit();
  auto kept = store.replies(row);
  REQUIRE(kept.size() == 3);
  CHECK(kept.at({1, 1, 1, 1}).reply.to_value() == reply.to_value());
  CHECK(kept.at({1, 1, 1, 1}).reply.seconds == .25);
  CHECK(kept.at({1, 1, 1, 1}).reply.tries == 2);
  CHECK(kept.at({1, 1, 1, 1}).request == hash_of("q1"));
  CHECK(kept.at({2, 1, 3, 1}).reply.scores == labels.scores);
  CHECK(store.replies(99).empty());
  CHECK(table(store, "SELECT status FROM match") == "open\n");
  Reply refused;
  refused.failure = Failure{Failure::Size::request, "too long: 9000 tokens"};
  store.keep(row, {2, 2, 1, 1}, hash_of("q4"), false, "m", refused);
  auto failure = store.replies(row).at({2, 2, 1, 1}).reply.failure;
  REQUIRE(failure);
  CHECK(failure->size == Failure::Size::request);
  CHECK(failure->what == "too long: 9000 tokens");
}

TEST_CASE("a pure reply stands once a build, and places point to it") {
  Store store = Store::in_memory();
  register_plans(store, two_blocks());
  int64_t inputs = used(store, "a"), one = store.begin(1, inputs), two = store.begin(2, inputs);
  CHECK(!store.pure(hash_of("q"), "b1"));
  int64_t answer = store.keep(one, {1, 1, 1, 1}, hash_of("q"), true, "m", scored({-1, -2}));
  CHECK(store.keep(two, {1, 1, 1, 1}, hash_of("q"), true, "m", scored({-1, -2})) == answer);
  CHECK(store.keep(two, {1, 2, 1, 1}, hash_of("q"), true, "m", scored({-1, -2.1}, "b2")) != answer);
  CHECK(store.keep(two, {1, 3, 1, 1}, hash_of("q"), false, "m", said("x")) != answer);
  REQUIRE(store.pure(hash_of("q"), "b1"));
  CHECK(store.pure(hash_of("q"), "b1")->answer == answer);
  CHECK(store.pure(hash_of("q"), "b2")->reply.scores == std::vector<double>{-1, -2.1});
  store.point(one, {1, 2, 1, 1}, answer);
  CHECK(store.replies(one).at({1, 2, 1, 1}).reply.scores == std::vector<double>{-1, -2});
  CHECK(table(store, "SELECT count(*) FROM answer") == "3\n");
}

TEST_CASE("other inputs make a new version, with the old one's replies at hand") {
  Store store = Store::in_memory();
  register_plans(store, two_blocks());
  int64_t before = used(store, "a"), after = used(store, "b"), third = used(store, "c");
  CHECK(used(store, "a") == before);
  CHECK(before != after);
  int64_t old = store.begin(1, before);
  store.keep(old, {1, 1, 1, 1}, hash_of("q"), false, "m", said("old"));
  store.keep(old, {1, 2, 1, 1}, hash_of("r"), false, "m", said("old 2"));
  store.finish(old, Script().dilemma(false, false).end());
  auto states = register_plans(store, two_blocks());
  CHECK(states[0].inputs == before);
  int64_t now = store.begin(1, after);
  CHECK(table(store, "SELECT id, number, version FROM match") == "1 1 1\n");  // not in the file yet
  auto previous = store.previous_replies(now);
  REQUIRE(previous.size() == 2);
  const Kept& kept = previous.at({Place{1, 1, 1, 1}, hash_of("q")});
  CHECK(kept.reply.text == "old");
  store.point(now, {1, 1, 1, 1}, kept.answer);
  CHECK(table(store, "SELECT id, number, version, status FROM match") == "1 - 1 whole\n2 1 2 open\n");
  store.keep(now, {1, 2, 1, 1}, hash_of("new"), false, "m", said("new"));
  CHECK(store.previous_replies(now).size() == 2);
  store.finish(now, Script().dilemma(true, false).end());
  CHECK(table(store, "SELECT match, action FROM choice ORDER BY seat") == "1 defect\n1 cooperate\n");
  CHECK(table(store, "SELECT version, match, action FROM choice_all WHERE seat = 1 ORDER BY row") ==
        "1 - cooperate\n2 1 defect\n");
  int64_t last = store.begin(1, third);
  CHECK(store.previous_replies(last).size() == 3);
  CHECK(store.matches().size() == 1);
  CHECK(store.matches()[0].row == now);
  CHECK(store.matches(true).size() == 2);
  states = register_plans(store, two_blocks());
  CHECK(states[0].row == now);
  CHECK(states[0].version == 2);
}

TEST_CASE("the plan is what was last run") {
  Store store = Store::in_memory();
  auto fixed = lineup({"tit_for_tat", "alternate"}), other = lineup({"grim", "alternate"});
  auto plain = condition("plain"), cooking = condition("cooking", "cooking");
  register_plans(store, plans({plain, cooking}, {fixed, other}, 1));
  int64_t inputs = used(store, "a");
  for (uint64_t i = 1; i <= 4; ++i) store.finish(store.begin(i, inputs), Script().dilemma(i > 2, false).end());
  std::string all = table(store, "SELECT match, condition, player, action FROM choice WHERE seat = 1 ORDER BY match");
  CHECK(all ==
        "1 plain tit_for_tat cooperate\n2 plain grim cooperate\n3 cooking tit_for_tat defect\n4 cooking grim defect\n");

  // Re-ordered and renamed: the same matches. A level less: one of them is no longer planned.
  auto renamed = std::make_shared<Condition>(*cooking);
  renamed->name = "story=stew";
  auto states = register_plans(store, plans({renamed, plain}, {other}, 2), study("study { repeats = 2 }"));
  CHECK(states[0].status == MatchStatus::whole);
  CHECK(states[1].status == MatchStatus::whole);
  CHECK(states[2].row == 0);
  CHECK(table(store, "SELECT match, condition, player, action FROM choice WHERE seat = 1 ORDER BY match") ==
        "1 story=stew grim defect\n2 plain grim cooperate\n");
  CHECK(table(store, "SELECT count(*) FROM match WHERE number IS NULL") == "2\n");
  CHECK(store.planned() == 4);
  CHECK(store.study()->text == "study { repeats = 2 }");

  // Another seed: other matches.
  StudyInfo reseeded = study();
  reseeded.seed = 8;
  states = register_plans(store, plans({plain}, {fixed}, 1), reseeded);
  CHECK(states[0].row == 0);
  CHECK(store.matches().empty());
  states = register_plans(store, plans({plain}, {fixed}, 1));
  CHECK(states[0].status == MatchStatus::whole);

  // Two conditions that differ in their players alone share an identity, not a name.
  auto direct = std::make_shared<Condition>(*plain), scot = std::make_shared<Condition>(*plain);
  direct->name = "strategy=a", scot->name = "strategy=b";
  std::vector<Plan> shared = {plan(direct, fixed), plan(scot, other)};
  states = register_plans(store, shared);
  CHECK(states[0].status == MatchStatus::whole);
  CHECK(table(store, "SELECT match, condition FROM choice WHERE seat = 1 ORDER BY match") ==
        "1 strategy=a\n2 strategy=b\n");
}

TEST_CASE("a plan comes back as it was") {
  Store store = Store::in_memory();
  auto c = std::make_shared<Condition>(*condition("x", "cooking"));
  c->rules.settings = Value::Record{{"pie", 50}};
  c->rules.horizon = {Horizon::Kind::chance, .1};
  c->rules.ends = .2;
  c->rules.unit = Value::List{"vote", "votes"};
  c->rules.labels = Value::List{"J", "F"};
  c->rules.rounds = std::nullopt;
  auto l = std::make_shared<Lineup>(*lineup({"direct", "alternate"}, "llama:smollm2"));
  l->players[0].told = {"hints/errs"};
  register_plans(store, {plan(c, l, 3)});
  int64_t row = store.begin(1, used(store, "a"), Value::Record{{"label_map", Value::List{1, 0}}});
  CHECK(store.drawn(row)["label_map"] == Value(Value::List{1, 0}));
  store.finish(row, Script().end());
  CHECK(store.drawn(row)["label_map"] == Value(Value::List{1, 0}));
  Plan back = store.plan_of(row);
  CHECK(back.block == 3);
  CHECK(back.seed == 7);
  CHECK(back.condition->id == c->id);
  CHECK(back.condition->levels == c->levels);
  CHECK(back.condition->rules.settings == c->rules.settings);
  CHECK(back.condition->rules.horizon.kind == Horizon::Kind::chance);
  CHECK(back.condition->rules.horizon.value == .1);
  CHECK(back.condition->rules.unit == c->rules.unit);
  CHECK(back.condition->rules.labels == c->rules.labels);
  CHECK(!back.condition->rules.rounds);
  CHECK(back.lineup->id == l->id);
  REQUIRE(back.lineup->players.size() == 2);
  CHECK(back.lineup->players[0].told == l->players[0].told);
  CHECK(back.lineup->players[0].sampling == l->players[0].sampling);
  CHECK(back.lineup->players[1].sampling.is_nil());
  CHECK(table(store, "SELECT horizon_true FROM rules") == "0\n");
  auto files = store.files(store.matches()[0].state.inputs);
  REQUIRE(files.size() == 1);
  CHECK(files[0].text == "a");
}

TEST_CASE("what is told of the end is so where it is the true chance, and the number of rounds hardly ever cuts it") {
  auto is_true = [](double ends, int rounds, Horizon horizon) {
    auto c = std::make_shared<Condition>(*condition("plain"));
    c->rules.ends = ends;
    c->rules.rounds = rounds;
    c->rules.horizon = horizon;
    Store store = Store::in_memory();
    register_plans(store, plans({c}, {lineup({"tit_for_tat", "always_second"})}, 1), study());
    return table(store, "SELECT coalesce(horizon_true, 'nothing') FROM rules");
  };
  const Horizon told, hidden{Horizon::Kind::hidden, 0}, tenth{Horizon::Kind::chance, .1},
      ten{Horizon::Kind::rounds, 10};
  CHECK(is_true(0, 1, told) == "1\n");
  CHECK(is_true(.1, 1, told) == "0\n");   // nine of ten would go on
  CHECK(is_true(.1, 20, told) == "0\n");  // one of eight
  CHECK(is_true(.1, 43, told) == "0\n");
  CHECK(is_true(.1, 44, told) == "1\n");
  CHECK(is_true(.1, 44, tenth) == "1\n");
  CHECK(is_true(.1, 20, tenth) == "0\n");
  CHECK(is_true(.2, 100, tenth) == "0\n");
  CHECK(is_true(0, 10, ten) == "1\n");
  CHECK(is_true(.1, 10, hidden) == "nothing\n");
}

TEST_CASE("a void match begun anew keeps its replies but for the unreadable ones") {
  Store store = Store::in_memory();
  register_plans(store, two_blocks());
  int64_t row = store.begin(1, used(store, "a"));
  for (int seat = 1; seat <= 2; ++seat) {
    for (int n = 1; n <= 3; ++n) store.keep(row, {seat, n, 1, 1}, hash_of("q"), false, "m", said("x"));
  }
  store.keep(row, {1, 2, 1, 2}, hash_of("q"), false, "m", said("again"));
  Script s;
  const Value set = Value::List{"stay", "go"};
  s.round().missing(2, "action", set, "stay");
  s.question(2, 1).why = "unreadable";  // something was done instead
  s.round();
  s.question(1, 2).why = "unreadable";
  s.question(2, 2);
  store.finish(row, s.end(MatchStatus::void_, "unreadable", 1));
  auto unread = store.unread(row);
  REQUIRE(unread.size() == 1);
  CHECK(unread[0] == Place{1, 2, 1, 1});
  CHECK(store.retry(row, unread) == 1);
  auto left = store.replies(row);
  CHECK(left.size() == 4);
  CHECK(left.contains({1, 1, 1, 1}));
  CHECK(left.contains({2, 3, 1, 1}));
  CHECK(table(store, "SELECT status, attempt, rounds FROM match") == "open 1 -\n");
  CHECK(table(store, "SELECT count(*) FROM question") == "0\n");
  CHECK(table(store, "SELECT count(*) FROM reply") == "7\n");
  store.keep(row, {1, 2, 1, 1}, hash_of("q"), false, "m", said("J"));
  CHECK(store.retry(row, {{1, 2, 1, 1}}) == 2);
  CHECK(store.replies(row).size() == 4);
}

TEST_CASE("derived again and compared") {
  Store store = Store::in_memory();
  register_plans(store, two_blocks());
  auto script = [](bool defects, const std::string& heard) {
    Script s;
    s.dilemma(false, false).dilemma(defects, true).note("met", 1).choose(1, "talk", words(), heard);
    QuestionRecord& q = s.question(2, 1);
    q.about = "row", q.choice = "cooperate", q.scores = Value::List{.7, .3}, q.mass = .4;
    s.belief(0, 1, "cooperate", "defect");
    return s.end();
  };
  int64_t row = store.begin(1, used(store, "a"));
  store.finish(row, script(false, "hi"));
  CHECK(!store.compare(row, script(false, "hi")));
  auto found = store.compare(row, script(true, "hi"));
  REQUIRE(found);
  CHECK(found->table + "|" + found->row + "|" + found->column + "|" + found->stored + "|" + found->derived ==
        "seat|seat 1|payoffs|[8,0]|[8,5]");
  found = store.compare(row, script(false, "ho"));
  REQUIRE(found);
  CHECK(found->table + "|" + found->row + "|" + found->column + "|" + found->stored + "|" + found->derived ==
        "message|number 1|text|hi|ho");
  Transcript t = script(false, "hi");
  t.questions[0].tries = 2;
  found = store.compare(row, t);
  REQUIRE(found);
  CHECK(found->table + "|" + found->row + "|" + found->column + "|" + found->stored + "|" + found->derived ==
        "question|seat 2, n 1, sample 1|tries|1|2");
  t = script(false, "hi");
  t.beliefs.clear();
  found = store.compare(row, t);
  REQUIRE(found);
  CHECK(found->table + "|" + found->row + "|" + found->stored + "|" + found->derived ==
        "beliefs|number 1|a row|nothing");
  CHECK(!store.compare(row, script(false, "hi")));
}

TEST_CASE("the digest is of the contents, whatever the order of writing") {
  auto digest = [](std::vector<uint64_t> order, const std::string& last, bool slow) {
    Store store = Store::in_memory();
    auto list = plans({condition("a"), condition("b", "b")}, {lineup({"direct", "alternate"}, "m")}, 2);
    register_plans(store, list);
    int64_t inputs = used(store, "a");
    for (uint64_t i : order) {
      int64_t row = store.begin(i, inputs);
      Reply reply = said(i == order.size() ? last : "J");
      reply.seconds = slow ? 9 : 1;
      store.keep(row, {1, 1, 1, 1}, hash_of("q"), false, "m", reply);
      Script s;
      s.dilemma(i % 2, false);
      s.question(1, 1).choice = "x";
      store.finish(row, s.end());
    }
    return store.digest();
  };
  Hash hash = digest({1, 2, 3, 4}, "F", false);
  CHECK(digest({4, 2, 1, 3}, "F", true) == hash);
  CHECK(digest({1, 2, 3, 4}, "G", false) != hash);
  CHECK(digest({1, 2, 3}, "F", false) != hash);
  auto watching = [](int seat) {
    auto players = std::make_shared<Lineup>(*lineup({"direct", "alternate", "random"}));
    players->players.back().watches = seat;
    Store store = Store::in_memory();
    register_plans(store, plans({condition("a")}, {players}, 1));
    return store.digest();
  };
  CHECK(watching(1) != watching(2));
}

TEST_CASE("only SELECTs look") {
  Store store = Store::in_memory();
  CHECK_THROWS_WITH_AS(store.query("DELETE FROM study"), "a statement that writes: DELETE FROM study", Error);
  CHECK_THROWS_WITH_AS(store.query("SELECT nowhere"), Contains("no such column"), Error);
  CHECK(store.columns("SELECT match, action FROM choice") == std::vector<std::string>{"match", "action"});
  CHECK(store.query("SELECT ?1, ?2", {"a", Value()}) == std::vector<Store::Row>{{"a", Value()}});
}
