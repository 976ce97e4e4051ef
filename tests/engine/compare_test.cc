// What is compared and how often it errs: the match is the unit, both its seats are one cluster, copies are no data, players who meet
// each other are crossed.
#include "report/compare.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <set>

#include "base/random.h"
#include "lab.h"
#include "report/declared.h"
#include "report/one_sample.h"
#include "report/units.h"

using namespace parley;
using namespace parley::test;

namespace {

// Nearly normal numbers: sums of twelve uniform ones, of mean 0 and variance 1.
class Noise {
 public:
  explicit Noise(uint64_t table) : draws_("null|" + std::to_string(table)) {}
  double operator()() {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += draws_.unit(++n_);
    return sum;
  }

 private:
  Draws draws_;
  uint64_t n_ = 0;
};

// Rows as units_of() has them, as far as a comparison looks at them.
class Made {
 public:
  Made() { rows_.columns = {"match", "block", "group", "player", "opponent", "transcript", "chance", "x"}; }
  void add(int match, int block, const std::string& group, const std::string& player, const std::string& opponent,
           double x) {
    rows_.rows.push_back({std::to_string(match), std::to_string(block), group, player, opponent,
                          "t" + std::to_string(match), "1", std::to_string(x)});
  }
  const Rows& rows() const { return rows_; }

 private:
  Rows rows_;
};

const Contrast kContrast{"x", "group", "a", "b", {}};

// The share of tables without any effect whose p is below .05.
double errs(uint64_t tables, const std::function<Rows(Noise&)>& table, const ColumnRoles& roles = roles_of_study()) {
  double below = 0;
  for (uint64_t k = 1; k <= tables; ++k) {
    Noise noise(k);
    const auto found = tested(observe(table(noise), roles, "x", "group"), kContrast, {});
    REQUIRE(found);
    below += found->p < .05 ? 1 : 0;
  }
  return below / static_cast<double>(tables);
}

size_t distinct_of(const Rows& units) {
  std::set<std::string> out;
  for (const auto& row : units.rows) out.insert(row[column_of(units, "transcript", "")]);
  return out.size();
}
std::string chance_of(const Rows& units) {
  std::set<std::string> out;
  for (const auto& row : units.rows) out.insert(row[column_of(units, "chance", "")]);
  return joined({out.begin(), out.end()}, ", ");
}

Rows played(const std::string& text) {
  Folder folder;
  Store store = Store::in_memory();
  Lab(folder, folder.write("scripts/study.lua", text)).run(store);
  return units_of(store);
}

}  // namespace

TEST_CASE("compare: what is the same for both seats of a match counts once") {
  const auto table = [](Noise& noise) {
    Made out;
    for (int match = 0; match < 40; ++match) {
      const double x = noise();
      for (const char* seat : {"p", "q"}) out.add(match, match / 2, match % 2 ? "a" : "b", seat, "", x);
    }
    return out.rows();
  };
  const double rate = errs(600, table);
  CHECK(rate > .03);
  CHECK(rate < .075);
  // Counted twice, it errs far more often.
  ColumnRoles twice;
  CHECK(errs(600, table, twice) > .12);
  Noise noise(1);
  const auto seen = compare(observe(table(noise), roles_of_study(), "x", "group"), std::span(&kContrast, 1), {});
  CHECK(seen[0].a.of.n == 20);
  CHECK(seen[0].a.rows == 40);
  CHECK(seen[0].pairs == 0);
  CHECK(seen[0].drawn->clusters == 40);
  CHECK(seen[0].within == "blocks");
  CHECK(seen[0].exchanged);
  CHECK(seen[0].d.interval);
  CHECK(seen[0].bayes);
}

TEST_CASE("compare: players who meet head to head are pairs") {
  // What one wins the other loses, or both win or lose together; and a part of the matches is of one of them alone.
  for (const double together : {-.8, .8}) {
    for (const int pairs : {24, 12}) {
      CAPTURE(together);
      CAPTURE(pairs);
      const auto table = [&](Noise& noise) {
        Made out;
        int match = 0;
        for (; match < pairs; ++match) {
          const double common = noise(), rest = std::sqrt(1 - std::fabs(together));
          out.add(match, match, "a", "p", "q", std::sqrt(std::fabs(together)) * common + rest * noise());
          out.add(match, match, "b", "q", "p",
                  std::copysign(std::sqrt(std::fabs(together)), together) * common + rest * noise());
        }
        for (int i = pairs; i < 24; ++i, match += 2) {
          out.add(match, i, "a", "p", "r", noise());
          out.add(match + 1, i, "b", "q", "r", noise());
        }
        return out.rows();
      };
      const double rate = errs(600, table);
      CHECK(rate > .03);
      CHECK(rate < .075);
      Noise noise(1);
      const Rows rows = table(noise);
      const Comparison seen = compare(observe(rows, roles_of_study(), "x", "group"), std::span(&kContrast, 1), {})[0];
      CHECK(seen.pairs == static_cast<size_t>(pairs));
      CHECK(seen.paired() == (pairs == 24));
      CHECK(seen.within == (pairs == 24 ? "pairs" : "pairs and blocks"));
      CHECK(!seen.d.interval);
      CHECK(seen.bayes.has_value() == (pairs == 24));
      // As the declared test has it.
      CHECK(seen.p == tested(observe(rows, roles_of_study(), "x", "group"), kContrast, {})->p);
    }
  }
}

