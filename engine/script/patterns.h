// string.find, match, gmatch and gsub as Lua 5.1 has them, but such that they can be stopped: LuaJIT's own run in C for as
// long as a pattern takes, and no hook reaches them.
#pragma once

struct lua_State;

namespace parley {

class Watchdog;

// Sets find, match, gmatch and gsub in the table on top of the stack. They look at `watchdog` while they work.
void add_pattern_functions(lua_State* L, Watchdog& watchdog);

}  // namespace parley
