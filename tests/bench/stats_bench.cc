// What is reckoned after playing: games solved, groups compared.
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "bench.h"
#include "engine/lab.h"
#include "game/solve.h"
#include "report/compare.h"
#include "report/units.h"
#include "stats/resample.h"

using namespace parley;
using namespace parley::test;

namespace {

int solving(const Arguments&) {
  Folder folder;
  Lab lab(folder, folder.write(
                      "scripts/s.lua",
                      "study { game = 'two_by_two', players = { { strategy = 'random' }, { strategy = 'random' } } }"));
  double began = seconds_now();
  size_t equilibria = 0;
  for (int number = 1; number <= 144; ++number) {
    const GameSetup& setup = lab.scripts().setup("two_by_two", Value::Record{{"number", number}}, 2);
    equilibria += solve({{2, 2}, setup.table->cells}).pure.size();
  }
  printf("144 games, %zu pure equilibria: %.3f s with their files (wanted: .2)\n", equilibria, seconds_now() - began);
  return 0;
}

int comparing(const Arguments&) {
  std::vector<stats::Unit> units;
  for (uint32_t i = 0; i < 1000; ++i) units.push_back({std::sin(i * 12.9898) * 3, static_cast<int>(i % 2), i / 100, i});
  double began = seconds_now();
  stats::bootstrap(units, 10'000, 1);
  printf("bootstrap of 10,000 draws over 1,000 matches: %.2f s (wanted: 1)\n", seconds_now() - began);
  began = seconds_now();
  stats::permutation(units, 10'000, 1);
  printf("10,000 permutations of 1,000 matches: %.2f s\n", seconds_now() - began);

  Folder folder;
  std::string study = folder.write(
      "scripts/study.lua",
      "study { game = 'prisoners_dilemma', rounds = 10, repeats = 25000, vary = { reward = { 8, 9 } }, players = { { "
      "strategy = 'random' }, { strategy = 'tit_for_tat' } } }");
  Store store = Store::open(folder.path() + "/x.db", Store::Mode::write);
  Lab(folder, study).run(store);
  began = seconds_now();
  const Rows rows = units_of(store);
  const double read = seconds_now() - began;
  const Observations data = observe(rows, roles_of_study(), "payoff", "player");
  const std::vector<Comparison> all = compare(data, all_pairs(data, {"payoff", "player", "", "", {}}), {});
  printf(
      "stats of 1,000,000 choices: %zu rows read in %.2f s, %zu comparison of %zu pairs, all in %.2f s (wanted: 3)\n",
      rows.rows.size(), read, all.size(), all.at(0).pairs, seconds_now() - began);
  return 0;
}

Bench b1("solve", "all 144 games of two by two", solving);
Bench b2("stats", "bootstrap, permutation, stats of a million choices", comparing);

}  // namespace
