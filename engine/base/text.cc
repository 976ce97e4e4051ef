#include "base/text.h"

#include <cctype>
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

bool natural_before(const std::string& a, const std::string& b) {
  const auto x = number_in(a), y = number_in(b);
  if (x && y && *x != *y) return *x < *y;
  if (x.has_value() != y.has_value()) return x.has_value();
  auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (digit(a[i]) && digit(b[j])) {
      size_t from_a = i, from_b = j;
      while (i < a.size() && digit(a[i])) ++i;
      while (j < b.size() && digit(b[j])) ++j;
      while (from_a + 1 < i && a[from_a] == '0') ++from_a;
      while (from_b + 1 < j && b[from_b] == '0') ++from_b;
      if (i - from_a != j - from_b) return i - from_a < j - from_b;
      if (int c = a.compare(from_a, i - from_a, b, from_b, j - from_b); c != 0) return c < 0;
    } else if (a[i] != b[j]) {
      return a[i] < b[j];
    } else {
      ++i, ++j;
    }
  }
  if (a.size() - i != b.size() - j) return a.size() - i < b.size() - j;
  return a < b;
}

}  // namespace parley
