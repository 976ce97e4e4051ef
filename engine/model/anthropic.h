// Anthropic's Messages API (docs.anthropic.com/en/api/messages).
#pragma once
#include <memory>
#include <string>

#include "model/profile.h"
#include "model/server.h"

namespace parley {

// NAME of "anthropic:NAME". Shows no log-probabilities, so that nothing can be scored; has no completions, so that a growing
// text cannot be sent. Constrained: a tool that must be called. The head of a conversation is marked to be cached. Where the
// study sends no max_tokens, 1024: the API wants one.
std::unique_ptr<Dialect> anthropic_dialect(std::string name, std::string key, Profile profile);

}  // namespace parley
