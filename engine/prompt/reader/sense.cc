#include "prompt/reader/sense.h"

namespace parley {

const Words kSubjects = {"i", "i'll", "i'd", "i'm", "i've", "let's", "lets", "we", "we'll"};
const Words kOthers = {"other",   "others",    "opponent", "opponents", "they",       "their",
                       "them",    "he",        "she",      "his",       "her",        "partner",
                       "player",  "players",   "they'll",  "he'll",     "she'll",     "they're",
                       "someone", "everyone",  "rival",    "colleague", "opponent's", "player's",
                       "other's", "partner's", "they'd",   "people",    "everybody",  "nobody"};
const Words kThen = {"so", "therefore", "thus", "hence", "consequently", "accordingly"};
const Words kHedges = {"could",   "might",    "may",        "can",        "initially",   "originally", "thought",
                       "was",     "were",     "had",        "wanted",     "hoped",       "wished",     "used",
                       "tempted", "tempting", "temptation", "considered", "considering", "consider",   "analyze",
                       "analyse", "examine",  "compare",    "evaluate",   "discuss",     "look",       "see",
                       "explore", "weigh",    "suppose",    "chose",      "played",      "picked",     "selected",
                       "example", "instance", "worst",      "least",      "second",      "mistake",    "irrational",
                       "foolish", "fool",     "bad",        "risky",      "dangerous",   "terrible",   "hate",
                       "fear",    "dislike",  "distrust",   "doubt",      "regret",      "worry",      "worried",
                       "afraid",  "beware",   "resist",     "oppose",     "unlikely",    "only",       "asked",
                       "got",     "received", "earned",     "lost"};
const Words kIf = {"if",     "whether", "when",    "whenever", "suppose", "supposing", "assuming",
                   "assume", "unless",  "imagine", "provided", "until",   "depending", "depends"};
const Words kNouns = {"answer", "choice",   "decision", "action",     "selection", "pick",       "move",
                      "vote",   "response", "option",   "prediction", "strategy",  "conclusion", "verdict"};
const Words kLimits = {"least", "most", "more",    "less",    "fewer", "greater", "above",  "below", "over",
                       "under", "up",   "minimum", "maximum", "max",   "min",     "within", "half",  "times"};
const Words kLoose = {"opposite",  "alternate", "alternating", "random",    "randomly", "coin",   "depends",
                      "depending", "mixed",     "either",      "undecided", "unsure",   "neither"};

namespace {

const Words kFirst = {"i", "i'll", "i'd", "i'm", "i've", "we", "we'll", "let's"};
const Words kNegators = {"not",     "never",  "no",        "nor",    "neither", "without",   "avoid",   "avoiding",
                         "against", "reject", "rejecting", "cannot", "except",  "excluding", "exclude", "unlike",
                         "dont",    "wont",   "cant",      "isnt",   "refuse",  "unable",    "fail",    "hardly",
                         "dismiss", "ruling", "rule",      "nobody", "nothing", "none",      "decline", "nicht",
                         "kein",    "keine",  "non",       "pas",    "ne",      "не",        "不",      "没",
                         "非",      "未",     "無",        "无",     "别",      "勿",        "worse",   "wrong"};
const Words kRather = {"instead", "than"};  // speak against what follows
const Words kBreaks = {"but",       "because", "since", "while",   "although",     "though", "however",    "so",
                       "therefore", "thus",    "hence", "whereas", "consequently", "given",  "considering"};
const Words kPast = {"last", "previous", "earlier", "previously", "past", "before", "ago"};
const Words kMixed = {"probability", "chance", "percent", "likelihood"};
// Of these, a number tells a fact.
const Words kFacts = {"value",  "values", "worth",       "total",    "endowment", "average", "mean",
                      "payoff", "budget", "have",        "has",      "pot",       "pie",     "offered",
                      "gave",   "sent",   "contributed", "invested", "won"};

}  // namespace

Sense::Sense(const ReplyText& text, bool asked_of_others) : reply(text), tokens(text.tokens), others(asked_of_others) {
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind == Kind::mention) mentions.push_back(i);
  }
  find_alternatives();
}

bool Sense::negates(size_t i) const {
  if (is(i, "no") && is(i + 1, ",")) return false;
  return in(i, kNegators) || (is(i, Kind::word) && tokens[i].text.ends_with("n't"));
}

