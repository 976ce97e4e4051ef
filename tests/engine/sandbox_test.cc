// What authors' files can and cannot do: a corpus of attempts, each with the whole message that it must end in.
#include <doctest/doctest.h>
#include <time.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "lua.hpp"
#include "script/host.h"

using namespace parley;

namespace {

struct Attempt {
  std::string text;
  std::string end;  // the message, less "games/x.lua:"; or "= " and the text of what is returned
};

double cpu_seconds() {
  timespec t = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

std::string run(Host& host, const std::string& text, bool as_coroutine = false) {
  lua_State* L = host.lua();
  lua_settop(L, 0);
  lua_State* on = as_coroutine ? lua_newthread(L) : L;
  std::string end;
  try {
    host.push_instance(on, host.compile("games/x.lua", text));
    if (as_coroutine) {
      host.resume(on, 0);
      if (lua_gettop(on) == 0) lua_pushnil(on);
    } else {
      host.call(on, 0, 1);
    }
    if (lua_isboolean(on, -1)) lua_pushstring(on, lua_toboolean(on, -1) ? "true" : "false");
    end = lua_isnil(on, -1) ? "= nil" : lua_isstring(on, -1) ? std::string("= ") + lua_tostring(on, -1) : "= ?";
  } catch (const Error& e) {
    end = e.what();
    const std::string head = "games/x.lua:";
    if (end.substr(0, head.size()) == head) end = end.substr(head.size());
  }
  lua_settop(L, 0);
  return end;
}

// Every attempt ends as it must, called and resumed, and leaves the state as it was for the next.
void try_all(Host& host, const std::vector<Attempt>& attempts) {
  const std::string well = "local s = 0 for i = 1, 1000 do s = s + math.floor(i / 2) end return ('n'):rep(3) .. s";
  for (bool as_coroutine : {false, true}) {
    for (const Attempt& attempt : attempts) {
      CAPTURE(attempt.text);
      CAPTURE(as_coroutine);
      CHECK(run(host, attempt.text, as_coroutine) == attempt.end);
      CHECK(run(host, well) == "= nnn250000");
    }
  }
}

#if defined(__SANITIZE_ADDRESS__)
constexpr double kSlower = 20;
#else
constexpr double kSlower = 1;
#endif

}  // namespace

TEST_CASE("sandbox: what there is") {
  Host host;
  host.freeze();
  try_all(host,
          {
              {"return tostring(1.5) .. tostring(nil) .. tostring(true) .. tonumber('0x10')", "= 1.5niltrue16"},
              {"return select('#', unpack({ 1, 2, 3 })) .. type(select)", "= 3function"},
              {"local t = {} for i, x in ipairs { 'a', 'b' } do t[#t + 1] = i .. x end return table.concat(t, ' ')",
               "= 1a 2b"},
              {"return setmetatable({}, { __index = { a = 5 } }).a", "= 5"},
              {"local t = setmetatable({}, { __tostring = function() return 'me' end }) return tostring(t)", "= me"},
              {"return ('%s|%5s|%d|%.2f|%q|%%'):format('a', {}, 3, .5, 'x')", "= a|table|3|0.50|\"x\"|%"},
              {"return ('%s %s %s'):format(nil, true, error)", "= nil true function"},
              {"return ('%s'):format(setmetatable({}, { __tostring = function() return 'me' end }))", "= me"},
              {"return math.max(1, 3) + math.pi - math.pi + bit.band(6, 3)", "= 5"},
              {"local t = { 3, 1, 2 } table.sort(t) return table.concat(t)", "= 123"},
              {"local t = { 3, 1, 2 } table.sort(t, function(a, b) return a > b end) return table.concat(t)", "= 321"},
              {"local t = { 'b1', 'a1', 'b2', 'a2' } table.sort(t, function(a, b) return a:byte() < b:byte() end) "
               "return table.concat(t, ' ')",
               "= a1 a2 b1 b2"},
              {"local t = {} for i = 1, 1000 do t[i] = i * 7919 % 1009 end table.sort(t) for i = 2, #t do assert(t[i - "
               "1] <= t[i]) "
               "end return #t",
               "= 1000"},
              {"local t = { 1, 2 } table.insert(t, 3) table.insert(t, 1, 0) table.insert(t, #t + 1, 4) return "
               "table.concat(t)",
               "= 01234"},
              {"local t = { 1, 2, 3 } return table.remove(t) .. table.remove(t, 1) .. #t .. tostring(table.remove({}))",
               "= 311nil"},
              {"return table.concat({ 1, 'a', 2.5 }, ', ') .. table.concat({}) .. table.concat({ 1, 2, 3 }, '', 2, 3)",
               "= 1, a, 2.523"},
              {"local a, b = pcall", "1: there is no 'pcall' here: an error is to be seen"},
          });
}

TEST_CASE("sandbox: patterns are Lua's") {
  Host host;
  host.freeze();
  // Against LuaJIT's own, outside the sandbox.
  lua_pushnil(host.lua());
  host.run_trusted("compare", R"lua(
    local own = sandbox.libraries.string
    local texts = { "", "a", "hello world", "key = value", "(a(b)c)d", "x=1, y=22", "\0a\0b", "THE (quick) fox", "  trim  ", "aaab",
      "2026-11-21", "[x]", "a.b", "%d", "caf\xc3\xa9", "a\nb", "]", "^a$", "-", ("ab"):rep(20) }
    local patterns = { "", "a", ".", ".*", ".-", "a*", "a+", "a-b", "a?b", "^a", "a$", "^$", "$", "^", "%a+", "%d+", "(%a+)",
      "(%w+)%s*=%s*(%w+)", "%b()", "()", "()a()", "(a)(b)?", "[abc]+", "[^abc]+", "[a-z]+", "[%a_]+", "[]]", "[^]]", "[a-]", "[%]]",
      "%f[%w]%w+", "%f[%z]", "(.)%1", "((a)(b))", "%.", "%%", "%s*$", "^%s*(.-)%s*$", "[%z]", "%z", "%S+", "%p", "%x+", "%u%l*",
      "a.-b", "(a*(.)%w(%s*))", "o()", "l+()", "^(%d+)-(%d+)-(%d+)$", "[^%s]", "%g+", "%c", ".$",
      "(", ")", "%", "[", "[a", "%1", "%b", "%bx", "%f", "(()", "[%", "[^", "(a", "%0", "[]" }
    local replacements = { "<%0>", "%1", "x", "", "%%", "%2", "%a", function(a) return a and #tostring(a) or nil end,
      function() return false end, { a = "A", hello = 1, ["("] = false }, function() return {} end }
    local function told(f, ...)
      local r = { pcall(f, ...) }
      for i = 1, table.maxn(r) do r[i] = tostring(r[i]) end
      if r[1] == "false" then r[2] = r[2]:gsub("^.-:%d+: ", ""):gsub("in function '.-'", "in function") end
      return table.concat(r, "|")
    end
    local function all(gmatch, text, pattern)
      local out = {}
      for a, b in gmatch(text, pattern) do
        out[#out + 1] = tostring(a) .. "," .. tostring(b)
        if #out > 100 then break end
      end
      return table.concat(out, ";")
    end
    local n = 0
    local function same(what, a, b)
      n = n + 1
      if a ~= b then error(what .. ": " .. a .. " is to be " .. b) end
    end
    for _, text in ipairs(texts) do
      for _, pattern in ipairs(patterns) do
        local what = ("%q %q"):format(text, pattern)
        for _, init in ipairs { 1, 2, -1, -3, 100, 0 } do
          same("find " .. what, told(own.find, text, pattern, init), told(string.find, text, pattern, init))
          same("match " .. what, told(own.match, text, pattern, init), told(string.match, text, pattern, init))
        end
        same("plain " .. what, told(own.find, text, pattern, 1, true), told(string.find, text, pattern, 1, true))
        same("gmatch " .. what, told(all, own.gmatch, text, pattern), told(all, string.gmatch, text, pattern))
        for i, by in ipairs(replacements) do
          same("gsub " .. what .. i, told(own.gsub, text, pattern, by), told(string.gsub, text, pattern, by))
          same("gsub 1 " .. what .. i, told(own.gsub, text, pattern, by, 1), told(string.gsub, text, pattern, by, 1))
        end
      end
    end
    for c = 0, 255 do
      for class in ("acdglpsuwxzACDGLPSUWXZ."):gmatch(".") do
        local pattern = class == "." and "." or "%" .. class
        same("class " .. c .. pattern, told(own.find, string.char(c), pattern), told(string.find, string.char(c), pattern))
      end
    end
    return n
  )lua",
                   1);
  CHECK(lua_tointeger(host.lua(), -1) > 30000);
}

TEST_CASE("sandbox: attempts to get out") {
  Host host;
  host.freeze();
  try_all(host,
          {
              {"return _G", "1: there is no '_G' here: files share nothing"},
              {"\nreturn getfenv(1)", "2: there is no 'getfenv' here: files share nothing"},
              {"setfenv(1, {})", "1: there is no 'setfenv' here: files share nothing"},
              {"load('return 1')", "1: there is no 'load' here: a file stands alone"},
              {"loadstring('return 1')", "1: there is no 'loadstring' here: a file stands alone"},
              {"dofile('/etc/passwd')", "1: there is no 'dofile' here: a file stands alone"},
              {"require 'io'", "1: there is no 'require' here: a file stands alone"},
              {"module 'x'", "1: there is no 'module' here: a file stands alone"},
              {"io.open('/etc/passwd')", "1: there is no 'io' here: use read(path)"},
              {"os.execute('id')", "1: there is no 'os' here: a match knows no clock and no system"},
              {"debug.getregistry()", "1: there is no 'debug' here: errors name their line"},
              {"coroutine.yield()", "1: there is no 'coroutine' here: the engine waits for you"},
              {"package.loaded.os.exit()", "1: there is no 'package' here: a file stands alone"},
              {"ffi.cdef ''", "1: there is no 'ffi' here: a file stands alone"},
              {"jit.off()", "1: there is no 'jit' here: it is on"},
              {"newproxy(true)", "1: there is no 'newproxy' here: use tables"},
              {"collectgarbage('count')", "1: there is no 'collectgarbage' here: memory takes care of itself"},
              {"rawset(string, 'x', 1)", "1: there is no 'rawset' here: use t[key] = value"},
              {"rawget(string, 'x')", "1: there is no 'rawget' here: use t[key]"},
              {"next({})", "1: there is no 'next' here: use pairs, or #"},
              {"print 'x'", "1: there is no 'print' here: use match:note to store a number or word, error to stop"},
              {"string.dump(function() end)", "1: there is no 'string.dump' here: functions stay functions"},
              {"return (''):dump()", "1: there is no 'string.dump' here: functions stay functions"},
              {"math.randomseed(1)", "1: there is no 'math.randomseed' here: the study's seed decides"},
              {"return sandbox", "1: there is no global 'sandbox'"},
              {"return tostring(getmetatable(''))", "= false"},
              {"getmetatable('').__index = nil", "1: attempt to index a boolean value"},
              {"return tostring(getmetatable(string)) .. tostring(getmetatable(math))", "= falsefalse"},
              {"setmetatable(string, {})", "1: cannot change a protected metatable"},
              {"setmetatable(math, nil)", "1: cannot change a protected metatable"},
              {"setmetatable('', {})", "1: bad argument #1 to 'setmetatable' (table expected, got string)"},
              {"string.rep = nil", "1: 'string' belongs to all files: 'rep' cannot be set"},
              {"string.trim = function() end", "1: 'string' belongs to all files: 'trim' cannot be set"},
              {"math.pi = 3", "1: 'math' belongs to all files: 'pi' cannot be set"},
              {"table.insert = 1", "1: 'table' belongs to all files: 'insert' cannot be set"},
              {"bit.band = 1", "1: 'bit' belongs to all files: 'band' cannot be set"},
              {"table.insert(math, 1)", "1: this table cannot be changed"},
              {"table.insert(string, 1, 'x')", "1: this table cannot be changed"},
              {"table.remove(math)", "1: this table cannot be changed"},
              {"table.sort(math)", "1: this table cannot be changed"},
              {"return #math + select('#', unpack(math)) .. table.concat(math)", "= 0"},
              {"local out = {} for name in pairs(table) do out[#out + 1] = name end return table.concat(out, ' ')",
               "= concat insert remove sort"},
              {"setmetatable({}, { __mode = 'k' })",
               "1: there are no weak tables here: what is in them would depend on the moment"},
              {"local mt = { __metatable = 'mine' } return getmetatable(setmetatable({}, mt))", "= mine"},
              {"local t = setmetatable({}, { __metatable = 1 }) setmetatable(t, nil)",
               "1: cannot change a protected metatable"},
              {"local x = { __gc = function() error('collected') end } for i = 1, 1e5 do setmetatable({}, x) end "
               "return 'kept'",
               "= kept"},
              {"string.format('%n', 1)", "1: invalid option '%n' to 'format'"},
              {"string.format('%99999d', 1)", "1: invalid option '%999' to 'format'"},
              {"return ('x'):uper()", "1: there is no 'string.uper' (did you mean 'upper'?)"},
          });
}

TEST_CASE("sandbox: globals") {
  Host host;
  lua_pushinteger(host.lua(), 1);
  host.add_word("game");
  host.freeze();
  try_all(host,
          {
              {"x = 1", "1: make 'x' local: scripts set no globals"},
              {"\nfunction helper() end", "2: make 'helper' local: scripts set no globals"},
              {"math = nil", "1: make 'math' local: scripts set no globals"},
              {"for i = 1, 2 do count = i end", "1: make 'count' local: scripts set no globals"},
              {"(function() local f = function()\n y = 1 end f() end)()", "2: make 'y' local: scripts set no globals"},
              {"gmae {}", "1: there is no global 'gmae' (did you mean 'game'?)"},
              {"return tostrin(1)", "1: there is no global 'tostrin' (did you mean 'tostring'?)"},
              {"return undefined_thing", "1: there is no global 'undefined_thing'"},
              {"if x == nil then end", "1: there is no global 'x'"},
              {"return math.flor(1)", "1: there is no 'math.flor' (did you mean 'floor'?)"},
              {"return math.pow(2, 3)", "1: there is no 'math.pow' here: use x ^ y"},
              {"return table.unpack {}", "1: there is no 'table.unpack' here: use unpack"},
              {"return table.getn {}", "1: there is no 'table.getn' here: use #"},
              {"return math[1]", "1: there is no 'math.1'"},
              {"return math[{}]", "1: there is no 'math.table'"},
              {"game = 2", "1: make 'game' local: scripts set no globals"},
              {"return game", "= 1"},
          });
}

TEST_CASE("sandbox: nothing survives an instance") {
  Host host;
  host.freeze();
  const LuaRef chunk = host.compile("games/x.lua", R"lua(
    local seen = {}
    local t = setmetatable({}, { __index = function(_, k) return k end })
    return function() seen[#seen + 1] = 1 return #seen end
  )lua");
  lua_State* L = host.lua();
  for (int i = 0; i < 3; ++i) {
    host.push_instance(L, chunk);
    host.call(L, 0, 1);
    host.call(L, 0, 1);
    CHECK(lua_tointeger(L, -1) == 1);
    lua_settop(L, 0);
  }
}

TEST_CASE("sandbox: pairs has one order, and nothing shows an address") {
  const char* text = R"lua(
    local out = {}
    local function see(x) out[#out + 1] = tostring(x) end
    local t = { "one", "two", [10] = 1, [0] = 2, [-3] = 3, [2.5] = 4, [true] = 5, [false] = 6, zeta = 7, alpha = 8, ["\255"] = 9, Z = 10 }
    for i = 1, 40 do t["name" .. i * 7919 % 101] = i end
    for k, v in pairs(t) do see(k) see(v) end
    for k, v in pairs { 5, 6, 7 } do see(k) see(v) end
    for k, v in pairs {} do see "never" end
    for k, v in pairs { nil, nil, 3 } do see(k) see(v) end
    see(out) see(see) see(tostring) see(string.rep)
    see(("%s %10s"):format(out, see))
    see(pairs {})
    see(string.gmatch("", ""))
    see(0 / 0) see(-(0 / 0)) see(-0) see(1 / 0)
    return table.concat(out, " ")
  )lua";
  std::vector<std::string> ends;
  for (int i = 0; i < 5; ++i) {
    Host host;
    host.freeze();
    for (int j = 0; j < i * 100; ++j) lua_newtable(host.lua());
    lua_settop(host.lua(), 0);
    ends.push_back(run(host, text));
    ends.push_back(run(host, text, true));
  }
  CHECK(ends[0].substr(0, 67) == "= -3 3 0 2 1 one 2 two 2.5 4 10 1 Z 10 alpha 8 name100 32 name12 20");
  CHECK(ends[0].find(
            " zeta 7 \xff 9 false 6 true 5 1 5 2 6 3 7 3 3 table function function function table   function function "
            "function nan nan -0 inf") != std::string::npos);
  for (const std::string& end : ends) CHECK(end == ends[0]);
}

TEST_CASE("sandbox: pairs while the table changes, and what it refuses") {
  Host host;
  host.freeze();
  try_all(
      host,
      {
          {"local t, n = { a = 1, b = 2, c = 3 }, '' for k in pairs(t) do n = n .. k t.c = nil t.d = 4 end return n",
           "= ab"},
          {"local t, n = { 1, 2, 3 }, 0 for k in pairs(t) do n = n + k t[k] = nil end return n", "= 6"},
          {"local t, n = { 1, 2, 3 }, 0 for k in pairs(t) do n = n + k t[2] = nil end return n", "= 4"},
          {"local t, n = { 1, 2, 3 }, 0 for k in pairs(t) do n = n + k t[#t + 1] = 1 end return n", "= 6"},
          {"for k in pairs { [{}] = 1 } do end", "1: pairs over a table whose keys are tables has no fixed order"},
          {"for k in pairs { [error] = 1 } do end",
           "1: pairs over a table whose keys are functions has no fixed order"},
          {"for k in pairs(nil) do end", "1: pairs takes a table, not nil"},
          {"for k in pairs('text') do end", "1: pairs takes a table, not string"},
      });
}

TEST_CASE("sandbox: pairs by sandbox.order") {
  Host host;
  lua_pushnil(host.lua());
  host.run_trusted("prelude", "sandbox.order = function(key) return key.seat end", 0);
  host.freeze();
  try_all(
      host,
      {
          {"local t = { [{ seat = 2 }] = 'b', [{ seat = 1 }] = 'a', [{ seat = 3 }] = 'c', x = 'first' } local s = '' "
           "for k, v in pairs(t) do s = s .. v end return s",
           "= firstabc"},
          {"for k in pairs { [{ seat = 1 }] = 1, [{ seat = 1 }] = 2 } do end",
           "1: pairs over a table whose keys are tables has no fixed order"},
          {"for k in pairs { [{}] = 1 } do end", "1: pairs over a table whose keys are tables has no fixed order"},
      });
}

TEST_CASE("sandbox: bounded functions") {
  Host host;
  host.freeze();
  try_all(host,
          {
              {"return ('x'):rep(1e9)", "1: this text would be longer than 16 MB"},
              {"return string.rep('x', '1000000000')", "1: this text would be longer than 16 MB"},
              {"return string.rep(12345, 1e8)", "1: this text would be longer than 16 MB"},
              {"return ('x'):rep(10, ('y'):rep(1e7))", "1: this text would be longer than 16 MB"},
              {"return (''):rep(1e300)", "1: this text would be longer than 16 MB"},
              {"return #('x'):rep(16 * 1024 * 1024)", "= 16777216"},
              {"return ('x'):rep(-5) .. ('ab'):rep(2, '-')", "= ab-ab"},
              {"return ('x'):rep(1e6):gsub('x', ('y'):rep(1000))", "1: this text would be longer than 16 MB"},
              {"local s, t = ('x'):rep(1e6), {} for i = 1, 100 do t[i] = s end return table.concat(t)",
               "1: this text would be longer than 16 MB"},
              {"return table.concat({}, 'x', 1, 1e9)", "1: invalid value (nil) at index 1 in table for 'concat'"},
              {"return unpack({}, 1, 1e8)", "1: too many results to unpack"},
              {"return ('x'):rep(1e6):byte(1, -1)", "1: string slice too long"},
              {"table.insert({}, 1e9, 1)", "1: table.insert: there is no place 1000000000 in a list of 0"},
              {"table.insert({}, -1e9, 1)", "1: table.insert: there is no place -1000000000 in a list of 0"},
              {"table.insert({}, '-1000000000', 1)", "1: table.insert: there is no place -1000000000 in a list of 0"},
              {"table.insert({}, 0 / 0, 1)", "1: table.insert: there is no place nan in a list of 0"},
              {"local t = {} for i = 1, 100 do t[i] = i * 7919 % 101 end table.sort(t, function() return true end) "
               "return #t",
               "= 100"},
              {"table.sort({ 1, 'a' })", "1: attempt to compare string with number"},
              {"table.sort({ {}, {} })", "1: attempt to compare two table values"},
              {"table.sort({ 2, 1 }, 5)", "1: table.sort takes a function, not number"},
              {"table.sort(5)", "1: table.sort takes a list, not number"},
              {"return string.format('%p', {})", "1: '%p' is not to be had here: there are no addresses"},
              {"return string.format('%-20p|', 'x')", "1: '%p' is not to be had here: there are no addresses"},
              {"return string.format('%d', {})", "1: bad argument #2 to 'format' (number expected, got table)"},
              {"return string.format('a price of %d%%p', 5)", "= a price of 5%p"},
              {"return ('('):rep(300):find(('%(?'):rep(300))", "1: pattern too complex"},
              {"return ('x'):find(('('):rep(40))", "1: too many captures"},
          });
}

TEST_CASE("sandbox: errors and recursion") {
  Host host;
  host.freeze();
  try_all(
      host,
      {
          {"local function f() return 1 + f() end\nf()", "1: stack overflow"},
          {"local function f() return f() end f()", "1: stack overflow"},
          {"local function f()\n ('x'):gsub('x', f) end f()", "2: stack overflow"},
          {"local t = setmetatable({}, {})\ngetmetatable(t).__index = function(t, k) return t[k + 1] end return t[1]",
           "2: stack overflow"},
          {"local t = {} t.__index = t setmetatable(t, t)\nreturn t.x", "2: loop in gettable"},
          {"local t = setmetatable({}, {}) getmetatable(t).__tostring = tostring\nreturn tostring(t)",
           "2: stack overflow"},
          {"return tostring(setmetatable({}, { __tostring = function() return 5 end }))", "1: __tostring gave no text"},
          {"return 'a' .. {}", "1: attempt to concatenate a table value"},
          {"return {} .. 'a'", "1: attempt to concatenate a table value"},
          {"return #nil", "1: attempt to get length of a nil value"},
          {"local t\nt.x = 1", "2: attempt to index local 't' (a nil value)"},
          {"return {} < {}", "1: attempt to compare two table values"},
          {"error(setmetatable({}, { __tostring = function() return 'secret' end }))",
           "1: an error is to be a text, not table"},
          {"error(error)", "1: an error is to be a text, not function"},
          {"pcall(error)", "1: there is no 'pcall' here: an error is to be seen"},
          {"xpcall(error, error)", "1: there is no 'xpcall' here: an error is to be seen"},
      });
}

// Stopped within 50 ms of CPU time of the limit: what an unlucky moment of the machine adds is tried away.
TEST_CASE("sandbox: endless loops") {
  const double limit = .03;
  Host host({size_t{256} << 20, limit});
  host.freeze();
  const std::string loops[] = {
      "while true do end",
      "repeat until false",
      "for i = 1, 1e18 do end",
      "local i = 0 while true do i = i + 1 end",
      "::again:: goto again",
      "local t = { 1, 2, 3 } while true do for k, v in pairs(t) do end end",
      "local t = { a = 1, b = 2 } while true do for k, v in pairs(t) do end end",
      "local t = {} while true do for _ in ipairs(t) do end end",
      "while true do local t = { 1, 2 } end",
      "while true do local t = function() return 1 end end",
      "while true do local s = tostring(1.5) .. 'x' end",
      "local x = 0 while true do x = x + math.sin(x) end",
      "while true do local s = ('abc'):gsub('b', 'c') end",
      "while true do local s = ('%d'):format(5) end",
      "while true do local s = table.concat({ 1, 2 }, ',') end",
      "local t = {} for i = 1, 1e5 do t[i] = -i end while true do table.sort(t, function(a, b) return a > b end) end",
      "local t = {} for i = 1, 1e6 do t[i] = i % 7 end while true do table.sort(t) end",
      "table.sort({ 1, 2, 3 }, function() while true do end end)",
      "('x'):gsub('x', function() while true do end end)",
      "tostring(setmetatable({}, { __tostring = function() while true do end end }))",
      "local x = setmetatable({}, { __index = function() while true do end end }).a",
      "local t = setmetatable({}, { __lt = function() while true do end end }) table.sort({ t, t })",
      "local t = {} for i = 1, 1e6 do t['k' .. i] = i end while true do for k in pairs(t) do end end",
      "return ('a'):rep(30):find(('a?'):rep(30) .. ('a'):rep(30))",
      "return ('x'):rep(1e5):find('.-.-.-.-b')",
      "return ('x'):rep(1e5):match('(.*)(.*)(.*)(.*)b')",
      "for a in ('x'):rep(1e5):gmatch('.-.-.-.-b') do end",
      "return ('x'):rep(1e5):gsub('.-.-.-.-b', '')",
      "return ('('):rep(1e6):gsub('%b()', '')",
      "while true do local s = ('a'):rep(1e6):find(('a'):rep(5e5) .. 'b', 1, true) end",
      "while true do local s = ('x'):rep(1e6):upper():reverse() end",
      "while true do local f = setmetatable({}, { __call = function() end }) f() end",
  };
  for (bool as_coroutine : {false, true}) {
    for (const std::string& loop : loops) {
      CAPTURE(loop);
      CAPTURE(as_coroutine);
      double over = 1;
      for (int tries = 0; tries < 5 && over > .05 * kSlower; ++tries) {
        const double began = cpu_seconds();
        CHECK(run(host, "\n" + loop, as_coroutine) ==
              "2: stopped after 0.03 s of CPU time without coming back: an endless loop? (--lua-seconds)");
        over = cpu_seconds() - began - limit;
      }
      CHECK(over <= .05 * kSlower);
      CHECK(run(host, "local n = 0 for i = 1, 1e5 do n = n + i end return n") == "= 5000050000");
    }
  }
}

TEST_CASE("sandbox: memory") {
  Host host({size_t{32} << 20, 30});
  host.freeze();
  try_all(
      host,
      {
          {"local t = {}\nfor i = 1, 1e9 do t[i] = i end", "2: the script uses more than 32 MB (--lua-memory)"},
          {"local t = {}\nwhile true do t[#t + 1] = {} end", "2: the script uses more than 32 MB (--lua-memory)"},
          {"local t\nwhile true do t = { t } end", "2: the script uses more than 32 MB (--lua-memory)"},
          {"local t = {}\nfor i = 1, 1e9 do t['k' .. i] = i end", "2: the script uses more than 32 MB (--lua-memory)"},
          {"local s = 'x'\nwhile true do s = s .. s end", "2: the script uses more than 32 MB (--lua-memory)"},
          {"local t = {}\nwhile true do local x = 1 t[#t + 1] = function() x = x + 1 end end",
           "2: the script uses more than 32 MB (--lua-memory)"},
          {"local t = {}\nfor i = 1, 100 do t[i] = ('x'):rep(1e6) .. i end",
           "2: the script uses more than 32 MB (--lua-memory)"},
          {"local t = {}\n('x'):rep(1e7):gsub('x', function() t[#t + 1] = {} end)",
           "2: the script uses more than 32 MB (--lua-memory)"},
          // Much that is garbage is no fault.
          {"local n = 0 for i = 1, 3e6 do local t = { i } n = n + #t end return n", "= 3000000"},
          {"local n = 0 for i = 1, 300 do n = n + #(('x'):rep(1e6) .. i) end return n", "= 300000792"},
      });
  // At one stroke, in one expression: the file is named.
  CHECK(run(
            host, "local s = ('x'):rep(1e6)\nlocal t = s" + [] {
              std::string more;
              for (int i = 0; i < 60; ++i) more += " .. s";
              return more;
            }()) == " the script uses more than 32 MB (--lua-memory)");
  CHECK(host.memory_used() < (size_t{32} << 20));
}
