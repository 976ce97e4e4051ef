// Rows of a table as what is compared: each independent thing once, whatever number of rows it has.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/csv.h"

namespace parley {

// Rows in which each column named has one of the values given for it.
using Where = std::vector<std::pair<std::string, std::string>>;

// What columns of a table are for, by name; "": there is none.
struct ColumnRoles {
  std::string source;     // for errors: "table.csv", "the study"
  std::string block;      // labels are exchanged within it
  std::string unit;       // rows are first averaged within this and the group; "": a row is a unit
  std::string cluster;    // units that go together: averaged too, within this and the group; "": each unit by itself
  bool each_row = false;  // nothing is averaged: rows are tested as if they were independent
  std::string transcript, chance;  // equal for what is repeated, where `chance` is 0
  std::string match;               // what rows of one `transcript` may share all the same
  std::string player, opponent;    // who is met by whom, where that may be crossed
  std::string scored;              // the mean probability beside a share of choices
};
// What stands in a study's rows (units_of, rounds_of, beliefs_of): the unit is the match.
ColumnRoles roles_of_study();

// A value that is compared: the mean of what one cluster has in one group.
struct Observed {
  double value = 0;
  std::string group, block, cluster;
  std::string transcript;  // of all that it is the mean of; "": not known
  bool chance = true;      // whether it took part, or nothing says
  std::optional<double> scored;
  size_t rows = 1;    // that it is the mean of
  size_t copies = 1;  // how many there are of it, which are repeats of one: it weighs as many
  std::string match;  // of its first row

  double weight() const { return static_cast<double>(copies); }
};
// A row that has a value: what it counts for in the mean of its group where clusters count alike.
struct ObservedRow {
  double value = 0;
  std::string player, opponent;
  std::string match;  // "": not known; of repeats it is one
  size_t of = 0;      // index of what it went into
  double weight = 1;
};
struct Observations {
  std::vector<Observed> all;
  std::vector<ObservedRow> rows;
  std::vector<std::string> groups;  // sorted as people sort them
  size_t without_value = 0;         // rows left out
  bool each_row = false;            // as ColumnRoles
  std::string within;               // what labels are exchanged within: "blocks", "": all
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
// Rows of a unit and group become one value, their mean; then units of a cluster and group. Values of a group without chance that have
// one transcript are copies, and no data: they become one, which weighs as many. (Where they are of one match they are two players, or
// two rounds, and no copies.) Where each stands in one block, blocks stay. Error: a value is no number, with its row. Misuse: a unit
// lies in several clusters. Rows without a value are counted and left out.
Observations observe(const Rows& rows, const ColumnRoles& roles, const std::string& value, const std::string& group,
                     const Where& where = {});

}  // namespace parley
