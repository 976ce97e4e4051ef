#include "report/observations.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <tuple>
#include <unordered_map>

#include "base/error.h"
#include "base/text.h"
#include "base/value.h"

namespace parley {
namespace {

// Those that have one key in one group become one, their mean, at the place of the first.
void average(Observations& data, const std::function<std::string(const Observed&)>& key_of,
             const std::function<void(Observed& first, const Observed& more)>& join) {
  std::unordered_map<std::string, size_t> known;
  std::vector<Observed> means;
  std::vector<size_t> place(data.all.size()), scored;
  std::vector<double> n;
  std::vector<std::vector<std::string>> transcripts;
  for (size_t i = 0; i < data.all.size(); ++i) {
    Observed& one = data.all[i];
    const auto [at, fresh] = known.emplace(key_of(one) + '\n' + one.group, means.size());
    place[i] = at->second;
    if (fresh) {
      n.push_back(1);
      scored.push_back(one.scored ? 1 : 0);
      transcripts.push_back({one.transcript});
      means.push_back(std::move(one));
      continue;
    }
    Observed& mean = means[place[i]];
    mean.value += one.value;
    ++n[place[i]];
    if (one.scored) mean.scored = mean.scored.value_or(0) + *one.scored, ++scored[place[i]];
    mean.chance = mean.chance || one.chance;
    if (!mean.chance || one.transcript != transcripts[place[i]].back()) transcripts[place[i]].push_back(one.transcript);
    mean.rows += one.rows;
    join(mean, one);
  }
  for (size_t i = 0; i < means.size(); ++i) {
    means[i].value /= n[i];
    if (scored[i] > 0) *means[i].scored /= static_cast<double>(scored[i]);
    std::sort(transcripts[i].begin(), transcripts[i].end());
    means[i].transcript = joined(transcripts[i], " ");
  }
  for (ObservedRow& row : data.rows) {
    row.of = place[row.of];
    row.weight /= n[row.of];
  }
  data.all = std::move(means);
}

// Copies become one, which weighs as many, at the place of the first.
void count_copies(Observations& data) {
  std::unordered_map<std::string, size_t> known, in_match;
  std::vector<Observed> kept;
  std::vector<size_t> place;
  for (Observed& one : data.all) {
    auto at = known.end();
    bool fresh = true;
    if (!one.chance) {
      std::string key = one.group + '\n' + one.transcript;
      key += fmt::format("\n{}", in_match[key + '\n' + one.match]++);
      std::tie(at, fresh) = known.emplace(std::move(key), kept.size());
    }
    place.push_back(fresh ? kept.size() : at->second);
    if (fresh) {
      kept.push_back(std::move(one));
      continue;
    }
    Observed& first = kept[at->second];
    first.copies += one.copies;
    first.rows += one.rows;
    // Who sat where may differ, and what is paid there: the mean so far, a step nearer to this one.
    const double step = 1 / static_cast<double>(first.copies);
    first.value += (one.value - first.value) * step;
    if (first.scored && one.scored) *first.scored += (*one.scored - *first.scored) * step;
  }
  for (ObservedRow& row : data.rows) row.of = place[row.of];
  data.all = std::move(kept);
}

}  // namespace

ColumnRoles roles_of_study() {
  ColumnRoles out;
  out.source = "the study";
  out.block = "block", out.unit = out.cluster = "match", out.transcript = "transcript", out.chance = "chance";
  out.match = "match";
  out.player = "player", out.opponent = "opponent";
  return out;
}

size_t column_of(const Rows& rows, const std::string& name, std::string_view option) {
  for (size_t i = 0; i < rows.columns.size(); ++i) {
    if (rows.columns[i] == name) return i;
  }
  throw Misuse(fmt::format("{}: there is no column '{}'{}; there are: {}", option, name,
                           did_you_mean(name, rows.columns), joined(rows.columns, ", ")));
}

std::string group_name(const std::string& cell) { return cell.empty() ? "(empty)" : cell; }

void check_group(const std::string& column, const std::string& name, const std::vector<std::string>& groups) {
  if (std::find(groups.begin(), groups.end(), name) != groups.end()) return;
  throw Misuse(fmt::format("{} has no group '{}'{}; there are: {}", column, name, did_you_mean(name, groups),
                           joined(groups, ", ")));
}

RowFilter::RowFilter(const Rows& rows, const Where& where) {
  for (const auto& [column, value] : where) where_.emplace_back(column_of(rows, column, "--where"), value);
}

bool RowFilter::operator()(const std::vector<std::string>& row) const {
  return std::all_of(where_.begin(), where_.end(), [&](const auto& w) {
    return std::any_of(where_.begin(), where_.end(),
                       [&](const auto& other) { return other.first == w.first && row[w.first] == other.second; });
  });
}

Observations observe(const Rows& rows, const ColumnRoles& roles, const std::string& value, const std::string& group,
                     const Where& where) {
  const size_t v = column_of(rows, value, "--value"), g = column_of(rows, group, "--group");
  auto maybe = [&](const std::string& name, const char* option) {
    return name.empty() ? std::nullopt : std::optional(column_of(rows, name, option));
  };
  const auto block = maybe(roles.block, "--block"), cluster = maybe(roles.cluster, "--cluster"),
             unit = maybe(roles.unit, "--unit"), transcript = maybe(roles.transcript, ""),
             chance = maybe(roles.chance, ""), player = maybe(roles.player, ""), opponent = maybe(roles.opponent, ""),
             match = maybe(roles.match, ""), scored = maybe(roles.scored, "");
  const RowFilter wanted(rows, where);
  Observations out;
  out.each_row = roles.each_row;
  if (block) out.within = "blocks";
  std::vector<std::string> units;  // by row
  std::unordered_map<std::string, bool> groups;
  for (size_t i = 0; i < rows.rows.size(); ++i) {
    const auto& row = rows.rows[i];
    if (!wanted(row)) continue;
    Observed one;
    if (row[v].empty() || row[v] == "NA") {
      ++out.without_value;
      continue;
    }
    const std::optional<double> number = number_in(row[v]);
    if (!number) throw Error(fmt::format("row {} of {}: {} is '{}', no number", i + 1, roles.source, value, row[v]));
    one.value = *number;
    one.group = group_name(row[g]);
    if (block) one.block = row[*block];
    one.cluster = cluster ? row[*cluster] : unit ? row[*unit] : std::to_string(i);
    if (transcript) one.transcript = row[*transcript];
    if (chance) one.chance = row[*chance] != "0";
    if (scored) one.scored = number_in(row[*scored]);
    if (groups.emplace(one.group, true).second) out.groups.push_back(one.group);
    if (unit) units.push_back(row[*unit]);
    if (match) one.match = row[*match];
    out.rows.push_back({one.value, player ? row[*player] : "", opponent ? row[*opponent] : "",
                        one.chance ? one.match : one.transcript, out.all.size(), 1});
    out.all.push_back(std::move(one));
  }
  std::sort(out.groups.begin(), out.groups.end(), natural_before);
  if (roles.each_row) {
    if (chance) count_copies(out);
    return out;
  }
  auto in_one_block = [&](const Observed& mean, const Observed& one) {
    if (mean.block != one.block) out.within.clear();
  };
  if (unit) {
    const Observed* first = out.all.data();
    average(
        out, [&](const Observed& one) { return units[static_cast<size_t>(&one - first)]; },
        [&](const Observed& mean, const Observed& one) {
          in_one_block(mean, one);
          if (mean.cluster != one.cluster)
            throw Misuse(
                fmt::format("--cluster: rows of one {} lie in several of {} ({}, {}): a cluster holds whole "
                            "units",
                            roles.unit, roles.cluster, mean.cluster, one.cluster));
        });
  }
  if (cluster && roles.cluster != roles.unit)
    average(
        out, [](const Observed& one) { return one.cluster; }, in_one_block);
  if (chance) count_copies(out);
  if (out.within.empty()) {
    for (Observed& one : out.all) one.block.clear();
  }
  return out;
}

}  // namespace parley
