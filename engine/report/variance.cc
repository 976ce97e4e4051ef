#include "report/variance.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "stats/fraction.h"
#include "stats/variance.h"

namespace parley {
namespace {

constexpr uint64_t kVarianceDraws = 2'000;

// The units of a design, and the levels of its factors by name.
struct Crossed {
  std::vector<std::string> factors;
  std::vector<std::vector<std::string>> levels;  // by factor, in order of appearance
  std::vector<stats::Crossing> units;

  std::string cell(const std::vector<uint32_t>& at) const {
    std::vector<std::string> out;
    for (size_t f = 0; f < factors.size(); ++f) out.push_back(fmt::format("{}={}", factors[f], levels[f][at[f]]));
    return joined(out, ", ");
  }
};

Crossed crossed_of(const Rows& rows, const ColumnRoles& roles, const std::string& value,
                   const std::vector<std::string>& factors, const Where& where) {
  Crossed out;
  std::vector<size_t> columns;
  for (const std::string& factor : factors) columns.push_back(column_of(rows, factor, "--factor"));
  // The rows once for their values, with a number in place of the group: the cell that a row stands in.
  Rows cells{{"cell", "unit", "value"}, {}};
  const size_t v = column_of(rows, value, "--value");
  const std::string& together = roles.unit.empty() ? roles.cluster : roles.unit;
  const auto unit = together.empty() ? std::nullopt : std::optional(column_of(rows, together, "--unit"));
  const RowFilter wanted(rows, where);
  std::vector<std::map<std::string, uint32_t>> numbers(columns.size());
  std::vector<std::vector<std::string>> levels(columns.size());
  std::vector<std::vector<uint32_t>> at;
  std::map<std::vector<uint32_t>, size_t> known;
  for (size_t i = 0; i < rows.rows.size(); ++i) {
    const auto& row = rows.rows[i];
    if (!wanted(row)) continue;
    std::vector<uint32_t> here;
    for (size_t f = 0; f < columns.size(); ++f) {
      const auto [found, fresh] = numbers[f].emplace(row[columns[f]], static_cast<uint32_t>(levels[f].size()));
      if (fresh) levels[f].push_back(row[columns[f]]);
      here.push_back(found->second);
    }
    const auto [cell, fresh] = known.emplace(here, at.size());
    if (fresh) at.push_back(here);
    cells.rows.push_back({std::to_string(cell->second), unit ? row[*unit] : std::to_string(i), row[v]});
  }
  ColumnRoles mean;
  mean.source = roles.source;
  mean.unit = "unit";
  std::vector<size_t> vary;
  for (size_t f = 0; f < columns.size(); ++f) {
    if (levels[f].size() < 2) continue;
    vary.push_back(f);
    out.factors.push_back(factors[f]);
    out.levels.push_back(levels[f]);
  }
  std::map<std::string, uint32_t> clusters;
  for (const Observed& one : observe(cells, mean, "value", "cell").all) {
    stats::Crossing& to = out.units.emplace_back();
    to.value = one.value;
    to.cluster = clusters.emplace(one.cluster, static_cast<uint32_t>(clusters.size())).first->second;
    for (size_t f : vary) to.levels.push_back(at[std::stoul(one.group)][f]);
  }
  return out;
}

// Which effects of a design can be shown, and what is to be said of the others.
struct Effects {
  std::vector<std::vector<size_t>> shown;                           // main effects, then interactions
  std::map<std::vector<size_t>, std::vector<std::string>> aliased;  // of a fraction: with which a main effect is
  std::vector<std::string> not_shown;
  bool fraction = false;
};

Effects effects_of(const Crossed& design, std::optional<size_t> block) {
  Effects out;
  std::vector<std::vector<size_t>> pairs;
  for (size_t f = 0; f < design.factors.size(); ++f) out.shown.push_back({f});
  for (size_t a = 0; a < design.factors.size(); ++a) {
    for (size_t b = a + 1; b < design.factors.size(); ++b) {
      if (a != block && b != block) pairs.push_back({a, b});
    }
  }
  const auto odd = stats::unbalanced(design.units);
  if (!odd) {
    out.shown.insert(out.shown.end(), pairs.begin(), pairs.end());
    return out;
  }
  // A fraction: some combinations are there, equally often in every block, and others are not.
  out.fraction = true;
  std::map<std::vector<uint32_t>, uint32_t> cells;
  std::vector<stats::Crossing> together;
  for (const stats::Crossing& unit : design.units) {
    std::vector<uint32_t> cell = unit.levels;
    if (block) cell[*block] = 0;
    const uint32_t number = cells.emplace(cell, static_cast<uint32_t>(cells.size())).first->second;
    together.push_back({0, {number, block ? unit.levels[*block] : 0}, 0});
  }
  std::vector<stats::Cell> there;
  for (const auto& [cell, number] : cells) there.push_back(cell);
  auto name = [&](const std::vector<size_t>& effect) {
    std::vector<std::string> names;
    for (size_t f : effect) names.push_back(design.factors[f]);
    return joined(names, " x ");
  };
  std::map<std::vector<size_t>, std::vector<std::string>> hidden;
  for (const stats::Alias& alias : stats::aliases(there)) {
    const auto &a = alias.effect, &b = alias.with;
    if (a.size() == b.size()) hidden[a].push_back(name(b));
    if (b.size() == 2) hidden[b].push_back(name(a));
    if (a.size() == b.size() && b.size() == 1) hidden[b].push_back(name(a));
    if (a.size() == 1 && b.size() == 2) out.aliased[a].push_back(name(b));
  }
  std::erase_if(out.shown, [&](const auto& effect) { return hidden.contains(effect); });
  for (const auto& pair : pairs) {
    if (!hidden.contains(pair)) out.shown.push_back(pair);
  }
  for (const auto& [effect, with] : hidden)
    out.not_shown.push_back(fmt::format("{} cannot be told from {}: not shown.", name(effect), joined(with)));
  const bool only_block = out.shown.empty() || (block && out.shown == std::vector<std::vector<size_t>>{{*block}});
  if (stats::unbalanced(together) || only_block) {
    throw Error(fmt::format(
        "the design is not balanced: {} has {} unit{}, and other cells {}; shares of variance are of designs in which "
        "every combination is there equally often, or of a balanced part of one (--where, --factor take a part of it)",
        design.cell(odd->levels), odd->units, odd->units == 1 ? "" : "s", odd->others));
  }
  return out;
}

}  // namespace

Table variance_table(const Rows& rows, const ColumnRoles& roles, const std::string& value,
                     const std::vector<std::string>& factors, const Where& where, uint64_t seed) {
  std::vector<std::string> all = factors;
  if (!roles.block.empty() && std::find(all.begin(), all.end(), roles.block) == all.end()) all.push_back(roles.block);
  const Crossed design = crossed_of(rows, roles, value, all, where);
  if (design.factors.empty() || design.factors == std::vector{roles.block})
    throw Error(factors.empty() ? "nothing is varied" : fmt::format("{}: one level each", joined(factors)));
  std::optional<size_t> block;
  for (size_t f = 0; f < design.factors.size(); ++f) {
    if (design.factors[f] == roles.block) block = f;
  }
  const Effects effects = effects_of(design, block);
  std::vector<double> values;
  for (const stats::Crossing& unit : design.units) values.push_back(unit.value);
  if (stats::sample(values).sd == 0)
    throw Error(
        fmt::format("there is no variance: all {} values are {}", values.size(), values.empty() ? 0 : values[0]));
  Table out;
  out.title = fmt::format("variance of {}", value);
  using Align = Table::Column::Align;
  out.columns = {{"factor", Align::left, true},      {"df"}, {"share"}, {"low"}, {"high"}, {"chance"},
                 {"aliased with", Align::left, true}};
  for (const auto& share :
       stats::variance_shares(design.units, effects.shown, block, kVarianceDraws, seed, effects.fraction)) {
    std::vector<std::string> names;
    for (size_t f : share.factors) names.push_back(design.factors[f]);
    const auto aliased = effects.aliased.find(share.factors);
    out.add({names.empty() ? "residual" : joined(names, " x "), share.df, share.share, share.interval.low,
             share.interval.high, names.empty() ? Value() : Value(share.chance),
             aliased == effects.aliased.end() ? Value() : Value(joined(aliased->second))});
  }
  std::set<std::vector<uint32_t>> cells;
  for (const stats::Crossing& unit : design.units) cells.insert(unit.levels);
  out.notes = {
      fmt::format("Eta squared over {} units, {} a cell. low, high: percentiles of {} draws of {}.", values.size(),
                  values.size() / cells.size(), kVarianceDraws, block ? "whole blocks" : "clusters"),
      effects.fraction
          ? "chance: exchanging what the other effects leave, within blocks, gives less than this in 95 % of "
            "as many draws."
          : "chance: exchanging levels, all else the same, gives less than this in 95 % of as many draws."};
  if (effects.fraction)
    out.notes.emplace_back(
        "A part of the combinations is there. aliased with: what the effect cannot be told from, if that is not "
        "nothing.");
  out.notes.insert(out.notes.end(), effects.not_shown.begin(), effects.not_shown.end());
  return out;
}

}  // namespace parley
