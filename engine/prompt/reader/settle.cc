// What a reply settles on. A wrong reading is worse than asking again: what is not plain is not read.
#include <algorithm>

#include "prompt/reader/sense.h"

namespace parley {
namespace {

using Kind = Token::Kind;

class Settler {
 public:
  explicit Settler(const Sense& sense) : s_(sense) {}

  Settled settle() const {
    if (s_.mentions.size() > kMentions) return {{}, several()};
    if (s_.mentions.empty()) return {{}, s_.reply.numbers ? "it names no number" : "it names none of the options"};
    // A final answer, marked as one, else a choice that is said. Each kind has to agree with itself, and what is said after
    // a final answer with that.
    std::optional<int> final, said;
    bool final_torn = false, said_torn = false;
    for (size_t m : s_.mentions) {
      Strength strength = strength_of(s_, m);
      int option = s_.tokens[m].option;
      if (strength == Strength::final) {
        final_torn = final_torn || (final && *final != option);
        final = option;
      } else if (strength == Strength::said) {
        final_torn = final_torn || (final && *final != option);
        said_torn = said_torn || (said && *said != option);
        said = option;
      }
    }
    if (final ? final_torn : said_torn) return {{}, several()};
    if (final) return settled(*final);
    if (said) return settled(*said);
    return in_passing();
  }

 private:
  std::string several() const {
    return s_.reply.numbers ? "it names more than one number" : "it names more than one option";
  }

  Settled settled(int option) const {
    if (option == kUnsure) {
      return {{}, s_.reply.numbers ? "its number is not plain" : "it is not plain which option it names"};
    }
    if (!s_.reply.options[static_cast<size_t>(option)]) return {{}, "its number is not one of those allowed"};
    return {option, ""};
  }

  // Where nothing is marked: one option that is named and not ruled out, and no other one named but to rule it out.
  Settled in_passing() const {
    std::optional<int> chosen;
    bool doubt = foreign(), only_ruled_out = true;
    std::unordered_set<int> named;
    for (size_t m : s_.mentions) {
      named.insert(s_.tokens[m].option);
      if (s_.ruled_out(m)) continue;
      only_ruled_out = false;
      doubt = doubt || s_.tokens[m].weak || !s_.plain(m) || (chosen && *chosen != s_.tokens[m].option);
      chosen = s_.tokens[m].option;
    }
    for (const Token& t : s_.tokens) doubt = doubt || (t.kind == Kind::word && kLoose.contains(t.text));
    doubt = doubt || refuses(s_.reply) || other_one();
    for (size_t m : s_.mentions) doubt = doubt || (chosen && s_.ruled_out(m) && s_.tokens[m].option == *chosen);
    if (chosen && !doubt) return settled(*chosen);
    if (only_ruled_out) return {{}, "it says what is not chosen, not what is"};
    if (named.size() > 1) return {{}, several()};
    return {{},
            s_.reply.numbers ? "it does not say plainly which number is chosen"
                             : "it does not say plainly which option is chosen"};
  }

  // An option that does not exist: "Option C", "I choose to abstain".
  bool foreign() const {
    static const Words namers = {"option", "choose", "pick",   "select", "answer",
                                 "choice", "action", "letter", "button", "with"};
    for (size_t i = 1; i < s_.tokens.size() && s_.reply.letters; ++i) {
      const std::string& word = s_.tokens[i].text;
      if (s_.tokens[i].kind != Kind::word || word == "a" || word == "i") continue;
      bool single = word.size() == 1 || is_digit(static_cast<unsigned char>(word[0]));
      if (single && (s_.in(i - 1, namers) || (s_.is(i - 1, ":") && s_.in(i - 2, kNouns)))) return true;
    }
    static const Words chosen = {"choose", "pick", "select"};
    static const Words it = {"it", "this", "that", "because", "based", "my", "so", "."};
    for (size_t i = 0; i < s_.tokens.size(); ++i) {
      if (!s_.in(i, chosen) || s_.is(i + 1, Kind::point) || i + 1 >= s_.tokens.size() || s_.in(i + 1, it)) continue;
      size_t begin = s_.clause_begin(i), end = s_.sentence_end(i);
      bool mine = false, named = false;
      for (size_t k = begin; k < i; ++k) mine = mine || s_.in(k, kSubjects);
      for (size_t k = i; k < end; ++k) named = named || s_.is(k, Kind::mention);
      if (mine && !named) return true;
    }
    return false;
  }

