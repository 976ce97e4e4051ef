// Hand-coded players of cards, dice, partners and votes, move for move.
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "base/json.h"
#include "table.h"

using namespace parley;
using namespace parley::test;

namespace {

std::vector<std::string> list_of(const std::string& words) {
  std::istringstream in(words);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

// How often `word` comes among those of the odd rounds (0) or even ones (1).
double share(const std::string& words, const char* word, size_t even) {
  double hits = 0, all = 0;
  std::vector<std::string> list = list_of(words);
  for (size_t i = even; i < list.size(); i += 2) {
    ++all;
    hits += list[i] == word;
  }
  return hits / all;
}

// A match of 2,000 rounds in which the bluffer, alpha .25, has one card all the time and moves first in odd rounds.
Transcript bluffs(const std::string& cards, const std::string& other) {
  std::string all;
  for (int i = 0; i < 2000; ++i) all += (i ? "," : "") + cards;
  return played("kuhn_poker", {R"(bluffer {"alpha": 0.25})", plan_of(other)}, 2000, R"({"cards": [)" + all + "]}");
}

}  // namespace

TEST_CASE("strategies: bluffer") {
  const char* const checks = R"({"open": "check", "answer": "fold"})";
  const char* const bets = R"({"open": "bet", "answer": "call"})";
  auto near = [](double p) { return doctest::Approx(p).epsilon(.12); };
  Transcript low = bluffs("[1, 2]", checks);
  CHECK(share(moves(low, 1, "open"), "bet", 0) == near(.25));
  CHECK(share(moves(low, 1, "open"), "bet", 1) == near(1. / 3));
  low = bluffs("[1, 2]", bets);
  CHECK(moves(low, 1, "answer").find("call") == std::string::npos);
  Transcript middle = bluffs("[2, 3]", checks);
  CHECK(moves(middle, 1, "open").find("bet") == std::string::npos);
  middle = bluffs("[2, 3]", bets);
  CHECK(share(moves(middle, 1, "answer"), "call", 0) == near(1. / 3 + .25));  // after its own check
  CHECK(share(moves(middle, 1, "answer"), "call", 1) == near(1. / 3));
  Transcript high = bluffs("[3, 1]", checks);
  CHECK(share(moves(high, 1, "open"), "bet", 0) == near(.75));
  CHECK(share(moves(high, 1, "open"), "bet", 1) == 1);
  high = bluffs("[3, 1]", bets);
  CHECK(moves(high, 1, "answer").find("fold") == std::string::npos);
  // Against itself the first to move loses 1/18 a round: over odd rounds alone.
  double first = 0;
  const int rounds = 40000;
  Transcript t = played("kuhn_poker", {R"(bluffer {"alpha": 0.25})", "bluffer"}, rounds);
  int round = 0;
  for (const Event& e : t.events) {
    if (e.kind == Event::round) round = static_cast<int>(e.number);
    if (e.kind == Event::pay && e.seat == 2 - round % 2) first += e.number;
  }
  CHECK(first / rounds == doctest::Approx(-1. / 18).epsilon(.4));
}

TEST_CASE("strategies: sceptic") {
  // 33 against 51: of two unseen dice one is a given face with 11/36 = .306, both with 1/36.
  auto plays = [](const char* doubts) {
    Transcript t = played(
        "liars_dice",
        {std::string("sceptic {\"doubts\": ") + doubts + "}", std::string("sceptic {\"doubts\": ") + doubts + "}"}, 1,
        R"({"rolls": [[[3, 3], [5, 1]]]})");
    return moves(t, 1, "bid") + " | " + moves(t, 2, "bid");
  };
  CHECK(plays("0.3") == "1x3 2x3 | 1x5 liar");
  CHECK(plays("0.31") == "1x3 | liar");
  // It never doubts: it goes on with the likeliest of what is higher, until nothing is.
  CHECK(plays("0") == "1x3 2x3 3x3 4x3 4x5 liar | 1x5 2x5 3x5 4x4 4x6");
  CHECK(moves(played("liars_dice", {"sceptic", plan_of(R"({"bid": "liar"})")}, 1, R"({"rolls": [[[1, 6], [4, 4]]]})"),
              1,
              "bid") == "1x1");  // 1x1 is as likely as 1x6, and lower
  // A bid that its own dice make true it never doubts.
  Transcript t = played("liars_dice", {plan_of(R"({"bid": ["2x5", "liar"]})"), R"(sceptic {"doubts": 1})"}, 1,
                        R"({"rolls": [[[3, 3], [5, 5]]]})");
  CHECK(moves(t, 2, "bid") == "3x5");
}

TEST_CASE("strategies: out_for_tat") {
  // Both others name it; both defect when they have been its partner twice.
  for (const char* settings : {"{}", R"({"public": false})"}) {
    const std::string other = plan_of(R"({"partner": "player1", "action": ["cooperate", "cooperate", "defect"]})");
    Transcript t = played("partner_choice", {"out_for_tat", other, other}, 7, settings);
    std::vector<std::string> named = list_of(moves(t, 1, "partner"));
    REQUIRE(named.size() == 7);
    CHECK(named[1] == named[0]);
    CHECK(named[2] == named[0]);
    CHECK(named[3] != named[0]);  // left after its defection in round 3
    CHECK(named[4] == named[3]);
    CHECK(named[5] == named[3]);
    CHECK(moves(t, 1, "action") == "cooperate cooperate cooperate cooperate cooperate cooperate cooperate");
  }
  // Left by a defector it names whoever named it, of those that were not seen to defect.
  int times = 0;
  for (uint32_t block = 1; block <= 40; ++block) {
    auto does = [](const char* partner, const char* action) {
      return plan_of(std::string(R"({"partner": ")") + partner + R"(", "action": ")" + action + "\"}");
    };
    Transcript t =
        played("partner_choice",
               {"out_for_tat", does("player1", "defect"), does("player1", "cooperate"), does("player2", "cooperate")},
               2, "{}", block);
    std::vector<std::string> named = list_of(moves(t, 1, "partner"));
    if (named[0] == "player4") continue;  // no partner: it has seen nobody defect
    if (named[0] == "player2") ++times;
    CHECK(named[1] == "player3");
  }
  CHECK(times > 5);
}

TEST_CASE("strategies: accuser") {
  std::map<std::string, std::string> texts = {{"games/village.lua", R"(
game {
  about = "Talk in turn, then a vote",
  players = 5,
  play = function(match, players)
    for _ in match:each_round() do
      players:tell { "state", still = filter(players, function(p) return p.seat ~= 5 end) }
      players[1]:tell { "vision", seen = "player4", wolf = true }
      players[2]:tell { "wolf", pack = { "player4" } }
      players[3]:tell { "vision", seen = "player4", wolf = false }
      for _, player in ipairs(players) do if player.seat ~= 5 then player:choose { "talk", words } end end
      players:choose(function(p) if p.seat ~= 5 then return { "vote", p.others } end end)
    end
  end,
})"}};
  Table table(texts);
  auto play = [&](const std::vector<std::string>& says) {
    return table.play(
        table.plan("village", {"accuser", "accuser", "accuser", "plan", "random"},
                   [&](Rules& rules, std::vector<Player>& players) {
                     rules.rounds = static_cast<int>(says.size());
                     Value::List talk(says.begin(), says.end());
                     players[3].settings = Value::Record{{"moves", Value::Record{{"talk", talk}, {"vote", "player1"}}}};
                   }));
  };
  Transcript t = play({"It was player3, I saw player3.", "Nobody."});
  // 1 knows of 4. 2 is a friend of 4. 3 hears 1 accuse 4.
  CHECK(moves(t, 1, "talk") == "player4 player4");
  CHECK(moves(t, 1, "vote") == "player4 player4");
  CHECK(moves(t, 3, "talk") == "player4 player4");
  CHECK(moves(t, 2, "talk").find("player4") == std::string::npos);
  CHECK(list_of(moves(t, 2, "vote"))[0] == "player3");  // 4 said so
  CHECK(moves(t, 3, "vote") == "player4 player4");
  CHECK(moves(t, 2, "talk").find("player5") == std::string::npos);  // who is out is no suspect
}

TEST_CASE("strategies: of cards, dice, partners and votes: a rule that does not fit the game says so") {
  const std::map<std::string, std::string> needs = {
      {"bluffer", "bluffer needs a card, and for 'action' was told of none"},
      {"sceptic", "sceptic needs dice, and for 'action' was told of none"},
      {"out_for_tat", "out_for_tat names a partner first: 'action' is no choice with one"},
      {"accuser", "accuser chooses players: 'action' is no such choice"},
  };
  for (const auto& [name, what] : needs) {
    const std::string said = error_of({}, "prisoners_dilemma", {name, "random"});
    CHECK(said.starts_with("strategies/" + name + ".lua:"));
    CHECK(said.ends_with(what));
  }
}
