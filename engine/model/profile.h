// What is said of a hosted model in models.json: an optional table, by the model's name.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace parley {

// {"openai:NAME": {"base_url": "http://…" or a list, "key": "VARIABLE", "schema": "json_schema" or "json_object",
// "max_tokens": "max_tokens" or "max_completion_tokens", "top_logprobs": 20, "max_in_flight": 64, "rpm": 500,
// "refuses": ["temperature"], "price": {"input": 2, "cached": 1, "written": 2, "output": 8}}}; "openai:*" stands for all that
// have none.
struct Profile {
  std::vector<std::string> base_urls;
  std::string key;                     // the environment's variable that holds it; "" the kind's own
  std::string schema = "json_schema";  // how the server is told a JSON schema
  std::string max_tokens;              // the name that the server has for it; "" the kind's own
  int top_logprobs = 20;               // how many it can show
  int in_flight = 0, a_minute = 0;     // 0: not said
  std::vector<std::string> refuses;    // settings of `sampling` that it does not take
  Value price;                         // as Price has it (model/price.h); nil: not known

  // Why this sampling cannot be asked of the model, or "".
  std::string objection(const std::string& model, const Value& sampling) const;
};

// Error, with `path` in front: no table, an unknown field, a value of another kind.
Profile profile_of(const Value& table, const std::string& path, const std::string& model);

}  // namespace parley
