#include "report/observations.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "base/error.h"
#include "base/text.h"
#include "base/value.h"

namespace parley {
namespace {

// Those that have one key in one group become one, their mean, at the place of the first. No key: it stays by itself.
void average(Observations& data, const std::function<std::optional<std::string>(const Observed&)>& key_of,
             const std::function<void(Observed& first, const Observed& more)>& join) {
  std::unordered_map<std::string, size_t> known;
  std::vector<Observed> means;
  std::vector<size_t> place(data.all.size()), scored;
  std::vector<double> n;
  std::vector<std::vector<std::string>> transcripts;
  for (size_t i = 0; i < data.all.size(); ++i) {
    Observed& one = data.all[i];
    const std::optional<std::string> key = key_of(one);
    const auto [at, fresh] = key ? known.emplace(*key + '\n' + one.group, means.size()) : std::pair(known.end(), true);
    place[i] = fresh ? means.size() : at->second;
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
    if (one.transcript != transcripts[place[i]].back()) transcripts[place[i]].push_back(one.transcript);
    mean.chance = mean.chance || one.chance;
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

}  // namespace

ColumnRoles roles_of_study() {
  ColumnRoles out;
  out.source = "the study";
  out.block = "block", out.unit = out.cluster = "match", out.transcript = "transcript", out.chance = "chance";
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
             scored = maybe(roles.scored, "");
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
    out.rows.push_back({one.value, player ? row[*player] : "", opponent ? row[*opponent] : "", out.all.size(), 1});
    out.all.push_back(std::move(one));
  }
  std::sort(out.groups.begin(), out.groups.end(), natural_before);
  if (roles.each_row) return out;
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
  // Of copies the first says in which cluster and block they are.
  if (chance)
    average(
        out, [](const Observed& one) { return one.chance ? std::nullopt : std::optional(one.transcript); },
        [](Observed& mean, const Observed& one) { mean.copies += one.copies; });
  if (cluster && roles.cluster != roles.unit)
    average(
        out, [](const Observed& one) { return one.cluster; },
        [&](Observed& mean, const Observed& one) {
          in_one_block(mean, one);
          mean.copies += one.copies - 1;
        });
  if (out.within.empty()) {
    for (Observed& one : out.all) one.block.clear();
  }
  return out;
}

}  // namespace parley
