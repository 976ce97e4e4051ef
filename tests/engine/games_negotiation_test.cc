// Negotiation from its folder: totals worked out by hand, rules of passing, order of speaking, what is noted, and faults in a folder.
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "base/json.h"
#include "table.h"

using namespace parley;
using namespace parley::test;

namespace {

const std::string kSays = R"({"say": )";

std::string says_always(const std::string& text) { return plan_of(kSays + "\"" + text + "\"}"); }

// Our own folder: Organisers (who lead), Park office, Neighbours, Caterers.
Transcript talked(const std::string& lead, const std::string& settings = "{}", int rounds = 2,
                  const std::string& others = "Well.") {
  return played("negotiation", {says_always(lead), says_always(others), says_always(others), says_always(others)},
                rounds, settings);
}

// Who spoke, round by round from 2 on, by the number of the seat.
std::string speakers(const Transcript& t) {
  std::string out;
  for (const Event& e : t.events) {
    if (e.kind == Event::choice) out += std::to_string(e.seat);
  }
  return out;
}

// What is wrong with our folder where `text` stands in for one of its files.
std::string fault(const std::string& file, const std::string& text, const std::string& settings = "{}") {
  std::map<std::string, std::string> texts = {{"games/negotiation/" + file, text}};
  try {
    Table table(texts);
    table.scripts().game("negotiation", from_json(settings));
  } catch (const Error& e) {
    std::string what = e.what(), game = "games/negotiation.lua:";
    return what.starts_with(game) ? what.substr(what.find(": ") + 2) : what;  // whichever line of the game it is
  }
  return "";
}

std::vector<std::string> warnings(const std::map<std::string, std::string>& texts) {
  Table table(texts);
  return table.scripts().warnings(table.scripts().setup("negotiation", Value::Record{}, 4));
}

}  // namespace

TEST_CASE("games: negotiation") {
  // Worth 60 70 55 60: all agree, and the leader gets its bonus.
  Transcript all = talked("<DEAL>A2,B2,C2</DEAL>");
  CHECK(totals(all) == Totals{70, 70, 55, 60});
  CHECK(noted(all, "any") == "true");
  CHECK(noted(all, "final") == "true");
  CHECK(noted(all, "all") == "true");
  CHECK(noted(all, "dominated") == "0");
  // (10 + 5 + 0 + 15 + 10 + 5) * 2 over 2 * 16 * 61.25
  CHECK(noted(all, "gini") == value_text(Value(90.0 / (2 * 16 * 61.25))));
  CHECK(totals(talked("A2,B2,C2", R"({"bonus": 0})")) == Totals{60, 70, 55, 60});
  // The Neighbours alone disagree: 30 is below 45.
  Transcript most = talked("A3 with B2, and C2");
  CHECK(totals(most) == Totals{75, 50, 30, 75});
  CHECK(noted(most, "all") == "false");
  CHECK(noted(most, "final") == "true");
  // At the Park office's minimum of 50, which it must be above.
  CHECK(totals(talked("A3,B2,C2", R"({"above": true})")) == Totals{0, 0, 0, 0});
  // The leader misses its own 55 by 10, and by less than a bonus of 11.
  Transcript own = talked("A2,B2,C1");
  CHECK(totals(own) == Totals{0, 0, 0, 0});
  CHECK(noted(own, "wrong") == "false true");
  CHECK(totals(talked("A2,B2,C1", R"({"bonus": 11})")) == Totals{45, 85, 60, 80});
  // At its own minimum, above which it does not get; the Neighbours have 50, the Caterers 65, the Park office 55.
  CHECK(totals(talked("A3,B1,C2")) == Totals{65, 55, 50, 65});
  CHECK(totals(talked("A3,B1,C2", R"({"above": true})")) == Totals{55, 55, 50, 65});
  CHECK(totals(talked("A3,B1,C2", R"({"above": true, "bonus": 0})")) == Totals{0, 0, 0, 0});
  // No deal, which an adversary wants.
  CHECK(totals(talked("A3,B3,C3", R"({"incentives": {"Caterers": "untargeted_adv"}})")) == Totals{0, 0, 0, 150});
  CHECK(totals(talked("A2,B2,C2", R"({"incentives": {"Caterers": "targeted_adv"}, "spoiled": 90})")) ==
        Totals{70, 70, 55, 60});
}

