// Entries of `players` and `against`: who plays, with which settings, and under which name.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "model/model.h"
#include "study/expand/parts.h"

namespace parley::study {
namespace {

const std::vector<std::string>& entry_fields() {
  static const std::vector<std::string> names = {"strategy", "model", "told", "sampling",
                                                 "times",    "seat",  "name", "watches"};
  return names;
}

const std::vector<std::string>& sampling_fields() {
  static const std::vector<std::string> names = {"temperature", "top_p", "max_tokens", "reasoning",
                                                 "seed",        "extra", "forced"};
  return names;
}

// Sampling as it will be asked for: nothing goes without saying but to a local model.
Value resolve_sampling(const std::string& path, const Said& said, const std::string& who, const std::string& model,
                       const std::string& read) {
  Value::Record out;
  if (kind_of(model).local) out = {{"temperature", 1}, {"max_tokens", 512}};
  if (said.value.is_nil() || (said.value.is_list() && said.value.list().empty())) return out;
  if (!said.value.is_record()) {
    fail(path, said, fmt::format("sampling of {} is a table of names, not {}", who, shown(said.value)));
  }
  for (const auto& [name, value] : said.value.record()) {
    const double n = value.is_number() ? value.number() : -1;
    const char* is = nullptr;
    if (name == "temperature") {
      if (!(n >= 0 && std::isfinite(n))) is = "a number of 0 or more";
    } else if (name == "top_p") {
      if (!(n > 0 && n <= 1)) is = "a number above 0, at most 1";
    } else if (name == "max_tokens") {
      if (!(n >= 1 && n == std::floor(n))) is = "a whole number of 1 or more";
    } else if (name == "seed") {
      if (!(n >= 0 && n == std::floor(n))) is = "a whole number of 0 or more";
    } else if (name == "reasoning") {
      if (!value.is_string() && !value.is_number() && !value.is_boolean()) is = "a word, a number, true or false";
    } else if (name == "extra") {
      if (!value.is_record()) is = "a table of names";
    } else if (name == "forced") {
      if (!value.is_list()) is = "a list of actions";
      if (read != "scored") fail(path, said, fmt::format("sampling of {}: forced is for read = 'scored'", who));
    } else {
      fail(path, said,
           fmt::format("sampling of {} has no field '{}'{}", who, name, did_you_mean(name, sampling_fields())));
    }
    if (is) fail(path, said, fmt::format("sampling of {}: {} is {}, not {}", who, name, is, shown(value)));
    out.insert_or_assign(name, value);
  }
  return out;
}

// A model in a player's name: "llama:models/smollm2.gguf" is "smollm2".
std::string short_model(const std::string& model) {
  std::string name = model.substr(model.find(':') + 1);
  if (size_t slash = name.rfind('/'); slash != std::string::npos) name = name.substr(slash + 1);
  if (name.size() > 5 && name.ends_with(".gguf")) name.resize(name.size() - 5);
  return name;
}

std::string list_text(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ",") + word;
  return out;
}

}  // namespace

void Pool::warn(const std::string& what) {
  std::string line = path_ + ": " + what;
  if (std::find(warnings_.begin(), warnings_.end(), line) == warnings_.end()) warnings_.push_back(std::move(line));
}

uint32_t Pool::add(Member member) {
  std::string key = fmt::format("{}\n{}\n{}\n{}", member.text, member.player.model, member.said_name, member.copy);
  auto [at, missing] = by_key_.try_emplace(std::move(key), static_cast<uint32_t>(members_.size()));
  if (missing) members_.push_back(std::move(member));
  return at->second;
}

uint32_t Pool::copy(uint32_t player, int k) {
  if (k == members_[player].copy) return player;
  Member member = members_[player];
  member.copy = k;
  return add(std::move(member));
}

uint32_t Pool::watching(uint32_t observer, int seat) {
  Member member = members_[observer];
  member.player.watches = seat;
  member.content = content_of(member.player);
  member.text = to_json(member.content);
  return add(std::move(member));
}

