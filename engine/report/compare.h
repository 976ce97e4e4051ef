// Groups of rows compared: declared contrasts in, comparisons out.
#pragma once
#include <numbers>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/csv.h"
#include "stats/clusters.h"
#include "stats/crossed.h"
#include "stats/resample.h"
#include "stats/shares.h"

namespace parley {

// Rows in which each column named has one of the values given for it.
using Where = std::vector<std::pair<std::string, std::string>>;

// One comparison, as it is declared: the mean of column `value` in group a against group b of column `group`.
struct Contrast {
  std::string value, group, a, b;
  Where where;
  std::string refused = {};  // why it is not to be tested, which is known before (report/aliases.h); "": it is
};

// What columns of a table are for, by name; "": there is none.
struct ColumnRoles {
  std::string source;            // for errors: "table.csv", "the study"
  std::string block;             // labels are exchanged within it
  std::string cluster;           // rows that go together; "": each by itself
  std::string unit;              // rows are first averaged within this and the group; "": a row is a unit
  std::string transcript;        // equal for rows that are repeats of each other
  std::string player, opponent;  // who is met by whom, where that may be crossed
  std::string scored;            // the mean probability beside a share of choices
};
// What stands in a study's rows (units_of, rounds_of, beliefs_of).
ColumnRoles roles_of_study();

// A unit: a value, who it belongs to, and what goes together.
struct Observed {
  double value = 0;
  std::string group, block, cluster, transcript, player, opponent;
  std::optional<double> scored;
};
struct Observations {
  std::vector<Observed> all;
  std::vector<std::string> groups;  // sorted as people sort them
  size_t without_value = 0;         // rows left out
  std::string within;  // what labels are exchanged within: "blocks", "units" (each has all groups), "": all
};
// The index of a column. Misuse, with the nearest: there is none; `option` is where it was said.
size_t column_of(const Rows& rows, const std::string& name, std::string_view option);
// What the group of a cell is called.
std::string group_name(const std::string& cell);
// Misuse, with the nearest: there is no such group of `column`.
void check_group(const std::string& column, const std::string& name, const std::vector<std::string>& groups);
// Whether a row is as `where` says; columns are found once.
class RowFilter {
 public:
  RowFilter(const Rows& rows, const Where& where);
  bool operator()(const std::vector<std::string>& row) const;

 private:
  std::vector<std::pair<size_t, std::string>> where_;
};
// Error: a value is no number, with its row. Rows without a value are counted and left out.
Observations observe(const Rows& rows, const ColumnRoles& roles, const std::string& value, const std::string& group,
                     const Where& where = {});

// What any test of a mean comes to.
struct TestResult {
  std::string refused;  // why nothing is tested; then nothing here holds
  stats::TTest t;
  stats::Effect d;
  double bayes[3] = {0, 0, 0};              // at kScales
  std::optional<stats::Correlation> alike;  // where clusters have several units in a group
  std::optional<double> equivalent;
  double holm = 1;    // of the family
  size_t family = 1;  // how many were tested in it
};
// Holm over those of a family that were tested: sets holm and family of all.
void correct(const std::vector<TestResult*>& family);

struct ComparedGroup {
  std::string name;
  std::vector<double> values;
  stats::Sample of;
  size_t distinct = 0;           // transcripts
  std::optional<double> scored;  // mean probability beside a share of choices

  bool is_share() const;        // whether every value is 0 or 1
  uint64_t ones() const;        // how many are 1
  std::string why_not() const;  // why nothing can be tested with it: too few values, or no variance; "": it can
};
ComparedGroup group_of(const Observations& from, const std::string& name);

// Two groups compared.
struct Comparison : TestResult {
  Contrast contrast;
  ComparedGroup a, b;
  std::string within;  // as Observations
  stats::Effect g;
  std::optional<stats::Permutation> exchanged;
  stats::Bootstrap drawn;
  std::optional<stats::Crossed> crossed;  // where players are crossed
  // Where every value is 0 or 1, whether tested or not: how many are 1 and 0 in a, then in b.
  std::optional<stats::TwoByTwo> table;
};

constexpr double kScales[] = {.5, std::numbers::sqrt2 / 2, 1};
constexpr uint64_t kDraws = 10'000;
constexpr size_t kFewClusters = 30;

struct Testing {
  bool exchanges = true;  // false: no permutation, as units of one cluster cannot be exchanged (rounds of a match)
  std::optional<double> margin;  // of equivalence
  uint64_t seed = 1;
};

// One family of contrasts (value, group and where are those that the observations were read for), in its order: p-values of Welch's t
// corrected by Holm over those that could be tested. Misuse: there is no such group.
std::vector<Comparison> compare(const Observations& from, std::span<const Contrast> family, const Testing& how);
// As above, of contrasts that may be of any values, groups and rows. Misuse: there is no such column.
std::vector<Comparison> compare(const Rows& rows, const ColumnRoles& roles, std::span<const Contrast> family,
                                const Testing& how);
// Every pair of groups, in order of appearance.
std::vector<Contrast> all_pairs(const Observations& from, const Contrast& like);

}  // namespace parley
