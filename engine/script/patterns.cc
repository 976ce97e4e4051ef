#include "script/patterns.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "lua.hpp"
#include "script/watchdog.h"

namespace parley {
namespace {

constexpr int kMostCaptures = 32;
constexpr int kDeepest = 200;
constexpr size_t kLongest = 16 << 20;  // of what gsub makes, bytes

Watchdog& watchdog_of(lua_State* L) { return *static_cast<Watchdog*>(lua_touserdata(L, lua_upvalueindex(1))); }

std::string_view text_argument(lua_State* L, int index) {
  size_t size = 0;
  const char* text = luaL_checklstring(L, index, &size);
  return {text, size};
}

// Of ASCII, whatever the locale.
bool in_class(unsigned char c, unsigned char name) {
  const bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9';
  const bool graph = c > 32 && c < 127;
  bool in;
  switch (name | 32) {
    case 'a':
      in = lower || upper;
      break;
    case 'c':
      in = c < 32 || c == 127;
      break;
    case 'd':
      in = digit;
      break;
    case 'g':
      in = graph;
      break;
    case 'l':
      in = lower;
      break;
    case 'p':
      in = graph && !lower && !upper && !digit;
      break;
    case 's':
      in = c == ' ' || (c >= 9 && c <= 13);
      break;
    case 'u':
      in = upper;
      break;
    case 'w':
      in = lower || upper || digit;
      break;
    case 'x':
      in = digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      break;
    case 'z':
      in = c == 0;
      break;
    default:
      return c == name;  // an escaped character
  }
  return in != (name >= 'A' && name <= 'Z');  // %A is what %a is not
}

// One pattern tried on one text. Positions are indices; kNone is no match.
class Matcher {
 public:
  static constexpr size_t kNone = ~size_t{0};

  Matcher(lua_State* L, std::string_view text, std::string_view pattern)
      : L_(L), watchdog_(watchdog_of(L)), text_(text), pattern_(pattern) {}

  // Where the match that begins at `at` ends.
  size_t from(size_t at) {
    captures_ = 0;
    depth_ = 0;
    return match(at, 0);
  }

  // Pushes what was captured, or the whole match where nothing was and `whole`.
  int push_captures(size_t begin, size_t end, bool whole) {
    const int n = captures_ == 0 && whole ? 1 : captures_;
    luaL_checkstack(L_, n, "too many captures");
    for (int i = 0; i < n; ++i) push_capture(i, begin, end);
    return n;
  }

  void push_capture(int i, size_t begin, size_t end) {
    if (i >= captures_) {
      if (i != 0) luaL_error(L_, "invalid capture index");
      lua_pushlstring(L_, text_.data() + begin, end - begin);
      return;
    }
    const Capture& capture = capture_[i];
    if (capture.kind == Capture::open) luaL_error(L_, "unfinished capture");
    if (capture.kind == Capture::position) {
      lua_pushinteger(L_, static_cast<lua_Integer>(capture.begin + 1));
    } else {
      lua_pushlstring(L_, text_.data() + capture.begin, capture.size);
    }
  }

  // Counts a step of work; ends where time is over.
  void step() {
    if (++steps_ % 1024 == 0) watchdog_.check(L_);
  }

 private:
  struct Capture {
    enum Kind { open, closed, position };
    Kind kind;
    size_t begin, size;
  };

  size_t match(size_t s, size_t p) {
    if (++depth_ > kDeepest) luaL_error(L_, "pattern too complex");
    const size_t end = match_here(s, p);
    --depth_;
    return end;
  }

