#include "report/summary.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "base/json.h"

namespace parley {
namespace {

int64_t whole_of(const Value& v) { return v.is_number() ? static_cast<int64_t>(v.number()) : 0; }

// What is summed up for one seat's decision.
struct Tally {
  double made = 0, first = 0, sum = 0;
  double counted_first = 0, counted_sum = 0;  // choices out of lists, out of ranges
  std::string name;
  bool one_name = true;
};

struct Group {
  SummaryRow row;
  bool asks_first = false;
  double pairs = 0, equal = 0;
  bool paired = false;
  std::vector<double> closed, total;  // by seat
  std::vector<bool> paid;
  std::vector<std::map<std::string, Tally>> tallies;
  std::unordered_set<double> traces;
  std::vector<double> masses;
};

class Summarizer {
 public:
  explicit Summarizer(const Store& store) : store_(store) {}

  std::vector<SummaryRow> run() {
    plans();
    if (groups_.empty()) return {};
    matches();
    seats();
    choices();
    masses();
    std::vector<Group*> order;
    for (auto& [key, group] : groups_) order.push_back(&group);
    std::sort(order.begin(), order.end(), [&](Group* a, Group* b) { return rank(*a) < rank(*b); });
    std::vector<SummaryRow> rows;
    for (Group* group : order) rows.push_back(finished(*group));
    return rows;
  }

 private:
  using Key = std::pair<int64_t, int64_t>;  // condition, line-up

  void plans() {
    store_.query(
        "SELECT p.condition, p.lineup, p.planned, c.name, c.levels FROM (SELECT condition, lineup, count(*) AS planned "
        "FROM plan GROUP BY 1, 2) p JOIN condition c ON c.id = p.condition",
        {}, [&](const Store::Row& r) {
          Group& group = groups_[{whole_of(r[0]), whole_of(r[1])}];
          group.row.planned = static_cast<uint64_t>(whole_of(r[2]));
          group.row.condition = r[3].string();
          group.row.levels = from_json(r[4].string());
        });
    std::map<int64_t, std::vector<std::pair<std::string, bool>>> players;
    store_.query(
        "SELECT lineup, name, model IS NOT NULL FROM player WHERE watches IS NULL ORDER BY lineup, seat", {},
        [&](const Store::Row& r) { players[whole_of(r[0])].emplace_back(r[1].string(), whole_of(r[2]) != 0); });
    for (auto& [key, group] : groups_) {
      const auto& names = players[key.second];
      group.asks_first = !names.empty() && names[0].second;
      for (size_t i = 0; i < names.size(); ++i) seat(group, i).player = names[i].first;
    }
    if (auto study = store_.study()) vary_ = study->fields["vary"];
  }

  SeatSummary& seat(Group& group, size_t i) {
    if (group.row.seats.size() <= i) {
      group.row.seats.resize(i + 1);
      group.closed.resize(i + 1);
      group.total.resize(i + 1);
      group.paid.resize(i + 1);
      group.tallies.resize(i + 1);
    }
    return group.row.seats[i];
  }

  // The group of a match by its row; nullptr where it is none of those.
  Group* of_match(const Value& row) {
    auto id = static_cast<size_t>(whole_of(row));
    return id < by_match_.size() ? by_match_[id] : nullptr;
  }

  bool is_whole(const Value& row) const { return closed_[static_cast<size_t>(whole_of(row))] >= 0; }

  void matches() {
    store_.query(
        "SELECT id, condition, lineup, status, missing, pairs, equal, trace, closed FROM match WHERE number IS NOT "
        "NULL",
        {}, [&](const Store::Row& r) {
          auto at = groups_.find({whole_of(r[1]), whole_of(r[2])});
          if (at == groups_.end()) return;
          Group& group = at->second;
          auto id = static_cast<size_t>(whole_of(r[0]));
          if (by_match_.size() <= id) {
            by_match_.resize(id * 2 + 1);
            closed_.resize(id * 2 + 1, -1);
          }
          by_match_[id] = &group;
          const std::string& status = r[3].string();
          if (status == "whole") closed_[id] = whole_of(r[8]);
          if (status == "whole") ++group.row.whole;
          if (status == "void") ++group.row.voided;
          if (status == "failed") ++group.row.failed;
          if (status == "whole") group.traces.insert(r[7].number());
          group.row.missing += static_cast<uint64_t>(whole_of(r[4]));
          if (r[5].is_nil() || status != "whole") return;
          group.paired = true;
          group.pairs += r[5].number();
          group.equal += r[6].number();
        });
  }

