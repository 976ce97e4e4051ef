#include "base/text.h"

#include <charconv>
#include <cmath>

namespace parley {

std::optional<double> number_in(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double n = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (text.empty() || wrong != std::errc() || end != text.data() + text.size() || !std::isfinite(n))
    return std::nullopt;
  return n;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n\v\f";
  const size_t from = text.find_first_not_of(blank), to = text.find_last_not_of(blank);
  return from == text.npos ? std::string_view() : text.substr(from, to - from + 1);
}

}  // namespace parley
