#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "prompt/template_nodes.h"

namespace parley {
namespace {

using Node = Template::Node;

bool is_format(std::string_view f) { return f == "#" || f == "unit" || is_number_format(f); }

class Parser {
 public:
  Parser(std::string_view text, const std::string& file, int line) : text_(text), file_(file), line_(line) {}

  std::vector<Node> parse() {
    std::vector<std::vector<Node>> levels(1);  // what stands in each open section; the last is the innermost
    std::vector<Node> open;
    while (at_ < text_.size()) {
      size_t tag = text_.find("{{", at_);
      if (tag == text_.npos) tag = text_.size();
      add_text(levels.back(), text_.substr(at_, tag - at_));
      at_ = tag;
      if (at_ == text_.size()) break;
      Tag read = next();
      switch (read.sign) {
        case '!':
          break;
        case '#':
        case '^':
          if (open.size() == kSectionDepth) throw error(read.line, "sections stand more than 100 deep in each other");
          open.push_back(std::move(read.node));
          levels.emplace_back();
          break;
        case '/': {
          if (open.empty()) throw error(read.line, fmt::format("{{{{/{}}}}} closes nothing", read.node.text));
          Node& section = open.back();
          if (section.text != read.node.text) {
            throw error(read.line, fmt::format("{{{{/{}}}}} stands where {{{{/{}}}}} should: it is open since line {}",
                                               read.node.text, section.text, section.line));
          }
          section.inside = std::move(levels.back());
          levels.pop_back();
          levels.back().push_back(std::move(section));
          open.pop_back();
          break;
        }
        default:
          levels.back().push_back(std::move(read.node));
      }
    }
    if (!open.empty()) {
      const Node& section = open.back();
      char sign = section.kind == Node::Kind::inverted ? '^' : '#';
      throw error(section.line,
                  fmt::format("{{{{{}{}}}}} is not closed by {{{{/{}}}}}", sign, section.text, section.text));
    }
    return std::move(levels.front());
  }

 private:
  struct Tag {
    char sign = 0;  // '#', '^', '/', '>', '!', or 0: a hole
    int line = 0;
    Node node;
  };

  Error error(int line, std::string_view what) const { return template_error(file_, line, what); }

  void add_text(std::vector<Node>& to, std::string_view text) {
    if (text.empty()) return;
    Node node;
    node.line = line_;
    node.text = text;
    to.push_back(std::move(node));
    line_ += static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  }

  // Reads the tag that begins here, and with it its line's end where it is a section tag or comment alone on its line.
  Tag next() {
    Tag tag;
    tag.line = line_;
    size_t from = at_ + 2, end = text_.find("}}", from);
    if (end == text_.npos) throw error(line_, "'{{' is not closed by '}}'");
    std::string_view inner = text_.substr(from, end - from);
    if (!inner.empty() && std::string_view("#^/>!").find(inner[0]) != std::string_view::npos) {
      tag.sign = inner[0];
      inner.remove_prefix(1);
    }
    if (tag.sign != '!') tag.node = named(tag.sign, inner);
    size_t after = end + 2;
    bool alone = (at_ == 0 || text_[at_ - 1] == '\n') && (after == text_.size() || text_[after] == '\n');
    if (alone && tag.sign != 0 && tag.sign != '>' && after < text_.size()) ++after;
    line_ += static_cast<int>(std::count(text_.begin() + at_, text_.begin() + after, '\n'));
    at_ = after;
    return tag;
  }

  Node named(char sign, std::string_view inner) const {
    auto shown = [&] { return "'{{" + (sign ? std::string(1, sign) : "") + std::string(inner) + "}}'"; };
    if (inner.find('\n') != inner.npos) throw error(line_, "'{{' is not closed by '}}' on its line");
    if (!inner.empty() && (inner[0] == '{' || inner[0] == '&')) {
      throw error(line_, shown() + " is no tag: no value is escaped, so that {{name}} does");
    }
    Node node;
    node.line = line_;
    node.kind = sign == '#'   ? Node::Kind::section
                : sign == '^' ? Node::Kind::inverted
                : sign == '>' ? Node::Kind::phrase
                              : Node::Kind::hole;
    std::string_view name = trimmed(inner);
    if (size_t colon = name.find(':'); colon != name.npos) {
      node.format = trimmed(name.substr(colon + 1));
      name = trimmed(name.substr(0, colon));
      if (sign) throw error(line_, shown() + ": only a hole takes a format");
      if (!is_format(node.format)) {
        throw error(line_,
                    fmt::format("{}: '{}' is no format; there are: .2f and its like, #, unit", shown(), node.format));
      }
    }
    bool bad = name.empty() || name.find_first_of("{}<>&#^!=|\"") != name.npos || name.find("..") != name.npos ||
               (!name.empty() && (name.front() == '/' || name.back() == '/')) ||
               (name != "." && (name.front() == '.' || name.back() == '.')) || (sign == '>' && name[0] == '@');
    for (unsigned char c : name) bad = bad || c < 0x20;
    if (bad) throw error(line_, shown() + " is no tag");
    if (sign != '>' && (name == "." || name[0] == '@')) {
      node.what = name == "."         ? Node::Name::item
                  : name == "@first"  ? Node::Name::first
                  : name == "@last"   ? Node::Name::last
                  : name == "@number" ? Node::Name::number
                                      : Node::Name::field;
      if (node.what == Node::Name::field) {
        static const std::vector<std::string> known = {"@first", "@last", "@number"};
        throw error(line_,
                    fmt::format("there is no '{}'{}; there are: {}", name, did_you_mean(name, known), joined(known)));
      }
    }
    node.text = name;
    for (size_t dot = name.rfind('.'); dot != name.npos && dot > 0; dot = name.rfind('.', dot - 1)) {
      node.dots.push_back(dot);
    }
    return node;
  }

  std::string_view text_;
  const std::string& file_;
  int line_;
  size_t at_ = 0;
};

}  // namespace

Error template_error(const std::string& file, int line, std::string_view what) {
  return Error(fmt::format("{}:{}: {}", file, line, what));
}

std::vector<Node> parse_template(std::string_view text, const std::string& file, int line) {
  return Parser(text, file, line).parse();
}

bool is_number_format(std::string_view f) {
  size_t i = 0;
  auto one_of = [&](std::string_view set) { return i < f.size() && set.find(f[i]) != set.npos ? (++i, true) : false; };
  auto digits = [&] {
    size_t n = 0;
    while (one_of("0123456789")) ++n;
    return n;
  };
  one_of("<>^");
  one_of("+-");
  one_of("#");
  if (digits() > 2) return false;  // 99 blanks are enough
  if (one_of(".")) {
    size_t n = digits();
    if (n == 0 || n > 2) return false;
  }
  one_of("deEfFgG");
  return i == f.size() && !f.empty();
}

}  // namespace parley
