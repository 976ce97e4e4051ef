// What brings a mention in: as the choice, or as the final answer.
#include <algorithm>

#include "prompt/reader/sense.h"

namespace parley {
namespace {

using Kind = Token::Kind;

const Words kVerbs = {"choose",   "choosing", "chosen",  "pick",    "picking",   "select",  "selecting",
                      "selected", "play",     "playing", "vote",    "voting",    "opt",     "opting",
                      "settle",   "settling", "prefer",  "go",      "going",     "stick",   "sticking",
                      "decide",   "deciding", "decided", "answer",  "answering", "respond", "say",
                      "submit",   "press",    "lean",    "leaning", "take",      "declare", "use"};
// Of an amount, not of what is kept: which of the two is asked for is not known here.
const Words kAmountVerbs = {"offer",   "offering",  "bid",    "bidding",   "contribute", "contributing",
                            "propose", "proposing", "invest", "investing", "send",       "sending",
                            "demand",  "demanding", "set",    "charge",    "guess"};
const Words kWill = {"will", "would", "shall", "should", "going", "i'll",
                     "i'd",  "we'll", "must",  "let's",  "lets",  "gonna"};
const Words kAux = {"will",        "would",    "shall",   "should",     "have",      "want",      "like",
                    "must",        "need",     "am",      "do",         "ve",        "gonna",     "me",
                    "also",        "probably", "likely",  "definitely", "certainly", "therefore", "thus",
                    "just",        "simply",   "then",    "again",      "still",     "continue",  "now",
                    "hereby",      "rather",   "instead", "ultimately", "finally",   "once",      "so",
                    "confidently", "happily",  "gladly",  "most",       "very",      "surely"};
const Words kFillers = {"to",       "the",  "option",  "choice", "action", "button", "letter", "label",
                        "strategy", "move", "card",    "with",   "for",    "on",     "as",     "my",
                        "a",        "an",   "towards", "toward", "answer", "number", "amount"};
const Words kAmountNouns = {"offer", "bid",      "contribution", "proposal",   "number",  "amount",
                            "guess", "estimate", "price",        "investment", "donation"};
const Words kWorth = {"of",   "value", "valuation", "true",
                      "full", "own",   "private",   "exactly"};  // "I bid my value of 40"
const Words kBest = {"best",        "optimal", "better", "rational", "dominant", "safest", "preferred",
                     "recommended", "logical", "right",  "correct",  "ideal",    "wisest"};
const Words kOwners = {"my", "our", "your", "so", "thus", "therefore", "hence", "and", "then", "ok", "okay"};
const Words kStop = {
    "not",     "no",       "never", "between", "either",  "neither", "what", "whatever", "whichever",   "against",
    "over",    "from",     "among", "unlike",  "than",    "versus",  "vs",   "consider", "considering", "analyze",
    "compare", "evaluate", "think", "get",     "receive", "earn",    "lose", "gain",     "risk",        "risking",
    "keep",    "keeping",  "leave", "retain",  "take",    "give",    "hold", "save",     "expect",      "assume",
    "avoid",   "because",  "since", "if",      "when",    "that",    "this", "both",     "and",         "or",
    "but",     "of",       "in",    "at",      "least",   "most",    "only", "about",    "around",      "is",
    "are",     "was",      "me",    "them",    "him",     "her",     "us",   "him",      "by",          "out",
    "too",     "all",      "any"};
const Words kPolite = {"ok",         "okay",      "sure",  "well",   "yes",    "alright", "please", "here",
                       "of",         "course",    "it",    "it's",   "this",   "round",   "in",     "now",
                       "is",         "be",        "are",   "final",  "your",   "our",     "that",   "given",
                       "understood", "hmm",       "hello", "hi",     "thanks", "thank",   "turn",   "great",
                       "absolutely", "assistant", "ans",   "output", "result", "me"};
const Words kChose = {"chose", "picked", "selected"};

class Lead {
 public:
  explicit Lead(const Sense& sense) : s_(sense) {}

