#include "stats/crossed.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/random.h"

namespace parley::stats {
namespace {

// Whether the graph of who meets whom has a ring.
bool has_ring(std::span<const Meeting> meetings) {
  std::map<uint32_t, uint32_t> above;  // union-find
  auto root = [&](uint32_t of) {
    while (above.emplace(of, of).first->second != of) of = above[of];
    return of;
  };
  std::set<std::pair<uint32_t, uint32_t>> pairs;
  for (const Meeting& m : meetings) {
    if (m.player != m.opponent) pairs.insert(std::minmax(m.player, m.opponent));
  }
  for (const auto& [a, b] : pairs) {
    const uint32_t x = root(a), y = root(b);
    if (x == y) return true;
    above[x] = y;
  }
  return false;
}

// Things numbered from 0 up, in kinds; drawn with replacement within each.
struct Kinds {
  std::vector<std::vector<uint32_t>> members{4};
  std::vector<double> count;

  explicit Kinds(const std::map<uint32_t, int>& groups_of) : count(groups_of.size()) {
    uint32_t next = 0;
    for (const auto& [name, groups] : groups_of) members[static_cast<size_t>(groups)].push_back(next++);
  }
  void draw(Sequence& chance) {
    std::fill(count.begin(), count.end(), 0);
    for (const auto& kind : members) {
      for (size_t i = 0; i < kind.size(); ++i) ++count[kind[chance.below(kind.size())]];
    }
  }
};

}  // namespace

std::optional<Crossed> crossed(std::span<const Meeting> meetings, uint64_t draws, uint64_t seed, double level) {
  if (!has_ring(meetings)) return std::nullopt;
  std::map<uint32_t, int> player_groups, match_groups;  // bit g: it has rows in group g
  for (const Meeting& m : meetings) {
    player_groups[m.player] |= 1 << m.group;
    player_groups.try_emplace(m.opponent, 0);
    match_groups[m.match] |= 1 << m.group;
  }
  Kinds players(player_groups), matches(match_groups);
  Crossed out;
  double kinds = 0;
  for (const auto& kind : players.members) {
    if (kind.size() < 2) continue;
    out.players += kind.size();
    ++kinds;
  }
  if (out.players == 0) return std::nullopt;
  out.matches = match_groups.size();
  out.fewest = std::min(players.members[1].size(), players.members[2].size()) + players.members[3].size();
  // Rows of one player, opponent, match and group have one weight: they are added once.
  struct Cell {
    uint32_t player, opponent, match;
    int group;
    double sum, n;
  };
  auto number = [](const std::map<uint32_t, int>& all) {
    std::map<uint32_t, uint32_t> numbers;
    for (const auto& [name, groups] : all) numbers.emplace(name, static_cast<uint32_t>(numbers.size()));
    return numbers;
  };
  const auto player_number = number(player_groups), match_number = number(match_groups);
  std::vector<Cell> cells;
  double whole[2] = {0, 0}, n[2] = {0, 0};
  for (const Meeting& m : meetings) {
    cells.push_back({player_number.at(m.player), player_number.at(m.opponent), match_number.at(m.match), m.group,
                     m.weight * m.value, m.weight});
    whole[m.group] += m.weight * m.value;
    n[m.group] += m.weight;
  }
  auto key = [](const Cell& c) { return std::tie(c.match, c.player, c.opponent, c.group); };
  std::stable_sort(cells.begin(), cells.end(), [&](const Cell& a, const Cell& b) { return key(a) < key(b); });
  size_t last = 0;
  for (size_t i = 1; i < cells.size(); ++i) {
    if (key(cells[i]) == key(cells[last])) {
      cells[last].sum += cells[i].sum;
      cells[last].n += cells[i].n;
    } else {
      cells[++last] = cells[i];
    }
  }
  cells.resize(last + 1);

  Sequence chance("crossed|" + std::to_string(seed));
  Spread differences;
  for (uint64_t draw = 0; draw < draws; ++draw) {
    players.draw(chance);
    matches.draw(chance);
    double sum[2] = {0, 0}, weight[2] = {0, 0};
    for (const Cell& c : cells) {
      const double w = players.count[c.player] * players.count[c.opponent] * matches.count[c.match];
      sum[c.group] += w * c.sum;
      weight[c.group] += w * c.n;
    }
    if (weight[0] == 0 || weight[1] == 0) continue;  // a group was not drawn
    differences.add(sum[0] / weight[0] - sum[1] / weight[1]);
  }
  const double df = std::max(1.0, static_cast<double>(out.players) - kinds);
  out.error = differences.sd();
  if (!(out.error > 0)) return std::nullopt;
  out.t = t_test(whole[0] / n[0] - whole[1] / n[1], out.error, df, level);
  return out;
}

}  // namespace parley::stats
