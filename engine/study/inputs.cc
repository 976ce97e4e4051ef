#include "study/inputs.h"

#include <algorithm>
#include <map>
#include <set>

#include "game/orders.h"

namespace parley {
namespace {

bool asks(const Plan& plan) {
  const std::vector<Player>& players = plan.lineup->players;
  return std::any_of(players.begin(), players.end(), [](const Player& p) { return !p.model.empty(); });
}

}  // namespace

Value drawn_for(const Plan& plan, const GameInfo& game) {
  if (!asks(plan)) return {};
  Value::Record out;
  std::vector<Value> declared;
  if (!game.actions.empty() && game.actions[0].kind == ActionSet::Kind::list) declared = game.actions[0].items;
  Value::Record labels;
  for (const auto& [action, label] : labels_by_action(plan, declared)) labels.emplace(action, label);
  if (!labels.empty()) out.emplace("labels", std::move(labels));
  auto list = [](const std::vector<int>& order) {
    Value::List l;
    for (int i : order) l.push_back(i + 1);
    return Value(std::move(l));
  };
  if (!declared.empty() && plan.condition->rules.option_order != Value("each_round")) {
    out.emplace("option_order", list(option_order(plan, static_cast<int>(declared.size()), 1)));
  }
  out.emplace("payoff_order", payoff_order(plan, 2)[0] == 0 ? "given" : "reversed");
  return out;
}

Value drawn_for(const Plan& plan, Scripts& scripts) {
  const Rules& rules = plan.condition->rules;
  return asks(plan) ? drawn_for(plan, scripts.game(rules.game, rules.settings, plan.roles())) : Value();
}

std::vector<SourceText> files_of(const Plan& plan, Scripts& scripts) {
  std::map<std::string, SourceText> files;
  auto source = [&](const std::string& kind, const std::string& name) {
    const SourceFile* file = scripts.sources().find(kind, name);
    if (file) files.emplace(file->name, SourceText{file->name, file->hash, file->text});
  };
  auto prompts = [&](const std::string& relative, const PromptFile* file) {
    if (file) files.emplace("prompts/" + relative, SourceText{"prompts/" + relative, hash_of(file->text), file->text});
  };
  auto read = [&](const std::set<std::string>& names) {
    for (const std::string& name : names) {
      if (const SourceFile* file = scripts.sources().stored(name))
        files.emplace(name, SourceText{name, file->hash, file->text});
    }
  };
  const Rules& rules = plan.condition->rules;
  Library& library = scripts.library();
  source("games", rules.game);
  const GameSetup& setup = scripts.setup(rules.game, rules.settings, plan.roles());
  read(setup.data);
  for (const Player& player : plan.lineup->players) {
    source("strategies", player.strategy);
    const Strategy& strategy = scripts.load_strategy(player.strategy);
    read(strategy.data);
    if (!strategy.info.asks) continue;
    prompts(strategy.info.name + ".txt", strategy.prompts);
    for (const std::string& told : player.told) {
      std::string file = told.substr(0, told.find('/'));
      library.told(told);
      if (auto used = library.used(); used.contains("told/" + file + ".txt")) {
        const std::string& text = used.at("told/" + file + ".txt");
        files.emplace("prompts/told/" + file + ".txt",
                      SourceText{"prompts/told/" + file + ".txt", hash_of(text), text});
      }
    }
  }
  if (asks(plan)) {
    prompts(setup.prompts_name + ".txt", setup.prompts);
    prompts("covers/" + rules.cover + ".txt", library.cover(rules.cover));
    prompts("repair.txt", library.file("repair"));
    if (!rules.unit.is_list()) {
      library.unit(value_text(rules.unit));
      if (auto used = library.used(); used.contains("units.txt")) {
        files.emplace("prompts/units.txt",
                      SourceText{"prompts/units.txt", hash_of(used.at("units.txt")), used.at("units.txt")});
      }
    }
  }
  std::vector<SourceText> out;
  for (auto& [name, file] : files) out.push_back(std::move(file));
  return out;
}

int64_t Inputs::of(const Plan& plan) {
  auto [at, fresh] = known_.try_emplace({plan.condition.get(), plan.lineup.get()}, 0);
  if (fresh) {
    try {
      at->second = keep(files_of(plan, scripts_));
    } catch (...) {
      known_.erase(at);
      throw;
    }
  }
  return at->second;
}

int64_t Inputs::of(const Plan& plan, const std::set<std::string>& data) {
  std::vector<SourceText> files = files_of(plan, scripts_);
  for (const std::string& name : data) {
    if (std::none_of(files.begin(), files.end(), [&](const auto& file) { return file.name == name; }))
      files.push_back(*read_in_play(name));
  }
  return keep(files);
}

int64_t Inputs::keep(const std::vector<SourceText>& files) {
  std::vector<std::pair<std::string, Hash>> list;
  for (const SourceText& file : files) {
    store_.source(file.name, file.hash, file.text);
    list.emplace_back(file.name, file.hash);
  }
  return store_.inputs(std::move(list));
}

// A file that Match::data() names.
std::optional<SourceText> Inputs::read_in_play(const std::string& name) {
  const std::string_view folder = "prompts/", suffix = ".txt";
  if (name.starts_with(folder)) {
    const size_t size = name.size() - folder.size() - suffix.size();
    const PromptFile* file = scripts_.library().file(name.substr(folder.size(), size));
    return file ? std::optional(SourceText{name, hash_of(file->text), file->text}) : std::nullopt;
  }
  const SourceFile* file = scripts_.sources().stored(name);
  return file ? std::optional(SourceText{name, file->hash, file->text}) : std::nullopt;
}

bool Inputs::still_hold(int64_t stored, int64_t now) {
  if (stored == now) return true;
  auto [at, fresh] = same_.try_emplace({stored, now}, false);
  if (!fresh) return at->second;
  std::map<std::string, Hash> wanted;
  for (const SourceText& file : store_.files(now)) wanted.emplace(file.name, file.hash);
  bool same = true;
  size_t found = 0;
  for (const SourceText& file : store_.files(stored)) {
    if (auto w = wanted.find(file.name); w != wanted.end()) {
      ++found;
      same = same && w->second == file.hash;
    } else {
      const auto read = read_in_play(file.name);
      same = same && read && read->hash == file.hash;
    }
  }
  return at->second = same && found == wanted.size();
}

Labels drawn_labels(const Value& drawn) {
  Labels out;
  if (!drawn["labels"].is_record()) return out;
  for (const auto& [action, label] : drawn["labels"].record()) out.emplace(action, value_text(label));
  return out;
}

}  // namespace parley
