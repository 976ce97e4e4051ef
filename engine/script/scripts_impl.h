// What the files of this folder share and nobody else sees.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "game/plan.h"
#include "lua.hpp"
#include "prompt/text_pool.h"
#include "script/scripts.h"

namespace parley {

inline constexpr int kLogCapacity = 4096;

// Laid out as the prelude's ffi declares it (parley_log).
struct Log {
  int32_t count = 0, capacity = kLogCapacity, values = 0;
  int32_t seat = 0;   // the prelude's own
  int32_t cells = 0;  // how many of the next (Transcript::cells)
  int32_t cell[kLogCapacity] = {};
  Event events[kLogCapacity];
};

// What a binding needs of the match that plays now.
class Playing {
 public:
  virtual ~Playing() = default;
  virtual void drain() = 0;          // takes the events out of the log
  virtual size_t bytes() const = 0;  // about what they take
  virtual void tell(const std::string& name, const std::vector<int>& to, int by, const Value& facts) = 0;
  virtual void has_read(const std::string& name) = 0;               // a data file, by its name in Sources
  virtual double random(int seat, uint64_t round, uint64_t n) = 0;  // seat 0: nature; -1: the end of the match
  virtual std::vector<Value> mentions(const ActionSet& set, const std::string& text) const = 0;
};

struct Scripts::Impl {
  explicit Impl(Limits limits) : host(limits), words(std::make_shared<Words>()), log(std::make_unique<Log>()) {}

  Host host;
  std::shared_ptr<Words> words;
  std::map<std::string, int32_t, std::less<>> name_ids;
  std::map<std::string, int32_t> set_ids;  // by JSON
  std::unique_ptr<Log> log;
  LuaRef log_values = LUA_NOREF;
  Playing* playing = nullptr;           // the match that Lua plays now; nullptr between matches
  std::set<std::string> read_in_setup;  // data files, since the last game, strategy or study was begun
  bool measuring = false;               // a study's measure is being computed
  std::vector<LuaRef> spare_threads;    // coroutines of games that came to their end
  TextPool heads;                       // of the seats' texts: few, and the same in many matches
  std::vector<Event> spare_events;      // empty; memory of a match that ended, for the next

  // The prelude's functions.
  LuaRef setup_game = LUA_NOREF, known = LUA_NOREF, warned = LUA_NOREF, setup_strategy = LUA_NOREF,
         declared = LUA_NOREF, study_call = LUA_NOREF, measure_call = LUA_NOREF, new_match = LUA_NOREF,
         play = LUA_NOREF, begin_turn = LUA_NOREF, end_turn = LUA_NOREF, asked = LUA_NOREF;

  struct Chunk {
    LuaRef ref;
    const SourceFile* file;
  };
  std::map<std::string, Chunk> chunks;                       // by path
  std::map<std::string, std::unique_ptr<GameSetup>> setups;  // by name, settings and seats
  struct LastSetup {
    std::string name;
    Value settings;
    int seats = 0;
    const GameSetup* setup = nullptr;
  } last_setup;
  std::map<std::string, std::unique_ptr<Strategy>> strategies;
  std::map<std::shared_ptr<const Lineup>, LuaRef> entries;  // the prelude's form of line-ups that played lately

  std::map<const PromptFile*, std::set<std::string, std::less<>>> holes;  // first parts of all holes of a file

  int32_t name_id(std::string_view name);
};

// A player's settings: the strategy's, but for those that its line-up sets.
Value settings_of(const Strategy& strategy, const Player& player);

// For the span of a call into Lua: bindings serve this match.
struct Now {
  Now(Scripts::Impl& impl, Playing* playing) : impl_(impl), before_(impl.playing) { impl.playing = playing; }
  ~Now() { impl_.playing = before_; }
  Now(const Now&) = delete;
  Now& operator=(const Now&) = delete;
  Scripts::Impl& impl_;
  Playing* before_;
};

// The Scripts::Impl that a binding serves (an upvalue).
Scripts::Impl& impl_of(lua_State* L);

// Binds into the table on top of the stack what the prelude calls of the engine, but for `read` (reading.h).
void bind_engine(lua_State* L, Scripts::Impl& impl);

}  // namespace parley
