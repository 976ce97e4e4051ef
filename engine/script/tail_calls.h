#pragma once
#include <string>
#include <string_view>

namespace parley {

// The text, which must parse, with each `return f(x)` as `return KEEP(f(x))`, where KEEP is to give back its arguments.
// Lua's `return f(x)` takes the function's own frame away, and with it the line that an error in f is to name:
// `act = function(turn) return turn:ask { … } end` would be blamed on nobody. Lines stay where they are.
std::string without_tail_calls(std::string_view text, std::string_view keep);

}  // namespace parley