TEST_CASE("compare: kinds of players who all meet each other are compared by their players") {
  const auto table = [](Noise& noise) {
    std::vector<double> skill;
    for (int i = 0; i < 8; ++i) skill.push_back(noise());
    Made out;
    int match = 0;
    for (int i = 0; i < 8; ++i) {
      for (int j = i + 1; j < 8; ++j, ++match) {
        for (auto [own, other] : {std::pair(i, j), std::pair(j, i)})
          out.add(match, 1, own % 2 ? "a" : "b", std::to_string(own), std::to_string(other),
                  skill[static_cast<size_t>(own)] + noise());
      }
    }
    return out.rows();
  };
  CHECK(errs(150, table) < .075);
  ColumnRoles apart = roles_of_study();
  apart.player = apart.opponent = "";
  CHECK(errs(150, table, apart) > .2);
  Noise noise(1);
  const Rows rows = table(noise);
  const Comparison seen = compare(observe(rows, roles_of_study(), "x", "group"), std::span(&kContrast, 1), {})[0];
  CHECK(seen.by_players);
  CHECK(seen.p == seen.crossed->t.p);
  CHECK(seen.holm == seen.p);
  CHECK(seen.crossed->fewest == 4);
  // The same matches by something that has all players on either side: they are these players, and no sample.
  Rows others = rows;
  for (auto& row : others.rows) row[2] = std::stoi(row[0]) % 2 ? "a" : "b";
  CHECK(!compare(observe(others, roles_of_study(), "x", "group"), std::span(&kContrast, 1), {})[0].by_players);
}

TEST_CASE("compare: copies are one value") {
  Made made;
  for (int match = 0; match < 30; ++match) {
    made.add(match, match, "a", "p", "q", match % 3);
    made.add(match, match, "b", "q", "p", match % 3 + match % 2);
  }
  Rows rows = made.rows();
  for (auto& row : rows.rows) row[5] = std::to_string(std::stoi(row[0]) % 6), row[6] = "0";
  Observations data = observe(rows, roles_of_study(), "x", "group");
  Comparison seen = compare(data, std::span(&kContrast, 1), {})[0];
  CHECK(seen.a.n() == 6);
  CHECK(seen.a.of.n == 6);
  CHECK(seen.a.copies == 30);
  CHECK(seen.a.copied == 6);
  CHECK(seen.pairs == 6);  // of both groups the same
  CHECK(!seen.alike);
  // Five times as many of the same say the same.
  rows.rows.resize(12);
  CHECK(compare(observe(rows, roles_of_study(), "x", "group"), std::span(&kContrast, 1), {})[0].t.p ==
        doctest::Approx(seen.t.p));
  // Where chance took part, or nothing says so, it may be alike by chance.
  for (const char* chance : {"1", ""}) {
    Rows drawn = made.rows();
    for (auto& row : drawn.rows) row[5] = "same", row[6] = chance;
    CHECK(observe(drawn, roles_of_study(), "x", "group").all.size() == 60);
  }
  // One distinct match is one value: nothing is tested, shares neither.
  for (auto& row : rows.rows) row[5] = "same", row[6] = "0", row[7] = "1";
  data = observe(rows, roles_of_study(), "x", "group");
  seen = compare(data, std::span(&kContrast, 1), {})[0];
  CHECK(seen.refused == "a has 1 value (6 repeats of 1: copies are no data)");
  CHECK(!seen.table);
  const OneSample one = compare_with(data, "x", .5, {})[0];
  CHECK(!one.refused.empty());
  CHECK(!one.shares);
}

