#include "stats/agreement.h"

#include <map>

namespace parley::stats {

Kappa cohen_kappa(std::span<const Codes> things, size_t first, size_t second) {
  Kappa out;
  std::map<int, double> by_first, by_second;
  size_t alike = 0;
  for (const Codes& codes : things) {
    const int a = codes[first], b = codes[second];
    if (a < 0 || b < 0) continue;
    ++out.both;
    alike += a == b;
    ++by_first[a];
    ++by_second[b];
  }
  if (out.both == 0) return out;
  const auto n = static_cast<double>(out.both);
  double expected = 0;
  for (const auto& [code, times] : by_first) {
    if (auto other = by_second.find(code); other != by_second.end()) expected += times / n * other->second / n;
  }
  out.alike = static_cast<double>(alike) / n;
  if (expected < 1) out.kappa = (out.alike - expected) / (1 - expected);
  return out;
}

std::optional<double> krippendorff_alpha(std::span<const Codes> things) {
  std::map<int, double> given;  // how often each code, over things with two or more
  double all = 0, differing = 0;
  for (const Codes& codes : things) {
    std::map<int, double> here;
    double n = 0;
    for (int code : codes) {
      if (code < 0) continue;
      ++here[code];
      ++n;
    }
    if (n < 2) continue;
    all += n;
    for (const auto& [code, times] : here) {
      given[code] += times;
      differing += times * (n - times) / (n - 1);
    }
  }
  double expected = 0;
  for (const auto& [code, times] : given) expected += times * (all - times);
  if (expected <= 0) return std::nullopt;
  return 1 - (all - 1) * differing / expected;
}

}  // namespace parley::stats
