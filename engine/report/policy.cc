#include "report/policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/json.h"

namespace parley {
namespace {

// Of an array by round: the action's number from 0, or, where a game told what was done, its name.
std::vector<int8_t> actions_of(const Value& json, const std::array<std::string, 2>& names) {
  std::vector<int8_t> out;
  const Value all = from_json(json.string());
  for (const Value& is : all.list())
    out.push_back(is == Value(0) || is == Value(names[0]) ? 0 : is == Value(1) || is == Value(names[1]) ? 1 : -1);
  return out;
}

void count(Policy::Share& share, bool yes) {
  ++share.n;
  share.first += yes ? 1 : 0;
}

void add(Policy& policy, const PlayedPair::Seat& own, const PlayedPair::Seat& other) {
  policy.player = own.player;
  const auto &meant = own.meant, &mine = own.done, &theirs = other.done;
  auto both = [&](size_t i) { return i < mine.size() && i < theirs.size() && mine[i] >= 0 && theirs[i] >= 0; };
  size_t spoilt = meant.size();  // the round of the other's first second action
  for (size_t i = 0; i < meant.size(); ++i) {
    const bool first = meant[i] == 0;
    if (i > 0 && both(i - 1) && both(i) && mine[i] != mine[i - 1] && theirs[i] != theirs[i - 1]) {
      count(mine[i] == theirs[i] ? policy.turns_alike : policy.turns_apart, true);
      count(mine[i] == theirs[i] ? policy.turns_apart : policy.turns_alike, false);
    } else if (i > 0 && both(i - 1) && both(i)) {
      count(policy.turns_alike, false);
      count(policy.turns_apart, false);
    }
    if (meant[i] >= 0) {
      if (i == 0) {
        count(policy.opening, first);
      } else if (both(i - 1)) {
        count(policy.after[static_cast<size_t>(mine[i - 1] * 2 + theirs[i - 1])], first);
      }
      if (meant.size() > 1) count(i + 1 == meant.size() ? policy.last : policy.before_last, first);
      if (i == spoilt + 1) count(policy.retaliates, !first);
      if (i > spoilt + 1 && i - 1 < theirs.size() && theirs[i - 1] == 0) count(policy.forgives, first);
    }
    if (spoilt == meant.size() && i < theirs.size() && theirs[i] == 1) spoilt = i;
  }
}

Value share_text(const Policy::Share& share) {
  if (share.n == 0) return {};
  const std::string of = fmt::format("{:.2f}", static_cast<double>(share.first) / static_cast<double>(share.n));
  return fmt::format("{} of {}", of[0] == '0' ? of.substr(1) : of, share.n);
}

Table table_of(const char* title, std::initializer_list<const char*> names, bool in_full) {
  Table out;
  out.title = title;
  using Align = Table::Column::Align;
  out.columns = {{"player", Align::left, true}};
  for (const char* name : names) {
    out.columns.push_back({name, Align::right});
    if (in_full) out.columns.push_back({fmt::format("n of {}", name), Align::right});
  }
  return out;
}

void add_row(Table& to, const std::string& player, std::initializer_list<Policy::Share> shares, bool in_full) {
  std::vector<Value> row = {player};
  for (const Policy::Share& share : shares) {
    if (!in_full) {
      row.push_back(share_text(share));
      continue;
    }
    const double n = static_cast<double>(share.n);
    row.push_back(share.n > 0 ? Value(static_cast<double>(share.first) / n) : Value());
    row.emplace_back(n);
  }
  to.add(std::move(row));
}

}  // namespace

std::vector<PlayedPair> pairs_of(const Store& store) {
  std::vector<PlayedPair> out;
  // Both seats' choices in one row.
  store.query(
      "SELECT p.name, (SELECT name FROM action WHERE action_set = a.action_set AND number = 0), "
      "(SELECT name FROM action WHERE action_set = a.action_set AND number = 1), a.actions, coalesce(a.done, "
      "a.actions), "
      "q.name, (SELECT name FROM action WHERE action_set = b.action_set AND number = 0), "
      "(SELECT name FROM action WHERE action_set = b.action_set AND number = 1), b.actions, coalesce(b.done, "
      "b.actions), m.number, (SELECT game FROM rules WHERE id = m.rules) "
      "FROM match m "
      "JOIN choices a ON a.match = m.id AND a.seat = 1 JOIN choices b ON b.match = m.id AND b.seat = 2 "
      "JOIN player p ON p.lineup = m.lineup AND p.seat = 1 JOIN player q ON q.lineup = m.lineup AND q.seat = 2 "
      "WHERE m.number IS NOT NULL AND m.status = 'whole' AND a.rounds IS NULL AND b.rounds IS NULL "
      "AND (SELECT count(*) FROM choices k WHERE k.match = m.id) = 2 "
      "AND (SELECT count(*) FROM action x WHERE x.action_set = a.action_set) = 2 "
      "AND (SELECT count(*) FROM action x WHERE x.action_set = b.action_set) = 2 ORDER BY m.number",
      {}, [&](const Store::Row& row) {
        PlayedPair& pair = out.emplace_back();
        pair.match = static_cast<uint64_t>(row[10].number());
        pair.game = row[11].string();
        for (size_t i : {0, 1}) {
          PlayedPair::Seat& seat = pair.seats[i];
          seat.player = row[5 * i].string();
          seat.actions = {row[5 * i + 1].string(), row[5 * i + 2].string()};
          seat.meant = actions_of(row[5 * i + 3], seat.actions);
          seat.done = actions_of(row[5 * i + 4], seat.actions);
        }
      });
  return out;
}

std::vector<Policy> policies_of(const std::vector<PlayedPair>& pairs) {
  std::map<std::string, Policy> found;
  for (const PlayedPair& pair : pairs) {
    for (size_t i : {0, 1}) {
      if (pair.seats[i].counts) add(found[pair.seats[i].player], pair.seats[i], pair.seats[1 - i]);
    }
  }
  std::vector<Policy> out;
  for (auto& [name, policy] : found) out.push_back(std::move(policy));
  return out;
}

Table policy_table(const std::vector<Policy>& policies, bool in_full) {
  Table out =
      table_of("policies", {"round 1", "after 1 1", "after 1 2", "after 2 1", "after 2 2", "last round"}, in_full);
  for (const Policy& p : policies)
    add_row(out, p.player, {p.opening, p.after[0], p.after[1], p.after[2], p.after[3], p.last}, in_full);
  out.notes.emplace_back(
      "Shares of the first action. after 1 2: in the round before, it did its first action and the other its second.");
  return out;
}

Table reaction_table(const std::vector<Policy>& policies, bool in_full) {
  Table out = table_of("reactions",
                       {"retaliates", "forgives", "before last", "last round", "turns alike", "turns apart"}, in_full);
  for (const Policy& p : policies)
    add_row(out, p.player, {p.retaliates, p.forgives, p.before_last, p.last, p.turns_alike, p.turns_apart}, in_full);
  out.notes.emplace_back(
      "retaliates: second action right after the other's first second. forgives: first action later, after the other's "
      "first. before last, last round: first action. turns: of rounds from the second on, those in which both changed: "
      "alike, from both first to both second or back; apart, from 1 2 to 2 1 or back.");
  return out;
}

}  // namespace parley
