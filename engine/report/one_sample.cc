#include "report/one_sample.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace parley {
namespace {

OneSample compared(const Observations& from, const std::string& group, double number, const Testing& how) {
  OneSample out;
  out.number = number;
  out.group.name = group;
  std::vector<double> values, scored;
  std::vector<stats::Unit> units;
  std::set<std::string> transcripts;
  std::unordered_map<std::string, uint32_t> clusters;
  for (const Observed& one : from.all) {
    if (one.group != group) continue;
    values.push_back(one.value);
    if (one.scored) scored.push_back(*one.scored);
    transcripts.insert(one.transcript);
    units.push_back(
        {one.value, 0, 0, clusters.emplace(one.cluster, static_cast<uint32_t>(clusters.size())).first->second});
  }
  out.group.of = stats::sample(values);
  out.group.distinct = transcripts.size();
  if (!scored.empty()) out.group.scored.emplace(stats::sample(scored).mean);
  if (std::all_of(values.begin(), values.end(), [](double v) { return v == 0 || v == 1; })) {
    OneSample::Shares& shares = out.shares.emplace();
    shares.n = values.size();
    shares.yes = static_cast<uint64_t>(std::count(values.begin(), values.end(), 1.0));
    shares.wilson = stats::wilson(shares.yes, shares.n);
    if (number >= 0 && number <= 1) shares.binomial.emplace(stats::binomial(shares.yes, shares.n, number));
  }
  out.refused = why_not(out.group);
  if (!out.refused.empty()) return out;
  const stats::Sample& of = out.group.of;
  out.t = stats::one_sample(of, number);
  out.d = stats::cohens_d(of, number);
  for (size_t i = 0; i < 3; ++i) out.bayes[i] = stats::jzs(out.t.t, of.n, kScales[i]);
  if (clusters.size() > 1) {
    out.signs = stats::sign_flips(units, number, kDraws, how.seed);
    out.drawn = stats::bootstrap(units, number, kDraws, how.seed);
  }
  out.alike = stats::correlation(units);
  if (how.margin) out.equivalent = stats::equivalence(of, number, *how.margin);
  return out;
}

}  // namespace

std::vector<OneSample> compare_with(const Observations& from, const std::string& value, double number,
                                    const Testing& how) {
  std::vector<OneSample> out;
  std::vector<double> p;
  for (const std::string& group : from.groups) {
    OneSample& one = out.emplace_back(compared(from, group, number, how));
    one.value = value;
    if (one.refused.empty()) p.push_back(one.t.p);
  }
  const std::vector<double> corrected = stats::holm(p);
  size_t next = 0;
  for (OneSample& one : out) {
    one.family = p.size();
    if (one.refused.empty()) one.holm = corrected[next++];
  }
  return out;
}

}  // namespace parley
