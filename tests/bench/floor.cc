#include "floor.h"

#include <sqlite3.h>

#include <charconv>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <lua.hpp>
#include <stdexcept>
#include <vector>

namespace {

// A match as columns: [seat][round].
struct Columns {
  explicit Columns(int n)
      : rounds(n),
        choices{std::vector<uint8_t>(size_t(n)), std::vector<uint8_t>(size_t(n))},
        payoffs{std::vector<double>(size_t(n)), std::vector<double>(size_t(n))} {}
  int rounds;
  std::vector<uint8_t> choices[2];
  std::vector<double> payoffs[2];
};

constexpr double kPays[2][2][2] = {{{8, 8}, {0, 10}}, {{10, 0}, {5, 5}}};

void play_in_cpp(Columns& c) {
  for (size_t i = 0; i < size_t(c.rounds); ++i) {
    uint8_t first = i == 0 ? 0 : c.choices[1][i - 1], second = i % 2;
    c.choices[0][i] = first;
    c.choices[1][i] = second;
    c.payoffs[0][i] = kPays[first][second][0];
    c.payoffs[1][i] = kPays[first][second][1];
  }
}

constexpr const char* kLua = R"lua(
local ffi = require("ffi")
local function tit_for_tat(mine, theirs, i) return i == 0 and 0 or theirs[i - 1] end
local function alternate(mine, theirs, i) return i % 2 end
local pays = { { { 8, 8 }, { 0, 10 } }, { { 10, 0 }, { 5, 5 } } }
return function(rounds, a, b, pa, pb)
  a, b = ffi.cast("uint8_t*", a), ffi.cast("uint8_t*", b)
  pa, pb = ffi.cast("double*", pa), ffi.cast("double*", pb)
  for i = 0, rounds - 1 do
    local x, y = tit_for_tat(a, b, i), alternate(b, a, i)
    a[i], b[i] = x, y
    local cell = pays[x + 1][y + 1]
    pa[i], pb[i] = cell[1], cell[2]
  end
end
)lua";

double cpu_seconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
}

void check(int code, sqlite3* db) {
  if (code != SQLITE_OK && code != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(db));
}

void append(std::string& out, int n) {
  char digits[16];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, n).ptr);
}

template <class T>
const std::string& array(const std::vector<T>& values, std::string& out) {
  out = '[';
  for (T v : values) {
    if (out.size() > 1) out += ',';
    append(out, static_cast<int>(v));
  }
  out += ']';
  return out;
}

}  // namespace

Floor measure_floor(FloorPlayers players, int matches, int rounds, const std::string& path) {
  auto wipe = [&] {
    for (const char* tail : {"", "-wal", "-shm"}) std::filesystem::remove(path + tail);
  };
  wipe();
  sqlite3* db = nullptr;
  check(sqlite3_open(path.c_str(), &db), db);
  check(sqlite3_exec(
            db,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000; "
            "PRAGMA cache_size = -65536;"
            "CREATE TABLE seat (match INTEGER, seat INTEGER, choices TEXT, payoffs TEXT, PRIMARY KEY (match, seat)) "
            "WITHOUT ROWID",
            nullptr, nullptr, nullptr),
        db);
  sqlite3_stmt* add = nullptr;
  check(sqlite3_prepare_v2(db, "INSERT INTO seat VALUES (?1, ?2, ?3, ?4)", -1, &add, nullptr), db);
  lua_State* lua = luaL_newstate();
  luaL_openlibs(lua);
  if (luaL_dostring(lua, kLua) != 0) throw std::runtime_error(lua_tostring(lua, -1));

  Columns c(rounds);
  std::string text[2];
  double begun = cpu_seconds();
  for (int match = 0; match < matches; ++match) {
    if (match % 512 == 0) check(sqlite3_exec(db, match ? "COMMIT; BEGIN" : "BEGIN", nullptr, nullptr, nullptr), db);
    if (players == FloorPlayers::cpp) {
      play_in_cpp(c);
    } else {
      lua_pushvalue(lua, -1);
      lua_pushinteger(lua, rounds);
      for (auto& column : c.choices) lua_pushlightuserdata(lua, column.data());
      for (auto& column : c.payoffs) lua_pushlightuserdata(lua, column.data());
      if (lua_pcall(lua, 5, 0, 0) != 0) throw std::runtime_error(lua_tostring(lua, -1));
    }
    for (int seat = 0; seat < 2; ++seat) {
      const std::string &choices = array(c.choices[seat], text[0]), &payoffs = array(c.payoffs[seat], text[1]);
      sqlite3_bind_int(add, 1, match);
      sqlite3_bind_int(add, 2, seat + 1);
      sqlite3_bind_text(add, 3, choices.data(), static_cast<int>(choices.size()), SQLITE_STATIC);
      sqlite3_bind_text(add, 4, payoffs.data(), static_cast<int>(payoffs.size()), SQLITE_STATIC);
      check(sqlite3_step(add), db);
      sqlite3_reset(add);
    }
  }
  check(sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr), db);
  double seconds = cpu_seconds() - begun;
  lua_close(lua);
  sqlite3_finalize(add);
  check(sqlite3_close(db), db);
  Floor floor;
  floor.rounds_per_second = double(matches) * rounds / seconds;
  floor.bytes_per_1000_choices = double(std::filesystem::file_size(path)) / (2.0 * matches * rounds) * 1000;
  wipe();
  return floor;
}
