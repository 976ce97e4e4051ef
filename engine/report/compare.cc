#include "report/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <set>
#include <unordered_map>

#include "base/error.h"
#include "base/text.h"
#include "base/value.h"
#include "stats/one_sample.h"

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

std::string too_few(const ComparedGroup& group) {
  if (group.of.n >= 1.5) return "";
  std::string out = fmt::format("{} has {}", group.name,
                                group.n() == 0   ? "no value"
                                : group.n() == 1 ? "1 value"
                                                 : fmt::format("in effect {:.2f} values", group.of.n));
  if (group.copied > 0) out += fmt::format(" ({} repeats of {}: copies are no data)", group.copies, group.copied);
  return out;
}

}  // namespace

bool ComparedGroup::is_share() const {
  return of.alike && std::all_of(values.begin(), values.end(), [](double v) { return v == 0 || v == 1; });
}

uint64_t ComparedGroup::ones() const { return static_cast<uint64_t>(std::count(values.begin(), values.end(), 1.0)); }

std::string ComparedGroup::why_not() const {
  if (std::string few = too_few(*this); !few.empty()) return few;
  if (!std::isfinite(of.sd) || !std::isfinite(of.sd * of.sd))
    return fmt::format("the values of {} are too large to reckon their variance", name);
  if (of.sd > 0) return "";
  return fmt::format("all {} values of {} are {}: there is no variance to test with{}", n(), name, number_text(of.mean),
                     copied > 0 ? ", and repeats of what leaves nothing to chance are no data" : "");
}

std::string ComparedGroup::why_not_as_share() const { return chance && n() >= 2 ? "" : why_not(); }

ComparedGroup group_of(const Observations& from, const std::string& name) {
  ComparedGroup out;
  out.name = name;
  std::vector<double> weights, scored, scored_weights;
  std::set<std::string> transcripts;
  for (const Observed& one : from.all) {
    if (one.group != name) continue;
    out.values.push_back(one.value);
    weights.push_back(one.weight());
    if (one.scored) scored.push_back(*one.scored), scored_weights.push_back(one.weight());
    if (!one.transcript.empty()) transcripts.insert(one.transcript);
    out.rows += one.rows;
    out.chance = out.chance || one.chance;
    if (one.copies > 1) ++out.copied, out.copies += one.copies;
  }
  out.of = sample(out.values, weights);
  out.distinct = transcripts.size();
  if (!scored.empty()) out.scored.emplace(sample(scored, scored_weights).mean);
  return out;
}

void correct(const std::vector<TestResult*>& family) {
  std::vector<double> p;
  for (const TestResult* one : family) {
    if (one->refused.empty()) p.push_back(one->p);
  }
  const std::vector<double> corrected = holm(p);
  size_t next = 0;
  for (TestResult* one : family) {
    one->family = p.size();
    if (one->refused.empty()) one->holm = corrected[next++];
  }
}

namespace {

// What a contrast is tested with.
struct Ground {
  ComparedGroup a, b;
  std::vector<Unit> units;  // a pair is a block of its own
  std::vector<Pair> pairs;
  std::optional<Precision> precision;  // of the difference of means; none: refused
  std::string refused;
  std::optional<Crossed> crossed;
  bool by_players = false;

