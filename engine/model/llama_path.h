// The one path that a worker's context holds (LOCAL_MODELS 1, 2, 4).
#pragma once
#include <atomic>
#include <functional>
#include <memory>

#include "model/llama_cache.h"

namespace parley {

// The worker was told to end while it computed.
struct Stopped {};

// A context that computes with one thread and holds one path: the token at position i lies in cell i. With flash
// attention off and one unified buffer its logits depend on the path alone, as long as prompt tokens are evaluated two
// or more at a time. Not thread-safe. Throws Stopped; Error where libllama fails.
class LivePath {
 public:
  LivePath(llama_model* model, const std::atomic<bool>& stop);
  ~LivePath();

  const Tokens& tokens() const { return tokens_; }

  // Makes room for so many tokens; where that takes another context, the path is empty after it.
  void reserve(size_t cells);
  // Makes the path the longest beginning of `path`, `upto` tokens at most, that is known here or in the cache.
  void restore(const Tokens& path, size_t upto, KvCache& cache);
  // Leaves the first `length` tokens.
  void cut(size_t length);

  // Evaluates prompt tokens behind the path, at least two (one only as a prompt's first and last; the path must be cut
  // to nothing then). `see` is given the logits after each of the last `rows`: (0, ...) for the first of these.
  using See = std::function<void(size_t row, const float* logits)>;
  void extend(const Tokens& more, size_t rows, const See& see);
  // Evaluates one generated token; the logits after it hold until the next call. To be cut off before anything else.
  const float* step(llama_token token);

  // Gives the positions from .. to - 1 to the cache, in segments.
  void save(size_t from, size_t to, KvCache& cache);

  size_t vocabulary() const { return vocabulary_; }
  int64_t evaluated() const { return evaluated_; }

  // Where the decodes of so many tokens, the last `rows` of them with logits, end.
  static std::vector<size_t> pieces(size_t size, size_t rows);

 private:
  void decode();
  void add(llama_token token, bool output);

  llama_model* model_;
  const std::atomic<bool>& stop_;
  std::unique_ptr<llama_context, void (*)(llama_context*)> context_;
  llama_batch batch_;
  size_t cells_ = 0;
  size_t vocabulary_;
  int64_t evaluated_ = 0;
  Tokens tokens_;
};

}  // namespace parley
