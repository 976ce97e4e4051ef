#include "script/host.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "embedded/sandbox_lua.h"
#include "lua.hpp"
#include "script/blocks.h"
#include "script/patterns.h"
#include "script/power.h"
#include "script/tail_calls.h"
#include "script/watchdog.h"

namespace parley {

struct Host::Impl {
  Limits limits;
  Blocks blocks;
  size_t used = 0;
  bool exhausted = false;  // an allocation was refused, or the hook found the memory full
  int depth = 0;           // calls and resumptions within each other
  bool frozen = false;
  std::string place;      // where the hook last found an author's code ("path:line: "), and in which stretch: where
  uint64_t place_in = 0;  // allocation fails, or after the prelude's own pcall, the line is not known
  LuaRef words = LUA_NOREF, environment = LUA_NOREF, keep = LUA_NOREF, handler = LUA_NOREF;
  std::map<std::string, std::string>
      files;                   // authors' files, by their name in Lua's messages (long paths are cut there)
  std::set<std::string> ours;  // the engine's own chunks
  std::optional<Watchdog> watchdog;

  size_t most() const { return limits.memory + limits.memory / 4; }  // where allocation fails

  static Impl& of(lua_State* L) {
    void* impl = nullptr;
    lua_getallocf(L, &impl);
    return *static_cast<Impl*>(impl);
  }

  static void* allocate(void* self, void* block, size_t before, size_t after);
  static void on_hook(lua_State* L, lua_Debug* where);
  static int on_error(lua_State* L);

  // "path:line: " of the author's code that runs now, or else where this stretch was seen last.
  std::string placed(lua_State* L);
  std::string too_much_memory() const {
    return fmt::format("the script uses more than {} MB (--lua-memory)", limits.memory >> 20);
  }
  std::string too_long() const {
    return fmt::format("stopped after {:g} s of CPU time without coming back: an endless loop? (--lua-seconds)",
                       limits.seconds);
  }

  bool names_a_file(std::string& message) const;
  std::string blame(lua_State* L, int level, std::string message) const;
  std::string message_of(lua_State* L, int index) const;
  std::string out_of_memory(const std::string& file) const;
  void make_room(lua_State* L);
  void load(lua_State* L, const std::string& path, std::string_view text);

  // Within the limits from construction to destruction.
  struct Stretch {
    explicit Stretch(Impl& impl) : impl_(impl) {
      if (impl_.depth++ == 0) impl_.watchdog->enter();
    }
    ~Stretch() {
      if (--impl_.depth == 0) impl_.watchdog->leave();
    }
    Stretch(const Stretch&) = delete;
    Stretch& operator=(const Stretch&) = delete;
    Impl& impl_;
  };
};

namespace {

constexpr std::string_view kKeep = "__keep";  // tail_calls.h

int panic(lua_State* L) {
  const char* message = lua_tostring(L, -1);
  std::fprintf(stderr, "parley: Lua failed outside of a call: %s\n", message ? message : "?");
  std::abort();
}

// did_you_mean(word, table): among the table's names.
int nearest(lua_State* L) {
  std::vector<std::string> known;
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_pushnil(L);
  while (lua_next(L, 2) != 0) {
    lua_pop(L, 1);
    if (lua_type(L, -1) == LUA_TSTRING) known.emplace_back(lua_tostring(L, -1));
  }
  std::sort(known.begin(), known.end());
  std::string hint = did_you_mean(luaL_checkstring(L, 1), known);
  lua_pushlstring(L, hint.data(), hint.size());
  return 1;
}

// In place of Lua's own `next` and `pairs`, as functions in C are called and never compiled. LuaJIT's compiled next() crashes now and
// then, by how its registers fall: lj_asm.c's ra_destpair (2.1, 2022-03-20) exchanges the pointer that it gets by 32 bits of 64.
int next_entry(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 2);
  if (lua_next(L, 1) != 0) return 2;
  lua_pushnil(L);
  return 1;
}
int entries(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  lua_pushnil(L);
  return 3;
}

// Where an author's code stands in the frames from `level`: "path:line: ", or "".
std::string author_line(lua_State* L, int level, const std::map<std::string, std::string>& files) {
  lua_Debug frame;
  for (; lua_getstack(L, level, &frame) != 0; ++level) {
    lua_getinfo(L, "Sl", &frame);
    if (frame.source[0] != '@') continue;
    auto file = files.find(frame.short_src);
    const std::string& path = file == files.end() ? frame.source + 1 : file->second;
    return frame.currentline > 0 ? fmt::format("{}:{}: ", path, frame.currentline) : path + ": ";
  }
  return "";
}

// The length of "name:12: " at the head of a message, or 0.
size_t head_size(std::string_view message, std::string_view name) {
  if (message.substr(0, name.size()) != name || message.size() <= name.size() || message[name.size()] != ':') return 0;
  size_t i = name.size() + 1;
  while (i < message.size() && message[i] >= '0' && message[i] <= '9') ++i;
  return i > name.size() + 1 && message.substr(i, 2) == ": " ? i + 2 : 0;
}

}  // namespace

