// From a model's reply to an action (DESIGN 6).
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

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
  std::string reason;  // else: what was wrong, in words that a model is shown by prompts/repair
};

// The word that is stored and printed: "unreadable", "refused", ...
std::string_view why_name(Reading::Why why);

// Reads one choice out of `set` from `text`; `finish` as in Reply ("stop", "length", "filter", "refusal").
// Rules, first that settles it: filter and length and refusal; a fence or quotes around the whole; the whole reply is a
// label (in any case, with punctuation or markup, "Option X", "I choose X"); a final answer marked as such ("Answer: X",
// bold at the end, last line); else the labels named, less those negated: exactly one settles it, several do not.
// Labels match as whole words; two labels that differ in case only are matched by case. Numbers: with thousands and units;
// several different numbers or a range settle on nothing unless one is marked final; one outside the set is unreadable.
// Records and splits: <field>...</field> (the last complete one of each), or a JSON object. Words: the whole, trimmed.
Reading read_reply(const ActionSet& set, const Labels& labels, std::string_view text, std::string_view finish = "stop");

}  // namespace parley
