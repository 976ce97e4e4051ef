// The one Lua state: loading authors' files into a sandbox, and running what they declare within limits (DESIGN 3,
// LUAJIT.md). lua.h is included in engine/script/ only.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/value.h"

struct lua_State;

namespace parley {

struct Limits {
  size_t memory = size_t{1} << 30;  // of the whole state, bytes
  double seconds = 10;              // CPU time of one uninterrupted stretch of Lua
};

// Registry reference to something in the state.
using LuaRef = int;

// Wraps a binding so that a C++ exception becomes a Lua error at the author's line. Never catch (...) in a binding: it
// catches Lua's own errors (LUAJIT.md).
using Binding = int (*)(lua_State*);
int protect(lua_State* L, Binding binding);
template <Binding binding>
int guarded(lua_State* L) {
  return protect(L, binding);
}

// Belongs to the thread that made it. One of the process plays with LuaJIT's compiler, further ones without it.
class Host {
 public:
  explicit Host(Limits limits = {});
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  lua_State* lua() { return lua_; }

  // Runs the engine's own Lua (the prelude) outside the sandbox, with ffi and everything else, with the value on top of
  // the stack (popped) as its argument; leaves its results.
  void run_trusted(std::string_view name, std::string_view text, int results);

  // The frozen table that authors' environments read from. The prelude adds its words by add_word until freeze().
  // Pops a value from the stack and makes it the word `name` for authors.
  void add_word(const char* name);
  void freeze();

  // Compiles an author's file (text only, never bytecode) as chunk "@path". Error "path:line: ..." where it does not
  // compile. The same reference serves any number of instances.
  LuaRef compile(const std::string& path, std::string_view text);

  // Pushes a new instance of a compiled file onto `L`: a function with locals of its own. The environment of all is one
  // that is empty over the frozen words and cannot be written, so that no value survives an instance. Instances share their
  // bytecode, so that compiled traces serve them all.
  void push_instance(lua_State* L, LuaRef chunk);

  // Calls the function below its `arguments` on the stack within the limits; leaves `results`. A Lua error, an exception
  // of a binding, a stretch that is too long or too much memory: Error with file and line; the stack as before the call
  // less function and arguments.
  void call(lua_State* L, int arguments, int results);

  // Starts or goes on with a coroutine. True: it yielded, what it yielded lies on its stack. False: it returned, its
  // results lie there. Error as call(); the coroutine is dead then. Coroutines are made by lua_newthread and kept by
  // reference; a finished one can be started again with another function.
  bool resume(lua_State* co, int arguments);
  lua_State* thread(LuaRef ref) const;

  // What is wrong with what a coroutine asked for when it yielded: with the author's file and line in front.
  Error blamed(lua_State* co, const Error& error) const;

  size_t memory_used() const;
  const Limits& limits() const;

 private:
  friend int protect(lua_State* L, Binding binding);
  struct Impl;
  std::unique_ptr<Impl> impl_;
  lua_State* lua_ = nullptr;
};

// Between Lua and Value. A table with items 1..n is a list, one with names a record, an empty one a list. Error: both at
// once ("a table with items and names"), holes, functions, tables within themselves, more than 100 levels. A frozen table,
// which is empty and reads from another (__index, __newindex), gives what the other holds.
void push(lua_State* L, const Value& value);
Value to_value(lua_State* L, int index);

}  // namespace parley
