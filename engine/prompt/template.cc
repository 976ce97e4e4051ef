#include "prompt/template.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "prompt/template_nodes.h"

namespace parley {
namespace {

using Node = Template::Node;

bool is_true(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::nil:
      return false;
    case Value::Kind::boolean:
      return value.boolean();
    case Value::Kind::string:
      return !value.string().empty();
    case Value::Kind::list:
      return !value.list().empty();
    default:
      return true;
  }
}

void collect(const std::vector<Node>& nodes, bool phrases, std::set<std::string>& names) {
  for (const Node& node : nodes) {
    bool wanted = node.kind == Node::Kind::phrase ? phrases : node.kind != Node::Kind::text && !phrases;
    if (wanted && node.what == Node::Name::field) names.insert(node.text);
    collect(node.inside, phrases, names);
  }
}

}  // namespace

// One rendering: a stack of what sections are within, from the outermost.
class Rendering {
 public:
  Rendering(const Scope& scope, const Template::Phrases& phrases, const Unit& unit)
      : scope_(scope), phrases_(phrases), unit_(unit) {
    frames_.reserve(8);
  }

  std::string run(const Template& whole) {
    put(whole);
    return std::move(out_);
  }

 private:
  struct Frame {
    const Value* value;
    size_t at, count;  // in a list, from 0; a record that is no item: count 0
  };
  struct Found {
    const Value* value = nullptr;  // where nullptr, nothing fills the name
    const Value* owner = nullptr;  // what has the first part of the name but not the rest,
    size_t cut = 0;                //   and where the rest begins
  };

  void put(const Template& part) {
    if (!part.nodes_) return;
    inside_.push_back(&part);
    put(*part.nodes_);
    inside_.pop_back();
  }

  void put(const std::vector<Node>& nodes) {
    for (const Node& node : nodes) {
      switch (node.kind) {
        case Node::Kind::text:
          out_ += node.text;
          break;
        case Node::Kind::hole:
          put_hole(node);
          break;
        case Node::Kind::section:
        case Node::Kind::inverted:
          put_section(node);
          break;
        case Node::Kind::phrase:
          put_phrase(node);
          break;
      }
    }
  }

  void put_hole(const Node& node) {
    Found found = find(node);
    if (!found.value) throw unfilled(node, found);
    const Value& value = *found.value;
    if (value.is_number() && node.format.empty()) {
      out_ += number_text(value.number());
    } else if (value.is_number()) {
      try {
        out_ += format_number(value.number(), node.format, unit_);
      } catch (const Error& e) {
        throw error(node, e.what());
      }
    } else if (value.is_string() && node.format.empty()) {
      out_ += value.string();
    } else {
      throw no_text(node, value);
    }
  }

  void put_section(const Node& node) {
    Found found = find(node);
    // A part of what is false is false: {{#options.range.step}} where there is no range.
    bool part_of_false = found.owner && !found.owner->is_list() && !is_true(*found.owner);
    if (!found.value && !part_of_false) throw unfilled(node, found);
    bool yes = found.value && is_true(*found.value);
    if (node.kind == Node::Kind::inverted) {
      if (!yes) put(node.inside);
    } else if (yes && found.value->is_list()) {
      Value held = *found.value;  // a scope's answer holds until the next question; the content is shared, not copied
      size_t count = held.list().size();
      for (size_t i = 0; i < count; ++i) put_within(node, {&held.list()[i], i, count});
    } else if (yes && found.value->is_record()) {
      Value held = *found.value;
      put_within(node, {&held, 0, 0});
    } else if (yes) {
      put(node.inside);
    }
  }

  void put_within(const Node& node, Frame frame) {
    frames_.push_back(frame);
    put(node.inside);
    frames_.pop_back();
  }

  void put_phrase(const Node& node) {
    const Template* phrase = phrases_ ? phrases_(node.text) : nullptr;
    if (!phrase)
      throw error(node, fmt::format("{{{{>{}}}}}: neither this file nor the cover has such a phrase", node.text));
    for (const Template* outer : inside_) {
      if (outer->nodes_ == phrase->nodes_) throw error(node, fmt::format("{{{{>{}}}}} is put into itself", node.text));
    }
    if (inside_.size() > kPhraseDepth) throw error(node, "phrases stand more than 30 deep in each other");
    put(*phrase);
  }

