#include "script/match.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "game/orders.h"
#include "prompt/schema.h"
#include "script/match_impl.h"

namespace parley {
namespace {

lua_State* thread_of(Host& host, LuaRef ref) {
  lua_rawgeti(host.lua(), LUA_REGISTRYINDEX, ref);
  lua_State* co = lua_tothread(host.lua(), -1);
  lua_pop(host.lua(), 1);
  return co;
}

// A coroutine that can be started: one that came to its end, or a new one.
LuaRef take_thread(Scripts::Impl& impl) {
  if (!impl.spare_threads.empty()) {
    LuaRef ref = impl.spare_threads.back();
    impl.spare_threads.pop_back();
    return ref;
  }
  lua_newthread(impl.host.lua());
  return luaL_ref(impl.host.lua(), LUA_REGISTRYINDEX);
}

Value all_settings(const Value& defaults, const Value& given) {
  Value out = defaults.is_record() ? defaults : Value(Value::Record{});
  if (given.is_record() && !given.record().empty()) {
    for (const auto& [name, value] : given.record()) out = out.with(name, value);
  }
  return out;
}

// The prelude's entries of a line-up.
LuaRef entries_of(Scripts::Impl& impl, const std::shared_ptr<const Lineup>& lineup, const std::vector<Seat>& seats) {
  constexpr size_t kMost = 1024;
  if (auto found = impl.entries.find(lineup); found != impl.entries.end()) return found->second;
  lua_State* L = impl.host.lua();
  if (impl.entries.size() >= kMost) {
    for (const auto& [old, ref] : impl.entries) luaL_unref(L, LUA_REGISTRYINDEX, ref);
    impl.entries.clear();
  }
  lua_createtable(L, static_cast<int>(seats.size()), 0);
  for (size_t i = 0; i < seats.size(); ++i) {
    lua_createtable(L, 0, 4);
    lua_pushinteger(L, seats[i].strategy->chunk);
    lua_setfield(L, -2, "chunk");
    lua_pushboolean(L, seats[i].asks);
    lua_setfield(L, -2, "asks");
    push(L, all_settings(seats[i].strategy->info.settings, lineup->players[i].settings));
    lua_setfield(L, -2, "settings");
    lua_pushstring(L, seats[i].strategy->info.name.c_str());
    lua_setfield(L, -2, "strategy");
    if (seats[i].watches > 0) {
      lua_pushinteger(L, seats[i].watches);
      lua_setfield(L, -2, "watches");
    }
    lua_rawseti(L, -2, static_cast<int>(i) + 1);
  }
  return impl.entries.emplace(lineup, luaL_ref(L, LUA_REGISTRYINDEX)).first->second;
}

// For the span of a call into Lua: bindings serve this match.
struct Now {
  Now(Scripts::Impl& impl, Playing* playing) : impl_(impl), before_(impl.playing) { impl.playing = playing; }
  ~Now() { impl_.playing = before_; }
  Scripts::Impl& impl_;
  Playing* before_;
};

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

const char* mode_name(ReadMode mode) {
  return mode == ReadMode::scored ? "scored" : mode == ReadMode::constrained ? "constrained" : "text";
}

}  // namespace

Match::Impl::Impl(Scripts& s, std::shared_ptr<const Plan> p, int attempt_)
    : scripts(s), plan(std::move(p)), rules(plan->condition->rules), attempt(attempt_) {
  const std::vector<Player>& players = plan->lineup->players;
  const size_t seated = plan->lineup->seats(), roles = static_cast<size_t>(plan->roles());
  setup = &scripts.setup(rules.game, rules.settings, static_cast<int>(roles));
  if (setup->seats.size() != roles || (rules.strangers() && seated % 2 != 0)) {
    throw Error(fmt::format("{}: the game cannot seat {} players", setup->path, seated));
  }
  transcript.words = scripts.words();
  transcript.seats = setup->seats;
  if (rules.strangers()) {
    transcript.seats.clear();
    for (size_t i = 0; i < seated; ++i)
      transcript.seats.push_back(fmt::format("{}{}", setup->seats[i * 2 / seated], i % (seated / 2) + 1));
    for (size_t i = 0; i < seated; ++i) transcript.roles.push_back(setup->seats[i * 2 / seated]);
  }
  transcript.payoffs_seen = setup->by_payoffs;
  transcript.events.swap(scripts.impl_->spare_events);
  seats.resize(players.size());
  for (size_t i = 0; i < players.size(); ++i) {
    Seat& seat = seats[i];
    seat.watches = players[i].watches;
    seat.name = seat.watches > 0 ? "observer" : setup->seats[rules.strangers() ? i * 2 / seated : i];
    seat.strategy = &scripts.load_strategy(players[i].strategy);
    seat.asks = seat.strategy->info.asks;
    any_asks = any_asks || seat.asks;
  }
  data = setup->data;
  for (const Seat& seat : seats) data.insert(seat.strategy->data.begin(), seat.strategy->data.end());
  if (any_asks) prepare_words();
}

Match::Impl::~Impl() {
  if (!any_asks) {  // the next match writes into the same memory
    transcript.events.clear();
    if (transcript.events.capacity() > scripts.impl_->spare_events.capacity())
      scripts.impl_->spare_events.swap(transcript.events);
  }
  lua_State* L = scripts.impl_->host.lua();
  for (Seat& seat : seats) luaL_unref(L, LUA_REGISTRYINDEX, seat.thread);
  luaL_unref(L, LUA_REGISTRYINDEX, thread);
  luaL_unref(L, LUA_REGISTRYINDEX, table);
}

void Match::Impl::start() {
  started = true;
  Scripts::Impl& impl = *scripts.impl_;
  lua_State* L = impl.host.lua();
  lua_rawgeti(L, LUA_REGISTRYINDEX, impl.new_match);
  lua_rawgeti(L, LUA_REGISTRYINDEX, setup->ref);
  lua_rawgeti(L, LUA_REGISTRYINDEX, entries_of(impl, plan->lineup, seats));
  int most = rules.rounds.value_or(setup->rounds.value_or(1));
  lua_pushinteger(L, most);
  lua_pushnumber(L, rules.ends);
  const Horizon& horizon = rules.horizon;
  if (horizon.kind == Horizon::Kind::rounds) {
    lua_pushnumber(L, horizon.value);
  } else if (horizon.kind == Horizon::Kind::told && rules.ends == 0) {
    lua_pushinteger(L, most);
  } else {
    lua_pushnil(L);
  }
  if (rules.strangers()) {
    lua_pushinteger(L, static_cast<lua_Integer>(plan->lineup->seats() / 2));
  } else {
    lua_pushnil(L);
  }
  if (followed[0].empty()) {
    lua_pushnil(L);
  } else {
    lua_createtable(L, 2, 0);
    for (int seat : {0, 1}) {
      const auto& actions = followed[static_cast<size_t>(seat)];
      lua_createtable(L, static_cast<int>(actions.size()), 0);
      for (size_t i = 0; i < actions.size(); ++i) {
        lua_pushinteger(L, actions[i] + 1);
        lua_rawseti(L, -2, static_cast<int>(i) + 1);
      }
      lua_rawseti(L, -2, seat + 1);
    }
  }
  {
    Now now(impl, this);
    impl.host.call(L, 7, 1);
  }
  table = luaL_ref(L, LUA_REGISTRYINDEX);
  thread = take_thread(impl);
  lua_State* co = thread_of(impl.host, thread);
  lua_rawgeti(co, LUA_REGISTRYINDEX, impl.play);
  lua_rawgeti(co, LUA_REGISTRYINDEX, table);
  run_game(1);
}

// Goes on with the game's coroutine, whose arguments lie on its stack, until it has questions or ends.
void Match::Impl::run_game(int arguments) {
  Scripts::Impl& impl = *scripts.impl_;
  lua_State* co = thread_of(impl.host, thread);
  for (;; arguments = 1) {
    bool yielded;
    {
      Now now(impl, this);
      try {
        yielded = impl.host.resume(co, arguments);
      } catch (...) {
        impl.log->count = impl.log->values = impl.log->cells = 0;
        throw;
      }
      drain();
    }
    if (!yielded) return end(MatchStatus::whole);
    begin_turns(co);
    if (!turns_over()) return;  // else nobody asked
  }
}

void Match::Impl::begin_turns(lua_State* co) {
  std::vector<Seat*> deciding, watching;
  auto remember = [&](Seat& seat) {
    auto shows = [&](const PromptFile* file) { return file && scripts.shows(*file, "since"); };
    const bool others_words = seat.turn->decision.find('/') != std::string::npos;
    if (!others_words && !shows(setup->prompts) && !shows(seat.strategy->prompts)) return;
    seat.turn->since = std::exchange(last_asked[{seat_number(seat), seat.turn->decision}], transcript.events.size());
  };
  int list = lua_gettop(co);
  int n = static_cast<int>(lua_objlen(co, list));
  for (int k = 1; k <= n; ++k) {
    lua_rawgeti(co, list, k);
    auto number = [&](const char* name) {
      lua_getfield(co, -1, name);
      auto i = lua_tointeger(co, -1);
      lua_pop(co, 1);
      return static_cast<int>(i);
    };
    Seat& seat = seats[static_cast<size_t>(number("seat")) - 1];
    if (seat.asks) {
      auto turn = std::make_unique<Turn>();
      turn->k = k;
      turn->set = set_at(number("set"));
      lua_getfield(co, -1, "name");
      turn->decision = lua_tostring(co, -1);
      lua_pop(co, 1);
      lua_getfield(co, -1, "facts");
      turn->facts = lua_isnil(co, -1) ? Value() : to_value(co, -1);
      lua_pop(co, 1);
      lua_getfield(co, -1, "missing");
      turn->may_miss = !lua_isnil(co, -1);
      lua_pop(co, 1);
      try {
        check_facts(turn->facts, "the question '" + turn->decision + "'", turn->decision);
      } catch (const Error& e) {
        throw scripts.impl_->host.blamed(co, e);
      }
      seat.turn = std::move(turn);
      remember(seat);
      deciding.push_back(&seat);
    }
    for (size_t i = plan->lineup->seats(); i < seats.size(); ++i) {
      Seat& observer = seats[i];
      if (observer.watches != seat_number(seat)) continue;
      observer.turn = std::make_unique<Turn>();
      observer.turn->k = k;
      observer.turn->set = set_at(number("set"));
      lua_getfield(co, -1, "name");
      observer.turn->decision = lua_tostring(co, -1);
      lua_pop(co, 1);
      remember(observer);
      watching.push_back(&observer);
    }
    lua_pop(co, 1);
  }
  lua_settop(co, 0);
  deciding.insert(deciding.end(), watching.begin(), watching.end());
  for (Seat* seat : deciding) begin_turn(*seat);
}

void Match::Impl::begin_turn(Seat& seat) {
  Scripts::Impl& impl = *scripts.impl_;
  if (seat.thread == LUA_NOREF) seat.thread = take_thread(impl);
  lua_State* L = impl.host.lua();
  lua_rawgeti(L, LUA_REGISTRYINDEX, impl.begin_turn);
  lua_rawgeti(L, LUA_REGISTRYINDEX, table);
  lua_pushinteger(L, seat.turn->k);
  lua_pushinteger(L, seat_number(seat));
  {
    Now now(impl, this);
    impl.host.call(L, 3, 2);
  }
  lua_xmove(L, thread_of(impl.host, seat.thread), 2);
  resume_turn(seat, 1);
}

void Match::Impl::resume_turn(Seat& seat, int arguments) {
  Scripts::Impl& impl = *scripts.impl_;
  lua_State* co = thread_of(impl.host, seat.thread);
  bool yielded;
  {
    Now now(impl, this);
    yielded = impl.host.resume(co, arguments);
  }
  if (yielded) {
    try {
      take_ask(seat, co);
    } catch (const Error& e) {
      throw impl.host.blamed(co, e);
    }
  } else {
    lua_State* L = impl.host.lua();
    lua_rawgeti(L, LUA_REGISTRYINDEX, impl.end_turn);
    lua_rawgeti(L, LUA_REGISTRYINDEX, table);
    lua_pushinteger(L, seat.turn->k);
    lua_pushinteger(L, seat_number(seat));
    lua_settop(co, 1);
    lua_xmove(co, L, 1);
    {
      Now now(impl, this);
      impl.host.call(L, 4, 1);
    }
    if (Value memory = to_value(L, -1); !memory.is_nil() && memory != seat.memory) {
      transcript.memories.push_back(
          {seat_number(seat), round(), seat.turn->decision, memory, transcript.events.size()});
      seat.memory = std::move(memory);
    }
    lua_pop(L, 1);
    seat.chain.end_turn();
    seat.turn->over = true;
  }
}

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
  const bool goes_on = format == Format::text || (rules.read == "scored" && chat_takes_cue(player.model_identity));
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
  record.cue = ask.cue;
  pending.push_back({{seat_number(seat), ask.n, static_cast<int>(i) + 1, sample.attempt}, request_of(seat, i)});
}

