#include "script/reading.h"

#include <cstdlib>
#include <filesystem>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "lua.hpp"
#include "script/scripts_impl.h"

namespace parley {
namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// Fields of one record of RFC 4180 CSV from `at`, which moves behind its line end.
std::vector<std::string> csv_record(std::string_view text, size_t& at) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (; at < text.size(); ++at) {
    char c = text[at];
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        fields.back() += text[++at];
      } else {
        quoted = false;
      }
    } else if (c == '"' && fields.back().empty()) {
      quoted = true;
    } else if (c == ',') {
      fields.emplace_back();
    } else if (c == '\n') {
      ++at;
      break;
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  if (quoted) throw Error("a quoted field that does not end");
  return fields;
}

Value looks_like(const std::string& field) {
  const auto n = number_in(field);
  return n ? Value(*n) : Value(field);
}

Value parse_csv(std::string_view text) {
  size_t at = 0;
  Value::List rows;
  if (text.substr(0, 3) == "\xEF\xBB\xBF") at = 3;
  if (at >= text.size()) return rows;
  std::vector<std::string> names = csv_record(text, at);
  for (int line = 2; at < text.size(); ++line) {
    std::vector<std::string> fields = csv_record(text, at);
    if (fields.size() == 1 && fields[0].empty()) continue;
    if (fields.size() != names.size()) {
      throw Error("row " + std::to_string(line) + " has " + std::to_string(fields.size()) +
                  " fields, and the first has " + std::to_string(names.size()));
    }
    Value::Record row;
    for (size_t i = 0; i < names.size(); ++i) row.insert_or_assign(names[i], looks_like(fields[i]));
    rows.push_back(std::move(row));
  }
  return rows;
}

struct Readings {
  Scripts* scripts;
  std::map<std::string, Value> parsed;  // by stored name
};

int collect(lua_State* L) {
  static_cast<Readings*>(lua_touserdata(L, 1))->~Readings();
  return 0;
}

// own_data(path, folder): a game's own data.
int own_data(lua_State* L) {
  auto& readings = *static_cast<Readings*>(lua_touserdata(L, lua_upvalueindex(1)));
  Sources& sources = readings.scripts->sources();
  if (const SourceFile* file = sources.read_from(luaL_checkstring(L, 1)))
    sources.own_data(*file, luaL_checkstring(L, 2));
  return 0;
}

int read(lua_State* L) {
  auto& readings = *static_cast<Readings*>(lua_touserdata(L, lua_upvalueindex(1)));
  std::string path = luaL_checkstring(L, 1);
  lua_Debug frame;
  if (lua_getstack(L, 2, &frame) == 0)
    throw Error("read: nobody asks");  // 0: this; 1: the prelude's read; 2: the author
  lua_getinfo(L, "Sl", &frame);
  std::string owner = frame.source[0] == '@' ? frame.source + 1 : "";
  const SourceFile study{"scripts/" + std::filesystem::path(owner).filename().string(), owner, "", ""};
  const SourceFile* file = readings.scripts->sources().read_from(owner);
  if (!file && readings.scripts->measures()) throw Error("a measure sees the match alone: it reads nothing");
  const SourceFile& data = [&]() -> const SourceFile& {
    try {
      return readings.scripts->sources().data(file ? *file : study, path);
    } catch (const Error& e) {  // at the author's line, which is lost where an engine's word called the author
      const std::string at = lua_isstring(L, 2) ? lua_tostring(L, 2) : owner + ":" + std::to_string(frame.currentline);
      throw Error(at + ": " + e.what());
    }
  }();
  auto found = readings.parsed.find(data.name);
  if (found == readings.parsed.end()) {
    Value value = data.text;
    try {
      if (ends_with(path, ".json")) value = from_json(data.text);
      if (ends_with(path, ".csv")) value = parse_csv(data.text);
    } catch (const Error& e) {
      throw Error(data.path + ": " + e.what());
    }
    found = readings.parsed.emplace(data.name, std::move(value)).first;
  }
  readings.scripts->has_read(data.name);
  push(L, found->second);
  return 1;
}

}  // namespace

void bind_reading(lua_State* L, Scripts& scripts) {
  new (lua_newuserdata(L, sizeof(Readings))) Readings{&scripts, {}};
  lua_newtable(L);
  lua_pushcfunction(L, collect);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  lua_pushvalue(L, -1);
  lua_pushcclosure(L, guarded<read>, 1);
  lua_setfield(L, -3, "read");
  lua_pushcclosure(L, guarded<own_data>, 1);
  lua_setfield(L, -2, "own_data");
}

}  // namespace parley
