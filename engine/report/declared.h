// What a study declares before its data are seen: its field `analysis`, settled (study/expand/analysis.cc), and what becomes of the
// units of a study by it.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/csv.h"
#include "report/compare.h"
#include "store/store.h"

namespace parley {

// Rows of units_of(), seats' matches, that are left out: those whose number in `column` is below or above a bound, or whose text is `is`.
struct Exclusion {
  std::string column;
  std::optional<double> below, above;
  std::optional<std::string> is;
  bool player = false;  // all matches of a player are, where its mean over all of them is so
};

struct Declared {
  std::vector<Contrast> primary, secondary;  // each one family
  std::string unit = "match";                // the column within which rows of a group are averaged first
  double alpha = .05;
  uint64_t n = 0;               // blocks at which the analysis is final
  std::vector<uint64_t> looks;  // blocks at which a test is planned, in order; the last is n
  std::optional<double> margin;
  std::vector<Exclusion> exclusions;

  // The settled field, as Design::resolved() and StudyInfo::fields hold it; none where a study declares nothing.
  static std::optional<Declared> from(const Value& analysis);
  // Of each look: alpha over their number (Bonferroni), the same at each, so that all of them together err with alpha at most.
  double alpha_of_look() const { return alpha / static_cast<double>(looks.size()); }
  bool planned(uint64_t blocks) const;
  ColumnRoles roles() const;
};

// In words: "payoff, scot against direct by strategy where seat is row"; "right below 0.8"; lines of all there is, name and text.
std::string text_of(const Contrast& contrast);
std::string text_of(const Exclusion& exclusion);
std::vector<std::pair<std::string, std::string>> lines_of(const Declared& declared);

// Rows of units_of() that exclusions leave; and of those that a contrast compares, how many each takes of each of its groups. A row that
// several exclude is counted with the first of them.
struct Excluded {
  Rows kept;
  struct Taken {
    std::string what;
    std::map<std::string, size_t> by_group;
  };
  std::vector<Taken> taken;          // by exclusion, in order
  std::map<std::string, size_t> of;  // rows by group, before
  bool any() const;                  // whether one is taken of those that are compared
};
// Error: a value is no number where a bound is set.
Excluded exclude(const Rows& rows, const std::vector<Exclusion>& exclusions, const Contrast& contrast);

// The blocks up to `most` of which no match is left to be played: each is whole or void.
std::set<uint64_t> blocks_over(const Store& store, uint64_t most);
// The rows of these blocks.
Rows in_blocks(const Rows& rows, const std::set<uint64_t>& blocks);

// The declared test alone, as often as power needs it: by Holm within the family. None: it is refused, as where a group has fewer than
// two values, or no variance.
std::vector<std::optional<Tested>> tested(const Rows& rows, const Declared& declared);

}  // namespace parley
