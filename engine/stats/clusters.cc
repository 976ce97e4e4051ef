#include "stats/clusters.h"

#include <map>

namespace parley::stats {

std::optional<Correlation> correlation(std::span<const Unit> units) {
  struct Sum {
    double n = 0, sum = 0;
  };
  std::map<std::pair<int, uint32_t>, Sum> clusters;
  Sum groups[2];
  for (const Unit& unit : units) {
    for (Sum* to : {&clusters[{unit.group, unit.cluster}], &groups[unit.group]}) ++to->n, to->sum += unit.value;
  }
  const double all = static_cast<double>(units.size()), k = static_cast<double>(clusters.size());
  const double df = k - (groups[0].n > 0 ? 1 : 0) - (groups[1].n > 0 ? 1 : 0);
  if (df < 1 || all <= k) return std::nullopt;
  double between = 0, within = 0, sizes = 0, share = 0;
  for (const auto& [key, cluster] : clusters) {
    const Sum& group = groups[key.first];
    const double off = cluster.sum / cluster.n - group.sum / group.n;
    between += cluster.n * off * off;
    sizes += cluster.n * cluster.n;
    share += cluster.n * cluster.n / group.n;
  }
  for (const Unit& unit : units) {
    const Sum& cluster = clusters[{unit.group, unit.cluster}];
    const double off = unit.value - cluster.sum / cluster.n;
    within += off * off;
  }
  between /= df;
  within /= all - k;
  const double n0 = (all - share) / df;
  if (between + (n0 - 1) * within <= 0) return std::nullopt;
  Correlation out;
  out.icc = (between - within) / (between + (n0 - 1) * within);
  out.design_effect = 1 + (sizes / all - 1) * out.icc;
  out.clusters = clusters.size();
  out.units = units.size();
  return out;
}

}  // namespace parley::stats
