#include <cmath>
#include <map>

#include "prompt/reader/words.h"

namespace parley {
namespace {

using Kind = NumberAt::Kind;

// Digits with marks between them, as one number. English first: "1,250" and "1,250.5"; then "1.250,5" and "12,5", which
// can be nothing else; "10,20,30" may be three numbers.
NumberAt digits_at(std::u32string_view text, size_t at) {
  std::vector<std::string> groups(1);
  std::u32string marks;
  size_t i = at;
  for (; i < text.size(); ++i) {
    if (is_digit(text[i])) {
      groups.back() += static_cast<char>(text[i]);
    } else if ((text[i] == '.' || text[i] == ',' || text[i] == '\'') && i + 1 < text.size() && is_digit(text[i + 1])) {
      marks += text[i];
      groups.emplace_back();
    } else {
      break;
    }
  }
  NumberAt out;
  out.end = i;
  std::string whole = groups[0], fraction;
  size_t grouped = marks.size();  // how many of the marks set thousands apart
  if (!marks.empty()) {
    char32_t last = marks.back();
    bool alone = marks.find(last) == marks.size() - 1;  // the last mark stands once
    bool thousands = last != '.' && groups.back().size() == 3 && whole != "0" && !whole.empty();
    if (alone && last != '\'' && (marks.size() > 1 || !thousands)) {
      fraction = groups.back();
      --grouped;
    }
  }
  for (size_t g = 1; g <= grouped; ++g) {
    if (groups[g].size() != 3 || groups[0].size() > 3 || groups[0].empty() || marks[g - 1] != marks[0])
      out.kind = Kind::unsure;
    whole += groups[g];
  }
  if (whole.size() > 15) out.kind = Kind::unsure;
  out.value = std::strtod(((whole.empty() ? "0" : whole) + "." + fraction).c_str(), nullptr);
  return out;
}

const std::map<std::string_view, double>& scales() {
  static const std::map<std::string_view, double> map = {
      {"k", 1e3}, {"hundred", 1e2}, {"thousand", 1e3}, {"million", 1e6}, {"billion", 1e9}};
  return map;
}

}  // namespace

NumberAt number_at(std::u32string_view text, size_t at) {
  NumberAt out = digits_at(text, at);
  size_t i = out.end;
  auto word_from = [&](size_t from) {
    std::string word;
    while (from < text.size() && is_letter(text[from]) && !is_digit(text[from])) {
      word += text[from] < 0x80 ? static_cast<char>(lower(text[from])) : '?';
      ++from;
    }
    return word;
  };
  std::string attached = word_from(i);
  if (attached == "st" || attached == "nd" || attached == "rd" || attached == "th" || attached == "x") {
    out.kind = Kind::none;
    out.end = i + attached.size();
    return out;
  }
  size_t after = i + attached.size();
  if (!attached.empty()) {
    if (after < text.size() && is_digit(text[after])) {
      while (after < text.size() && is_letter(text[after])) ++after;
      return {0, after, Kind::none};
    }
    if (auto scale = scales().find(attached); scale != scales().end()) {
      out.value *= scale->second;
    } else if (attached.size() < 3 && attached != "p" && attached != "c" && attached != "ct" && attached != "pt") {
      out.kind = Kind::unsure;  // "5m": metres or millions
    }
    out.end = after;
    return out;
  }
  while (i < text.size() && text[i] == ' ') ++i;
  std::string next = word_from(i);
  if (i < text.size() && text[i] == '%') {
    out.kind = out.kind == Kind::number ? Kind::percent : out.kind;
    out.end = i + 1;
  } else if (next == "percent") {
    out.kind = out.kind == Kind::number ? Kind::percent : out.kind;
    out.end = i + next.size();
  } else if (next == "per" && word_from(i + 4) == "cent") {
    out.kind = out.kind == Kind::number ? Kind::percent : out.kind;
    out.end = i + 8;
  } else if (auto scale = scales().find(next); scale != scales().end()) {
    out.value *= scale->second;
    out.end = i + next.size();
  } else if (next == "dozen" || next == "mio" || next == "mn" || next == "bn") {
    out.kind = Kind::unsure;
  } else if (i < text.size() && std::u32string_view(U"十百千万萬亿億").find(text[i]) != std::u32string_view::npos) {
    out.kind = Kind::unsure;
  }
  return out;
}

std::optional<std::pair<double, size_t>> number_words(const std::vector<Token>& tokens, size_t at) {
  static const std::map<std::string_view, double> small = {
      {"zero", 0},      {"one", 1},       {"two", 2},       {"three", 3},    {"four", 4},     {"five", 5},
      {"six", 6},       {"seven", 7},     {"eight", 8},     {"nine", 9},     {"ten", 10},     {"eleven", 11},
      {"twelve", 12},   {"thirteen", 13}, {"fourteen", 14}, {"fifteen", 15}, {"sixteen", 16}, {"seventeen", 17},
      {"eighteen", 18}, {"nineteen", 19}, {"twenty", 20},   {"thirty", 30},  {"forty", 40},   {"fourty", 40},
      {"fifty", 50},    {"sixty", 60},    {"seventy", 70},  {"eighty", 80},  {"ninety", 90}};
  double sum = 0, part = 0, before = 0;
  size_t i = at;
  for (; i < tokens.size() && tokens[i].kind == Token::Kind::word; ++i) {
    const std::string& word = tokens[i].text;
    if (auto n = small.find(word); n != small.end()) {
      // "twenty five" and "one hundred five" are one number, "five six" and "ten five" are two.
      bool goes_on = i == at || before >= 100 || (before >= 20 && n->second > 0 && n->second < 10);
      if (!goes_on) break;
      part += before = n->second;
    } else if (auto scale = scales().find(word); scale != scales().end() && word != "k" && i > at) {
      if (scale->second == 100) {
        part *= 100;
      } else {
        sum += part * scale->second;
        part = 0;
      }
      before = scale->second;
    } else {
      break;
    }
  }
  if (i == at) return std::nullopt;
  return std::pair(sum + part, i - at);
}

}  // namespace parley
