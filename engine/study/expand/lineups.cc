// Who sits where: a list of players that take their seats, or pairs of a tournament.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "study/expand/parts.h"

namespace parley::study {
namespace {

using Seating = std::vector<uint32_t>;  // players of the pool by seat

std::string seats_text(const GameInfo& game) {
  if (!game.players.empty()) return fmt::format("{} seats ({})", game.players.size(), joined(game.players, ", "));
  return game.least == game.most ? fmt::format("{} seats", game.least)
                                 : fmt::format("{} to {} seats", game.least, game.most);
}

// The seat (from 1) that an entry asks for.
size_t seat_said(const std::string& path, const Said& said, const GameInfo& game, size_t seats) {
  const Value& at = said.value;
  for (size_t i = 0; i < game.players.size(); ++i) {
    if (at == Value(game.players[i])) return i + 1;
  }
  for (size_t i = 1; i <= seats; ++i) {
    if (at == Value(static_cast<double>(i))) return i;
  }
  fail(path, said,
       fmt::format("game '{}' has no seat {}: it has {}", game.name, shown(at),
                   game.players.empty() ? fmt::format("{} seats", seats) : seats_text(game)));
}

// Those with a seat of their own in it, the others in order in what is left.
Seating seated(const std::string& path, const Settled& condition, const Said& said, const std::vector<Entry>& entries,
               const std::string& in, Known& known) {
  const Rules& rules = condition.rules;
  int64_t total = 0;
  for (const Entry& entry : entries) total += entry.times;
  const GameInfo& game = *condition.game;
  const bool fits = rules.strangers()      ? total >= 4 && total % 2 == 0
                    : game.players.empty() ? total >= game.least && total <= game.most
                                           : total == static_cast<int64_t>(game.players.size());
  if (!fits) {
    if (rules.strangers())
      fail(path, said,
           fmt::format("matching = 'strangers' is for an even number of players, 4 or more, and players names {}{}",
                       total, in));
    fail(path, said, fmt::format("game '{}' has {}, and players names {}{}", game.name, seats_text(game), total, in));
  }
  const size_t n = static_cast<size_t>(total);
  if (rules.seats == "balanced" && n != 2) {
    throw Error(fmt::format("{}: seats = 'balanced' is for two seats, and players names {}{}", path, n, in));
  }
  for (const Entry& entry : entries) {
    if (rules.strangers() && !entry.seat.value.is_nil())
      fail(path, entry.seat, "seat is not for strangers: the first half of the players sit in the game's first seat");
  }
  const auto info = game.players.empty() ? known.game(rules.game, rules.settings, static_cast<int>(n)) : condition.game;
  std::vector<std::optional<uint32_t>> seats(n);
  for (const Entry& entry : entries) {
    if (entry.seat.value.is_nil()) continue;
    auto& seat = seats[seat_said(path, entry.seat, *info, n) - 1];
    if (entry.times > 1)
      fail(path, entry.seat, fmt::format("an entry with times = {} cannot have one seat", entry.times));
    if (seat) fail(path, entry.seat, fmt::format("two entries of players have the seat {}", shown(entry.seat.value)));
    seat = entry.player;
  }
  size_t next = 0;
  for (const Entry& entry : entries) {
    for (int i = 0; i < entry.times && entry.seat.value.is_nil(); ++i) {
      while (seats[next]) ++next;
      seats[next] = entry.player;
    }
  }
  Seating out;
  for (const auto& seat : seats) out.push_back(*seat);
  if (rules.seats == "reversed") std::reverse(out.begin(), out.end());
  return out;
}

// The players of a tournament; equal ones are told apart.
Seating contestants(const std::string& path, const std::vector<Entry>& entries, Pool& pool) {
  Seating out;
  std::map<uint32_t, int> times;
  for (const Entry& entry : entries) {
    if (!entry.seat.value.is_nil()) {
      fail(path, entry.seat, "seat is for a list of players that take their seats, not for a tournament or against");
    }
    for (int i = 0; i < entry.times; ++i) out.push_back(pool.copy(entry.player, ++times[entry.player]));
  }
  return out;
}

// The seat (from 1) of a player by name or strategy; 0: it does not sit here. In self-play the first of the two.
int seat_of_player(const std::string& path, const Said& said, const Seating& seating, const Pool& pool) {
  int out = 0;
  for (size_t i = 0; i < seating.size(); ++i) {
    const std::string& name = pool.said_name(seating[i]);
    if (said.value != Value(name.empty() ? pool.player(seating[i]).strategy : name)) continue;
    if (out > 0 && seating[i] != seating[static_cast<size_t>(out) - 1]) {
      fail(path, said,
           fmt::format("watches = {} of observers is two players of one line-up: give them names", shown(said.value)));
    }
    if (out == 0) out = static_cast<int>(i) + 1;
  }
  return out;
}

// The observers of a line-up. `moves`: its players sit now here, now there, so that a seat is nobody in particular; then whom an entry
// watches may be missing from a line-up, and `found` counts by entry where it was there.
Seating observers_of(const std::string& path, const Said& said, const Settled& condition, const Seating& seating,
                     bool moves, std::vector<size_t>& found, Pool& pool, Known& known) {
  const Rules& rules = condition.rules;
  if (rules.strangers()) fail(path, said, "observers watch a seat, and among strangers whoever sits opposite changes");
  const auto info = known.game(rules.game, rules.settings, static_cast<int>(seating.size()));
  Seating out;
  std::map<uint32_t, int> times;
  size_t entry = 0;
  auto watched = [&](const Said& whom) {
    found.resize(std::max(found.size(), ++entry));
    const int at = seat_of_player(path, whom, seating, pool);
    const bool is_seat = whom.value.is_number() || std::find(info->players.begin(), info->players.end(),
                                                             value_text(whom.value)) != info->players.end();
    if (moves && is_seat) {
      fail(path, whom,
           fmt::format(
               "watches = {} of observers is a seat, and the players of this study change seats, so that it would be "
               "now one of them, now another: name the player, watches = '{}'",
               shown(whom.value), pool.player(seating[0]).strategy));
    }
    if (moves || (at > 0 && !is_seat)) {
      found[entry - 1] += at > 0 ? 1 : 0;
      return Pool::Watched{at, value_text(whom.value)};
    }
    const size_t n = seat_said(path, whom, *info, seating.size());
    ++found[entry - 1];
    return Pool::Watched{static_cast<int>(n), info->players[n - 1]};
  };
  for (const Entry& one : pool.read(said, "observers", condition, watched)) {
    out.push_back(pool.copy(one.player, ++times[one.player]));
    if (moves) pool.watching(out.back(), 3 - pool.player(out.back()).watches);  // where the two have changed seats
  }
  return out;
}

// Two different players of one name would be mixed up in every table.
void check_said_names(const std::string& path, const std::vector<Entry>& entries, const std::string& in,
                      const Pool& pool) {
  std::map<std::string, std::string> named;
  for (const Entry& entry : entries) {
    const std::string& name = pool.said_name(entry.player);
    if (name.empty()) continue;
    auto [at, first] = named.emplace(name, pool.content_text(entry.player));
    if (!first && at->second != pool.content_text(entry.player)) {
      throw Error(fmt::format("{}: two different players are named '{}'{}", path, name, in));
    }
  }
}

}  // namespace

std::vector<Seating> lineups_of(const std::string& path, const Settled& condition, const Shape& shape,
                                const Said& players, const Said& against, const Said& observers,
                                const std::string& name, Pool& pool, Known& known) {
  const std::string in = name.empty() ? "" : fmt::format(" in condition '{}'", name);
  const std::vector<Entry> one = pool.read(players, "players", condition);
  std::vector<Entry> other;
  if (shape.against) other = pool.read(against, "against", condition);
  std::vector<Entry> all = one;
  all.insert(all.end(), other.begin(), other.end());
  check_said_names(path, all, in, pool);
  auto watched = [&](std::vector<Seating> lineups) {
    if (observers.value.is_nil()) return lineups;
    const bool moves = shape.against || shape.round_robin || condition.rules.seats == "balanced";
    std::vector<size_t> found;
    for (Seating& lineup : lineups) {
      const Seating more = observers_of(path, observers, condition, lineup, moves, found, pool, known);
      lineup.insert(lineup.end(), more.begin(), more.end());
    }
    for (size_t i = 0; i < found.size(); ++i) {
      if (found[i] == 0)
        fail(path, observers,
             fmt::format("entry {} of observers watches {}, and no player is called so{}", i + 1,
                         shown(observers.value.list()[i]["watches"]), in));
    }
    return lineups;
  };
  if (!shape.against && !shape.round_robin) return watched({seated(path, condition, players, one, in, known)});

  const char* field = shape.round_robin ? "tournament" : "against";
  if (condition.rules.strangers()) {
    throw Error(fmt::format("{}: matching = 'strangers' is for a list of players, not for {}{}", path, field, in));
  }
  const GameInfo& game = *condition.game;
  if (game.least > 2 || game.most < 2 || (!game.players.empty() && game.players.size() != 2)) {
    throw Error(fmt::format("{}: {} is for games of two seats, and game '{}' has {}{}", path, field, game.name,
                            seats_text(game), in));
  }
  if (condition.rules.seats != "given") {
    throw Error(
        fmt::format("{}: seats = '{}' is for a list of players that take their seats, and the study has {} (see "
                    "both_seats){}",
                    path, condition.rules.seats, field, in));
  }
  const Seating first = contestants(path, one, pool), second = contestants(path, other, pool);
  std::vector<Seating> out;
  for (size_t i = 0; i < first.size() && shape.round_robin; ++i) {
    for (size_t j = shape.both_seats ? 0 : i; j < first.size(); ++j) {
      if (i != j || shape.self_play) out.push_back({first[i], first[j]});
    }
  }
  for (uint32_t a : first) {
    for (uint32_t b : second) {
      out.push_back({a, b});
      if (shape.both_seats) out.push_back({b, a});
    }
  }
  if (out.empty()) throw Error(fmt::format("{}: one player and no self_play: no match{}", path, in));
  return watched(std::move(out));
}

}  // namespace parley::study
