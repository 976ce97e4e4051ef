// What a template is parsed into. Only for template.cc and template_parse.cc.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "prompt/template.h"

namespace parley {

struct Template::Node {
  enum class Kind { text, hole, section, inverted, phrase };
  enum class Name { field, item, first, last, number };  // field: any that is no word of ours
  Kind kind = Kind::text;
  Name what = Name::field;
  int line = 0;
  std::string text;  // the text; else the name as written
  std::string format;
  std::vector<size_t> dots;  // of the name, last first: where its parts may be cut
  std::vector<Node> inside;
};

// How deep sections stand in sections and phrases in phrases: beyond it is a mistake, and the stack is finite.
inline constexpr size_t kSectionDepth = 100, kPhraseDepth = 30;

// "file:line: what".
Error template_error(const std::string& file, int line, std::string_view what);

// Error: see Template::parse.
std::vector<Template::Node> parse_template(std::string_view text, const std::string& file, int line);

// One of fmt's formats for a number, within bounds: [align][sign][#][0][width][.precision][type].
bool is_number_format(std::string_view format);

}  // namespace parley