  size_t match_here(size_t s, size_t p) {
    for (;;) {
      step();
      if (p == pattern_.size()) return s;
      switch (pattern_[p]) {
        case '(':
          return at(p + 1) == ')' ? open(s, p + 2, Capture::position) : open(s, p + 1, Capture::open);
        case ')':
          return close(s, p + 1);
        case '$':
          if (p + 1 == pattern_.size()) return s == text_.size() ? s : kNone;
          break;
        case '%':
          if (at(p + 1) == 'b') {
            s = balanced(s, p + 2);
            if (s == kNone) return kNone;
            p += 4;
            continue;
          }
          if (at(p + 1) == 'f') {
            p += 2;
            if (at(p) != '[') luaL_error(L_, "missing '[' after '%%f' in pattern");
            const size_t after = item_end(p);
            const auto before = static_cast<unsigned char>(s == 0 ? 0 : text_[s - 1]);
            const auto here = static_cast<unsigned char>(s == text_.size() ? 0 : text_[s]);
            if (in_set(before, p, after) || !in_set(here, p, after)) return kNone;
            p = after;
            continue;
          }
          if (at(p + 1) >= '0' && at(p + 1) <= '9') {
            s = same_again(s, at(p + 1));
            if (s == kNone) return kNone;
            p += 2;
            continue;
          }
          break;
        default:
          break;
      }
      const size_t after = item_end(p);
      switch (at(after)) {
        case '?': {
          if (fits(s, p, after)) {
            const size_t end = match(s + 1, after + 1);
            if (end != kNone) return end;
          }
          p = after + 1;
          continue;
        }
        case '*':
          return longest(s, p, after);
        case '+':
          return fits(s, p, after) ? longest(s + 1, p, after) : kNone;
        case '-':
          return shortest(s, p, after);
        default:
          if (!fits(s, p, after)) return kNone;
          ++s;
          p = after;
      }
    }
  }

  // The pattern's character, 0 behind its end.
  char at(size_t p) const { return p < pattern_.size() ? pattern_[p] : '\0'; }

  // Behind the item that begins at p: a character, a class or a set.
  size_t item_end(size_t p) {
    const char first = pattern_[p++];
    if (first == '%') {
      if (p >= pattern_.size()) luaL_error(L_, "malformed pattern (ends with '%%')");
      return p + 1;
    }
    if (first != '[') return p;
    if (at(p) == '^') ++p;
    do {  // a ']' at the head is a member
      if (p >= pattern_.size()) luaL_error(L_, "malformed pattern (missing ']')");
      if (pattern_[p++] == '%' && p < pattern_.size()) ++p;
    } while (p >= pattern_.size() || pattern_[p] != ']');
    return p + 1;
  }

  bool fits(size_t s, size_t p, size_t after) {
    if (s >= text_.size()) return false;
    step();
    const auto c = static_cast<unsigned char>(text_[s]);
    switch (pattern_[p]) {
      case '.':
        return true;
      case '%':
        return in_class(c, static_cast<unsigned char>(pattern_[p + 1]));
      case '[':
        return in_set(c, p, after);
      default:
        return static_cast<unsigned char>(pattern_[p]) == c;
    }
  }

  // Of the set "[...]" from p up to `after`.
  bool in_set(unsigned char c, size_t p, size_t after) const {
    const size_t end = after - 1;
    bool inside = true;
    if (at(++p) == '^') {
      inside = false;
      ++p;
    }
    for (; p < end; ++p) {
      const auto first = static_cast<unsigned char>(pattern_[p]);
      if (first == '%') {
        if (in_class(c, static_cast<unsigned char>(pattern_[++p]))) return inside;
      } else if (at(p + 1) == '-' && p + 2 < end) {
        if (first <= c && c <= static_cast<unsigned char>(pattern_[p + 2])) return inside;
        p += 2;
      } else if (first == c) {
        return inside;
      }
    }
    return !inside;
  }

  size_t longest(size_t s, size_t p, size_t after) {
    size_t n = 0;
    while (fits(s + n, p, after)) ++n;
    for (;; --n) {
      const size_t end = match(s + n, after + 1);
      if (end != kNone || n == 0) return end;
    }
  }

  size_t shortest(size_t s, size_t p, size_t after) {
    for (;; ++s) {
      const size_t end = match(s, after + 1);
      if (end != kNone) return end;
      if (!fits(s, p, after)) return kNone;
    }
  }

  size_t open(size_t s, size_t p, Capture::Kind kind) {
    if (captures_ >= kMostCaptures) luaL_error(L_, "too many captures");
    capture_[captures_++] = {kind, s, 0};
    const size_t end = match(s, p);
    if (end == kNone) --captures_;
    return end;
  }

  size_t close(size_t s, size_t p) {
    int i = captures_ - 1;
    while (i >= 0 && capture_[i].kind != Capture::open) --i;
    if (i < 0) luaL_error(L_, "invalid pattern capture");
    capture_[i].kind = Capture::closed;
    capture_[i].size = s - capture_[i].begin;
    const size_t end = match(s, p);
    if (end == kNone) capture_[i].kind = Capture::open;
    return end;
  }

