#include <doctest/doctest.h>

#include <array>
#include <map>
#include <set>

#include "game/orders.h"
#include "game/plan.h"

using namespace parley;

namespace {

constexpr std::array kFactors = {Nuisance::label_map, Nuisance::option_order, Nuisance::payoff_order, Nuisance::seats};

std::shared_ptr<const Plan> plan_of(const Rules& rules, uint32_t block, uint64_t seed = 1) {
  auto condition = std::make_shared<Condition>();
  condition->rules = rules;
  return std::make_shared<const Plan>(Plan{condition, std::make_shared<const Lineup>(), block, seed, ""});
}

Value::List words(std::initializer_list<const char*> list) { return Value::List(list.begin(), list.end()); }

}  // namespace

namespace {

// How often each pair of values of two factors stands in the blocks from `start`.
std::map<std::pair<int, int>, int> pairs(Nuisance a, Nuisance b, int levels, uint32_t start, uint32_t blocks,
                                         uint64_t seed) {
  std::map<std::pair<int, int>, int> times;
  for (uint32_t block = start; block < start + blocks; ++block)
    ++times[{balanced_level(a, levels, block, seed), balanced_level(b, levels, block, seed)}];
  return times;
}

}  // namespace

TEST_CASE(
    "balance: two levels, in every four blocks each pair of three factors once, in every eight all that there is") {
  std::set<std::vector<int>> orders;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    std::vector<int> first;
    for (uint32_t start = 1; start <= 33; start += 8) {
      std::set<std::vector<int>> runs;
      for (uint32_t block = start; block < start + 8; ++block) {
        std::vector<int> run;
        for (Nuisance factor : kFactors) run.push_back(balanced_level(factor, 2, block, seed));
        if (start == 1) first.insert(first.end(), run.begin(), run.end());
        run.pop_back();
        runs.insert(run);
      }
      REQUIRE(runs.size() == 8);
      for (Nuisance a : kFactors) {
        for (uint32_t block = start; block < start + 8 && a != Nuisance::payoff_order; block += 2)
          REQUIRE(balanced_level(a, 2, block, seed) + balanced_level(a, 2, block + 1, seed) == 1);
        for (Nuisance b : kFactors) {
          if (a == b) continue;
          const auto times = pairs(a, b, 2, start, 8, seed);
          REQUIRE(times.size() == 4);
          for (const auto& [pair, n] : times) REQUIRE(n == 2);
          const bool seats_go_along = (a == Nuisance::seats && b == Nuisance::option_order) ||
                                      (b == Nuisance::seats && a == Nuisance::option_order);
          for (uint32_t half : {start, start + 4})
            REQUIRE(pairs(a, b, 2, half, 4, seed).size() == (seats_go_along ? 2 : 4));
        }
      }
    }
    orders.insert(first);
  }
  CHECK(orders.size() > 120);  // of 2^8
}

TEST_CASE("balance: each value comes first equally often over seeds") {
  for (Nuisance factor : kFactors) {
    int first = 0;
    for (uint64_t seed = 0; seed < 1000; ++seed) first += balanced_level(factor, 2, 1, seed);
    CHECK(first > 430);
    CHECK(first < 570);
  }
}

TEST_CASE("balance: more levels, each once in every run of as many blocks") {
  for (int levels : {3, 4, 7}) {
    std::set<std::vector<int>> orders;
    for (uint64_t seed = 0; seed < 100; ++seed) {
      for (Nuisance factor : kFactors) {
        for (uint32_t run = 0; run < 3; ++run) {
          std::vector<int> order;
          for (int i = 0; i < levels; ++i) {
            order.push_back(balanced_level(factor, levels,
                                           run * static_cast<uint32_t>(levels) + static_cast<uint32_t>(i) + 1, seed));
          }
          orders.insert(order);
          std::set<int> seen(order.begin(), order.end());
          REQUIRE(seen.size() == static_cast<size_t>(levels));
          REQUIRE(*seen.begin() == 0);
          REQUIRE(*seen.rbegin() == levels - 1);
        }
      }
    }
    CHECK(orders.size() >= 6);
  }
  for (int levels : {3, 5}) {
    const auto square = static_cast<uint32_t>(levels * levels);
    for (uint64_t seed = 0; seed < 20; ++seed) {
      for (uint32_t start : {1U, square + 1})
        CHECK(pairs(Nuisance::label_map, Nuisance::option_order, levels, start, square, seed).size() == square);
    }
  }
  CHECK(balanced_level(Nuisance::seats, 1, 5, 3) == 0);
  CHECK(balanced_level(Nuisance::seats, 0, 5, 3) == 0);
}

TEST_CASE("balance: the same on every machine") {  // goldens depend on it
  std::string text;
  for (uint32_t block = 1; block <= 8; ++block) {
    for (Nuisance factor : kFactors) text += static_cast<char>('0' + balanced_level(factor, 2, block, 1));
    text += ' ';
  }
  for (uint32_t block = 1; block <= 6; ++block)
    text += static_cast<char>('0' + balanced_level(Nuisance::label_map, 3, block, 1));
  CHECK(text == "1111 0010 1000 0101 1011 0110 1100 0001 120102");
}

