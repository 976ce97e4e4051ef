#include "game/orders.h"

#include <fmt/format.h>

#include <utility>

#include "base/random.h"

namespace parley {
namespace {

std::vector<int> rotated(int k, int by) {
  std::vector<int> order(static_cast<size_t>(k));
  for (int i = 0; i < k; ++i) order[static_cast<size_t>(i)] = (i + by) % k;
  return order;
}

std::vector<int> reversed(int k) {
  std::vector<int> order(static_cast<size_t>(k));
  for (int i = 0; i < k; ++i) order[static_cast<size_t>(i)] = k - 1 - i;
  return order;
}

// A stated order, numbers from 1, where it is one of k things; else as given.
std::vector<int> stated(const Value& list, int k) {
  if (list.list().size() != static_cast<size_t>(k)) return rotated(k, 0);
  std::vector<int> order;
  for (const Value& number : list.list()) order.push_back(static_cast<int>(number.number()) - 1);
  return order;
}

std::vector<int> fixed(const Value& how, int k) {
  if (how.is_list()) return stated(how, k);
  return how == "reversed" ? reversed(k) : rotated(k, 0);
}

std::vector<int> balanced(const Plan& plan, Nuisance factor, int k) {
  return rotated(k, balanced_level(factor, k, plan.block, plan.seed));
}

}  // namespace

std::vector<int> label_map(const Plan& plan, int k) {
  const Rules& rules = plan.condition->rules;
  if (rules.label_map != "balanced") return fixed(rules.label_map, k);
  if (rules.labels.is_record() && k != 2) return rotated(k, 0);
  return balanced(plan, Nuisance::label_map, k);
}

std::map<std::string, std::string> labels_by_action(const Plan& plan, const std::vector<Value>& actions) {
  const Value& labels = plan.condition->rules.labels;
  std::vector<std::string> names, words;
  if (labels.is_record()) {
    for (const auto& [name, word] : labels.record()) {
      names.push_back(name);
      words.push_back(word.string());
    }
  } else if (labels.is_list()) {
    for (const Value& action : actions) names.push_back(action.string());
    for (const Value& word : labels.list()) words.push_back(word.string());
  }
  std::map<std::string, std::string> out;
  const std::vector<int> map = label_map(plan, static_cast<int>(names.size()));
  for (size_t i = 0; i < names.size(); ++i) out.emplace(names[i], words.at(static_cast<size_t>(map[i])));
  return out;
}

std::vector<int> option_order(const Plan& plan, int k, int round) {
  const Value& how = plan.condition->rules.option_order;
  if (how == "balanced") return balanced(plan, Nuisance::option_order, k);
  if (how == "each_round") {
    const Draws draws(fmt::format("{}|{}|option_order", plan.seed, plan.block));
    std::vector<int> order = rotated(k, 0);
    for (size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[draws.below(i, static_cast<uint64_t>(round), i)]);
    }
    return order;
  }
  if (how.is_list() && !how.list().empty() && how.list()[0].is_list()) {
    const Value::List& rounds = how.list();
    const size_t at = static_cast<size_t>(round) - 1;
    return at < rounds.size() ? stated(rounds[at], k) : rotated(k, 0);
  }
  return fixed(how, k);
}

std::vector<int> payoff_order(const Plan& plan, int n) {
  const Value& how = plan.condition->rules.payoff_order;
  if (how != "balanced") return fixed(how, n);
  return n > 1 && balanced_level(Nuisance::payoff_order, 2, plan.block, plan.seed) == 1 ? reversed(n) : rotated(n, 0);
}

}  // namespace parley
