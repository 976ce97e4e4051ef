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

Labels drawn_labels(const Value& drawn) {
  Labels out;
  if (!drawn["labels"].is_record()) return out;
  for (const auto& [action, label] : drawn["labels"].record()) out.emplace(action, value_text(label));
  return out;
}

}  // namespace parley
