#include "stats/fraction.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/json.h"
#include "fake_study.h"

using namespace parley;
using namespace parley::stats;

namespace {

std::vector<Cell> crossed(const std::vector<uint32_t>& levels) {
  std::vector<Cell> out = {{}};
  for (uint32_t n : levels) {
    std::vector<Cell> next;
    for (const Cell& cell : out) {
      for (uint32_t l = 0; l < n; ++l) {
        next.push_back(cell);
        next.back().push_back(l);
      }
    }
    out = next;
  }
  return out;
}

std::vector<Cell> part(const std::vector<Cell>& cells, size_t n, uint64_t seed) {
  std::vector<Cell> out;
  for (size_t i : balanced_fraction(cells, n, seed)) out.push_back(cells[i]);
  return out;
}

// Least and most of how often each combination of levels of these factors stands in the part.
std::pair<int, int> range(const std::vector<Cell>& of, const std::vector<Cell>& all,
                          const std::vector<size_t>& factors) {
  std::map<Cell, int> counts;
  auto key = [&](const Cell& cell) {
    Cell out;
    for (size_t f : factors) out.push_back(cell[f]);
    return out;
  };
  for (const Cell& cell : all) counts[key(cell)];
  for (const Cell& cell : of) ++counts[key(cell)];
  std::pair<int, int> out{1 << 30, 0};
  for (const auto& [at, n] : counts) out = {std::min(out.first, n), std::max(out.second, n)};
  return out;
}

}  // namespace

TEST_CASE("fraction: regular fractions come out, whatever the seed") {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const auto cube = crossed({2, 2, 2});
    const auto half = part(cube, 4, seed);
    for (size_t a = 0; a < 3; ++a) {
      for (size_t b = a + 1; b < 3; ++b) CHECK(range(half, cube, {a, b}) == std::pair(1, 1));
    }
    // A half of 2^3 has each main effect wholly within the interaction of the two others, and nothing else.
    const auto confounded = aliases(half);
    REQUIRE(confounded.size() == 3);
    for (const Alias& alias : confounded) {
      CHECK(alias.effect.size() == 1);
      CHECK(alias.share == doctest::Approx(1));
      CHECK(std::count(alias.with.begin(), alias.with.end(), alias.effect[0]) == 0);
    }
    // A half of 2^4: main effects are clear of interactions of two, these are aliased in three pairs.
    const auto four = crossed({2, 2, 2, 2});
    const auto eight = aliases(part(four, 8, seed));
    REQUIRE(eight.size() == 3);
    for (const Alias& alias : eight) CHECK((alias.effect.size() == 2 && alias.with.size() == 2));
    // A Latin square.
    const auto latin = crossed({3, 3, 3});
    const auto nine = part(latin, 9, seed);
    for (size_t a = 0; a < 3; ++a) {
      for (size_t b = a + 1; b < 3; ++b) CHECK(range(nine, latin, {a, b}) == std::pair(1, 1));
    }
    // Unequal levels: each level equally often, pairs as equal as six of them can be.
    const auto mixed = crossed({3, 2, 2});
    const auto six = part(mixed, 6, seed);
    CHECK(range(six, mixed, {0}) == std::pair(2, 2));
    CHECK(range(six, mixed, {1}) == std::pair(3, 3));
    CHECK(range(six, mixed, {0, 1}) == std::pair(1, 1));
    CHECK(range(six, mixed, {1, 2}).second <= 2);
  }
  const auto cells = crossed({4, 3, 2, 2});
  CHECK(balanced_fraction(cells, 12, 3) == balanced_fraction(cells, 12, 3));
  CHECK(balanced_fraction(cells, 12, 3) != balanced_fraction(cells, 12, 4));
  CHECK(balanced_fraction(cells, cells.size(), 1).size() == cells.size());
  CHECK(aliases(cells).empty());
}

