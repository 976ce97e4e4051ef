#include "model/llama_labels.h"

#include <algorithm>
#include <cmath>

namespace parley {
namespace {
constexpr double kLeast = -700;
}

double log_sum(const float* logits, size_t size) {
  double most = *std::max_element(logits, logits + size), sum = 0;
  for (size_t i = 0; i < size; ++i) sum += std::exp(static_cast<double>(logits[i]) - most);
  return most + std::log(sum);
}

LabelTree::LabelTree(const std::vector<Tokens>& labels) {
  for (const Tokens& label : labels) {
    int at = 0;
    for (llama_token token : label) {
      auto [child, fresh] = nodes_[static_cast<size_t>(at)].children.emplace(token, static_cast<int>(nodes_.size()));
      int next = child->second;
      if (fresh) nodes_.push_back(Node{.parent = at});
      at = next;
    }
    ends_.push_back(at);
  }
  // Depth first, in the order of tokens; a chain ends where no child has children.
  Tokens path;
  auto walk = [&](auto& self, int at) -> void {
    bool last = true;
    for (auto [token, child] : nodes_[static_cast<size_t>(at)].children) {
      if (nodes_[static_cast<size_t>(child)].children.empty()) continue;
      last = false;
      path.push_back(token);
      self(self, child);
      path.pop_back();
    }
    if (last && !path.empty()) chains_.push_back(path);
  };
  walk(walk, 0);
}

void LabelTree::see(const Tokens& chain, size_t depth, const float* logits, size_t size) {
  size_t at = 0;
  for (size_t i = 0; i < depth; ++i) at = static_cast<size_t>(nodes_[at].children.at(chain[i]));
  double all = log_sum(logits, size);
  for (auto [token, child] : nodes_[at].children) {
    nodes_[static_cast<size_t>(child)].own = static_cast<double>(logits[token]) - all;
  }
  if (std::find(ends_.begin(), ends_.end(), static_cast<int>(at)) == ends_.end()) return;
  // Summed over the others, not 1 minus the children: that would lose all digits where the children are nearly sure.
  double others = 0;
  for (size_t t = 0; t < size; ++t) {
    if (!nodes_[at].children.count(static_cast<llama_token>(t)))
      others += std::exp(static_cast<double>(logits[t]) - all);
  }
  nodes_[at].rest = others > 0 ? std::log(others) : kLeast;
}

std::vector<double> LabelTree::scores() const {
  std::vector<double> out;
  for (int end : ends_) {
    double score = nodes_[static_cast<size_t>(end)].rest;
    for (int at = end; at != 0; at = nodes_[static_cast<size_t>(at)].parent)
      score += nodes_[static_cast<size_t>(at)].own;
    out.push_back(std::clamp(score, kLeast, 0.0));
  }
  return out;
}

}  // namespace parley
