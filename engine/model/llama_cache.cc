#include "model/llama_cache.h"

namespace parley {

template <typename Visit>
size_t KvCache::walk(const Tokens& path, Visit visit) const {
  const Node* at = &root_;
  size_t to = 0;
  while (to < path.size()) {
    auto child = at->children.find({to, path[to]});
    if (child == at->children.end()) break;
    at = child->second.get();
    const Segment& s = *at->segment;
    while (to < path.size() && to < s.end() && path[to] == s.tokens[to - s.start]) ++to;
    visit(const_cast<Node*>(at), to);
  }
  return to;
}

size_t KvCache::size_of(const Segment& segment) {
  return segment.kv.size() + segment.tokens.size() * sizeof(llama_token) + sizeof(Node) + 128;
}

std::vector<KvCache::Piece> KvCache::find(const Tokens& path) {
  std::lock_guard lock(mutex_);
  std::vector<Piece> pieces;
  std::vector<Node*> nodes;
  walk(path, [&](Node* node, size_t to) {
    pieces.push_back({node->segment, to});
    nodes.push_back(node);
  });
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) uses_.splice(uses_.begin(), uses_, (*node)->use);
  return pieces;
}

size_t KvCache::depth(const Tokens& path) const {
  std::lock_guard lock(mutex_);
  return walk(path, [](Node*, size_t) {});
}

void KvCache::add(const Tokens& path, Segment segment) {
  std::lock_guard lock(mutex_);
  Node* parent = &root_;
  std::vector<Node*> nodes;
  size_t depth = walk(path, [&](Node* node, size_t) {
    parent = node;
    nodes.push_back(node);
  });
  if (depth != segment.start) return;
  auto node = std::make_unique<Node>();
  node->parent = parent;
  bytes_ += size_of(segment);
  node->segment = std::make_shared<Segment>(std::move(segment));
  uses_.push_front(node.get());
  node->use = uses_.begin();
  for (auto above = nodes.rbegin(); above != nodes.rend(); ++above) uses_.splice(uses_.begin(), uses_, (*above)->use);
  const Segment& kept = *node->segment;
  parent->children.emplace(std::pair(kept.start, kept.tokens.front()), std::move(node));
  while (bytes_ > most_ && !uses_.empty()) drop_oldest();
}

void KvCache::drop_oldest() {
  Node* oldest = uses_.back();
  uses_.pop_back();
  const Segment& s = *oldest->segment;
  bytes_ -= size_of(s);
  oldest->parent->children.erase({s.start, s.tokens.front()});
}

size_t KvCache::bytes() const {
  std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace parley
