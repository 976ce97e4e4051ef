// What a match leaves behind: its events as they come out of the log, its records in their order, beliefs and what came true.
#include <algorithm>
#include <tuple>
#include <utility>

#include "script/match_impl.h"

namespace parley {

// By place: rows do not depend on the order in which seats were answered.
void Match::Impl::sort_questions() {
  score_beliefs();
  std::vector<size_t> order(transcript.questions.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const QuestionRecord &x = transcript.questions[a], &y = transcript.questions[b];
    return std::tie(x.seat, x.n, x.sample) < std::tie(y.seat, y.n, y.sample);
  });
  std::vector<int> place_of(order.size());
  std::vector<QuestionRecord> sorted;
  sorted.reserve(order.size());
  for (size_t i = 0; i < order.size(); ++i) {
    place_of[order[i]] = static_cast<int>(i);
    sorted.push_back(std::move(transcript.questions[order[i]]));
  }
  transcript.questions = std::move(sorted);
  for (Belief& belief : transcript.beliefs) belief.question = place_of[static_cast<size_t>(belief.question)];
  std::sort(transcript.beliefs.begin(), transcript.beliefs.end(),
            [](const Belief& a, const Belief& b) { return a.question < b.question; });
  std::stable_sort(transcript.memories.begin(), transcript.memories.end(),
                   [](const MemoryRecord& a, const MemoryRecord& b) { return a.seat < b.seat; });
}

// A belief is about the first choice by that seat after it was stated, as done, in the decision at hand; or, where that seat
// chose later than this one, in the decision that the question is named after. The right answer of a question that is about
// nobody was known when it was asked.
void Match::Impl::score_beliefs() {
  for (size_t i = 0; i < transcript.beliefs.size(); ++i) {
    Belief& belief = transcript.beliefs[i];
    const QuestionRecord& asked = transcript.questions[static_cast<size_t>(belief.question)];
    const std::string& question = asked.question;
    bool found = false;
    for (size_t at = belief.about ? asked.events : transcript.events.size(); at < transcript.events.size(); ++at) {
      const Event& e = transcript.events[at];
      const std::string& name = transcript.name_of(e);
      if (e.seat != belief.about || (name != belief.decision && (found || name != question))) {
        if (found && e.kind == Event::round) break;
        continue;
      }
      if (e.kind == Event::choice || e.kind == Event::missing) {
        if (found) break;
        belief.truth = transcript.value_of(e);
        belief.decision = name;
        found = true;
      } else if (e.kind == Event::done && found) {
        belief.truth = transcript.value_of(e);
      }
    }
    const ActionSet& set = *belief_sets[i];
    for (size_t k = 0; asked.scores.is_list() && k < set.size(); ++k) {
      const Value& share = asked.scores.list()[k];
      if (set.at(k) == belief.truth && share.is_number()) belief.given = share.number();
    }
  }
}

void Match::Impl::drain() {
  Log& log = *scripts.impl_->log;
  if (log.cells > 0) {
    transcript.table = setup->table;
    transcript.cells.insert(transcript.cells.end(), log.cell, log.cell + log.cells);
    transcript.rounds = static_cast<int>(transcript.cells.size());
    log.cells = 0;
  }
  if (log.count == 0) return;
  auto offset = static_cast<int32_t>(transcript.values.size());
  if (log.values > 0) {
    lua_State* L = scripts.impl_->host.lua();
    lua_rawgeti(L, LUA_REGISTRYINDEX, scripts.impl_->log_values);
    for (int i = 1; i <= log.values; ++i) {
      lua_rawgeti(L, -1, i);
      transcript.values.push_back(to_value(L, -1));
      lua_pop(L, 1);
      lua_pushnil(L);
      lua_rawseti(L, -2, i);
    }
    lua_pop(L, 1);
  }
  if (!any_asks && log.values == 0) {  // nobody to be shown anything, nothing to be taken over
    for (int i = log.count; i-- > 0;) {
      if (log.events[i].kind != Event::round || log.events[i].number <= 0) continue;
      transcript.rounds = static_cast<int>(log.events[i].number);
      break;
    }
    transcript.events.insert(transcript.events.end(), log.events, log.events + log.count);
    log.count = 0;
    return;
  }
  // Out of the log first: what is shown below may fail, and must not leave events for another match to find.
  std::vector<Event> fresh(log.events, log.events + log.count);
  log.count = log.values = 0;
  for (Event& e : fresh) {
    if (e.value > 0) e.value += offset;
    if (e.seen > 0) e.seen += offset;
    if (e.kind == Event::round) {
      if (any_asks && transcript.rounds > 0) close_round(transcript.rounds);
      if (e.number > 0) {
        transcript.rounds = static_cast<int>(e.number);
        if (any_asks) round_starts.push_back(transcript.events.size());
      }
    }
    transcript.events.push_back(e);
    if (!any_asks) continue;
    if (e.kind == Event::pay) seats[static_cast<size_t>(e.seat) - 1].total += e.number;
    if (e.kind == Event::choice || e.kind == Event::missing) show_choice(e, set_at(e.set));
    if (e.kind == Event::told) {
      const Value& facts = transcript.values[static_cast<size_t>(e.value) - 1];
      if (!facts.is_record()) continue;
      for (const Value& to : transcript.seen_by(e).list()) {
        Seat& seat = seats[static_cast<size_t>(to.number()) - 1];
        if (!seat.asks) continue;
        for (const auto& [name, value] : facts.record()) seat.facts.insert_or_assign(name, value);
      }
    }
  }
}

size_t Match::Impl::bytes() const {
  constexpr size_t kValue = 128;  // a fact, a seen_by, a measure: with what it holds
  return transcript.events.size() * sizeof(Event) + transcript.values.size() * kValue +
         transcript.cells.size() * sizeof(int32_t);
}

}  // namespace parley
