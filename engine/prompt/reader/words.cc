#include "prompt/reader/words.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace parley {
namespace {

using Words = std::unordered_set<std::string_view>;

// Labels that are common words of English: where they stand in passing, they may mean nothing.
const Words kCommon = {"a",   "i",  "in",  "on",  "off", "no", "to",  "do",  "go",   "up",   "it",    "we",  "he",
                       "me",  "us", "you", "the", "and", "or", "not", "all", "both", "same", "other", "one", "down",
                       "out", "as", "at",  "be",  "by",  "if", "is",  "my",  "of",   "so",   "an",    "am",  "for"};
// What follows "I" where it is the one who speaks.
const Words kAfterI = {
    "choose", "will",   "would",     "think",  "pick",  "select",  "am",     "have",       "want",      "prefer",
    "go",     "can",    "can't",     "cannot", "could", "believe", "expect", "should",     "do",        "don't",
    "decide", "opt",    "must",      "may",    "might", "play",    "was",    "had",        "chose",     "predict",
    "guess",  "assume", "know",      "need",   "won't", "get",     "say",    "take",       "also",      "still",
    "really", "just",   "therefore", "shall",  "vote",  "give",    "see",    "understand", "apologize", "refuse"};
// Numbers behind these are names of rounds, players and the like.
const Words kNumbered = {"round",    "player", "players", "seat",  "step", "day",  "turn", "period", "game",
                         "question", "phase",  "stage",   "trial", "part", "rule", "no",   "agent",  "participant"};

bool is_separator(char32_t c) { return c == ' ' || c == '_' || c == '-'; }
bool is_open(char32_t c) { return std::u32string_view(U"\"'`([{<*").find(c) != std::u32string_view::npos; }
bool is_close(char32_t c) { return std::u32string_view(U"\"'`)]}>*").find(c) != std::u32string_view::npos; }

struct Label {
  std::u32string exact, low;
  int option;
  bool common;
};

class Scanner {
 public:
  Scanner(const ActionSet& set, const Labels& labels, std::string_view reply) : set_(set), text_(plain_text(reply)) {
    low_.reserve(text_.size());
    for (char32_t c : text_) low_ += lower(c);
    out_.numbers = set.kind == ActionSet::Kind::range ||
                   std::all_of(set.items.begin(), set.items.end(), [](const Value& v) { return v.is_number(); });
    if (out_.numbers) return;
    for (size_t i = 0; i < set.items.size(); ++i) {
      std::u32string exact = plain_text(label_of(labels, set.items[i])), low;
      for (char32_t c : exact) low += lower(c);
      out_.letters = out_.letters || exact.size() == 1;
      out_.options.push_back(set.items[i]);
      if (exact.empty()) continue;  // nothing but marks that are not seen
      bool common = kCommon.contains(to_utf8(low));
      labels_.push_back({std::move(exact), std::move(low), static_cast<int>(i), common});
    }
  }

  ReplyText scan() {
    bool listed = out_.numbers && has_list();
    while (at_ < text_.size() && mentions_ <= kMentions) {
      if (at_line_start() && skip_marker(!out_.numbers || listed)) continue;
      if (mention()) continue;
      one();
    }
    if (out_.numbers) {
      spelled_numbers();
    } else {
      judge_common();
    }
    return std::move(out_);
  }

 private:
  char32_t low(size_t i) const { return i < low_.size() ? low_[i] : U' '; }  // also before the first: i wraps around
  bool at_line_start() const { return out_.tokens.empty() || out_.tokens.back().kind == Token::Kind::line; }

  Token& add(Token::Kind kind, std::string text) {
    Token token;
    token.kind = kind;
    token.text = std::move(text);
    token.bold = bold_;
    out_.tokens.push_back(std::move(token));
    return out_.tokens.back();
  }

  const Token* last() const { return out_.tokens.empty() ? nullptr : &out_.tokens.back(); }
  bool last_is(Token::Kind kind) const { return last() && last()->kind == kind; }
  bool last_is(std::string_view word) const { return last_is(Token::Kind::word) && last()->text == word; }

  // Whether lines begin with "1." and "2.": then such numbers count lines.
  bool has_list() const {
    bool one = false, two = false;
    for (size_t i = 0; i < low_.size(); i = std::min(low_.find('\n', i), low_.size()) + 1) {
      while (low(i) == ' ' && i < low_.size()) ++i;
      bool marker = (low(i + 1) == '.' || low(i + 1) == ')') && low(i + 2) == ' ';
      one = one || (marker && low(i) == '1');
      two = two || (marker && low(i) == '2');
    }
    return one && two;
  }