  // Behind "%bxy" at s.
  size_t balanced(size_t s, size_t p) {
    if (p + 1 >= pattern_.size()) luaL_error(L_, "unbalanced pattern");
    if (s >= text_.size() || text_[s] != pattern_[p]) return kNone;
    int level = 1;
    for (++s; s < text_.size(); ++s) {
      step();
      if (text_[s] == pattern_[p + 1]) {
        if (--level == 0) return s + 1;
      } else if (text_[s] == pattern_[p]) {
        ++level;
      }
    }
    return kNone;
  }

  // Behind what capture `digit` holds, again at s.
  size_t same_again(size_t s, char digit) {
    const int i = digit - '1';
    if (i < 0 || i >= captures_ || capture_[i].kind == Capture::open) luaL_error(L_, "invalid capture index");
    const Capture& capture = capture_[i];
    if (capture.kind == Capture::position) return s;
    steps_ += static_cast<unsigned>(capture.size / 64);
    if (text_.size() - s < capture.size) return kNone;
    if (std::memcmp(text_.data() + s, text_.data() + capture.begin, capture.size) != 0) return kNone;
    return s + capture.size;
  }

  lua_State* L_;
  Watchdog& watchdog_;
  std::string_view text_, pattern_;
  int depth_ = 0;
  int captures_ = 0;
  unsigned steps_ = 0;
  Capture capture_[kMostCaptures] = {};
};

int find_or_match(lua_State* L, bool find) {
  const std::string_view text = text_argument(L, 1);
  std::string_view pattern = text_argument(L, 2);
  const auto size = static_cast<lua_Integer>(text.size());
  lua_Integer first = luaL_optinteger(L, 3, 1);
  first = first < 0 ? first + size : first - 1;
  const auto begin = static_cast<size_t>(first < 0 ? 0 : first > size ? size : first);
  if (find && (lua_toboolean(L, 4) != 0 || pattern.find_first_of("^$*+?.([%-") == pattern.npos)) {
    // memmem takes time in proportion to the text, where string_view::find may take its square.
    const void* found = memmem(text.data() + begin, text.size() - begin, pattern.data(), pattern.size());
    if (!found) {
      lua_pushnil(L);
      return 1;
    }
    const auto at = static_cast<const char*>(found) - text.data();
    lua_pushinteger(L, at + 1);
    lua_pushinteger(L, at + static_cast<ptrdiff_t>(pattern.size()));
    return 2;
  }
  const bool anchored = !pattern.empty() && pattern[0] == '^';
  if (anchored) pattern.remove_prefix(1);
  Matcher matcher(L, text, pattern);
  for (size_t at = begin; at <= text.size(); ++at) {
    const size_t end = matcher.from(at);
    if (end != Matcher::kNone) {
      if (!find) return matcher.push_captures(at, end, true);
      lua_pushinteger(L, static_cast<lua_Integer>(at + 1));
      lua_pushinteger(L, static_cast<lua_Integer>(end));
      return 2 + matcher.push_captures(at, end, false);
    }
    if (anchored) break;
  }
  lua_pushnil(L);
  return 1;
}

int text_find(lua_State* L) { return find_or_match(L, true); }
int text_match(lua_State* L) { return find_or_match(L, false); }

// Upvalues: the watchdog, the text, the pattern, where to go on.
int next_match(lua_State* L) {
  const std::string_view text = text_argument(L, lua_upvalueindex(2));
  Matcher matcher(L, text, text_argument(L, lua_upvalueindex(3)));
  for (auto at = static_cast<size_t>(lua_tointeger(L, lua_upvalueindex(4))); at <= text.size(); ++at) {
    const size_t end = matcher.from(at);
    if (end == Matcher::kNone) continue;
    lua_pushinteger(L, static_cast<lua_Integer>(end == at ? end + 1 : end));  // past an empty match
    lua_replace(L, lua_upvalueindex(4));
    return matcher.push_captures(at, end, true);
  }
  return 0;
}

int text_gmatch(lua_State* L) {
  text_argument(L, 1);
  text_argument(L, 2);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  lua_pushinteger(L, 0);
  lua_pushcclosure(L, next_match, 4);
  return 1;
}

// What gsub makes, in a buffer of Lua's, so that its memory counts.
class Output {
 public:
  explicit Output(lua_State* L) : L_(L) { luaL_buffinit(L, &buffer_); }

