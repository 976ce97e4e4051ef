// How one request is answered on a worker's path.
#pragma once
#include "model/llama_path.h"

namespace parley {

// How text is drawn. From a request's sampling; Error: a setting that a local model does not have, or a value out of range.
struct Sampling {
  double temperature = 1;  // 0: the likeliest token
  double top_p = 1;
  int max_tokens = 512;
  static Sampling from(const Value& sampling);
};

struct LlamaWork {
  Encoded encoded;
  bool scored = false;
  bool text = false;  // one growing text, no chat
  Sampling sampling;
  uint64_t draw = 0;
};

struct LlamaDone {
  Reply reply;
  int64_t label_tokens = 0;  // decoded for labels: theirs and what was decoded again for them
};

// The log-probabilities of the labels, or a text: drawn token by token from the logits with parley's own draws, keyed by
// `draw` and numbered by token. A text ends before the first control token (finish "stop"), at max_tokens or at the end of
// the model's context ("length"). In a growing text it ends before an empty line, too: that is where the game's next part
// would stand, and what follows would be the model playing the game alone.
// `known` is called once what of the prompt was new is in the cache; the path holds the prompt afterwards. Throws Stopped,
// Error.
LlamaDone answer(const LlamaWork& work, const Tokenizer& tokenizer, size_t context, LivePath& path, KvCache& cache,
                 const std::function<void()>& known);

// The token that `unit` (in [0, 1)) draws from the logits.
llama_token sample(const float* logits, size_t size, const Sampling& sampling, double unit);

}  // namespace parley
