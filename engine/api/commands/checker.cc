#include "api/commands/checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "model/llama.h"

namespace parley {
namespace {

constexpr uint64_t kMostMatches = 5000;  // of a study that are played
constexpr uint64_t kMostTries = 200;     // matches of a game played to see its sections used

Override set(const char* name, Value value) {
  std::string said = "check: " + std::string(name);
  return {name, std::move(value), said};
}

// Settings of a game, and above them what else is set.
std::vector<Override> with(const Value& settings, std::vector<Override> more) {
  for (const auto& [name, value] : settings.record()) {
    const bool said = std::any_of(more.begin(), more.end(), [&](const Override& one) { return one.name == name; });
    if (!said) more.push_back(set(name.c_str(), value));
  }
  return more;
}

}  // namespace

Checker::Checker(Workspace& workspace) : workspace_(workspace), random_(open_model("scripted:random")) {}

std::vector<const PromptFile*> Checker::covers() {
  std::vector<const PromptFile*> out;
  for (const std::string& name : workspace_.library().covers()) {
    try {
      if (const PromptFile* cover = workspace_.library().cover(name)) out.push_back(cover);
    } catch (const Error& e) {
      complaints.error(e.what());
    }
  }
  return out;
}

std::string Checker::asker() const {
  std::vector<std::string> names = workspace_.sources().names("strategies");
  if (std::find(names.begin(), names.end(), "direct") != names.end()) return "direct";
  for (const std::string& name : names) {
    try {
      if (workspace_.scripts().strategy(name).asks) return name;
    } catch (const Error&) {
      continue;  // it is complained about where it is checked
    }
  }
  throw Error("there is no strategy that asks, so that no prompt can be tried");
}

Design Checker::of(const std::string& game, const std::string& strategy, size_t seats,
                   const std::vector<Override>& overrides, const std::string& observer) {
  Value::List entries(seats, Value::Record{{"strategy", strategy}});
  StudyFile file = study_of("check", game, std::move(entries));
  if (!observer.empty()) {
    file.fields = file.fields.with("observers", Value::List{Value::Record{{"strategy", observer}, {"watches", 1}}});
  }
  file.fields = file.fields.with("model", "scripted:random");
  return Design::make(file, workspace_.lookup(), overrides);
}

bool Checker::play(const Design& design, uint64_t i, const std::function<void(const Question&, const Reply&)>& each,
                   std::string* quiet) {
  leave_if_stopped();
  try {
    Match match(workspace_.scripts(), design.at(i));
    std::vector<std::vector<Question>> batches;
    play_through(
        match,
        [&](const Question& question) {
          Reply reply = ask(*random_, question.request);
          if (each) each(question, reply);
          return reply;
        },
        [&](const std::vector<Question>& batch) { batches.push_back(batch); });
    findings.add(match, batches);
    if (match.status() == MatchStatus::whole) return true;
    const Transcript& transcript = match.transcript();
    throw Error(fmt::format("{}: an answer of {} could not be read though it is allowed: {}",
                            match.plan().condition->rules.game, transcript.seat_name(std::max(1, transcript.void_seat)),
                            transcript.why));
  } catch (const Error& e) {
    if (quiet) {
      *quiet = e.what();
    } else {
      complaints.error(e.what());
    }
    return false;
  }
}

void Checker::with_another(const std::string& game, const Value& settings, size_t seats, int rounds,
                           const std::string& setting, const Value& value) {
  if (!value.is_boolean() && !value.is_number()) return;
  const Value another = value.is_boolean() ? Value(!value.boolean()) : Value(value.number() + 1);
  try {
    std::string quiet;
    play(of(game, asker(), seats, with(settings, {set("rounds", rounds), set(setting.c_str(), another)})), 0, {},
         value.is_number() ? &quiet : nullptr);
  } catch (const Error& e) {
    if (value.is_boolean()) complaints.error(e.what());
  }
}

bool Checker::game(const std::string& name, const Value& settings) {
  Scripts& scripts = workspace_.scripts();
  try {
    GameInfo info = scripts.game(name, settings);
    size_t least = info.players.empty() ? static_cast<size_t>(info.least) : info.players.size();
    const GameSetup& setup = scripts.setup(name, settings, static_cast<int>(least));
    for (const std::string& warning : scripts.warnings(setup)) complaints.warning(warning);
    auto design_for = [&](const std::string& strategy, size_t seats, const std::vector<Override>& overrides) {
      return of(name, strategy, seats, with(settings, overrides));
    };
    // All rounds only where a section was not met in so many.
    const int all_rounds = std::max(3, info.rounds.value_or(1)), rounds = std::min(all_rounds, 50);
    if (!setup.prompts) {  // for fixed rules only
      Design design = design_for("random", least, {set("rounds", std::min(rounds, 10)), set("repeats", 2)});
      for (uint64_t i = 0; i < design.size(); ++i) play(design, i);
      return true;
    }
    std::string strategy = asker();
    std::vector<std::vector<Override>> ways = {
        {set("repeats", 8)},
        {set("repeats", 2), set("read", "scored")},
        {set("repeats", 1), set("format", "messages")},
        {set("repeats", 1), set("horizon", "hidden")},
    };
    for (const std::string& cover : workspace_.library().covers()) {
      const PromptFile* file = workspace_.library().cover(cover);
      if (cover != "plain" && workspace_.library().missing_phrases(*setup.prompts, *file).empty())
        ways.push_back({set("cover", cover)});
    }
    bool sound = true;
    for (std::vector<Override>& way : ways) {
      way.push_back(set("rounds", rounds));
      Design design = design_for(strategy, least, way);
      for (uint64_t i = 0; i < design.size() && sound; ++i) {
        sound = play(design, i, [&](const Question& question, const Reply&) {
          Findings::white_space(question, strategy, complaints);
        });
      }
    }
    const size_t more = least + (info.players.empty() && info.most > info.least ? 1 : 0);
    if (sound && more > least) play(design_for(strategy, more, {set("rounds", 2)}), 0);
    const Findings by_default = findings;  // what other settings bring up says nothing of the game under its defaults
    for (const auto& [setting, value] : info.settings.record()) {
      if (sound) with_another(name, settings, more, rounds, setting, value);
    }
    for (uint64_t seed = 2; sound && seed < kMostTries && findings.any_unused_of_game(setup, covers()); ++seed) {
      sound = play(design_for(strategy, least, {set("rounds", all_rounds), set("seed", seed)}), 0);
    }
    if (sound) findings.unused_of_game(setup, covers(), complaints);
    findings.untold(setup, workspace_.library(), complaints);
    findings.unended(setup, complaints);
    findings = by_default;
    return true;
  } catch (const Error& e) {
    complaints.error(e.what());
    return false;
  }
}

bool Checker::strategy(const std::string& name) {
  try {
    const Strategy& strategy = workspace_.scripts().load_strategy(name);
    if (!strategy.info.asks) return true;
    std::string why;
    bool played = false;
    auto try_in = [&](const std::string& game, const std::string& player, const std::string& observer) {
      std::string problem;
      try {
        Design design = of(game, player, seats_of(workspace_, game), {set("rounds", 3), set("repeats", 2)}, observer);
        bool whole = true;
        for (uint64_t i = 0; i < design.size() && whole; ++i) whole = play(design, i, {}, &problem);
        played = played || whole;
      } catch (const Error& e) {
        problem = e.what();
      }
      if (why.empty()) why = problem;
    };
    const std::vector<std::string> games = workspace_.sources().names("games");
    for (const std::string& game : games) try_in(game, name, "");
    if (!played) {  // it may be for observers alone, who choose nothing
      for (const std::string& game : games) try_in(game, "random", name);
    }
    if (!played) throw Error(why.empty() ? fmt::format("{}: there is no game to try it in", strategy.info.path) : why);
    findings.unused_of_strategy(strategy, covers(), complaints);
    return true;
  } catch (const Error& e) {
    complaints.error(e.what());
    return false;
  }
}

void Checker::words() {
  Library& library = workspace_.library();
  auto guarded = [&](const std::function<void()>& look) {
    try {
      look();
    } catch (const Error& e) {
      complaints.error(e.what());
    }
  };
  std::vector<const PromptFile*> files;
  std::set<std::string> owners = {"matrix", "repair"}, phrases;
  for (const char* kind : {"games", "strategies"}) {
    for (std::string& name : workspace_.sources().names(kind)) owners.insert(std::move(name));
  }
  for (const std::string& name : library.files()) {
    guarded([&] {
      const PromptFile* file = library.file(name);
      if (!file) return;
      files.push_back(file);
      for (const auto& [section, text] : file->sections) phrases.merge(text.phrases());
      if (!owners.contains(name)) {
        complaints.warning(fmt::format("{}: no game or strategy is called '{}'{}", file->path, name,
                                       did_you_mean(name, {owners.begin(), owners.end()})));
      }
    });
  }
  for (const PromptFile* cover : covers()) {
    for (const auto& [section, text] : cover->sections) phrases.merge(text.phrases());
    if (std::none_of(files.begin(), files.end(), [&](const PromptFile* file) {
          return file->sections.contains("rules") && library.missing_phrases(*file, *cover).empty();
        })) {
      complaints.error(fmt::format("{}: it fits no game: `parley list` shows what fits", cover->path));
    }
  }
  std::vector<std::string> told;
  guarded([&] { told = library.told_names(); });
  for (const std::string& name : told) guarded([&] { phrases.merge(library.told(name).phrases()); });
  for (const PromptFile* cover : covers()) {
    for (const auto& [section, line] : cover->lines) {
      if (!phrases.contains(section.substr(0, section.find('.')))) {
        complaints.warning(fmt::format("{}:{}: nothing uses the phrase '{}'", cover->path, line, section));
      }
    }
  }
  guarded([&] { library.unit("points"); });
  // What players are told is rendered in the first game that takes it.
  for (const std::string& name : told) {
    std::string problem;
    bool rendered = false;
    for (const std::string& game : workspace_.sources().names("games")) {
      if (rendered) break;
      try {
        rendered = play(of(game, asker(), seats_of(workspace_, game), {set("told", name)}), 0, {}, &problem);
      } catch (const Error& e) {
        if (problem.empty()) problem = e.what();
      }
    }
    if (!rendered) complaints.error(problem.empty() ? fmt::format("prompts/told: no game takes '{}'", name) : problem);
  }
}

uint64_t Checker::study(const std::string& path, const Design& design, Forecast& forecast) {
  uint64_t matches = 0;
  uint64_t blocks = std::min<uint64_t>(design.repeats(), 2);
  uint64_t size = std::min(design.size() / design.repeats() * blocks, kMostMatches);
  std::set<std::string> failed, seen;  // conditions: one error each is enough
  for (uint64_t i = 0; i < size; ++i) {
    std::shared_ptr<const Plan> plan = design.at(i);
    const std::string& condition = plan->condition->name;
    if (failed.contains(condition)) continue;
    if (seen.insert(condition).second) {
      const Rules& rules = plan->condition->rules;
      Scripts& scripts = workspace_.scripts();
      for (const std::string& warning : scripts.warnings(scripts.setup(rules.game, rules.settings, plan->roles())))
        complaints.warning(warning);
    }
    std::string problem;
    std::map<std::string, int> asked_first;  // request to seat
    bool whole = play(
        design, i,
        [&](const Question& question, const Reply& answer) {
          if (question.place.n == 1 && question.request.pure() && plan->condition->rules.decide == "argmax") {
            const int seat = question.place.seat;
            asked_alike = asked_first.emplace(question.request.canonical(), seat).first->second != seat || asked_alike;
          }
          const Player& player = plan->lineup->players[static_cast<size_t>(question.place.seat) - 1];
          Findings::white_space(question, player.strategy, complaints);
          Model* model = workspace_.models().by_identity(player.model_identity);
          if (model && !model->can(question.request.read)) {
            throw Error(fmt::format("{}: {} cannot be read as {}", path, player.model,
                                    question.request.read == ReadMode::scored ? "scored" : "constrained"));
          }
          if (std::string objection = model ? model->objection(question.request) : ""; !objection.empty()) {
            throw Error(fmt::format("{}: {} cannot be asked '{}': {}", path, player.model,
                                    question.request.about.question, objection));
          }
          const bool counts = model && kind_of(player.model).local;
          forecast.asked(condition, player, question, answer,
                         counts ? static_cast<int64_t>(llama_tokens(*model, question.request).size()) : -1);
        },
        &problem);
    ++matches;
    forecast.played(condition);
    if (whole) continue;
    failed.insert(condition);
    complaints.error(condition.empty() || problem.find(condition) != std::string::npos
                         ? problem
                         : fmt::format("{} (in condition '{}')", problem, condition));
  }
  return matches;
}

}  // namespace parley