TEST_CASE("orders: given, reversed, stated") {
  Rules rules;
  rules.label_map = rules.option_order = rules.payoff_order = "given";
  for (uint32_t block = 1; block <= 4; ++block) {
    auto plan = plan_of(rules, block);
    CHECK(label_map(*plan, 2) == std::vector{0, 1});
    CHECK(option_order(*plan, 3, 1) == std::vector{0, 1, 2});
    CHECK(payoff_order(*plan, 4) == std::vector{0, 1, 2, 3});
  }
  rules.label_map = rules.option_order = rules.payoff_order = "reversed";
  auto plan = plan_of(rules, 1);
  CHECK(label_map(*plan, 2) == std::vector{1, 0});
  CHECK(option_order(*plan, 3, 1) == std::vector{2, 1, 0});
  CHECK(payoff_order(*plan, 4) == std::vector{3, 2, 1, 0});
  CHECK(option_order(*plan, 0, 1).empty());

  rules.option_order = Value::List{3, 1, 2};
  rules.payoff_order = Value::List{2, 1, 4, 3};
  plan = plan_of(rules, 7);
  CHECK(option_order(*plan, 3, 9) == std::vector{2, 0, 1});
  CHECK(option_order(*plan, 2, 9) == std::vector{0, 1});  // another number of options: as given
  CHECK(payoff_order(*plan, 4) == std::vector{1, 0, 3, 2});

  rules.option_order = Value::List{Value::List{2, 1}, Value::List{1, 2}, Value::List{2, 1}};
  plan = plan_of(rules, 1);
  CHECK(option_order(*plan, 2, 1) == std::vector{1, 0});
  CHECK(option_order(*plan, 2, 2) == std::vector{0, 1});
  CHECK(option_order(*plan, 2, 3) == std::vector{1, 0});
  CHECK(option_order(*plan, 2, 4) == std::vector{0, 1});
}

TEST_CASE("orders: balanced values are one for a block, and rotations") {
  const Rules rules;
  for (uint32_t block = 1; block <= 8; ++block) {
    auto plan = plan_of(rules, block, 5);
    const int shift = balanced_level(Nuisance::option_order, 2, block, 5);
    CHECK(option_order(*plan, 2, 1) == (shift ? std::vector{1, 0} : std::vector{0, 1}));
    CHECK(option_order(*plan, 2, 8) == option_order(*plan, 2, 1));
    const int back = balanced_level(Nuisance::payoff_order, 2, block, 5);
    CHECK(payoff_order(*plan, 4) == (back ? std::vector{3, 2, 1, 0} : std::vector{0, 1, 2, 3}));
  }
  std::set<std::vector<int>> seen;
  for (uint32_t block = 1; block <= 3; ++block) seen.insert(option_order(*plan_of(rules, block, 5), 3, 1));
  CHECK(seen == std::set<std::vector<int>>{{0, 1, 2}, {1, 2, 0}, {2, 0, 1}});
}

TEST_CASE("orders: each round is drawn anew, the same for all who are asked") {
  Rules rules;
  rules.option_order = "each_round";
  int turned = 0, same = 0;
  for (int round = 1; round <= 400; ++round) {
    auto one = option_order(*plan_of(rules, 1, 9), 2, round);
    CHECK(one == option_order(*plan_of(rules, 1, 9), 2, round));
    turned += one[0];
    same += one == option_order(*plan_of(rules, 2, 9), 2, round);
  }
  CHECK(turned > 150);
  CHECK(turned < 250);
  CHECK(same > 150);
  CHECK(same < 250);
  std::map<std::vector<int>, int> orders;
  for (int round = 1; round <= 600; ++round) ++orders[option_order(*plan_of(rules, 1, 9), 3, round)];
  REQUIRE(orders.size() == 6);
  for (const auto& [order, n] : orders) CHECK(n > 60);
}

TEST_CASE("orders: labels") {
  Rules rules;
  const Value::List actions = words({"cooperate", "defect"});
  CHECK(labels_by_action(*plan_of(rules, 1), actions).empty());

  rules.labels = words({"J", "F"});
  std::set<std::map<std::string, std::string>> seen;
  for (uint32_t block = 1; block <= 2; ++block) seen.insert(labels_by_action(*plan_of(rules, block), actions));
  CHECK(seen == std::set<std::map<std::string, std::string>>{{{"cooperate", "J"}, {"defect", "F"}},
                                                             {{"cooperate", "F"}, {"defect", "J"}}});
  rules.label_map = Value::List{2, 1};
  CHECK(labels_by_action(*plan_of(rules, 1), actions)["defect"] == "J");
  rules.label_map = "balanced";

  rules.labels = Value::Record{{"accept", "J"}, {"reject", "F"}};
  seen.clear();
  for (uint32_t block = 1; block <= 2; ++block) seen.insert(labels_by_action(*plan_of(rules, block), {}));
  CHECK(seen == std::set<std::map<std::string, std::string>>{{{"accept", "J"}, {"reject", "F"}},
                                                             {{"accept", "F"}, {"reject", "J"}}});
  // Three names may belong to two decisions: as given in every block. So is one, whose label has nobody to go to.
  rules.labels = Value::Record{{"accept", "J"}, {"reject", "F"}, {"walk", "Q"}};
  for (uint32_t block = 1; block <= 6; ++block) {
    auto labels = labels_by_action(*plan_of(rules, block), {});
    CHECK(labels == std::map<std::string, std::string>{{"accept", "J"}, {"reject", "F"}, {"walk", "Q"}});
  }
  rules.labels = Value::Record{{"accept", "J"}};
  CHECK(labels_by_action(*plan_of(rules, 2), {}) == std::map<std::string, std::string>{{"accept", "J"}});
}

TEST_CASE("balance: names of players for people") {
  CHECK(players_text({}) == "");
  CHECK(players_text({"direct", "scot"}) == "direct, scot");
  CHECK(players_text({"direct", "direct", "scot", "scot", "scot", "direct"}) == "direct, direct, 3 x scot, direct");
  CHECK(players_text(std::vector<std::string>(100, "least")) == "100 x least");
}
