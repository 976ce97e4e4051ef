// The sentences and clauses of a reply, and what in them speaks against a mention. Only for the reader.
#pragma once
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "prompt/reader/words.h"

namespace parley {

using Words = std::unordered_set<std::string_view>;

class Sense {
 public:
  using Kind = Token::Kind;
  // `asked_of_others`: what another player is expected to choose was asked for. The reply has to outlive this.
  Sense(const ReplyText& text, bool asked_of_others);

  const ReplyText& reply;
  const std::vector<Token>& tokens;
  const bool others;
  std::vector<size_t> mentions;  // where they stand

  // Of the token at i; false where there is none.
  bool is(size_t i, Kind kind) const { return i < tokens.size() && tokens[i].kind == kind; }
  bool is(size_t i, std::string_view text) const {
    return i < tokens.size() && tokens[i].kind != Kind::mention && tokens[i].text == text;
  }
  bool in(size_t i, const Words& words) const { return is(i, Kind::word) && words.contains(tokens[i].text); }
  bool negates(size_t i) const;  // "not", "don't", "never"; not the "No, " that begins an answer

  bool ends_sentence(size_t i) const;
  bool ends_clause(size_t i) const;
  size_t sentence_begin(size_t i) const;
  size_t sentence_end(size_t i) const;
  size_t clause_begin(size_t i) const;
  // Nothing follows in the clause, or what follows gives a reason.
  bool rests(size_t i) const;

  // "J or F", "J/F", "20 to 30", "3 * 4": neither is chosen.
  bool alternative(size_t m) const { return alternative_[m]; }
  // "not J", "over J", "rather than J", "instead of J", and nothing more is said of it.
  bool ruled_out(size_t m) const;
  // Ruled out, or denied by its clause: "I won't choose J", "I refuse J", "J isn't fair"; not "why not J", "don't we choose J",
  // "not only J", "no problem with J", nor what an "and" with a verb of its own joins to it. For talk, in which an option is named or not.
  bool denied(size_t m) const;
  // Nothing takes back a mention that words from `from` on bring in: not denied, not on a condition, no question, not
  // somebody else's thought, no matter of chance, not followed by a "but".
  bool clean(size_t m, size_t from) const;
  // A later sentence turns to another: "The dominant strategy is F. However, J would be better for both.". What was
  // `final` is taken back by a correction only: "Wait, actually J."
  bool turned_from(size_t m, bool final) const;
  // "The other will choose J", where that was not asked for.
  bool about_another(size_t m) const;
  // The least that is asked of a mention in passing: nothing in its sentence speaks against its being the choice.
  bool plain(size_t m) const;
  // "last round", but not "this last round"; "would have".
  bool past(size_t i) const;

 private:
  void find_alternatives();
  // Of the clause of a mention that which begins behind an "and" with a verb of its own: "to choose J" of "not to choose F and to
  // choose J", "choose J" of "I won't choose F and choose J"; all of "I won't choose F and J".
  size_t own_part(size_t m) const;
  bool taken_back(size_t m) const;
  bool corrects(size_t i) const;
  bool on_condition(size_t to) const;     // "If they choose F, " before it; "If I had to choose, " is none
  bool goes_on_well(size_t m) const;      // "J because", not "J pays": that tells of it
  bool mixed(size_t i) const;             // "J with probability 60%"
  bool bounds(size_t i, size_t m) const;  // "at least 40", "more than 40", "I keep 40"
  bool kept(size_t i) const;

  std::vector<bool> alternative_;
};

// Words of more than one part of the reader.
extern const Words kSubjects, kOthers, kNouns, kThen, kHedges, kIf, kLimits, kLoose;

// How a mention is brought in: not at all, as what is chosen, as the final answer.
enum class Strength { none, said, final };
Strength strength_of(const Sense& sense, size_t m);

}  // namespace parley
