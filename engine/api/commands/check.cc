// parley check [FILE...]: loads everything, plays it with random answers, and says what it will ask. Asks no network.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "api/commands/balanced.h"
#include "api/commands/checker.h"
#include "api/commands/commands.h"
#include "api/commands/progress.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "report/declared.h"
#include "report/table.h"
#include "study/replay.h"

namespace parley::commands {
namespace {

// What the file declares, by its first line that begins with one of the three words.
std::string declares(const std::string& path) {
  std::string text = "\n" + read_file(path);
  size_t first = text.npos;
  std::string kind;
  for (const char* word : {"game", "strategy", "study"}) {
    for (const char* bracket : {" {", "{", " ("}) {
      size_t at = text.find(std::string("\n") + word + bracket);
      if (at < first) first = at, kind = word;
    }
  }
  return kind;
}

void rows(Console& console, const std::vector<std::pair<std::string, std::string>>& lines, size_t margin) {
  size_t left = 0;
  for (const auto& [a, b] : lines) left = std::max(left, display_width(a));
  left = std::min<size_t>(left, 24);
  for (const auto& [a, b] : lines) {
    size_t from = margin + left + 2;
    std::string text = wrapped(b, console.columns() > from + 20 ? console.columns() - from : 40, from);
    console.out(fmt::format("{}{:<{}}  {}\n", std::string(margin, ' '), a, left, text));
  }
}

std::string setting_text(const Value& value) {
  if (value.is_list() && value.list().empty()) return "none";
  if (value.is_boolean()) return value.boolean() ? "true" : "false";
  return value.is_list() || value.is_record() ? to_json(value) : value_text(value);
}

class Checking {
 public:
  Checking(const Args& args, Console& console) : args_(args), console_(console) {}

  int everything() {
    begin("");
    Sources& sources = workspace_->sources();
    std::vector<std::string> games = sources.names("games"), strategies = sources.names("strategies");
    if (games.empty())
      throw Error("there are no games here: they are looked for in " + joined(workspace_->roots(), ", "));
    for (const std::string& name : games) {
      if (checker_->game(name)) tell_game(name);
    }
    for (const std::string& name : strategies) checker_->strategy(name);
    checker_->words();
    // Each study in a workspace of its own, as `run` has it.
    Complaints complaints = std::move(checker_->complaints);
    std::vector<std::string> studies = workspace_->studies();
    for (const std::string& path : studies) {
      leave_if_stopped();
      begin(path);
      load(path);
      for (const std::string& error : checker_->complaints.errors()) complaints.error(error);
      for (const std::string& warning : checker_->complaints.warnings()) complaints.warning(warning);
    }
    console_.out(fmt::format(
        "\nChecked {}, {}, {}, {}, {}.\n", counted(static_cast<double>(games.size()), "game", "games"),
        counted(static_cast<double>(strategies.size()), "strategy", "strategies"),
        counted(static_cast<double>(workspace_->library().covers().size()), "cover", "covers"),
        counted(static_cast<double>(workspace_->library().told_names().size()), "thing told", "things told"),
        counted(static_cast<double>(studies.size()), "study", "studies")));
    return result(complaints);
  }

  int one(const std::string& said) {
    bool is_path = said.find('/') != std::string::npos || said.ends_with(".lua");
    if (is_path && !file_exists(said)) throw Error(fmt::format("there is no file '{}'", said));
    std::string kind = is_path ? declares(said) : "";
    begin(kind == "study" ? said : "");
    std::string path = said;
    if (!is_path) {
      Sources& sources = workspace_->sources();
      kind = sources.find("games", said) ? "game" : sources.find("strategies", said) ? "strategy" : "";
      for (const std::string& study : workspace_->studies()) {
        if (kind.empty() && std::filesystem::path(study).stem() == said) kind = "study", path = study;
      }
      if (kind.empty())
        throw Error(
            fmt::format("there is no game, strategy or study '{}'{}; `parley list` shows all", said, nearest(said)));
      if (kind == "study") begin(path);
    }
    if (args_.has("--pilot") && (kind == "game" || kind == "strategy"))
      throw Misuse(fmt::format("--pilot plays matches of a study, and '{}' is a {}", said, kind));
    if (kind == "game") {
      if (checker_->game(path)) tell_game(path);
    } else if (kind == "strategy") {
      if (checker_->strategy(path)) tell_strategy(path);
    } else {
      check_study(path);
    }
    return result(checker_->complaints);
  }

