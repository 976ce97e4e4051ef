// Mustache without escaping (DESIGN 5, "Templates"; the holes: LUA.md, "Holes in prompts"). Ours and no library's, because
// libraries drop or add bytes by what values come out as (MEASURED.md): here a line that is one section tag or comment from
// its first byte to its last goes with its newline, and every other byte is text, whatever the values are.
#pragma once
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace parley {

// What fills the holes of one rendering. Names are looked up whole, dots and all ("options.range"), then by ever shorter
// first parts, whose fields follow ("action.mine"). Items of sections that are records come before this; the innermost that
// has a part of the name decides. A list has the parts `count` and `any`, a text the part `me`: whether it is what fills "me".
class Scope {
 public:
  virtual ~Scope() = default;
  // The value of a name; nullptr where nobody fills it. Holds until the next call.
  virtual const Value* find(std::string_view name) const = 0;
  // All names there are, for the message about one that is not.
  virtual std::vector<std::string> names() const = 0;
};

// The two forms of a unit, for {{points:unit}}: "1 point", "3 points".
struct Unit {
  std::string one = "point", many = "points";
};

class Template {
 public:
  // Parses a section's text; `file` and `line` (of its first line) are for messages. Error: a section that is not closed,
  // a tag that is none, with "file:line: ".
  static Template parse(std::string_view text, std::string file, int line);

  // A phrase for {{>name}}: the template put in there, or nullptr where neither file nor cover has it.
  using Phrases = std::function<const Template*(std::string_view name)>;

  // Error: a hole that nothing fills, with file:line and the names there are; a list, a record, true or false where text is
  // wanted; a format for what is no number; a phrase that is missing; phrases that go round in a circle.
  std::string render(const Scope& scope, const Phrases& phrases, const Unit& unit) const;

  // The names of all holes and sections (as written, dots and all, without formats; not @first and its like, nor ".") and of
  // all phrases, in any branch. Fields of a list's items are among them: what an item has is known only when it is there.
  std::set<std::string> holes() const;
  std::set<std::string> phrases() const;

  struct Node;

 private:
  friend class Rendering;
  std::shared_ptr<const std::vector<Node>> nodes_;
  std::string file_;
};

// A number in a format: fmt's ("{:.2f}" is ".2f"), "#" (plainly but always with a point), "unit" (with its unit in the
// right form). Error where the format is none.
std::string format_number(double n, std::string_view format, const Unit& unit);

}  // namespace parley
