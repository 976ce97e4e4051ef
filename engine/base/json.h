// JSON in and out. No other place knows the JSON library.
#pragma once
#include <string>
#include <string_view>

#include "base/value.h"

namespace parley {

// Canonical: names sorted, no blanks, shortest numbers that read back the same, whole ones without a point. Equal values
// give equal bytes, so that a hash of it is an identity. Nil is null. Bytes that are no UTF-8 are replaced by U+FFFD.
// Error: a number that is not finite.
std::string to_json(const Value& value);

// Error: "line 3: ..." where the text is no JSON.
Value from_json(std::string_view text);

}  // namespace parley
