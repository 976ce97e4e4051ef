#include "report/variance.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/error.h"
#include "stats/variance.h"

namespace parley {
namespace {

using stats::Varied;

constexpr uint64_t kVarianceDraws = 2'000;

// The units of a design, and the levels of its factors by name.
struct Crossed {
  std::vector<std::string> factors;
  std::vector<std::vector<std::string>> levels;  // by factor, in order of appearance
  std::vector<stats::Crossing> units;
  std::set<std::string> conditions;  // of a study
  bool chance = false;               // whether it took part in a match, or nothing says

  std::string cell(const std::vector<uint32_t>& at) const {
    std::vector<std::string> out;
    for (size_t f = 0; f < factors.size(); ++f) out.push_back(fmt::format("{}={}", factors[f], levels[f][at[f]]));
    return joined(out, ", ");
  }
  std::string cross_name(const std::vector<size_t>& effect) const {
    std::vector<std::string> names;
    for (size_t f : effect) names.push_back(factors[f]);
    return Varied::name(names);
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
  const auto condition = std::find(rows.columns.begin(), rows.columns.end(), "condition") - rows.columns.begin();
  const auto chance = roles.chance.empty() ? std::nullopt : std::optional(column_of(rows, roles.chance, ""));
  std::vector<std::map<std::string, uint32_t>> numbers(columns.size());
  std::vector<std::vector<std::string>> levels(columns.size());
  std::vector<std::vector<uint32_t>> at;
  std::map<std::vector<uint32_t>, size_t> known;
  for (size_t i = 0; i < rows.rows.size(); ++i) {
    const auto& row = rows.rows[i];
    if (!wanted(row)) continue;
    if (static_cast<size_t>(condition) < row.size()) out.conditions.insert(row[static_cast<size_t>(condition)]);
    out.chance = out.chance || !chance || row[*chance] != "0";
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
  std::vector<std::vector<size_t>> shown;                             // main effects, then interactions
  std::map<std::vector<size_t>, std::vector<Varied::Alias>> aliased;  // of one that is shown
  std::vector<std::string> not_shown;                                 // sentences
  bool fraction = false;
};

// "punishment x sucker, unit (0.33) and 3 more": the largest shares first, those that are not small; in part only the first few.
std::string text_of(std::vector<Varied::Alias> all) {
  constexpr size_t kMost = 4;
  std::erase_if(all, [](const Varied::Alias& alias) { return alias.share <= stats::kSmallShare; });
  std::stable_sort(all.begin(), all.end(), [](const Varied::Alias& a, const Varied::Alias& b) {
    return std::lround(a.share * 1e6) > std::lround(b.share * 1e6);
  });
  std::vector<std::string> names;
  for (const Varied::Alias& alias : all) {
    if (names.size() >= kMost && !alias.wholly()) break;
    names.push_back(Varied::name(alias.with) + (alias.wholly() ? "" : fmt::format(" ({:.2f})", alias.share)));
  }
  const size_t more = all.size() - names.size();
  if (more > 0) names.push_back(fmt::format("{} more", more));
  return joined(names);
}

// The aliases of what is varied, whether it is asked for or not; of a table, of its factors.
std::vector<Varied::Alias> aliases_of(const Crossed& design, std::optional<size_t> block, const Varied* varied) {
  if (varied) return varied->aliases(design.conditions);
  std::vector<std::string> factors;
  for (size_t f = 0; f < design.factors.size(); ++f) {
    if (f != block) factors.push_back(design.factors[f]);
  }
  std::map<std::vector<uint32_t>, std::pair<std::string, Value>> cells;
  for (const stats::Crossing& unit : design.units) {
    Value::Record levels;
    std::vector<uint32_t> cell;
    for (size_t f = 0; f < design.factors.size(); ++f) {
      if (f == block) continue;
      levels.emplace(design.factors[f], design.levels[f][unit.levels[f]]);
      cell.push_back(unit.levels[f]);
    }
    cells.emplace(cell, std::pair(std::to_string(cells.size()), std::move(levels)));
  }
  std::vector<std::pair<std::string, Value>> conditions;
  for (auto& [cell, condition] : cells) conditions.push_back(std::move(condition));
  return Varied(factors, conditions).aliases();
}

Effects effects_of(const Crossed& design, std::optional<size_t> block, const Varied* varied) {
  Effects out;
  std::map<std::string, size_t> asked;
  for (size_t f = 0; f < design.factors.size(); ++f) {
    if (f != block) asked.emplace(design.factors[f], f);
  }
  // The numbers of an effect's factors; none where one is not asked for.
  auto effect_of = [&](const std::vector<std::string>& names) {
    std::vector<size_t> effect;
    for (const std::string& name : names) {
      if (const auto at = asked.find(name); at != asked.end()) effect.push_back(at->second);
    }
    std::sort(effect.begin(), effect.end());
    return effect.size() == names.size() ? effect : std::vector<size_t>();
  };
  std::map<std::vector<size_t>, std::vector<std::string>> hidden;
  for (const Varied::Alias& alias : aliases_of(design, block, varied)) {
    for (const auto& [one, other] : {std::pair(alias.effect, alias.with), std::pair(alias.with, alias.effect)}) {
      const std::vector<size_t> effect = effect_of(one);
      if (effect.empty()) continue;
      // A main effect is shown beside what interactions are as well.
      if (alias.wholly() && (one.size() == 2 || other.size() == 1))
        hidden[effect].push_back(Varied::name(other));
      else
        out.aliased[effect].push_back({one, other, alias.share});
    }
  }
  for (const auto& [effect, with] : hidden)
    out.not_shown.push_back(
        fmt::format("{} cannot be told from {}: not shown.", design.cross_name(effect), joined(with)));
  bool with_hidden = false;
  std::vector<std::vector<size_t>> pairs;
  for (size_t a = 0; a < design.factors.size(); ++a) {
    if (!hidden.contains({a})) out.shown.push_back({a});
    for (size_t b = a + 1; b < design.factors.size(); ++b) {
      if (a == block || b == block || hidden.contains({a, b})) continue;
      if (hidden.contains({a}) || hidden.contains({b})) {
        with_hidden = true;
      } else {
        pairs.push_back({a, b});
      }
    }
  }
  if (with_hidden) out.not_shown.emplace_back("Interactions of factors that are not shown are not either.");
  out.shown.insert(out.shown.end(), pairs.begin(), pairs.end());
  if (out.shown.empty() || (block && out.shown == std::vector<std::vector<size_t>>{{*block}})) {
    if (hidden.empty()) return out;
    std::string why;
    for (const auto& [effect, with] : hidden) {
      if (effect.size() == 1)
        why += fmt::format("{}{} cannot be told from {}", why.empty() ? "" : "; ", design.cross_name(effect),
                           joined(with));
    }
    throw Error("no effect can be shown: " + why);
  }
  const auto odd = stats::unbalanced(design.units);
  if (!odd) return out;
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
  if (stats::unbalanced(together)) {
    throw Error(fmt::format(
        "the design is not balanced: {} has {} unit{}, and other cells {}; shares of variance are of designs in which "
        "every combination is there equally often, or of a balanced part of one (--where, --factor take a part of it)",
        design.cell(odd->levels), odd->units, odd->units == 1 ? "" : "s", odd->others));
  }
  for (const std::vector<size_t>& effect : stats::said_by_main_effects(design.units, out.shown, block)) {
    out.not_shown.push_back(
        fmt::format("{} cannot be told from the main effects, taken together: not shown.", design.cross_name(effect)));
    std::erase(out.shown, effect);
  }
  return out;
}

}  // namespace

Table variance_table(const Rows& rows, const ColumnRoles& roles, const std::string& value,
                     const std::vector<std::string>& factors, const Where& where, uint64_t seed, const Varied* varied) {
  std::vector<std::string> all;
  for (const std::string& factor : factors) {
    if (std::find(all.begin(), all.end(), factor) == all.end()) all.push_back(factor);
  }
  if (!roles.block.empty() && std::find(all.begin(), all.end(), roles.block) == all.end()) all.push_back(roles.block);
  const Crossed design = crossed_of(rows, roles, value, all, where);
  if (design.factors.empty() || design.factors == std::vector{roles.block})
    throw Error(factors.empty() ? "nothing is varied" : fmt::format("{}: one level each", joined(factors)));
  std::optional<size_t> block;
  for (size_t f = 0; f < design.factors.size(); ++f) {
    if (design.factors[f] == roles.block) block = f;
  }
  const Effects effects = effects_of(design, block, varied);
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
  const uint64_t draws = design.chance ? kVarianceDraws : 0;
  bool in_part = false;
  for (const auto& share : stats::variance_shares(design.units, effects.shown, block, draws, seed, effects.fraction)) {
    std::vector<std::string> names;
    for (size_t f : share.factors) names.push_back(design.factors[f]);
    const auto found = effects.aliased.find(share.factors);
    const auto with = found == effects.aliased.end() ? std::vector<Varied::Alias>() : found->second;
    in_part = in_part || !std::all_of(with.begin(), with.end(), [](const Varied::Alias& one) { return one.wholly(); });
    const std::string aliased = text_of(with);
    auto drawn = [&](double x) { return draws > 0 ? Value(x) : Value(); };
    out.add({names.empty() ? "residual" : joined(names, " x "), share.df, share.share, drawn(share.interval.low),
             drawn(share.interval.high), names.empty() ? Value() : drawn(share.chance),
             aliased.empty() ? Value() : Value(aliased)});
  }
  std::set<std::vector<uint32_t>> cells;
  for (const stats::Crossing& unit : design.units) cells.insert(unit.levels);
  const std::string of =
      fmt::format("Eta squared over {} units, {} a cell.", values.size(), values.size() / cells.size());
  if (draws == 0) {
    out.notes = {of, "No chance took part in any match: these shares have no sampling error."};
  } else {
    out.notes = {
        fmt::format("{} low, high: percentiles of {} draws of {}.", of, draws, block ? "whole blocks" : "clusters"),
        effects.fraction
            ? "chance: exchanging what the other effects leave, within blocks, gives less than this in 95 % of "
              "as many draws."
            : "chance: exchanging levels, all else the same, gives less than this in 95 % of as many draws."};
  }
  if (effects.fraction || !effects.aliased.empty() || !effects.not_shown.empty())
    out.notes.emplace_back(
        "A part of the combinations is there. aliased with: what the effect cannot be told from, if that is not "
        "nothing.");
  if (in_part)
    out.notes.emplace_back(fmt::format(
        "Some are aliased in part (with a share, where it is above {}): their shares of variance overlap, and need not "
        "sum to 1; the residual is what all effects leave together.",
        stats::kSmallShare));
  out.notes.insert(out.notes.end(), effects.not_shown.begin(), effects.not_shown.end());
  return out;
}

}  // namespace parley
