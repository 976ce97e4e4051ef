#include "script/tail_calls.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <vector>

namespace parley {
namespace {

struct Token {
  enum Kind { word, text, mark, end } kind;
  size_t begin, after;
};

// Lua's tokens, as far as it takes to know words from texts and comments; a mark is one character.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Token next() {
    for (;;) {
      while (std::isspace(at(i_)) && i_ < text_.size()) ++i_;
      if (text_.substr(i_, 2) != "--") break;
      i_ += 2;
      const size_t after = long_bracket(i_);
      i_ = after != i_ ? after : std::min(text_.find('\n', i_), text_.size());
    }
    const size_t begin = i_;
    if (i_ >= text_.size()) return {Token::end, i_, i_};
    if (const size_t after = long_bracket(i_); after != i_) {
      i_ = after;
      return {Token::text, begin, i_};
    }
    const int c = at(i_);
    if (c == '"' || c == '\'') {
      for (++i_; i_ < text_.size() && at(i_) != c; ++i_) {
        if (at(i_) == '\\') ++i_;
      }
      return {Token::text, begin, ++i_};
    }
    if (!is_word(c)) return {Token::mark, begin, ++i_};
    while (is_word(at(i_))) ++i_;
    return {Token::word, begin, i_};
  }

 private:
  static bool is_word(int c) { return std::isalnum(c) || c == '_' || c >= 128; }
  int at(size_t i) const { return i < text_.size() ? static_cast<unsigned char>(text_[i]) : 0; }

  // Behind the long bracket that begins here, or `begin` where none does.
  size_t long_bracket(size_t begin) const {
    size_t i = begin;
    if (at(i) != '[') return begin;
    while (at(++i) == '=') {
    }
    if (at(i) != '[') return begin;
    const std::string close = "]" + std::string(i - begin - 1, '=') + "]";
    const size_t end = text_.find(close, i);
    return end == text_.npos ? text_.size() : end + close.size();
  }

  std::string_view text_;
  size_t i_ = 0;
};

// A `return` whose expressions are being read.
struct Return {
  size_t after;                 // where they begin
  size_t depth;                 // of blocks and brackets around it
  bool several = false;         // more than one
  Token first = {}, last = {};  // token of them
  size_t count = 0;             // of tokens

  // A call ends in its arguments: brackets, or one text or table.
  bool may_be_call(std::string_view text) const {
    if (count < 2 || several || text[first.begin] == '{') return false;
    const char end = text[last.after - 1];
    return end == ')' || end == '}' || last.kind == Token::text;
  }
};

}  // namespace

std::string without_tail_calls(std::string_view text, std::string_view keep) {
  std::map<size_t, std::string> insertions;  // by place
  std::vector<Return> open;                  // functions within what is returned may return too
  size_t depth = 0;
  Lexer lexer(text);
  for (;;) {
    const Token token = lexer.next();
    const std::string_view word = text.substr(token.begin, token.after - token.begin);
    const bool ends = token.kind == Token::end || word == "end" || word == "else" || word == "elseif" ||
                      word == "until" || word == ";";
    if (ends && !open.empty() && open.back().depth == depth) {
      const Return& found = open.back();
      if (found.may_be_call(text)) {
        insertions[found.after] = " " + std::string(keep) + "(";
        insertions[found.last.after] = ")";
      }
      open.pop_back();
    }
    if (token.kind == Token::end) break;
    for (Return& within : open) {
      if (within.count++ == 0) within.first = token;
      within.last = token;
      if (word == "," && within.depth == depth) within.several = true;
    }
    if (word == "function" || word == "do" || word == "if" || word == "repeat" || word == "(" || word == "{" ||
        word == "[") {
      ++depth;
    } else if (word == "end" || word == "until" || word == ")" || word == "}" || word == "]") {
      --depth;
    } else if (word == "return") {
      open.push_back({token.after, depth});
    }
  }

  std::string out;
  size_t copied = 0;
  for (const auto& [place, insertion] : insertions) {
    out += text.substr(copied, place - copied);
    out += insertion;
    copied = place;
  }
  return out += text.substr(copied);
}

}  // namespace parley
