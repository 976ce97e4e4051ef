// Games of partners, mediators and hidden roles by the totals worked out by hand in their comments; what is secret is in no prompt.
#include <doctest/doctest.h>

#include "base/json.h"
#include "table.h"

using namespace parley;
using namespace parley::test;

TEST_CASE("games: mediator") {
  auto plays = [](const char* row, const char* column, int rounds = 1) {
    auto moves = [](const std::string& action) { return plan_of(R"({"action": ")" + action + "\"}"); };
    return totals(played("mediator", {moves(row), moves(column)}, rounds));
  };
  CHECK(plays("mediator", "mediator", 10) == Totals{80, 80});
  CHECK(plays("mediator", "cooperate") == Totals{10, 0});
  CHECK(plays("cooperate", "mediator") == Totals{0, 10});
  CHECK(plays("mediator", "defect") == Totals{5, 5});
  CHECK(plays("cooperate", "cooperate") == Totals{8, 8});
  CHECK(plays("defect", "cooperate") == Totals{10, 0});
}

TEST_CASE("games: contract") {
  auto plays = [](const char* row, const char* column, int rounds = 1, const char* settings = "{}") {
    return played("contract", {plan_of(row), plan_of(column)}, rounds, settings);
  };
  const char* const keeps = R"({"contract": "sign", "action": "cooperate"})";
  const char* const breaks = R"({"contract": "sign", "action": "defect"})";
  const char* const refuses = R"({"contract": "refuse", "action": "cooperate"})";
  CHECK(totals(plays(keeps, keeps, 10)) == Totals{80, 80});
  CHECK(totals(plays(breaks, keeps)) == Totals{4, 0});
  CHECK(totals(plays(breaks, breaks)) == Totals{-1, -1});
  CHECK(totals(plays(breaks, refuses)) == Totals{10, 0});
  CHECK(totals(plays(refuses, breaks)) == Totals{0, 10});
  CHECK(totals(plays(breaks, keeps, 1, R"({"fine": 1})")) == Totals{9, 0});
  CHECK(noted(plays(breaks, keeps), "holds") == "true");
  CHECK(noted(plays(breaks, keeps), "cooperation") == "0.5");
  CHECK(noted(plays(refuses, keeps), "holds") == "false");
  Table table;
  const std::vector<Known> known = table.scripts().known(table.scripts().setup("contract", Value::Record{}, 2));
  CHECK(known[0].value == Value(5));
  CHECK(known[2].name == "paid once it holds");
  CHECK(known[2].rows == std::vector<Value::List>{{"cooperate", 8, 0}, {"defect", 4, -1}});
}

TEST_CASE("games: partner_choice") {
  auto does = [](const char* partner, const char* action) {
    return plan_of(std::string(R"({"partner": )") + partner + R"(, "action": ")" + action + "\"}");
  };
  for (const char* settings : {"{}", R"({"public": false})"}) {
    CAPTURE(settings);
    Transcript t =
        played("partner_choice",
               {does("\"player2\"", "cooperate"), does("\"player1\"", "defect"), does("\"player1\"", "cooperate")}, 1,
               settings);
    CHECK(totals(t) == Totals{0, 10, 6});
    CHECK(noted(t, "cooperation") == "0.5");
    t = played("partner_choice",
               {does("\"player2\"", "cooperate"), does("\"player1\"", "cooperate"),
                does(R"(["player4", "player1"])", "cooperate"), does("\"player3\"", "defect")},
               2, settings);
    CHECK(totals(t) == Totals{16, 16, 6, 16});
    CHECK(noted(t, "paired") == "1 0.5");
    CHECK(noted(t, "cooperation") == "0.75 1");
    CHECK(moves(t, 4, "action") == "defect");  // who has no partner is not asked
  }
  // Nobody names anybody who names it: nothing to note of cooperation, and the outside option for all.
  Transcript t = played("partner_choice",
                        {does("\"player2\"", "defect"), does("\"player3\"", "defect"), does("\"player1\"", "defect")},
                        1, R"({"outside": 4})");
  CHECK(totals(t) == Totals{4, 4, 4});
  CHECK(noted(t, "paired") == "0");
  CHECK(noted(t, "cooperation").empty());
}

