#include "stats/resample.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>

#include "base/random.h"

namespace parley::stats {
namespace {

// The values of a block, and how many of them belong to group 0.
struct Block {
  std::vector<double> values;
  size_t first = 0;
};

// Values are taken off the mean of all, so that sums of large ones lose nothing.
std::vector<Block> blocks_of(std::span<const Unit> units, double mean) {
  std::map<uint32_t, Block> found;
  for (const Unit& unit : units) {
    Block& block = found[unit.block];
    block.values.push_back(unit.value - mean);
    block.first += unit.group == 0 ? 1 : 0;
  }
  std::vector<Block> out;
  for (auto& [name, block] : found) out.push_back(std::move(block));
  return out;
}

// How many ways there are to give the labels; at most a little above `most`.
double ways(const std::vector<Block>& blocks, double most) {
  double all = 1;
  for (const Block& block : blocks) {
    const size_t n = block.values.size(), k = std::min(block.first, n - block.first);
    for (size_t i = 1; i <= k && all <= most; ++i) all *= static_cast<double>(n - k + i) / static_cast<double>(i);
  }
  return all;
}

// Calls f with the sum of group 0 under every exchange.
void every_sum(const std::vector<Block>& blocks, const std::function<void(double)>& f) {
  const std::function<void(size_t, size_t, size_t, double)> go = [&](size_t block, size_t from, size_t left,
                                                                     double sum) {
    if (left == 0) {
      if (block + 1 == blocks.size()) return f(sum);
      return go(block + 1, 0, blocks[block + 1].first, sum);
    }
    const auto& values = blocks[block].values;
    for (size_t i = from; i + left <= values.size(); ++i) go(block, i + 1, left - 1, sum + values[i]);
  };
  go(0, 0, blocks[0].first, 0);
}

}  // namespace

std::optional<Permutation> permutation(std::span<const Unit> units, uint64_t draws, uint64_t seed) {
  if (std::any_of(units.begin(), units.end(), [&](const Unit& unit) { return unit.weight != units[0].weight; }))
    return std::nullopt;
  double mean = 0;
  for (const Unit& unit : units) mean += unit.value / static_cast<double>(units.size());
  std::vector<Block> blocks = blocks_of(units, mean);
  if (std::all_of(blocks.begin(), blocks.end(),
                  [](const Block& b) { return b.first == 0 || b.first == b.values.size(); }))
    return std::nullopt;
  double all = 0, seen = 0, n = 0, size = 0;
  for (const Unit& unit : units) {
    const double value = unit.value - mean;
    all += value;
    size += std::fabs(value);
    if (unit.group == 0) seen += value, ++n;
  }
  const double others = static_cast<double>(units.size()) - n;
  auto difference = [&](double sum) { return std::fabs(sum / n - (all - sum) / others); };
  // What is as large but for rounding counts.
  const double limit = difference(seen) - 1e-12 * size;
  double large = 0, tried = 0;
  Permutation out;
  out.exact = ways(blocks, static_cast<double>(draws)) <= static_cast<double>(draws);
  if (out.exact) {
    every_sum(blocks, [&](double sum) {
      ++tried;
      large += difference(sum) >= limit ? 1 : 0;
    });
  } else {
    Sequence chance("permutation|" + std::to_string(seed));
    large = tried = 1;
    // Side by side: most of the time goes into reaching them.
    struct Span {
      size_t begin;
      uint32_t size, first;
    };
    std::vector<Span> spans;
    std::vector<double> flat;
    for (const Block& block : blocks) {
      spans.push_back({flat.size(), static_cast<uint32_t>(block.values.size()), static_cast<uint32_t>(block.first)});
      flat.insert(flat.end(), block.values.begin(), block.values.end());
    }
    for (uint64_t draw = 0; draw < draws; ++draw) {
      double sum = 0;
      for (const Span& span : spans) {
        double* const values = flat.data() + span.begin;
        for (uint32_t i = 0; i < span.first; ++i) {
          const uint64_t j = i + chance.below(span.size - i);
          std::swap(values[i], values[j]);
          sum += values[i];
        }
      }
      ++tried;
      large += difference(sum) >= limit ? 1 : 0;
    }
  }
  out.p = large / tried;
  return out;
}

std::optional<Bootstrap> bootstrap(std::span<const Unit> units, uint64_t draws, uint64_t seed, double level) {
  // By cluster: sums and numbers of both groups. Clusters of group 0 alone, of group 1 alone, of both.
  struct Cluster {
    double sum[2] = {0, 0}, n[2] = {0, 0};
  };
  std::map<uint32_t, Cluster> found;
  std::map<uint32_t, double> heaviest;  // by cluster; apart, so that what is drawn stays small
  for (const Unit& unit : units) {
    Cluster& cluster = found[unit.cluster];
    cluster.sum[unit.group] += unit.weight * unit.value;
    cluster.n[unit.group] += unit.weight;
    double& most = heaviest[unit.cluster];
    most = std::max(most, unit.weight);
  }
  std::vector<Cluster> strata[3];
  Effective effective[3];
  for (const auto& [name, cluster] : found) {
    const size_t stratum = cluster.n[1] == 0 ? 0 : cluster.n[0] == 0 ? 1 : 2;
    strata[stratum].push_back(cluster);
    effective[stratum].add(heaviest[name]);
  }
  if (std::min(strata[0].size(), strata[1].size()) + strata[2].size() < 2) return std::nullopt;
  Bootstrap out;
  out.clusters = found.size();
  out.fewest = std::min(effective[0].n(), effective[1].n()) + effective[2].n();
  const double in_effect = effective[0].n() + effective[1].n() + effective[2].n();
  Sequence chance("bootstrap|" + std::to_string(seed));
  auto difference = [](const Cluster& all) { return all.sum[0] / all.n[0] - all.sum[1] / all.n[1]; };
  auto add = [](Cluster& to, const Cluster& more) {
    for (int g : {0, 1}) to.sum[g] += more.sum[g], to.n[g] += more.n[g];
  };
  Cluster whole;
  for (const auto& [name, cluster] : found) add(whole, cluster);
  Spread differences;
  for (uint64_t draw = 0; draw < draws; ++draw) {
    double sum_a = 0, sum_b = 0, n_a = 0, n_b = 0;
    for (const auto& stratum : strata) {
      const Cluster* const clusters = stratum.data();
      for (size_t i = 0, n = stratum.size(); i < n; ++i) {
        const Cluster& drawn = clusters[chance.below(n)];
        sum_a += drawn.sum[0], n_a += drawn.n[0];
        sum_b += drawn.sum[1], n_b += drawn.n[1];
      }
    }
    if (n_a == 0 || n_b == 0) continue;  // clusters of unequal size may leave a group out
    differences.add(sum_a / n_a - sum_b / n_b);
  }
  const double df = std::max(1.0, in_effect - (strata[2].size() == found.size() ? 1 : 2));
  out.interval = t_interval(difference(whole), differences.sd(), df, level);
  return out;
}

}  // namespace parley::stats
