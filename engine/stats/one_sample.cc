#include "stats/one_sample.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <map>
#include <string>

#include "base/random.h"

namespace parley::stats {
namespace {

// Sums of differences by cluster, what they weigh, and what the heaviest unit does.
struct Cluster {
  double sum = 0, n = 0, heaviest = 0;
};
std::vector<Cluster> clusters_of(std::span<const Unit> units, double number) {
  std::map<uint32_t, Cluster> found;
  for (const Unit& unit : units) {
    Cluster& cluster = found[unit.cluster];
    cluster.sum += unit.weight * (unit.value - number);
    cluster.n += unit.weight;
    cluster.heaviest = std::max(cluster.heaviest, unit.weight);
  }
  std::vector<Cluster> out;
  for (const auto& [name, cluster] : found) out.push_back(cluster);
  return out;
}

}  // namespace

TTest one_sample(const Sample& of, double number, double level) {
  return t_test(of.mean - number, of.error, of.n - 1, level);
}

Effect cohens_d(const Sample& of, double number, double level) {
  const double size = (of.mean - number) / of.sd;
  return {size, normal_interval(size, std::sqrt(1 / of.n + size * size / (2 * of.n)), level)};
}

double jzs(double t, double n, double scale) { return jzs_of(t, n, n - 1, scale); }

double equivalence(const Sample& of, double number, double margin) {
  return two_one_sided(of.mean - number, of.error, of.n - 1, margin);
}

Permutation sign_flips(std::span<const Unit> units, double number, uint64_t draws, uint64_t seed) {
  const std::vector<Cluster> clusters = clusters_of(units, number);
  double seen = 0, size = 0;
  for (const Cluster& cluster : clusters) seen += cluster.sum, size += std::fabs(cluster.sum);
  // What is as large but for rounding counts.
  const double limit = std::fabs(seen) - 1e-12 * size;
  Permutation out;
  out.exact = clusters.size() < 63 && (uint64_t{1} << clusters.size()) <= draws;
  double large = 0, tried = 0;
  if (out.exact) {
    for (uint64_t signs = 0; signs < uint64_t{1} << clusters.size(); ++signs) {
      double sum = 0;
      for (size_t i = 0; i < clusters.size(); ++i) sum += signs >> i & 1 ? -clusters[i].sum : clusters[i].sum;
      ++tried;
      large += std::fabs(sum) >= limit ? 1 : 0;
    }
  } else {
    const Draws chance("signs|" + std::to_string(seed));
    large = tried = 1;
    for (uint64_t draw = 0; draw < draws; ++draw) {
      double sum = 0;
      for (size_t i = 0; i < clusters.size(); ++i) sum += chance.below(2, draw, i) ? -clusters[i].sum : clusters[i].sum;
      ++tried;
      large += std::fabs(sum) >= limit ? 1 : 0;
    }
  }
  out.p = large / tried;
  return out;
}

Bootstrap bootstrap(std::span<const Unit> units, double number, uint64_t draws, uint64_t seed, double level) {
  const std::vector<Cluster> clusters = clusters_of(units, number);
  const Draws chance("mean|" + std::to_string(seed));
  Spread means;
  for (uint64_t draw = 0; draw < draws; ++draw) {
    Cluster all;
    for (size_t i = 0; i < clusters.size(); ++i) {
      const Cluster& one = clusters[chance.below(clusters.size(), draw, i)];
      all.sum += one.sum, all.n += one.n;
    }
    means.add(all.sum / all.n);
  }
  Cluster whole;
  Effective effective;
  for (const Cluster& cluster : clusters) {
    whole.sum += cluster.sum, whole.n += cluster.n;
    effective.add(cluster.heaviest);
  }
  Bootstrap out;
  out.clusters = clusters.size();
  out.fewest = effective.n();
  const double df = std::max(1.0, effective.n() - 1);
  out.interval = t_interval(whole.sum / whole.n, means.sd(), df, level);
  return out;
}

double binomial(uint64_t yes, uint64_t n, double probability) {
  const boost::math::binomial_distribution<double> dist(static_cast<double>(n), probability);
  // What is as likely but for rounding counts.
  const double limit = pdf(dist, static_cast<double>(yes)) * (1 + 1e-7);
  double p = 0;
  for (uint64_t k = 0; k <= n; ++k) {
    if (const double density = pdf(dist, static_cast<double>(k)); density <= limit) p += density;
  }
  return std::min(1.0, p);
}

}  // namespace parley::stats
