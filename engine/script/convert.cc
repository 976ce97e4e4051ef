// Between Lua's values and Value.
#include <fmt/format.h>

#include <cmath>
#include <string>

#include "base/error.h"
#include "lua.hpp"
#include "script/host.h"

namespace parley {
namespace {

constexpr int kDeepest = 100;

class Reader {
 public:
  explicit Reader(lua_State* L) : L_(L) {}

  Value read(int index) {
    switch (lua_type(L_, index)) {
      case LUA_TNIL:
        return {};
      case LUA_TBOOLEAN:
        return lua_toboolean(L_, index) != 0;
      case LUA_TNUMBER:
        return lua_tonumber(L_, index);
      case LUA_TSTRING:
        return text(index);
      case LUA_TTABLE:
        return table(index);
      default:
        throw Error(fmt::format("a {} is no plain value{}", luaL_typename(L_, index), place()));
    }
  }

 private:
  std::string text(int index) {
    size_t size = 0;
    const char* bytes = lua_tolstring(L_, index, &size);
    return std::string(bytes, size);
  }

  // " (in 'a.b.3')" for messages.
  std::string place() const {
    std::string path;
    for (const std::string& step : path_) path += (path.empty() ? "" : ".") + step;
    return path.empty() ? "" : fmt::format(" (in '{}')", path);
  }

  Value table(int index) {
    if (path_.size() >= kDeepest) throw Error("a table more than 100 levels deep, or within itself");
    if (!lua_checkstack(L_, 8)) throw Error("a table too deep for the stack");
    const int top = lua_gettop(L_);
    lua_pushvalue(L_, index);
    see_through(top + 1);
    const void* self = lua_topointer(L_, top + 1);
    for (const void* outer : outer_) {
      if (outer == self) throw_clean(top, fmt::format("a table within itself{}", place()));
    }
    outer_.push_back(self);

    Value::List list;
    Value::Record record;
    size_t most = 0;
    size_t items = 0;
    lua_pushnil(L_);
    while (lua_next(L_, top + 1) != 0) {
      if (lua_type(L_, -2) == LUA_TSTRING) {
        path_.push_back(text(-2));
        record.emplace(path_.back(), read_clean(top));
      } else {
        double n = lua_type(L_, -2) == LUA_TNUMBER ? lua_tonumber(L_, -2) : 0;
        if (n < 1 || n != std::floor(n) || n > 1e9) {
          throw_clean(top, fmt::format("a table with a key that is no name and no place in a list{}", place()));
        }
        auto at = static_cast<size_t>(n);
        most = std::max(most, at);
        if (most > 2 * ++items + 64) throw_clean(top, fmt::format("a list with holes{}", place()));
        if (list.size() < most) list.resize(most);
        path_.push_back(std::to_string(at));
        list[at - 1] = read_clean(top);
      }
      path_.pop_back();
      lua_settop(L_, top + 2);
    }
    lua_settop(L_, top);
    outer_.pop_back();
    if (items > 0 && !record.empty()) throw Error(fmt::format("a table with items and names{}", place()));
    if (items != most) throw Error(fmt::format("a list with holes{}", place()));
    if (!record.empty()) return Value(std::move(record));
    return Value(std::move(list));
  }

  // A frozen table is an empty one that reads from another: what is meant is the other.
  void see_through(int at) {
    if (lua_getmetatable(L_, at) == 0) return;
    lua_pushliteral(L_, "__newindex");
    lua_rawget(L_, -2);
    lua_pushliteral(L_, "__index");
    lua_rawget(L_, -3);
    if (!lua_isnil(L_, -2) && lua_istable(L_, -1)) lua_replace(L_, at);
    lua_settop(L_, at);
  }

  Value read_clean(int top) {
    try {
      return read(lua_gettop(L_));
    } catch (const Error&) {
      lua_settop(L_, top);
      throw;
    }
  }

  [[noreturn]] void throw_clean(int top, const std::string& message) {
    lua_settop(L_, top);
    throw Error(message);
  }

  lua_State* L_;
  std::vector<std::string> path_;
  std::vector<const void*> outer_;
};

}  // namespace

void push(lua_State* L, const Value& value) {
  if (!lua_checkstack(L, 4)) throw Error("a value too deep for the stack");
  switch (value.kind()) {
    case Value::Kind::nil:
      lua_pushnil(L);
      break;
    case Value::Kind::boolean:
      lua_pushboolean(L, value.boolean());
      break;
    case Value::Kind::number:
      lua_pushnumber(L, value.number());
      break;
    case Value::Kind::string:
      lua_pushlstring(L, value.string().data(), value.string().size());
      break;
    case Value::Kind::list: {
      const Value::List& list = value.list();
      lua_createtable(L, static_cast<int>(list.size()), 0);
      int n = 0;
      for (const Value& item : list) {
        push(L, item);
        lua_rawseti(L, -2, ++n);
      }
      break;
    }
    case Value::Kind::record: {
      lua_createtable(L, 0, static_cast<int>(value.record().size()));
      for (const auto& [name, field] : value.record()) {
        lua_pushlstring(L, name.data(), name.size());
        push(L, field);
        lua_rawset(L, -3);
      }
      break;
    }
  }
}

Value to_value(lua_State* L, int index) {
  if (index < 0 && index > LUA_REGISTRYINDEX) index += lua_gettop(L) + 1;
  return Reader(L).read(index);
}

}  // namespace parley