// What grows beyond the limit stops at the next instruction, with its line; far beyond, allocation fails. The engine's own
// work between stretches is never refused memory: it could not do without.
void* Host::Impl::allocate(void* self, void* block, size_t before, size_t after) {
  Impl& impl = *static_cast<Impl*>(self);
  if (after == 0) {
    impl.used -= before;
    if (block) impl.blocks.change(block, before, 0);
    return nullptr;
  }
  const size_t used = impl.used - before + after;
  if (used > impl.limits.memory && after > before && impl.depth > 0) {
    if (used > impl.most()) {
      impl.exhausted = true;
      return nullptr;
    }
    if (!impl.watchdog->tripped()) impl.watchdog->trip();
  } else if (after > before + impl.limits.memory / 32 && impl.depth > 0 && !impl.watchdog->tripped()) {
    impl.watchdog->trip();
  }
  void* memory = impl.blocks.change(block, before, after);
  if (memory) impl.used = used;
  return memory;
}

void Host::Impl::on_hook(lua_State* L, lua_Debug*) {
  Impl& impl = of(L);
  const bool late = impl.watchdog->late();
  if (!late && !impl.exhausted) {
    if (impl.used > impl.limits.memory) lua_gc(L, LUA_GCCOLLECT, 0);
    if (impl.used <= impl.limits.memory) {
      impl.placed(L);
      impl.watchdog->release();
      return;
    }
    impl.exhausted = true;
  }
  {
    std::string message = impl.placed(L) + (late ? impl.too_long() : impl.too_much_memory());
    lua_pushlstring(L, message.data(), message.size());
  }
  lua_error(L);
}

std::string Host::Impl::placed(lua_State* L) {
  std::string line = author_line(L, 0, files);
  const uint64_t stretch = watchdog->stretch();
  if (!line.empty()) {
    place = line;
    place_in = stretch;
  }
  return place_in == stretch ? place : line;
}

bool Host::Impl::names_a_file(std::string& message) const {
  for (const auto& [name, path] : files) {
    if (head_size(message, name) == 0) continue;
    message = path + message.substr(name.size());
    return true;
  }
  return false;
}

// The message with the author's file and line in front, from the frames from `level` where it names none.
std::string Host::Impl::blame(lua_State* L, int level, std::string message) const {
  if (names_a_file(message)) return message;
  for (const std::string& name : ours) {
    if (size_t head = head_size(message, name)) {
      return author_line(L, level, files) + message.substr(head);
    }
  }
  return author_line(L, level, files) + message;
}

