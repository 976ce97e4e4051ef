// Every kind of model by its name (DESIGN 7).
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "model/model.h"

namespace parley {

struct ModelOptions {
  int workers = 0;                       // of a local model: threads with a context each; 0: one for each core
  size_t cache_bytes = size_t{2} << 30;  // of a local model: for what was evaluated, beside the contexts
  std::vector<std::string> base_urls;    // of a server: where the model answers; empty: its maker's own
  int in_flight = 0;                     // of a server: requests at once, at most; 0: as its profile says, else 64
  int a_minute = 0;                      // of a server: requests; 0: as its profile says, else no limit
  double seconds = 600;                  // of a server: for one try
  Value profiles;                        // models.json (model/profile.h); nil: none
  std::string profiles_path;
};

// "llama:PATH.gguf" and "llama:NAME" (a model that setup installed: NAME.gguf in $PARLEY_HOME/models, in the models of
// this build, in ./models), "scripted:FILE", "scripted:random", "scripted:hold", "openai:NAME" (any server that speaks as
// OpenAI's do), "anthropic:NAME" (their keys: $OPENAI_API_KEY, $ANTHROPIC_API_KEY, or the variable that a profile names).
// Nothing is sent before the first request. "human" is opened by commands alone (api/commands/person.h), who know a terminal.
// Error: no such kind, no such model (naming where was looked), a file that is none.
std::unique_ptr<Model> open_model(const std::string& name, const ModelOptions& options = {});

// The NAMEs that "llama:NAME" finds, sorted.
std::vector<std::string> installed_models();

}  // namespace parley