  Strength strength_of(size_t m) const {
    if (s_.alternative(m) || s_.ruled_out(m)) return Strength::none;
    Strength strength = Strength::none;
    if (in_pure_part(m) || bold_at_end(m) || it_is_mine(m)) {
      strength = Strength::final;
    } else if (!(s_.reply.numbers && s_.tokens[m].weak)) {  // "I choose one of them"
      size_t from = m;
      strength = lead(m, from);
      if (strength == Strength::none && (first_word(m) || concluded(m) || alone_in_bold(m) || is_best(m))) {
        strength = Strength::said;
      }
      if (!s_.clean(m, from)) return Strength::none;
    }
    return strength != Strength::none && s_.turned_from(m, strength == Strength::final) ? Strength::none : strength;
  }

 private:
  // "I will choose option J", "My final answer is: J", "Choose J": walks back over the words between.
  Strength lead(size_t m, size_t& from) const {
    bool verb = false, past = false, will = false, copula = false, strange = false;
    size_t k = m;
    for (; k > 0; --k) {
      size_t i = k - 1;
      if (s_.is(i, Kind::mention)) break;
      if (s_.is(i, Kind::line)) {
        if (i > 0 && s_.is(i - 1, ":")) continue;
        break;
      }
      if (s_.is(i, Kind::point)) {
        if (copula || !(s_.is(i, ":") || s_.is(i, "=") || s_.is(i, "-"))) break;
        copula = true;
        continue;
      }
      from = i;
      const std::string& word = s_.tokens[i].text;
      bool noun = kNouns.contains(word) || (s_.reply.numbers && kAmountNouns.contains(word));
      if (noun && (copula || s_.is(i - 1, "final"))) return noun_lead(i);
      if (kSubjects.contains(word)) {
        static const Words inverted = {"should", "do",  "would", "could", "can", "may",
                                       "might",  "did", "will",  "shall", "if"};
        if (s_.in(i - 1, inverted)) return Strength::none;
        will = will || kWill.contains(word);
        if (past) return word == "i" && s_.rests(m) ? Strength::said : Strength::none;
        return verb || (will && !strange) || (i + 1 == m && word == "i") ? Strength::said : Strength::none;
      }
      if (s_.others && kOthers.contains(word) && (verb || will)) return Strength::said;
      if (word == "is" || word == "be" || word == "are") {
        copula = true;
      } else if (kVerbs.contains(word) || (s_.reply.numbers && kAmountVerbs.contains(word)) ||
                 (s_.others && (word == "chooses" || word == "picks" || word == "plays" || word == "selects"))) {
        if (s_.reply.numbers && word == "take") break;
        verb = true;
        will = will || word == "going";
      } else if (kChose.contains(word) && i > 0 && s_.is(i - 1, "i")) {
        past = true;  // "I chose J because ..."; "I chose J in round 1" tells of the past
      } else if (kAux.contains(word)) {
        will = will || kWill.contains(word);
      } else if (kFillers.contains(word) || (s_.reply.numbers && kWorth.contains(word))) {
      } else if (copula && !verb && in_round(i)) {
      } else if (!strange && i + 1 == m && !s_.negates(i) && !kStop.contains(word) && !kOthers.contains(word)) {
        strange = true;  // what a story calls an option: "Recipe J"
      } else {
        break;
      }
    }
    from = k;
    // The head of a sentence: "Choose J", "Going with J."
    bool head = k == 0 || s_.ends_sentence(k - 1) || s_.in(k, kThen) || (s_.is(k - 1, ",") && s_.in(k - 2, kThen));
    bool verb_first = s_.in(k, kVerbs) || (s_.reply.numbers && s_.in(k, kAmountVerbs)) || s_.in(k, kThen);
    return verb && head && verb_first && !s_.is(k, "prefer") && s_.rests(m) ? Strength::said : Strength::none;
  }

  bool in_round(size_t i) const {  // "my choice for this round is", "for round 3"
    static const Words words = {"in",   "this",      "round", "turn", "of",  "current",
                                "next", "therefore", "then",  "thus", "also"};
    return s_.in(i, words) || (s_.is(i, Kind::word) && !s_.tokens[i].text.empty() &&
                               is_digit(static_cast<unsigned char>(s_.tokens[i].text[0])));
  }

