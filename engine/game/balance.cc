#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "game/plan.h"

namespace parley {
namespace {

constexpr uint64_t kRuns = 8;

// Values 0 .. n-1 in an order drawn from (a, b, i) of the draws.
std::vector<int> drawn_order(const Draws& draws, int n, uint64_t a, uint64_t b) {
  std::vector<int> order(static_cast<size_t>(n));
  for (int i = 0; i < n; ++i) order[static_cast<size_t>(i)] = i;
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[draws.below(i, a, b, i)]);
  return order;
}

}  // namespace

// Two levels: in each four blocks three factors are an orthogonal array of four runs (x1 x2 x3 of one parity: the half fraction 2^(3-1),
// Box and Hunter 1961, Technometrics 3:311), and the other half follows. Four runs have no fourth column of their own: seats go with or
// against x2 in one half, and the other way in the next.
int balanced_level(Nuisance factor, int levels, uint32_t block, uint64_t seed) {
  if (levels < 2) return 0;
  const Draws draws(fmt::format("{}|balance", seed));
  const uint64_t at = block - 1, which = static_cast<uint64_t>(factor);
  if (levels > 2) {
    const uint64_t n = static_cast<uint64_t>(levels), run = at / n;
    const int map = drawn_order(draws, levels, run, uint64_t{1} << 32 | n)[at % n];
    if (factor == Nuisance::label_map) return map;
    // In n runs each of n numbers is once what another factor is ahead of the label map.
    return (map + drawn_order(draws, levels, run / n, (which + 1) << 32 | n)[run % n]) % levels;
  }
  const uint64_t run = at / kRuns, half = at / (kRuns / 2) % 2, pair = at / 2 % 2, odd = block % 2;
  auto bit = [&](uint64_t number) { return draws.bits(run, 0, number) & 1; };
  const uint64_t x3 = bit(half) ^ pair, x1 = bit(2 + 2 * half + pair) ^ odd, x2 = x1 ^ x3 ^ bit(6) ^ half,
                 x4 = x2 ^ bit(7) ^ half;
  const uint64_t x[] = {x1, x2, x3, x4};
  return static_cast<int>(x[which]);
}

std::string players_text(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (size_t i = 0, n; i < names.size(); i += n) {
    for (n = 1; i + n < names.size() && names[i + n] == names[i];) ++n;
    if (n > 2)
      out.push_back(fmt::format("{} x {}", n, names[i]));
    else
      out.insert(out.end(), n, names[i]);
  }
  return joined(out, ", ");
}

size_t Lineup::seats() const {
  size_t n = 0;
  while (n < players.size() && players[n].watches == 0) ++n;
  return n;
}

int Plan::roles() const { return condition->rules.strangers() ? 2 : static_cast<int>(lineup->seats()); }

}  // namespace parley
