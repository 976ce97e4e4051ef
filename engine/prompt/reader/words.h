// A reply as words, points and mentions of what may be chosen. Only for the reader: settle.cc judges them.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "game/action_set.h"
#include "prompt/reader.h"

namespace parley {

struct Token {
  enum class Kind { word, point, line, mention };  // line: the end of one
  Kind kind = Kind::word;
  std::string text;   // a word in lower case; a point's one character
  int option = 0;     // mention: of which (ReplyText::options), or kUnsure
  bool weak = false;  // perhaps no mention at all (the article "A"): stands against others, settles nothing in passing
  bool exact = true;  // in the label's own case
  bool bold = false;  // in **bold**
  bool marked = false;  // in quotes or brackets of its own
};
inline constexpr size_t kMentions = 500;  // more are not read: nothing that settles on something names so many
inline constexpr int kUnsure = -1;  // what is named cannot be told: "1.2.3", "10m"; or two labels fit equally well

struct ReplyText {
  std::vector<Token> tokens;
  std::vector<std::optional<Value>> options;  // by Token::option; none: a number that is not in the set
  bool numbers = false;                       // the set holds numbers only: mentions are numbers, of the set or not
  bool letters = false;                       // some label is a single character: another one may be named just so
};

// Labels match as whole words in any case, with blank, "_" and "-" alike inside them; where several match at a place the
// longest does; where their case alone differs, the one in the case of the text.
ReplyText scan_reply(const ActionSet& set, const Labels& labels, std::string_view text);

// What of a reply is settled on: one option, or why none is.
struct Settled {
  std::optional<int> option;
  std::string reason;
};
// `others`: what another player is expected to choose was asked for.
Settled settle(const ReplyText& reply, bool others);
// Whether the reply declines to answer. Asked only where nothing is settled.
bool refuses(const ReplyText& reply);

// Characters of a reply, made plain: quotes, dashes, blanks, brackets and full-width letters of all scripts become
// ASCII's; what is no UTF-8 becomes a blank.
std::u32string plain_text(std::string_view text);
// In lower case: Latin, Greek, Cyrillic; the same number of characters.
char32_t lower(char32_t c);
std::string to_utf8(std::u32string_view text);
bool is_digit(char32_t c);
bool is_letter(char32_t c);     // or digit: what words are made of, where words are set apart by blanks
bool is_ideograph(char32_t c);  // of a script without blanks between words, or with endings on foreign words

// A number that begins at a character, which is a digit or a point before one.
struct NumberAt {
  double value = 0;
  size_t end = 0;
  enum class Kind { number, percent, unsure, none } kind = Kind::number;  // none: a word ("1st", "4x4")
};
NumberAt number_at(std::u32string_view text, size_t at);
// The value of number words from tokens[at] on, and how many they are; none where there are none.
std::optional<std::pair<double, size_t>> number_words(const std::vector<Token>& tokens, size_t at);

}  // namespace parley