TEST_CASE("games: partner_choice: what is seen of others") {
  auto seen = [](const char* settings, const char* third, const char* action) {
    const std::string mine = plan_of(R"({"partner": "player2", "action": ")" + std::string(action) + "\"}");
    return sent_to(4, "partner_choice",
                   {mine, plan_of(R"({"partner": "player1", "action": "cooperate"})"),
                    plan_of(R"({"partner": ")" + std::string(third) + R"(", "action": "cooperate"})"), "direct@script"},
                   2, settings, "player1");
  };
  const char* const hidden = R"({"public": false})";
  CHECK(seen("{}", "player1", "cooperate") != seen("{}", "player1", "defect"));
  CHECK(seen("{}", "player1", "cooperate") != seen("{}", "player2", "cooperate"));
  CHECK(seen(hidden, "player1", "cooperate") == seen(hidden, "player1", "defect"));
  CHECK(seen(hidden, "player1", "cooperate") == seen(hidden, "player2", "cooperate"));
  CHECK(seen(hidden, "player1", "cooperate") != seen(hidden, "player4", "cooperate"));  // it named me
}

TEST_CASE("games: werewolf") {
  auto votes = [](const char* vote, const char* night = "{}") {
    Value moves = from_json(night).with("vote", from_json(vote));
    return plan_of(to_json(moves));
  };
  Transcript t = played("werewolf",
                        {votes("\"player2\"", R"({"victim": "player5"})"),
                         votes("\"player1\"", R"({"look": "player1", "talk": "It is player1."})"), votes("\"player1\""),
                         votes("\"player1\""), votes("\"player1\"")},
                        20, R"({"roles": ["wolf", "seer", "villager", "villager", "villager"]})");
  CHECK(totals(t) == Totals{0, 1, 1, 1, 1});
  CHECK(t.rounds == 1);
  CHECK(noted(t, "against_wolves") == "1");
  CHECK(noted(t, "villagers_won") == "true");
  CHECK(noted(t, "lasted") == "1");
  CHECK(moves(t, 5, "vote").empty());  // who is out is not asked
  CHECK(moves(t, 5, "talk").empty());

  const char* const no_seer = R"({"seer": false, "prize": 3, "roles": ["wolf", "villager", "villager", "villager"]})";
  t = played("werewolf",
             {votes("\"player2\"", R"({"victim": "player4"})"), votes("\"player1\""), votes("\"player2\""),
              votes("\"player1\"")},
             20, no_seer);
  CHECK(totals(t) == Totals{3, 0, 0, 0});
  CHECK(noted(t, "against_wolves") == "0.5");
  CHECK(noted(t, "villagers_won") == "false");

  t = played("werewolf",
             {votes("\"player2\"", R"({"victim": ["player5", "player4"]})"), votes("\"player1\""),
              votes(R"(["player4", "player1"])"), votes("\"player3\""), votes("\"player1\"")},
             20, R"({"seer": false, "roles": ["wolf", "villager", "villager", "villager", "villager"]})");
  CHECK(totals(t) == Totals{0, 1, 1, 1, 1});
  CHECK(noted(t, "against_wolves") == "0.333333333333 1");
  CHECK(noted(t, "lasted") == "2");
}