 private:
  void begin(const std::string& study) {
    checker_.reset();
    workspace_ = std::make_unique<Workspace>(args_, console_, study);
    checker_ = std::make_unique<Checker>(*workspace_);
  }

  std::string nearest(const std::string& said) {
    std::vector<std::string> known;
    for (const char* kind : {"games", "strategies"}) {
      for (std::string& name : workspace_->sources().names(kind)) known.push_back(std::move(name));
    }
    for (const std::string& study : workspace_->studies())
      known.push_back(std::filesystem::path(study).stem().string());
    return did_you_mean(said, known);
  }

  // The study's design; a model that cannot be opened is an error, and the rest is checked all the same.
  std::optional<Design> load(const std::string& path) {
    try {
      file_ = workspace_->study(path);
      Lookup lookup = workspace_->lookup();
      auto open = lookup.model_identity;
      lookup.model_identity = [this, open](const std::string& model) {
        try {
          return open(model);
        } catch (const Error& e) {
          checker_->complaints.error(fmt::format("{}: {}", file_.path, e.what()));
          return model;
        }
      };
      Design design = Design::make(file_, lookup, overrides_of(args_));
      for (const std::string& warning : design.warnings()) checker_->complaints.warning(warning);
      return design;
    } catch (const Misuse&) {
      throw;
    } catch (const Error& e) {
      checker_->complaints.error(e.what());
      return std::nullopt;
    }
  }

  void check_study(const std::string& path) {
    std::optional<Design> design = load(path);
    if (!design) return;
    std::map<std::string, Value> games;  // with the settings under which each is checked by itself
    std::set<std::string> strategies;
    for (const auto& condition : design->conditions())
      games.emplace(condition->rules.game, by_itself(condition->rules));
    for (const Player& player : design->players()) strategies.insert(player.strategy);
    Forecast forecast;
    const uint64_t played = checker_->study(path, *design, forecast);
    Findings of_study = checker_->findings;
    for (const auto& [game, settings] : games) checker_->game(game, settings);
    for (const std::string& strategy : strategies) checker_->strategy(strategy);

    const Value& about = file_.fields["about"];
    console_.out(fmt::format("{}{}\n", console_.bold(path), about.is_string() ? ": " + about.string() : ""));
    uint64_t lineups = design->size() / design->repeats();
    console_.out(fmt::format(
        "  {}: {}, {} in all, {}\n", counted(static_cast<double>(design->size()), "match", "matches"),
        counted(static_cast<double>(design->conditions().size()), "condition", "conditions"),
        counted(static_cast<double>(lineups), "line-up", "line-ups"), counted(design->repeats(), "block", "blocks")));
    tell_settings(*design);
    const auto nuisance = nuisance_lines(*design);
    if (!nuisance.empty())
      tell_lines(fmt::format("\nBalanced over {}\n", counted(design->repeats(), "block", "blocks")), nuisance);
    tell_players(*design);
    if (args_.has("--pilot") && checker_->complaints.errors().empty()) pilot(*design, forecast);
    tell_questions(of_study, *design, forecast, played);
    for (const auto& [game, settings] : games) tell_game(game, settings);
  }

  // Its defaults; or where it cannot be set up under these (what it reads lies elsewhere), the study's.
  Value by_itself(const Rules& rules) {
    try {
      workspace_->scripts().game(rules.game, Value::Record{});
      return Value::Record{};
    } catch (const Error&) {
      return rules.settings;
    }
  }

