// What an export holds: each file's rows, names of columns that clash, older versions, the codebook.
#include "report/export.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.h"
#include "base/file.h"
#include "played.h"
#include "report/export/codebook.h"

using namespace played;

namespace {

int64_t used(Store& store, const std::string& text = "g") {
  store.source("g", hash_of(text), text);
  return store.inputs({{"g", hash_of(text)}});
}

// The columns asked for, of all rows; "-" for nothing.
std::string columns(const std::string& path, const std::vector<std::string>& names) {
  std::vector<std::vector<std::string>> rows(1);
  std::string field, text = read_file(path);
  bool inside = false, quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (inside) {
      if (c != '"')
        field += c;
      else if (i + 1 < text.size() && text[i + 1] == '"')
        field += text[++i];
      else
        inside = false;
    } else if (c == '"') {
      inside = quoted = true;
    } else if (c == ',' || c == '\n') {
      rows.back().push_back(field.empty() && !quoted ? "-" : field);
      field.clear();
      quoted = false;
      if (c == '\n') rows.emplace_back();
    } else {
      field += c;
    }
  }
  rows.pop_back();
  std::string out;
  for (size_t r = 1; r < rows.size(); ++r) {
    REQUIRE(rows[r].size() == rows[0].size());
    for (size_t n = 0; n < names.size(); ++n) {
      auto at = std::find(rows[0].begin(), rows[0].end(), names[n]);
      REQUIRE_MESSAGE(at != rows[0].end(), names[n]);
      out += (n ? "|" : "") + rows[r][static_cast<size_t>(at - rows[0].begin())];
    }
    out += "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("an export, file by file") {
  Folder folder;
  Store store = Store::in_memory();
  auto c = std::make_shared<Condition>(*condition("talk"));
  c->levels = Value::Record{{"talk", "yes, \"much\""}, {"round", "x"}, {"cover", "plain"}};
  c->rules.labels = Value::List{"J", "F"};
  c->rules.settings = Value::Record{{"pie", 100}};
  register_plans(store, {plan(c, lineup({"direct", "alternate"}, "m"))});
  int64_t row = store.begin(1, used(store), Value::Record{{"label_map", Value::List{1, 0}}});
  store.keep(row, {1, 1, 1, 1}, hash_of("q"), false, "m", said("I say,\n\"no\""));
  Reply again = said("J");
  again.tries = 3;
  store.keep(row, {1, 1, 1, 2}, hash_of("q2"), false, "m", again);
  const Value set = Value::List{"cooperate", "defect"};
  Script s;
  s.round().told("value", Value::Record{{"worth", 3}}, Value::List{1}).choose(2, "say", words(), "");
  s.choose(1, "action", set, "defect").done(1, "action", set, "cooperate").choose(2, "action", set, "defect");
  QuestionRecord& q = s.question(1, 1);
  q.choice = "defect", q.tries = 2, q.options = Value::List{"F", "J"}, q.about = "column";
  s.belief(0, 2, "cooperate", "defect").pay(1, 1.5).pay(2, -2).note("fair", false);
  s.dilemma(false, true).round().missing(1, "action", set, "defect");
  store.finish(row, s.end(MatchStatus::void_, "cut", 2));
  auto files = export_csv(store, folder / "out/a", false);
  std::string names;
  for (const auto& [name, n] : files) names += name + " " + std::to_string(n) + "\n";
  CHECK(names.find(
            "choices.csv 5\nseats.csv 2\nmatches.csv 1\nmessages.csv 2\nbeliefs.csv 1\nmeasures.csv 1\nrequests.csv 2\n"
            "codebook.csv ") == 0);

  std::string out = folder / "out/a/";
  CHECK(columns(out + "choices.csv",
                {"study", "match", "condition", "talk", "factor_round", "block", "round", "seat", "seat_name", "player",
                 "model", "decision", "number", "action", "done", "missing", "payoff", "own_last", "other_last"}) ==
        "first|1|talk|yes, \"much\"|x|1|1|1|row|direct|m|action|1|defect|cooperate|0|1.5|-|-\n"
        "first|1|talk|yes, \"much\"|x|1|1|2|column|alternate|-|action|1|defect|defect|0|-2|-|-\n"
        "first|1|talk|yes, \"much\"|x|1|2|1|row|direct|m|action|1|cooperate|cooperate|0|0|cooperate|defect\n"
        "first|1|talk|yes, \"much\"|x|1|2|2|column|alternate|-|action|1|defect|defect|0|10|defect|cooperate\n"
        "first|1|talk|yes, \"much\"|x|1|3|1|row|direct|m|action|1|-|defect|1|-|cooperate|defect\n");
  CHECK(columns(out + "seats.csv", {"seat", "player", "sampling", "rounds", "total", "mean", "made"}) ==
        "1|direct|{\"temperature\":1}|2|1.5|0.75|2\n2|alternate|-|2|8|4|2\n");
  CHECK(columns(out + "matches.csv", {"lineup", "status", "why", "void_seat", "rounds", "closed", "missing", "drawn",
                                      "pie", "setting_rounds", "cover", "setting_cover", "labels"}) ==
        "direct, alternate|void|cut|2|3|2|1|{\"label_map\":[1,0]}|100|3|plain|plain|[\"J\",\"F\"]\n");
  CHECK(columns(out + "messages.csv", {"round", "number", "kind", "seat", "name", "text", "facts", "seen"}) ==
        "1|1|told|-|value|-|{\"worth\":3}|[1]\n1|2|said|2|say||-|-\n");
  CHECK(columns(out + "beliefs.csv", {"round", "seat", "n", "about", "about_name", "guess", "truth", "hit"}) ==
        "1|1|1|2|column|cooperate|defect|0\n");
  CHECK(columns(out + "measures.csv", {"round", "measure", "value"}) == "1|fair|0\n");
  CHECK(columns(out + "requests.csv", {"seat", "n", "try", "dropped", "added", "options", "text", "choice", "input",
                                       "request", "http_tries"}) ==
        "1|1|1|0|What do you do?|[\"F\",\"J\"]|I say,\n\"no\"|-|12|" + hash_of("q") +
            "|1\n"
            "1|1|2|0|-|[\"F\",\"J\"]|J|defect|12|" +
            hash_of("q2") + "|3\n");

  // Every column of every file stands in the codebook, with a meaning.
  std::string book = read_file(out + "codebook.csv");
  std::string wanted;
  for (const auto& [name, n] : files) {
    if (name == "codebook.csv") continue;
    std::string head = read_file(out + name);
    head = head.substr(0, head.find('\n'));
    for (size_t at = 0; at <= head.size();) {
      size_t end = std::min(head.find(',', at), head.size());
      wanted += name + "|" + head.substr(at, end - at) + "\n";
      at = end + 1;
    }
  }
  CHECK(columns(out + "codebook.csv", {"file", "column"}) == wanted);
  CHECK(columns(out + "codebook.csv", {"meaning"}).find("-\n") == std::string::npos);
  CHECK(book.find("choices.csv,payoff,number,points,,") != std::string::npos);
  CHECK(book.find("choices.csv,action,action,,cooperate; defect,") != std::string::npos);
  CHECK(book.find("matches.csv,pie,number,,,setting of the game\n") != std::string::npos);
  CHECK(book.find("matches.csv,labels,JSON,") != std::string::npos);
}

TEST_CASE("others' last choices: by role, by seat, with sets that change") {
  Folder folder;
  Store store = Store::in_memory();
  register_plans(store, {plan(condition("", "a", "ultimatum"), lineup({"p", "r"})),
                         plan(condition("", "b", "three"), lineup({"x", "y", "z"}))});
  Script s({"proposer", "responder"});
  for (int round = 1; round <= 2; ++round) {
    s.round().choose(1, "offer", range(0, 10, .5), 2.5 * round);
    s.choose(2, "answer", round == 1 ? Value(Value::List{"yes", "no"}) : Value(Value::List{"no", "yes"}), "no");
  }
  store.finish(store.begin(1, used(store)), s.end());
  Script t({"A", "B", "C"});
  for (int round = 1; round <= 2; ++round) {
    t.round();
    for (int seat = 1; seat <= 3; ++seat) t.choose(seat, "give", range(0, 20), round * 5 + seat);
  }
  store.finish(store.begin(2, used(store)), t.end());
  export_csv(store, folder.path.string(), false);
  CHECK(columns(folder / "choices.csv",
                {"match", "round", "seat", "decision", "action", "own_last", "other_last", "last_1", "last_3"}) ==
        "1|1|1|offer|2.5|-|-|-|-\n"
        "1|1|2|answer|no|-|-|-|-\n"
        "1|2|1|offer|5|2.5|no|2.5|-\n"
        "1|2|2|answer|no|no|2.5|-|-\n"
        "2|1|1|give|6|-|-|-|-\n"
        "2|1|2|give|7|-|-|-|-\n"
        "2|1|3|give|8|-|-|-|-\n"
        "2|2|1|give|11|6|-|6|8\n"
        "2|2|2|give|12|7|-|6|8\n"
        "2|2|3|give|13|8|-|6|8\n");
}

TEST_CASE("older versions, and matches no longer planned, come with --all") {
  Folder folder;
  Store store = Store::in_memory();
  auto a = condition("a", "a"), b = condition("b", "b");
  auto players = lineup({"x", "y"});
  register_plans(store, plans({a, b}, {players}, 1));
  for (uint64_t i = 1; i <= 2; ++i) store.finish(store.begin(i, used(store)), Script().dilemma(false, false).end());
  register_plans(store, plans({b}, {players}, 1));
  store.finish(store.begin(1, used(store, "edited")), Script().dilemma(true, true).end());
  export_csv(store, folder / "now", false);
  CHECK(columns(folder / "now/choices.csv", {"match", "condition", "seat", "action"}) ==
        "1|b|1|defect\n1|b|2|defect\n");
  export_csv(store, folder / "all", true);
  CHECK(columns(folder / "all/matches.csv", {"match", "version", "planned", "condition"}) ==
        "1|1|0|b\n1|2|1|b\n2|1|0|a\n");
  CHECK(columns(folder / "all/choices.csv", {"match", "version", "condition", "seat", "action"}) ==
        "1|1|b|1|cooperate\n1|1|b|2|cooperate\n1|2|b|1|defect\n1|2|b|2|defect\n2|1|a|1|cooperate\n2|1|a|2|cooperate\n");
}

TEST_CASE("what cannot be written is one error") {
  Folder folder;
  Store store = Store::in_memory();
  register_plans(store, plans({condition("")}, {lineup({"x", "y"})}, 1));
  write_file(folder / "file", "x");
  CHECK_THROWS_WITH_AS(export_csv(store, folder / "file", false),
                       ("cannot make the folder '" + (folder / "file") + "': Not a directory").c_str(), Error);
}
