// Hand-coded players move for move: against what is worked out by hand, and against the moves that the published programs
// made (../shared/oracles/akata; skipped, saying so, where it is absent).
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "base/file.h"
#include "base/json.h"
#include "table.h"

using namespace parley;
using namespace parley::test;
namespace fs = std::filesystem;

namespace {

// "CDD" as a plan's moves in the prisoner's dilemma, and back.
Value plan_moves(const std::string& letters) {
  Value::List moves;
  for (char c : letters) moves.push_back(c == 'C' ? "cooperate" : "defect");
  return Value::Record{{"moves", Value::Record{{"action", moves}}}};
}

std::string letters(const Transcript& t, int seat) {
  std::string out;
  std::istringstream words(moves(t, seat));
  for (std::string word; words >> word;) out += word == "cooperate" ? 'C' : 'D';
  return out;
}

// What `strategy` does in `seat` against these moves.
std::string against(Table& table, const std::string& strategy, const Value& settings, const std::string& opponent,
                    int seat = 1, uint32_t block = 1) {
  std::vector<std::string> names = {strategy, "plan"};
  if (seat == 2) std::swap(names[0], names[1]);
  auto plan = table.plan(
      "prisoners_dilemma", names,
      [&](Rules& rules, std::vector<Player>& players) {
        rules.rounds = static_cast<int>(opponent.size());
        players[static_cast<size_t>(seat) - 1].settings = settings;
        players[static_cast<size_t>(2 - seat)].settings = plan_moves(opponent);
      },
      block);
  return letters(table.play(plan), seat);
}

Value with(const char* name, const Value& value) { return Value::Record{{name, value}}; }

struct Case {
  const char* strategy;
  Value settings;
  const char* opponent;
  const char* expected;
};

const Value kNone = Value::Record{};

// By hand, from the rules of FACTS 1 (C: the first action, D: the second).
const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"always_first", kNone, "CDDC", "CCCC"},
      {"always_second", kNone, "CDDC", "DDDD"},
      {"defect_once", kNone, "CDDCC", "DCCCC"},
      {"defect_once", with("at", 3), "CDDCC", "CCDCC"},
      {"alternate", kNone, "CDDCC", "CDCDC"},
      {"alternate", with("start", 2), "CDDCC", "DCDCD"},
      {"tit_for_tat", kNone, "CDDCDC", "CCDDCD"},
      {"suspicious_tit_for_tat", kNone, "CDDCDC", "DCDDCD"},
      {"suspicious_tit_for_tat", kNone, "CCCC", "DCCC"},
      {"reverse_tit_for_tat", kNone, "CDDCDC", "DDCCDC"},
      {"reverse_tit_for_tat", kNone, "DDDD", "DCCC"},
      {"tit_for_two_tats", kNone, "CDCDDCDDDC", "CCCCCDCCDD"},
      {"tit_for_two_tats", kNone, "DDDD", "CCDD"},
      {"tit_for_two_tats", kNone, "DCDCDC", "CCCCCC"},
      {"hard_tit_for_tat", kNone, "CCCC", "CCCC"},
      {"hard_tit_for_tat", kNone, "CDCCCCC", "CCDDDCC"},
      {"hard_tit_for_tat", kNone, "DCCDCCCC", "CDDDDDDC"},
      {"hard_tit_for_tat", with("start", 2), "CDCCCC", "DCDDDC"},
      {"grim", kNone, "CCCC", "CCCC"},
      {"grim", kNone, "CDCCCCC", "CCDDDDD"},
      {"grim", kNone, "DCCC", "CDDD"},
      {"naive_prober", with("p", 0), "CDDCDC", "CCDDCD"},
      {"naive_prober", with("p", 1), "CCCCCC", "CDDDDD"},
      {"frozen", with("letters", Value::List{"J", "F"}), "CDDCC", ""},
      {"plan", plan_moves("CDD"), "CCCCC", "CDDDD"},
      {"recorded", plan_moves("CDDC"), "CCDC", "CDDC"},
  };
  return all;
}

