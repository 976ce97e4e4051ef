// What speed is measured against: columns of two fixed players, straight into SQLite, with nothing around them.
#pragma once
#include <string>

struct Floor {
  double rounds_per_second = 0;  // of the thread's CPU time
  double bytes_per_1000_choices = 0;
};

// Who plays tit for tat against alternate.
enum class FloorPlayers {
  cpp,  // a loop in C++
  lua,  // functions in LuaJIT that write columns which C++ owns, as MEASURED.md's "9.0 M with rows into SQLite"
};

// Plays `matches` of `rounds` rounds on one core; of each a row for either seat, with its choices and payoffs as arrays, goes
// into a fresh file at `path` (WAL, synchronous=NORMAL, 512 matches a commit), which is deleted again.
Floor measure_floor(FloorPlayers players, int matches, int rounds, const std::string& path);
