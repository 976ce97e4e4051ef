#include "stats/fraction.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

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
std::pair<int, int> spread(const std::vector<Cell>& of, const std::vector<Cell>& all,
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
      for (size_t b = a + 1; b < 3; ++b) CHECK(spread(half, cube, {a, b}) == std::pair(1, 1));
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
      for (size_t b = a + 1; b < 3; ++b) CHECK(spread(nine, latin, {a, b}) == std::pair(1, 1));
    }
    // Unequal levels: each level equally often, pairs as equal as six of them can be.
    const auto mixed = crossed({3, 2, 2});
    const auto six = part(mixed, 6, seed);
    CHECK(spread(six, mixed, {0}) == std::pair(2, 2));
    CHECK(spread(six, mixed, {1}) == std::pair(3, 3));
    CHECK(spread(six, mixed, {0, 1}) == std::pair(1, 1));
    CHECK(spread(six, mixed, {1, 2}).second <= 2);
  }
  const auto cells = crossed({4, 3, 2, 2});
  CHECK(balanced_fraction(cells, 12, 3) == balanced_fraction(cells, 12, 3));
  CHECK(balanced_fraction(cells, 12, 3) != balanced_fraction(cells, 12, 4));
  CHECK(balanced_fraction(cells, cells.size(), 1).size() == cells.size());
  CHECK(aliases(cells).empty());
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