std::string frozen_by_hand(const Value& policy, const std::string& opponent) {
  std::string past, out;
  for (char c : opponent) {
    std::string key = past;
    while (policy[key].is_nil() && !key.empty()) key.erase(0, 1);
    out += policy[key].string() == "J" ? 'C' : 'D';
    past += c == 'C' ? 'J' : 'F';
  }
  return out;
}

fs::path oracle(const char* path) { return fs::path(PARLEY_SHARED) / "oracles/akata" / path; }

// The rows of a plain CSV file, by column.
std::vector<std::map<std::string, std::string>> rows_of(const fs::path& path) {
  std::istringstream text(read_file(path.string()));
  std::vector<std::string> names;
  std::vector<std::map<std::string, std::string>> out;
  for (std::string line; std::getline(text, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::istringstream fields(line);
    std::map<std::string, std::string> row;
    size_t i = 0;
    for (std::string field; std::getline(fields, field, ','); ++i) {
      if (out.empty() && i >= names.size()) names.push_back(field);
      row[names[i]] = field;
    }
    out.push_back(std::move(row));
  }
  out.erase(out.begin());
  return out;
}

// What went wrong, "strategies/NAME.lua:12: text", without the line.
std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& e) {
    std::string what = e.what();
    size_t at = what.find(".lua:") + 5, end = what.find(": ", at);
    CHECK_MESSAGE(std::all_of(what.begin() + static_cast<long>(at), what.begin() + static_cast<long>(end), isdigit),
                  what);
    return what.erase(at, end - at + 1);
  }
  return "";
}

}  // namespace

TEST_CASE("strategies: by hand, in either seat, and nothing is carried from match to match") {
  Table table;
  Value forgiving = from_json(read_file(std::string(PARLEY_ROOT) + "/strategies/policies/forgiving.json"));
  auto all = cases();
  for (int time = 1; time <= 2; ++time) {  // the second time in another order, after all the others have played
    for (const Case& c : all) {
      CAPTURE(c.strategy);
      CAPTURE(c.opponent);
      CAPTURE(time);
      std::string expected = std::string(c.strategy) == "frozen" ? frozen_by_hand(forgiving, c.opponent) : c.expected;
      CHECK(against(table, c.strategy, c.settings, c.opponent, 1) == expected);
      CHECK(against(table, c.strategy, c.settings, c.opponent, 2) == expected);
    }
    std::reverse(all.begin(), all.end());
  }
}

TEST_CASE("strategies: two matches side by side do not share what is remembered") {
  Table table;
  for (const char* strategy : {"grim", "tit_for_two_tats", "hard_tit_for_tat", "reflexion", "scratchpad"}) {
    CAPTURE(strategy);
    bool asks = std::string(strategy) == "reflexion" || std::string(strategy) == "scratchpad";
    auto plan = table.plan("prisoners_dilemma", {asks ? std::string(strategy) + "@script" : strategy, "direct@script"},
                           [](Rules& rules, std::vector<Player>&) { rules.rounds = 3; });
    std::vector<Match> matches;
    for (int i = 0; i < 2; ++i) matches.emplace_back(table.scripts(), plan);
    std::vector<std::string> shown(2);
    for (bool more = true; more;) {
      more = false;
      for (size_t i = 0; i < 2; ++i) {  // in the first match the other always defects, in the second it never does
        for (const Question& q : matches[i].advance()) {
          more = true;
          const std::string& name = q.request.about.question;
          shown[i] += q.request.messages.back().text;
          std::string secret = i == 0 ? "They are bad." : "They are good.";
          std::string move = q.place.seat == 2 ? i == 0 ? "defect" : "cooperate" : "cooperate";
          matches[i].answer(q.place, says(name == "reflect" ? secret
                                          : name == "reply" ? "<analysis>x</analysis><answer>" + move +
                                                                  "</answer><plan>" + secret + "</plan>"
                                                            : move));
        }
      }
    }
    std::map<std::string, std::string> first = {
        {"grim", "CDD"}, {"tit_for_two_tats", "CCD"}, {"hard_tit_for_tat", "CDD"}};
    CHECK(letters(matches[0].transcript(), 1) == (asks ? "CCC" : first[strategy]));
    CHECK(letters(matches[1].transcript(), 1) == "CCC");
    CHECK((shown[0].find("They are bad.") != std::string::npos) == asks);
    CHECK((shown[1].find("They are good.") != std::string::npos) == asks);
    CHECK(shown[0].find("They are good.") == std::string::npos);
    CHECK(shown[1].find("They are bad.") == std::string::npos);
  }
}