  // "answer is J": whose answer, and which one?
  Strength noun_lead(size_t noun) const {
    size_t begin = s_.clause_begin(noun);
    for (size_t i = begin; i < noun; ++i) {
      if (s_.in(i, kOthers) || (s_.is(i, Kind::word) && s_.tokens[i].text.ends_with("'s") && !s_.is(i, "let's"))) {
        return s_.others ? Strength::final : Strength::none;
      }
    }
    size_t i = noun;
    bool final = false, best = false, owned = false;
    for (; i > begin; --i) {
      if (s_.is(i - 1, "final")) {
        final = true;
      } else if (s_.in(i - 1, kBest)) {
        best = true;
      } else if (s_.in(i - 1, kOwners)) {
        owned = true;
      } else if (!s_.is(i - 1, "the") && !s_.is(i - 1, "next")) {
        break;
      }
    }
    if (i > begin && !final && !owned && !best) return Strength::none;  // "first choice", "alternative action"
    if (best) return Strength::said;
    bool amount = !kNouns.contains(s_.tokens[noun].text);
    if (amount && s_.is(noun - 1, "the")) return Strength::none;  // "the price is 40" tells a fact
    return Strength::final;
  }

  // "J, because F would be worse", "J. I think ...": the first word, where lines do not go through the options.
  bool first_word(size_t m) const {
    if (m != s_.mentions.front() || m > 1 || (m == 1 && !s_.is(0, Kind::word)) || !s_.rests(m)) return false;
    if (m == 1 && (s_.negates(0) || !(s_.in(0, kFillers) || s_.in(0, kPolite)))) return false;
    bool speaker = s_.tokens[m].weak && s_.tokens[m].text == "i";  // "I, as a player"
    if (speaker && !s_.is(m + 1, ".") && !s_.is(m + 1, Kind::line)) return false;
    static const Words unsaid = {"maybe", "perhaps", "possibly", "or", "otherwise", "if",      "unless", "then",
                                 "but",   "and",     "at",       "up", "maximum",   "minimum", "或",     "还"};
    if (s_.is(m + 1, Kind::point) && s_.in(m + 2, unsaid)) return false;
    for (size_t other : s_.mentions) {
      bool heads = other == 0 || s_.is(other - 1, Kind::line);
      if (heads && s_.tokens[other].option != s_.tokens[m].option) return false;
    }
    return true;
  }

  bool concluded(size_t m) const {  // "..., so J."
    static const Words fillers = {"option", "the", "choice"};
    size_t i = m;
    while (i > 0 && (s_.in(i - 1, fillers) || s_.is(i - 1, ",") || s_.is(i - 1, ":"))) --i;
    return i > 0 && s_.in(i - 1, kThen) && ends_sentence_or_text(m + 1);
  }
  bool ends_sentence_or_text(size_t i) const {
    return i >= s_.tokens.size() || (s_.ends_sentence(i) && !s_.is(i, "?"));
  }

  bool it_is_mine(size_t m) const {  // "J is my final answer"
    size_t i = m + 1;
    if (!s_.is(i, "is") && !s_.is(i, "it")) return false;
    if (s_.is(i, "it")) return s_.is(i + 1, "is") && ends_sentence_or_text(i + 2) && s_.clean(m, m);  // "J it is."
    if (!s_.is(++i, "my")) return false;
    while (s_.is(i + 1, "final") || s_.in(i + 1, kBest)) ++i;
    return (s_.in(i + 1, kNouns) || (s_.reply.numbers && s_.in(i + 1, kAmountNouns))) && s_.clean(m, m);
  }

  bool is_best(size_t m) const {  // "J is the best choice"
    size_t i = m + 1;
    if (s_.others || !(s_.is(i, "is") || (s_.is(i, "would") && s_.is(++i, "be")) || s_.is(i, "seems"))) return false;
    if (s_.is(i + 1, "clearly") || s_.is(i + 1, "likely")) ++i;
    if (!s_.is(i + 1, "the") || !s_.in(i + 2, kBest) || !s_.in(i + 3, kNouns)) return false;
    for (size_t k = i + 4; k < s_.tokens.size() && !s_.ends_clause(k); ++k) {
      if (s_.in(k, kOthers)) return false;
    }
    return !s_.is(s_.sentence_begin(m), "if");
  }

  bool bold_at_end(size_t m) const {
    if (m != s_.mentions.back() || !s_.tokens[m].bold) return false;
    for (size_t i = m + 1; i < s_.tokens.size(); ++i) {
      if (s_.is(i, Kind::word) || s_.is(i, "?")) return false;
    }
    return s_.clean(m, m) && !s_.about_another(m);
  }