  void tell_settings(const Design& design) {
    std::vector<std::pair<std::string, std::string>> lines;
    for (const auto& [name, value] : design.resolved().record()) {
      if (name != "vary" && name != "about" && name != "players" && name != "aliases" && name != "uneven" &&
          name != "analysis")
        lines.emplace_back(name, setting_text(value));
    }
    console_.out("\nSettings\n");
    rows(console_, lines, 2);
    if (const auto declared = Declared::from(design.resolved()["analysis"])) {
      console_.out("\nDeclared\n");
      rows(console_, lines_of(*declared), 2);
    }
    const Value& vary = design.resolved()["vary"];
    if (!vary.is_record()) return;
    lines.clear();
    for (const auto& [name, levels] : vary.record()) lines.emplace_back(name, value_text(levels));
    console_.out("\nVaried\n");
    rows(console_, lines, 2);
    tell_lines(uneven_title(design), uneven_lines(design));
    tell_aliases(design.resolved()["aliases"]);
  }

  void tell_lines(const std::string& title, const std::vector<std::pair<std::string, std::string>>& lines) {
    if (title.empty()) return;
    console_.out(title);
    rows(console_, lines, 2);
  }

  // What a balanced part of the conditions can no longer tell apart.
  void tell_aliases(const Value& aliases) {
    if (aliases.is_nil()) return;
    constexpr size_t kMost = 20;  // and more only of those that cannot be told apart at all
    Value::List all = aliases.list();
    auto share_of = [](const Value& alias) { return std::round(alias["share"].number() * 1e6) / 1e6; };
    std::stable_sort(all.begin(), all.end(), [&](const Value& a, const Value& b) { return share_of(a) > share_of(b); });
    std::vector<std::pair<std::string, std::string>> lines;
    for (const Value& alias : all) {
      const bool wholly = share_of(alias) >= 1;
      if (lines.size() >= kMost && !wholly) break;
      lines.emplace_back(alias["effect"].string(),
                         alias["with"].string() + (wholly ? "" : fmt::format(" ({:.2f})", share_of(alias))));
    }
    const size_t told = lines.size();
    console_.out("\nAliases: effects that the conditions played cannot tell apart, or only in part (1: not at all)\n");
    if (lines.empty()) lines.emplace_back("none", "of main effects and interactions of two");
    rows(console_, lines, 2);
    if (all.size() > told)
      console_.out(fmt::format("  and {} more, of {:.2f} or less\n", all.size() - told, share_of(all[told])));
  }

  void tell_players(const Design& design) {
    std::vector<std::pair<std::string, std::string>> lines;
    std::set<std::string> told;  // an observer of a player who changes seats is one of each seat
    for (const Player& player : design.players()) {
      if (player.watches > 0 && !told.insert(player.name).second) continue;
      std::string line = player.model.empty() ? "a fixed rule" : "asks " + player.model;
      if (player.strategy != player.name) line = player.strategy + ", " + line;
      if (player.settings.is_record() && !player.settings.record().empty()) line += "; " + value_text(player.settings);
      if (!player.told.empty()) line += "; told " + joined(player.told, ", ");
      if (!player.model.empty()) {
        bool none = !player.sampling.is_record() || player.sampling.record().empty();
        line += "; sampling: " + (none ? "the model's own" : value_text(player.sampling));
      }
      lines.emplace_back(player.name, std::move(line));
    }
    console_.out("\nPlayers\n");
    rows(console_, lines, 2);
  }

  // Plays the first matches of the order, for real and for good, and tells the forecast what their replies took.
  void pilot(const Design& design, Forecast& forecast) {
    StudyFiles files = study_files(args_);
    RunOptions options;
    options.limit = args_.whole("--pilot", 1).value();
    Store store = Store::open(files.db, Store::Mode::write);
    const Progress progress = run_to_end(console_, design, info_of(file_, design), *workspace_, store, options);
    leave_if_stopped();
    if (!progress.stopped.empty()) throw Error("the pilot stopped: " + progress.stopped);
    uint64_t over = 0;
    for (const StoredMatch& match : store.matches()) {
      if (match.number > options.limit ||
          (match.state.status != MatchStatus::whole && match.state.status != MatchStatus::void_))
        continue;
      ++over;
      auto plan = std::make_shared<const Plan>(store.plan_of(match.row));
      replay(workspace_->scripts(), plan, match.state.attempt, store.replies(match.row),
             [&](const Question& question, const Kept& kept) {
               forecast.took(plan->lineup->players[static_cast<size_t>(question.place.seat) - 1], question, kept.reply);
             });
    }
    console_.line(fmt::format("The pilot: {} played and kept in {}; `parley run {}` goes on from there.",
                              counted(static_cast<double>(over), "match is", "matches are"), files.db, args_.words[0]));
  }