  double difference() const { return a.of.mean - b.of.mean; }
};

// Players who meet each other: each row as much as it counts for. `wanted`: also where the verdict does not rest on them.
void cross(const Observations& from, const Contrast& contrast, uint64_t seed, bool wanted, Ground& to) {
  std::vector<Meeting> meetings;
  std::set<std::string> players[2];
  Numbers names, matches;
  for (const ObservedRow& row : from.rows) {
    const Observed& of = from.all[row.of];
    if (of.group != contrast.a && of.group != contrast.b) continue;
    if (row.player.empty() || row.opponent.empty()) return;
    const int group = of.group == contrast.a ? 0 : 1;
    players[group].insert(row.player);
    const double weight = from.each_row ? 1 : row.weight;
    meetings.push_back({row.value, group, names(row.player), names(row.opponent),
                        matches(row.match.empty() ? of.cluster : row.match), weight});
  }
  const bool nested = players[0] != players[1] && std::max(players[0].size(), players[1].size()) > 1;
  if (nested || wanted) to.crossed = crossed(meetings, kDraws, seed);
  to.by_players = nested && to.crossed;
}

Ground ground(const Observations& from, const Contrast& contrast, uint64_t seed, bool in_full) {
  Ground out;
  out.a = group_of(from, contrast.a);
  out.b = group_of(from, contrast.b);
  struct Both {
    const Observed* of[2] = {nullptr, nullptr};
    // One of which there are more than of the other is of other matches as well.
    bool pair() const { return of[0] && of[1] && of[0]->copies == of[1]->copies; }
  };
  std::unordered_map<std::string, Both> clusters;
  for (const Observed& one : from.all) {
    if (one.group == contrast.a || one.group == contrast.b)
      clusters[one.cluster].of[one.group == contrast.a ? 0 : 1] = &one;
  }
  Numbers blocks, numbers;
  for (const Observed& one : from.all) {
    if (one.group != contrast.a && one.group != contrast.b) continue;
    const Both& cluster = clusters.at(one.cluster);
    const bool pair = !from.each_row && cluster.pair();
    const int group = one.group == contrast.a ? 0 : 1;
    if (pair && group == 0) out.pairs.push_back({one.value, cluster.of[1]->value, one.weight()});
    out.units.push_back(
        {one.value, group, blocks(pair ? "pair\n" + one.cluster : one.block), numbers(one.cluster), one.weight()});
  }
  out.refused = contrast.refused;
  for (const ComparedGroup* group : {&out.a, &out.b}) {
    if (out.refused.empty()) out.refused = group->why_not();
  }
  if (!out.refused.empty()) return out;
  out.precision = precision(out.a.of, out.b.of, out.pairs);
  if (!(out.precision->error > 0)) {
    out.precision.reset();
    out.refused =
        fmt::format("the difference is the same in all {} pairs: there is no variance to test with", out.pairs.size());
    return out;
  }
  cross(from, contrast, seed, in_full, out);
  return out;
}

Tested tested_on(const Ground& on, const Testing& how) {
  const double error = on.by_players ? on.crossed->error : on.precision->error;
  const double df = on.by_players ? on.crossed->t.df : on.precision->df;
  Tested out;
  out.p = on.by_players ? on.crossed->t.p : t_test(on.difference(), error, df, .95).p;
  if (how.margin) out.equivalent = two_one_sided(on.difference(), error, df, *how.margin);
  return out;
}

// Shares, whether the means are tested or not.
void compare_shares(const Ground& on, Comparison& out) {
  const ComparedGroup &a = on.a, &b = on.b;
  if (!a.is_share() || !b.is_share() || !a.why_not_as_share().empty() || !b.why_not_as_share().empty()) return;
  out.table = {a.ones(), a.n() - a.ones(), b.ones(), b.n() - b.ones()};
  if (!out.paired()) return;
  uint64_t up = 0, down = 0;
  for (const Pair& pair : on.pairs) up += pair.a > pair.b ? 1 : 0, down += pair.a < pair.b ? 1 : 0;
  out.mcnemar = up + down == 0 ? 1 : binomial(up, up + down, .5);
}

Comparison compared(const Observations& from, const Contrast& contrast, const Testing& how) {
  for (const std::string& name : {contrast.a, contrast.b}) check_group(contrast.group, name, from.groups);
  const Ground on = ground(from, contrast, how.seed, true);
  Comparison out;
  out.contrast = contrast;
  out.a = on.a, out.b = on.b;
  out.pairs = on.pairs.size();
  out.each_row = from.each_row;
  out.within = from.within;
  if (out.pairs > 0)
    out.within = out.paired()          ? "pairs"
                 : from.within.empty() ? "pairs, the others among all"
                                       : "pairs and " + from.within;
  compare_shares(on, out);
  out.refused = on.refused;
  if (!out.refused.empty()) return out;
  const Sample &a = out.a.of, &b = out.b.of;
  out.t = t_test(on.difference(), on.precision->error, on.precision->df, .95);
  const Tested rests = tested_on(on, how);
  out.p = rests.p;
  out.equivalent = rests.equivalent;
  out.d = cohens_d(a, b);
  out.g = hedges_g(a, b);
  if (out.pairs > 0) out.d.interval.reset(), out.g.interval.reset();
  if (out.weigh_alike() && (out.pairs == 0 || out.paired())) {
    auto& bayes = out.bayes.emplace();
    for (size_t i = 0; i < bayes.size(); ++i)
      bayes[i] =
          out.pairs > 0 ? jzs(out.t.t, on.precision->df + 1, kScales[i]) : jzs(pooled(a, b).t, a.n, b.n, kScales[i]);
  }
  // Side by side: they take most of the time, and each draws from a seed of its own.
  auto drawn = std::async(std::launch::async, [&] { return bootstrap(on.units, kDraws, how.seed); });
  if (!from.each_row) out.exchanged = permutation(on.units, kDraws, how.seed);
  out.drawn = drawn.get();
  out.crossed = on.crossed;
  out.by_players = on.by_players;
  std::vector<Unit> rows;
  Numbers clusters;
  for (const ObservedRow& row : from.rows) {
    const Observed& of = from.all[row.of];
    if (of.group == contrast.a || of.group == contrast.b)
      rows.push_back({row.value, of.group == contrast.a ? 0 : 1, 0, clusters(of.cluster)});
  }
  if (out.a.copied + out.b.copied == 0) out.alike = correlation(rows);
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

std::optional<Tested> tested(const Observations& from, const Contrast& contrast, const Testing& how) {
  const Ground on = ground(from, contrast, how.seed, false);
  if (!on.refused.empty()) return std::nullopt;
  return tested_on(on, how);
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