  // "- ", "3. " and the like at the head of a line.
  bool skip_marker(bool counted) {
    size_t i = at_;
    if (low(i) == '-' && low(i + 1) == ' ') {
      at_ = i + 2;
      return true;
    }
    while (is_digit(low(i))) ++i;
    if (!counted || i == at_ || i > at_ + 2 || (low(i) != '.' && low(i) != ')') || low(i + 1) != ' ') return false;
    if (i + 1 >= text_.size() || (!out_.numbers && label_at(at_))) return false;
    at_ = i + 1;
    return true;
  }

  bool mention() { return out_.numbers ? number() : label(); }

  // Where the label that stands here ends; 0 where it does not stand here whole. `joined`: part of a compound word.
  size_t end_of(const std::u32string& label, bool& joined) const {
    size_t i = at_;
    for (size_t j = 0; j < label.size(); ++j) {
      if (j > 0 && is_separator(label[j]) && is_separator(low(i))) {
        if (low(i) == ' ') {
          while (low(i + 1) == ' ' && i + 1 < low_.size()) ++i;
        }
      } else if (i >= low_.size() || low(i) != label[j]) {
        return 0;
      }
      ++i;
    }
    char32_t first = label.front(), final = label.back(), before = low(at_ - 1), after = low(i);
    if (is_letter(first)) {
      if (is_letter(before) || (before == '\'' && is_letter(low(at_ - 2)))) return 0;
      if (is_digit(first) && (before == '.' || before == ',') && is_digit(low(at_ - 2))) return 0;
      if (is_digit(first) && before == '-' && !is_letter(low(at_ - 2))) return 0;  // a negative number
      joined = (before == '-' || before == '_') && is_letter(low(at_ - 2));
    }
    if (is_letter(final)) {
      if (is_letter(after)) return 0;
      if (is_digit(final) && (after == '.' || after == ',') && is_digit(low(i + 1))) return 0;
      if (after == '\'' && is_letter(low(i + 1))) {
        if (low(i + 1) != 's' || is_letter(low(i + 2))) return 0;  // "I'll" is not "I"
        joined = true;
      }
      joined = joined || ((after == '-' || after == '_') && is_letter(low(i + 1))) || (is_digit(final) && after == '%');
    }
    return i;
  }

  const Label& label_of_option(int option) const {
    return *std::find_if(labels_.begin(), labels_.end(), [&](const Label& l) { return l.option == option; });
  }

  bool label_at(size_t at) {
    size_t was = std::exchange(at_, at);
    bool joined = false;
    bool found = std::any_of(labels_.begin(), labels_.end(), [&](const Label& l) { return end_of(l.low, joined) > 0; });
    at_ = was;
    return found;
  }

  bool label() {
    size_t end = 0;
    bool weak = false;
    std::vector<const Label*> best;
    for (const Label& label : labels_) {
      bool joined = false;
      size_t e = end_of(label.low, joined);
      if (e == 0 || e < end) continue;
      if (e > end) best.clear();
      end = e;
      weak = joined;
      best.push_back(&label);
    }
    if (best.empty()) return false;
    std::u32string_view here = std::u32string_view(text_).substr(at_, end - at_);
    auto fits = [&](const Label* l) { return l->exact == here; };
    if (best.size() > 1 && std::any_of(best.begin(), best.end(), fits)) {
      std::erase_if(best, [&](const Label* l) { return !fits(l); });
    }
    bool one = best.size() == 1;
    put_mention(end, one ? best[0]->option : kUnsure, weak || !one);
    out_.tokens.back().exact = fits(best[0]);
    return true;
  }

  void put_mention(size_t end, int option, bool weak) {
    Token& token = add(Token::Kind::mention, to_utf8(std::u32string_view(low_).substr(at_, end - at_)));
    ++mentions_;
    token.option = option;
    token.weak = weak;
    size_t after = end;
    while (low(after) == '.' || low(after) == ',' || low(after) == '!') ++after;
    token.marked = at_ > 0 && is_open(low(at_ - 1)) && after < low_.size() && is_close(low(after));
    at_ = end;
  }

