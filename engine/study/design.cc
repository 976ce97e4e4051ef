#include "study/design.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/error.h"
#include "script/scripts.h"
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

// The first line of Lua that holds a word which is not part of a longer one, comments apart: as a field's name (`word =`), or at all.
// 0: none.
int line_of(std::string_view text, std::string_view word, bool as_field) {
  auto of_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  int line = 1;
  for (size_t from = 0; from < text.size(); ++line) {
    const size_t end = std::min(text.find('\n', from), text.size());
    const std::string_view code = text.substr(from, std::min(text.find("--", from), end) - from);
    for (size_t at = code.find(word); at != std::string_view::npos; at = code.find(word, at + 1)) {
      const size_t after = at + word.size();
      if ((at > 0 && of_word(code[at - 1])) || (after < code.size() && of_word(code[after]))) continue;
      const size_t next = code.find_first_not_of(' ', after);
      if (!as_field || (next != std::string_view::npos && code[next] == '=')) return line;
    }
    from = end + 1;
  }
  return 0;
}

// A study's mistake with its line, where the message has none: that of the field that it speaks of ("rounds is ..."); else of the
// first word which it quotes and the file has; else of `study`.
std::string with_line(const std::string& message, const StudyFile& file) {
  const std::string head = file.path + ": ";
  if (!file.path.ends_with(".lua") || !message.starts_with(head)) return message;
  const std::string_view said = std::string_view(message).substr(head.size());
  const std::string_view field = said.substr(0, said.find(' '));
  int line = said.substr(field.size()).starts_with(" is ") ? line_of(file.text, field, true) : 0;
  for (size_t open = message.find('\''); open != std::string::npos && line == 0;) {
    const size_t close = message.find('\'', open + 1);
    if (close == std::string::npos) break;
    if (close > open + 1)
      line = line_of(file.text, std::string_view(message).substr(open + 1, close - open - 1), false);
    open = message.find('\'', close + 1);
  }
  if (line == 0) line = line_of(file.text, "study", false);
  return line == 0 ? message : file.path + ":" + std::to_string(line) + ": " + message.substr(head.size());
}

}  // namespace

Lookup lookup_in(Scripts& scripts) {
  Lookup out;
  out.game = [&](const std::string& name, const Value& settings, int seats) -> std::optional<GameInfo> {
    if (!scripts.sources().find("games", name)) return std::nullopt;
    return scripts.game(name, settings, seats);
  };
  out.strategy = [&](const std::string& name) -> std::optional<StrategyInfo> {
    if (!scripts.sources().find("strategies", name)) return std::nullopt;
    return scripts.strategy(name);
  };
  out.games = [&] { return scripts.sources().names("games"); };
  out.strategies = [&] { return scripts.sources().names("strategies"); };
  return out;
}

Design Design::make(const StudyFile& file, const Lookup& lookup, const std::vector<Override>& overrides) {
  try {
    return study::expand(file, lookup, overrides);
  } catch (const Misuse&) {
    throw;
  } catch (const Error& e) {
    throw Error(with_line(e.what(), file));
  }
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