TEST_CASE("strategies: chance is the seat's own, by match, and as likely as stated") {
  Table table;
  std::string cooperates(2000, 'C');
  std::string probes = against(table, "naive_prober", with("p", .1), cooperates);
  CHECK(probes[0] == 'C');
  auto share = [](const std::string& s) {
    return static_cast<double>(std::count(s.begin(), s.end(), 'D')) / static_cast<double>(s.size());
  };
  CHECK(share(probes) > .08);
  CHECK(share(probes) < .12);
  CHECK(against(table, "naive_prober", with("p", .1), cooperates) == probes);
  CHECK(against(table, "naive_prober", with("p", .1), cooperates, 2) != probes);
  CHECK(against(table, "naive_prober", with("p", .1), cooperates, 1, 2) != probes);
  std::string random = against(table, "random", kNone, cooperates);
  CHECK(share(random) > .46);
  CHECK(share(random) < .54);
  CHECK(against(table, "random", kNone, cooperates, 2) != random);
  // Out of a range every number comes.
  Transcript t =
      table.play(table.plan("public_goods", {"random", "random", "random"}, [](Rules& rules, std::vector<Player>&) {
        rules.rounds = 400;
        rules.settings = Value::Record{{"endowment", 5}};
      }));
  std::map<std::string, int> count;
  std::istringstream words(moves(t, 3));
  for (std::string word; words >> word;) ++count[word];
  CHECK(count.size() == 6);
  for (const auto& [number, times] : count) CHECK(times > 35);
}

TEST_CASE("strategies: longer lists, and decisions of any name") {
  Table table;
  Transcript t =
      table.play(table.plan("ultimatum", {"plan", "alternate"}, [](Rules& rules, std::vector<Player>& players) {
        rules.rounds = 4;
        players[0].settings = from_json(R"({"moves": {"offer": [10, 30]}})");
        players[1].settings = with("start", 2);
      }));
  CHECK(moves(t, 1, "offer") == "10 30 30 30");
  CHECK(moves(t, 2, "answer") == "reject accept reject accept");
  std::map<std::string, std::string> texts = {
      {"games/three.lua",
       R"(game { about = "Three", actions = { "a", "b", "c" }, payoffs = function() return { 0, 0 } end })"}};
  Table other(texts);
  Transcript turns =
      other.play(other.plan("three", {"alternate", "alternate"}, [](Rules& rules, std::vector<Player>& players) {
        rules.rounds = 5;
        players[1].settings = with("start", 3);
      }));
  CHECK(moves(turns, 1) == "a b c a b");
  CHECK(moves(turns, 2) == "c a b c a");
}

