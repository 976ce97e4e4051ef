// What was evaluated, kept on the host (LOCAL_MODELS 1 and 4).
#pragma once
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "model/llama_tokens.h"

namespace parley {

// A piece of a path: its tokens stand at positions start, start + 1, ...; `kv` is their keys and values as libllama gives
// them out.
struct Segment {
  size_t start = 0;
  Tokens tokens;
  std::vector<uint8_t> kv;
  size_t end() const { return start + tokens.size(); }
};

// A tree of segments. A child begins where its path leaves its parent's, be it in the parent's middle. Segments are
// short (kSegment), so that a question's tail, from which nothing goes on, soon is the least recently used and goes.
// Thread-safe.
class KvCache {
 public:
  static constexpr size_t kSegment = 32;  // tokens at most: 0.7 MB of SmolLM2, put back in 0.2 ms

  explicit KvCache(size_t most_bytes) : most_(most_bytes) {}

  // A segment, of which the path takes the positions up to `to`. It stays whole while this is held.
  struct Piece {
    std::shared_ptr<const Segment> segment;
    size_t to;
  };
  // The pieces that hold the longest beginning of the path there is; they become the most recently used.
  std::vector<Piece> find(const Tokens& path);
  // How long that beginning is.
  size_t depth(const Tokens& path) const;
  // Keeps a segment of the path, then drops the least recently used ones until the limit is kept. Does nothing where the
  // path's tokens before it are not kept, or its first token already is.
  void add(const Tokens& path, Segment segment);

  size_t bytes() const;

 private:
  struct Node {
    std::shared_ptr<const Segment> segment;
    Node* parent = nullptr;
    std::map<std::pair<size_t, llama_token>, std::unique_ptr<Node>> children;  // by first position and token
    std::list<Node*>::iterator use;
  };
  // Calls visit(node, to) along the path; returns how far it goes.
  template <typename Visit>
  size_t walk(const Tokens& path, Visit visit) const;
  static size_t size_of(const Segment& segment);
  void drop_oldest();

  const size_t most_;
  mutable std::mutex mutex_;
  Node root_;
  std::list<Node*> uses_;  // most recent first; a parent is always before its children, so that the last has none
  size_t bytes_ = 0;
};

}  // namespace parley
