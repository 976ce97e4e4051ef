// Errors that a person can act on. What is expected of the world or of a model is a value, not an error (DESIGN 9).
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

// An author's mistake. what() is the whole message, beginning with "file:line: " where a file is to blame.
struct Error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A misuse of the command line (exit 2).
struct Misuse : Error {
  using Error::Error;
};

// " (did you mean 'actions'?)" for the nearest of `known` by edit distance, else the first that begins so; "" where there is neither.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

// "a, b and c" for messages.
std::string joined(const std::vector<std::string>& words, std::string_view last = " and ");

}  // namespace parley
