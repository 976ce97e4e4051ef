#include "script/host.h"

#include <doctest/doctest.h>
#include <time.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/error.h"
#include "lua.hpp"
#include "script/tail_calls.h"

using namespace parley;

namespace {

std::string text_at(lua_State* L, int index) {
  const char* text = lua_tostring(L, index);
  return text ? text : "(no text)";
}

// Runs an instance of a file with this text; its result stays on the stack.
void run(Host& host, const std::string& text, const std::string& path = "games/x.lua") {
  host.push_instance(host.lua(), host.compile(path, text));
  host.call(host.lua(), 0, 1);
}

template <class F>
std::string error_of(F f) {
  try {
    f();
  } catch (const Error& e) {
    return e.what();
  }
  return "(no error)";
}

std::string error_in(Host& host, const std::string& text, const std::string& path = "games/x.lua") {
  return error_of([&] { run(host, text, path); });
}

Value value_of(Host& host, const std::string& expression) {
  run(host, "return " + expression);
  Value value = to_value(host.lua(), -1);
  lua_pop(host.lua(), 1);
  return value;
}

double cpu_seconds() {
  timespec t = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

int fail(lua_State*) { throw std::runtime_error("no such prompt"); }
int fail_with_place(lua_State*) { throw Error("games/x.lua:7: from within"); }
int give_up(lua_State* L) { return lua_yield(L, lua_gettop(L)); }

Host* nested_host = nullptr;
int call_nested(lua_State* L) {  // calls its argument
  lua_settop(L, 1);
  nested_host->call(L, 0, 1);
  return 1;
}

void add_word(Host& host, const char* name, lua_CFunction function) {
  lua_pushcfunction(host.lua(), function);
  host.add_word(name);
}

}  // namespace

TEST_CASE("host: a file runs, once for each instance") {
  Host host;
  host.freeze();
  lua_State* L = host.lua();
  LuaRef chunk = host.compile("games/x.lua", "local n = 0\nreturn function() n = n + 1 return n end");
  host.push_instance(L, chunk);
  host.call(L, 0, 1);
  host.push_instance(L, chunk);
  host.call(L, 0, 1);
  for (int expected = 1; expected <= 3; ++expected) {
    lua_pushvalue(L, 1);
    host.call(L, 0, 1);
    CHECK(lua_tointeger(L, -1) == expected);
    lua_pop(L, 1);
  }
  lua_pushvalue(L, 2);
  host.call(L, 0, 1);
  CHECK(lua_tointeger(L, -1) == 1);
  CHECK(lua_gettop(L) == 3);
}

TEST_CASE("host: what is compiled") {
  Host host;
  host.freeze();
  CHECK(error_in(host, "") == "(no error)");
  CHECK(error_in(host, "-- only a comment") == "(no error)");
  CHECK(error_in(host, "\xEF\xBB\xBF#!/usr/bin/env parley\nerror('here')") == "games/x.lua:2: here");
  CHECK(error_in(host, "#") == "(no error)");
  CHECK(error_in(host, "local a = = 1") == "games/x.lua:1: unexpected symbol near '='");
  CHECK(error_in(host, "\n\nfor") == "games/x.lua:3: '<name>' expected near '<eof>'");
  CHECK(error_in(host, "--[[ open") == "games/x.lua:1: unfinished long comment near '<eof>'");
  // Only in the function around it would this be right.
  CHECK(error_in(host, "end local function f()") == "games/x.lua:1: '<eof>' expected near 'end'");
  CHECK(error_in(host, "\x1bLJ\x02") == "games/x.lua: this is LuaJIT's bytecode, not text");
  CHECK(error_in(host, "\xEF\xBB\xBF\x1bLJ\x02") == "games/x.lua: this is LuaJIT's bytecode, not text");
  const std::string deep = "/a/long/way/" + std::string(100, 'y') + "/games/poker.lua";
  CHECK(error_in(host, "\n\nfor", deep) == deep + ":3: '<name>' expected near '<eof>'");
  CHECK(error_in(host, "\nerror('here')", deep) == deep + ":2: here");
  CHECK(error_in(host, "\nassert(false, 'here')", deep) == deep + ":2: here");
}

TEST_CASE("host: errors name the author's line") {
  Host host;
  add_word(host, "fail", guarded<fail>);
  add_word(host, "fail_with_place", guarded<fail_with_place>);
  lua_pushnil(host.lua());
  host.run_trusted("prelude",
                   "return function(f) return (f()) end, function() error('deep in the engine') end,\n"
                   "function() error('said to the author', 2) end, function() local x = nil + 1 end",
                   4);
  for (const char* name : {"arithmetic", "blame", "inner", "run"}) host.add_word(name);
  host.freeze();
  CHECK(error_in(host, "\nerror('a')") == "games/x.lua:2: a");
  CHECK(error_in(host, "\nerror('a', 0)") == "games/x.lua:2: a");
  CHECK(error_in(host, "\nerror({})") == "games/x.lua:2: an error is to be a text, not table");
  CHECK(error_in(host, "\nerror()") == "games/x.lua:2: an error is to be a text, not nil");
  CHECK(error_in(host, "\nerror(5)") == "games/x.lua:2: 5");
  CHECK(error_in(host, "\nassert(false)") == "games/x.lua:2: assertion failed!");
  CHECK(error_in(host, "\nassert(nil, 'no cards')") == "games/x.lua:2: no cards");
  CHECK(error_in(host, "\nlocal x = nil + 1") == "games/x.lua:2: attempt to perform arithmetic on a nil value");
  CHECK(error_in(host, "\nfail()") == "games/x.lua:2: no such prompt");
  CHECK(error_in(host, "\nfail_with_place()") == "games/x.lua:7: from within");
  CHECK(error_in(host, "\nrun(fail)") == "games/x.lua:2: no such prompt");
  CHECK(error_in(host, "\ninner()") == "games/x.lua:2: deep in the engine");
  CHECK(error_in(host, "\nblame()") == "games/x.lua:2: said to the author");
  CHECK(error_in(host, "\narithmetic()") == "games/x.lua:2: attempt to perform arithmetic on a nil value");
  CHECK(error_in(host, "run(function()\n\nfail() end)") == "games/x.lua:3: no such prompt");
  CHECK(error_in(host, "\n('x'):rep({})") == "games/x.lua:2: bad argument #1 to 'rep' (number expected, got table)");

  lua_State* co = lua_newthread(host.lua());
  for (const char* text : {"\nerror('a', 0)", "\nfail()", "\ninner()", "\nassert(false)", "\nerror({})"}) {
    std::string in_call = error_in(host, text);
    CHECK(error_of([&] {
            co = lua_newthread(host.lua());
            host.push_instance(co, host.compile("games/x.lua", text));
            host.resume(co, 0);
          }) == in_call);
  }
}

TEST_CASE("host: a call that is returned keeps its line") {
  const std::pair<const char*, const char*> texts[] = {
      {"return f(x)", "return K( f(x))"},
      {"return f{1}", "return K( f{1})"},
      {"return f 'x' -- f(x)", "return K( f 'x') -- f(x)"},
      {"return a.b:c(1, 2);", "return K( a.b:c(1, 2));"},
      {"return\n  f\n  (x)\n", "return K(\n  f\n  (x))\n"},
      {"return f(function() return g(x) end)", "return K( f(function() return K( g(x)) end))"},
      {"if a then return f(x) elseif b then return g(x) else return h(x) end",
       "if a then return K( f(x)) elseif b then return K( g(x)) else return K( h(x)) end"},
      {"repeat return f(x) until true", "repeat return K( f(x)) until true"},
      {"while true do return f[[x]] end", "while true do return K( f[[x]]) end"},
      {"return function() return f(x) end", "return function() return K( f(x)) end"},
      {"return { f(x), function() return g(x) end }", "return { f(x), function() return K( g(x)) end }"},
      {"return f(x), 1", "return f(x), 1"},
      {"return x", "return x"},
      {"return", "return"},
      {"return 'return f(x)'", "return 'return f(x)'"},
      {"return ...", "return ..."},
      {"-- return f(x)\nreturn x", "-- return f(x)\nreturn x"},
      {"--[==[ return f(x) ]] ]==] return f(x)", "--[==[ return f(x) ]] ]==] return K( f(x))"},
      {"local s = 'a\\' return f(x) '", "local s = 'a\\' return f(x) '"},
      {"local s = [[ end ]] return f(x)", "local s = [[ end ]] return K( f(x))"},
      {"local returned, t = 1, { [1] = 2 } return t[g(1)](x)",
       "local returned, t = 1, { [1] = 2 } return K( t[g(1)](x))"},
  };
  for (const auto& [text, expected] : texts) CHECK(without_tail_calls(text, "K") == expected);

  Host host;
  add_word(host, "fail", guarded<fail>);
  host.freeze();
  CHECK(error_in(host, "\nreturn fail()") == "games/x.lua:2: no such prompt");
  CHECK(error_in(host, "local f = function()\n return fail() end\nreturn f()") == "games/x.lua:2: no such prompt");
  CHECK(value_of(host, "select('#', (function() return unpack({ 1, nil, 3 }, 1, 3) end)())") == Value(3));
}

TEST_CASE("host: coroutines") {
  Host host;
  add_word(host, "wait", give_up);
  host.freeze();
  lua_State* L = host.lua();
  lua_State* co = lua_newthread(L);
  host.push_instance(co, host.compile("games/x.lua", "local a = wait('first')\nlocal b = wait(a, 2)\nreturn a .. b"));
  CHECK(host.resume(co, 0));
  CHECK(lua_gettop(co) == 1);
  CHECK(text_at(co, 1) == "first");
  lua_settop(co, 0);
  lua_pushstring(co, "x");
  CHECK(host.resume(co, 1));
  CHECK(lua_gettop(co) == 2);
  CHECK(text_at(co, 1) == "x");
  lua_settop(co, 0);
  lua_pushstring(co, "y");
  CHECK_FALSE(host.resume(co, 1));
  CHECK(lua_gettop(co) == 1);
  CHECK(text_at(co, 1) == "xy");
  lua_settop(co, 0);  // once more
  host.push_instance(co, host.compile("games/y.lua", "return 7"));
  CHECK_FALSE(host.resume(co, 0));
  CHECK(lua_tointeger(co, -1) == 7);
}

TEST_CASE("host: calls leave the stack as they should") {
  Host host;
  host.freeze();
  lua_State* L = host.lua();
  lua_pushstring(L, "below");
  run(host, "return function(a, b) if b then error('b') end return a, 'second' end");
  lua_pushvalue(L, 2);
  lua_pushinteger(L, 1);
  host.call(L, 1, LUA_MULTRET);
  CHECK(lua_gettop(L) == 4);
  CHECK(text_at(L, 4) == "second");
  lua_settop(L, 2);
  lua_pushvalue(L, 2);
  lua_pushinteger(L, 1);
  lua_pushinteger(L, 2);
  CHECK(error_of([&] { host.call(L, 2, 1); }) == "games/x.lua:1: b");
  CHECK(lua_gettop(L) == 2);
  CHECK(text_at(L, 1) == "below");
}

TEST_CASE("host: words") {
  Host host;
  lua_pushnil(host.lua());
  host.run_trusted("prelude", "local got = ... return { got = got, pairs = pairs, ffi = require 'ffi' ~= nil }", 1);
  lua_getfield(host.lua(), -1, "ffi");
  CHECK(lua_toboolean(host.lua(), -1));
  lua_pop(host.lua(), 2);
  CHECK(error_of([&] {
          lua_pushnil(host.lua());
          host.run_trusted("prelude", "\nlocal = 1", 0);
        }) == "prelude:2: '<name>' expected near '='");
  lua_pushinteger(host.lua(), 42);
  host.add_word("answer");
  host.freeze();
  CHECK(value_of(host, "answer") == Value(42));
  CHECK(error_in(host, "return anwser") == "games/x.lua:1: there is no global 'anwser' (did you mean 'answer'?)");
  lua_pushnil(host.lua());
  CHECK_THROWS_AS(host.add_word("late"), std::logic_error);
}

TEST_CASE("host: values cross both ways") {
  Host host;
  host.freeze();
  const Value value(Value::Record{{"list", Value::List{1, "two", false, Value::List{}, Value::Record{{"deep", 0.5}}}},
                                  {"number", -1e300},
                                  {"text", std::string("a\0b", 3)},
                                  {"true", true}});
  push(host.lua(), value);
  CHECK(to_value(host.lua(), -1) == value);
  push(host.lua(), Value());
  CHECK(to_value(host.lua(), -1).is_nil());
  CHECK(value_of(host, "{}") == Value(Value::List{}));
  CHECK(value_of(host, "{ 1, 2, 3 }") == Value(Value::List{1, 2, 3}));
  CHECK(value_of(host, "{ [2] = 2, [1] = 1 }") == Value(Value::List{1, 2}));
  CHECK(value_of(host, "setmetatable({ a = 1 }, { __index = { b = 2 } })") == Value(Value::Record{{"a", 1}}));
  CHECK(value_of(host, "setmetatable({}, { __index = { b = 2 }, __newindex = error })") ==
        Value(Value::Record{{"b", 2}}));
  CHECK(std::isinf(value_of(host, "1 / 0").number()));

  const std::pair<const char*, const char*> refused[] = {
      {"error", "a function is no plain value"},
      {"{ a = { b = { 1, error } } }", "a function is no plain value (in 'a.b.2')"},
      {"{ 1, a = 2 }", "a table with items and names"},
      {"{ x = { 1, a = 2 } }", "a table with items and names (in 'x')"},
      {"{ 1, nil, 3 }", "a list with holes"},
      {"{ [1000000] = 1 }", "a list with holes"},
      {"{ [0] = 1 }", "a table with a key that is no name and no place in a list"},
      {"{ [1.5] = 1 }", "a table with a key that is no name and no place in a list"},
      {"{ [true] = 1 }", "a table with a key that is no name and no place in a list"},
      {"{ [{}] = 1 }", "a table with a key that is no name and no place in a list"},
      {"(function() local t = {} t.t = { t } return t end)()", "a table within itself (in 't.1')"},
      {"(function() local t = {} for i = 1, 200 do t = { t } end return t end)()",
       "a table more than 100 levels deep, or within itself"},
  };
  lua_settop(host.lua(), 0);
  for (const auto& [expression, message] : refused) {
    CAPTURE(expression);
    run(host, std::string("return ") + expression);
    CHECK(error_of([&] { to_value(host.lua(), -1); }) == message);
    CHECK(lua_gettop(host.lua()) == 1);
    lua_pop(host.lua(), 1);
  }
  CHECK(value_of(host, "(function() local t = {} for i = 1, 99 do t = { t } end return t end)()").is_list());
  CHECK(value_of(host, "(function() local t = { 1 } return { t, t } end)()") ==
        Value(Value::List{Value::List{1}, Value::List{1}}));
}

TEST_CASE("host: a call within a binding is part of the same stretch") {
  Host host({size_t{64} << 20, .1});
  nested_host = &host;
  add_word(host, "nested", guarded<call_nested>);
  host.freeze();
  CHECK(value_of(host, "nested(function() return 5 end)") == Value(5));
  CHECK(error_in(host, "\nnested(function()\n error('in') end)") == "games/x.lua:3: in");
  CHECK(error_in(host, "local function f()\n nested(f) end f()") == "games/x.lua:2: stack overflow");
  const double began = cpu_seconds();
  CHECK(
      error_in(host, "while true do\n nested(function() for i = 1, 1e5 do end end)\nend").find("stopped after 0.1 s") !=
      std::string::npos);
  CHECK(cpu_seconds() - began < 1);
  CHECK(value_of(host, "nested(function() return 5 end)") == Value(5));
}

TEST_CASE("host: short stretches may go on for as long as they like") {
  Host host({size_t{64} << 20, .1});
  host.freeze();
  run(host, "return function() local n = 0 for i = 1, 1000 do n = n + i end return n end");
  const double began = cpu_seconds();
  while (cpu_seconds() - began < .4) {
    lua_pushvalue(host.lua(), 1);
    host.call(host.lua(), 0, 1);
    lua_pop(host.lua(), 1);
  }
  CHECK(lua_gettop(host.lua()) == 1);
}

TEST_CASE("host: a second one in the process plays without the JIT, and is stopped too") {
  Host first({size_t{64} << 20, .05});
  first.freeze();
  {
    Host second({size_t{64} << 20, .05});
    second.freeze();
    CHECK(error_in(second, "while true do end").find("stopped after 0.05 s") != std::string::npos);
    CHECK(error_in(first, "while true do end").find("stopped after 0.05 s") != std::string::npos);
    CHECK(value_of(second, "1 + 1") == Value(2));
  }
  CHECK(error_in(first, "while true do end").find("stopped after 0.05 s") != std::string::npos);
}

TEST_CASE("host: no next() that LuaJIT would compile") {  // its own is crossed by a fault, see host.cc
  Host host;
  host.run_trusted(
      "prelude",
      "assert(not tostring(next):find('builtin') and not tostring((pairs {})):find('builtin')) "
      "local n, last = 0 for k, v in pairs { 5, 6, x = 7 } do n = n + v last = k end "
      "assert(n == 18 and next({}) == nil and next({ 5 }, 1) == nil and not pcall(pairs) and not pcall(next))",
      0);
}

TEST_CASE("host: many times in one process") {
  for (int i = 0; i < 20; ++i) {
    Host host({size_t{64} << 20, .02});
    host.freeze();
    if (i % 5 == 0) CHECK(error_in(host, "while true do end").find("stopped after 0.02 s") != std::string::npos);
    CHECK(value_of(host, "2 ^ 10") == Value(1024));
  }
}

TEST_CASE("host: compiled code and the interpreter compute the same squares") {
  Host host;
  host.freeze();
  CHECK(
      value_of(host,
               "(function() local n = 0 for i = 1, 1e5 do local x = i * 1.000171 if x ^ 2 ~= x * x then n = n + 1 end "
               "end return n end)()") == Value(0));
}
