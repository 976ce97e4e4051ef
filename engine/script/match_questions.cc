// A strategy's questions and what is answered: requests, tries, readings, choices from scores (DESIGN 6, "Reading choices").
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "prompt/schema.h"
#include "script/match_impl.h"

namespace parley {
namespace {

// What is asked for now: the question, or after a try the repair.
const std::string& text_of(const Ask& ask, const Sample& sample) {
  return sample.attempt == 1 ? ask.text : sample.repair;
}

// What was asked with its reply. In a text the reply stands apart from what is before it: by a blank, unless white space is there
// already. A label that was scored was scored with its blank.
Chain::Exchange exchange(const std::string& asked, const Ask& ask, const Sample& sample, const std::string& reply) {
  const std::string& before = ask.cue.empty() ? asked : ask.cue;
  bool apart = before.empty() || std::string_view(" \n\t").find(before.back()) != std::string_view::npos;
  return {asked, ask.cue, reply, sample.read == ReadMode::scored || !apart};
}

}  // namespace

void Match::Impl::take_ask(Seat& seat, lua_State* co) {
  lua_State* L = scripts.impl_->host.lua();
  lua_rawgeti(L, LUA_REGISTRYINDEX, scripts.impl_->asked);
  lua_rawgeti(L, LUA_REGISTRYINDEX, table);
  lua_pushinteger(L, seat_number(seat));
  lua_settop(co, 1);
  lua_xmove(co, L, 1);
  {
    Now now(*scripts.impl_, this);
    scripts.impl_->host.call(L, 3, 1);
  }
  Value asked = to_value(L, -1);
  lua_pop(L, 1);
  Ask ask;
  ask.name = asked["name"].string();
  ask.set = set_at(static_cast<int>(asked["set"].number()));
  ask.facts = asked["facts"];
  ask.about = asked["by"].is_number() ? static_cast<int>(asked["by"].number()) : 0;
  ask.right = asked["right"];
  ask.sampled = asked["samples"].is_number();
  ask.fresh = asked["fresh"].is_boolean() && asked["fresh"].boolean();
  ask.n = ++seat.n;
  check_facts(ask.facts, "the question '" + ask.name + "'", seat, ask.name);
  seat.turn->ask = std::move(ask);
  Ask& now = *seat.turn->ask;
  begin_chain(seat);
  now.text = question_text(seat, now);
  const Player& player = plan->lineup->players[static_cast<size_t>(seat_number(seat)) - 1];
  const bool goes_on = format == Format::text || (rules.read == "scored" && kind_of(player.model).takes_cue());
  if (now.set->listable() && goes_on) now.cue = cue_text(seat, now);
  now.samples.resize(now.sampled ? static_cast<size_t>(asked["samples"].number()) : 1);
  now.earlier = seat.requests[now.name];
  Chain::Added added = seat.chain.take_added();
  for (size_t i = 0; i < now.samples.size(); ++i) {
    QuestionRecord record;
    record.seat = seat_number(seat);
    record.n = now.n;
    record.sample = static_cast<int>(i) + 1;
    record.round = round();
    record.decision = seat.turn->decision;
    record.question = now.name;
    record.events = transcript.events.size();
    if (now.about) record.about = transcript.seats[static_cast<size_t>(now.about) - 1];
    if (i == 0) {
      record.head = added.head;
      record.from = added.text.size();
      record.added = added.text + now.text;
    }
    if (now.set->kind == ActionSet::Kind::list) record.options = options(*now.set);
    now.samples[i].record = transcript.questions.size();
    transcript.questions.push_back(std::move(record));
    if (now.about || !now.right.is_nil()) {
      Belief belief;
      belief.question = static_cast<int>(transcript.questions.size()) - 1;
      belief.seat = seat_number(seat);
      belief.about = now.about;
      belief.round = round();
      belief.decision = seat.turn->decision;
      belief.truth = now.right;
      transcript.beliefs.push_back(belief);
      belief_sets.push_back(now.set);
    }
    put(seat, i);
  }
}

// What a sample's present try asks.
Request Match::Impl::request_of(const Seat& seat, size_t i) const {
  const Ask& ask = *seat.turn->ask;
  const Sample& sample = ask.samples[i];
  const Player& player = plan->lineup->players[static_cast<size_t>(seat_number(seat)) - 1];
  Request request;
  request.model = player.model_identity;
  request.read = sample.read;
  if (request.read != ReadMode::text && ask.set->listable()) request.labels = labels_of(*ask.set);
  if (request.read == ReadMode::constrained) request.schema = answer_schema(*ask.set, labels);
  if (request.read != ReadMode::scored) request.sampling = player.sampling;
  request.cue = ask.cue;
  request.messages = seat.chain.messages(format, text_of(ask, sample), ask.fresh, sample.before);
  request.draw = own->bits(static_cast<uint64_t>(seat_number(seat)) << 32 | static_cast<uint64_t>(ask.n),
                           static_cast<uint64_t>(i + 1) << 8 | static_cast<uint64_t>(sample.attempt), 1);
  request.about.seat = seat.name;
  request.about.question = ask.name;
  request.about.decision = seat.turn->decision;
  request.about.round = round();
  request.about.attempt = sample.attempt;
  request.about.turn =
      ask.earlier + (sample.attempt - 1) * static_cast<int>(ask.samples.size()) + static_cast<int>(i) + 1;
  request.about.actions = with_labels(*ask.set);
  return request;
}

// Hands out a sample's next try.
void Match::Impl::put(Seat& seat, size_t i) {
  Ask& ask = *seat.turn->ask;
  Sample& sample = ask.samples[i];
  sample.read = ReadMode::text;
  if (ask.set->listable() && rules.read == "scored") sample.read = ReadMode::scored;
  if (ask.set->kind != ActionSet::Kind::words && rules.read == "constrained") sample.read = ReadMode::constrained;
  const Value& forced = plan->lineup->players[static_cast<size_t>(seat_number(seat)) - 1].sampling["forced"];
  if (forced.is_list() && sample.read != ReadMode::scored && static_cast<size_t>(ask.n) <= forced.list().size()) {
    throw Error(fmt::format("sampling of seat {}: forced has something for answer {}, to '{}', which is not scored",
                            seat_number(seat), ask.n, ask.name));
  }
  own_draws();  // request_of takes from them
  ++seat.requests[ask.name];
  QuestionRecord& record = transcript.questions[sample.record];
  record.read = mode_name(sample.read);
  if (sample.read != ReadMode::scored) transcript.chance = true;
  record.cue = ask.cue;
  pending.push_back({{seat_number(seat), ask.n, static_cast<int>(i) + 1, sample.attempt}, request_of(seat, i)});
}

Value Match::Impl::decide(const ActionSet& set, const Reply& reply, const Place& place, QuestionRecord& record) {
  const std::vector<double>& logs = reply.scores;
  if (logs.size() != set.size()) throw Error("a reply with scores for other labels than were asked");
  double top = *std::max_element(logs.begin(), logs.end()), sum = 0;
  record.mass = 0;
  for (double log : logs) record.mass += std::exp(log);
  if (std::isinf(top)) return {};
  for (double log : logs) sum += std::exp(log - top);
  std::vector<double> shares;
  Value::List stored;  // nil: not visible, which is not zero
  for (double log : logs) {
    shares.push_back(std::exp(log - top) / sum);
    stored.push_back(std::isinf(log) ? Value() : Value(shares.back()));
  }
  record.scores = std::move(stored);
  uint64_t a = static_cast<uint64_t>(place.seat) << 32 | static_cast<uint64_t>(place.n);
  auto b = static_cast<uint64_t>(place.sample);
  const Value& forced = plan->lineup->players[static_cast<size_t>(place.seat) - 1].sampling["forced"];
  if (forced.is_list() && static_cast<size_t>(place.n) <= forced.list().size()) {
    const Value& action = forced.list()[static_cast<size_t>(place.n) - 1];
    if (auto at = set.index_of(action)) return set.at(*at);
    throw Error(fmt::format("sampling of seat {}: forced has '{}' for answer {}, which is not in {}", place.seat,
                            value_text(action), place.n, describe(set)));
  }
  size_t pick = 0;
  if (rules.decide == "sample") {
    transcript.chance = true;
    double u = own->unit(a, b, 2);
    for (pick = 0; pick + 1 < logs.size() && u >= shares[pick]; ++pick) u -= shares[pick];
  } else {
    std::vector<size_t> best;
    for (size_t i = 0; i < logs.size(); ++i) {
      if (logs[i] == top) best.push_back(i);
    }
    record.tie = best.size() > 1;
    if (record.tie) transcript.chance = true;
    pick = best[own->below(best.size(), a, b, 2)];
  }
  return set.at(pick);
}

void Match::Impl::answer(const Place& place, const Reply& reply) {
  Seat& seat = seats[static_cast<size_t>(place.seat) - 1];
  Ask& ask = *seat.turn->ask;
  Sample& sample = ask.samples[static_cast<size_t>(place.sample) - 1];
  QuestionRecord& record = transcript.questions[sample.record];
  record.tries = place.attempt;
  if (reply.failure) {
    sample.failed = reply.failure->size != Failure::Size::request;
    sample.why = reply.failure->what;
    record.why = sample.failed ? "" : "failed";
  } else if (sample.read == ReadMode::scored) {
    record.choice = sample.value = decide(*ask.set, reply, place, record);
    if (sample.value.is_nil()) {
      record.why = why_name(Reading::Why::unreadable);
      sample.why = fmt::format("{}: no label is among the answers whose scores are shown", record.why);
    } else {
      sample.reply = label_of(labels, sample.value);
    }
  } else {
    Reading reading = read_reply(*ask.set, labels, reply.text, reply.finish, ask.about > 0);
    record.why = reading.why == Reading::Why::read ? "" : why_name(reading.why);
    if (reading.why == Reading::Why::read) {
      record.choice = sample.value = reading.action;
      bool plain =
          format == Format::text && ask.set->kind != ActionSet::Kind::record && ask.set->kind != ActionSet::Kind::split;
      sample.reply = plain ? label_of(labels, reading.action) : reply.text;
    } else if (place.attempt < kTries) {
      sample.before.push_back(exchange(text_of(ask, sample), ask, sample, reply.text));
      sample.repair = repair_text(seat, ask, reading, reply.text);
      ++sample.attempt;
      put(seat, static_cast<size_t>(place.sample) - 1);
      return;
    } else {
      sample.why = fmt::format("{}: {}", why_name(reading.why), reading.reason);
      sample.reply = reply.text;
    }
  }
  // Where a right answer is known, what cannot be read is a wrong one: nobody waits for it to go on.
  if (!ask.right.is_nil() && !reply.failure) sample.why.clear();
  sample.done = true;
  if (std::all_of(ask.samples.begin(), ask.samples.end(), [](const Sample& x) { return x.done; })) answered(seat);
}

// Every sample of the question has come to its end: the turn goes on, or ends for want of an answer.
void Match::Impl::answered(Seat& seat) {
  Ask& ask = *seat.turn->ask;
  auto lost = std::find_if(ask.samples.begin(), ask.samples.end(), [](const Sample& x) { return !x.why.empty(); });
  auto failed = std::find_if(ask.samples.begin(), ask.samples.end(), [](const Sample& x) { return x.failed; });
  if (lost != ask.samples.end()) {
    Turn& turn = *seat.turn;
    turn.failed = failed != ask.samples.end();
    turn.why = turn.failed ? failed->why : lost->why;
    turn.over = true;
    seat.chain.end_turn();
    // The coroutine stands in the middle of `act` and is not resumed: a later turn takes another.
    luaL_unref(scripts.impl_->host.lua(), LUA_REGISTRYINDEX, seat.thread);
    seat.thread = LUA_NOREF;
  } else {
    lua_State* co = scripts.impl_->host.thread(seat.thread);
    if (ask.sampled) {
      Value::List all;
      for (const Sample& sample : ask.samples) {
        take_guess(sample);
        all.push_back(sample.value.is_nil() ? Value(false) : sample.value);
      }
      push(co, all);
    } else {
      const Sample& sample = ask.samples[0];
      if (!ask.fresh && !sample.reply.empty()) seat.chain.keep(exchange(ask.text, ask, sample, sample.reply));
      take_guess(sample);
      push(co, sample.value);
    }
    seat.turn->ask.reset();
    resume_turn(seat, 1);
  }
  if (seat.turn->over && turns_over()) run_game(1);
}

// Where it was asked as a belief.
void Match::Impl::take_guess(const Sample& sample) {
  for (Belief& belief : transcript.beliefs) {
    if (belief.question == static_cast<int>(sample.record)) belief.guess = sample.value;
  }
}

}  // namespace parley
