// JSON in and out: nothing else knows a JSON library.
#pragma once
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/value.h"

namespace parley {

// Canonical: names sorted, no blanks, shortest numbers that read back the same, whole ones without a point. Equal values
// give equal bytes, so that a hash of it is an identity. Nil is null. Bytes that are no UTF-8 are replaced by U+FFFD.
// Error: a number that is not finite.
std::string to_json(const Value& value);

// A text that is no JSON: "line 3: ", where the line is known, and why.
struct JsonError : Error {
  JsonError(size_t line, std::string reason)
      : Error((line > 0 ? "line " + std::to_string(line) + ": " : "") + reason), why(std::move(reason)) {}
  std::string why;
};
// Error: JsonError.
Value from_json(std::string_view text);

}  // namespace parley
