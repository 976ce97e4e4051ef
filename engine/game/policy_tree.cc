#include "game/policy_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/error.h"

namespace parley {
namespace {

// Calls visit(history, chance of it, node) for every history that can come about, each after those that it goes on from; then
// step(history, own, other, chance of it and these two actions).
template <typename Visit, typename Step>
void walk(const PolicyTree& tree, const Opponent& opponent, Visit visit, Step step) {
  std::map<History, double> now{{History{}, 1}};
  for (int round = 0; round < tree.rounds; ++round) {
    std::map<History, double> next;
    for (const auto& [history, chance] : now) {
      const PolicyTree::Node& node = tree.at(history);
      visit(history, chance, node);
      const std::vector<double> answer = opponent(history);
      for (int i = 0; i < tree.own; ++i) {
        for (int j = 0; j < tree.other; ++j) {
          const double both = chance * node.chance[static_cast<size_t>(i)] * answer[static_cast<size_t>(j)];
          if (both == 0) continue;
          step(history, i, j, both);
          if (round + 1 < tree.rounds) next.emplace(history.with(i, j), both);
        }
      }
    }
    now = std::move(next);
  }
}

}  // namespace

History History::with(int own_next, int other_next) const {
  History out = *this;
  out.own.push_back(own_next);
  out.other.push_back(other_next);
  return out;
}

bool operator<(const History& a, const History& b) {
  const size_t x = a.own.size(), y = b.own.size();
  return std::tie(x, a.other, a.own) < std::tie(y, b.other, b.own);
}

const PolicyTree::Node& PolicyTree::at(const History& history) const {
  auto found = nodes.find(history);
  if (found == nodes.end())
    throw Error(fmt::format("the table lacks a history that can come about before round {}", history.rounds() + 1));
  return found->second;
}

double histories(int branches, int rounds) {
  double all = 0;
  for (int round = 0; round < rounds; ++round) all += std::pow(branches, round);
  return all;
}

Opponent uniform_opponent(int actions) {
  return [actions](const History&) {
    return std::vector<double>(static_cast<size_t>(actions), 1.0 / static_cast<double>(actions));
  };
}

std::vector<double> Expected::overall() const {
  std::vector<double> out(joint.at(0).size());
  for (const auto& round : joint) {
    for (size_t pair = 0; pair < out.size(); ++pair) out[pair] += round[pair] / static_cast<double>(joint.size());
  }
  return out;
}

double Expected::share(const std::vector<double>& joint, int others, int whose, int action) {
  double out = 0;
  for (size_t pair = 0; pair < joint.size(); ++pair) {
    const int own = static_cast<int>(pair) / others, other = static_cast<int>(pair) % others;
    if ((whose == 0 ? own : other) == action) out += joint[pair];
  }
  return out;
}

Expected expected(const PolicyTree& tree, const std::vector<std::array<double, 2>>& payoffs, const Opponent& opponent) {
  Expected out;
  out.joint.assign(static_cast<size_t>(tree.rounds), std::vector<double>(payoffs.size()));
  walk(
      tree, opponent, [](const History&, double, const PolicyTree::Node&) {},
      [&](const History& history, int own, int other, double chance) {
        const auto pair = static_cast<size_t>(own * tree.other + other);
        out.joint[history.rounds()][pair] += chance;
        out.payoff[0] += chance * payoffs[pair][0];
        out.payoff[1] += chance * payoffs[pair][1];
      });
  return out;
}

MemoryOne memory_one(const PolicyTree& tree, const Opponent& opponent) {
  MemoryOne out;
  out.after.resize(static_cast<size_t>(tree.own * tree.other));
  auto add = [](MemoryOne::After& to, double chance, const PolicyTree::Node& node) {
    to.weight += chance;
    ++to.histories;
    to.chance.resize(node.chance.size());
    to.scores.resize(node.scores.size());
    for (size_t i = 0; i < node.chance.size(); ++i) to.chance[i] += chance * node.chance[i];
    for (size_t i = 0; i < node.scores.size(); ++i) to.scores[i] += chance * node.scores[i];
  };
  walk(
      tree, opponent,
      [&](const History& history, double chance, const PolicyTree::Node& node) {
        if (history.rounds() == 0) return add(out.opening, chance, node);
        add(out.after[static_cast<size_t>(history.own.back() * tree.other + history.other.back())],
            chance / static_cast<double>(tree.rounds - 1), node);
      },
      [](const History&, int, int, double) {});
  auto mean = [](MemoryOne::After& after) {
    for (auto* values : {&after.chance, &after.scores}) {
      for (double& value : *values) value /= after.weight;
    }
  };
  mean(out.opening);
  for (MemoryOne::After& after : out.after) mean(after);
  return out;
}

Value frozen_policy(const PolicyTree& tree, const std::vector<std::string>& letters) {
  auto spelt = [&](const Moves& moves) {
    std::string out;
    for (int move : moves) out += letters[static_cast<size_t>(move)];
    return out;
  };
  const bool certain = static_cast<double>(tree.nodes.size()) == histories(tree.other, tree.rounds) &&
                       std::all_of(tree.nodes.begin(), tree.nodes.end(), [](const auto& node) {
                         return std::count(node.second.chance.begin(), node.second.chance.end(), 1.0) == 1;
                       });
  Value::Record out;
  for (const auto& [history, node] : tree.nodes) {
    if (certain) {
      out.emplace(spelt(history.other), letters[static_cast<size_t>(likeliest(node.chance))]);
      continue;
    }
    Value::Record chances;
    for (size_t i = 0; i < node.chance.size(); ++i) chances.emplace(letters[i], node.chance[i]);
    out.emplace(spelt(history.own) + "/" + spelt(history.other), std::move(chances));
  }
  return out;
}

int likeliest(const std::vector<double>& chance) {
  return static_cast<int>(std::max_element(chance.begin(), chance.end()) - chance.begin());
}

}  // namespace parley