bool Sense::ends_sentence(size_t i) const {
  return is(i, Kind::line) || is(i, ".") || is(i, "!") || is(i, "?") || is(i, ";");
}
bool Sense::ends_clause(size_t i) const {
  return ends_sentence(i) || is(i, ",") || is(i, ":") || is(i, "(") || is(i, ")") || is(i, "-") || in(i, kBreaks);
}
size_t Sense::sentence_begin(size_t i) const {
  while (i > 0 && !ends_sentence(i - 1)) --i;
  return i;
}
size_t Sense::sentence_end(size_t i) const {
  while (i < tokens.size() && !ends_sentence(i)) ++i;
  return i;
}
size_t Sense::clause_begin(size_t i) const {
  while (i > 0 && !ends_clause(i - 1) && !(is(i - 1, "and") && in(i, kSubjects))) --i;
  return i;
}

bool Sense::rests(size_t i) const {
  static const Words reasons = {"because", "since", "as", "given", "considering"};
  return i + 1 >= tokens.size() || is(i + 1, Kind::line) || in(i + 1, reasons) ||
         (is(i + 1, Kind::point) && !is(i + 1, "/") && !is(i + 1, "|") && !is(i + 1, "&") && !is(i + 1, "?") &&
          !is(i + 1, ":") && !is(i + 1, "=") && !is(i + 1, "+") && !is(i + 1, "*"));
}

void Sense::find_alternatives() {
  alternative_.assign(tokens.size(), false);
  static const Words or_words = {"or", "vs", "versus", "oder", "ou", "o", "или", "或", "还"};
  static const Words joining = {"and",  "und",     "et",  "y",    "и",      "是",    "者",      "和",
                                "与",   "option",  "the", "a",    "either", "maybe", "perhaps", "possibly",
                                "even", "between", "to",  "plus", "minus",  "times", "choice"};
  for (size_t k = 1; k < mentions.size(); ++k) {
    size_t from = mentions[k - 1], to = mentions[k];
    if (tokens[from].option == tokens[to].option && tokens[to].option != kUnsure) continue;
    bool joined = true, always = false;
    for (size_t i = from + 1; i < to && joined; ++i) {
      if (in(i, or_words) || is(i, "/") || is(i, "|") || is(i, "&")) {
        always = true;
      } else if (reply.numbers &&
                 (in(i, joining) || is(i, "-") || is(i, "+") || is(i, "*") || is(i, "=") || is(i, ":"))) {
        always = true;
      } else if (reply.numbers && i == from + 1 && is(i, Kind::word) && i + 1 < to) {
        // the unit of the first
      } else if (is(i, ".")) {
        joined = from == sentence_begin(from);  // "J. F.", but "They chose J. F"
      } else if (!in(i, joining) && !is(i, ",") && !is(i, "(") && !is(i, ")") && !is(i, "-")) {
        joined = false;
      }
    }
    bool said_on = is(to + 1, Kind::word) && !is(to + 1, "or") && !is(to + 1, "and");  // "J, F would be worse"
    if (joined && (always || !said_on)) alternative_[from] = alternative_[to] = true;
  }
  for (size_t m : mentions) {  // "J or the other one", but "22 or so"
    bool open = (is(m + 1, "or") && !is(m + 2, "so")) || is(m - 1, "or") || is(m - 1, "either");
    if (open) alternative_[m] = true;
  }
}

bool Sense::ruled_out(size_t m) const {
  size_t i = m;
  static const Words fillers = {"the", "option", "choice", "action", "letter", "with", "for"};
  while (i > 0 && in(i - 1, fillers)) --i;
  if (i == 0 || is(m + 1, "?")) return false;
  static const Words direct = {"not",    "nor",    "neither", "over",  "against", "versus", "vs",
                               "unlike", "except", "avoid",   "never", "no",      "nicht",  "kein",
                               "keine",  "pas",    "non",     "не",    "不",      "非"};
  static const Words all = {"anything", "everything", "all", "any", "every"};
  bool rule = in(i - 1, direct) || (is(i - 1, "but") && i > 1 && in(i - 2, all)) ||
              (is(i - 1, "than") && i > 1 && is(i - 2, "rather")) || (is(i - 1, "of") && i > 1 && is(i - 2, "instead"));
  static const Words undone = {"why", "if", "or", "whether"};
  if (!rule || (i > 1 && in(i - 2, undone))) return false;
  static const Words after = {"but", "because", "since", "as", "so", "and", "or", "nor", "in"};
  return !is(m + 1, Kind::word) || in(m + 1, after);
}