Player Pool::resolve(const Said& said, const std::string& who, const Value& entry, const Settled& condition) {
  const Value& name = entry["strategy"];
  if (name.is_nil()) {
    for (const auto& [field, value] : entry.record()) {  // perhaps it is written otherwise
      if (std::string nearest = did_you_mean(field, {"strategy"}); !nearest.empty()) {
        fail(path_, said, fmt::format("{} has no field '{}'{}", who, field, nearest));
      }
    }
    fail(path_, said, who + " names no strategy");
  }
  if (!name.is_string()) fail(path_, said, fmt::format("strategy of {} is a name, not {}", who, shown(name)));
  const auto strategy = known_.strategy(name.string());
  if (!strategy) {
    fail(path_, said,
         fmt::format("{}: there is no strategy '{}'{}", who, name.string(), known_.nearest_strategy(name.string())));
  }
  const std::string owner = "strategy '" + name.string() + "'";
  const std::vector<std::string>& fields = entry_fields();
  for (const auto& [set, standard] : strategy->settings.record()) {
    if (std::find(fields.begin(), fields.end(), set) != fields.end()) {
      throw Error(
          fmt::format("{}: the setting '{}' has the name of a field of a study's players", strategy->path, set));
    }
  }

  Player player;
  player.strategy = name.string();
  Value::Record differing;
  for (const auto& [field, value] : entry.record()) {
    if (std::find(fields.begin(), fields.end(), field) != fields.end()) continue;
    const Value& standard = strategy->settings[field];
    if (standard.is_nil()) {
      fail(path_, said, no_such(field, who + " has no field", fields, owner, names_of(strategy->settings)));
    }
    Value set = setting(path_, {value, said.level, said.command}, field, standard, owner);
    if (set != standard) differing.emplace(field, std::move(set));
  }
  player.settings = std::move(differing);

  if (!strategy->asks) {
    for (const char* field : {"model", "told", "sampling"}) {
      if (!entry[field].is_nil())
        warn(fmt::format("{} has no prompts and asks no model: '{}' does nothing", owner, field));
    }
    return player;
  }
  const Value& model = entry["model"];
  if (!model.is_nil() && (!model.is_string() || model.string().empty())) {
    fail(path_, said, fmt::format("model of {} is a name, not {}", who, shown(model)));
  }
  player.model = model.is_nil() ? condition.model : model.string();
  if (player.model.empty()) {
    fail(path_, said,
         fmt::format("{} asks a model, and {} has none: say model = \"...\" there or in the study, or --model", owner,
                     who));
  }
  player.model_identity = known_.model_identity(player.model);
  player.told = condition.told;
  for (const std::string& section : told_said(path_, {entry["told"], said.level, said.command}, known_)) {
    if (std::find(player.told.begin(), player.told.end(), section) == player.told.end()) player.told.push_back(section);
  }
  player.sampling =
      resolve_sampling(path_, {entry["sampling"], said.level, said.command}, who, player.model, condition.rules.read);
  return player;
}

std::vector<Entry> Pool::read(const Said& said, const std::string& list, const Settled& condition,
                              const std::function<Watched(const Said&)>& watched) {
  if (!said.value.is_list() || said.value.list().empty()) {
    fail(path_, said,
         fmt::format("{} is a list of entries, {{ {{ strategy = 'direct' }} }}, not {}", list,
                     said.value.is_list() ? "an empty one" : shown(said.value)));
  }
  std::vector<Entry> out;
  size_t number = 0;
  for (const Value& entry : said.value.list()) {
    const std::string who = fmt::format("entry {} of {}", ++number, list);
    if (!entry.is_record()) {
      fail(path_, said, fmt::format("{} is a table, {{ strategy = 'direct' }}, not {}", who, shown(entry)));
    }
    Member member;
    member.player = resolve(said, who, entry, condition);
    if (watched) {
      if (member.player.model.empty()) {
        fail(path_, said,
             fmt::format("{}: strategy '{}' is a fixed rule, which asks nothing: an observer is asked what it sees",
                         who, member.player.strategy));
      }
      if (entry["watches"].is_nil())
        fail(path_, said, who + " does not say whom it watches: watches = 'row' (a seat, or a player)");
      Watched seat = watched({entry["watches"], said.level, said.command});
      if (seat.seat == 0) continue;
      member.player.watches = seat.seat;
      member.watched = seat.name;
    }
    member.content = content_of(member.player);
    member.text = to_json(member.content);
    if (const Value& name = entry["name"]; !name.is_nil()) {
      if (!name.is_string() || name.string().empty()) {
        fail(path_, said, fmt::format("name of {} is a word, not {}", who, shown(name)));
      }
      member.said_name = name.string();
    }
    for (const char* field : {"watches", "times", "seat"}) {
      if (!entry[field].is_nil() && (watched != nullptr) != (std::string_view(field) == "watches"))
        fail(path_, said, fmt::format("{}: '{}' is said of {}", who, field, watched ? "players" : "observers"));
    }
    Entry read{add(std::move(member)), 1, {entry["seat"], said.level, said.command}};
    if (!entry["times"].is_nil()) {
      read.times = whole(path_, {entry["times"], said.level, said.command}, "times of " + who, 1);
    }
    out.push_back(std::move(read));
  }
  return out;
}

