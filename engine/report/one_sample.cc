#include "report/one_sample.h"

#include <unordered_map>

namespace parley {
namespace {

OneSample compared(const Observations& from, const std::string& group, double number, const Testing& how) {
  OneSample out;
  out.number = number;
  out.group = group_of(from, group);
  std::vector<stats::Unit> units, rows;
  std::unordered_map<std::string, uint32_t> clusters;
  auto unit = [&](double value, const Observed& of, double weight) -> stats::Unit {
    return {value, 0, 0, clusters.emplace(of.cluster, static_cast<uint32_t>(clusters.size())).first->second, weight};
  };
  for (const Observed& one : from.all) {
    if (one.group == group) units.push_back(unit(one.value, one, one.weight()));
  }
  for (const ObservedRow& row : from.rows) {
    if (from.all[row.of].group == group) rows.push_back(unit(row.value, from.all[row.of], 1));
  }
  if (out.group.is_share() && out.group.why_not_as_share().empty()) {
    OneSample::Shares& shares = out.shares.emplace();
    shares.n = out.group.n();
    shares.yes = out.group.ones();
    shares.wilson = stats::wilson(shares.yes, shares.n);
    if (number >= 0 && number <= 1) shares.binomial.emplace(stats::binomial(shares.yes, shares.n, number));
  }
  out.refused = out.group.why_not();
  if (!out.refused.empty()) return out;
  const stats::Sample& of = out.group.of;
  out.t = stats::one_sample(of, number);
  out.d = stats::cohens_d(of, number);
  out.p = out.t.p;
  if (of.alike) {
    auto& bayes = out.bayes.emplace();
    for (size_t i = 0; i < bayes.size(); ++i) bayes[i] = stats::jzs(out.t.t, of.n, kScales[i]);
  }
  if (clusters.size() > 1) {
    out.signs = stats::sign_flips(units, number, kDraws, how.seed);
    out.drawn = stats::bootstrap(units, number, kDraws, how.seed);
  }
  if (out.group.copied == 0) out.alike = stats::correlation(rows);
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