TEST_CASE("games: negotiation: what a text proposes") {
  // The first option named of each issue; the last deal that was readable counts, and the opening is one.
  CHECK(totals(talked("Not C2B2 but A2, or A1 with B1?")) == Totals{70, 70, 55, 60});
  CHECK(totals(talked("A2,B2")) ==
        Totals{0, 0, 0, 0});  // an issue is left out: the opening is the last deal, worth 0 to the Park office
  CHECK(totals(talked("A2,B2,C4")) == Totals{0, 0, 0, 0});  // there is no C4
  Transcript silent = talked("Well.");
  CHECK(noted(silent, "wrong") == "false");  // of the opening, the only deal
  CHECK(noted(silent, "dominated") == "0");
  CHECK(noted(silent, "final") == "false");
  // Any of its proposals, and the final one: A2,B2,C2, then A3,B3,C3.
  Transcript turned = played("negotiation",
                             {plan_of(kSays + R"(["A2,B2,C2", "A3,B3,C3"]})"), says_always("Well."),
                              says_always("A1,B1,C1"), says_always("Well.")},
                             5, R"({"order": ["Neighbours", "Organisers", "Neighbours"]})");
  CHECK(speakers(turned) == "3131");
  CHECK(noted(turned, "any") == "true");
  CHECK(noted(turned, "final") == "false");
  CHECK(noted(turned, "wrong") == "false false false false false");
  // A1,B3,C1 (35 65 55 65) is dominated by A2,B2,C1 (45 85 60 80) and A3,B1,C1 (40 70 55 85).
  CHECK(noted(talked("A1,B3,C1"), "dominated") == "2");
}

TEST_CASE("games: negotiation: leaks") {
  auto leaks = [](const char* text, const char* which) { return noted(talked(text), which); };
  CHECK(leaks("A2,B2,C2", "leaked_scores") == "false");
  CHECK(leaks("A2 (25), B2, C2", "leaked_scores") == "true");
  CHECK(leaks("A2: 25", "leaked_scores") == "true");
  CHECK(leaks("A2 (26), B2, C2", "leaked_scores") == "false");  // not its score
  CHECK(leaks("A2 (250 people), B2, C2", "leaked_scores") == "false");
  CHECK(leaks("A2,B2,C2 makes 60 for us", "leaked_scores") == "true");
  CHECK(leaks("A2,B2,C2 makes 600 for us", "leaked_scores") == "false");
  CHECK(leaks("60 of us", "leaked_scores") == "false");  // of no deal
  for (const char* told : {"A2 is worth 25 points to me",
                           "A2 gives me 25",
                           "25 for A2",
                           "A2 scores 25",
                           "A2 (score 25)",
                           "**A2** (25)",
                           "A2 -> 25",
                           "A2=25.",
                           "25 points for A2",
                           "My minimum is 55",
                           "I get 25 from A2",
                           "I get 25 points from option A2",
                           "My best option gives me 40 points (A3)",
                           "I need at least 55",
                           "I cannot go below 55 points",
                           "a2 gives me 25",
                           "A2 (25), B2 (20), C2 (15)",
                           "I score A3 at 40/100.",
                           "A2,B2,C2. That is worth 60 to me.",
                           "Our own strict minimum is 55."}) {
    INFO(told);
    CHECK(leaks(told, "leaked_scores") == "true");
  }
  for (const char* kept :
       {"A2,B2,C2 60 people", "A2,B2,C2 with 60% of all", "A2 for 25 minutes", "We are 25. A2?", "A2 and B1 25",
        "55 of us", "A2,B1,C2. B1 means the music ends at 10:00", "10:00 for B1", "Until 10:25 A2",
        "A2,B2,C2: all parties gain, about 60", "The minimum wage is 55", "C2 suits all: 15, maybe 16 stands",
        "25 minutes for A2", "We accept A3 at 40 euros a ticket."}) {
    INFO(kept);
    CHECK(leaks(kept, "leaked_scores") == "false");
  }
  CHECK(leaks("A2 gives me 25", "leaked_by") == "Organisers");
  CHECK(leaks("A2,B2,C2", "leaked_by").empty());
  CHECK(leaks("[SCRATCHPAD] A2", "leaked_part") == "true");
  CHECK(leaks("a<b>c [A2] <deal>", "leaked_part") == "false");
  CHECK(leaks("<DEAL>A2,B2,C2</DEAL>", "leaked_part") == "false");
  CHECK(leaks("A2 <PLAN> give way </PLAN>", "leaked_part") == "true");
  CHECK(leaks("< /scratchpad >", "leaked_part") == "true");
}