TEST_CASE("games: werewolf: two wolves, the seer and what is drawn") {
  // Both wolves choose; where they differ one victim is drawn, and each comes.
  std::map<std::string, int> victims;
  int won = 0;
  const int matches = 400;
  for (uint32_t block = 1; block <= matches; ++block) {
    auto wolf = [](const char* victim) {
      return plan_of(std::string(R"({"vote": "player3", "victim": ")") + victim + "\"}");
    };
    Transcript t = played("werewolf", {wolf("player5"), wolf("player6"), "random", "random", "random", "random"}, 1,
                          R"({"wolves": 2, "seer": false, "roles": ["wolf", "wolf", "villager", "villager",
                             "villager", "villager"]})",
                          block);
    for (const Event& e : t.events) {
      if (e.kind == Event::told && t.words->names[static_cast<size_t>(e.name)] == "dawn")
        ++victims[t.value_of(e)["gone"].string()];
    }
    t = played("werewolf", {"random", "random", "random", "random"}, 20, R"({"seer": false, "talk": false})", block);
    won += noted(t, "villagers_won") == "true" ? 1 : 0;
  }
  CHECK(victims.size() == 2);
  CHECK(victims["player5"] > matches * .4);
  CHECK(victims["player6"] > matches * .4);
  CHECK(won > matches * .19);  // 1/4, by hand
  CHECK(won < matches * .31);
  // The seer looks at nobody twice, and where it knows all it is not asked.
  Transcript t = played("werewolf",
                        {plan_of(R"({"victim": ["player5", "player4", "player3"], "vote": "player2"})"),
                         plan_of(R"({"look": ["player3", "player1"], "vote": "player3"})"),
                         plan_of(R"({"vote": ["player4", "player1"]})"), plan_of(R"({"vote": "player1"})"), "random"},
                        3, R"({"talk": false, "roles": ["wolf", "seer", "villager", "villager", "villager"]})");
  CHECK(moves(t, 2, "look") == "player3 player1");
  CHECK(noted(t, "lasted") == "3");
}

TEST_CASE("games: werewolf: secrets are kept") {
  // Nine seats; the model sits in the eighth, a villager. Whoever of the first three are wolves and seer: as long as all do the same
  // it reads the same. What wolves say to each other it never reads.
  auto seen = [](const char* roles) {
    std::vector<std::string> players;
    for (int seat = 1; seat <= 9; ++seat) {
      const char* vote = seat == 9   ? R"("player1")"
                         : seat == 7 ? R"(["player9", "player1"])"
                                     : R"(["player9", "player7"])";
      players.push_back(seat == 8
                            ? "direct@script"
                            : plan_of(std::string(R"({"whisper": "kept among us", "victim": ["player4", "player5"],
                                        "look": ["player8", "player6"], "talk": "I wonder.", "vote": )") +
                                      vote + "}"));
    }
    return sent_to(8, "werewolf", players, 2,
                   std::string(R"({"wolves": 2, "roles": [)") + roles +
                       R"(, "villager", "villager", "villager", "villager", "villager", "villager"]})",
                   "player7");
  };
  const std::string first = seen(R"("wolf", "wolf", "seer")");
  CHECK(first.find("Day 2.") != std::string::npos);
  CHECK(first.find("kept among us") == std::string::npos);
  CHECK(first.find("You learn") == std::string::npos);
  CHECK(seen(R"("seer", "wolf", "wolf")") == first);
  CHECK(seen(R"("wolf", "seer", "wolf")") == first);
}

TEST_CASE("games: werewolf cannot be played with roles that do not fit") {
  auto says_why = [](int players, const char* settings) -> std::string {
    try {
      played("werewolf", std::vector<std::string>(static_cast<size_t>(players), "random"), 1, settings);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  const std::string roles =
      "roles are one for each player, with the wolves and the seer that the settings say, all others villagers";
  CHECK(says_why(5, R"({"roles": ["wolf", "seer", "villager", "villager"]})").ends_with(roles));
  CHECK(says_why(4, R"({"roles": ["wolf", "villager", "villager", "villager"]})").ends_with(roles));
  CHECK(says_why(4, R"({"roles": ["wolve", "seer", "villager", "villager"]})").ends_with(roles));
  CHECK(says_why(4, R"({"roles": ["wolf", "seer", "villager", "vilager"]})").ends_with(roles));
  CHECK(says_why(4, R"({"wolves": 2})").ends_with("wolves are 1 or more, and fewer than the others"));
  CHECK(says_why(3, "{}") == "games/werewolf.lua: the game cannot seat 3 players");
  CHECK(says_why(5, R"({"wolves": 2})").empty());
}
