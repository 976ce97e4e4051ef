// What the prelude calls of the engine.
#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "script/scripts_impl.h"

namespace parley {

Scripts::Impl& impl_of(lua_State* L) { return *static_cast<Scripts::Impl*>(lua_touserdata(L, lua_upvalueindex(1))); }

namespace {

std::string word_at(lua_State* L, int index) {
  size_t size = 0;
  const char* text = luaL_checklstring(L, index, &size);
  return std::string(text, size);
}

int flush(lua_State* L) {
  Scripts::Impl& impl = impl_of(L);
  if (impl.playing) {
    impl.playing->drain();
    if (size_t most = impl.host.limits().memory; impl.playing->bytes() > most) {
      throw Error("what happens in this match takes more than " + std::to_string(most >> 20) +
                  " MB: an endless loop? (--lua-memory)");
    }
  }
  impl.log->count = 0;
  return 0;
}

int name(lua_State* L) {
  lua_pushinteger(L, impl_of(L).name_id(word_at(L, 1)));
  return 1;
}

// set(plain): the number of an action set. Error where it is none.
int set(lua_State* L) {
  Scripts::Impl& impl = impl_of(L);
  Value value = to_value(L, 1);
  auto [at, fresh] = impl.set_ids.try_emplace(to_json(value), 0);
  if (fresh) {
    try {
      impl.words->sets.push_back(std::make_shared<const ActionSet>(ActionSet::from(value)));
    } catch (...) {
      impl.set_ids.erase(at);
      throw;
    }
    at->second = static_cast<int32_t>(impl.words->sets.size() - 1);
  }
  lua_pushinteger(L, at->second);
  return 1;
}

int describe_set(lua_State* L) {
  push(L, describe(*impl_of(L).words->sets[static_cast<size_t>(luaL_checkinteger(L, 1))]));
  return 1;
}

int json(lua_State* L) {
  push(L, to_json(to_value(L, 1)));
  return 1;
}

// unstorable(x): what keeps it from being a plain value, or nothing.
int unstorable(lua_State* L) {
  try {
    to_json(to_value(L, 1));
  } catch (const Error& e) {
    push(L, std::string(e.what()));
    return 1;
  }
  return 0;
}

int a_kind(lua_State* L) {
  const char* kinds[] = {"nothing", "true or false", "", "a number", "a text", "a table", "a function"};
  int type = lua_type(L, 1);
  lua_pushstring(L, type >= 0 && type <= LUA_TFUNCTION ? kinds[type] : "a thing");
  return 1;
}

// sorted_keys(table): its keys that are words, sorted; others as words after them.
int sorted_keys(lua_State* L) {
  std::vector<std::string> keys, others;
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_pushnil(L);
  while (lua_next(L, 1) != 0) {
    lua_pop(L, 1);
    if (lua_type(L, -1) == LUA_TSTRING) {
      keys.push_back(word_at(L, -1));
    } else if (lua_type(L, -1) == LUA_TNUMBER) {
      others.push_back(number_text(lua_tonumber(L, -1)));
    }
  }
  std::sort(keys.begin(), keys.end());
  std::sort(others.begin(), others.end());
  keys.insert(keys.end(), others.begin(), others.end());
  push(L, Value::List(keys.begin(), keys.end()));
  return 1;
}

int nearest(lua_State* L) {
  std::vector<std::string> known;
  Value list = to_value(L, 2);
  for (const Value& k : list.list()) known.push_back(value_text(k));
  std::string hint = did_you_mean(word_at(L, 1), known);
  if (hint.empty() && known.size() <= 12) {
    hint = known.empty() ? "" : "; there are: " + joined(known, ", ");
  }
  push(L, hint);
  return 1;
}

int instance(lua_State* L) {
  impl_of(L).host.push_instance(L, static_cast<LuaRef>(luaL_checkinteger(L, 1)));
  return 1;
}

int path(lua_State* L) {
  auto ref = static_cast<LuaRef>(luaL_checkinteger(L, 1));
  for (const auto& [name, chunk] : impl_of(L).chunks) {
    if (chunk.ref == ref) {
      push(L, name);
      return 1;
    }
  }
  return 0;
}

int random(lua_State* L) {
  Playing* playing = impl_of(L).playing;
  if (!playing)
    throw Error("there is no chance here: only in play and act");  // a table that an engine's word looks into
  lua_pushnumber(L, playing->random(static_cast<int>(lua_tointeger(L, 1)), static_cast<uint64_t>(lua_tonumber(L, 2)),
                                    static_cast<uint64_t>(lua_tonumber(L, 3))));
  return 1;
}

// mentions(text, set): the actions that a text names, as they are called in the match that plays.
int mentions(lua_State* L) {
  Scripts::Impl& impl = impl_of(L);
  const ActionSet& set = *impl.words->sets[static_cast<size_t>(luaL_checkinteger(L, 2))];
  push(L, impl.playing->mentions(set, word_at(L, 1)));
  return 1;
}

// tell(name, seats, by, facts)
int tell(lua_State* L) {
  Playing* playing = impl_of(L).playing;
  playing->drain();
  std::vector<int> to;
  Value seats = to_value(L, 2);
  for (const Value& seat : seats.list()) to.push_back(static_cast<int>(seat.number()));
  playing->tell(word_at(L, 1), to, static_cast<int>(lua_tointeger(L, 3)),
                lua_isnoneornil(L, 4) ? Value() : to_value(L, 4));
  return 0;
}

}  // namespace

void bind_engine(lua_State* L, Scripts::Impl& impl) {
  auto bind = [&](const char* name, lua_CFunction f) {
    lua_pushlightuserdata(L, &impl);
    lua_pushcclosure(L, f, 1);
    lua_setfield(L, -2, name);
  };
  bind("flush", guarded<flush>);
  bind("name", guarded<name>);
  bind("set", guarded<set>);
  bind("describe", guarded<describe_set>);
  bind("json", guarded<json>);
  bind("a_kind", guarded<a_kind>);
  bind("unstorable", guarded<unstorable>);
  bind("sorted_keys", guarded<sorted_keys>);
  bind("nearest", guarded<nearest>);
  bind("instance", guarded<instance>);
  bind("path", guarded<path>);
  bind("random", guarded<random>);
  bind("mentions", guarded<mentions>);
  bind("tell", guarded<tell>);
}

}  // namespace parley
