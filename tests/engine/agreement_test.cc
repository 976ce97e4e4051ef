// Agreement of coders against figures that are published or worked out by hand.
#include "stats/agreement.h"

#include <doctest/doctest.h>

using namespace parley::stats;

namespace {
constexpr int kNone = -1;
}  // namespace

TEST_CASE("agreement: kappa of two coders by hand") {
  // 20 and 15 alike, 5 and 10 apart: .7 alike; (25 * 30 + 25 * 20) / 2500 = .5 expected.
  std::vector<Codes> things;
  auto add = [&](int a, int b, int times) {
    for (int i = 0; i < times; ++i) things.push_back({a, b});
  };
  add(0, 0, 20);
  add(0, 1, 5);
  add(1, 0, 10);
  add(1, 1, 15);
  add(0, kNone, 7);
  const Kappa got = cohen_kappa(things, 0, 1);
  CHECK(got.both == 50);
  CHECK(got.alike == doctest::Approx(.7));
  REQUIRE(got.kappa);
  CHECK(*got.kappa == doctest::Approx(.4));
}

TEST_CASE("agreement: where nothing can be said") {
  const std::vector<Codes> one_code = {{0, 0}, {0, 0}}, never_both = {{0, kNone}, {kNone, 1}};
  CHECK(!cohen_kappa(one_code, 0, 1).kappa);
  CHECK(cohen_kappa(one_code, 0, 1).alike == 1);
  CHECK(cohen_kappa(never_both, 0, 1).both == 0);
  CHECK(!krippendorff_alpha(one_code));
  CHECK(!krippendorff_alpha(never_both));
}

TEST_CASE("agreement: Krippendorff's alpha of his example of four coders with codes missing") {
  // Computing Krippendorff's Alpha-Reliability (2011), part C: nominal alpha .743.
  const int coders[4][12] = {{1, 2, 3, 3, 2, 1, 4, 1, 2, kNone, kNone, kNone},
                             {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, kNone, 3},
                             {kNone, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, kNone},
                             {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, kNone}};
  std::vector<Codes> things;
  for (int i = 0; i < 12; ++i) things.push_back({coders[0][i], coders[1][i], coders[2][i], coders[3][i]});
  const auto alpha = krippendorff_alpha(things);
  REQUIRE(alpha);
  CHECK(*alpha == doctest::Approx(.743).epsilon(.001));
}

TEST_CASE("agreement: alpha of two coders, binary, by his example") {
  // The same paper, part A: ten things, alpha .095.
  const int first[] = {0, 1, 0, 0, 0, 0, 0, 0, 1, 0}, second[] = {1, 1, 1, 0, 0, 1, 0, 0, 0, 0};
  std::vector<Codes> things;
  for (int i = 0; i < 10; ++i) things.push_back({first[i], second[i]});
  CHECK(*krippendorff_alpha(things) == doctest::Approx(.095).epsilon(.005));
}
