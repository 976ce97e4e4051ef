#include "script/scripts.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "embedded/base_lua.h"
#include "embedded/border_lua.h"
#include "embedded/declare_lua.h"
#include "embedded/lists_lua.h"
#include "embedded/players_lua.h"
#include "embedded/sets_lua.h"
#include "embedded/setups_lua.h"
#include "embedded/stage_lua.h"
#include "embedded/strangers_lua.h"
#include "embedded/turns_lua.h"
#include "script/reading.h"
#include "script/scripts_impl.h"

namespace parley {

int32_t Scripts::Impl::name_id(std::string_view name) {
  auto found = name_ids.find(name);
  if (found != name_ids.end()) return found->second;
  words->names.emplace_back(name);
  auto id = static_cast<int32_t>(words->names.size() - 1);
  name_ids.emplace(std::string(name), id);
  return id;
}

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

LuaRef field_ref(lua_State* L, const char* name) {
  lua_getfield(L, -1, name);
  return luaL_ref(L, LUA_REGISTRYINDEX);
}

}  // namespace

Scripts::Scripts(Sources& sources, Library& library, Limits limits)
    : sources_(sources), library_(library), impl_(std::make_unique<Impl>(limits)) {
  lua_State* L = impl_->host.lua();
  lua_newtable(L);
  auto bind = [&](const char* name, lua_CFunction f) {
    lua_pushlightuserdata(L, impl_.get());
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
  lua_pushlightuserdata(L, impl_->log.get());
  lua_setfield(L, -2, "log");
  lua_newtable(L);
  lua_pushvalue(L, -1);
  impl_->log_values = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_setfield(L, -2, "values");
  bind_reading(L, *this);

  // The prelude; the last of its files returns what is called from here.
  constexpr std::pair<const char*, std::string_view> kPrelude[] = {
      {"prelude/base", embedded::base_lua},           {"prelude/lists", embedded::lists_lua},
      {"prelude/sets", embedded::sets_lua},           {"prelude/declare", embedded::declare_lua},
      {"prelude/setups", embedded::setups_lua},       {"prelude/players", embedded::players_lua},
      {"prelude/stage", embedded::stage_lua},         {"prelude/turns", embedded::turns_lua},
      {"prelude/strangers", embedded::strangers_lua}, {"prelude/border", embedded::border_lua},
  };
  for (const auto& [name, text] : kPrelude) {
    const bool last = text == embedded::border_lua;
    if (!last) lua_pushvalue(L, -1);
    impl_->host.run_trusted(name, text, last ? 1 : 0);
  }
  impl_->setup_game = field_ref(L, "setup_game");
  impl_->known = field_ref(L, "known");
  impl_->warned = field_ref(L, "warned");
  impl_->setup_strategy = field_ref(L, "setup_strategy");
  impl_->new_match = field_ref(L, "new_match");
  impl_->play = field_ref(L, "play");
  impl_->begin_turn = field_ref(L, "begin_turn");
  impl_->end_turn = field_ref(L, "end_turn");
  impl_->asked = field_ref(L, "asked");
  impl_->declared = field_ref(L, "declared");
  impl_->study_call = field_ref(L, "study_call");
  impl_->measure_call = field_ref(L, "measure_call");
  lua_getfield(L, -1, "words");
  lua_pushnil(L);
  while (lua_next(L, -2) != 0) impl_->host.add_word(lua_tostring(L, -2));  // pops the value
  lua_pop(L, 2);
  impl_->host.freeze();
}

Scripts::~Scripts() = default;
Host& Scripts::host() { return impl_->host; }
std::shared_ptr<const Words> Scripts::words() const { return impl_->words; }

namespace {

// The compiled file of a game or strategy. Error: there is none, naming the nearest.
Scripts::Impl::Chunk chunk_of(Scripts::Impl& impl, Sources& sources, const std::string& kind, const std::string& name) {
  const SourceFile* file = sources.find(kind, name);
  const char* one = kind == "games" ? "game" : "strategy";
  if (!file) {
    throw Error("there is no " + std::string(one) + " '" + name + "'" + did_you_mean(name, sources.names(kind)) +
                "; `parley list` shows all");
  }
  auto found = impl.chunks.find(file->path);
  if (found != impl.chunks.end()) return found->second;
  Scripts::Impl::Chunk chunk{impl.host.compile(file->path, file->text), file};
  impl.chunks.emplace(file->path, chunk);
  return chunk;
}

std::string stem(const std::string& name) { return std::filesystem::path(name).stem().string(); }

const Value& checked(const Value& settings) {
  static const Value none = Value::Record{};
  return settings.is_record() ? settings : none;
}

Value record_or_empty(Value v) { return v.is_record() ? v : Value(Value::Record{}); }

std::string optional_word(const Value& v) { return v.is_string() ? v.string() : ""; }

}  // namespace

const GameSetup& Scripts::setup(const std::string& name, const Value& settings, int seats) {
  Impl::LastSetup& last = impl_->last_setup;  // matches of one condition come one after another
  if (last.setup && last.seats == seats && last.name == name && last.settings == settings) return *last.setup;
  std::string key = name + "\n" + to_json(checked(settings)) + "\n" + std::to_string(seats);
  auto found = impl_->setups.find(key);
  if (found != impl_->setups.end()) {
    last = {name, settings, seats, found->second.get()};
    return *found->second;
  }

  Impl::Chunk chunk = chunk_of(*impl_, sources_, "games", name);
  Host& host = impl_->host;
  lua_State* L = host.lua();
  impl_->read_in_setup.clear();
  lua_rawgeti(L, LUA_REGISTRYINDEX, impl_->setup_game);
  lua_pushinteger(L, chunk.ref);
  push(L, checked(settings));
  if (seats != 0) {
    lua_pushinteger(L, seats);
  } else {
    lua_pushnil(L);
  }
  host.call(L, 3, 1);

  auto setup = std::make_unique<GameSetup>();
  setup->data = std::move(impl_->read_in_setup);
  setup->name = stem(name);
  setup->path = chunk.file->path;
  int table = lua_gettop(L);
  auto field = [&](const char* of) {
    lua_getfield(L, table, of);
    Value value = to_value(L, -1);
    lua_pop(L, 1);
    return value;
  };
  setup->settings = record_or_empty(field("settings"));
  setup->by_payoffs = field("by_payoffs").boolean();
  if (Value names = field("names"); names.is_list()) {
    for (const Value& n : names.list()) setup->seats.push_back(value_text(n));
  }
  if (Value rounds = field("rounds"); rounds.is_number()) setup->rounds = static_cast<int>(rounds.number());
  std::vector<int32_t> sets;
  lua_getfield(L, table, "sets");
  if (lua_istable(L, -1)) {
    for (int i = 1; i <= static_cast<int>(lua_objlen(L, -1)); ++i) {
      lua_rawgeti(L, -1, i);
      lua_getfield(L, -1, "id");
      sets.push_back(static_cast<int32_t>(lua_tointeger(L, -1)));
      setup->actions.push_back(impl_->words->sets[static_cast<size_t>(sets.back())]);
      lua_pop(L, 2);
    }
  }
  lua_pop(L, 1);
  if (Value cells = field("cells"); cells.is_list()) {
    auto payoffs = std::make_shared<PayoffTable>();
    payoffs->decision = impl_->name_id("action");
    payoffs->sets = std::move(sets);
    for (const Value& cell : cells.list()) {
      std::vector<double>& amounts = payoffs->cells.emplace_back();
      for (const Value& x : cell.list()) amounts.push_back(x.number());
    }
    setup->table = std::move(payoffs);
  }
  setup->prompts_name = setup->name;
  setup->prompts = library_.file(setup->name);
  if (!setup->prompts && setup->by_payoffs) {
    setup->prompts_name = "matrix";
    setup->prompts = library_.file("matrix");
  }
  if (setup->prompts) {
    for (const auto& [section, text] : setup->prompts->sections) {
      std::string base = section.substr(0, section.find('.'));
      if (base != "rules" && base != "history" && base != "cue") setup->decisions.insert(base);
    }
  }
  lua_settop(L, table);
  setup->ref = luaL_ref(L, LUA_REGISTRYINDEX);
  return *impl_->setups.emplace(key, std::move(setup)).first->second;
}

GameInfo Scripts::game(const std::string& name, const Value& settings, int seats) {
  const GameSetup& setup = this->setup(name, settings, seats);
  GameInfo info;
  info.name = setup.name;
  info.path = setup.path;
  info.by_payoffs = setup.by_payoffs;
  info.players = setup.seats;
  info.rounds = setup.rounds;
  bool one =
      std::all_of(setup.actions.begin(), setup.actions.end(), [&](const auto& set) { return set == setup.actions[0]; });
  for (const auto& set : setup.actions) {
    if (info.actions.empty() || !one) info.actions.push_back(*set);
  }
  info.hash = sources_.find("games", name)->hash;
  lua_State* L = impl_->host.lua();
  lua_rawgeti(L, LUA_REGISTRYINDEX, setup.ref);
  auto field = [&](const char* of) {
    lua_getfield(L, -1, of);
    Value value = to_value(L, -1);
    lua_pop(L, 1);
    return value;
  };
  info.about = optional_word(field("about"));
  info.source = optional_word(field("source"));
  info.settings = record_or_empty(field("defaults"));
  info.columns = record_or_empty(field("columns"));
  info.least = static_cast<int>(field("least").number());
  info.most = static_cast<int>(field("most").number());
  lua_pop(L, 1);
  return info;
}

namespace {

// What a function of the prelude gives for a game as it is set up.
Value said_of(Host& host, LuaRef function, const GameSetup& setup) {
  lua_State* L = host.lua();
  lua_rawgeti(L, LUA_REGISTRYINDEX, function);
  lua_rawgeti(L, LUA_REGISTRYINDEX, setup.ref);
  host.call(L, 1, 1);
  Value found = to_value(L, -1);
  lua_pop(L, 1);
  return found;
}

}  // namespace

std::vector<Known> Scripts::known(const GameSetup& setup) {
  std::vector<Known> out;
  const Value found = said_of(impl_->host, impl_->known, setup);
  for (const Value& one : found.list()) {
    Known& item = out.emplace_back();
    item.name = one["name"].string();
    item.value = one["value"];
    for (const Value& column : one["columns"].list()) item.columns.push_back(value_text(column));
    for (const Value& row : one["rows"].list()) item.rows.push_back(row.list());
  }
  return out;
}

std::vector<std::string> Scripts::warnings(const GameSetup& setup) {
  std::vector<std::string> out;
  const Value found = said_of(impl_->host, impl_->warned, setup);
  for (const Value& one : found.list()) out.push_back(one.string());
  return out;
}

const Strategy& Scripts::load_strategy(const std::string& name) {
  auto found = impl_->strategies.find(name);
  if (found != impl_->strategies.end()) return *found->second;
  Impl::Chunk chunk = chunk_of(*impl_, sources_, "strategies", name);
  Host& host = impl_->host;
  lua_State* L = host.lua();
  impl_->read_in_setup.clear();
  lua_rawgeti(L, LUA_REGISTRYINDEX, impl_->setup_strategy);
  lua_pushinteger(L, chunk.ref);
  host.call(L, 1, 1);
  Value declared = to_value(L, -1);
  lua_pop(L, 1);
  auto strategy = std::make_unique<Strategy>();
  strategy->data = std::move(impl_->read_in_setup);
  strategy->chunk = chunk.ref;
  strategy->prompts = library_.file(stem(name));
  strategy->info = {stem(name),
                    optional_word(declared["about"]),
                    chunk.file->path,
                    record_or_empty(declared["settings"]),
                    strategy->prompts != nullptr,
                    chunk.file->hash};
  return *impl_->strategies.emplace(name, std::move(strategy)).first->second;
}

bool Scripts::shows(const PromptFile& file, const std::string& hole) {
  auto [at, fresh] = impl_->holes.try_emplace(&file);
  if (fresh) {
    for (const auto& [name, text] : file.sections) {
      for (const std::string& h : text.holes()) at->second.insert(h.substr(0, h.find('.')));
    }
  }
  return at->second.contains(hole);
}

void Scripts::has_read(const std::string& data) {
  if (impl_->playing) {
    impl_->playing->has_read(data);
  } else {
    impl_->read_in_setup.insert(data);
  }
}

bool Scripts::measures() const { return impl_->measuring; }

StrategyInfo Scripts::strategy(const std::string& name) { return load_strategy(name).info; }

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