  void add(std::string_view text) {
    if ((size_ += text.size()) > kLongest) luaL_error(L_, "this text would be longer than 16 MB");
    luaL_addlstring(&buffer_, text.data(), text.size());
  }
  // The value on top of the stack, popped.
  void add_value() {
    if ((size_ += lua_objlen(L_, -1)) > kLongest) luaL_error(L_, "this text would be longer than 16 MB");
    luaL_addvalue(&buffer_);
  }
  void push() { luaL_pushresult(&buffer_); }

 private:
  lua_State* L_;
  luaL_Buffer buffer_;
  size_t size_ = 0;
};

// Adds what the third argument of gsub makes of the match.
void add_replaced(lua_State* L, Output& out, Matcher& matcher, std::string_view text, size_t begin, size_t end) {
  const std::string_view whole = text.substr(begin, end - begin);
  switch (lua_type(L, 3)) {
    case LUA_TFUNCTION:
      lua_pushvalue(L, 3);
      lua_call(L, matcher.push_captures(begin, end, true), 1);
      break;
    case LUA_TTABLE:
      matcher.push_capture(0, begin, end);
      lua_gettable(L, 3);
      break;
    default: {
      const std::string_view by = text_argument(L, 3);
      for (size_t i = 0; i < by.size(); ++i) {
        if (by[i] != '%' || i + 1 == by.size()) {
          out.add(by.substr(i, 1));
        } else if (by[++i] < '0' || by[i] > '9') {
          out.add(by.substr(i, 1));
        } else if (by[i] == '0') {
          out.add(whole);
        } else {
          matcher.push_capture(by[i] - '1', begin, end);
          lua_tolstring(L, -1, nullptr);
          out.add_value();
        }
      }
      return;
    }
  }
  if (!lua_toboolean(L, -1)) {
    lua_pop(L, 1);
    out.add(whole);
  } else if (!lua_isstring(L, -1)) {
    luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
  } else {
    lua_tolstring(L, -1, nullptr);
    out.add_value();
  }
}

int text_gsub(lua_State* L) {
  if (!watchdog_of(L).has_room()) luaL_error(L, "stack overflow");
  const std::string_view text = text_argument(L, 1);
  std::string_view pattern = text_argument(L, 2);
  const int kind = lua_type(L, 3);
  if (kind != LUA_TNUMBER && kind != LUA_TSTRING && kind != LUA_TFUNCTION && kind != LUA_TTABLE) {
    luaL_typerror(L, 3, "string/function/table");
  }
  const auto most =
      lua_isnoneornil(L, 4) ? text.size() + 1 : static_cast<size_t>(std::max<lua_Integer>(0, luaL_checkinteger(L, 4)));
  lua_settop(L, 4);
  const bool anchored = !pattern.empty() && pattern[0] == '^';
  if (anchored) pattern.remove_prefix(1);
  Matcher matcher(L, text, pattern);
  Output out(L);
  size_t at = 0, count = 0;
  while (count < most) {
    matcher.step();
    const size_t end = matcher.from(at);
    if (end != Matcher::kNone) {
      ++count;
      add_replaced(L, out, matcher, text, at, end);
    }
    if (end != Matcher::kNone && end > at) {
      at = end;
    } else if (at < text.size()) {
      out.add(text.substr(at++, 1));
    } else {
      break;
    }
    if (anchored) break;
  }
  if (at < text.size()) out.add(text.substr(at));
  out.push();
  lua_pushinteger(L, static_cast<lua_Integer>(count));
  return 2;
}

}  // namespace

void add_pattern_functions(lua_State* L, Watchdog& watchdog) {
  const std::pair<const char*, lua_CFunction> functions[] = {
      {"find", text_find}, {"match", text_match}, {"gmatch", text_gmatch}, {"gsub", text_gsub}};
  for (const auto& [name, function] : functions) {
    lua_pushlightuserdata(L, &watchdog);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
  }
}

}  // namespace parley
