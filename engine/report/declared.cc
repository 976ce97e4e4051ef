#include "report/declared.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "base/value.h"

namespace parley {
namespace {

std::vector<Contrast> contrasts_from(const Value& list) {
  std::vector<Contrast> out;
  if (!list.is_list()) return out;
  for (const Value& one : list.list()) {
    Contrast& c = out.emplace_back();
    c.value = one["value"].string();
    c.group = one["group"].string();
    c.a = one["a"].string();
    c.b = one["b"].string();
    if (!one["where"].is_record()) continue;
    for (const auto& [column, values] : one["where"].record()) {
      for (const Value& value : values.list()) c.where.emplace_back(column, value.string());
    }
  }
  return out;
}

std::optional<double> bounded(const std::string& cell, const std::string& column) {
  if (cell.empty() || cell == "NA") return std::nullopt;
  const std::optional<double> n = number_in(cell);
  if (!n) throw Error(fmt::format("{} is '{}', no number, and seats are to be excluded by it", column, cell));
  return n;
}

bool beyond(const Exclusion& rule, double n) {
  return (rule.below && n < *rule.below) || (rule.above && n > *rule.above);
}

// Whether a row is excluded by itself, or its player's mean says so.
class Excludes {
 public:
  Excludes(const Rows& rows, const Exclusion& rule) : rule_(rule), column_(column_of(rows, rule.column, "exclusions")) {
    if (!rule.player) return;
    player_ = column_of(rows, "player", "exclusions");
    std::map<std::string, std::pair<double, size_t>> sums;
    for (const auto& row : rows.rows) {
      if (const auto n = bounded(row[column_], rule.column)) {
        auto& [sum, count] = sums[row[player_]];
        sum += *n, ++count;
      }
    }
    for (const auto& [player, sum] : sums) {
      if (beyond(rule, sum.first / static_cast<double>(sum.second))) players_.insert(player);
    }
  }

  bool operator()(const std::vector<std::string>& row) const {
    if (rule_.player) return players_.contains(row[player_]);
    if (rule_.is) return row[column_] == *rule_.is;
    const auto n = bounded(row[column_], rule_.column);
    return n && beyond(rule_, *n);
  }

 private:
  const Exclusion& rule_;
  size_t column_, player_ = 0;
  std::set<std::string> players_;
};

}  // namespace

std::optional<Declared> Declared::from(const Value& analysis) {
  if (!analysis.is_record()) return std::nullopt;
  Declared out;
  out.primary = contrasts_from(analysis["primary"]);
  out.secondary = contrasts_from(analysis["secondary"]);
  out.unit = analysis["unit"].string();
  out.alpha = analysis["alpha"].number();
  out.n = static_cast<uint64_t>(analysis["n"].number());
  for (const Value& look : analysis["stop"].list()) out.looks.push_back(static_cast<uint64_t>(look.number()));
  if (const Value& margin = analysis["margin"]; margin.is_number()) out.margin = margin.number();
  if (!analysis["exclusions"].is_list()) return out;
  for (const Value& one : analysis["exclusions"].list()) {
    Exclusion& rule = out.exclusions.emplace_back();
    rule.column = one["when"].string();
    if (one["below"].is_number()) rule.below = one["below"].number();
    if (one["above"].is_number()) rule.above = one["above"].number();
    if (one["is"].is_string()) rule.is = one["is"].string();
    rule.player = one["player"] == Value(true);
  }
  return out;
}

bool Declared::planned(uint64_t blocks) const { return std::find(looks.begin(), looks.end(), blocks) != looks.end(); }

ColumnRoles Declared::roles() const {
  ColumnRoles out = roles_of_study();
  if (unit != "match") out.unit = unit, out.cluster = "";
  return out;
}

std::string text_of(const Contrast& contrast) {
  std::map<std::string, std::vector<std::string>> where;
  for (const auto& [column, value] : contrast.where) where[column].push_back(value);
  std::string out = fmt::format("{}, {} against {} by {}", contrast.value, contrast.a, contrast.b, contrast.group);
  for (const auto& [column, values] : where) {
    out +=
        fmt::format("{} {} is {}", column == where.begin()->first ? " where" : " and", column, joined(values, " or "));
  }
  return out;
}

std::string text_of(const Exclusion& rule) {
  std::string out = rule.player ? fmt::format("players whose mean {} is", rule.column) : rule.column;
  if (rule.is) return fmt::format("{} is {}", out, *rule.is);
  if (rule.below) out += fmt::format(" below {}", number_text(*rule.below));
  if (rule.above) out += fmt::format("{} above {}", rule.below ? " or" : "", number_text(*rule.above));
  return out;
}

std::vector<std::pair<std::string, std::string>> lines_of(const Declared& declared) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const Contrast& one : declared.primary) out.emplace_back("primary", text_of(one));
  for (const Contrast& one : declared.secondary) out.emplace_back("secondary", text_of(one));
  out.emplace_back("unit", declared.unit);
  std::string looks;
  for (uint64_t look : declared.looks) looks += fmt::format("{}{}", looks.empty() ? "" : ", ", look);
  out.emplace_back("blocks", declared.looks.size() == 1 ? fmt::format("{}, tested once", declared.n)
                                                        : fmt::format("{}, tested at {}", declared.n, looks));
  out.emplace_back("alpha", declared.looks.size() == 1 ? number_text(declared.alpha)
                                                       : fmt::format("{}, {:.4g} at each of {} looks (Bonferroni)",
                                                                     number_text(declared.alpha),
                                                                     declared.alpha_of_look(), declared.looks.size()));
  if (declared.margin) out.emplace_back("margin", number_text(*declared.margin));
  for (const Exclusion& rule : declared.exclusions) out.emplace_back("excluded", text_of(rule));
  return out;
}

