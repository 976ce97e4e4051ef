// Comparisons, as people and programs read them.
#pragma once
#include <string>
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
// "n 20 (16 distinct), mean 6.33, sd 0.72"; as a record; "intra-class correlation ...".
std::string group_text(const Comparison::Group& group, bool distinct);
Value::Record group_value(const Comparison::Group& group);
std::string alike_text(const stats::Correlation& alike);

// A paragraph: a line for each statistic. `distinct`: how many transcripts differ is known.
void tell(const Comparison& comparison, const Testing& how, bool distinct, Console& console);
// A line, where the bootstrap with the fewest clusters has too few.
void warn_of_few_clusters(size_t fewest, Console& console);
size_t fewest_clusters(const std::vector<Comparison>& all);
Value value_of(const Comparison& comparison);
// A row for each: all that there is, for programs; or in short, to be printed.
Table comparison_table(const std::vector<Comparison>& all);
Table comparison_short(const std::vector<Comparison>& all);
// Groups with their numbers, means and deviations.
Table group_table(const Observations& data, const std::string& group);

}  // namespace parley