TEST_CASE("compare: what is repeated weighs as many as there are of it") {
  // Two opponents leave nothing to chance, a third draws: the mean is that of all matches, however often all is repeated.
  auto table = [](int repeats) {
    Made made;
    Noise noise(3);
    int match = 0;
    for (int i = 0; i < repeats; ++i) {
      for (auto [opponent, x] : {std::pair("fixed", 2.), std::pair("other", 6.), std::pair("drawn", 4 + noise())}) {
        made.add(++match, i, "a", "p", opponent, x);
        made.add(++match, i, "b", "q", opponent, x - 1);
      }
    }
    Rows rows = made.rows();
    for (auto& row : rows.rows) {
      if (row[4] != "drawn") row[5] = row[2] + row[4], row[6] = "0";
    }
    return rows;
  };
  const Rows rows = table(40);
  double sum = 0, n = 0;
  for (const auto& row : rows.rows) {
    if (row[2] == "a") sum += std::stod(row[7]), ++n;
  }
  const Comparison seen = compare(observe(rows, roles_of_study(), "x", "group"), std::span(&kContrast, 1), {})[0];
  CHECK(seen.a.n() == 42);
  CHECK(seen.a.of.mean == doctest::Approx(sum / n));
  CHECK(seen.a.of.n == doctest::Approx(120. * 120 / (40 * 40 * 2 + 40)));
  CHECK(seen.a.of.mean - seen.b.of.mean == doctest::Approx(1));
  CHECK(!seen.weigh_alike());
  CHECK(!seen.exchanged);
  CHECK(!seen.bayes);
  CHECK(seen.drawn->fewest == doctest::Approx(seen.a.of.n));
  // A value of which there are more than of the other is no pair with it: which group is named first does not matter.
  Made uneven;
  for (int block = 0; block < 8; ++block) {
    uneven.add(block, block, "a", "p", "q", block / 2);
    uneven.add(block, block, "b", "q", "p", block % 5);
  }
  Rows halves = uneven.rows();
  for (auto& row : halves.rows) {
    if (row[2] == "a") row[5] = "same" + row[7], row[6] = "0";
  }
  const Contrast back{"x", "group", "b", "a", {}};
  const Observations once = observe(halves, roles_of_study(), "x", "group");
  const Comparison there = compare(once, std::span(&kContrast, 1), {})[0],
                   again = compare(once, std::span(&back, 1), {})[0];
  CHECK(there.a.copied == 4);
  CHECK(there.pairs == 0);
  CHECK(there.t.t == doctest::Approx(-again.t.t));
  CHECK(there.t.df == doctest::Approx(again.t.df));
  // Two players, or two rounds, of one match are no copies of each other.
  Made both;
  for (int match = 0; match < 8; ++match) {
    both.add(match, match, "a", "p", "q", 1);
    both.add(match, match, "a", "q", "p", 3);
  }
  Rows matches = both.rows();
  for (auto& row : matches.rows) row[5] = "same", row[6] = "0";
  ColumnRoles players = roles_of_study();
  players.unit = players.cluster = "player";
  const ComparedGroup apart = group_of(observe(matches, players, "x", "group"), "a");
  CHECK(apart.values == std::vector<double>{1, 3});
  CHECK(apart.copied == 0);
  ColumnRoles each = roles_of_study();
  each.each_row = true;
  const ComparedGroup by_row = group_of(observe(matches, each, "x", "group"), "a");
  CHECK(by_row.values == std::vector<double>{1, 3});
  CHECK(by_row.copies == 16);
  CHECK(by_row.of.n == 2);
}

TEST_CASE("compare: values whose variance no number holds are not tested") {
  Made made;
  for (int match = 0; match < 4; ++match) made.add(match, match, match % 2 ? "a" : "b", "p", "", match);
  Rows rows = made.rows();
  rows.rows[1].back() = "1e308", rows.rows[3].back() = "-1e308";
  const Observations data = observe(rows, roles_of_study(), "x", "group");
  CHECK(compare(data, std::span(&kContrast, 1), {})[0].refused ==
        "the values of a are too large to reckon their variance");
  CHECK(compare_with(data, "x", 0, {})[0].refused == "the values of a are too large to reckon their variance");
}

