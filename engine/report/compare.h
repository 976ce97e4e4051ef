// Groups of rows compared: declared contrasts in, comparisons out.
#pragma once
#include <array>
#include <numbers>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "report/observations.h"
#include "stats/clusters.h"
#include "stats/crossed.h"
#include "stats/resample.h"
#include "stats/shares.h"

namespace parley {

// One comparison, as it is declared: the mean of column `value` in group a against group b of column `group`.
struct Contrast {
  std::string value, group, a, b;
  Where where;
  std::string refused = {};  // why it is not to be tested, which is known before (report/aliases.h); "": it is
};

// What any test of a mean comes to.
struct TestResult {
  std::string refused;  // why nothing is tested; then nothing here holds
  stats::TTest t;
  stats::Effect d;
  // At kScales; none where some values are pairs and some are not, or where they weigh differently.
  std::optional<std::array<double, 3>> bayes;
  std::optional<stats::Correlation> alike;  // where clusters have several rows in a group, and none are copies
  std::optional<double> equivalent;
  double p = 1;       // what a verdict rests on
  double holm = 1;    // of the family
  size_t family = 1;  // how many were tested in it
};
// Holm over those of a family that were tested: sets holm and family of all.
void correct(const std::vector<TestResult*>& family);

struct ComparedGroup {
  std::string name;
  std::vector<double> values;
  stats::Sample of;               // of the values, each weighing as many as there are of it
  size_t distinct = 0;            // transcripts; 0: not known
  size_t rows = 0;                // that the values are means of
  size_t copied = 0, copies = 0;  // values of which there are several, repeats of one; how many these are
  bool chance = false;            // whether it took part anywhere, or may have
  std::optional<double> scored;   // mean probability beside a share of choices

  size_t n() const { return values.size(); }
  bool is_share() const;        // whether every value is 0 or 1, and they weigh alike
  uint64_t ones() const;        // how many are 1
  std::string why_not() const;  // why nothing can be tested with it: too few values, or no variance; "": it can
  std::string why_not_as_share()
      const;  // as shares are tested, whose variance is known: too few, or without chance all the same
};
ComparedGroup group_of(const Observations& from, const std::string& name);

// Two groups compared.
struct Comparison : TestResult {
  Contrast contrast;
  ComparedGroup a, b;
  bool each_row = false;  // as Observations
  std::string
      within;  // what labels are exchanged within: "blocks", "pairs", "pairs and blocks", "pairs, the others among all", "": all
  size_t pairs = 0;  // clusters that have a value in both groups, and as many copies in each
  bool weigh_alike() const { return stats::weigh_alike(a.of, b.of); }
  bool paired() const { return pairs > 0 && pairs == a.n() && pairs == b.n(); }
  stats::Effect g;
  std::optional<stats::Permutation> exchanged;  // none: there is nothing to exchange
  std::optional<stats::Bootstrap> drawn;        // none: a group has fewer than two clusters
  std::optional<stats::Crossed> crossed;        // where players are crossed
  // Whether they are, and the groups are of different players, several in one: then players are what was sampled, and the verdict rests
  // on them. Where the same players stand in both groups, or one in each, they are these players and no sample.
  bool by_players = false;
  // Where every value is 0 or 1, whether the means are tested or not: how many are 1 and 0 in a, then in b.
  std::optional<stats::TwoByTwo> table;
  std::optional<double> mcnemar;  // in place of Fisher's test, where all are pairs
};

constexpr double kScales[] = {.5, std::numbers::sqrt2 / 2, 1};
constexpr uint64_t kDraws = 10'000;
constexpr size_t kFewClusters = 30;

struct Testing {
  std::optional<double> margin;  // of equivalence
  uint64_t seed = 1;
};

// One family of contrasts (value, group and where are those that the observations were read for), in its order: p-values corrected by
// Holm over those that could be tested. Clusters with a value in both groups are pairs: the test is Welch's where there are none, and
// else as stats::precision(). Misuse: there is no such group.
std::vector<Comparison> compare(const Observations& from, std::span<const Contrast> family, const Testing& how);
// As above, of contrasts that may be of any values, groups and rows. Misuse: there is no such column.
std::vector<Comparison> compare(const Rows& rows, const ColumnRoles& roles, std::span<const Contrast> family,
                                const Testing& how);
// The p-value and that of equivalence alone, of one contrast, as compare() has them; nothing where it refuses. A group that has no
// value is no misuse.
struct Tested {
  double p = 1;
  std::optional<double> equivalent;
};
std::optional<Tested> tested(const Observations& from, const Contrast& contrast, const Testing& how);
// Every pair of groups, in order of appearance.
std::vector<Contrast> all_pairs(const Observations& from, const Contrast& like);

}  // namespace parley