  void seats() {
    store_.query("SELECT match, seat, name, total FROM seat", {}, [&](const Store::Row& r) {
      Group* group = of_match(r[0]);
      if (!group) return;
      auto i = static_cast<size_t>(whole_of(r[1])) - 1;
      SeatSummary& s = seat(*group, i);
      if (s.name.empty()) s.name = r[2].string();
      if (r[3].is_nil() || !is_whole(r[0])) return;
      group->paid[i] = true;
      group->total[i] += r[3].number();
      group->closed[i] += static_cast<double>(closed_[static_cast<size_t>(whole_of(r[0]))]);
    });
  }

  void choices() {
    std::map<int64_t, std::string> firsts;
    store_.query("SELECT action_set, name FROM action WHERE number = 0", {},
                 [&](const Store::Row& r) { firsts[whole_of(r[0])] = value_text(r[1]); });
    store_.query("SELECT match, seat, decision, action_set, made, first, mean FROM choices", {},
                 [&](const Store::Row& r) {
                   Group* group = of_match(r[0]);
                   if (!group || !is_whole(r[0])) return;
                   auto i = static_cast<size_t>(whole_of(r[1])) - 1;
                   seat(*group, i);
                   Tally& tally = group->tallies[i][r[2].string()];
                   double made = r[4].number();
                   tally.made += made;
                   if (!r[5].is_nil()) {
                     tally.first += r[5].number();
                     tally.counted_first += made;
                     auto first = firsts.find(whole_of(r[3]));
                     if (first == firsts.end() || (!tally.name.empty() && tally.name != first->second))
                       tally.one_name = false;
                     else
                       tally.name = first->second;
                   }
                   if (!r[6].is_nil()) {
                     tally.sum += r[6].number() * made;
                     tally.counted_sum += made;
                   }
                 });
  }

  void masses() {
    store_.query("SELECT match, mass FROM question WHERE mass IS NOT NULL", {}, [&](const Store::Row& r) {
      if (Group* group = of_match(r[0])) group->masses.push_back(r[1].number());
    });
  }

  SummaryRow finished(Group& group) {
    SummaryRow& row = group.row;
    for (size_t i = 0; i < row.seats.size(); ++i) {
      if (group.paid[i] && group.closed[i] > 0) row.seats[i].payoff = group.total[i] / group.closed[i];
      for (const auto& [decision, tally] : group.tallies[i]) {
        DecisionSummary d;
        d.decision = decision;
        d.made = static_cast<uint64_t>(tally.made);
        if (tally.one_name && tally.counted_first > 0 && tally.counted_first == tally.made) {
          d.first = tally.name;
          d.share = tally.first / tally.counted_first;
        }
        if (tally.counted_sum > 0 && tally.counted_sum == tally.made) d.mean = tally.sum / tally.counted_sum;
        row.seats[i].decisions.push_back(d);
      }
    }
    if (group.paired && group.pairs > 0) row.equal = group.equal / group.pairs;
    if (auto& m = group.masses; !m.empty()) {
      auto middle = m.begin() + static_cast<std::ptrdiff_t>(m.size() / 2);
      std::nth_element(m.begin(), middle, m.end());
      double upper = *middle;
      row.mass = m.size() % 2 ? upper : (upper + *std::max_element(m.begin(), middle)) / 2;
    }
    row.distinct = group.traces.size();
    return row;
  }

  // Levels by their place in `vary`, then players.
  Value rank(const Group& group) const {
    Value::List out;
    if (group.row.levels.is_record()) {
      for (const auto& [factor, level] : group.row.levels.record()) {
        const Value& levels = vary_[factor];
        size_t place = 0;
        if (levels.is_list()) {
          const auto& list = levels.list();
          place = static_cast<size_t>(std::find(list.begin(), list.end(), level) - list.begin());
        }
        out.push_back(Value::List{static_cast<uint64_t>(place), level});
      }
    }
    out.emplace_back(group.row.condition);
    out.emplace_back(group.asks_first ? 0 : 1);
    for (const SeatSummary& s : group.row.seats) out.emplace_back(s.player);
    return out;
  }

  const Store& store_;
  std::map<Key, Group> groups_;
  std::vector<Group*> by_match_;  // by row
  std::vector<int64_t> closed_;   // by row; -1: it is not whole
  Value vary_;
};

}  // namespace

std::vector<SummaryRow> summarize(const Store& store) { return Summarizer(store).run(); }

}  // namespace parley
