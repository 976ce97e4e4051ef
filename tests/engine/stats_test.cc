#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "base/random.h"
#include "stats/clusters.h"
#include "stats/crossed.h"
#include "stats/resample.h"
#include "stats/shares.h"
#include "stats/two_samples.h"
#include "stats/variance.h"

using namespace parley::stats;

namespace {

Sample of(std::initializer_list<double> values) { return sample(std::vector<double>(values)); }

}  // namespace

TEST_CASE("stats: two samples") {
  const Sample a = of({1, 2, 3, 4, 5, 6}), b = of({4, 5, 6, 9});
  CHECK(a.mean == 3.5);
  CHECK(a.sd == doctest::Approx(std::sqrt(3.5)));
  TTest w = welch(a, b);
  CHECK(w.t == doctest::Approx(-2.5 / std::sqrt(3.5 / 6 + 14.0 / 3 / 4)));
  CHECK(w.df == doctest::Approx(5.869565217));  // tests/stats compares with scipy
  TTest s = pooled(a, b);
  CHECK(s.df == 8);
  CHECK(s.t == doctest::Approx((3.5 - 6) / (std::sqrt((5 * 3.5 + 14.0) / 8) * std::sqrt(1.0 / 6 + 1.0 / 4))));
  CHECK(w.difference.low < -2.5);
  CHECK((w.difference.low + w.difference.high) / 2 == doctest::Approx(-2.5));
  CHECK(cohens_d(a, b).size == doctest::Approx(-2.5 / std::sqrt((5 * 3.5 + 14.0) / 8)));
  CHECK(std::fabs(hedges_g(a, b).size) < std::fabs(cohens_d(a, b).size));
  CHECK(equivalence(a, b, 100) < .001);
  CHECK(equivalence(a, b, 1) > .5);
}

TEST_CASE("stats: samples that are partly pairs") {
  const std::vector<double> a = {3.1, 4.7, 2.2, 5.9, 4.1, 6.3}, b = {2.0, 4.9, 1.1, 4.0, 3.8, 5.5};
  const Sample x = sample(a), y = sample(b);
  // Nothing is paired: Welch's. All is: the t-test of the differences.
  const Precision none = precision(x, y, {});
  CHECK(none.error == doctest::Approx((x.mean - y.mean) / welch(x, y).t));
  CHECK(none.df == doctest::Approx(welch(x, y).df));
  std::vector<Pair> pairs;
  std::vector<double> apart;
  for (size_t i = 0; i < a.size(); ++i) pairs.push_back({a[i], b[i]}), apart.push_back(a[i] - b[i]);
  const Precision all = precision(x, y, pairs);
  CHECK(all.error == doctest::Approx(sample(apart).sd / std::sqrt(6)));
  CHECK(all.df == doctest::Approx(5));
  // In between, of four pairs and 2 + 2 others: by hand from the paper's formula.
  const std::span<const Pair> four(pairs.data(), 4);
  const Precision some = precision(x, y, four);
  std::vector<double> first, second;
  for (const Pair& p : four) first.push_back(p.a), second.push_back(p.b);
  double ab = 0;
  for (const Pair& p : four) ab += (p.a - sample(first).mean) * (p.b - sample(second).mean);
  const double correlation = ab / 3 / sample(first).sd / sample(second).sd;
  CHECK(some.error ==
        doctest::Approx(std::sqrt(x.sd * x.sd / 6 + y.sd * y.sd / 6 - 2 * correlation * x.sd * y.sd * 4 / 36)));
  CHECK(some.df == doctest::Approx(3 + (none.df - 3) / 12 * 4));
  // Pairs that all differ by the same leave no error.
  std::vector<Pair> shifted;
  for (double v : a) shifted.push_back({v, v - 1});
  std::vector<double> below;
  for (double v : a) below.push_back(v - 1);
  CHECK(precision(x, sample(below), shifted).error == 0);
}

