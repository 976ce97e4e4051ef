#include "api/commands/tree_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "api/console.h"

namespace parley {
namespace {

using Align = Table::Column::Align;
constexpr size_t kShown = 21;  // histories that people are shown

// For people three places are enough; for programs, all there are.
Value share(double n, bool in_full) {
  if (in_full) return n;
  const std::string text = fmt::format("{:.3f}", n);
  return text[0] == '0' ? text.substr(1) : text;
}
Value amount(double n, bool in_full) { return in_full ? Value(n) : Value(number_text(std::round(n * 1e4) / 1e4)); }

Value names(const Moves& moves, const std::vector<Value>& actions) {
  std::string out;
  for (int move : moves) out += (out.empty() ? "" : ", ") + value_text(actions[static_cast<size_t>(move)]);
  return out;
}

}  // namespace

std::vector<std::string> TreeTables::pairs() const {
  std::vector<std::string> out;
  for (const Value& own : shape.own_actions) {
    for (const Value& other : shape.other_actions) out.push_back(value_text(own) + ", " + value_text(other));
  }
  return out;
}

Table TreeTables::histories(bool in_full) const {
  const bool scored = !tree.nodes.begin()->second.scores.empty();
  Table out;
  out.title = "histories";
  out.columns = {{"round", Align::right}, {own_seat + " so far", Align::left}, {other_seat + " so far", Align::left}};
  if (!shape.branches) out.columns.push_back({"chooses", Align::left});
  if (scored) {
    for (const Value& action : shape.own_actions) out.columns.push_back({"p " + value_text(action), Align::right});
    out.columns.push_back({"legal mass", Align::right});
  }
  int last = shape.rounds;
  const int branches = shape.branches ? shape.own * shape.other : shape.other;
  while (!in_full && last > 1 && parley::histories(branches, last) > kShown) --last;
  std::vector<double> masses;
  for (const auto& [history, node] : tree.nodes) {
    masses.push_back(node.mass);
    if (static_cast<int>(history.rounds()) >= last) continue;
    std::vector<Value> row = {static_cast<double>(history.rounds() + 1), names(history.own, shape.own_actions),
                              names(history.other, shape.other_actions)};
    if (!shape.branches) row.push_back(value_text(shape.own_actions[static_cast<size_t>(likeliest(node.chance))]));
    if (scored) {
      for (double score : node.scores) row.push_back(share(score, in_full));
      row.push_back(share(node.mass, in_full));
    }
    out.add(std::move(row));
  }
  std::string note =
      fmt::format("{} of {}", counted(shape.nodes(), "history", "histories"), counted(shape.rounds, "round", "rounds"));
  if (last < shape.rounds) note += fmt::format(", of which these are rounds 1 to {} (--csv and --json have all)", last);
  if (scored) {
    std::sort(masses.begin(), masses.end());
    note += fmt::format(". Legal mass: median {:.2f}, least {:.2f}", masses[masses.size() / 2], masses[0]);
  }
  out.notes.push_back(note + ".");
  return out;
}

Table TreeTables::memory_one(bool in_full) const {
  const MemoryOne found = parley::memory_one(tree, uniform_opponent(shape.other));
  const bool scores = !shape.branches && !found.opening.scores.empty();
  Table out;
  out.title = "memory_one";
  out.columns = {{"round", Align::left},
                 {own_seat + " before", Align::left},
                 {other_seat + " before", Align::left},
                 {"histories", Align::right}};
  for (const Value& action : shape.own_actions) out.columns.push_back({value_text(action), Align::right});
  for (const Value& action : shape.own_actions) {
    if (scores) out.columns.push_back({"mean p " + value_text(action), Align::right});
  }
  auto add = [&](const char* round, Value own, Value other, const MemoryOne::After& after) {
    std::vector<Value> row = {round, std::move(own), std::move(other), static_cast<double>(after.histories)};
    for (size_t i = 0; i < shape.own_actions.size(); ++i)
      row.push_back(after.histories == 0 ? Value() : share(after.chance[i], in_full));
    for (size_t i = 0; scores && i < shape.own_actions.size(); ++i)
      row.push_back(after.histories == 0 ? Value() : share(after.scores[i], in_full));
    out.add(std::move(row));
  };
  add("1", {}, {}, found.opening);
  for (size_t pair = 0; shape.rounds > 1 && pair < found.after.size(); ++pair) {
    add("later", shape.own_actions[pair / shape.other_actions.size()],
        shape.other_actions[pair % shape.other_actions.size()], found.after[pair]);
  }
  out.notes.push_back(
      fmt::format("How often it chooses each action, by the round before; histories are weighted by their chance "
                  "against an opponent that chooses evenly{}.",
                  scores ? ". mean p: the mean probability of its label, of which the largest is chosen" : ""));
  return out;
}

Table TreeTables::against(const std::vector<Against>& all, bool in_full) const {
  const bool drawn = std::any_of(all.begin(), all.end(), [](const Against& a) { return a.result.matches > 0; });
  Table out;
  out.title = "against";
  out.columns = {
      {"against", Align::left}, {own_seat + " payoff", Align::right}, {other_seat + " payoff", Align::right}};
  if (drawn || in_full) {
    out.columns.push_back({own_seat + " s.e.", Align::right});
    out.columns.push_back({other_seat + " s.e.", Align::right});
    out.columns.push_back({"matches", Align::right});
  }
  // Of two actions the second's share goes without saying.
  const int own = in_full || shape.own > 2 ? shape.own : 1, other = in_full || shape.other > 2 ? shape.other : 1;
  for (int i = 0; i < own; ++i)
    out.columns.push_back({own_seat + " " + value_text(shape.own_actions[static_cast<size_t>(i)]), Align::right});
  for (int j = 0; j < other; ++j)
    out.columns.push_back({other_seat + " " + value_text(shape.other_actions[static_cast<size_t>(j)]), Align::right});
  const std::vector<std::string> pair_names = pairs();
  for (size_t pair = 0; pair < pair_names.size(); ++pair) {
    const size_t others = shape.other_actions.size();
    out.columns.push_back(
        {in_full ? pair_names[pair] : fmt::format("{} {}", pair / others + 1, pair % others + 1), Align::right});
  }
  for (const Against& one : all) {
    const Played& played = one.result;
    const std::vector<double> joint = played.mean.overall();
    std::vector<Value> row = {one.opponent, amount(played.mean.payoff[0], in_full),
                              amount(played.mean.payoff[1], in_full)};
    if (drawn || in_full) {
      for (size_t who : {0, 1}) row.push_back(played.matches > 0 ? amount(played.error[who], in_full) : Value());
      row.push_back(played.matches > 0 ? Value(played.matches) : Value());
    }
    for (int i = 0; i < own; ++i) row.push_back(share(Expected::share(joint, shape.other, 0, i), in_full));
    for (int j = 0; j < other; ++j) row.push_back(share(Expected::share(joint, shape.other, 1, j), in_full));
    for (double p : joint) row.push_back(share(p, in_full));
    out.add(std::move(row));
  }
  std::string note = fmt::format("Payoffs of {}, and shares of its choices. 1 2: {} its first action, {} its second.",
                                 counted(shape.rounds, "round", "rounds"), own_seat, other_seat);
  note += drawn ? " With matches: that opponent draws, so these are means of matches played with the table, with their "
                  "standard errors; all else is exact."
                : " Exact: there is no sampling error, and nothing to be tested.";
  out.notes.push_back(std::move(note));
  return out;
}

Table TreeTables::rounds(const std::vector<Against>& all) const {
  Table out;
  out.title = "rounds";
  out.columns = {{"against", Align::left}, {"round", Align::right}};
  for (const Value& action : shape.own_actions)
    out.columns.push_back({own_seat + " " + value_text(action), Align::right});
  for (const Value& action : shape.other_actions)
    out.columns.push_back({other_seat + " " + value_text(action), Align::right});
  for (const std::string& pair : pairs()) out.columns.push_back({pair, Align::right});
  for (const Against& one : all) {
    for (size_t round = 0; round < one.result.mean.joint.size(); ++round) {
      const std::vector<double>& joint = one.result.mean.joint[round];
      std::vector<Value> row = {one.opponent, static_cast<double>(round + 1)};
      for (int i = 0; i < shape.own; ++i) row.emplace_back(Expected::share(joint, shape.other, 0, i));
      for (int j = 0; j < shape.other; ++j) row.emplace_back(Expected::share(joint, shape.other, 1, j));
      for (double p : joint) row.emplace_back(p);
      out.add(std::move(row));
    }
  }
  return out;
}

}  // namespace parley
