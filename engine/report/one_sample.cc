#include "report/one_sample.h"

#include <unordered_map>

namespace parley {
namespace {

OneSample compared(const Observations& from, const std::string& group, double number, const Testing& how) {
  OneSample out;
  out.number = number;
  out.group = group_of(from, group);
  std::vector<stats::Unit> units;
  std::unordered_map<std::string, uint32_t> clusters;
  for (const Observed& one : from.all) {
    if (one.group != group) continue;
    units.push_back(
        {one.value, 0, 0, clusters.emplace(one.cluster, static_cast<uint32_t>(clusters.size())).first->second});
  }
  if (out.group.is_share()) {
    OneSample::Shares& shares = out.shares.emplace();
    shares.n = out.group.of.n;
    shares.yes = out.group.ones();
    shares.wilson = stats::wilson(shares.yes, shares.n);
    if (number >= 0 && number <= 1) shares.binomial.emplace(stats::binomial(shares.yes, shares.n, number));
  }
  out.refused = out.group.why_not();
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
  for (const std::string& group : from.groups) {
    OneSample& one = out.emplace_back(compared(from, group, number, how));
    one.value = value;
  }
  std::vector<TestResult*> all;
  for (OneSample& one : out) all.push_back(&one);
  correct(all);
  return out;
}

}  // namespace parley