TEST_CASE("stats: values that weigh differently") {
  const std::vector<double> values = {1, 2, 4, 9};
  const Sample alike = sample(values, std::vector<double>{7, 7, 7, 7}), plain = sample(values);
  CHECK(alike.n == 4);
  CHECK(alike.mean == plain.mean);
  CHECK(alike.sd == doctest::Approx(plain.sd));
  CHECK(alike.weight == 28);
  // By hand: (3 + 2 + 1)^2 / (9 + 4 + 1) values in effect; (3 * 1 + 2 * 2 + 4) / 6; squares (3 * 25 + 2 * 1 + 169) / 36 about it.
  const Sample some = sample(std::vector<double>{1, 2, 4}, std::vector<double>{3, 2, 1});
  const double n = 36. / 14, mean = 11. / 6;
  CHECK(some.n == doctest::Approx(n));
  CHECK(some.mean == doctest::Approx(mean));
  const double squares = 3 * (1 - mean) * (1 - mean) + 2 * (2 - mean) * (2 - mean) + (4 - mean) * (4 - mean);
  CHECK(some.sd == doctest::Approx(std::sqrt(squares / 6 * n / (n - 1))));
  // A mean of so many values is as precise: the variance of sum w x / sum w.
  double variance = 0, means = 0;
  for (uint64_t draw = 0; draw < 20'000; ++draw) {
    double sum = 0;
    for (auto [k, w] : {std::pair(0, 3.), std::pair(1, 2.), std::pair(2, 1.)})
      sum += w * parley::Draws("weights").unit(draw, static_cast<uint64_t>(k)) / 6;
    means += sum / 20'000;
    variance += (sum - .5) * (sum - .5) / 20'000;
  }
  CHECK(means == doctest::Approx(.5).epsilon(.01));
  CHECK(variance == doctest::Approx(1. / 12 / n).epsilon(.03));
  // Where heavy values vary more than light ones, the linearised ratio's error, by hand: n / (n - 1) sum w^2 (x - 4)^2 / 25, n = 25 / 9.
  const Sample heavy = sample(std::vector<double>{0, 10, 4}, std::vector<double>{2, 1, 2});
  const double off = heavy.mean;
  const double ratio =
      (4 * off * off + (10 - off) * (10 - off) + 4 * (4 - off) * (4 - off)) / 25 * heavy.n / (heavy.n - 1);
  CHECK(heavy.error == doctest::Approx(std::sqrt(std::max(ratio, heavy.sd * heavy.sd / heavy.n))));
  const std::vector<double> wide = {-9, 9, 1, 0, -1, 0}, of_wide = {8, 8, 1, 1, 1, 1};
  CHECK(sample(wide, of_wide).error > 1.05 * sample(wide, of_wide).sd / std::sqrt(sample(wide, of_wide).n));
  CHECK(plain.error == doctest::Approx(plain.sd / 2));
  // A few heavy pairs beside light others: their correlation narrows nothing, and the order of the two does not matter.
  const std::vector<double> mixed_a = {8, 9.5, 6, 7, 5, 6}, mixed_b = {3, 4.5, 6, 5, 7, 6},
                            of_mixed = {24, 24, 1, 1, 1, 1};
  const std::vector<Pair> two = {{8, 3, 24}, {9.5, 4.5, 24}};
  const Sample first = sample(mixed_a, of_mixed), second = sample(mixed_b, of_mixed);
  CHECK(precision(first, second, two).error == doctest::Approx(std::hypot(first.error, second.error)));
  // All are pairs: the paired t-test of differences that weigh as much.
  const std::vector<double> weights = {1, 1, 5, 2}, a = {3, 1, 4, 6}, b = {2, 2, 1, 5};
  std::vector<Pair> pairs;
  std::vector<double> apart;
  for (size_t i = 0; i < 4; ++i) pairs.push_back({a[i], b[i], weights[i]}), apart.push_back(a[i] - b[i]);
  const Precision paired = precision(sample(a, weights), sample(b, weights), pairs);
  const Sample differences = sample(apart, weights);
  CHECK(paired.error == doctest::Approx(differences.error));
  CHECK(paired.df == doctest::Approx(differences.n - 1));
}

TEST_CASE("stats: a Bayes factor beyond what a number holds is infinite, and near it is right") {
  CHECK(std::isinf(jzs(1e6, 500, 500, .707)));
  const double large = jzs(58, 400, 400, .707);  // tests/stats compares with scipy
  CHECK(std::isfinite(large));
  CHECK(large > 1e250);
}

