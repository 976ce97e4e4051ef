#include "game/policy_tree.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "base/json.h"

using namespace parley;

namespace {

using Node = PolicyTree::Node;

// Two rounds. It begins with its first action with chance .25, and then answers as is written by its own and the other's last.
PolicyTree drawn() {
  PolicyTree tree;
  tree.rounds = 2;
  tree.nodes.emplace(History{}, Node{{.25, .75}, {.25, .75}, .9});
  tree.nodes.emplace(History{{0}, {0}}, Node{{1, 0}, {1, 0}, .9});
  tree.nodes.emplace(History{{0}, {1}}, Node{{.5, .5}, {.5, .5}, .9});
  tree.nodes.emplace(History{{1}, {0}}, Node{{.2, .8}, {.2, .8}, .9});
  tree.nodes.emplace(History{{1}, {1}}, Node{{0, 1}, {0, 1}, .9});
  return tree;
}

const std::vector<std::array<double, 2>> kPayoffs = {{8, 8}, {0, 10}, {10, 0}, {5, 5}};

std::vector<double> only(int action) { return action == 0 ? std::vector<double>{1, 0} : std::vector<double>{0, 1}; }

}  // namespace

TEST_CASE("policy tree: expected payoffs and rates, worked out by hand") {
  // Tit for tat: first, then what the player did. Round 1: 1 1 with .25, 2 1 with .75. Round 2: after 1 1 it answers 1 and gets 1;
  // after 2 1 it answers 2, and gets 1 with .2 and 2 with .8.
  Expected got = expected(drawn(), kPayoffs, [](const History& h) { return only(h.own.empty() ? 0 : h.own.back()); });
  CHECK(got.payoff[0] == doctest::Approx(.25 * (8 + 8) + .75 * (10 + .2 * 0 + .8 * 5)));
  CHECK(got.payoff[1] == doctest::Approx(.25 * (8 + 8) + .75 * (0 + .2 * 10 + .8 * 5)));
  CHECK(got.joint[0][0] == .25);
  CHECK(got.joint[0][2] == .75);
  CHECK(got.joint[1][0] == doctest::Approx(.25));
  CHECK(got.joint[1][1] == doctest::Approx(.15));
  CHECK(got.joint[1][3] == doctest::Approx(.6));
  CHECK(got.overall()[2] == doctest::Approx(.375));
  CHECK(Expected::share(got.joint[1], 2, 0, 0) == doctest::Approx(.4));
  CHECK(Expected::share(got.joint[1], 2, 1, 0) == doctest::Approx(.25));
}

TEST_CASE("policy tree: memory one weighs histories by how often an even opponent leads to them") {
  MemoryOne got = memory_one(drawn(), uniform_opponent(2));
  CHECK(got.opening.chance[0] == .25);
  CHECK(got.after[0].chance[0] == 1);
  CHECK(got.after[1].chance[0] == .5);
  CHECK(got.after[2].chance[0] == doctest::Approx(.2));
  CHECK(got.after[3].chance[0] == 0);
  CHECK(got.after[2].weight == doctest::Approx(.375));

  // Three rounds: after 1 1 the history that comes about three times as often counts three times as much.
  PolicyTree tree = drawn();
  tree.rounds = 3;
  for (int a = 0; a < 2; ++a) {
    for (int b = 0; b < 2; ++b) {
      for (int c = 0; c < 2; ++c) {
        for (int d = 0; d < 2; ++d) tree.nodes.emplace(History{{a, c}, {b, d}}, Node{only(a), {}, -1});
      }
    }
  }
  got = memory_one(tree, uniform_opponent(2));
  // Before 1 1 in round 3: own 1 then 1, .25 * (.5 * 1 + .5 * .5) / 2; own 2 then 1, .75 * (.5 * .2 + .5 * 0) / 2.
  const double kept = .25 * .75 / 2, changed = .75 * .1 / 2, opened = .125;
  CHECK(got.after[0].histories == 4);  // of (2, 2) then (1, 1) there is none: it never answers 1
  CHECK(got.after[0].chance[0] == doctest::Approx((opened + kept) / (opened + kept + changed)));
}

TEST_CASE("policy tree: how many histories, and one that is missing") {
  CHECK(histories(2, 10) == 1023);
  CHECK(histories(4, 5) == 341);
  CHECK(histories(3, 1) == 1);
  PolicyTree tree = drawn();
  tree.nodes.erase(History{{1}, {0}});
  CHECK_THROWS_WITH_AS(expected(tree, kPayoffs, uniform_opponent(2)),
                       "the table lacks a history that can come about before round 2", Error);
  CHECK_NOTHROW(expected(tree, kPayoffs, [](const History&) { return only(1); }));
}

TEST_CASE("policy tree: as frozen reads it") {
  CHECK(to_json(frozen_policy(drawn(), {"J", "F"})["F/J"]) == R"({"F":0.8,"J":0.2})");
  CHECK(frozen_policy(drawn(), {"J", "F"})["/"]["F"] == Value(.75));
  PolicyTree certain;
  certain.rounds = 2;
  certain.nodes.emplace(History{}, Node{only(1), {.4, .6}, .9});
  certain.nodes.emplace(History{{1}, {0}}, Node{only(0), {.6, .4}, .9});
  certain.nodes.emplace(History{{1}, {1}}, Node{only(1), {.1, .9}, .9});
  CHECK(to_json(frozen_policy(certain, {"J", "F"})) == R"({"":"F","F":"F","J":"J"})");
}