std::string Host::Impl::message_of(lua_State* L, int index) const {
  if (lua_isstring(L, index)) {
    size_t size = 0;
    const char* text = lua_tolstring(L, index, &size);
    return std::string(text, size);
  }
  return fmt::format("an error is to be a text, not {}", luaL_typename(L, index));
}

// The message where allocation failed; `file` where the line is not known.
std::string Host::Impl::out_of_memory(const std::string& file) const {
  return (place_in == watchdog->stretch() ? place : file) + too_much_memory();
}

// After an error: what a script left is given back, so that others play on.
void Host::Impl::make_room(lua_State* L) {
  if (std::exchange(exhausted, false)) lua_gc(L, LUA_GCCOLLECT, 0);
}

// Pushes the compiled text.
void Host::Impl::load(lua_State* L, const std::string& path, std::string_view text) {
  const std::string chunk = "@" + path;
  luaL_loadbufferx(L, "", 0, chunk.c_str(), "t");
  lua_Debug info;
  lua_getinfo(L, ">S", &info);
  files[info.short_src] = path;
  if (luaL_loadbufferx(L, text.data(), text.size(), chunk.c_str(), "t") == 0) return;
  std::string message = message_of(L, -1);
  lua_pop(L, 1);
  throw Error(names_a_file(message) ? message : path + ": " + message);
}

int Host::Impl::on_error(lua_State* L) {
  const Impl& impl = of(L);
  std::string message = impl.blame(L, 1, impl.message_of(L, 1));
  lua_pushlstring(L, message.data(), message.size());
  return 1;
}

Host::Host(Limits limits) : impl_(std::make_unique<Impl>()) {
  impl_->limits = limits;
  lua_ = lua_newstate(&Impl::allocate, impl_.get());
  if (!lua_) throw Error("no memory for Lua");
  lua_atpanic(lua_, panic);
  luaL_openlibs(lua_);
  lua_pushcfunction(lua_, next_entry);
  lua_pushvalue(lua_, -1);
  lua_setglobal(lua_, "next");
  lua_pushcclosure(lua_, entries, 1);
  lua_setglobal(lua_, "pairs");
  if (!squares_agree()) throw std::logic_error("the C library's pow is in use: see power.h");
  impl_->watchdog.emplace(lua_, limits.seconds, &Impl::on_hook);
  lua_pushcfunction(lua_, &Impl::on_error);
  impl_->handler = luaL_ref(lua_, LUA_REGISTRYINDEX);

  lua_newtable(lua_);
  lua_pushcfunction(lua_, nearest);
  lua_setfield(lua_, -2, "did_you_mean");
  add_pattern_functions(lua_, *impl_->watchdog);
  run_trusted("sandbox", embedded::sandbox_lua, 3);
  impl_->keep = luaL_ref(lua_, LUA_REGISTRYINDEX);
  impl_->environment = luaL_ref(lua_, LUA_REGISTRYINDEX);
  impl_->words = luaL_ref(lua_, LUA_REGISTRYINDEX);
}

Host::~Host() {
  impl_->watchdog.reset();
  lua_close(lua_);
}

size_t Host::memory_used() const { return impl_->used; }
const Limits& Host::limits() const { return impl_->limits; }

void Host::run_trusted(std::string_view name, std::string_view text, int results) {
  impl_->ours.emplace(name);
  if (luaL_loadbufferx(lua_, text.data(), text.size(), fmt::format("={}", name).c_str(), "t") != 0) {
    Error error(impl_->message_of(lua_, -1));
    lua_pop(lua_, 2);
    throw error;
  }
  lua_insert(lua_, -2);
  call(lua_, 1, results);
}

void Host::add_word(const char* name) {
  if (impl_->frozen) throw std::logic_error("add_word after freeze");
  lua_rawgeti(lua_, LUA_REGISTRYINDEX, impl_->words);
  lua_pushstring(lua_, name);
  lua_pushvalue(lua_, -3);
  lua_rawset(lua_, -3);
  lua_pop(lua_, 2);
}