// Textbook fractions: levels, how many cells, and the aliases of the best of them, where that is known: how many pairs of effects, and
// how many of them are main effects with interactions.
TEST_CASE("fraction: where an orthogonal array is known, pairs of levels stand equally often, whatever the seed") {
  struct Known {
    std::vector<uint32_t> levels;
    size_t n;
    int aliases = -1, of_main = -1;
  };
  const std::vector<uint32_t> five(5, 2), seven(7, 2), threes(4, 3), fours(3, 4);
  const std::vector<Known> all = {{five, 16, 0, 0},
                                  {five, 8, 9, 6},
                                  {five, 12},
                                  {five, 24},
                                  {seven, 8, 42, 21},
                                  {seven, 16},
                                  {seven, 32, 3, 0},
                                  {seven, 64, 0, 0},
                                  {seven, 12},
                                  {seven, 20},
                                  {seven, 24},
                                  {seven, 48},
                                  {threes, 9, 24, 12},
                                  {threes, 27, 3, 0},
                                  {threes, 18},
                                  {fours, 16, 6, 3},
                                  {fours, 32},
                                  {{4, 4, 2, 2}, 16},
                                  {{8, 2, 2}, 16},
                                  {{9, 3, 3}, 27},
                                  {{3, 3, 3, 2}, 18},
                                  {{3, 3, 2, 2}, 36},
                                  {{5, 5, 5}, 25},
                                  {{7, 7, 7}, 49},
                                  {{3, 3, 3, 3, 2}, 18},
                                  {{6, 3, 3, 3}, 18},
                                  {{6, 6, 6}, 36},
                                  {{4, 3, 2, 2}, 24},
                                  {std::vector<uint32_t>(8, 3), 27}};
  for (const Known& known : all) {
    const auto cells = crossed(known.levels);
    for (uint64_t seed = 1; seed <= 10; ++seed) {
      CAPTURE(known.levels.size());
      CAPTURE(known.levels[0]);
      CAPTURE(known.n);
      CAPTURE(seed);
      const auto found = part(cells, known.n, seed);
      REQUIRE(std::set<Cell>(found.begin(), found.end()).size() == known.n);
      for (const Evenness& one : stats::evenness(cells, found)) REQUIRE(one.most == one.least);
      if (seed > 2 || known.aliases < 0) continue;
      const auto confounded = aliases(found);
      CHECK(static_cast<int>(confounded.size()) == known.aliases);
      CHECK(std::count_if(confounded.begin(), confounded.end(), [](auto& a) { return a.effect.size() == 1; }) ==
            known.of_main);
    }
  }
  // No array: 18 is no multiple of 4, and pairs of the two factors with two levels stand 4 or 5 times, which is as equal as they can.
  const auto cells = crossed({3, 3, 2, 2});
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    for (const Evenness& one : stats::evenness(cells, part(cells, 18, seed)))
      CHECK(one.most - one.least == (one.factors == std::vector<size_t>{2, 3} ? 1 : 0));
  }
  // Nor of a crossing with holes: exchanges.
  auto holes = crossed({2, 2, 2, 2});
  std::erase_if(holes, [](const Cell& cell) { return cell == Cell{0, 0, 0, 0} || cell == Cell{1, 1, 1, 0}; });
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    for (const Evenness& one : stats::evenness(holes, part(holes, 8, seed))) CHECK(one.most == one.least);
  }
}

TEST_CASE("fraction: main effects of many levels are looked at, their interactions are not") {
  std::vector<Cell> cells;
  for (uint32_t i = 0; i < 3000; ++i) cells.push_back({i, i % 1000, i % 2});
  const auto found = aliases(cells);
  REQUIRE(found.size() == 3);
  for (const Alias& alias : found) CHECK(alias.share == doctest::Approx(1));
}

TEST_CASE("design: balance plays a balanced part, and says what it confounds") {
  using namespace parley::fake;
  auto study = [](Record more) {
    return vary(study_of(std::move(more)),
                {factor("cover", {"plain", "cooking"}), factor("horizon", {"told", "hidden"}),
                 factor("unit", {"points", "coins"})});
  };
  const Design whole = make(study({})), half = make(study({{"balance", 4}}));
  CHECK(whole.conditions().size() == 8);
  CHECK(whole.resolved()["aliases"].is_nil());
  REQUIRE(half.conditions().size() == 4);
  CHECK(shared(ids(whole), ids(half)) == 4);  // the part is a part: nothing is played twice when all is
  std::map<std::string, int> levels;
  for (const auto& condition : half.conditions()) {
    for (const auto& [name, level] : condition->levels.record()) ++levels[name + "=" + level.string()];
  }
  for (const auto& [level, n] : levels) CHECK_MESSAGE(n == 2, level);
  CHECK(to_json(half.resolved()["aliases"]).find(R"("effect":"cover")") != std::string::npos);
  CHECK(half.resolved()["aliases"].list().size() == 3);
  CHECK(error_of(study({{"balance", 9}})) == "scripts/x.lua: balance = 9, and there are 8 conditions");
  CHECK(error_of(study({{"balance", 1}})) ==
        "scripts/x.lua: balance = 1 is fewer than the 2 levels of 'cover', each of which is to be played");
  CHECK(error_of(study_of({{"balance", 2}})) ==
        "scripts/x.lua: balance plays a part of what is varied, and nothing is");
}
