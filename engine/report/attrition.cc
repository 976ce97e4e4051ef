#include "report/attrition.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"
#include "base/value.h"
#include "report/units.h"
#include "stats/shares.h"

namespace parley {

uint64_t Attrition::voided() const {
  uint64_t out = 0;
  for (const auto& [why, n] : void_why) out += n;
  return out;
}

std::vector<Attrition> attrition_of(const Store& store) {
  std::vector<Attrition> out;
  std::map<double, size_t> known;
  store.query(
      "SELECT c.id, c.name, m.status, m.why, count(*), sum(m.missing), sum((SELECT count(*) FROM beliefs b WHERE "
      "b.match = "
      "m.id AND b.guess IS NULL)) FROM plan p JOIN condition c ON c.id = "
      "p.condition LEFT JOIN match m ON m.number = p.number GROUP BY c.id, m.status, m.why ORDER BY min(p.number)",
      {}, [&](const Store::Row& row) {
        const auto [at, fresh] = known.emplace(row[0].number(), out.size());
        if (fresh) out.emplace_back().condition = row[1].string();
        Attrition& one = out[at->second];
        const uint64_t n = static_cast<uint64_t>(row[4].number());
        const std::string status = row[2].is_string() ? row[2].string() : "open";
        one.planned += n;
        if (status == "whole") {
          one.whole += n;
          if (row[5].is_number()) one.missing += static_cast<uint64_t>(row[5].number());
          if (row[6].is_number()) one.unread += static_cast<uint64_t>(row[6].number());
        } else if (status == "void") {
          one.void_why[row[3].is_string() ? row[3].string() : ""] += n;
        } else {
          (status == "failed" ? one.failed : one.pending) += n;
        }
      });
  return out;
}

Table attrition_table(const std::vector<Attrition>& all) {
  Table out;
  out.title = "attrition";
  out.columns = {{"condition", Table::Column::Align::left, true}};
  for (const char* name : {"planned", "whole", "void", "failed", "pending", "missing choices", "unread beliefs"})
    out.columns.push_back({name});
  for (const Attrition& one : all)
    out.add({one.condition, one.planned, one.whole, one.voided(), one.failed, one.pending, one.missing, one.unread});
  return out;
}

Table void_table(const std::vector<Attrition>& all) {
  Table out;
  out.title = "void";
  using Align = Table::Column::Align;
  out.columns = {{"condition", Align::left, true}, {"reason", Align::left}, {"matches"}};
  for (const Attrition& one : all) {
    for (const auto& [why, n] : one.void_why) out.add({one.condition, why, n});
  }
  return out;
}

std::optional<VoidTest> void_by_condition(const std::vector<Attrition>& all, uint64_t seed) {
  std::vector<uint64_t> voided, ended;
  uint64_t n_void = 0, n = 0;
  for (const Attrition& one : all) {
    if (one.voided() + one.whole == 0) continue;
    voided.push_back(one.voided());
    ended.push_back(one.voided() + one.whole);
    n_void += voided.back();
    n += ended.back();
  }
  if (voided.size() < 2 || n_void == 0 || n_void == n) return std::nullopt;
  if (voided.size() == 2)
    return VoidTest{stats::fisher({voided[0], ended[0] - voided[0], voided[1], ended[1] - voided[1]}), {}};
  const stats::ChiSquare test = stats::chi_square(voided, ended, kDraws, seed);
  return VoidTest{test.p, test.value};
}

namespace {

constexpr const char* kShares[] = {"first",  "equal", "shown_first", "label_first",
                                   "scored", "right", "joint",       "alternation"};

// Means of two groups; none where a group has no values.
std::array<std::optional<double>, 2> means_of(const Rows& rows, const ColumnRoles& roles, const Contrast& contrast) {
  const Observations data = observe(rows, roles, contrast.value, contrast.group, contrast.where);
  std::array<std::optional<double>, 2> out;
  for (size_t i : {0, 1}) {
    if (const ComparedGroup group = group_of(data, i == 0 ? contrast.a : contrast.b); group.n() > 0)
      out[i] = group.of.mean;
  }
  return out;
}

// What a value of a row that lacks can be, where it is of no payoff that a game states; with where that is from.
std::pair<std::optional<Range>, std::string> range_of(const Store& store, const Rows& units, const Contrast& contrast) {
  if (contrast.value == "payoff") {
    std::optional<Range> out;
    for (const Store::Row& row : store.query(
             "SELECT min(v.value), max(v.value) FROM match m JOIN seat s ON s.match = m.id JOIN json_each(s.payoffs) v "
             "WHERE m.number IS NOT NULL")) {
      if (row[0].is_number()) out = Range{row[0].number(), row[1].number()};
    }
    return {out, "the least and the most that anybody was paid in a round: the game does not state its payoffs"};
  }
  if (std::find(std::begin(kShares), std::end(kShares), contrast.value) != std::end(kShares))
    return {Range{0, 1}, "a share"};
  std::optional<Range> seen;
  const size_t value = column_of(units, contrast.value, "--value");
  for (const auto& row : units.rows) {
    const auto n = number_in(row[value]);
    if (n) seen = seen ? Range{std::min(seen->least, *n), std::max(seen->most, *n)} : Range{*n, *n};
  }
  return {seen, "the least and the most that were seen"};
}

}  // namespace

Bounds worst_case(const Store& store, const Rows& units, const Rows& lacking, const ColumnRoles& roles,
                  const Contrast& contrast, const PayoffRanges& payoffs) {
  Bounds out;
  std::vector<std::string> needed = {contrast.group};
  if (!roles.unit.empty()) needed.push_back(roles.unit);
  for (const auto& [column, value] : contrast.where) needed.push_back(column);
  for (const std::string& column : needed) {
    column_of(units, column, "--attrition");
    if (!lacking.has(column))
      throw Misuse(fmt::format("--attrition: {} is not known of what did not come about; there are: {}", column,
                               joined(lacking.columns, ", ")));
  }
  const size_t value = column_of(units, contrast.value, "--value"), group = column_of(lacking, contrast.group, ""),
               match = column_of(lacking, "match", ""), seat = column_of(lacking, "seat", "");
  const RowFilter wanted(lacking, contrast.where);
  const auto [otherwise, from] = range_of(store, units, contrast);
  std::array<Rows, 2> worst = {units, units};  // a's least and b's most; the other way round
  std::vector<std::string> why;
  bool known = true;
  for (const auto& row : lacking.rows) {
    if (!wanted(row) || (group_name(row[group]) != contrast.a && group_name(row[group]) != contrast.b)) continue;
    const bool in_a = group_name(row[group]) == contrast.a;
    ++(in_a ? out.lacking_a : out.lacking_b);
    std::optional<Range> range = otherwise;
    std::string source = from;
    if (contrast.value == "payoff") {
      const auto game = payoffs.find(row[match]);
      if (game != payoffs.end() && game->second.contains(row[seat])) {
        range = game->second.at(row[seat]);
        source = "the game's payoffs";
      }
    }
    known = known && range;
    if (!range) continue;
    const std::string said =
        fmt::format("between {} and {} ({})", number_text(range->least), number_text(range->most), source);
    if (std::find(why.begin(), why.end(), said) == why.end()) why.push_back(said);
    std::vector<std::string> full(units.columns.size());
    for (size_t i = 0; i < lacking.columns.size(); ++i) {
      const auto at = std::find(units.columns.begin(), units.columns.end(), lacking.columns[i]);
      if (at != units.columns.end()) full[static_cast<size_t>(at - units.columns.begin())] = row[i];
    }
    for (size_t i : {0, 1}) {
      full[value] = number_text((i == 0) == in_a ? range->least : range->most);
      worst[i].rows.push_back(full);
    }
  }
  const auto seen = means_of(units, roles, contrast), low = means_of(worst[0], roles, contrast),
             high = means_of(worst[1], roles, contrast);
  if (seen[0] && seen[1]) out.difference = *seen[0] - *seen[1];
  if (known && low[0] && low[1]) out.bounds = stats::Interval{*low[0] - *low[1], *high[0] - *high[1]};
  if (!why.empty()) out.why.push_back(fmt::format("A seat that lacks is {}.", joined(why, " or ")));
  if (!known)
    out.why.push_back(
        fmt::format("What {} can be is not known, as nothing of it was seen: there are no bounds.", contrast.value));
  for (size_t i : {0, 1}) {
    const std::string& name = i == 0 ? contrast.a : contrast.b;
    const size_t lacks = i == 0 ? out.lacking_a : out.lacking_b;
    if (seen[i]) continue;
    out.why.push_back(lacks > 0 ? fmt::format("{} has no value at all: what is said of it is its range alone.", name)
                                : fmt::format("{} has no seats.", name));
  }
  return out;
}

}  // namespace parley
