// A study's file, as its author wrote it: fields, factors, functions.
#include "base/error.h"
#include "base/file.h"
#include "script/scripts_impl.h"

namespace parley {
namespace {

// A factor's levels: a list, a range, or named bundles.
std::vector<StudyFile::Level> levels_of(const Value& value, const std::string& path, const std::string& factor) {
  std::vector<StudyFile::Level> out;
  if (value.is_list()) {
    for (const Value& level : value.list()) out.push_back({value_text(level), level, false});
  } else if (value["kind"].is_string()) {
    ActionSet range = ActionSet::from(value);
    if (range.kind != ActionSet::Kind::range)
      throw Error(path + ": the levels of '" + factor + "' are a list, a range, or named bundles");
    for (size_t i = 0; i < range.size(); ++i) out.push_back({value_text(range.at(i)), range.at(i), false});
  } else if (value.is_record()) {
    for (const auto& [name, bundle] : value.record()) {
      bool empty = bundle.is_list() && bundle.list().empty();  // {}: a bundle of nothing
      if (empty) {
        out.push_back({name, Value::Record{}, true});
        continue;
      }
      out.push_back({name, bundle, true});
    }
  } else {
    throw Error(path + ": the levels of '" + factor + "' are a list, a range, or named bundles, not " +
                std::string(kind_name(value.kind())));
  }
  if (out.empty()) throw Error(path + ": '" + factor + "' has no levels");
  return out;
}

}  // namespace

StudyFile Scripts::study(const std::string& path) { return study_of(path, read_file(path)); }

StudyFile Scripts::study_of(const std::string& path, const std::string& text) {
  Host& host = impl_->host;
  lua_State* L = host.lua();
  LuaRef chunk = host.compile(path, text);
  static const SourceFile none;
  impl_->chunks.insert_or_assign(path, Impl::Chunk{chunk, &none});
  lua_rawgeti(L, LUA_REGISTRYINDEX, impl_->declared);
  lua_pushinteger(L, chunk);
  push(L, "study");
  impl_->read_in_setup.clear();
  host.call(L, 2, 1);
  const bool reads = !impl_->read_in_setup.empty();

  StudyFile study;
  study.path = path;
  study.text = text;
  int table = lua_gettop(L);
  Value::Record fields;
  lua_pushnil(L);
  while (lua_next(L, table) != 0) {
    if (lua_type(L, -2) != LUA_TSTRING) {
      lua_settop(L, table - 1);
      throw Error(path + ": study takes named fields: study { game = ..., players = ... }");
    }
    std::string name = lua_tostring(L, -2);
    StudyFile::Function* called = name == "players"     ? &study.players
                                  : name == "against"   ? &study.against
                                  : name == "observers" ? &study.observers
                                  : name == "where"     ? &study.where
                                                        : nullptr;
    // Takes the function on the stack.
    auto take_function = [this, &path](const std::string& what, LuaRef call) -> StudyFile::Function {
      LuaRef f = luaL_ref(impl_->host.lua(), LUA_REGISTRYINDEX);
      return [this, f, path, what, call](const Value& varied, std::vector<std::string>* used) {
        Host& on = impl_->host;
        lua_State* S = on.lua();
        lua_rawgeti(S, LUA_REGISTRYINDEX, call);
        lua_rawgeti(S, LUA_REGISTRYINDEX, f);
        push(S, varied);
        {
          struct Measuring {
            bool& is;
            ~Measuring() { is = false; }
          } measuring{impl_->measuring};
          measuring.is = call == impl_->measure_call;
          on.call(S, 2, 2);
        }
        const int top = lua_gettop(S) - 2;
        Value names, result;
        try {
          names = to_value(S, -1);
          result = to_value(S, -2);
        } catch (const Error& e) {
          lua_settop(S, top);
          throw Error(path + ": " + what + " gives " + e.what());
        }
        lua_settop(S, top);
        if (used) {
          for (const Value& n : names.list()) used->push_back(n.string());
        }
        return result;
      };
    };
    if (lua_isfunction(L, -1) && called) {
      *called = take_function(name, impl_->study_call);
      continue;
    }
    if (name == "measures" && lua_istable(L, -1)) {
      Value::List names;
      lua_pushnil(L);
      while (lua_next(L, -2) != 0) {
        if (lua_type(L, -2) != LUA_TSTRING || !lua_isfunction(L, -1)) {
          lua_settop(L, table - 1);
          throw Error(path +
                      ": measures are functions of a match by name: measures = { name = function(match) ... end }");
        }
        const std::string measure = lua_tostring(L, -2);
        study.measures.emplace(measure, take_function("measure '" + measure + "'", impl_->measure_call));
      }
      for (const auto& [measure, function] : study.measures) names.emplace_back(measure);
      fields.emplace(name, std::move(names));
    } else {
      try {
        fields.emplace(name, to_value(L, -1));
      } catch (const Error& e) {
        lua_settop(L, table - 1);
        throw Error(path + ": " + name + ": " + e.what());
      }
    }
    lua_pop(L, 1);
  }
  lua_settop(L, table - 1);
  if (auto vary = fields.find("vary"); vary != fields.end()) {
    if (!vary->second.is_record() && !(vary->second.is_list() && vary->second.list().empty())) {
      throw Error(path + ": vary is { name = levels }");
    }
    if (vary->second.is_record()) {
      for (const auto& [factor, levels] : vary->second.record())
        study.factors.push_back({factor, levels_of(levels, path, factor)});
    }
    fields.erase(vary);
  }
  // What a study reads stands in what it plans; its measures come with its file alone.
  if (reads && !study.measures.empty())
    throw Error(path +
                ": measures are computed from the .db alone, in which nothing stands that the study's file reads: read "
                "within players or where");
  study.fields = std::move(fields);
  return study;
}

}  // namespace parley