size_t Sense::own_part(size_t m) const {
  static const Words joining = {"and", "then"}, goes_on = {"to", "will", "shall", "would"};
  static const Words same = {"the",    "option", "choice", "action", "letter", "a",  "an",  "also",
                             "either", "even",   "both",   "with",   "for",    "or", "nor", "then"};
  size_t begin = clause_begin(m);
  bool named = false;
  for (size_t i = begin; i < m; ++i) {
    named = named || is(i, Kind::mention);
    if (!in(i, joining)) continue;
    size_t next = i + 1;
    while (in(next, same)) ++next;
    if (in(i + 1, goes_on) || (named && next < m && is(next, Kind::word))) begin = i + 1;
  }
  return begin;
}

bool Sense::denied(size_t m) const {
  static const Words whose = {"i", "we", "you", "they", "he", "she", "it"};
  static const Words no_denial = {"only", "just", "doubt", "problem", "problems", "wait", "objection", "objections"};
  static const Words verbs = {"is", "was", "would", "will", "does", "can", "must", "should"};
  if (ruled_out(m)) return true;
  for (size_t i = own_part(m); i < m; ++i) {
    const bool asks = is(i - 1, "why") || in(i + 1, whose);
    if ((negates(i) && !asks && !in(i + 1, no_denial)) || (is(i, "than") && !reply.numbers)) return true;
  }
  return (is(m + 1, Kind::word) && tokens[m + 1].text.ends_with("n't")) || (in(m + 1, verbs) && negates(m + 2));
}

bool Sense::clean(size_t m, size_t from) const {
  size_t clause = clause_begin(from);
  if (is(sentence_end(m), "?") || alternative_[m] || ruled_out(m)) return false;
  for (size_t i = clause; i < m; ++i) {
    if (negates(i) || is(i, "than")) return false;
    if (i < from && in(i, kHedges)) return false;
    if (i < from && !others && in(i, kOthers)) return false;
    if (past(i)) return false;
  }
  return !on_condition(from) && !taken_back(m);
}

bool Sense::on_condition(size_t to) const {
  size_t begin = sentence_begin(to);
  bool open = false, own = false;
  for (size_t i = begin; i < to; ++i) {
    if (in(i, kIf) || (i == begin && is(i, "should"))) {
      open = true;
      own = is(i + 1, "i");
    }
    if (in(i, kThen) || (own && is(i, ","))) open = false;
  }
  return open;
}

bool Sense::taken_back(size_t m) const {
  size_t words = 0, end = sentence_end(m);
  bool clause = true, but = false;
  static const Words against = {"but", "however", "although", "though", "yet", "unless"};
  for (size_t i = m + 1; i < end; ++i) {
    if (ends_clause(i)) clause = false;
    if (is(i, Kind::word)) ++words;
    if (clause && words <= 3 && in(i, kIf)) return true;
    if (clause && (past(i) || mixed(i))) return true;
    but = but || in(i, against) || corrects(i);
    if (but && is(i, Kind::mention) && tokens[i].option != tokens[m].option && !ruled_out(i)) return true;
  }
  return false;
}

bool Sense::past(size_t i) const {
  static const Words would = {"would", "should", "could", "i'd"};
  return (in(i, kPast) && !is(i - 1, "this")) || (is(i, "have") && in(i - 1, would));
}

bool Sense::mixed(size_t i) const { return !reply.numbers && (in(i, kMixed) || is(i, "%")); }

bool Sense::turned_from(size_t m, bool final) const {
  static const Words turns = {"however",     "but",      "yet",  "nevertheless",
                              "nonetheless", "actually", "wait", "alternatively"};
  bool turned = false;
  for (size_t i = sentence_end(m) + 1; i < tokens.size(); ++i) {
    if (ends_sentence(i)) turned = false;
    if (i > 0 && ends_sentence(i - 1)) turned = corrects(i) || corrects(i + 1) || (!final && in(i, turns));
    if (turned && is(i, Kind::mention) && tokens[i].option != tokens[m].option && !ruled_out(i)) return true;
  }
  return false;
}

