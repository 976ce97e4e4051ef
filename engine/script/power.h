#pragma once

namespace parley {

// LuaJIT compiles x ^ 2 as x * x, but its interpreter asks the C library's pow, whose last bit differs for one x in a
// thousand: a run would depend on what was compiled when. power.cc replaces pow in the whole program by one that gives
// x * x, which is the exact one, for squares (no other exponent of 60 tried over 3 million numbers differs). Asks for it
// to be linked in; gives whether it is in use.
bool squares_agree();

}  // namespace parley