  bool alone_in_bold(size_t m) const {
    if (!s_.tokens[m].bold || !s_.rests(m) || s_.about_another(m)) return false;
    return std::all_of(s_.mentions.begin(), s_.mentions.end(),
                       [&](size_t o) { return !s_.tokens[o].bold || s_.tokens[o].option == s_.tokens[m].option; });
  }

  // The whole reply, its first or last line, or its last sentence, where it says no more than the answer.
  bool in_pure_part(size_t m) const {
    size_t begin = m, end = m;
    while (begin > 0 && !s_.is(begin - 1, Kind::line)) --begin;
    while (end < s_.tokens.size() && !s_.is(end, Kind::line)) ++end;
    bool last_line = end + 1 >= s_.tokens.size(), first_line = begin == 0;
    if (first_line && !last_line && pure(begin, end, m)) return !heads_others(m);
    if (!last_line) return false;
    if (pure(begin, end, m)) return true;
    size_t sentence = m;
    while (sentence > begin && !s_.ends_sentence(sentence - 1)) --sentence;
    return pure(sentence, end, m);
  }

  // Another line that is another option alone: the lines go through the options.
  bool heads_others(size_t m) const {
    for (size_t other : s_.mentions) {
      bool head = other > 0 && s_.is(other - 1, Kind::line),
           whole = s_.is(other + 1, Kind::line) || (s_.is(other + 1, ":") && s_.is(other + 2, Kind::line));
      if (head && whole && s_.tokens[other].option != s_.tokens[m].option) return true;
    }
    return false;
  }

  bool pure(size_t begin, size_t end, size_t m) const {
    for (size_t i = begin; i < end; ++i) {
      const Token& t = s_.tokens[i];
      if (t.kind == Kind::mention) {
        if (t.option != s_.tokens[m].option) return false;
      } else if (t.kind == Kind::point) {
        if (t.text == "?" && end - begin > 2) return false;
        if (t.text == "<" || t.text == ">" || (i > m && t.text == "+")) return false;
        if (i > m && (t.text == ":" || t.text == "/" || t.text == "=")) return false;
      } else if (t.kind == Kind::word) {
        if (s_.past(i)) return false;
        if (s_.reply.numbers && s_.is(i, "have") && i + 1 == m) return false;  // "I have 100 points"
        bool known = kFillers.contains(t.text) || kVerbs.contains(t.text) || kAux.contains(t.text) ||
                     kSubjects.contains(t.text) || kNouns.contains(t.text) || kThen.contains(t.text) ||
                     kPolite.contains(t.text) || kBest.contains(t.text) ||
                     (s_.reply.numbers &&
                      (kAmountVerbs.contains(t.text) || kAmountNouns.contains(t.text) || amount_word(t.text))) ||
                     (s_.others && (kOthers.contains(t.text) || third_person(t.text)));
        bool named = i + 1 == m && !s_.reply.numbers;
        if (!known && !(strange_word(i) && (named || (i == m + 1 && unit_of(m))))) return false;
        if (i > m && t.text == "me" && s_.reply.numbers) return false;  // "60 for me"
      }
    }
    return true;
  }

  // One that says nothing for or against: what a story calls an option, or a unit.
  bool strange_word(size_t i) const {
    return !s_.negates(i) && !s_.in(i, kStop) && !s_.in(i, kOthers) && !s_.in(i, kHedges) && !s_.in(i, kIf) &&
           !s_.in(i, kLoose) && !(s_.reply.numbers && s_.in(i, kLimits));
  }
  // Whether the word behind a number may be its unit: "40 tokens", "forty tokens", not "one moment".
  bool unit_of(size_t m) const {
    return s_.reply.numbers && (!s_.tokens[m].weak || s_.tokens[m + 1].text.ends_with('s'));
  }

  static bool amount_word(std::string_view word) {
    static const Words words = {"give",     "giving", "about", "approximately", "around", "roughly",
                                "exactly",  "pay",    "put",   "spend",         "share",  "donate",
                                "transfer", "return", "ask",   "points",        "each",   "would"};
    return words.contains(word);
  }
  static bool third_person(std::string_view word) {
    static const Words words = {"chooses", "picks",  "plays",   "selects", "think",
                                "believe", "expect", "predict", "guess",   "likely"};
    return words.contains(word);
  }

  const Sense& s_;
};

}  // namespace

Strength strength_of(const Sense& sense, size_t m) { return Lead(sense).strength_of(m); }

}  // namespace parley