  bool other_one() const {  // "the other option", "the other one"
    static const Words one = {"option", "one", "choice", "action"};
    for (size_t i = 0; i + 1 < s_.tokens.size(); ++i) {
      if ((s_.is(i, "other") || s_.is(i, "alternative") || s_.is(i, "remaining")) && s_.in(i + 1, one)) return true;
    }
    return false;
  }

  const Sense& s_;
};

}  // namespace

Settled settle(const ReplyText& reply, bool others) {
  Sense sense(reply, others);
  return Settler(sense).settle();
}

bool refuses(const ReplyText& reply) {
  static const Words unable = {"can't", "cannot", "won't", "unable", "refuse", "decline", "sorry", "apologize"};
  static const Words undecided = {"decide", "tell", "know", "determine", "predict", "say", "settle",  "afford",
                                  "trust",  "be",   "lose", "win",       "help",    "get", "control", "see"};
  const std::vector<Token>& t = reply.tokens;
  auto is = [&](size_t i, std::string_view text) {
    return i < t.size() && t[i].kind == Kind::word && t[i].text == text;
  };
  for (size_t i = 0; i < t.size(); ++i) {
    bool machine = is(i + 2, "ai") || is(i + 2, "artificial") || is(i + 2, "assistant") || is(i + 2, "language") ||
                   is(i + 2, "large");
    if (is(i, "as") && (is(i + 1, "an") || is(i + 1, "a")) && machine) return true;
    bool speaks = is(i, "i") || is(i, "i'm") || is(i, "i'd") || is(i, "i've");
    if (!speaks) continue;
    if (is(i, "i'm") && is(i + 1, "sorry")) return true;
    size_t k = i + 1;
    while (is(k, "am") || is(k, "must") || is(k, "really") || is(k, "simply") || is(k, "have") || is(k, "to") ||
           is(k, "will") || is(k, "respectfully") || is(k, "also")) {
      ++k;
    }
    bool not_able = (is(k, "can") || is(k, "do") || is(k, "will")) && is(k + 1, "not");
    bool no_wish = (is(k, "don't") || (is(k, "do") && is(k + 1, "not"))) &&
                   (is(k + 1, "have") || is(k + 2, "have") || is(k + 1, "make") || is(k + 2, "make"));
    bool opinion = false;
    for (size_t j = k; j < std::min(k + 8, t.size()); ++j) {
      opinion = opinion || is(j, "preferences") || is(j, "preference") || is(j, "opinions") || is(j, "ability") ||
                is(j, "choices");
    }
    if (no_wish && opinion) return true;
    bool says = k < t.size() && t[k].kind == Kind::word && unable.contains(t[k].text);
    bool not_to = is(k, "not") && (is(k + 1, "able") || is(k + 1, "comfortable") || is(k + 1, "allowed"));
    if (not_able && is(k, "do")) continue;
    size_t verb = k + (not_able ? 2 : 1);
    if (is(verb, "to")) ++verb;
    static const Words choosing = {"choose", "pick", "select", "play"};
    auto mention = [&](size_t at) { return at < t.size() && t[at].kind == Token::Kind::mention; };
    bool one_of_them = mention(verb) || (is(verb, "give") && mention(verb + 1));
    one_of_them = one_of_them || (verb + 1 < t.size() && choosing.contains(t[verb].text) &&
                                  (mention(verb + 1) || (is(verb + 1, "option") && mention(verb + 2))));
    if (one_of_them) continue;  // "I won't pick F" is a choice against F
    bool vague = (says || not_able) && verb < t.size() && t[verb].kind == Kind::word &&
                 undecided.contains(t[verb].text) &&
                 !(is(verb, "help") && (is(verb + 1, "with") || is(verb + 1, "you")));
    if ((says || not_able || not_to) && !vague) return true;
  }
  return false;
}

}  // namespace parley
