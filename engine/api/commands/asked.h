// What the players of a match were asked and what they answered, as `show` tells it.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "api/commands/narrator.h"
#include "prompt/reader.h"
#include "script/match.h"
#include "store/store.h"

namespace parley {

// A request with its reply.
struct Asked {
  Question question;
  Kept kept;
};

class Questions {
 public:
  // Those in `transcript`; `asked`: all requests, by place. `in_full`: each with all that it added to what its player had read, and
  // every reply as it came. Else a line of a question that its seat was asked before is left out ("…"), if not `whole`, and of a reply
  // what the choice says.
  Questions(Console& console, const Transcript& transcript, const std::map<Place, Asked>& asked, const Plan& plan,
            const Labels& labels, bool in_full, bool whole);

  bool any() const { return !transcript_.questions.empty(); }
  // Tells those that led to an item's choices below it; nullptr: those of the round that led to none.
  void under(Script& script, const RoundStory& round, const RoundStory::Item* item);
  // Exactly what was sent and came back, one after the other, of these rounds.
  void raw(int first_round, int last_round) const;
  // { seat, decision, question, asked, reply, read }, of a round.
  Value value(int round) const;

 private:
  void tell(Script& script, const QuestionRecord& q, const RoundStory::Part* part, bool by_name);
  std::string answer(const QuestionRecord& q, const Reply& reply, const RoundStory::Part* part) const;
  std::string read_as(const QuestionRecord& q) const;
  std::string marked(const QuestionRecord& q) const;
  std::string shown_as(const Value& action) const;
  void raw(const Asked& asked) const;
  bool sampled(const QuestionRecord& q) const;
  const Asked* at(const QuestionRecord& q, int attempt) const;
  int watched_by(int seat) const;  // 0: it watches nobody

  Console& console_;
  const Transcript& transcript_;
  const std::map<Place, Asked>& asked_;
  const Plan& plan_;
  const Labels& labels_;
  const bool in_full_, whole_;
  std::map<size_t, std::vector<size_t>> of_event_, memories_of_;  // by the event of the choice that they led to
  std::map<int, std::vector<size_t>> loose_;                      // by round: those that led to none
  std::set<std::string> told_;                                    // lines of questions
};

}  // namespace parley
