#pragma once
#include "script/scripts.h"

struct lua_State;

namespace parley {

// Binds engine.read(path) into the table on top of the stack: text, or for .json and .csv a table (rows by column name;
// numbers where they look like numbers), of a file below the calling author's folder or the study's data folder. Read and
// parsed once a process; each call gives a table of its own, so that nobody's scribbles reach another seat or match.
void bind_reading(lua_State* L, Scripts& scripts);

}  // namespace parley
