// parley run STUDY.lua: plays a study, or goes on with it.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>
#include <tuple>

#include "api/commands/commands.h"
#include "api/commands/listing.h"
#include "api/commands/progress.h"
#include "api/commands/spent.h"
#include "api/workspace.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "model/model.h"

namespace parley::commands {
namespace {

// What the games' own `check` says of the settings that are to be played, once each.
std::vector<std::string> said_of_games(const Design& design, Scripts& scripts) {
  std::vector<std::string> out;
  for (size_t c = 0; c < design.conditions().size(); ++c) {
    const Rules& rules = design.conditions()[c]->rules;
    const auto lineups = design.lineups(c);
    if (lineups.empty()) continue;
    Plan plan;
    plan.condition = design.conditions()[c];
    plan.lineup = lineups[0];
    for (const std::string& one : scripts.warnings(scripts.setup(rules.game, rules.settings, plan.roles())))
      if (std::find(out.begin(), out.end(), one) == out.end()) out.push_back(one);
  }
  return out;
}

// "2/4": the second of four.
std::pair<uint32_t, uint32_t> shard_of(const std::string& said) {
  unsigned shard = 0, shards = 0;
  char more = 0;
  if (std::sscanf(said.c_str(), "%u/%u%c", &shard, &shards, &more) != 2 || shard == 0 || shard > shards ||
      shards > 100'000)
    throw Misuse(fmt::format("--shard is I/N, as 2/4 for the second of four parts, not '{}'", said));
  return {shard, shards};
}

RunOptions run_options(const Args& args, const Design& design) {
  RunOptions options;
  options.limit = args.whole("--limit", 1).value_or(0);
  options.offline = args.has("--offline");
  if (const std::string* what = args.text("--retry")) {
    if (*what != "void" && *what != "failed") {
      throw Misuse(
          fmt::format("--retry is void or failed, not '{}'{}", *what, did_you_mean(*what, {"void", "failed"})));
    }
    options.retry_void = *what == "void";
  }
  if (const std::string* said = args.text("--shard")) std::tie(options.shard, options.shards) = shard_of(*said);
  if (const std::string* said = args.text("--budget")) options.budget = budget_of(*said);
  for (const Player& player : design.players()) {
    if (kind_of(player.model).person) options.most_open = 1;  // nobody plays two matches at once
  }
  return options;
}

// Files that differ from those of the version before, of matches played anew since `began` (seconds since 1970).
std::vector<std::string> changed_files(const Store& store, double began) {
  std::vector<std::string> out;
  for (const Store::Row& row : store.query(
           "SELECT DISTINCT s.name FROM match m JOIN match o ON o.id = m.previous JOIN input i ON i.inputs = m.inputs "
           "JOIN source s ON s.id = i.source WHERE m.number IS NOT NULL AND m.started >= ?1 AND i.source NOT IN "
           "(SELECT source FROM input WHERE inputs = o.inputs) ORDER BY s.name",
           {began})) {
    out.push_back(row[0].string());
  }
  return out;
}

// Before the first match: every model can be read as the conditions say.
void check_reading(ModelSet& models, const Design& design, const std::string& path) {
  for (size_t c = 0; c < design.conditions().size(); ++c) {
    const std::string& read = design.conditions()[c]->rules.read;
    if (read == "text") continue;
    const ReadMode mode = read == "scored" ? ReadMode::scored : ReadMode::constrained;
    for (const auto& lineup : design.lineups(c)) {
      for (const Player& player : lineup->players) {
        if (!player.model.empty() && !models.open(player.model).can(mode))
          throw Error(fmt::format("{}: {} cannot be read as {}: say another `read`, or another model", path,
                                  player.model, read));
      }
    }
  }
}

// A line for each model: what it is, and what that means for what the table shows.
std::vector<std::string> about_models(ModelSet& models, const Design& design) {
  std::vector<std::string> out;
  std::set<std::string> told;
  for (const Player& player : design.players()) {
    if (player.model.empty() || !told.insert(player.model).second) continue;
    Model* model = models.by_identity(player.model_identity);
    if (!model) continue;
    Value about = model->about();
    auto word = [&](const char* name) { return about[name].is_string() ? about[name].string() : std::string(); };
    std::string line = player.model;
    if (kind_of(player.model).local) {
      double parameters = about["parameters"].is_number() ? about["parameters"].number() : 0;
      std::string size = parameters >= 1e9 ? fmt::format("{:.1f} billion", parameters / 1e9)
                                           : fmt::format("{:.0f} million", parameters / 1e6);
      line += fmt::format(" is {} ({} parameters, {})", word("name"), size, word("quantisation"));
      if (parameters < 1e9)
        line += ": a demonstration, a tiny model; what it does shows that parley works, not how models play";
    } else if (kind_of(player.model).free) {
      line += " answers by rule or chance: no model was asked";
    } else if (kind_of(player.model).hosted) {
      continue;  // see spent_lines
    }
    out.push_back("Model: " + line + ".");
  }
  return out;
}

std::string ended(const Progress& p) {
  std::vector<std::string> parts = {fmt::format("{} whole", with_commas(static_cast<double>(p.whole)))};
  if (p.voided > 0) parts.push_back(fmt::format("{} void", with_commas(static_cast<double>(p.voided))));
  if (p.failed > 0) parts.push_back(fmt::format("{} failed", with_commas(static_cast<double>(p.failed))));
  std::string out = fmt::format("Played {} in {} ({})",
                                counted(static_cast<double>(p.whole + p.voided + p.failed), "match", "matches"),
                                duration(p.seconds), joined(parts, ", "));
  if (p.asked > 0) out += fmt::format(": {} asked", counted(static_cast<double>(p.asked), "request", "requests"));
  if (p.reused > 0)
    out += fmt::format(", {} taken from the file", counted(static_cast<double>(p.reused), "reply", "replies"));
  if (p.tokens > 0) out += fmt::format(", {}", counted(static_cast<double>(p.tokens), "token", "tokens"));
  return out + ".";
}

}  // namespace

int run(const Args& args, Console& console) {
  if (args.words[0].ends_with(".db"))
    throw Misuse(fmt::format("run takes the study's .lua; `parley list {}` shows what the file holds", args.words[0]));
  StudyFiles files = study_files(args);
  bool quiet = args.has("--quiet");
  if (files.lua.empty()) throw Misuse(fmt::format("run takes the study's .lua, not '{}'", args.words[0]));
  Workspace workspace(args, console, files.lua);
  StudyFile file = workspace.study(files.lua);
  Design design = Design::make(file, workspace.lookup(), overrides_of(args));
  check_reading(workspace.models(), design, files.lua);
  RunOptions options = run_options(args, design);
  auto talk = [&](const std::string& line) {
    if (!quiet) console.line(line);
  };
  for (const std::string& warning : design.warnings()) talk("warning: " + warning);
  for (const std::string& warning : said_of_games(design, workspace.scripts())) talk("warning: " + warning);

  if (options.shards > 1 && !args.has("--db"))
    files.db = fmt::format("{}.{}of{}.db", files.db.substr(0, files.db.size() - 3), options.shard, options.shards);
  Store store = Store::open(files.db, Store::Mode::write);
  double began = seconds_since_1970();
  const Progress progress = run_to_end(console, design, info_of(file, design), workspace, store, options, quiet);

  const std::string shown = args.words[0];
  if (progress.nothing_to_do()) {
    talk(fmt::format("Nothing to do: {} in {}.",
                     progress.planned == 1
                         ? "the one match is"
                         : fmt::format("all {} matches are", with_commas(static_cast<double>(progress.planned))),
                     files.db));
  } else {
    talk(ended(progress));
  }
  if (progress.new_versions > 0) {
    std::vector<std::string> changed = changed_files(store, began);
    talk(fmt::format("{} played anew, since {} changed; the old ones stay in the file.",
                     counted(static_cast<double>(progress.new_versions), "match was", "matches were"),
                     changed.empty() ? "files have" : joined(changed) + (changed.size() == 1 ? " has" : " have")));
  }
  print_summary(store, args, console);
  for (const std::string& line : spent_lines(store, workspace.models(), progress)) talk(line);

  if (stop_signal() != 0) {
    talk(fmt::format("Stopped: {} of {} played. `parley run {}` goes on.",
                     with_commas(static_cast<double>(progress.planned - progress.pending())),
                     counted(static_cast<double>(progress.planned), "match", "matches"), shown));
    return 128 + stop_signal();
  }
  for (const std::string& line : about_models(workspace.models(), design)) talk(line);
  if (!progress.stopped.empty()) {
    console.line(fmt::format("parley: the run stopped: {}", progress.stopped));
  }
  talk(fmt::format("All of it is in {}. See `parley show {} 1`, `parley export {} DIR`, or", files.db, files.db,
                   files.db));
  talk(fmt::format("  sqlite3 -readonly {} \"SELECT player, action, count(*) FROM choice GROUP BY 1, 2\"", files.db));
  if (progress.failed > 0 || progress.pending() > 0) {
    talk(fmt::format("{} not over: `parley run {}` takes them up again.",
                     counted(static_cast<double>(progress.failed + progress.pending()), "match is", "matches are"),
                     shown));
    return 3;
  }
  return 0;
}

}  // namespace parley::commands