void Host::freeze() { impl_->frozen = true; }

LuaRef Host::compile(const std::string& path, std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  if (text.substr(0, 1) == "#") text.remove_prefix(std::min(text.find('\n'), text.size()));  // "#!/usr/bin/..."
  if (text.substr(0, 1) == "\x1b") throw Error(path + ": this is LuaJIT's bytecode, not text");
  // Alone first, so that no text can end the function that it is wrapped in.
  impl_->load(lua_, path, text);
  lua_pop(lua_, 1);
  impl_->load(lua_, path,
              fmt::format("local {0} = ... return function(...) {1}\nend", kKeep, without_tail_calls(text, kKeep)));
  lua_rawgeti(lua_, LUA_REGISTRYINDEX, impl_->environment);
  lua_setfenv(lua_, -2);
  return luaL_ref(lua_, LUA_REGISTRYINDEX);
}

void Host::push_instance(lua_State* L, LuaRef chunk) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, chunk);
  lua_rawgeti(L, LUA_REGISTRYINDEX, impl_->keep);
  lua_call(L, 1, 1);
}

void Host::call(lua_State* L, int arguments, int results) {
  const int at = lua_gettop(L) - arguments;
  if (!lua_checkstack(L, 2) || !impl_->watchdog->has_room()) {
    lua_settop(L, at - 1);
    throw Error("stack overflow");
  }
  lua_rawgeti(L, LUA_REGISTRYINDEX, impl_->handler);
  lua_insert(L, at);
  lua_pushvalue(L, at + 1);  // to know the file where memory ends, which leaves no stack
  lua_insert(L, at);
  Impl::Stretch stretch(*impl_);
  const int status = lua_pcall(L, arguments, results, at + 1);
  if (status == 0) {
    lua_remove(L, at);
    lua_remove(L, at);
    return;
  }
  std::string message;
  if (status != LUA_ERRMEM) message = impl_->message_of(L, -1);
  if (status == LUA_ERRMEM || (status == LUA_ERRERR && !impl_->names_a_file(message))) {
    lua_Debug function;
    lua_pushvalue(L, at);
    lua_getinfo(L, ">S", &function);
    const std::string file = function.source[0] == '@' ? std::string(function.source + 1) + ": " : "";
    message = status == LUA_ERRMEM ? impl_->out_of_memory(file) : file + message;  // the error's handler had no room
  }
  lua_settop(L, at - 1);
  impl_->make_room(L);
  throw Error(message);
}

lua_State* Host::thread(LuaRef ref) const {
  lua_rawgeti(lua_, LUA_REGISTRYINDEX, ref);
  lua_State* co = lua_tothread(lua_, -1);
  lua_pop(lua_, 1);
  return co;
}

bool Host::resume(lua_State* co, int arguments) {
  if (!impl_->watchdog->has_room()) throw Error("stack overflow");
  Impl::Stretch stretch(*impl_);
  const int status = lua_resume(co, arguments);
  if (status == LUA_YIELD) return true;
  if (status == 0) return false;
  std::string message = status == LUA_ERRMEM ? impl_->out_of_memory(author_line(co, 0, impl_->files))
                                             : impl_->blame(co, 0, impl_->message_of(co, -1));
  lua_settop(co, 0);
  impl_->make_room(co);
  throw Error(message);
}

Error Host::blamed(lua_State* co, const Error& error) const { return Error(impl_->blame(co, 0, error.what())); }

int protect(lua_State* L, Binding binding) {
  bool placed = false;
  try {
    return binding(L);
  } catch (const std::exception& e) {
    std::string message = e.what();
    placed = Host::Impl::of(L).names_a_file(message);
    lua_pushlstring(L, message.data(), message.size());
  }
  if (!placed) {
    luaL_where(L, 1);
    lua_insert(L, -2);
    lua_concat(L, 2);
  }
  return lua_error(L);
}

}  // namespace parley