bool Excluded::any() const {
  return std::any_of(taken.begin(), taken.end(), [](const Taken& one) { return !one.by_group.empty(); });
}

Excluded exclude(const Rows& rows, const std::vector<Exclusion>& exclusions, const Contrast& contrast) {
  Excluded out;
  out.kept.columns = rows.columns;
  const size_t by = column_of(rows, contrast.group, "analysis");
  const RowFilter compared(rows, contrast.where);
  std::vector<Excludes> rules;
  for (const Exclusion& one : exclusions) {
    rules.emplace_back(rows, one);
    out.taken.push_back({text_of(one), {}});
  }
  for (const auto& row : rows.rows) {
    const bool counts = (row[by] == contrast.a || row[by] == contrast.b) && compared(row);
    if (counts) ++out.of[row[by]];
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const Excludes& r) { return r(row); });
    if (rule == rules.end())
      out.kept.rows.push_back(row);
    else if (counts)
      ++out.taken[static_cast<size_t>(rule - rules.begin())].by_group[row[by]];
  }
  return out;
}

std::set<uint64_t> blocks_over(const Store& store, uint64_t most) {
  std::set<uint64_t> out;
  store.query(
      "SELECT p.block FROM plan p LEFT JOIN match m ON m.number = p.number WHERE p.block <= ?1 GROUP BY p.block "
      "HAVING count(*) = sum(coalesce(m.status, '') IN ('whole', 'void'))",
      {most}, [&](const Store::Row& row) { out.insert(static_cast<uint64_t>(row[0].number())); });
  return out;
}

Rows in_blocks(const Rows& rows, const std::set<uint64_t>& blocks) {
  Rows out{rows.columns, {}, {}};
  const size_t block = column_of(rows, "block", "blocks");
  std::set<std::string> wanted;
  for (uint64_t b : blocks) wanted.insert(std::to_string(b));
  for (const auto& row : rows.rows) {
    if (wanted.contains(row[block])) out.rows.push_back(row);
  }
  return out;
}

std::vector<std::optional<Tested>> tested(const Rows& rows, const Declared& declared) {
  std::vector<std::optional<Tested>> out;
  std::vector<double> p;
  for (const Contrast& contrast : declared.primary) {
    const Observations seen = observe(rows, declared.roles(), contrast.value, contrast.group, contrast.where);
    out.push_back(tested(seen, contrast, {declared.margin}));
    if (out.back()) p.push_back(out.back()->p);
  }
  const std::vector<double> corrected = stats::holm(p);
  size_t next = 0;
  for (std::optional<Tested>& one : out) {
    if (one) one->p = corrected[next++];
  }
  return out;
}

}  // namespace parley