TEST_CASE("stats: the published comparison of the prisoner's dilemma") {
  const std::string path = PARLEY_SHARED "/oracles/akata/pd/experiment_pd.csv";
  std::ifstream file(path);
  if (!file) {
    MESSAGE("skipped: no " << path);
    return;
  }
  // The authors' sample (FACTS 1): points1 of all rounds where player 1 is act_gpt4, points2 of round 10 where player 2 is.
  std::vector<double> theirs, others;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
    const bool last = cells[0] == "10";
    (cells[1] == "act_gpt4" ? theirs : others).push_back(std::stod(cells[5]));
    if (last) (cells[2] == "act_gpt4" ? theirs : others).push_back(std::stod(cells[6]));
  }
  const Sample a = sample(theirs), b = sample(others);
  CHECK(a.n == 88);
  CHECK(b.n == 616);
  const TTest w = welch(a, b);
  CHECK(w.df == doctest::Approx(153.4434).epsilon(1e-6));
  CHECK(w.t == doctest::Approx(3.9165).epsilon(1e-5));
  CHECK(w.p == doctest::Approx(.000135).epsilon(.005));
  const Effect d = cohens_d(a, b);
  CHECK(d.size == doctest::Approx(.3256).epsilon(1e-4));
  CHECK(std::round(d.interval->low * 100) == 10);
  CHECK(std::round(d.interval->high * 100) == 55);
  CHECK(jzs(pooled(a, b).t, a.n, b.n, std::sqrt(2) / 2) == doctest::Approx(6.125).epsilon(1e-4));
}

TEST_CASE("stats: families") {
  CHECK(holm(std::vector<double>{.01, .04, .03}) == std::vector<double>{.03, .06, .06});
  CHECK(holm(std::vector<double>{.5, .9}) == std::vector<double>{1, 1});
  CHECK(holm({}).empty());
}

TEST_CASE("stats: shares") {
  // R: prop.test(9, 10, correct = FALSE), binom::binom.wilson
  const Interval nine = wilson(9, 10);
  CHECK(nine.low == doctest::Approx(.5958500).epsilon(1e-6));
  CHECK(nine.high == doctest::Approx(.9821238).epsilon(1e-6));
  CHECK(wilson(0, 10).low == 0);
  CHECK(wilson(10, 10).high == doctest::Approx(1));
  CHECK(fisher({3, 1, 1, 3}) == doctest::Approx(.4857142857));  // Fisher's lady tasting tea
  CHECK(fisher({8, 2, 1, 5}) == doctest::Approx(.03496503497));
  CHECK(fisher({5, 0, 3, 0}) == 1);
  CHECK(chi_square({8, 2, 1, 5}, false).value == doctest::Approx(6.112244898).epsilon(1e-4));
  CHECK(chi_square({8, 2, 1, 5}, true).value < chi_square({8, 2, 1, 5}, false).value);
}

TEST_CASE("stats: exchanging labels") {
  // Six values, three and three: 20 ways, of which two are as extreme as this one.
  std::vector<Unit> units = {{1, 0}, {2, 0}, {3, 0}, {10, 1}, {11, 1}, {12, 1}};
  CHECK(permutation(units, 10000, 1)->exact);
  CHECK(permutation(units, 10000, 1)->p == doctest::Approx(.1));
  // Within blocks of two, each with one of both: 8 ways, 2 as extreme.
  for (uint32_t i = 0; i < 6; ++i) units[i].block = i % 3;
  CHECK(permutation(units, 10000, 1)->p == doctest::Approx(.25));
  // By drawing, near what is exact.
  const Permutation drawn = *permutation(units, 7, 1);
  CHECK(!drawn.exact);
  std::vector<Unit> many;
  for (int i = 0; i < 60; ++i) many.push_back({i % 7 + (i % 2 ? .8 : 0), i % 2});
  const double p = permutation(many, 20000, 1)->p;
  std::vector<double> a, b;
  for (const Unit& u : many) (u.group == 0 ? a : b).push_back(u.value);
  CHECK(p == doctest::Approx(pooled(sample(a), sample(b)).p).epsilon(.1));
  CHECK(permutation(many, 2000, 5)->p == permutation(many, 2000, 5)->p);
  // A pair is a block of its own, and is swapped: differences 1, 2, 3, of whose 8 signs 2 are as extreme.
  std::vector<Unit> pairs = {{2, 0, 0}, {1, 1, 0}, {4, 0, 1}, {2, 1, 1}, {7, 0, 2}, {4, 1, 2}};
  CHECK(permutation(pairs, 10000, 1)->p == doctest::Approx(.25));
  // Far from 0 the same, to the last exchange; where each block has one group, nothing can be exchanged.
  for (Unit& unit : pairs) unit.value += 1e9;
  CHECK(permutation(pairs, 10000, 1)->p == .25);
  for (Unit& unit : pairs) unit.block = static_cast<uint32_t>(unit.group);
  CHECK(!permutation(pairs, 10000, 1));
}