TEST_CASE("strategies: a rule that does not fit the game says so") {
  Table table;
  auto play = [&](const std::string& game, const std::vector<std::string>& players) {
    return error_of(
        [&] { table.play(table.plan(game, players, [](Rules& rules, std::vector<Player>&) { rules.rounds = 2; })); });
  };
  auto says = [](const std::string& name, const std::string& what) { return "strategies/" + name + ".lua: " + what; };
  const std::string copies = " needs two actions that both players have: 'action' is no such choice";
  for (const std::string name : {"tit_for_tat", "suspicious_tit_for_tat", "reverse_tit_for_tat", "tit_for_two_tats",
                                 "hard_tit_for_tat", "naive_prober", "grim"}) {
    CAPTURE(name);
    CHECK(play("public_goods", {name, "random"}) == says(name, name + copies));
    CHECK(play("inspection", {name, "always_first"}) == says(name, name + copies));
    CHECK(play("public_goods", {name, "random", "random"}) ==
          says(name, "turn.other: this game has 3 players; use turn.others"));
  }
  CHECK(play("public_goods", {"always_first", "random"}) ==
        says("always_first", "always_first needs a list of actions, and 'action' has none"));
  CHECK(play("public_goods", {"always_second", "random"}) ==
        says("always_second", "always_second needs a list of two actions or more, and 'action' has none"));
  CHECK(play("public_goods", {"alternate", "random"}) ==
        says("alternate", "alternate needs a list of actions, and 'action' has none"));
  CHECK(play("public_goods", {"defect_once", "random"}) ==
        says("defect_once", "defect_once needs two actions: 'action' is no such choice"));
  CHECK(play("public_goods", {"plan", "random"}) == says("plan", "plan has no move for 'action'"));
  CHECK(play("public_goods", {"recorded", "random"}) == says("recorded", "the record has no 'action' in round 1"));
  CHECK(error_of([&] { against(table, "recorded", plan_moves("CD"), "CCC"); }) ==
        says("recorded", "the record has no 'action' in round 3"));
  CHECK(play("public_goods", {"frozen", "random"}) ==
        says("frozen", "frozen needs as many actions as letters, 2: 'action' is no such choice"));
  CHECK(play("inspection", {"frozen", "always_first"}) ==
        says("frozen", "frozen knows no letter for the other's 'work'"));
  CHECK(play("public_goods", {"frozen", "random", "random"}) ==
        says("frozen", "frozen needs as many actions as letters, 2: 'action' is no such choice"));
}

TEST_CASE("strategies: frozen plays a recorded policy") {
  std::map<std::string, std::string> texts;
  for (const char* name : {"pd_gpt4_lookup.json", "pd_variation_predict_gpt4_lookup.json"}) {
    fs::path path = oracle("lookups") / name;
    if (fs::exists(path)) texts[std::string("strategies/policies/") + name] = read_file(path.string());
  }
  if (texts.empty()) {
    MESSAGE("skipped: there is no " << oracle("lookups").string());
    return;
  }
  Table table(texts);
  for (const auto& [name, text] : texts) {
    CAPTURE(name);
    Value policy = from_json(text);
    CHECK(policy.record().size() == 1023);
    std::set<std::string> keys = {""};
    for (int length = 0; length <= 9; ++length) {
      std::set<std::string> longer;
      for (const std::string& key : keys) {
        CHECK_MESSAGE((policy[key] == Value("J") || policy[key] == Value("F")), "no move for '" << key << "'");
        longer.insert(key + "J");
        longer.insert(key + "F");
      }
      keys = longer;
    }
    Value settings = Value::Record{{"policy", name.substr(11)}};
    for (const char* opponent :
         {"CCCCCCCCCC", "DDDDDDDDDD", "DCCCCCCCCC", "CDCDCDCDCD", "CCDDCCDDCC", "CCCCCDDDDDCCCCC"}) {
      CAPTURE(opponent);
      CHECK(against(table, "frozen", settings, opponent) == frozen_by_hand(policy, opponent));
    }
  }
}

