#include "api/commands/one_match.h"

#include <fmt/format.h>

#include <cctype>
#include <chrono>
#include <optional>

#include "base/error.h"
#include "base/json.h"
#include "game/orders.h"
#include "study/expand/parts.h"

namespace parley {
namespace {

// The last blank with NAME= behind it: there a setting begins, whose value may hold blanks.
size_t last_setting(const std::string& said) {
  size_t found = said.npos;
  for (size_t is = said.find('='); is != said.npos; is = said.find('=', is + 1)) {
    size_t name = is;
    while (name > 0 && (said[name - 1] == '_' || std::isalnum(static_cast<unsigned char>(said[name - 1])))) --name;
    if (name > 0 && name < is && said[name - 1] == ' ') found = name - 1;
  }
  return found;
}

}  // namespace

Value entry_of(const std::string& all) {
  std::string said = all;
  std::vector<Override> settings;
  auto trim = [&] { said.resize(said.find_last_not_of(' ') + 1); };
  trim();
  for (size_t blank = last_setting(said); blank != said.npos; blank = last_setting(said)) {
    settings.push_back(override_of(std::string_view(said).substr(blank + 1)));
    said.resize(blank);
    trim();
  }
  if (said == "human") return Value::Record{{"strategy", "direct"}, {"model", "human"}, {"name", "human"}};
  size_t at = said.find('@');
  if (at == 0 || at + 1 == said.size()) {
    throw Misuse(fmt::format("a player is STRATEGY, STRATEGY@MODEL or human, not '{}'", said));
  }
  Value entry = Value::Record{{"strategy", said.substr(0, at)}};
  if (at != std::string::npos) entry = entry.with("model", said.substr(at + 1));
  for (const Override& setting : settings) entry = entry.with(setting.name, setting.value);
  return entry;
}

StudyFile study_of(const std::string& who, const std::string& game, Value::List entries) {
  StudyFile file;
  file.path = who;
  file.fields = Value::Record{{"game", game}, {"players", std::move(entries)}};
  file.text = "study " + to_json(file.fields) + "\n";
  return file;
}

Design design_of(Workspace& workspace, const StudyFile& file, const Args& args) {
  for (const Value& entry : file.fields["players"].list()) {
    const std::string& name = entry["strategy"].string();
    if (!entry["model"].is_nil() || !file.fields["model"].is_nil() || args.text("--model") ||
        !workspace.sources().find("strategies", name)) {
      continue;
    }
    if (workspace.scripts().strategy(name).asks) {
      throw Misuse(fmt::format("'{}' asks a model: say which, as {}@scripted:random, or --model", name, name));
    }
  }
  try {
    return Design::make(file, workspace.lookup(), overrides_of(args));
  } catch (const Misuse&) {
    throw;
  } catch (const Error& e) {
    std::string what = e.what(), who = file.path + ": ";
    if (what.starts_with(who)) throw Misuse(what.substr(who.size()));
    throw;
  }
}

int seat_named(const std::string& said, const std::vector<std::string>& seats) {
  for (size_t i = 0; i < seats.size(); ++i) {
    if (said == seats[i] || said == std::to_string(i + 1)) return static_cast<int>(i) + 1;
  }
  throw Misuse(
      fmt::format("there is no seat '{}'{}; there are: {}", said, did_you_mean(said, seats), joined(seats, ", ")));
}

Value settings_said(const Args& args) {
  Value::Record out;
  for (const std::string& said : args.all("--set")) {
    Override set = override_of(said);
    if (!study::use_of(set.name)) out.insert_or_assign(set.name, std::move(set.value));
  }
  return out;
}

size_t seats_of(Workspace& workspace, const std::string& game, const Value& settings) {
  GameInfo info = workspace.scripts().game(game, settings);
  return info.players.empty() ? static_cast<size_t>(info.least) : info.players.size();
}

void play_through(Match& match, const Answerer& answer, const Together& together) {
  for (;;) {
    std::vector<Question> questions = match.advance();
    if (questions.empty()) return;
    if (together) together(questions);
    for (const Question& question : questions) {
      if (match.status() != MatchStatus::open) return;
      match.answer(question.place, answer(question));
    }
  }
}

Reply ask(Model& model, const Request& request) {
  using std::chrono::milliseconds;
  Mailbox mailbox;
  model.start(1, request, mailbox);
  constexpr std::chrono::seconds kGrace(5);  // for what is in flight when it is stopped
  std::optional<std::chrono::steady_clock::time_point> cancelled;
  for (;;) {
    const auto now = std::chrono::steady_clock::now();
    for (Answer& answer : mailbox.take(now + milliseconds(100))) return std::move(answer.reply);
    if (stop_signal() != 0 && !cancelled) {
      model.cancel();
      cancelled = now;
    }
    if (cancelled && now - *cancelled > kGrace) {
      Reply reply;
      reply.failure = Failure{Failure::Size::again, "stopped before there was an answer"};
      return reply;
    }
  }
}

std::map<std::string, std::string> labels_of(const Plan& plan, Scripts& scripts) {
  const Rules& rules = plan.condition->rules;
  const GameSetup& setup = scripts.setup(rules.game, rules.settings, plan.roles());
  std::vector<Value> declared;
  if (!setup.actions.empty() && setup.actions[0]->kind == ActionSet::Kind::list) declared = setup.actions[0]->items;
  return labels_by_action(plan, declared);
}

}  // namespace parley
