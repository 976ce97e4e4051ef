// The summary as people and as programs read it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "report/summary.h"

namespace parley {
namespace {

constexpr double kLowMass = .5;

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
  return parley::players_text(names);
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

// What is told of a decision: the share of its first action, or the mean of its numbers, a number for each seat that has it.
struct Told {
  std::string what;  // the action, or the decision
  bool share = false;
  std::vector<std::optional<double>> numbers;
};

// By decision and first action, in the order of seats.
std::vector<Told> told_of(const SummaryRow& row) {
  std::vector<Told> all;
  for (const SeatSummary& s : row.seats) {
    for (const DecisionSummary& d : s.decisions) {
      if (!d.share && !d.mean) continue;
      std::string what = d.share ? d.first : d.decision;
      auto at = std::find_if(all.begin(), all.end(),
                             [&](const Told& told) { return told.what == what && told.share == d.share.has_value(); });
      if (at == all.end()) at = all.insert(all.end(), {what, d.share.has_value(), {}});
      at->numbers.push_back(d.share ? d.share : d.mean);
    }
  }
  return all;
}

// The one thing that is told of every row that tells anything, so that the head of the column can name it; else empty.
std::string told_everywhere(const std::vector<SummaryRow>& rows) {
  std::string name;
  bool share = false;
  for (const SummaryRow& row : rows) {
    for (const Told& told : told_of(row)) {
      if (name.empty()) name = told.what, share = told.share;
      if (told.what != name || told.share != share) return "";
    }
  }
  return name;
}

// "cooperate .62 .50"; "trust .50, work .80"; "offer 43.20, accept .75". Names are cut to `most`; without one where the head has it.
std::string choices_text(const SummaryRow& row, size_t most, bool named) {
  std::string out;
  for (const Told& told : told_of(row)) {
    out += (out.empty() ? "" : ", ") + (named ? shortened(told.what, most) + " " : "") +
           by_seat(told.numbers, told.share ? share_text : amount_text);
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
  bool several = false, players_differ = false, scored = false, low = false, varied = false, clean = true,
       results = false;
  std::vector<std::string> factors;
  for (const SummaryRow& row : rows) {
    several = several || ++lineups[row.condition] > 1;
    players_differ = players_differ || players_text(row) != players_text(rows[0]);
    scored = scored || row.mass;
    low = low || (row.mass && *row.mass < kLowMass);
    varied = varied || !row.condition.empty();
    clean = clean && row.voided + row.missing + row.failed == 0;
    for (const SeatSummary& seat : row.seats) results = results || seat.payoff || !seat.decisions.empty();
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
  const std::string everywhere = told_everywhere(rows);
  table.columns.push_back({everywhere.empty() ? "chose" : "chose " + shortened(everywhere, most), Align::left, false});
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
    cells.push_back(text_or_nil(choices_text(row, most, everywhere.empty())));
    cells.push_back(row.equal ? Value(share_text(*row.equal)) : Value());
    cells.push_back(text_or_nil(mass_text(row.mass)));
    for (uint64_t n : {row.voided, row.missing, row.failed}) {
      if (!fold) cells.emplace_back(std::to_string(n));
    }
    cells.emplace_back(std::to_string(row.distinct));
    table.add(std::move(cells));
  }
  const std::string counts = fold ? "Nothing is void, missing or failed." : "miss: choices that could not be read.";
  if (results)
    table.notes = {"payoff: mean a round, by seat. chose: share of the first action, or mean of numbers, by seat.",
                   "equal: share of rounds in which both chose alike. " + counts};
  else
    table.notes = {counts};
  table.notes.emplace_back("diff: how many matches differ in what was asked, chosen or paid.");
  if (scored) table.notes.back() += " mass: median legal mass of scored choices.";
  if (low)
    table.notes.emplace_back("!: mass under .5; the model rather wanted to say something that is no legal answer.");
  return table;
}

}  // namespace

void hide_results(std::vector<SummaryRow>& rows) {
  for (SummaryRow& row : rows) {
    row.equal.reset();
    for (SeatSummary& seat : row.seats) {
      seat.payoff.reset();
      seat.decisions.clear();
    }
  }
}

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