// The published matches: given the other's recorded moves, ours are the recorded ones.
TEST_CASE("strategies: the published programs' moves") {
  struct Ours {
    const char* strategy;
    Value settings;
  };
  const std::map<std::string, Ours> ours = {
      {"act_j", {"always_first", kNone}},
      {"act_f", {"always_second", kNone}},
      {"act_defect_once", {"defect_once", kNone}},
      {"Defect_once", {"defect_once", kNone}},
      {"act_false_defector", {"defect_once", kNone}},
      {"act_grim_trigger", {"grim", kNone}},
      {"act_tft", {"tit_for_tat", kNone}},
      {"act_tftt", {"tit_for_two_tats", kNone}},
      {"act_stft", {"suspicious_tit_for_tat", kNone}},
      {"act_rtft", {"reverse_tit_for_tat", kNone}},
      {"act_htft", {"hard_tit_for_tat", with("start", 2)}},
      {"act_np10", {"naive_prober", with("p", 0)}},  // what chance adds is looked at below
      {"act_np20", {"naive_prober", with("p", 0)}},
  };
  if (!fs::exists(oracle("pd"))) {
    MESSAGE("skipped: there is no " << oracle("pd").string());
    return;
  }
  Table table;
  // How many seats were compared, and how many differ: by file and player.
  std::map<std::string, int> compared;
  std::map<std::pair<std::string, std::string>, int> differs;
  std::map<std::string, std::pair<int, int>>
      probes;  // of rounds in which tit for tat would choose the first, those with the second
  for (const auto& entry : fs::recursive_directory_iterator(oracle("pd"))) {
    if (entry.path().extension() != ".csv") continue;
    std::string file = entry.path().stem().string();
    std::vector<std::vector<std::map<std::string, std::string>>> matches;
    for (auto& row : rows_of(entry.path())) {
      if (row["round"] == "1") matches.emplace_back();
      matches.back().push_back(row);
    }
    for (auto& match : matches) {
      std::string mine[2];
      // Which label is the first action: the one whose pair is paid 8 and 8, or whose lone holder is paid 0.
      std::map<std::string, char> letter;
      for (auto& row : match) {
        for (int s = 0; s < 2; ++s) {
          const std::string n = std::to_string(s + 1);
          bool first = row["points" + n] == "8" || row["points" + n] == "0";
          auto known = letter.emplace(row["answer" + n], first ? 'C' : 'D');
          REQUIRE(known.first->second == (first ? 'C' : 'D'));
          mine[s] += first ? 'C' : 'D';
        }
      }
      for (int s = 0; s < 2; ++s) {
        const std::string& name = match[0]["player" + std::to_string(s + 1)];
        auto rule = ours.find(name);
        if (rule == ours.end()) continue;
        ++compared[rule->second.strategy];
        std::string got = against(table, rule->second.strategy, rule->second.settings, mine[1 - s], s + 1);
        if (name.rfind("act_np", 0) == 0) {
          for (size_t i = 1; i < got.size(); ++i) {
            CHECK_MESSAGE((got[i] == mine[s][i] || mine[s][i] == 'D'),
                          file << ": " << name << " cooperates where it copies a defection");
            probes[name].first += got[i] == 'C';
            probes[name].second += got[i] == 'C' && mine[s][i] == 'D';
          }
          CHECK(got[0] == mine[s][0]);
        } else if (got != mine[s]) {
          ++differs[{file, name}];
          // The one known fault: memory carried over from the match before, so that only the first rounds can differ.
          CHECK_MESSAGE(got.substr(3) == mine[s].substr(3),
                        file << ": " << name << " did " << mine[s] << ", ours " << got);
        }
      }
    }
  }
  std::map<std::pair<std::string, std::string>, int> faults = {{{"pd_base_gpt4_tfts", "act_htft"}, 10},
                                                               {{"pd_base_gpt4_tfts", "act_tftt"}, 1}};
  CHECK(differs == faults);
  CHECK(compared["always_first"] == 16);
  CHECK(compared["defect_once"] > 40);
  CHECK(compared["hard_tit_for_tat"] > 16);
  CHECK(compared.size() == 10);
  for (const auto& [name, count] : probes) {
    double p = static_cast<double>(count.second) / count.first;
    MESSAGE(name << " probes in " << count.second << " of " << count.first << " rounds");
    CHECK(p > (name == "act_np10" ? .04 : .1));
    CHECK(p < (name == "act_np10" ? .16 : .3));
  }
}