TEST_CASE("compare: shares are tested where they are independent, and as pairs where all are") {
  Made made;
  int match = 0;
  for (auto [a, b, times] : {std::tuple(1, 0, 9), std::tuple(0, 1, 2), std::tuple(1, 1, 5), std::tuple(0, 0, 4)}) {
    for (int i = 0; i < times; ++i, ++match) {
      made.add(match, match, "a", "p", "q", a);
      made.add(match, match, "b", "q", "p", b);
    }
  }
  Comparison seen = compare(observe(made.rows(), roles_of_study(), "x", "group"), std::span(&kContrast, 1), {})[0];
  REQUIRE(seen.mcnemar);
  CHECK(*seen.mcnemar == doctest::Approx(0.06542969));  // R: binom.test(9, 11)
  made.add(99, 99, "a", "p", "r", 1);
  seen = compare(observe(made.rows(), roles_of_study(), "x", "group"), std::span(&kContrast, 1), {})[0];
  CHECK(seen.table);
  CHECK(!seen.mcnemar);
  CHECK(!seen.bayes);
}

TEST_CASE("compare: a block that holds one group alone has nothing to exchange, a group of one cluster no bootstrap") {
  Made made;
  for (int match = 0; match < 10; ++match)
    made.add(match, match % 2, match % 2 ? "a" : "b", "p", "", std::sin(match * 12.9898));
  const Comparison seen =
      compare(observe(made.rows(), roles_of_study(), "x", "group"), std::span(&kContrast, 1), {})[0];
  CHECK(!seen.exchanged);
  CHECK(seen.drawn->fewest == 5);
  Rows rows = made.rows();
  for (auto& row : rows.rows) row[0] = row[1];
  ColumnRoles rounds = roles_of_study();
  rounds.unit = "", rounds.each_row = true;
  const Comparison each = compare(observe(rows, rounds, "x", "group"), std::span(&kContrast, 1), {})[0];
  CHECK(each.a.n() == 5);
  CHECK(!each.drawn);
}

TEST_CASE(
    "compare: whether chance took part is known of a match, and who sat where does not matter to its transcript") {
  const std::string of_rules = R"(study { game = "prisoners_dilemma", rounds = 6, repeats = 8, seats = "balanced", )";
  Rows units = played(of_rules + R"(players = { { strategy = "grim" }, { strategy = "alternate" } } })");
  CHECK(chance_of(units) == "0");
  CHECK(distinct_of(units) == 1);
  CHECK(observe(units, roles_of_study(), "payoff", "player").all.size() == 2);
  // In a game that is not the same from both seats it does matter, by what is paid.
  units = played(R"(study { game = "battle_of_the_sexes", rounds = 6, repeats = 8, seats = "balanced",
    players = { { strategy = "always_first" }, { strategy = "always_first", name = "other" } } })");
  CHECK(chance_of(units) == "0");
  CHECK(distinct_of(units) == 1);  // one of the two is paid more, whoever it is: they are the same rule
  units = played(R"(study { game = "battle_of_the_sexes", rounds = 6, repeats = 8, seats = "balanced",
    players = { { strategy = "always_first" }, { strategy = "plan", moves = { action = "football" } } } })");
  CHECK(distinct_of(units) == 2);
  CHECK(chance_of(played(of_rules + R"(players = { { strategy = "grim" }, { strategy = "random" } } })")) == "1");
  // What decides nothing is not drawn.
  CHECK(chance_of(played(R"(study { game = "trembling", rounds = 6, tremble = 0, players = { { strategy = "grim" },
    { strategy = "mixed", chances = { 0, 1 } } }, against = { { strategy = "naive_prober", p = 0 } } })")) == "0");
  CHECK(
      chance_of(played(
          R"(study { game = "trembling", rounds = 6, slips = { row = { 2 }, column = {} }, players = { { strategy = "grim" },
    { strategy = "tit_for_tat" } } })")) == "0");
  CHECK(chance_of(played(of_rules + R"(ends = .1, players = { { strategy = "grim" }, { strategy = "grim" } } })")) ==
        "1");
  CHECK(chance_of(played(of_rules + R"(players = { { strategy = "recorded",
    moves = { action = { "cooperate", "defect", "defect", "cooperate", "defect", "defect" } } }, { strategy = "grim" } } })")) ==
        "1");
  // A model: scored by arg-max it is what it is asked, in either seat; else it is not.
  const std::string of_models =
      R"(study { game = "prisoners_dilemma", rounds = 3, repeats = 8, model = "scripted:random", labels = { "J", "F" },
    players = { { strategy = "direct" } }, against = { { strategy = "direct", name = "other" } }, )";
  units = played(of_models + R"(read = "scored" })");
  CHECK(units.rows.size() == 32);
  CHECK(chance_of(units) == "0");
  CHECK(distinct_of(units) == 8);
  CHECK(chance_of(played(of_models + R"(read = "scored", decide = "sample" })")) == "1");
  CHECK(chance_of(played(of_models + R"(read = "text" })")) == "1");
}
