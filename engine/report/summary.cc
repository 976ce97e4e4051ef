#include "report/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_set>

#include "base/json.h"

namespace parley {
namespace {

constexpr double kLowMass = .5;

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
        "SELECT lineup, name, model IS NOT NULL FROM player ORDER BY lineup, seat", {},
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
            closed_.resize(id * 2 + 1);
          }
          by_match_[id] = &group;
          closed_[id] = whole_of(r[8]);
          const std::string& status = r[3].string();
          if (status == "whole") ++group.row.whole;
          if (status == "void") ++group.row.voided;
          if (status == "failed") ++group.row.failed;
          if (status == "whole") group.traces.insert(r[7].number());
          group.row.missing += static_cast<uint64_t>(whole_of(r[4]));
          if (r[5].is_nil()) return;
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
      if (r[3].is_nil()) return;
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
                   if (!group) return;
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
  std::vector<int64_t> closed_;   // by row
  Value vary_;
};

std::string share_text(double share) {
  std::string text = fmt::format("{:.2f}", share);
  return text[0] == '0' ? text.substr(1) : text;
}

std::string amount_text(double amount) {
  return std::abs(amount) >= 1000 ? fmt::format("{:.0f}", amount) : fmt::format("{:.2f}", amount);
}

std::string players_text(const SummaryRow& row) {
  std::vector<std::string> names;
  for (const SeatSummary& s : row.seats) names.push_back(s.player);
  // Many of the same: "12 direct"
  if (names.size() > 2 && std::all_of(names.begin(), names.end(), [&](const auto& n) { return n == names[0]; })) {
    return fmt::format("{} x {}", names.size(), names[0]);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

// A number for each seat, or for many seats their mean and range.
std::string by_seat(const std::vector<std::optional<double>>& numbers, std::string (*text)(double)) {
  std::vector<double> there;
  std::string out;
  for (const auto& n : numbers) {
    out += (out.empty() ? "" : " ") + (n ? text(*n) : std::string("-"));
    if (n) there.push_back(*n);
  }
  if (there.empty()) return "";
  if (numbers.size() <= 4) return out;
  double sum = 0;
  for (double n : there) sum += n;
  auto [least, most] = std::minmax_element(there.begin(), there.end());
  return fmt::format("{} ({} to {})", text(sum / static_cast<double>(there.size())), text(*least), text(*most));
}

std::string payoffs_text(const SummaryRow& row) {
  std::vector<std::optional<double>> payoffs;
  for (const SeatSummary& s : row.seats) payoffs.push_back(s.payoff);
  return by_seat(payoffs, amount_text);
}

// "cooperate .62 .50"; "trust .50, work .80"; "offer 43.20, accept .75".
// Names are cut to `most`.
std::string choices_text(const SummaryRow& row, size_t most) {
  struct Said {
    std::string what;
    bool share;
    std::vector<std::optional<double>> numbers;
  };
  std::vector<Said> all;  // by decision and first action, in the order of seats
  for (const SeatSummary& s : row.seats) {
    for (const DecisionSummary& d : s.decisions) {
      if (!d.share && !d.mean) continue;
      std::string what = d.share ? d.first : d.decision;
      auto at = std::find_if(all.begin(), all.end(),
                             [&](const Said& said) { return said.what == what && said.share == d.share.has_value(); });
      if (at == all.end()) at = all.insert(all.end(), {what, d.share.has_value(), {}});
      at->numbers.push_back(d.share ? d.share : d.mean);
    }
  }
  std::string out;
  for (const Said& said : all) {
    out += (out.empty() ? "" : ", ") + shortened(said.what, most) + " " +
           by_seat(said.numbers, said.share ? share_text : amount_text);
  }
  return out;
}

std::string mass_text(const std::optional<double>& mass) {
  if (!mass) return "";
  return share_text(*mass) + (*mass < kLowMass ? "!" : "");
}

Value text_or_nil(std::string text) { return text.empty() ? Value() : Value(std::move(text)); }

// Names of actions are cut to `most`; fold: where nothing is void, missing or failed, a note says so instead of columns.
Table text_table(const std::vector<SummaryRow>& rows, size_t most, bool fold) {
  // One line-up a condition: what is varied in columns of its own. Several: a heading for each condition.
  std::map<std::string, size_t> lineups;
  bool several = false, players_differ = false, scored = false, low = false, varied = false, clean = true;
  std::vector<std::string> factors;
  for (const SummaryRow& row : rows) {
    several = several || ++lineups[row.condition] > 1;
    players_differ = players_differ || players_text(row) != players_text(rows[0]);
    scored = scored || row.mass;
    low = low || (row.mass && *row.mass < kLowMass);
    varied = varied || !row.condition.empty();
    clean = clean && row.voided + row.missing + row.failed == 0;
    if (!row.levels.is_record()) continue;
    for (const auto& [factor, level] : row.levels.record()) {
      if (std::find(factors.begin(), factors.end(), factor) == factors.end()) factors.push_back(factor);
    }
  }
  several = several && varied;
  fold = fold && clean;
  using Align = Table::Column::Align;
  Table table;
  if (!several) {
    for (const std::string& factor : factors) table.columns.push_back({factor, Align::left, true});
  }
  bool players = several || players_differ || factors.empty();
  if (players) table.columns.push_back({"players", Align::left, true});
  for (const char* name : {"matches", "payoff"}) table.columns.push_back({name, Align::right, false});
  table.columns.push_back({"chose", Align::left, false});
  for (const char* name : {"equal", "mass", "void", "miss", "fail", "diff"}) {
    std::string_view counted(name);
    if (!fold || (counted != "void" && counted != "miss" && counted != "fail")) {
      table.columns.push_back({name, Align::right, false});
    }
  }
  const std::string* condition = nullptr;
  for (const SummaryRow& row : rows) {
    if (several && (!condition || *condition != row.condition)) {
      table.rows.push_back({{}, row.condition});
      condition = &row.condition;
    }
    std::vector<Value> cells;
    if (!several) {
      for (const std::string& factor : factors) cells.push_back(row.levels[factor]);
    }
    if (players) cells.emplace_back(players_text(row));
    cells.emplace_back(row.whole == row.planned ? std::to_string(row.planned)
                                                : fmt::format("{}/{}", row.whole, row.planned));
    cells.push_back(text_or_nil(payoffs_text(row)));
    cells.push_back(text_or_nil(choices_text(row, most)));
    cells.push_back(row.equal ? Value(share_text(*row.equal)) : Value());
    cells.push_back(text_or_nil(mass_text(row.mass)));
    for (uint64_t n : {row.voided, row.missing, row.failed}) {
      if (!fold) cells.emplace_back(std::to_string(n));
    }
    cells.emplace_back(std::to_string(row.distinct));
    table.add(std::move(cells));
  }
  table.notes = {"payoff: mean a round, by seat. chose: share of the first action, or mean of numbers, by seat.",
                 std::string("equal: share of rounds in which both chose alike.") +
                     (fold ? " Nothing is void, missing or failed." : " miss: choices that could not be read."),
                 "diff: how many matches differ in any choice."};
  if (scored) table.notes.back() += " mass: median legal mass of scored choices.";
  if (low)
    table.notes.emplace_back("!: mass under .5; the model rather wanted to say something that is no legal answer.");
  return table;
}

}  // namespace

std::vector<SummaryRow> summarize(const Store& store) { return Summarizer(store).run(); }

Table summary_text(const std::vector<SummaryRow>& rows, size_t width) {
  Table table;
  for (auto [most, fold] :
       {std::pair<size_t, bool>{40, false}, {12, false}, {9, false}, {12, true}, {9, true}, {6, true}}) {
    table = text_table(rows, most, fold);
    if (natural_width(table) <= width) break;
  }
  return table;
}

Table summary_data(const std::vector<SummaryRow>& rows) {
  // What there is of seats and decisions in any row.
  size_t seats = 0;
  std::vector<std::string> factors;
  std::vector<std::map<std::string, std::pair<bool, bool>>> decisions;  // by seat: name -> (has shares, has means)
  for (const SummaryRow& row : rows) {
    seats = std::max(seats, row.seats.size());
    decisions.resize(seats);
    for (size_t i = 0; i < row.seats.size(); ++i) {
      for (const DecisionSummary& d : row.seats[i].decisions) {
        auto& has = decisions[i][d.decision];
        has.first = has.first || d.share;
        has.second = has.second || d.mean;
      }
    }
    if (!row.levels.is_record()) continue;
    for (const auto& [factor, level] : row.levels.record()) {
      if (std::find(factors.begin(), factors.end(), factor) == factors.end()) factors.push_back(factor);
    }
  }
  Table table;
  auto column = [&](std::string name) { table.columns.push_back({std::move(name)}); };
  column("condition");
  for (const std::string& factor : factors) column("factor_" + factor);
  for (size_t i = 0; i < seats; ++i) column(fmt::format("player_{}", i + 1));
  for (const char* name : {"planned", "whole", "void", "failed", "missing"}) column(name);
  for (size_t i = 0; i < seats; ++i) {
    column(fmt::format("payoff_{}", i + 1));
    for (const auto& [name, has] : decisions[i]) {
      if (has.first) {
        column(fmt::format("{}_{}_first", name, i + 1));
        column(fmt::format("{}_{}_share", name, i + 1));
      }
      if (has.second) column(fmt::format("{}_{}_mean", name, i + 1));
    }
  }
  for (const char* name : {"equal", "mass", "distinct"}) column(name);
  auto number = [](const std::optional<double>& n) { return n ? Value(*n) : Value(); };
  for (const SummaryRow& row : rows) {
    std::vector<Value> cells{row.condition};
    for (const std::string& factor : factors) cells.push_back(row.levels[factor]);
    for (size_t i = 0; i < seats; ++i) cells.push_back(i < row.seats.size() ? Value(row.seats[i].player) : Value());
    for (uint64_t n : {row.planned, row.whole, row.voided, row.failed, row.missing}) cells.emplace_back(n);
    for (size_t i = 0; i < seats; ++i) {
      const SeatSummary none, &s = i < row.seats.size() ? row.seats[i] : none;
      cells.push_back(number(s.payoff));
      for (const auto& [name, has] : decisions[i]) {
        auto at = std::find_if(s.decisions.begin(), s.decisions.end(),
                               [&, of = &name](const auto& d) { return d.decision == *of; });
        const DecisionSummary nothing, &d = at == s.decisions.end() ? nothing : *at;
        if (has.first) {
          cells.push_back(text_or_nil(d.first));
          cells.push_back(number(d.share));
        }
        if (has.second) cells.push_back(number(d.mean));
      }
    }
    cells.push_back(number(row.equal));
    cells.push_back(number(row.mass));
    cells.emplace_back(row.distinct);
    table.add(std::move(cells));
  }
  return table;
}

Value summary_value(const std::vector<SummaryRow>& rows) {
  Value::List out;
  auto put = [](Value::Record& record, const char* name, const std::optional<double>& n) {
    if (n) record.emplace(name, *n);
  };
  for (const SummaryRow& row : rows) {
    Value::List seats;
    for (const SeatSummary& s : row.seats) {
      Value::List decisions;
      for (const DecisionSummary& d : s.decisions) {
        Value::Record decision{{"decision", d.decision}, {"made", d.made}};
        if (!d.first.empty()) decision.emplace("first", d.first);
        put(decision, "share", d.share);
        put(decision, "mean", d.mean);
        decisions.push_back(std::move(decision));
      }
      Value::Record seat{{"name", s.name}, {"player", s.player}, {"decisions", std::move(decisions)}};
      put(seat, "payoff", s.payoff);
      seats.push_back(std::move(seat));
    }
    Value::Record record{{"condition", row.condition}, {"levels", row.levels},   {"seats", std::move(seats)},
                         {"planned", row.planned},     {"whole", row.whole},     {"void", row.voided},
                         {"failed", row.failed},       {"missing", row.missing}, {"distinct", row.distinct}};
    put(record, "equal", row.equal);
    put(record, "mass", row.mass);
    out.push_back(std::move(record));
  }
  return out;
}

}  // namespace parley
