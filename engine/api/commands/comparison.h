// Comparisons, as people and programs read them.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "api/console.h"
#include "base/value.h"
#include "report/compare.h"
#include "report/table.h"

namespace parley {

// Four digits; "p = .0123"; "1 to 2".
std::string short_number(double n);
std::string p_text(double p);
std::string interval_text(const stats::Interval& interval);
// For tables: ".0123", "<.0001".
std::string p_short(double p);
// Of a Bayes factor, which may be beyond what a number holds: then "> 1e300".
std::string bayes_text(double bf10);
Value bayes_value(double bf10);
// "n 20 (16 distinct; means of 40 rows), mean 6.33, sd 0.72"; as a record; "intra-class correlation ...".
std::string group_text(const ComparedGroup& group, bool distinct);
Value::Record group_value(const ComparedGroup& group);

// What comparisons of every kind say alike. One statistic of a paragraph.
void tell_line(const std::string& what, const std::string& is, Console& console);
// "t(37.84) = -0.677, p = .5025 uncorrected; p = .9 by Holm, of 3"; lines of the others, `from`: "pooled t", `within`: "within 1 of 0".
std::string t_text(const TestResult& result);
std::string holm_text(const TestResult& result);  // nothing of a family of one
void tell_alike(const TestResult& result, Console& console);
void tell_bayes(const TestResult& result, const std::string& from, const std::string& why_none, Console& console);
extern const char* const kWeighDifferently;  // why there is no test that takes values for alike
void tell_equivalence(const TestResult& result, const std::string& within, Console& console);
// As fields of a record.
Value interval_value(const stats::Interval& interval);
Value::Record t_value(const stats::TTest& t);
Value drawn_value(const stats::Bootstrap& drawn);
void put_effects(const TestResult& result, Value::Record& out);
// A row of a table with the names of its columns: cells of tests hold nothing where it was refused.
class NamedCells {
 public:
  explicit NamedCells(const TestResult& result) : result_(result) {}
  void add(std::string name, Value value) { cells_.emplace_back(std::move(name), std::move(value)); }
  // n, distinct, mean, sd, scored of each group, with what stands behind these names.
  void add_groups(const std::vector<std::pair<const ComparedGroup*, std::string>>& groups);
  void add_tested(std::string name, Value value) {
    add(std::move(name), result_.refused.empty() ? std::move(value) : Value());
  }
  void add_t(double difference);
  void add_drawn(const stats::Bootstrap* drawn);
  void add_alike();
  void add_d();
  void add_bayes();
  const std::vector<std::pair<std::string, Value>>& cells() const { return cells_; }

 private:
  const TestResult& result_;
  std::vector<std::pair<std::string, Value>> cells_;
};
// Rows of the same columns.
Table table_of(const std::string& title, const std::vector<NamedCells>& rows);

// A paragraph: a line for each statistic. `distinct`: how many transcripts differ is known.
void tell(const Comparison& comparison, const Testing& how, bool distinct, Console& console);
// The group of the fewest clusters (of players, where these are what was sampled); and a line, where they are too few.
struct Fewest {
  double n = kFewClusters;
  const char* what = "clusters";
};
Fewest fewest_of(const std::vector<Comparison>& all);
void warn_of_few(const Fewest& fewest, Console& console);
// "Welch's t", "paired t", "partly paired".
std::string test_name(const Comparison& comparison);
Value value_of(const Comparison& comparison);
// A row for each: all that there is, for programs; or in short, to be printed.
Table comparison_table(const std::vector<Comparison>& all);
Table comparison_short(const std::vector<Comparison>& all);
// Groups with their numbers, means and deviations.
Table group_table(const Observations& data, const std::string& group);

}  // namespace parley