Value Match::Impl::decide(const ActionSet& set, const Reply& reply, const Place& place, QuestionRecord& record) const {
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
    double u = own->unit(a, b, 2);
    for (pick = 0; pick + 1 < logs.size() && u >= shares[pick]; ++pick) u -= shares[pick];
  } else {
    std::vector<size_t> best;
    for (size_t i = 0; i < logs.size(); ++i) {
      if (logs[i] == top) best.push_back(i);
    }
    record.tie = best.size() > 1;
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
    }
  }
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
    lua_State* co = thread_of(scripts.impl_->host, seat.thread);
    if (ask.sampled) {
      Value::List all;
      for (const Sample& sample : ask.samples) {
        take_guess(sample);
        all.push_back(sample.value);
      }
      push(co, all);
    } else {
      const Sample& sample = ask.samples[0];
      if (!ask.fresh) seat.chain.keep(exchange(ask.text, ask, sample, sample.reply));
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

// Where all turns are over: ends the match, or lays what the game's coroutine waits for on its stack. True: it is to go on.
bool Match::Impl::turns_over() {
  std::vector<int> missing;
  const Seat* lost = nullptr;
  for (const Seat& seat : seats) {
    if (!seat.turn) continue;
    if (!seat.turn->over) return false;
    if (seat.turn->why.empty() || (seat.watches > 0 && !seat.turn->failed)) continue;
    if (seat.turn->failed || !seat.turn->may_miss) {
      if (!lost || (seat.turn->failed && !lost->turn->failed)) lost = &seat;
    } else {
      missing.push_back(seat.turn->k);
    }
  }
  if (lost) {
    transcript.why = lost->turn->why;
    transcript.void_seat = seat_number(*lost);
    end(lost->turn->failed ? MatchStatus::failed : MatchStatus::void_);
    return false;
  }
  for (Seat& seat : seats) seat.turn.reset();
  lua_State* co = thread_of(scripts.impl_->host, thread);
  lua_createtable(co, static_cast<int>(missing.size()), 0);
  for (size_t i = 0; i < missing.size(); ++i) {
    lua_pushinteger(co, missing[i]);
    lua_rawseti(co, -2, static_cast<int>(i) + 1);
  }
  return true;
}

void Match::Impl::end(MatchStatus status) {
  transcript.status = status;
  transcript.last_closed = status == MatchStatus::whole;
  if (any_asks) sort_questions();
  lua_State* L = scripts.impl_->host.lua();
  for (Seat& seat : seats) {
    if (!seat.asks) continue;
    seat.chain = Chain();
    seat.turn.reset();
    luaL_unref(L, LUA_REGISTRYINDEX, seat.thread);
    seat.thread = LUA_NOREF;
  }
  if (status == MatchStatus::whole) {
    lua_settop(thread_of(scripts.impl_->host, thread), 0);
    scripts.impl_->spare_threads.push_back(thread);
  } else {
    luaL_unref(L, LUA_REGISTRYINDEX, thread);
  }
  luaL_unref(L, LUA_REGISTRYINDEX, table);
  thread = table = LUA_NOREF;
}

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
      if (set.at(k) == belief.truth) belief.given = share.is_number() ? share.number() : 0;
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

const Draws& Match::Impl::own_draws() {
  if (!own) {
    own = std::make_unique<Draws>(
        fmt::format("{}|{}|{}|{}|{}", plan->seed, plan->condition->id, plan->lineup->id, plan->block, attempt));
  }
  return *own;
}

double Match::Impl::random(int seat, uint64_t round, uint64_t n) {
  if (seat > 0) {
    seats[static_cast<size_t>(seat) - 1].drew = true;
    return own_draws().unit(static_cast<uint64_t>(seat), round, n);
  }
  if (!nature) nature = std::make_unique<Draws>(fmt::format("{}|{}|nature", plan->seed, plan->block));
  return nature->unit(seat == 0 ? 0 : 1, round, n);
}

std::vector<Value> Match::Impl::mentions(const ActionSet& set, const std::string& text) const {
  return mentioned(set, labels, text);
}

std::vector<Question> Match::Impl::advance() {
  if (!started) start();
  std::vector<Question> out;
  out.swap(pending);
  return out;
}

Match::Match(Scripts& scripts, std::shared_ptr<const Plan> plan, int attempt)
    : impl_(std::make_unique<Impl>(scripts, std::move(plan), attempt)) {}
Match::~Match() = default;
Match::Match(Match&&) noexcept = default;
void Match::follow(std::array<std::vector<int8_t>, 2> done) { impl_->followed = std::move(done); }
std::vector<Question> Match::advance() { return impl_->advance(); }
void Match::answer(const Place& place, const Reply& reply) { impl_->answer(place, reply); }
Request Match::request(const Place& place) const {
  return impl_->request_of(impl_->seats[static_cast<size_t>(place.seat) - 1], static_cast<size_t>(place.sample) - 1);
}
MatchStatus Match::status() const { return impl_->transcript.status; }
const Transcript& Match::transcript() const { return impl_->transcript; }
const Plan& Match::plan() const { return *impl_->plan; }
bool Match::drew(int seat) const { return impl_->seats[static_cast<size_t>(seat) - 1].drew; }
const std::set<std::string>& Match::data() const { return impl_->data; }

}  // namespace parley