TEST_CASE("stats: drawing clusters") {
  // Each unit a cluster of its own: near Welch's interval.
  std::vector<Unit> units;
  std::vector<double> a, b;
  for (uint32_t i = 0; i < 80; ++i) {
    units.push_back({std::sin(i * 12.9898) * 3 + (i % 2), static_cast<int>(i % 2), 0, i});
    (i % 2 ? b : a).push_back(units.back().value);
  }
  const Bootstrap each = *bootstrap(units, 4000, 1);
  const Interval wanted = welch(sample(a), sample(b)).difference;
  CHECK(each.clusters == 80);
  CHECK(each.interval.low == doctest::Approx(wanted.low).epsilon(.05));
  CHECK(each.interval.high == doctest::Approx(wanted.high).epsilon(.05));
  // The same values four times over in one cluster each say no more than once.
  std::vector<Unit> copies;
  for (const Unit& unit : units) {
    for (int i = 0; i < 4; ++i) copies.push_back(unit);
  }
  const Bootstrap same = *bootstrap(copies, 4000, 1);
  CHECK(same.interval.high - same.interval.low ==
        doctest::Approx(each.interval.high - each.interval.low).epsilon(.001));
}

TEST_CASE("stats: units that go together") {
  // Two groups of two clusters of two. By hand: means 2, 6 | 3, 3; of groups 4, 3. MSB = (2*4 + 2*4) / 2 = 8, MSW = (2+2+2+8) / 4
  // = 3.5, n0 = (8 - 2 * 8/4) / 2 = 2: (8 - 3.5) / (8 + 3.5).
  const std::vector<Unit> units = {{1, 0, 0, 0}, {3, 0, 0, 0}, {5, 0, 0, 1}, {7, 0, 0, 1},
                                   {2, 1, 0, 2}, {4, 1, 0, 2}, {1, 1, 0, 3}, {5, 1, 0, 3}};
  const auto found = correlation(units);
  REQUIRE(found);
  CHECK(found->icc == doctest::Approx(4.5 / 11.5));
  CHECK(found->design_effect == doctest::Approx(1 + 4.5 / 11.5));
  CHECK(found->clusters == 4);
  // Copies: all alike within a cluster.
  std::vector<Unit> copies;
  for (uint32_t i = 0; i < 10; ++i) {
    for (int k = 0; k < 3; ++k) copies.push_back({std::sin(i * 1.7), static_cast<int>(i % 2), 0, i});
  }
  CHECK(correlation(copies)->icc == doctest::Approx(1));
  CHECK(correlation(copies)->design_effect == doctest::Approx(3));
  CHECK(!correlation(std::vector<Unit>{{1, 0, 0, 0}, {2, 1, 0, 1}}));
}

