#include "report/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>

#include "base/error.h"
#include "base/text.h"
#include "base/value.h"

namespace parley {
namespace {

using namespace stats;

// Numbers for names, from 0, as they come.
class Numbers {
 public:
  uint32_t operator()(const std::string& name) {
    return known_.emplace(name, static_cast<uint32_t>(known_.size())).first->second;
  }

 private:
  std::unordered_map<std::string, uint32_t> known_;
};

// The rows of a unit and group in one: their mean. Where all rows of every unit stand in one block, blocks stay; else, where every
// unit has rows of both or all groups, units are the blocks; else there are none.
void average(Observations& data, const std::vector<std::string>& unit_of) {
  struct Mean {
    Observed first;
    double sum = 0, scored = 0;
    size_t n = 0, n_scored = 0;
    std::set<std::string> transcripts;
  };
  std::map<std::pair<std::string, std::string>, size_t> known;
  std::vector<Mean> means;
  std::map<std::string, std::set<std::string>> blocks, groups;
  std::vector<std::string> units;
  for (size_t i = 0; i < data.all.size(); ++i) {
    const Observed& one = data.all[i];
    const auto [at, fresh] = known.emplace(std::pair(unit_of[i], one.group), means.size());
    if (fresh) {
      means.emplace_back().first = one;
      units.push_back(unit_of[i]);
    }
    Mean& mean = means[at->second];
    mean.sum += one.value;
    ++mean.n;
    if (one.scored) mean.scored += *one.scored, ++mean.n_scored;
    mean.transcripts.insert(one.transcript);
    blocks[unit_of[i]].insert(one.block);
    groups[unit_of[i]].insert(one.group);
  }
  const bool in_blocks = !data.within.empty() && std::all_of(blocks.begin(), blocks.end(),
                                                             [](const auto& unit) { return unit.second.size() == 1; });
  const bool paired = std::all_of(groups.begin(), groups.end(),
                                  [&](const auto& unit) { return unit.second.size() == data.groups.size(); });
  data.all.clear();
  for (size_t i = 0; i < means.size(); ++i) {
    Observed one = means[i].first;
    one.value = means[i].sum / static_cast<double>(means[i].n);
    one.cluster = units[i];
    one.player = one.opponent = "";  // a mean is over several meetings
    one.block = in_blocks ? one.block : paired ? units[i] : "";
    one.transcript = joined({means[i].transcripts.begin(), means[i].transcripts.end()}, " ");
    if (means[i].n_scored > 0) one.scored = means[i].scored / static_cast<double>(means[i].n_scored);
    data.all.push_back(std::move(one));
  }
  data.within = std::string(in_blocks ? "blocks" : paired ? "units" : "");
}

}  // namespace

bool ComparedGroup::is_share() const {
  return std::all_of(values.begin(), values.end(), [](double v) { return v == 0 || v == 1; });
}

uint64_t ComparedGroup::ones() const { return static_cast<uint64_t>(std::count(values.begin(), values.end(), 1.0)); }

std::string ComparedGroup::why_not() const {
  if (of.n < 2) return fmt::format("{} has {}", name, of.n == 1 ? "1 value" : "no value");
  if (of.sd > 0) return "";
  return fmt::format(
      "all {} values of {} are {}: there is no variance to test with, and repeats of a player that always does the "
      "same are no data",
      of.n, name, number_text(of.mean));
}

ComparedGroup group_of(const Observations& from, const std::string& name) {
  ComparedGroup out;
  out.name = name;
  std::vector<double> scored;
  std::set<std::string> transcripts;
  for (const Observed& one : from.all) {
    if (one.group != name) continue;
    out.values.push_back(one.value);
    if (one.scored) scored.push_back(*one.scored);
    transcripts.insert(one.transcript);
  }
  out.of = sample(out.values);
  out.distinct = transcripts.size();
  if (!scored.empty()) out.scored.emplace(sample(scored).mean);
  return out;
}

void correct(const std::vector<TestResult*>& family) {
  std::vector<double> p;
  for (const TestResult* one : family) {
    if (one->refused.empty()) p.push_back(one->t.p);
  }
  const std::vector<double> corrected = holm(p);
  size_t next = 0;
  for (TestResult* one : family) {
    one->family = p.size();
    if (one->refused.empty()) one->holm = corrected[next++];
  }
}

ColumnRoles roles_of_study() {
  ColumnRoles out;
  out.source = "the study";
  out.block = "block", out.cluster = "match", out.transcript = "transcript";
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
             player = maybe(roles.player, ""), opponent = maybe(roles.opponent, ""), scored = maybe(roles.scored, "");
  const RowFilter wanted(rows, where);
  Observations out;
  if (block) out.within = "blocks";
  std::vector<std::string> units;
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
    one.cluster = cluster ? row[*cluster] : std::to_string(i);
    if (transcript) one.transcript = row[*transcript];
    if (player) one.player = row[*player];
    if (opponent) one.opponent = row[*opponent];
    if (scored) one.scored = number_in(row[*scored]);
    if (groups.emplace(one.group, true).second) out.groups.push_back(one.group);
    if (unit) units.push_back(row[*unit]);
    out.all.push_back(std::move(one));
  }
  std::sort(out.groups.begin(), out.groups.end(), natural_before);
  if (unit) average(out, units);
  return out;
}

