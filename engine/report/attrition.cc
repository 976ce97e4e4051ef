#include "report/attrition.h"

#include <fmt/format.h>

#include <algorithm>

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
      "SELECT c.id, c.name, m.status, m.why, count(*), sum(m.missing) FROM plan p JOIN condition c ON c.id = "
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
  for (const char* name : {"planned", "whole", "void", "failed", "pending", "missing choices"})
    out.columns.push_back({name});
  for (const Attrition& one : all)
    out.add({one.condition, one.planned, one.whole, one.voided(), one.failed, one.pending, one.missing});
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

Bounds worst_case(const Store& store, const Observations& seen, const Contrast& contrast) {
  Bounds out;
  double sum[2] = {0, 0}, n[2] = {0, 0}, lacking[2] = {0, 0};
  bool first = true;
  for (const Observed& one : seen.all) {
    if (first || one.value < out.least) out.least = one.value;
    if (first || one.value > out.most) out.most = one.value;
    first = false;
    if (one.group != contrast.a && one.group != contrast.b) continue;
    const size_t group = one.group == contrast.a ? 0 : 1;
    sum[group] += one.value;
    ++n[group];
  }
  out.why = "the least and the most that were seen";
  if (contrast.value == "payoff") {
    for (const Store::Row& row : store.query(
             "SELECT min(v.value), max(v.value) FROM match m JOIN seat s ON s.match = m.id JOIN json_each(s.payoffs) v "
             "WHERE m.number IS NOT NULL AND m.status = 'whole'")) {
      if (row[0].is_number()) out.least = row[0].number(), out.most = row[1].number();
    }
    out.why = "the least and the most that anybody was paid in a round";
  } else if (out.least >= 0 && out.most <= 1) {
    out.least = 0, out.most = 1;
    out.why = "a share";
  }
  const Rows rows = lacking_of(store);
  const size_t group = column_of(rows, contrast.group, "--group");
  const RowFilter wanted(rows, contrast.where);
  for (const auto& row : rows.rows) {
    if (!wanted(row)) continue;
    lacking[0] += row[group] == contrast.a ? 1 : 0;
    lacking[1] += row[group] == contrast.b ? 1 : 0;
  }
  auto mean = [&](size_t g, double instead) {
    const double all = n[g] + lacking[g];
    return all > 0 ? (sum[g] + lacking[g] * instead) / all : 0;
  };
  out.lacking_a = static_cast<size_t>(lacking[0]);
  out.lacking_b = static_cast<size_t>(lacking[1]);
  out.difference = (n[0] > 0 ? sum[0] / n[0] : 0) - (n[1] > 0 ? sum[1] / n[1] : 0);
  out.bounds = {mean(0, out.least) - mean(1, out.most), mean(0, out.most) - mean(1, out.least)};
  return out;
}

}  // namespace parley
