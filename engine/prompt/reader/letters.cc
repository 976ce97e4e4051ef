#include <utility>

#include "prompt/reader/words.h"

namespace parley {
namespace {

// The next character of UTF-8 and how many bytes it takes; a blank for what is none.
char32_t next_of(std::string_view text, size_t& i) {
  unsigned char lead = static_cast<unsigned char>(text[i++]);
  if (lead < 0x80) return lead;
  int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc2 ? 1 : 0;
  if (more == 0 || lead > 0xf4) return ' ';
  char32_t c = lead & (0x3f >> more);
  size_t from = i;
  for (; more > 0; --more) {
    if (i >= text.size() || (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) {
      i = from;
      return ' ';
    }
    c = (c << 6) | (static_cast<unsigned char>(text[i++]) & 0x3f);
  }
  return c;
}

bool within(char32_t c, char32_t from, char32_t to) { return c >= from && c <= to; }

// What stands for a character; 0: nothing does.
char32_t plain(char32_t c) {
  if (c < 0x80) return c == 0x7f || (c < 0x20 && c != '\n') ? U' ' : c;
  if (within(c, 0xff01, 0xff5e)) return c - 0xfee0;  // full-width
  if (within(c, 0x2000, 0x200a)) return ' ';
  static const std::pair<std::u32string_view, char32_t> same[] = {
      {U"\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc", '\''},
      {U"\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\u2039\u203a\u3008\u3009\u300a\u300b\u300c\u300d\u300e\u300f\u3010"
       U"\u3011",
       '"'},
      {U"\u3002\uff61\u0964\u06d4\u2026", '.'},
      {U"\u3001\uff64\u060c", ','},
      {U"\u061b", ';'},
      {U"\u061f", '?'},
      {U"\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63", '-'},
      {U"\u2022\u25cf\u25aa\u2023\u00d7", '*'},
      {U"\u00f7", '/'},
      {U"\u2192\u21d2", '='},
      {U"\u00a0\u1680\u202f\u205f\u3000\u00bf\u00a1\u0085", ' '},
      {U"\u200b\u200c\u200d\u2060\ufeff\ufe0f\u00ad", 0},
  };
  for (const auto& [those, made] : same) {
    if (those.find(c) != those.npos) return made;
  }
  return c;
}

}  // namespace

std::u32string plain_text(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    size_t before = i;
    char32_t c = next_of(text, i);
    if (c == '\r') c = i < text.size() && text[i] == '\n' ? U' ' : U'\n';
    bool digit_before = !out.empty() && is_digit(out.back()),
         digit_after = i < text.size() && is_digit(static_cast<unsigned char>(text[i]));
    if ((c == 0xa0 || c == 0x2009 || c == 0x202f) && digit_before && digit_after) {
      out += ',';  // "1 250" with a blank that does not break: thousands
    } else if (c == 0x2014 || c == 0x2015 || (c == 0x2013 && !(digit_before && digit_after))) {
      out += U" - ";  // a dash between clauses
    } else if (within(c, 0xbc, 0xbe)) {
      out += U" 1/2 ";  // a fraction, whichever: it settles nothing
    } else if (char32_t made = plain(c)) {
      out += made;
    }
    if (i == before) break;
  }
  return out;
}

char32_t lower(char32_t c) {
  if (within(c, 'A', 'Z')) return c + 32;
  if (c < 0xc0) return c;
  if (within(c, 0xc0, 0xde) && c != 0xd7) return c + 32;
  if (within(c, 0x100, 0x137) || within(c, 0x14a, 0x177)) return c | 1;
  if (within(c, 0x391, 0x3a9)) return c + 32;
  if (within(c, 0x410, 0x42f)) return c + 32;
  if (within(c, 0x400, 0x40f)) return c + 80;
  return c;
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  for (char32_t c : text) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0x800) {
      out += static_cast<char>(0xc0 | (c >> 6));
      out += static_cast<char>(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
      out += static_cast<char>(0xe0 | (c >> 12));
      out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
      out += static_cast<char>(0x80 | (c & 0x3f));
    } else {
      out += static_cast<char>(0xf0 | (c >> 18));
      out += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
      out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
      out += static_cast<char>(0x80 | (c & 0x3f));
    }
  }
  return out;
}

bool is_digit(char32_t c) { return within(c, '0', '9'); }

bool is_ideograph(char32_t c) {
  return within(c, 0x2e80, 0x2fff) || within(c, 0x3040, 0xa4cf) || within(c, 0xac00, 0xd7af) ||
         within(c, 0xf900, 0xfaff) || within(c, 0x20000, 0x3ffff) || within(c, 0xe00, 0xe7f);
}

bool is_letter(char32_t c) {
  if (c < 0x80) return is_digit(c) || within(c, 'a', 'z') || within(c, 'A', 'Z');
  return (within(c, 0xc0, 0x1fff) && c != 0xd7 && c != 0xf7 && !is_ideograph(c)) || within(c, 0x2c00, 0x2dff) ||
         within(c, 0xa4d0, 0xabff) || within(c, 0xfe70, 0xfefc);
}

}  // namespace parley
