// What a model's tokens cost.
#pragma once
#include <optional>

#include "base/value.h"
#include "model/model.h"

namespace parley {

// Money for a million tokens, in whatever currency the price is stated in: of what is sent and not taken from a cache, of what
// is taken from it, of what is put there, of what comes (reasoning among it).
struct Price {
  double input = 0, cached = 0, written = 0, output = 0;

  double of(const Usage& usage) const {
    const auto n = [](int64_t tokens) { return static_cast<double>(tokens) / 1e6; };
    return n(usage.input - usage.cached - usage.written) * input + n(usage.cached) * cached +
           n(usage.written) * written + n(usage.output) * output;
  }
  // What it would be, were there no cache.
  double without_cache(const Usage& usage) const {
    return of({.input = usage.input, .output = usage.output, .reasoning = usage.reasoning});
  }
};

// {"input", "output"} and, where they differ from input's, "cached" and "written": as models.json has it, and Model::about()
// under "price". None where this is no such record.
inline std::optional<Price> price_from(const Value& value) {
  auto number = [&](const char* name, double otherwise) {
    return value[name].is_number() ? value[name].number() : otherwise;
  };
  if (!value["input"].is_number() || !value["output"].is_number()) return std::nullopt;
  const double input = number("input", 0);
  return Price{input, number("cached", input), number("written", input), number("output", 0)};
}

}  // namespace parley