namespace {

Comparison compared(const Observations& from, const Contrast& contrast, const Testing& how) {
  for (const std::string& name : {contrast.a, contrast.b}) check_group(contrast.group, name, from.groups);
  Comparison out;
  out.contrast = contrast;
  out.a = group_of(from, contrast.a);
  out.b = group_of(from, contrast.b);
  out.within = from.within;
  std::vector<Unit> units;
  std::vector<Meeting> meetings;
  Numbers blocks, clusters, players;
  bool met = true;
  for (const Observed& one : from.all) {
    if (one.group != contrast.a && one.group != contrast.b) continue;
    const int group = one.group == contrast.a ? 0 : 1;
    units.push_back({one.value, group, blocks(one.block), clusters(one.cluster)});
    met = met && !one.player.empty() && !one.opponent.empty();
    if (met) meetings.push_back({one.value, group, players(one.player), players(one.opponent), units.back().cluster});
  }
  if (out.a.of.n > 0 && out.b.of.n > 0 && out.a.is_share() && out.b.is_share())
    out.table = {out.a.ones(), out.a.of.n - out.a.ones(), out.b.ones(), out.b.of.n - out.b.ones()};
  out.refused = contrast.refused;
  for (const ComparedGroup* group : {&out.a, &out.b}) {
    if (out.refused.empty()) out.refused = group->why_not();
  }
  if (!out.refused.empty()) return out;
  const Sample &a = out.a.of, &b = out.b.of;
  out.t = welch(a, b);
  out.d = cohens_d(a, b);
  out.g = hedges_g(a, b);
  for (size_t i = 0; i < 3; ++i) out.bayes[i] = jzs(pooled(a, b).t, a.n, b.n, kScales[i]);
  if (how.exchanges) out.exchanged = permutation(units, kDraws, how.seed);
  out.drawn = bootstrap(units, kDraws, how.seed);
  if (met) out.crossed = crossed(meetings, kDraws, how.seed);
  out.alike = correlation(units);
  if (how.margin) out.equivalent = equivalence(a, b, *how.margin);
  return out;
}

void correct(std::vector<Comparison>& family) {
  std::vector<TestResult*> all;
  for (Comparison& c : family) all.push_back(&c);
  correct(all);
}

}  // namespace

std::vector<Comparison> compare(const Observations& from, std::span<const Contrast> family, const Testing& how) {
  std::vector<Comparison> out;
  for (const Contrast& contrast : family) out.push_back(compared(from, contrast, how));
  correct(out);
  return out;
}

std::vector<Comparison> compare(const Rows& rows, const ColumnRoles& roles, std::span<const Contrast> family,
                                const Testing& how) {
  std::vector<Comparison> out;
  Observations data;
  const Contrast* read = nullptr;  // what the data were read for
  for (const Contrast& contrast : family) {
    if (!read || read->value != contrast.value || read->group != contrast.group || read->where != contrast.where) {
      data = observe(rows, roles, contrast.value, contrast.group, contrast.where);
      read = &contrast;
    }
    out.push_back(compared(data, contrast, how));
  }
  correct(out);
  return out;
}

std::vector<Contrast> all_pairs(const Observations& from, const Contrast& like) {
  std::vector<Contrast> out;
  for (size_t i = 0; i < from.groups.size(); ++i) {
    for (size_t j = i + 1; j < from.groups.size(); ++j) {
      Contrast& one = out.emplace_back(like);
      one.a = from.groups[i];
      one.b = from.groups[j];
    }
  }
  return out;
}

}  // namespace parley