bool Sense::corrects(size_t i) const {  // "wait", "I mean", "(on) second thought"
  static const Words words = {"actually", "wait", "correction", "sorry", "no"};
  return in(i, words) || (is(i, "i") && is(i + 1, "mean")) || (is(i, "second") && is(i + 1, "thought")) ||
         (is(i, "second") && is(i + 1, "thoughts"));
}

bool Sense::about_another(size_t m) const {
  if (others) return false;
  bool another = false, first = false;
  for (size_t i = clause_begin(m); i < m; ++i) {
    another = in(i, kOthers) || (another && !in(i, kFirst));  // who was named last
    first = first || in(i, kFirst);
  }
  return another && !(reply.numbers && first);  // "I offer the other player 30"
}

bool Sense::goes_on_well(size_t m) const {
  static const Words well = {"because", "since",  "as",   "for", "to",   "please", "then",  "again",  "this",
                             "now",     "in",     "with", "and", "so",   "too",    "also",  "given",  "considering",
                             "once",    "anyway", "at",   "on",  "by",   "if",     "it",    "the",    "that",
                             "your",    "their",  "his",  "her", "or",   "of",     "over",  "rather", "instead",
                             "not",     "but",    "from", "out", "weil", "porque", "parce", "car",    "を",
                             "를",      "을",     "로",   "で"};
  static const Words praise = {"best",  "good",  "better",     "safest",   "optimal", "dominant",
                               "right", "great", "preferable", "rational", "what"};
  static const Words between = {"the", "a", "my", "clearly", "likely", "probably"};
  size_t next = m + 1;
  if (reply.numbers && is(next, Kind::word) && !in(next, well) && !is(next, "is")) ++next;  // a unit
  if (is(next, "is") || is(next, "seems")) {
    ++next;
    while (in(next, between)) ++next;
    if (!in(next, praise) || reply.numbers) return false;
    for (; next < tokens.size() && !ends_clause(next); ++next) {
      if (!others && in(next, kOthers)) return false;  // "J is best for them"
    }
    return true;
  }
  bool valued = is(next, ":") || is(next, "=");  // "J: 8 points"
  if (valued && is(next + 1, Kind::word) && is_digit(static_cast<unsigned char>(tokens[next + 1].text[0])))
    return false;
  return !is(next, Kind::word) || in(next, well);
}

bool Sense::plain(size_t m) const {
  if (alternative_[m] || about_another(m) || !goes_on_well(m)) return false;
  if (!reply.numbers && (is(m - 1, "in") || is(m - 1, "about") || is(m - 1, "like"))) return false;  // "about J"
  size_t begin = sentence_begin(m), end = sentence_end(m);
  bool whole = mentions.size() == 1 && tokens.size() <= 2;
  if (is(end, "?") && !whole) return false;
  bool denied = false, bound = false;
  for (size_t i = begin; i < m; ++i) {
    if (in(i, kBreaks)) denied = bound = false;
    if (is(i, ",")) bound = false;
    bound = bound || (reply.numbers && in(i, kFacts));
    denied = denied || negates(i) || in(i, kRather);
    bound = bound || in(i, kHedges) || past(i) || (reply.numbers && bounds(i, m));
  }
  if (denied || bound || on_condition(m)) return false;
  bool clause = true;
  for (size_t i = m + 1; i < end; ++i) {
    if (ends_clause(i)) clause = false;
    if (!clause) break;
    if (negates(i) || in(i, kIf) || past(i) || mixed(i)) return false;
    bool theirs = !others && is(i, "from") && (in(i + 1, kOthers) || in(i + 2, kOthers));
    if (theirs) return false;  // "I expect J from the other player"
    if (reply.numbers && (kept(i) || is(i, "me") || in(i, kLimits) || is(i, "+"))) return false;
  }
  return true;
}

bool Sense::bounds(size_t i, size_t m) const {
  bool before = (in(i, kLimits) || is(i, "<") || is(i, ">")) && i + 4 > m;
  return before || kept(i);
}
bool Sense::kept(size_t i) const {
  static const Words words = {"keep", "keeping", "retain", "retaining", "myself", "remaining"};
  return in(i, words);
}

}  // namespace parley
