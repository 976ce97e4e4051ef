#include "report/policy.h"

#include <fmt/format.h>

#include <map>

#include "base/json.h"

namespace parley {

std::vector<Policy> policies_of(const Store& store) {
  struct Seat {
    std::string player, first;  // the name of its first action
    Value meant, done;  // arrays by round: the action's number from 0, or, where a game told what was done, its name
    bool is_first(const Value& choice) const { return choice == Value(0) || choice == Value(first); }
  };
  std::map<std::string, Policy> found;
  auto add = [&](const Seat& own, const Seat& other) {
    Policy& policy = found[own.player];
    policy.player = own.player;
    const auto &meant = own.meant.list(), &mine = own.done.list(), &theirs = other.done.list();
    auto count = [&](Policy::Share& share, const Value& choice) {
      ++share.n;
      share.first += own.is_first(choice) ? 1 : 0;
    };
    for (size_t i = 0; i < meant.size(); ++i) {
      if (meant[i].is_nil()) continue;
      if (i == 0) {
        count(policy.opening, meant[i]);
      } else if (i - 1 < mine.size() && i - 1 < theirs.size() && !mine[i - 1].is_nil() && !theirs[i - 1].is_nil()) {
        count(policy.after[(own.is_first(mine[i - 1]) ? 0 : 2) + (other.is_first(theirs[i - 1]) ? 0 : 1)], meant[i]);
      }
      if (i > 0 && i + 1 == meant.size()) count(policy.last, meant[i]);
    }
  };
  // Both seats' choices in one row: games whose matches have one decision a seat, out of two actions, once a round.
  store.query(
      "SELECT p.name, (SELECT name FROM action WHERE action_set = a.action_set AND number = 0), a.actions, "
      "coalesce(a.done, a.actions), q.name, (SELECT name FROM action WHERE action_set = b.action_set AND number = 0), "
      "b.actions, coalesce(b.done, b.actions) FROM match m "
      "JOIN choices a ON a.match = m.id AND a.seat = 1 JOIN choices b ON b.match = m.id AND b.seat = 2 "
      "JOIN player p ON p.lineup = m.lineup AND p.seat = 1 JOIN player q ON q.lineup = m.lineup AND q.seat = 2 "
      "WHERE m.number IS NOT NULL AND m.status = 'whole' AND a.rounds IS NULL AND b.rounds IS NULL "
      "AND (SELECT count(*) FROM choices k WHERE k.match = m.id) = 2 "
      "AND (SELECT count(*) FROM action x WHERE x.action_set = a.action_set) = 2 "
      "AND (SELECT count(*) FROM action x WHERE x.action_set = b.action_set) = 2 ORDER BY m.number",
      {}, [&](const Store::Row& row) {
        auto seat = [&](size_t at) {
          return Seat{row[at].string(), row[at + 1].string(), from_json(row[at + 2].string()),
                      from_json(row[at + 3].string())};
        };
        const Seat one = seat(0), two = seat(4);
        add(one, two);
        add(two, one);
      });
  std::vector<Policy> out;
  for (auto& [name, policy] : found) out.push_back(std::move(policy));
  return out;
}

Table policy_table(const std::vector<Policy>& policies) {
  Table out;
  out.title = "policies";
  using Align = Table::Column::Align;
  out.columns = {{"player", Align::left, true}};
  for (const char* name : {"round 1", "after 1 1", "after 1 2", "after 2 1", "after 2 2", "last round"})
    out.columns.push_back({name, Align::right});
  auto text = [](const Policy::Share& share) {
    if (share.n == 0) return Value();
    const std::string of = fmt::format("{:.2f}", static_cast<double>(share.first) / static_cast<double>(share.n));
    return Value(fmt::format("{} of {}", of[0] == '0' ? of.substr(1) : of, share.n));
  };
  for (const Policy& p : policies) {
    out.add({p.player, text(p.opening), text(p.after[0]), text(p.after[1]), text(p.after[2]), text(p.after[3]),
             text(p.last)});
  }
  out.notes.emplace_back(
      "Shares of the first action. after 1 2: in the round before, it did its first action and the other its second.");
  return out;
}

}  // namespace parley
