#include <fmt/format.h>

#include <utility>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "game/plan.h"

namespace parley {
namespace {

constexpr uint64_t kRuns = 8, kPairs = 4;

// Values 0 .. n-1 in an order drawn from (a, b, i) of the draws.
std::vector<int> drawn_order(const Draws& draws, int n, uint64_t a, uint64_t b) {
  std::vector<int> order(static_cast<size_t>(n));
  for (int i = 0; i < n; ++i) order[static_cast<size_t>(i)] = i;
  for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[draws.below(i, a, b, i)]);
  return order;
}

}  // namespace

// The half fraction 2^(4-1) with x4 = x1 x2 x3 (Box and Hunter 1961, Technometrics 3:311, the design of resolution IV): no
// factor is confounded with another or with a pair of others. The complement of a run is a run, so that the eight make
// four pairs in which every factor takes both of its values.
int balanced_level(Nuisance factor, int levels, uint32_t block, uint64_t seed) {
  if (levels < 2) return 0;
  const Draws draws(fmt::format("{}|balance", seed));
  const uint64_t at = block - 1, which = static_cast<uint64_t>(factor);
  if (levels > 2) {
    const uint64_t n = static_cast<uint64_t>(levels);
    return drawn_order(draws, levels, at / n, (which + 1) << 32 | n)[at % n];
  }
  const uint64_t run = at / kRuns, place = at % kRuns, pair = place / 2;
  const int base = drawn_order(draws, kPairs, run, 0)[pair];
  const int flip = static_cast<int>((draws.bits(run, 0, kRuns + pair) + place) & 1);
  const int x2 = base >> 1, x3 = base & 1;
  const int x[] = {0, x2, x3, x2 ^ x3};
  return x[which] ^ flip;
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