TEST_CASE("stats: players who meet each other") {
  // Eight players in two groups, every two once. What is due to players is seen by the crossed bootstrap alone.
  std::vector<Meeting> meetings;
  std::vector<Unit> units;
  uint32_t match = 0;
  for (uint32_t i = 0; i < 8; ++i) {
    for (uint32_t j = i + 1; j < 8; ++j, ++match) {
      for (auto [own, other] : {std::pair(i, j), std::pair(j, i)}) {
        const double value = std::sin(own * 12.9898) * 5 + std::sin(match * 78.233 + own) * .1;
        meetings.push_back({value, static_cast<int>(own % 2), own, other, match});
        units.push_back({value, static_cast<int>(own % 2), 0, match});
      }
    }
  }
  const auto found = crossed(meetings, 2000, 1);
  REQUIRE(found);
  CHECK(found->players == 8);
  CHECK(found->matches == 28);
  CHECK(found->fewest == 4);
  const Interval narrow = bootstrap(units, 2000, 1)->interval;
  const double half = (found->t.difference.high - found->t.difference.low) / 2;
  CHECK(half > 2 * (narrow.high - narrow.low) / 2);
  CHECK((found->t.difference.high + found->t.difference.low) / 2 == doctest::Approx((narrow.high + narrow.low) / 2));
  // The limiting case: only players matter, so it is near a t-interval of four player means against four.
  std::vector<double> a, b;
  for (uint32_t i = 0; i < 8; ++i) (i % 2 ? b : a).push_back(std::sin(i * 12.9898) * 5);
  const Interval means = pooled(sample(a), sample(b)).difference;
  CHECK(half == doctest::Approx((means.high - means.low) / 2).epsilon(.25));
  CHECK(crossed(meetings, 100, 7)->t.p == crossed(meetings, 100, 7)->t.p);
  // Nobody is crossed where all meet one, or each meets one.
  std::vector<Meeting> star, apart;
  for (uint32_t i = 1; i < 6; ++i) {
    star.push_back({1.0 * i, static_cast<int>(i % 2), i, 0, i});
    apart.push_back({1.0 * i, static_cast<int>(i % 2), i, i + 10, i});
  }
  CHECK(!crossed(star, 100, 1));
  CHECK(!crossed(apart, 100, 1));
}

TEST_CASE("stats: shares of variance") {
  // Two by two, two of each: 1 3 | 5 7 / 2 4 | 10 12. Means: a 4, 7; b 2.5, 8.5; all 5.5. SS_A = 8 * 2.25 = 18, SS_B = 8 * 9 = 72,
  // cells 2 6 3 11: SS_AB = 8 * (2 - 4 - 2.5 + 5.5)^2 = 8 * 1 = 8; residual 8 * 1 = 8; total 106.
  std::vector<Crossing> units;
  const double values[] = {1, 3, 5, 7, 2, 4, 10, 12};
  for (uint32_t i = 0; i < 8; ++i) units.push_back({values[i], {i / 4, i / 2 % 2}, i});
  CHECK(!unbalanced(units));
  const std::vector<std::vector<size_t>> effects = {{0}, {1}, {0, 1}}, mains = {{0}, {1}};
  const auto found = variance_shares(units, effects, std::nullopt, 500, 1);
  REQUIRE(found.size() == 4);
  CHECK(found[0].share == doctest::Approx(18.0 / 106));
  CHECK(found[1].share == doctest::Approx(72.0 / 106));
  CHECK(found[2].share == doctest::Approx(8.0 / 106));
  CHECK(found[3].share == doctest::Approx(8.0 / 106));
  CHECK(found[3].df == 4);
  for (const VarianceShare& share : found) {
    CHECK(share.interval.low <= share.share + 1e-9);
    CHECK(share.interval.high >= share.interval.low);
  }
  CHECK(found[1].chance == doctest::Approx(found[1].share));  // of 36 exchanges, more than 5 % give as much as there is
  // Of noise alone, in blocks, chance is about the quantile of a beta distribution: F(1, ...) of 5 %.
  std::vector<Crossing> noise;
  for (uint32_t i = 0; i < 200; ++i)
    noise.push_back({std::fmod(std::sin(i * 12.9898) * 43758.5453, 1), {i % 2, i / 20}, i});
  const auto none = variance_shares(noise, mains, 1, 1000, 1);
  CHECK(none[0].chance == doctest::Approx(3.841 / 200).epsilon(.15));  // chi-square(1) of .95, over N
  units.pop_back();
  const auto odd = unbalanced(units);
  REQUIRE(odd);
  CHECK(odd->levels == std::vector<uint32_t>{1, 1});
  CHECK(odd->units == 1);
  CHECK(odd->others == 2);
}

TEST_CASE("stats: shares of many groups") {
  const std::vector<uint64_t> yes = {8, 1}, all = {10, 6};
  const ChiSquare two = chi_square(yes, all, 20000, 1);
  CHECK(two.value == doctest::Approx(chi_square({8, 2, 1, 5}, false).value));
  CHECK(two.p == doctest::Approx(fisher({8, 2, 1, 5})).epsilon(.1));
  const std::vector<uint64_t> even = {5, 5, 5}, of = {10, 10, 10};
  CHECK(chi_square(even, of, 1000, 1).p == 1);
}
