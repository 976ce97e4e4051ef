#include "table.h"

#include <filesystem>

#include "api/commands/narrator.h"
#include "base/file.h"
#include "base/json.h"

namespace parley::test {
namespace fs = std::filesystem;

Table::Table(std::map<std::string, std::string> texts, Limits limits) {
  for (const char* folder : {"games", "strategies", "prompts"}) {
    fs::path root = fs::path(PARLEY_ROOT) / folder;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (!entry.is_regular_file()) continue;
      texts.emplace((fs::path(folder) / fs::relative(entry.path(), root)).string(), read_file(entry.path().string()));
    }
  }
  std::map<std::string, std::string> prompts;
  for (const auto& [name, text] : texts) {
    if (name.rfind("prompts/", 0) == 0) prompts.emplace(name.substr(8), text);
  }
  sources_ = std::make_unique<Sources>(texts);
  library_ = std::make_unique<Library>(prompts);
  scripts_ = std::make_unique<Scripts>(*sources_, *library_, limits);
}

std::shared_ptr<const Plan> Table::plan(const std::string& game, const std::vector<std::string>& players,
                                        const std::function<void(Rules&, std::vector<Player>&)>& change, uint32_t block,
                                        uint64_t seed) {
  auto condition = std::make_shared<Condition>();
  condition->rules.game = game;
  condition->rules.settings = Value::Record{};
  condition->id = "condition";
  auto lineup = std::make_shared<Lineup>();
  lineup->id = "lineup";
  for (const std::string& name : players) {
    Player player;
    auto at = name.find('@');
    player.strategy = player.name = name.substr(0, at);
    if (at != std::string::npos) player.model = player.model_identity = name.substr(at + 1);
    lineup->players.push_back(player);
  }
  if (change) change(condition->rules, lineup->players);
  auto plan = std::make_shared<Plan>();
  plan->condition = condition;
  plan->lineup = lineup;
  plan->block = block;
  plan->seed = seed;
  plan->id = "match";
  return plan;
}

Transcript Table::play(std::shared_ptr<const Plan> plan, const Answerer& answer, bool backwards) {
  Match match(*scripts_, std::move(plan));
  std::vector<Question> waiting;
  for (;;) {
    for (Question& question : match.advance()) waiting.push_back(std::move(question));
    if (waiting.empty()) {
      Transcript transcript = match.transcript();
      transcript.spell_out();
      return transcript;
    }
    Question question = backwards ? waiting.back() : waiting.front();
    waiting.erase(backwards ? waiting.end() - 1 : waiting.begin());
    match.answer(question.place, answer(question));
  }
}

std::vector<double> totals(const Transcript& transcript) {
  std::vector<double> out(transcript.seats.size());
  for (const Event& event : transcript.events) {
    if (event.kind == Event::pay) out[static_cast<size_t>(event.seat) - 1] += event.number;
  }
  return out;
}

std::string moves(const Transcript& transcript, int seat, const std::string& decision) {
  std::string out;
  for (const Event& event : transcript.events) {
    if ((event.kind != Event::choice && event.kind != Event::missing) || event.seat != seat) continue;
    if (transcript.words->names[static_cast<size_t>(event.name)] != decision) continue;
    out += (out.empty() ? "" : " ") + value_text(transcript.value_of(event));
  }
  return out;
}

static std::shared_ptr<const Plan> written(Table& table, const std::string& game,
                                           const std::vector<std::string>& players, int rounds,
                                           const std::string& settings, uint32_t block) {
  std::vector<std::string> names;
  for (const std::string& player : players) names.push_back(player.substr(0, player.find(' ')));
  return table.plan(
      game, names,
      [&](Rules& rules, std::vector<Player>& all) {
        rules.rounds = rounds;
        rules.format = "text";
        rules.settings = from_json(settings);
        for (size_t i = 0; i < all.size(); ++i) {
          size_t at = players[i].find(' ');
          if (at != std::string::npos) all[i].settings = from_json(players[i].substr(at));
        }
      },
      block);
}

Transcript played(const std::string& game, const std::vector<std::string>& players, int rounds,
                  const std::string& settings, uint32_t block) {
  static Table table;
  return table.play(written(table, game, players, rounds, settings, block));
}

std::string sent_to(int seat, const std::string& game, const std::vector<std::string>& players, int rounds,
                    const std::string& settings, const std::string& reply) {
  static Table table;
  std::string out;
  table.play(written(table, game, players, rounds, settings, 1), [&](const Question& question) {
    if (question.place.seat == seat) out = question.request.messages.back().text;
    return says(reply);
  });
  return out;
}

std::string plan_of(const std::string& moves) { return "plan {\"moves\": " + moves + "}"; }

std::string noted(const Transcript& t, const std::string& name) {
  std::string out;
  for (const Event& e : t.events) {
    if (e.kind != Event::note || t.words->names[static_cast<size_t>(e.name)] != name) continue;
    out += (out.empty() ? "" : " ") + value_text(t.value_of(e));
  }
  return out;
}

std::string known(const std::string& game, int seats, const std::string& settings) {
  static Table table;
  std::string out;
  for (const Known& one : table.scripts().known(table.scripts().setup(game, from_json(settings), seats))) {
    out += (out.empty() ? "" : "\n") + one.name;
    if (one.columns.empty()) {
      out += " " + value_text(one.value);
      continue;
    }
    out += ":";
    for (const std::string& name : one.columns) out += " " + name;
    for (const Value::List& row : one.rows) {
      out += " /";
      for (const Value& cell : row) out += " " + value_text(cell);
    }
  }
  return out;
}

std::string error_of(std::map<std::string, std::string> texts, const std::string& game,
                     const std::vector<std::string>& players) {
  try {
    Table table(std::move(texts));
    table.play(table.plan(game, players), [](const Question&) { return says("1"); });
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

std::string script_of(const Transcript& transcript, int columns, bool one_saw_it) {
  std::string out;
  parley_io io{};
  io.user = &out;
  io.columns = columns;
  io.out = [](void* user, const char* text, size_t size) { static_cast<std::string*>(user)->append(text, size); };
  Console console(&io);
  std::vector<RoundStory> rounds = rounds_of(transcript, 0, one_saw_it);
  Script script(console, transcript.seats, rounds);
  for (const RoundStory& round : rounds) script.round(round);
  return out;
}

Reply says(const std::string& text) {
  Reply reply;
  reply.text = text;
  return reply;
}

}  // namespace parley::test
