// From a model's reply to an action (DESIGN 6).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "game/action_set.h"

namespace parley {

// What actions are called in this match: action -> label. An action that is not in it keeps its own name. Only items of
// lists that are words are relabelled.
using Labels = std::map<std::string, std::string, std::less<>>;

// The label of an action as a model is shown it.
std::string label_of(const Labels& labels, const Value& action);

// What came of a reply. The five reasons are told apart because they are five results (DESIGN 6).
struct Reading {
  enum class Why { read, unreadable, refused, filtered, cut, empty };
  Why why = Why::unreadable;
  Value action;        // where read
  std::string reason;  // else: what was wrong, in words that a model is shown by prompts/repair: "it names no number"
};

// The word that is stored and printed: "unreadable", "refused", ...
std::string_view why_name(Reading::Why why);

// Reads one choice out of `set` from `text`; `finish` as in Reply ("stop", "length", "filter", "refusal"). `others`: it was
// asked what another player will choose, so that "they will choose J" is an answer and not a remark.
// Rules, the first that settles it. What is not plain is unreadable: a wrong reading is worse than asking again.
// - Filtered and refused replies are. What a model thinks (<think>...</think>) is no part of its reply.
// - The whole reply is a label, in any case and with any marks around it. Of a reply cut at the token limit nothing else is
//   read, and no label that another one begins with.
// - A JSON object with a field for it; <answer>...</answer>; \boxed{...}.
// - A final answer marked as such: "Answer: J", "my choice is J", bold at the end, or a first or last line or a last
//   sentence that says no more. Several must agree.
// - A choice that is said: "I would pick J over F", "J, because F ...", "so J". Several must agree. None counts that is
//   denied, on a condition, a question, in somebody else's mouth, or one of several ("J or F").
// - The only label named, or the only one not ruled out ("F, not J"), with nothing said against it; not in a refusal.
// Labels match as whole words, blanks, "_" and "-" alike in them; the longest does where several match, and two that differ
// in case only are matched by case. "A" and "I", and labels that are common words of English, count in passing only where
// they are clearly named. Numbers: with thousands, units and currencies, "40 out of 100"; in words where they are the whole
// answer; per cent only of ranges to 100 or to 1; no bounds ("at least 40"), no ranges, nothing that is kept; one outside
// the set is unreadable.
// Records and splits: <field>...</field>, the last whole one of each, or a JSON object; each field by these rules. Words: the
// whole reply, trimmed; of one that was cut off after it had as many words as it could have, these.
Reading read_reply(const ActionSet& set, const Labels& labels, std::string_view text, std::string_view finish = "stop",
                   bool others = false);

// The actions of a list or range that a text names, in the order in which it first does: for talk, in which nothing has to be settled.
// Labels and numbers are found as above; not named is what is ruled out ("not J", "F rather than J") or denied in its clause
// ("I won't choose J", "I refuse J", "J isn't fair"; not "why not J"), what is no member of the set, and what may be no mention
// at all (the article "A").
std::vector<Value> mentioned(const ActionSet& set, const Labels& labels, std::string_view text);

}  // namespace parley