  bool number() {
    bool digit = is_digit(low(at_)), point = low(at_) == '.' && is_digit(low(at_ + 1)) && !is_letter(low(at_ - 1));
    if (!(digit || point) || (at_ > 0 && is_letter(low(at_ - 1)) && !currency_before())) return false;
    NumberAt n = number_at(low_, at_);
    std::string word = to_utf8(std::u32string_view(low_).substr(at_, n.end - at_));
    // "Round 3", "player 2", but "offer the other player 30"
    size_t count = out_.tokens.size();
    bool one_of_all = count > 1 && (out_.tokens[count - 2].text == "other" || out_.tokens[count - 2].text == "each");
    bool is_name = last_is(Token::Kind::word) && kNumbered.contains(last()->text) && !one_of_all;
    if (n.kind == NumberAt::Kind::none || is_name || is_whole_of_part(n.value) || (at_ > 0 && low(at_ - 1) == '#')) {
      add(Token::Kind::word, word);
      at_ = n.end;
      return true;
    }
    if (negative()) n.value = -n.value;
    int option = kUnsure;
    if (n.kind == NumberAt::Kind::number) {
      option = option_of(n.value);
    } else if (n.kind == NumberAt::Kind::percent && set_.kind == ActionSet::Kind::range && set_.lo == 0) {
      // Of a whole that is not known here: it is told only where the set itself goes to 100 or to 1.
      if (set_.hi == 100) option = option_of(n.value);
      if (set_.hi == 1) option = option_of(n.value / 100);
    }
    put_mention(n.end, option, option == kUnsure);
    return true;
  }

  bool currency_before() {  // "USD40": the letters have been taken for a word
    static const Words currencies = {"usd", "eur", "gbp", "chf", "rs", "us"};
    if (!last_is(Token::Kind::word) || !currencies.contains(last()->text)) return false;
    out_.tokens.pop_back();
    return true;
  }

  // "-40", "minus 40"; not the dash of "20-30" and of "20 - 30". Takes the sign back.
  bool negative() {
    size_t sign = at_ - 1;
    while (low(sign) == '$' || low(sign) == U'€' || low(sign) == U'£') --sign;
    bool word = last_is("minus") || last_is("negative");
    bool dash = low(sign) == '-' && !is_letter(low(sign - 1)) && low(sign - 1) != ')' && low(sign - 1) != '%' &&
                last_is(Token::Kind::point) && last()->text == "-" &&
                !(out_.tokens.size() > 1 && out_.tokens[out_.tokens.size() - 2].kind == Token::Kind::mention);
    if (word || dash) out_.tokens.pop_back();
    return word || dash;
  }

  // The 100 of "40 out of 100", "40 of the 100", "40 points of my 100", "half of 100"; of "40/100" where that is the most.
  bool is_whole_of_part(double value) const {
    static const Words between = {"the", "my", "your", "our", "a", "total", "these"};
    size_t i = out_.tokens.size();
    auto word = [&](size_t k) { return k > 0 && out_.tokens[k - 1].kind == Token::Kind::word; };
    const bool of_most = set_.kind == ActionSet::Kind::range && set_.hi == value;
    if (of_most && i > 1 && last_is(Token::Kind::point) && last()->text == "/" &&
        out_.tokens[i - 2].kind == Token::Kind::mention) {
      return true;
    }
    while (word(i) && between.contains(out_.tokens[i - 1].text)) --i;
    if (!word(i) || out_.tokens[i - 1].text != "of") return false;
    --i;
    if (word(i) && out_.tokens[i - 1].text == "half") return true;
    if (word(i) && out_.tokens[i - 1].text == "out") --i;
    if (word(i)) --i;  // the unit
    return i > 0 && out_.tokens[i - 1].kind == Token::Kind::mention;
  }

  int option_of(double value) {
    std::optional<size_t> index = set_.index_of(value);
    std::optional<Value> action;
    if (index) action = set_.at(*index);
    for (size_t i = 0; i < numbers_.size(); ++i) {
      if (numbers_[i] == value || (action && out_.options[i] == action)) return static_cast<int>(i);
    }
    numbers_.push_back(value);
    out_.options.push_back(std::move(action));
    return static_cast<int>(numbers_.size()) - 1;
  }

  // One piece that is no mention.
  void one() {
    char32_t c = low(at_);
    if (c == '\n') {
      if (!at_line_start()) add(Token::Kind::line, "\n");
      ++at_;
    } else if (is_letter(c)) {
      std::u32string_view rest = std::u32string_view(low_).substr(at_, 4);
      if (rest == U"e.g." || rest == U"i.e.") {
        at_ += 4;
        return;
      }
      size_t end = at_;
      while (end < low_.size() &&
             (is_letter(low(end)) || (low(end) == '\'' && is_letter(low(end + 1))) ||
              (is_digit(low(end - 1)) && (low(end) == '.' || low(end) == ',') && is_digit(low(end + 1))))) {
        if (out_.numbers && is_digit(low(end)) && !is_digit(low(end - 1)) && end > at_ && end - at_ <= 3)
          break;  // "USD40"
        ++end;
      }
      add(Token::Kind::word, to_utf8(std::u32string_view(low_).substr(at_, end - at_)));
      at_ = end;
    } else if (is_ideograph(c)) {
      add(Token::Kind::word, to_utf8(std::u32string_view(&c, 1)));
      ++at_;
    } else if (c == '<' && skip_tag()) {
    } else if ((c == '*' && low(at_ + 1) == '*') || (c == '_' && low(at_ + 1) == '_')) {
      bold_ = !bold_;
      at_ += 2;
    } else {
      bool inside = is_letter(low(at_ - 1)) && is_letter(low(at_ + 1));
      bool compound = c == '-' && inside && !(is_digit(low(at_ - 1)) && is_digit(low(at_ + 1)));
      bool bound = out_.numbers && (c == '<' || c == '>' || c == '+');
      bool sum = bound || (out_.numbers && c == '*' && !at_line_start());
      if (sum || (!compound && std::u32string_view(U".!?;:,()/|=-&%").find(c) != std::u32string_view::npos)) {
        add(Token::Kind::point, to_utf8(std::u32string_view(&c, 1)));
      }
      ++at_;
    }
  }

