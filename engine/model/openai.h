// Servers that speak as OpenAI's do: chat completions and completions.
#pragma once
#include <memory>
#include <string>

#include "model/profile.h"
#include "model/server.h"

namespace parley {

struct OpenAiOptions {
  std::string name;      // NAME of "openai:NAME"
  std::string key;       // sent as a bearer token; "" none
  Profile profile = {};  // schema, max_tokens, top_logprobs, refuses
};

//
// A text goes to /completions, all else to /chat/completions. What is scored is read off the log-probabilities of the first
// token: a label that is one token and among the server's best has its own (in a text with its blank), any other is minus
// infinity, "not visible". A chat cannot go on from a cue: it is left out. Constrained: a JSON schema.
std::unique_ptr<Dialect> openai_dialect(OpenAiOptions options);

}  // namespace parley
