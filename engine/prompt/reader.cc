#include "prompt/reader.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "prompt/reader/sense.h"

namespace parley {
namespace {

using Why = Reading::Why;

Reading failed(Why why, std::string reason) { return {why, {}, std::move(reason)}; }
Reading unreadable(std::string reason) { return failed(Why::unreadable, std::move(reason)); }

// The first n words of a text that goes on after them; "" where it does not.
std::string_view first_words(std::string_view text, int n) {
  constexpr std::string_view blank = " \t\r\n\v\f";
  size_t at = 0;
  for (int words = 0; words < n; ++words) {
    size_t from = text.find_first_not_of(blank, at);
    at = from == text.npos ? from : text.find_first_of(blank, from);
    if (at == text.npos) return {};
  }
  return text.substr(0, at);
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

// The text between the last <name> and the </name> that follows it; `from`, `to`: all of it, tags included.
struct Tagged {
  std::string_view inside;
  size_t from = 0, to = 0;
};
std::optional<Tagged> last_tag(std::string_view text, std::string_view lowered, std::string_view name) {
  std::string open = "<" + lower_ascii(name) + ">", close = "</" + open.substr(1);
  size_t to = lowered.rfind(close);
  if (to == lowered.npos || to == 0) return std::nullopt;
  size_t from = lowered.rfind(open, to - 1);
  if (from == lowered.npos || from + open.size() > to) return std::nullopt;
  return Tagged{text.substr(from + open.size(), to - from - open.size()), from, to + close.size()};
}

// What stands outside of thoughts that a server left in the reply; a tag of that name that is asked for is none.
std::string without_thinking(const ActionSet& set, std::string_view text) {
  std::string out(text);
  if (out.find('<') == out.npos) return out;
  for (std::string name : {"think", "thinking", "thought", "thoughts", "reasoning", "reflection"}) {
    if (std::any_of(set.fields.begin(), set.fields.end(), [&](const auto& f) { return f.first == name; })) continue;
    std::string open = "<" + name + ">", close = "</" + name + ">";
    std::string lowered = lower_ascii(out);
    // The last end closes them all: a thought may speak of such tags, and the first tag may be part of the prompt.
    if (size_t end = lowered.rfind(close); end != lowered.npos) {
      size_t begin = std::min(lowered.find(open), end);
      if (lowered.find(open) == lowered.npos || lowered.find(open) > end) begin = 0;
      out.erase(begin, end + close.size() - begin);
      lowered = lower_ascii(out);
    }
    if (size_t begin = lowered.find(open); begin != lowered.npos) out.erase(begin);  // a thought that never ended
  }
  return out;
}

// --- one of a list or range

class ChoiceReader {
 public:
  ChoiceReader(const ActionSet& set, const Labels& labels, bool others) : set_(set), labels_(labels), others_(others) {}

  Reading read(std::string_view body, bool cut) const {
    if (set_.kind == ActionSet::Kind::list && !cut) {  // what most replies are, without more ado
      for (const Value& item : set_.items) {
        if (label_of(labels_, item) == body) return {Why::read, item, ""};
      }
    }
    ReplyText reply = scan_reply(set_, labels_, body);
    if (std::optional<int> whole = only_mention(reply); whole && !(cut && may_go_on(reply))) {
      if (const auto& action = reply.options[static_cast<size_t>(*whole)]) return {Why::read, *action, ""};
      return cut ? failed(Why::cut, kCut) : unreadable("its number is not one of those allowed");
    }
    if (cut) return failed(Why::cut, kCut);
    if (std::optional<Reading> framed = from_frame(body)) return *framed;
    Settled settled = settle(reply, others_);
    if (settled.option) return {Why::read, *reply.options[static_cast<size_t>(*settled.option)], ""};
    if (refuses(reply)) return failed(Why::refused, "it declines to answer");
    return unreadable(settled.reason);
  }

  static constexpr const char* kCut = "it was cut off before its end";

 private:
  // One mention and besides it nothing but marks.
  static std::optional<int> only_mention(const ReplyText& reply) {
    std::optional<int> found;
    for (const Token& token : reply.tokens) {
      if (token.kind == Token::Kind::word) return std::nullopt;
      bool bound =
          token.kind == Token::Kind::point && (token.text == "<" || token.text == ">" || (found && token.text == "+"));
      if (bound) return std::nullopt;  // "<40", "40+"
      if (token.kind != Token::Kind::mention) continue;
      if (found || token.option == kUnsure) return std::nullopt;
      found = token.option;
    }
    return found;
  }

  // Whether what was cut off may have been the rest of a longer label ("1" of "10").
  bool may_go_on(const ReplyText& reply) const {
    const Token& last = reply.tokens.back();
    if (last.kind != Token::Kind::mention) return false;
    if (set_.kind == ActionSet::Kind::range && !set_.listable()) {
      double value = std::fabs(reply.options[static_cast<size_t>(last.option)].value_or(0).number());
      return set_.step != std::floor(set_.step) || value * 10 <= std::max(std::fabs(set_.lo), std::fabs(set_.hi));
    }
    for (size_t i = 0; i < set_.size(); ++i) {
      std::u32string label = plain_text(label_of(labels_, set_.at(i)));
      for (char32_t& c : label) c = lower(c);
      std::string full = to_utf8(label);
      if (full.size() > last.text.size() && full.starts_with(last.text)) return true;
    }
    return false;
  }

  // An answer that stands in a frame of its own, whatever is written around it; none where there is no frame.
  std::optional<Reading> from_frame(std::string_view body) const {
    if (std::optional<Reading> json = from_object(body)) return json;
    std::string lowered = lower_ascii(body);
    std::optional<Tagged> best;
    for (const char* name :
         {"answer", "final_answer", "choice", "decision", "action", "option", "response", "output"}) {
      std::optional<Tagged> found = last_tag(body, lowered, name);
      if (found && (!best || found->from > best->from)) best = found;
    }
    if (best) return inner(best->inside);
    if (size_t at = body.rfind("\\boxed{"); at != body.npos) {
      size_t from = at + 7, to = from;
      int depth = 1;
      for (; to < body.size() && depth > 0; ++to) depth += body[to] == '{' ? 1 : body[to] == '}' ? -1 : 0;
      std::string_view inside = body.substr(from, depth == 0 ? to - 1 - from : body.size() - from);
      if (inside.starts_with("\\text{")) inside = inside.substr(6);
      return inner(inside);
    }
    return std::nullopt;
  }

  Reading inner(std::string_view text) const {
    ReplyText reply = scan_reply(set_, labels_, text);
    Settled settled = settle(reply, others_);
    if (settled.option) return {Why::read, *reply.options[static_cast<size_t>(*settled.option)], ""};
    return unreadable(settled.reason);
  }

  std::optional<Reading> from_object(std::string_view body) const;

  const ActionSet& set_;
  const Labels& labels_;
  bool others_;
};

// A JSON object in the text: from its first brace to its last, or from its last opening one.
std::optional<Value> object_in(std::string_view text) {
  size_t to = text.rfind('}');
  if (to == text.npos || text.size() > 100000) return std::nullopt;
  for (size_t from : {text.find('{'), text.rfind('{')}) {
    if (from == text.npos || from > to) continue;
    std::string_view part = text.substr(from, to - from + 1);
    int depth = 0, deepest = 0;
    for (char c : part) {
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      deepest = std::max(deepest, depth);
    }
    if (deepest > 20) continue;  // no answer, and what reads it goes down into each
    try {
      Value value = from_json(part);
      if (value.is_record()) return value;
    } catch (const Error&) {
    }
  }
  return std::nullopt;
}

std::optional<Reading> ChoiceReader::from_object(std::string_view body) const {
  std::optional<Value> object = object_in(body);
  if (!object) return std::nullopt;
  static const char* const known[] = {
      "answer", "choice", "action", "decision", "option", "move",   "selection", "pick",  "vote",         "prediction",
      "bid",    "offer",  "give",   "send",     "invest", "amount", "number",    "value", "contribution", "response"};
  static const char* const no_answer[] = {"reason", "expla",    "thought", "think",   "why",
                                          "other",  "opponent", "partner", "analysis"};
  std::vector<Reading> named, any;
  for (const auto& [key, value] : object->record()) {
    if (!value.is_string() && !value.is_number() && !value.is_boolean()) continue;
    std::string name = lower_ascii(key), text = value_text(value);
    auto in_name = [&](const char* part) { return name.find(part) != name.npos; };
    bool is_known = std::any_of(std::begin(known), std::end(known), in_name);
    if (std::any_of(std::begin(no_answer), std::end(no_answer), in_name) && !(others_ && is_known)) continue;
    ReplyText reply = scan_reply(set_, labels_, text);
    std::optional<int> whole = only_mention(reply);
    if (!whole && !is_known) continue;
    (is_known ? named : any).push_back(inner(text));
  }
  const std::vector<Reading>& found = named.empty() ? any : named;
  if (found.empty()) return std::nullopt;
  for (const Reading& other : found) {
    if (other.why != found[0].why || other.action != found[0].action)
      return unreadable("its fields name different answers");
  }
  return found[0];
}

// --- records and splits

Reading read_fields(const std::vector<std::pair<std::string, ActionSet>>& fields, const Labels& labels,
                    std::string_view body, bool others) {
  std::string lowered = lower_ascii(body);
  std::optional<Value> object;
  bool tags =
      std::any_of(fields.begin(), fields.end(), [&](const auto& f) { return last_tag(body, lowered, f.first); });
  if (!tags) object = object_in(body);
  Value::Record out;
  for (const auto& [name, set] : fields) {
    std::string held;
    std::optional<std::string_view> text;
    if (std::optional<Tagged> tag = tags ? last_tag(body, lowered, name) : std::nullopt) {
      text = tag->inside;
    } else if (object) {
      for (const auto& [key, value] : object->record()) {
        if (lower_ascii(key) != lower_ascii(name)) continue;
        held = value.is_record() || value.is_list() ? to_json(value) : value_text(value);
        text = held;
      }
    }
    if (!text) return unreadable("the part <" + name + "> is missing");
    if (set.kind == ActionSet::Kind::words && trimmed(*text).empty()) {
      out.emplace(name, "");  // a thought that was not thought takes nothing from the answer
      continue;
    }
    Reading part = read_reply(set, labels, *text, "stop", others);
    if (part.why == Why::empty) return unreadable("the part <" + name + "> is empty");
    if (part.why != Why::read) return failed(part.why, "in the part <" + name + "> " + part.reason);
    out.emplace(name, std::move(part.action));
  }
  return {Why::read, std::move(out), ""};
}

Reading read_split(const ActionSet& set, std::string_view body, bool others) {
  ActionSet part;
  part.kind = ActionSet::Kind::range;
  part.hi = set.total;
  std::vector<std::pair<std::string, ActionSet>> fields;
  for (const std::string& name : set.names) fields.emplace_back(name, part);
  Reading reading = read_fields(fields, {}, body, others);
  if (reading.why == Why::read && !set.contains(reading.action)) {
    return unreadable("its parts do not add up to " + number_text(set.total));
  }
  return reading;
}

}  // namespace

std::string label_of(const Labels& labels, const Value& action) {
  if (!action.is_string()) return value_text(action);
  auto found = labels.find(action.string());
  return found == labels.end() ? action.string() : found->second;
}

std::string_view why_name(Reading::Why why) {
  switch (why) {
    case Why::read:
      return "read";
    case Why::unreadable:
      return "unreadable";
    case Why::refused:
      return "refused";
    case Why::filtered:
      return "filtered";
    case Why::cut:
      return "cut";
    case Why::empty:
      return "empty";
  }
  return "";
}

std::vector<Value> mentioned(const ActionSet& set, const Labels& labels, std::string_view text) {
  const ReplyText said = scan_reply(set, labels, text);
  const Sense sense(said, true);
  std::vector<Value> out;
  for (size_t m : sense.mentions) {
    const Token& token = said.tokens[m];
    if (token.weak || token.option == kUnsure || sense.denied(m)) continue;
    const auto& action = said.options[static_cast<size_t>(token.option)];
    if (action && std::find(out.begin(), out.end(), *action) == out.end()) out.push_back(*action);
  }
  return out;
}

Reading read_reply(const ActionSet& set, const Labels& labels, std::string_view text, std::string_view finish,
                   bool others) {
  if (finish == "filter") return failed(Why::filtered, "it was held back");
  if (finish == "refusal") return failed(Why::refused, "it declines to answer");
  bool cut = finish == "length";
  std::string said = without_thinking(set, text);
  std::string_view body = trimmed(said);
  if (cut && body.empty()) return failed(Why::cut, ChoiceReader::kCut);
  if (body.empty()) return failed(Why::empty, "it is empty");
  switch (set.kind) {
    case ActionSet::Kind::list:
    case ActionSet::Kind::range:
      return ChoiceReader(set, labels, others).read(body, cut);
    default:
      break;
  }
  if (cut) {
    if (set.kind == ActionSet::Kind::words && set.most) {
      if (std::string_view first = first_words(body, *set.most); !first.empty()) return {Why::read, first, ""};
    }
    return failed(Why::cut, ChoiceReader::kCut);
  }
  if (set.kind == ActionSet::Kind::words) return {Why::read, body, ""};
  if (set.kind == ActionSet::Kind::split) return read_split(set, body, others);
  return read_fields(set.fields, labels, body, others);
}

}  // namespace parley