  // <b>, </answer>: but not <J>, where J is a label.
  bool skip_tag() {
    size_t i = at_ + 1;
    if (low(i) == '/') ++i;
    size_t from = i;
    while (is_letter(low(i)) || low(i) == '_' || low(i) == '-') ++i;
    if (i == from || i - from > 30 || low(i) != '>' || i >= low_.size() || (!out_.numbers && label_at(from)))
      return false;
    at_ = i + 1;
    return true;
  }

  // "A" and "I" are words of English more often than answers, and so are "in", "no", "other".
  void judge_common() {
    std::vector<Token>& tokens = out_.tokens;
    auto said = [](const Token& t) { return t.kind == Token::Kind::word || t.kind == Token::Kind::mention; };
    bool alone = std::count_if(tokens.begin(), tokens.end(), said) == 1;
    for (size_t i = 0; i < tokens.size() && !alone; ++i) {
      Token& t = tokens[i];
      if (t.kind != Token::Kind::mention || t.option == kUnsure || !label_of_option(t.option).common) continue;
      static const Words names = {"option", "choice", "action", "letter", "label", "answer", "button"};
      bool word_before = i > 0 && tokens[i - 1].kind == Token::Kind::word;
      bool word_after = i + 1 < tokens.size() && tokens[i + 1].kind == Token::Kind::word;
      if (t.marked || (word_before && names.contains(tokens[i - 1].text) && !(word_after && t.text == "i"))) continue;
      bool letter = t.text == "a" || t.text == "i";
      bool behind_colon = i > 0 && tokens[i - 1].text == ":" && !word_after;
      bool speaker = t.text == "i" && word_after && kAfterI.contains(tokens[i + 1].text);
      bool goes_with = t.text == "go" && word_after && (tokens[i + 1].text == "with" || tokens[i + 1].text == "for");
      bool heads = (i == 0 || tokens[i - 1].kind == Token::Kind::line) && i + 1 < tokens.size() &&
                   (tokens[i + 1].text == "." || tokens[i + 1].text == ")");
      if (letter && heads) continue;  // "a. cooperate"
      if (goes_with || (letter && ((!t.exact && !behind_colon) || speaker))) {
        t.kind = Token::Kind::word;
      } else {
        // A capital "A" within a sentence is no article, nor is one that no word follows.
        bool capital = t.exact && word_before && label_of_option(t.option).exact == U"A";
        t.weak = !(t.text == "a" && (capital || !word_after));
      }
    }
  }

  // Numbers in words count only where no other stands: then as ones that settle nothing in passing ("one of them").
  void spelled_numbers() {
    std::vector<Token>& tokens = out_.tokens;
    if (std::any_of(tokens.begin(), tokens.end(), [](const Token& t) { return t.kind == Token::Kind::mention; }))
      return;
    for (size_t i = 0; i < tokens.size(); ++i) {
      auto found = number_words(tokens, i);
      if (!found) continue;
      tokens[i].kind = Token::Kind::mention;
      tokens[i].option = option_of(found->first);
      tokens[i].weak = true;
      bool fraction = i + found->second < tokens.size() && tokens[i + found->second].text == "point";
      if (fraction) tokens[i].option = kUnsure;  // "five point five"
      tokens.erase(tokens.begin() + static_cast<long>(i) + 1, tokens.begin() + static_cast<long>(i + found->second));
    }
  }

  const ActionSet& set_;
  std::u32string text_, low_;
  std::vector<Label> labels_;
  std::vector<double> numbers_;
  ReplyText out_;
  size_t at_ = 0, mentions_ = 0;
  bool bold_ = false;
};

}  // namespace

ReplyText scan_reply(const ActionSet& set, const Labels& labels, std::string_view text) {
  return Scanner(set, labels, text).scan();
}

}  // namespace parley
