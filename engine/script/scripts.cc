#include "script/scripts.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"
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

std::vector<std::string> GameSetup::seats_of(size_t seated, bool strangers) const {
  if (!strangers) return seats;
  std::vector<std::string> out;
  for (size_t i = 0; i < seated; ++i)
    out.push_back(fmt::format("{}{}", seats[role_of(i, seated, true)], i % (seated / 2) + 1));
  return out;
}

int32_t Scripts::Impl::name_id(std::string_view name) {
  auto found = name_ids.find(name);
  if (found != name_ids.end()) return found->second;
  words->names.emplace_back(name);
  auto id = static_cast<int32_t>(words->names.size() - 1);
  name_ids.emplace(std::string(name), id);
  return id;
}

namespace {

LuaRef field_ref(lua_State* L, const char* name) {
  lua_getfield(L, -1, name);
  return luaL_ref(L, LUA_REGISTRYINDEX);
}

}  // namespace

Scripts::Scripts(Sources& sources, Library& library, Limits limits)
    : sources_(sources), library_(library), impl_(std::make_unique<Impl>(limits)) {
  lua_State* L = impl_->host.lua();
  lua_newtable(L);
  bind_engine(L, *impl_);
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
  info.ends = field("ends").boolean();
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

Value settings_of(const Strategy& strategy, const Player& player) {
  Value out = strategy.info.settings;
  if (!player.settings.is_record()) return out;
  for (const auto& [name, value] : player.settings.record()) out = out.with(name, value);
  return out;
}

StrategyInfo Scripts::strategy(const std::string& name) { return load_strategy(name).info; }

}  // namespace parley