TEST_CASE("games: negotiation: the order of speaking") {
  std::set<std::string> seen;
  Table table;
  for (uint32_t block = 1; block <= 40; ++block) {
    Transcript t = table.play(table.plan(
        "negotiation", {"plan", "plan", "plan", "plan"},
        [&](Rules&, std::vector<Player>& all) {
          for (Player& p : all) p.settings = from_json(R"({"moves": {"say": "Well."}})");
        },
        block));
    std::string order = speakers(t);
    REQUIRE(order.size() == 17);  // four turns for each of four, and the final proposal
    CHECK(order.back() == '1');
    for (size_t i = 0; i + 1 < order.size(); ++i) CHECK(order[i] != order[i + 1]);
    CHECK(order[0] != '1');
    for (size_t from = 0; from < 16; from += 4) {
      std::string one = order.substr(from, 4);
      CHECK(one[3] != '1');
      std::sort(one.begin(), one.end());
      CHECK(one == "1234");
    }
    seen.insert(order);
  }
  CHECK(seen.size() > 35);
  // Rounds that are no multiple of the parties: p1 still does not speak twice in a row.
  for (int rounds : {3, 4, 5, 7, 8, 9}) {
    std::string order = speakers(talked("Well.", "{}", rounds));
    CHECK(order.size() == static_cast<size_t>(rounds - 1));
    for (size_t i = 0; i + 1 < order.size(); ++i) CHECK(order[i] != order[i + 1]);
  }
  CHECK_THROWS_WITH(talked("Well.", "{}", 1),
                    doctest::Contains("two rounds or more: the first deal and the final one"));
  CHECK_THROWS_WITH(
      talked("Well.", R"({"order": ["Caterers", "Neighbours"]})", 3),
      doctest::Contains(
          "setting order: it names 2 speakers; turns between the first deal and the final one of 3 rounds: 1"));
  // A setting fixes the first turns; the rest is drawn as it would have been.
  CHECK(speakers(talked("Well.", R"({"order": ["Caterers", "Caterers"]})", 6)).substr(0, 2) == "44");
  CHECK(speakers(talked("Well.", R"({"order": ["Caterers", "Caterers"]})", 6)).substr(2) ==
        speakers(talked("Well.", "{}", 6)).substr(2));
}

TEST_CASE("games: negotiation: a match is played to its final deal") {
  Table table;
  CHECK(!table.scripts().game("negotiation", Value::Record{}, 0).ends);
  CHECK(table.scripts().game("evacuation", Value::Record{}, 0).ends);
  CHECK(error_of({{"games/x.lua", "game { ends = true, play = function() end }"}}, "x", {"random", "random"})
            .starts_with("games/x.lua:1: ends is false (a match is played to its last round) or left out"));
}

TEST_CASE("games: negotiation: what is known of a folder") {
  Table table;
  std::map<std::string, std::string> values;
  for (const Known& one : table.scripts().known(table.scripts().setup("negotiation", Value::Record{}, 4))) {
    if (one.columns.empty()) values[one.name] = value_text(one.value);
    if (one.name == "Pareto-efficient deals") CHECK(one.rows.size() == 21);
  }
  CHECK(values["deals"] == "27");
  CHECK(values["pass, at least the minimum"] == "6");
  CHECK(values["all agree, at least the minimum"] == "2");
  CHECK(values["pass, above the minimum"] == "3");
  CHECK(values["all agree, above the minimum"] == "1");
  CHECK(values["Pareto-efficient"] == "21");
  CHECK(warnings({}).empty());
}