  Found find(const Node& node) {
    if (node.what != Node::Name::field) return {of_item(node)};
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
      if (!frame->value->is_record()) continue;
      Found found = field(*frame->value, node.text, node.dots, 0);
      if (found.value || found.owner) return found;
    }
    if (const Value* value = scope_.find(node.text)) return {value};
    for (size_t dot : node.dots) {
      if (const Value* owner = scope_.find(std::string_view(node.text).substr(0, dot))) return rest(*owner, node, dot);
    }
    return {};
  }

  // A name, from byte `from` on, in a record: whole, or else by its longest first part that is there.
  Found field(const Value& in, std::string_view name, const std::vector<size_t>& dots, size_t from) {
    const Value::Record& record = in.record();
    if (auto at = record.find(name.substr(from)); at != record.end()) return {&at->second};
    for (size_t dot : dots) {
      if (dot <= from) break;
      if (auto at = record.find(name.substr(from, dot - from)); at != record.end()) {
        return rest(at->second, name, dots, dot);
      }
    }
    return {};
  }

  Found rest(const Value& owner, const Node& node, size_t dot) { return rest(owner, node.text, node.dots, dot); }
  Found rest(const Value& owner, std::string_view name, const std::vector<size_t>& dots, size_t dot) {
    if (owner.is_record()) {
      Found found = field(owner, name, dots, dot + 1);
      return found.value || found.owner ? found : Found{nullptr, &owner, dot};
    }
    std::string_view last = name.substr(dot + 1);
    if (owner.is_list() && last == "count") return {&(computed_ = owner.list().size())};
    if (owner.is_list() && last == "any") return {&(computed_ = !owner.list().empty())};
    if (owner.is_string() && last == "me") {
      const std::string text = owner.string();  // the scope's next answer may take its place
      if (const Value* me = scope_.find("me")) return {&(computed_ = *me == Value(text))};
    }
    return {nullptr, &owner, dot};
  }

  const Value* of_item(const Node& node) {
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
      if (frame->count == 0) continue;
      switch (node.what) {
        case Node::Name::first:
          return &(computed_ = frame->at == 0);
        case Node::Name::last:
          return &(computed_ = frame->at + 1 == frame->count);
        case Node::Name::number:
          return &(computed_ = frame->at + 1);
        default:
          return frame->value;
      }
    }
    throw error(node, fmt::format("'{}' stands in no section over a list", node.text));
  }

  Error error(const Node& node, std::string_view what) const {
    return template_error(inside_.back()->file_, node.line, what);
  }

  Error no_text(const Node& node, const Value& value) const {
    const std::string& name = node.text;
    std::string section = fmt::format("{{{{#{}}}}}...{{{{/{}}}}}", name, name);
    if (value.is_string())
      return error(node, fmt::format("'{}' is text: '{}' is a format for numbers", name, node.format));
    if (value.is_list()) return error(node, fmt::format("a list has no text: write {}", section));
    if (value.is_record()) {
      std::string field = value.record().empty() ? "name" : value.record().begin()->first;
      if (name == ".") return error(node, fmt::format("the item has fields: write {{{{{}}}}} and its like", field));
      return error(node, fmt::format("a table of names has no text: write {{{{{}.{}}}}}, or {}", name, field, section));
    }
    if (value.is_nil()) return error(node, fmt::format("'{}' is nothing and has no text: write {}", name, section));
    return error(
        node, fmt::format("'{}' is {} and has no text: write {}", name, value.boolean() ? "true" : "false", section));
  }

  Error unfilled(const Node& node, const Found& found) const {
    std::string_view what = node.kind == Node::Kind::hole ? "hole" : "section";
    std::set<std::string> known;
    if (found.owner && !found.owner->is_record() && !found.owner->is_list()) {
      return error(node,
                   fmt::format("nothing fills the {} '{}': '{}' is {}", what, node.text, node.text.substr(0, found.cut),
                               is_true(*found.owner) ? kind_name(found.owner->kind()) : "false here"));
    }
    if (found.owner) {
      std::string before = node.text.substr(0, found.cut + 1);
      if (found.owner->is_list()) {
        known = {before + "any", before + "count"};
      } else {
        for (const auto& [name, value] : found.owner->record()) known.insert(before + name);
      }
    } else {
      for (std::string& name : scope_.names()) known.insert(std::move(name));
      for (const Frame& frame : frames_) {
        if (!frame.value->is_record()) continue;
        for (const auto& [name, value] : frame.value->record()) known.insert(name);
      }
    }
    std::vector<std::string> names(known.begin(), known.end());
    return error(node, fmt::format("nothing fills the {} '{}'{}{}{}", what, node.text, did_you_mean(node.text, names),
                                   names.empty() ? "" : "; there are: ", joined(names, ", ")));
  }

  const Scope& scope_;
  const Template::Phrases& phrases_;
  const Unit& unit_;
  std::string out_;
  std::vector<Frame> frames_;
  std::vector<const Template*> inside_;  // the template and the phrases being put in
  Value computed_;                       // what @number and LIST.count come to
};

Template Template::parse(std::string_view text, std::string file, int line) {
  Template made;
  made.nodes_ = std::make_shared<const std::vector<Node>>(parse_template(text, file, line));
  made.file_ = std::move(file);
  return made;
}

std::string Template::render(const Scope& scope, const Phrases& phrases, const Unit& unit) const {
  return Rendering(scope, phrases, unit).run(*this);
}

std::set<std::string> Template::holes() const {
  std::set<std::string> names;
  if (nodes_) collect(*nodes_, false, names);
  return names;
}

std::set<std::string> Template::phrases() const {
  std::set<std::string> names;
  if (nodes_) collect(*nodes_, true, names);
  return names;
}

std::string format_number(double n, std::string_view format, const Unit& unit) {
  // English as in Unicode's CLDR: the one form for 1 and -1, the many form for all else, fractions and 0 among it.
  if (format == "unit") return number_text(n) + " " + (std::fabs(n) == 1 ? unit.one : unit.many);
  if (format == "#") {
    std::string text = number_text(n);
    if (text.find_first_of(".n") != text.npos) return text;  // "nan", "inf"
    return text.insert(std::min(text.find('e'), text.size()), ".0");
  }
  if (!is_number_format(format)) throw Error(fmt::format("'{}' is no format for a number", format));
  if (format.back() == 'd') {
    if (n != std::floor(n) || std::fabs(n) >= 1e15) {
      throw Error(fmt::format("{} is no whole number, as the format '{}' wants", number_text(n), format));
    }
    return fmt::format(fmt::runtime(fmt::format("{{:{}}}", format)), static_cast<long long>(n));
  }
  try {
    return fmt::format(fmt::runtime(fmt::format("{{:{}}}", format)), n);
  } catch (const fmt::format_error& e) {
    throw Error(fmt::format("'{}' is no format for a number: {}", format, e.what()));
  }
}

}  // namespace parley
