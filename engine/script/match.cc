// The life of a match: the game's coroutine, the turns of those who are asked, its end.
#include "script/match.h"

#include <fmt/format.h>

#include <utility>

#include "base/error.h"
#include "script/match_impl.h"

namespace parley {
namespace {

// The strategy whose moves came about elsewhere.
constexpr std::string_view kRecorded = "recorded";

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
    push(L, settings_of(*seats[i].strategy, lineup->players[i]));
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
  transcript.plan = plan;
  transcript.seats = setup->seats_of(seated, rules.strangers());
  if (rules.strangers()) {
    for (size_t i = 0; i < seated; ++i) transcript.roles.push_back(setup->seats[setup->role_of(i, seated, true)]);
  }
  transcript.payoffs_seen = setup->by_payoffs;
  transcript.events.swap(scripts.impl_->spare_events);
  seats.resize(players.size());
  for (size_t i = 0; i < players.size(); ++i) {
    Seat& seat = seats[i];
    seat.watches = players[i].watches;
    seat.name = seat.watches > 0 ? "observer" : setup->seats[setup->role_of(i, seated, rules.strangers())];
    seat.strategy = &scripts.load_strategy(players[i].strategy);
    if (seat.strategy->info.name == kRecorded) transcript.chance = true;
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
  lua_State* co = impl.host.thread(thread);
  lua_rawgeti(co, LUA_REGISTRYINDEX, impl.play);
  lua_rawgeti(co, LUA_REGISTRYINDEX, table);
  run_game(1);
}

// Goes on with the game's coroutine, whose arguments lie on its stack, until it has questions or ends.
void Match::Impl::run_game(int arguments) {
  Scripts::Impl& impl = *scripts.impl_;
  lua_State* co = impl.host.thread(thread);
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
  lua_xmove(L, impl.host.thread(seat.thread), 2);
  resume_turn(seat, 1);
}

void Match::Impl::resume_turn(Seat& seat, int arguments) {
  Scripts::Impl& impl = *scripts.impl_;
  lua_State* co = impl.host.thread(seat.thread);
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
    Value memory = to_value(L, -1);
    if (memory.is_nil() && !seat.memory.is_nil()) memory = Value::List{};  // it forgot what it had kept
    if (memory != seat.memory) {
      transcript.memories.push_back(
          {seat_number(seat), round(), seat.turn->decision, memory, transcript.events.size()});
      seat.memory = std::move(memory);
    }
    lua_pop(L, 1);
    seat.chain.end_turn();
    seat.turn->over = true;
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
  lua_State* co = scripts.impl_->host.thread(thread);
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
    lua_settop(scripts.impl_->host.thread(thread), 0);
    scripts.impl_->spare_threads.push_back(thread);
  } else {
    luaL_unref(L, LUA_REGISTRYINDEX, thread);
  }
  luaL_unref(L, LUA_REGISTRYINDEX, table);
  thread = table = LUA_NOREF;
}

const Draws& Match::Impl::own_draws() {
  if (!own) {
    own = std::make_unique<Draws>(
        fmt::format("{}|{}|{}|{}|{}", plan->seed, plan->condition->id, plan->lineup->id, plan->block, attempt));
  }
  return *own;
}

double Match::Impl::random(int seat, uint64_t round, uint64_t n) {
  transcript.chance = true;
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
