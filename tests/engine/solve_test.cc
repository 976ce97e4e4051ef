#include "game/solve.h"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "lab.h"

using namespace parley;
using namespace parley::test;
using Outcome = NormalForm::Outcome;

namespace {

NormalForm two(std::vector<std::vector<double>> payoffs) { return {{2, 2}, std::move(payoffs)}; }

const NormalForm kDilemma = two({{8, 8}, {0, 10}, {10, 0}, {5, 5}});
const NormalForm kBattle = two({{10, 7}, {0, 0}, {0, 0}, {7, 10}});
const NormalForm kStag = two({{8, 8}, {0, 7}, {7, 0}, {5, 5}});

// Rows of a table with a head, by column.
std::vector<std::map<std::string, std::string>> table_of(const std::string& path, char between) {
  std::ifstream file(path);
  std::vector<std::map<std::string, std::string>> rows;
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    std::istringstream cells(line);
    std::map<std::string, std::string> row;
    size_t i = 0;
    for (std::string cell; std::getline(cells, cell, between); ++i) {
      if (names.size() <= i && rows.empty() && row.empty()) {
        names.push_back(cell);
      } else {
        row[names.at(i)] = cell;
      }
    }
    if (!row.empty()) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

TEST_CASE("solve: a prisoner's dilemma") {
  Solution s = solve(kDilemma);
  CHECK(s.pure == std::vector<Outcome>{{1, 1}});
  CHECK(s.dominated == std::vector<Solution::Dominated>{{0, 0, 1, true}, {1, 0, 1, true}});
  CHECK(s.undominated == std::vector<std::vector<int>>{{1}, {1}});
  CHECK(s.pareto == std::vector<Outcome>{{0, 0}, {0, 1}, {1, 0}});
  CHECK(s.best == std::vector<Outcome>{{0, 0}});
  CHECK(s.maximin == std::vector<Solution::Maximin>{{{1}, 5}, {{1}, 5}});
  CHECK(!s.mixed_maximin[0]);
  CHECK(s.mixed == std::vector<std::array<double, 2>>{{0, 0}});
  CHECK(!s.risk_dominant);
  CHECK(s.tied.empty());
}

TEST_CASE("solve: two equilibria, a mixed one, and which is risk-dominant") {
  Solution s = solve(kBattle);
  CHECK(s.pure == std::vector<Outcome>{{0, 0}, {1, 1}});
  REQUIRE(s.mixed.size() == 3);
  CHECK(s.mixed[1][0] == doctest::Approx(10.0 / 17));
  CHECK(s.mixed[1][1] == doctest::Approx(7.0 / 17));
  CHECK(!s.risk_dominant);  // 70 against 70
  CHECK(s.dominated.empty());
  CHECK(s.tied == std::vector<int>{0, 1});
  s = solve(kStag);
  CHECK(s.risk_dominant == Outcome{1, 1});  // 1 x 1 against 5 x 5
  s = solve(two({{1, -1}, {-1, 1}, {-1, 1}, {1, -1}}));
  CHECK(s.pure.empty());
  CHECK(s.mixed == std::vector<std::array<double, 2>>{{.5, .5}});
  CHECK(s.continua.empty());
  // Pennies: by one action -1 is sure, by both evenly 0.
  CHECK(s.maximin == std::vector<Solution::Maximin>{{{0, 1}, -1}, {{0, 1}, -1}});
  CHECK(s.mixed_maximin[0] == std::pair(.5, 0.0));
  CHECK(s.mixed_maximin[1] == std::pair(.5, 0.0));
}

TEST_CASE("solve: infinitely many equilibria are given by the extreme ones between which they lie") {
  using Profile = Solution::Profile;
  // The column does not matter to row; column prefers its first against row's second only.
  Solution s = solve(two({{1, 1}, {1, 1}, {1, 2}, {1, 0}}));
  CHECK(s.mixed == std::vector<std::array<double, 2>>{{0, 1}, {1, 0}, {1, 1}});
  CHECK(s.pure == std::vector<Outcome>{{0, 0}, {0, 1}, {1, 0}});
  CHECK(s.continua == std::vector<std::pair<Profile, Profile>>{{{0, 1}, {1, 1}}, {{1, 0}, {1, 1}}});
  CHECK(s.dominated == std::vector<Solution::Dominated>{{1, 1, 0, false}});
  // Where nothing matters to anybody, everything is one.
  s = solve(two({{1, 1}, {1, 1}, {1, 1}, {1, 1}}));
  CHECK(s.mixed == std::vector<Profile>{{0, 0}, {0, 1}, {1, 0}, {1, 1}});
  CHECK(s.continua == std::vector<std::pair<Profile, Profile>>{{{0, 0}, {1, 1}}});
  // Row is paid the same whatever it does; column's best reply changes at an inner point, where it may do anything.
  s = solve(two({{5, 1}, {2, 0}, {5, 0}, {2, 3}}));
  CHECK(s.mixed == std::vector<Profile>{{0, 0}, {.75, 0}, {.75, 1}, {1, 1}});
  CHECK(s.continua ==
        std::vector<std::pair<Profile, Profile>>{{{0, 0}, {.75, 0}}, {{.75, 0}, {.75, 1}}, {{.75, 1}, {1, 1}}});
}

TEST_CASE("solve: what is paid on average is 0 where it is nothing but what was lost in reckoning") {
  const NormalForm game = two({{.1, .7}, {-.3, 0}, {-.1, 0}, {.3, -.7}});
  const Solution s = solve(game);
  for (const auto& one : s.mixed) {
    for (double paid : paid_on_average(game, one)) CHECK((paid == 0 || std::fabs(paid) > 1e-3));
  }
}

TEST_CASE("solve: more seats and actions") {
  // Three seats: each is paid for every other who gives its second action, less 1 for giving it itself.
  NormalForm game{{2, 2, 2}, {}};
  for (size_t i = 0; i < 8; ++i) {
    Outcome at(3);
    for (size_t s = 0; s < 3; ++s) at[s] = static_cast<int>(i >> (2 - s)) & 1;
    double all = at[0] + at[1] + at[2];
    game.payoffs.push_back({2 * all - 3 * at[0], 2 * all - 3 * at[1], 2 * all - 3 * at[2]});
    CHECK(game.outcome(i) == at);
    CHECK(game.index(at) == i);
  }
  Solution s = solve(game);
  CHECK(s.pure == std::vector<Outcome>{{0, 0, 0}});
  CHECK(s.best == std::vector<Outcome>{{1, 1, 1}});
  CHECK(s.mixed.empty());
  CHECK(s.maximin[2] == Solution::Maximin{{0}, 0});
  // Dominance in turns: what is left is (0, 1).
  s = solve({{3, 3}, {{1, 0}, {1, 2}, {0, 1}, {0, 3}, {0, 1}, {2, 0}, {0, 1}, {0, 2}, {1, 0}}});
  CHECK(s.undominated == std::vector<std::vector<int>>{{0}, {1}});
}

TEST_CASE("solve: Gambit's format") {
  CHECK(as_nfg(kDilemma, "a \"game\"", {"row", "column"}, {{"c", "d"}, {"c", "d"}}) ==
        "NFG 1 R \"a \\\"game\\\"\"\n{ \"row\" \"column\" }\n\n{ { \"c\" \"d\" } { \"c\" \"d\" } }\n\"\"\n\n8 8\n10 "
        "0\n0 10\n5 5\n");
}

TEST_CASE("solve: the 144 games are those of the repaired table, and the slips of the published one are flagged") {
  const std::string folder = PARLEY_SHARED "/oracles/";
  if (!file_exists(folder + "rg144.csv")) {
    MESSAGE("skipped: no " << folder << "rg144.csv");
    return;
  }
  Folder own;
  Lab lab(own,
          own.write("scripts/s.lua",
                    "study { game = 'two_by_two', players = { { strategy = 'random' }, { strategy = 'random' } } }"));
  const std::map<std::string, std::string> families = {
      {"Win-win", "win-win"}, {"Biased", "biased"},           {"Unfair", "unfair"},
      {"Cyclic", "cyclic"},   {"Second Best", "second-best"}, {"PD Family", "prisoner's dilemma"},
      {"Tragic", "tragic"}};
  std::map<size_t, int> with;  // so many pure equilibria
  std::set<std::vector<std::vector<double>>> different;
  auto rows = table_of(folder + "rg144.csv", ',');
  REQUIRE(rows.size() == 144);
  for (auto& row : rows) {
    const int number = std::stoi(row["game_number"]);
    const Value settings = Value::Record{{"number", number}};
    const GameSetup& setup = lab.scripts().setup("two_by_two", settings, 2);
    std::vector<std::vector<double>> wanted;
    for (const char* at : {"11", "12", "21", "22"})
      wanted.push_back({std::stod(row[std::string("a") + at]), std::stod(row[std::string("b") + at])});
    CHECK(setup.table->cells == wanted);
    CHECK(lab.scripts().game("two_by_two", settings, 2).columns["family"] == Value(families.at(row["family"])));
    different.insert(setup.table->cells);
    Solution s = solve({{2, 2}, setup.table->cells});
    CHECK(s.tied.empty());
    ++with[s.pure.size()];
    std::string pure;
    for (const Outcome& outcome : s.pure) {
      pure += (pure.empty() ? "" : " ") + std::to_string(outcome[0] + 1) + std::to_string(outcome[1] + 1);
    }
    std::string said = row["pure_ne"];
    for (char& c : said) c = (c >= '0' && c <= '9') ? c : ' ';
    CHECK(pure == said);
  }
  CHECK(different.size() == 144);
  CHECK(with == std::map<size_t, int>{{0, 18}, {1, 108}, {2, 18}});

  std::map<int, std::vector<int>> tied;
  for (auto& row : table_of(folder + "akata/144_games_info.csv", ';')) {
    NormalForm game{{2, 2}, {}};
    for (const char* at : {"r1_c1", "r1_c2", "r2_c1", "r2_c2"})
      game.payoffs.push_back({std::stod(row[std::string(at) + "_p1"]), std::stod(row[std::string(at) + "_p2"])});
    const int number = std::stoi(row["game_number"]);
    if (Solution s = solve(game); !s.tied.empty()) tied[number] = s.tied;
    const Value settings = Value::Record{{"number", number}, {"published", true}};
    CHECK(lab.scripts().setup("two_by_two", settings, 2).table->cells == game.payoffs);
  }
  std::map<int, std::vector<int>> wanted;
  for (int n = 17; n <= 24; ++n) wanted[n] = {0};
  for (int n : {58, 59, 60, 83, 84, 95, 96}) wanted[n] = {1};
  CHECK(tied == wanted);
}