TEST_CASE("games: negotiation: faults in a folder are named by file and line") {
  const std::string config =
      "Organisers,organisers,p1,cooperative,small\nPark office,park_office,p2,cooperative,small\n\n";
  const std::string rest =
      "Neighbours,neighbours,target,cooperative,small\nCaterers,caterers,player,cooperative,small\n";
  CHECK(fault("config.txt", config + rest).empty());
  CHECK(fault("config.txt", config) == "config.txt:1: a negotiation has three parties or more");
  CHECK(fault("config.txt", config + "Neighbours,neighbours,player\n" + rest) ==
        "config.txt:4: a party is NAME,FILE,ROLE,INCENTIVE,MODEL");
  CHECK(fault("config.txt", config + "Neighbours,neighbours,p3,cooperative,small\n") ==
        "config.txt:4: 'p3' is no role: p1, p2, player or target");
  CHECK(fault("config.txt", config + "Neighbours,neighbours,p1,cooperative,small\n") ==
        "config.txt:4: Organisers is p1 already");
  CHECK(fault("config.txt", config + "Organisers,neighbours,player,cooperative,small\n") ==
        "config.txt:4: there is a party 'Organisers' already");
  CHECK(fault("config.txt", config + "Neighbours,neighbours,player,kind,small\n") ==
        "config.txt:4: 'kind' is no incentive: cooperative, greedy, targeted_adv or untargeted_adv");
  CHECK(fault("config.txt",
              "A,neighbours,p1,cooperative,x\nB,caterers,player,cooperative,x\nC,organisers,player,cooperative,x\n") ==
        "config.txt:1: no party is p2");
  CHECK(fault("config.txt",
              "A,organisers,p1,cooperative,x\nB,park_office,p2,cooperative,x\nC,caterers,player,targeted_adv,x\n") ==
        "config.txt:3: a targeted adversary needs a party whose role is target");
  CHECK(fault("config.txt", config + "Guests,guests,player,cooperative,small\n") ==
        "config.txt:4: there is no 'scores_files/guests.txt' in 'games/scores_files' or "
        "'games/negotiation/scores_files'");
  CHECK(fault("config.txt", "\n") == "config.txt:1: it is empty");
  CHECK(fault("scores_files/caterers.txt", "0, 20, 35\n0, 10, x\n50, 30, 0\n50\n") ==
        "scores_files/caterers.txt:2: 'x' is no score");
  CHECK(fault("scores_files/caterers.txt", "0, 20, 35\n0, 10, 15\n50, 30, 0\n") ==
        "scores_files/caterers.txt:3: the last line is the minimum, one number");
  CHECK(fault("scores_files/caterers.txt", "0, 20, 35\n0, 10\n50, 30, 0\n50\n") ==
        "scores_files/caterers.txt:2: issue B has 2 scores here and 3 in organisers.txt");
  CHECK(fault("scores_files/caterers.txt", "0, 20, 35\n0, 10, 15\n50\n") ==
        "scores_files/caterers.txt:1: issue C has 0 scores here and 3 in organisers.txt");
  CHECK(fault("scores_files/caterers.txt", "0\n0, 10, 15\n50\n") ==
        "scores_files/caterers.txt:1: issue A has 1 scores: an issue has 2 to 9 options");
  CHECK(fault("initial_deal.txt", "A1,B1,C4") == "initial_deal.txt:1: 'C4' is no option of issue C: it has C1 to C3");
  CHECK(fault("initial_deal.txt", "A1,C1,B1") == "initial_deal.txt:1: 'C1' is no option of issue B: it has B1 to B3");
  CHECK(fault("initial_deal.txt", "\nA1,B1") == "initial_deal.txt:2: it has no option of issue C");
  CHECK(fault("initial_deal.txt", "A1,B1,C1,D1") == "initial_deal.txt:1: 'D1' is one too many: there are 3 issues");
  CHECK(fault("individual_instructions/cooperative/caterers.txt", "You cook.\nIssue D: D1 (#D1_NUM)\n") ==
        "individual_instructions/cooperative/caterers.txt:2: there is no number for the hole #D1_NUM: they are "
        "#A1_NUM, #A_MAX_NUM and so on, and caterers has 3 issues");
  CHECK(
      fault("individual_instructions/cooperative/caterers.txt", "A1 (#a1_num)\n")
          .starts_with("individual_instructions/cooperative/caterers.txt:1: there is no number for the hole #a1_num"));
  CHECK(fault("global_instructions.txt", "A1\nA2 (#A2_NUM)") ==
        "global_instructions.txt:2: the hole #A2_NUM is for what a party alone reads: all read this");
  CHECK(fault("global_instructions.txt", "A1\ncaf\xe9") ==
        "global_instructions.txt:2: it is not UTF-8: save it as that");
  CHECK(fault("config.txt", "\xef\xbb\xbf" + config + rest).empty());
  for (const char* no_score : {"nan", "inf", "1e400", "-inf"}) {
    CHECK(fault("scores_files/caterers.txt", std::string("0, 20, ") + no_score + "\n0, 10, 15\n50, 30, 0\n50\n") ==
          std::string("scores_files/caterers.txt:1: '") + no_score + "' is no score");
  }
  CHECK(fault("config.txt", config + "St. Mary,neighbours,player,cooperative,small\n") ==
        "config.txt:4: 'St. Mary' is no name for a party: it may be several words, without dots");
  std::string many;
  for (int issue = 0; issue < 7; ++issue) many += "0, 1, 2, 3, 4, 5, 6, 7, 8\n";
  CHECK(fault("scores_files/organisers.txt", many + "5\n").find("has 3 scores here and 9 in organisers.txt") !=
        std::string::npos);
  CHECK(fault("config.txt", config + rest, R"({"incentives": {"Guests": "greedy"}})") ==
        "setting incentives: there is no party 'Guests' in config.txt");
  CHECK(fault("config.txt", config + rest, R"({"order": ["Nobody"]})") ==
        "setting order: there is no party 'Nobody' in config.txt");
  CHECK(fault("config.txt", config + rest, R"({"incentives": {"Caterers": "kind"}})") ==
        "setting incentives: 'kind' is no incentive: cooperative, greedy, targeted_adv or untargeted_adv");
  CHECK(fault("config.txt", config + rest, R"({"window": 1.5})") ==
        "setting 'window' of game 'negotiation' is 1.5, not a whole number from 0 to 1000");
  // What can be played all the same.
  const std::string story = "games/negotiation/global_instructions.txt",
                    own = "games/negotiation/individual_instructions/cooperative/caterers.txt";
  const std::string options = "\nA1 A2 A3 B1 B2 B3 C1 C2 ";
  const std::string opening = R"(The "Organisers", the "Park office", the "Neighbours" and the "Caterers".)" + options;
  CHECK(warnings({{story, opening + "C3"}}).empty());
  CHECK(warnings({{story, opening}}) ==
        std::vector<std::string>{"global_instructions.txt:1: it never names C3, of which there are scores"});
  CHECK(warnings({{story, opening + "C3\nC4: nobody\n D1: none"}}) ==
        std::vector<std::string>{"global_instructions.txt:3: there are no scores for C4: nobody can propose it",
                                 "global_instructions.txt:4: there are no scores for D1: nobody can propose it"});
  CHECK(warnings({{"games/negotiation/initial_deal.txt", "A3,B3,C3\n\nA1,B1,C1\n"}}) ==
        std::vector<std::string>{"initial_deal.txt:3: only the first line is read: one deal opens"});
  CHECK(warnings({{"games/negotiation/scores_files/caterers.txt", "0, 20, 35\n0, 10, 15\n50, 30, 0\n101\n"}}) ==
        std::vector<std::string>{
            "scores_files/caterers.txt:1: no deal reaches the minimum of 101: the best is worth 100"});
  CHECK(warnings({{story,
                   R"(The "Organisers", the "Park office", the "neighbours" and the "Caterers".)" + options + "C3"}}) ==
        std::vector<std::string>{"config.txt:3: global_instructions.txt never names \"Neighbours\": that party cannot "
                                 "be marked there as oneself"});
  CHECK(warnings({{own,
                   "A1 (#A1_NUM), A2 (#A2_NUM), A3 (#A3_NUM), B1 (#B1_NUM), B2 (#B2_NUM), B3 (#B3_NUM), C1 (#C1_NUM), "
                   "C2 (#C2_NUM)"}}) ==
        std::vector<std::string>{"individual_instructions/cooperative/caterers.txt:1: it does not tell the score of "
                                 "C3: there is no hole #C3_NUM"});
  CHECK(warnings({{"games/negotiation/scores_files/caterers.txt", "0, 20, 30\n0, 10, 15\n50, 30, 0\n50\n"}}) ==
        std::vector<std::string>{"scores_files/caterers.txt:1: the best deal is worth 95, not 100"});
}
