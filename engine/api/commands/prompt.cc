// parley prompt GAME STRATEGY...: what a model would be shown, byte for byte.
#include <fmt/format.h>

#include "api/commands/commands.h"
#include "api/commands/one_match.h"
#include "base/error.h"
#include "base/json.h"

namespace parley::commands {
namespace {

const char* name_of(ReadMode read) {
  return read == ReadMode::scored ? "scored" : read == ReadMode::constrained ? "constrained" : "text";
}

Value request_value(const Question& question) {
  const Request& request = question.request;
  Value::List messages;
  for (const Message& message : request.messages)
    messages.push_back(Value::Record{{"role", message.role}, {"text", message.text}});
  Value::Record out{{"seat", request.about.seat},
                    {"round", request.about.round},
                    {"decision", request.about.decision},
                    {"question", request.about.question},
                    {"place", Value::Record{{"seat", question.place.seat},
                                            {"n", question.place.n},
                                            {"sample", question.place.sample},
                                            {"try", question.place.attempt}}},
                    {"model", request.model},
                    {"sampling", request.sampling},
                    {"messages", std::move(messages)},
                    {"cue", request.cue},
                    {"read", name_of(request.read)},
                    {"labels", Value::List(request.labels.begin(), request.labels.end())},
                    {"may_be", request.about.actions},
                    {"hash", hash_of(request.canonical())}};
  if (!request.schema.is_nil()) out.emplace("schema", request.schema);
  return out;
}

}  // namespace

int prompt(const Args& args, Console& console) {
  Workspace workspace(args, console);
  const std::string& game = args.words[0];
  Value::List entries;
  for (size_t i = 1; i < args.words.size(); ++i) entries.push_back(entry_of(args.words[i]));
  if (workspace.sources().find("games", game)) {
    // The last one named sits in all seats that are left.
    while (entries.size() < seats_of(workspace, game, settings_said(args))) entries.push_back(entries.back());
  }
  StudyFile file = study_of("prompt", game, std::move(entries));
  file.fields = file.fields.with("model", "scripted:random");
  Design design = design_of(workspace, file, args);
  std::shared_ptr<const Plan> plan = design.at(0);
  const std::vector<Player>& players = plan->lineup->players;
  const GameSetup& setup =
      workspace.scripts().setup(plan->condition->rules.game, plan->condition->rules.settings, plan->roles());

  int seat = 0;
  for (size_t i = 0; i < players.size() && seat == 0; ++i) {
    if (!players[i].model.empty()) seat = static_cast<int>(i) + 1;
  }
  if (seat == 0) throw Misuse(fmt::format("strategy '{}' is a fixed rule: it is shown nothing", players[0].strategy));
  if (const std::string* said = args.text("--seat")) seat = seat_named(*said, setup.seats);
  if (const Player& player = players[static_cast<size_t>(seat) - 1]; player.model.empty()) {
    throw Misuse(fmt::format("{} is played by '{}', a fixed rule: it is shown nothing",
                             setup.seats[static_cast<size_t>(seat) - 1], player.strategy));
  }
  std::optional<int> round = args.count("--round", 1);  // else the first in which the seat is asked

  std::unique_ptr<Model> random = open_model("scripted:random");
  std::vector<Question> found;
  std::vector<std::string> asked_in;  // rounds, the first few
  Match match(workspace.scripts(), plan);
  play_through(match, [&](const Question& question) {
    const int asked = question.request.about.round;
    if (question.place.seat == seat && question.place.sample == 1) {
      if (!round) round = asked;
      if (asked == *round) found.push_back(question);
      if (std::string in = std::to_string(asked); asked_in.empty() || asked_in.back() != in) asked_in.push_back(in);
    }
    return ask(*random, question.request);
  });
  if (found.empty()) {
    constexpr size_t kMost = 6;
    const bool more = asked_in.size() > kMost;
    if (more) asked_in.resize(kMost), asked_in.emplace_back("...");
    const std::string in = asked_in.empty() ? "" : fmt::format("; it is asked in {}", fmt::join(asked_in, ", "));
    throw Error(fmt::format("{} is asked nothing{} (the match had {}{})", setup.seats[static_cast<size_t>(seat) - 1],
                            round ? fmt::format(" in round {}", *round) : "",
                            counted(match.transcript().rounds, "round", "rounds"), in));
  }

  if (args.has("--json")) {
    Value::List all;
    for (const Question& question : found) all.push_back(request_value(question));
    console.out(to_json(all) + "\n");
    return 0;
  }
  // What was sent is data; who is asked what is talk. A text alone is printed to the byte.
  for (const Question& question : found) {
    const Request& request = question.request;
    std::string how = fmt::format("read as {}", name_of(request.read));
    if (!request.about.actions.is_nil()) how += ": " + describe(ActionSet::from(request.about.actions));
    console.line(fmt::format("-- {}, round {}, {}: asked '{}', {}", request.about.seat, request.about.round,
                             request.about.decision, request.about.question, how));
    std::string text;
    for (const Message& message : request.messages) {
      if (message.role == "text") {
        text += message.text;
      } else {
        text += fmt::format("{}-- {}\n{}", text.empty() ? "" : "\n", message.role, message.text);
      }
    }
    if (!request.cue.empty() && request.messages.back().role != "text") text += "\n-- the answer begins\n";
    text += request.cue;
    bool last = &question == &found.back();
    console.out(text + (last && !console.out_is_terminal() ? "" : "\n"));
  }
  return 0;
}

}  // namespace parley::commands
