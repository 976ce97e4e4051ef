// A local model in this process, by libllama (LOCAL_MODELS.md).
//
// A worker is a thread with a context of its own, which computes with one thread and holds one path of tokens at a time.
// What was evaluated is kept on the host (KvCache) and put back when a prompt goes on from there. A worker that is free
// takes the waiting request that goes on furthest from what it holds, unless another worker is just evaluating what that
// request begins with. Equal pure requests are evaluated once.
//
// Scores depend on the request alone, bit for bit, within one model file and build: no two prompts share a decode, a
// token at position i lies in cell i, no prompt token is decoded alone, what was generated is never kept. So do sampled
// texts, which take their chance from the request's draw.
//
// Memory: the file (mapped), ModelOptions::cache_bytes, and for each worker that had work a context: a power of two of
// cells, 1024 at least, that holds the longest prompt and reply so far (at most what the model was trained for), and
// buffers for 512 tokens and 64 rows of logits. A cell is layers x heads for keys and values x their size x 4 bytes: 23 kB
// of SmolLM2. At most 128 requests are under way.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/model.h"
#include "model/models.h"

namespace parley {

// Error: the file is no model, or none that continues text, or this parley has no libllama.
std::unique_ptr<Model> open_llama(const std::string& path, const ModelOptions& options);

// What a local model did so far.
struct LlamaCounts {
  int64_t requests = 0;   // put to it
  int64_t prompts = 0;    // evaluated: requests less those equal to one that was under way
  int64_t asked = 0;      // tokens of all requests' prompts
  int64_t evaluated = 0;  // tokens decoded, of prompts and labels
  int64_t labels = 0;     // of these: tokens of labels and those that were decoded again with them
  int64_t generated = 0;
  int64_t kept_bytes = 0;  // in the cache on the host, now
};
// Of a model that open_llama() gave; zeros for any other.
LlamaCounts llama_counts(const Model& model);
// The tokens of a request's prompt (without labels). Error with the reason where it cannot be put.
std::vector<int32_t> llama_tokens(const Model& model, const Request& request);

// The library's version, and what it makes of this machine's CPU; "none" where parley was built without it.
std::string llama_build();

}  // namespace parley
