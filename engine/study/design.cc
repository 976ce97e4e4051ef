#include "study/design.h"

#include <fmt/format.h>

#include "study/expand/parts.h"

namespace parley {
namespace {

// A permutation of 0 .. n-1 by a balanced Feistel network over the next even power of two, walked until it lands below n
// (Black and Rogaway 2002, "Ciphers with arbitrary finite domains"). `which`: another permutation for each.
uint64_t permuted(const Draws& draws, uint64_t n, uint64_t which, uint64_t i) {
  constexpr uint64_t kRounds = 6;
  if (n < 2) return i;
  unsigned half = 1;
  while ((uint64_t{1} << (2 * half)) < n) ++half;
  const uint64_t mask = (uint64_t{1} << half) - 1;
  do {
    uint64_t left = i >> half, right = i & mask;
    for (uint64_t round = 0; round < kRounds; ++round) {
      const uint64_t mixed = left ^ (draws.bits(which, round, right) & mask);
      left = right;
      right = mixed;
    }
    i = left << half | right;
  } while (i >= n);
  return i;
}

}  // namespace

Design Design::make(const StudyFile& file, const Lookup& lookup, const std::vector<Override>& overrides) {
  return study::expand(file, lookup, overrides);
}

Design::Where Design::where(uint64_t i) const {
  const uint64_t block = i / slots_.size() + 1;
  const Slot& slot = slots_[permuted(order_, slots_.size(), block, i % slots_.size())];
  return {slot.condition, slot.lineup, static_cast<uint32_t>(block)};
}

std::shared_ptr<const Plan> Design::at(uint64_t i) const {
  const Where where = this->where(i);
  const Slot& slot = slots_[first_slot_[where.condition] + where.lineup];
  const bool swap = slot.swapped && balanced_level(Nuisance::seats, 2, where.block, seed_) == 1;
  Plan plan{conditions_[where.condition], swap ? slot.swapped : slot.given, where.block, seed_, {}};
  plan.id = study::match_id(seed_, plan.condition->id, plan.lineup->id, where.block);
  return std::make_shared<const Plan>(std::move(plan));
}

std::vector<std::shared_ptr<const Lineup>> Design::lineups(size_t condition) const {
  std::vector<std::shared_ptr<const Lineup>> out;
  for (uint64_t i = first_slot_[condition]; i < first_slot_[condition + 1]; ++i) out.push_back(slots_[i].given);
  return out;
}

Value Design::resolved(const Lineup& lineup) const {
  Value::List seats;
  for (const Player& player : lineup.players) {
    Value::Record settings = defaults_.at(player.strategy).record();
    for (const auto& [name, value] : player.settings.record()) settings.insert_or_assign(name, value);
    Value::Record seat{{"name", player.name}, {"strategy", player.strategy}, {"settings", std::move(settings)}};
    if (!player.model.empty()) {
      seat.emplace("model", player.model);
      seat.emplace("model_identity", player.model_identity);
      seat.emplace("sampling", player.sampling);
      seat.emplace("told", Value::List(player.told.begin(), player.told.end()));
    }
    seats.emplace_back(std::move(seat));
  }
  return seats;
}

}  // namespace parley