  void tell_questions(const Findings& found, const Design& design, const Forecast& forecast, uint64_t played) {
    if (found.asks.empty()) return;
    std::vector<std::pair<std::string, std::string>> lines;
    for (const auto& [key, ask] : found.asks) {
      lines.emplace_back(fmt::format("{} '{}'", key[0], key[1]),
                         fmt::format("for {}: {}; read as {}", key[2], sets_text(ask.sets), key[3]));
    }
    console_.out("\nQuestions\n");
    rows(console_, lines, 2);
    if (forecast.empty()) return;
    Table table = forecast.table(design, workspace_->models());
    table.title =
        fmt::format("\nWhat will be asked, {} with random answers",
                    played == design.size()
                        ? "as played"
                        : fmt::format("about, as {} are", counted(static_cast<double>(played), "match", "matches")));
    const bool pure =
        std::any_of(found.asks.begin(), found.asks.end(), [](const auto& ask) { return ask.first[3] == "scored"; });
    if (pure) table.notes.emplace_back("Of equal scored requests one is asked.");
    if (checker_->asked_alike) {
      table.notes.emplace_back(
          "Some matches ask two seats in the same words (a player with itself in a symmetric game): by arg-max they do "
          "the same.");
    }
    console_.out(as_text(table, console_.columns()));
  }

  void tell_game(const std::string& said, const Value& settings = Value::Record{}) {
    GameInfo info = workspace_->scripts().game(said, settings);
    size_t seats = info.players.empty() ? static_cast<size_t>(info.least) : info.players.size();
    const GameSetup& setup = workspace_->scripts().setup(said, settings, static_cast<int>(seats));
    std::string told = "no prompts: it is for fixed rules only";
    if (setup.prompts) {
      bool generated = workspace_->scripts().shows(*setup.prompts, "outcomes") ||
                       workspace_->scripts().shows(*setup.prompts, "cells");
      told = fmt::format("told by {}; its rules are {}", setup.prompts->path,
                         generated ? "generated from the payoffs" : "written");
    }
    console_.out(fmt::format("\n{} ({}): {}\n  {}\n", console_.bold(info.name), info.path, info.about, told));
    auto found = checker_->findings.games.find(info.name);
    if (found != checker_->findings.games.end()) rows(console_, who_sees_what(found->second, setup), 2);
  }

  void tell_strategy(const std::string& said) {
    StrategyInfo info = workspace_->scripts().strategy(said);
    console_.out(fmt::format("{} ({}): {}\n  {}\n", console_.bold(info.name), info.path, info.about,
                             info.asks ? "asks a model" : "a fixed rule"));
    std::set<std::vector<std::string>> told;
    for (const auto& [key, ask] : checker_->findings.asks) {
      if (key[0] == info.name && told.insert({key[1]}).second)
        console_.out(fmt::format("  '{}': {}\n", key[1], sets_text(ask.sets)));
    }
  }

  int result(const Complaints& complaints) {
    for (const std::string& warning : complaints.warnings()) console_.line("warning: " + warning);
    for (const std::string& error : complaints.errors()) console_.line("error: " + error);
    auto errors = static_cast<double>(complaints.errors().size());
    if (errors > 0) {
      console_.line(fmt::format("parley: {} to mend", counted(errors, "mistake", "mistakes")));
      return 1;
    }
    console_.out(complaints.warnings().empty() ? "Nothing is wrong.\n" : "Nothing is wrong, but see the warnings.\n");
    return 0;
  }

  const Args& args_;
  Console& console_;
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<Checker> checker_;
  StudyFile file_;
};

}  // namespace

int check(const Args& args, Console& console) {
  Checking checking(args, console);
  if (args.has("--pilot") && args.words.size() != 1) throw Misuse("--pilot plays matches of one study: name it");
  if (args.words.empty()) return checking.everything();
  int worst = 0;
  for (const std::string& word : args.words) worst = std::max(worst, checking.one(word));
  return worst;
}

}  // namespace parley::commands