void Pool::name_all(const std::string& study_model) {
  std::map<std::string, std::vector<uint32_t>> by_strategy;
  std::set<std::string> taken;
  for (uint32_t i = 0; i < members_.size(); ++i) {
    if (members_[i].said_name.empty()) {
      by_strategy[members_[i].player.strategy].push_back(i);
    } else {
      taken.insert(members_[i].said_name);
    }
  }
  for (const auto& [strategy, group] : by_strategy) {
    std::map<std::string, std::set<Value>> settings, sampling;
    std::map<std::string, std::set<std::string>> models;  // by short name
    std::set<std::vector<std::string>> told;
    std::set<std::string> all_models;
    std::set<std::string> watched;
    const Value defaults = known_.strategy(strategy)->settings;
    for (uint32_t i : group) {
      const Player& player = members_[i].player;
      for (const auto& [name, standard] : defaults.record()) {
        const Value& value = player.settings[name];
        settings[name].insert(value.is_nil() ? standard : value);
      }
      for (const std::string& name : sampling_fields()) {
        if (!player.model.empty()) sampling[name].insert(player.sampling[name]);
      }
      models[short_model(player.model)].insert(player.model);
      all_models.insert(player.model);
      told.insert(player.told);
      watched.insert(members_[i].watched);
    }
    std::map<std::string, std::set<std::string>> contents;  // of each name without sampling
    for (uint32_t i : group) {
      Player& player = members_[i].player;
      player.name = strategy;
      if (all_models.size() > 1 && player.model != study_model) {
        const std::string brief = short_model(player.model);
        player.name += "@" + (models[brief].size() > 1 ? player.model : brief);
      }
      for (const auto& [name, value] : player.settings.record()) {
        if (settings[name].size() > 1) player.name += " " + name + "=" + value_text(value);
      }
      if (watched.size() > 1 && player.watches > 0) player.name += " of " + members_[i].watched;
      if (told.size() > 1 && !player.told.empty()) player.name += " told=" + list_text(player.told);
      contents[player.name].insert(members_[i].text);
    }
    for (uint32_t i : group) {
      Player& player = members_[i].player;
      if (contents[player.name].size() < 2) continue;
      for (const std::string& name : sampling_fields()) {
        const Value& value = player.sampling[name];
        if (sampling[name].size() > 1 && !value.is_nil()) player.name += " " + name + "=" + value_text(value);
      }
    }
  }
  std::map<std::string, std::string> observers;  // name by what it is, whatever the seat
  for (Member& member : members_) {
    std::string same;
    if (member.player.watches > 0) {
      Player anywhere = member.player;
      anywhere.watches = 0;
      same = fmt::format("{}\n{}\n{}\n{}", to_json(content_of(anywhere)), member.player.model, member.watched,
                         member.copy);
    }
    if (!member.said_name.empty()) {
      member.player.name = member.said_name;
      if (member.copy > 1) member.player.name += fmt::format("#{}", member.copy);
      continue;
    }
    if (const auto known = observers.find(same); known != observers.end()) {
      member.player.name = known->second;
      continue;
    }
    std::string name = member.player.name;
    for (int n = std::max(2, member.copy); member.copy > 1 || taken.count(name) > 0; ++n) {
      name = fmt::format("{}#{}", member.player.name, n);
      if (taken.count(name) == 0) break;
    }
    taken.insert(name);
    if (!same.empty()) observers.emplace(same, name);
    member.player.name = std::move(name);
  }
}

}  // namespace parley::study
