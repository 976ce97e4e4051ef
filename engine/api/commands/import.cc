// parley import MAP.json TABLE.csv...: tables of what others played, made a study.
#include "study/import/import.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "api/commands/commands.h"
#include "api/commands/listing.h"
#include "api/commands/progress.h"
#include "api/workspace.h"
#include "base/error.h"
#include "base/file.h"

namespace parley::commands {
int import_tables(const Args& args, Console& console) {
  const std::string& path = args.words[0];
  if (!path.ends_with(".json"))
    throw Misuse(fmt::format("import takes a mapping, NAME.json, then tables: '{}' is no .json", path));
  const std::string* db = args.text("--db");
  const std::string out = db ? *db : std::filesystem::path(path).stem().string() + ".db";
  const char* salt = std::getenv("PARLEY_SALT");

  const Mapping mapping = Mapping::parse(path, read_file(path));
  std::vector<SourceTable> tables = read_tables(mapping, {args.words.begin() + 1, args.words.end()}, salt ? salt : "");
  Workspace workspace(args, console, path);
  CountLine line(console);
  const ImportedStudy study = play_tables(mapping, std::move(tables), workspace.lookup(), workspace.scripts(),
                                          [&](uint64_t done, uint64_t of) { line.update(done, of); });
  line.clear();
  Store store = Store::open(out, Store::Mode::write);
  keep_imported(study, workspace.scripts(), store);

  uint64_t rounds = 0;
  std::set<std::string> players;
  for (const ImportedMatch& match : study.imported.matches) {
    rounds += static_cast<uint64_t>(match.rows.back().round);
    for (const Player& player : match.plan->lineup->players) players.insert(player.name);
  }
  auto count = [](size_t n, const char* one, const char* many) { return counted(static_cast<double>(n), one, many); };
  console.out(fmt::format("{}: {} in {} of {} by {}.\n", out, count(rounds, "round", "rounds"),
                          count(study.imported.matches.size(), "match", "matches"),
                          count(study.imported.tables.size(), "table", "tables"),
                          count(players.size(), "player", "players")));
  auto texts = [&](const std::vector<Mismatch>& all) {
    std::vector<std::string> lines;
    for (const Mismatch& one : all) lines.push_back(text_of(study.imported, one));
    return lines;
  };
  if (const std::vector<Mismatch> uneven = uneven_matches(study.imported); !uneven.empty()) {
    console.line(fmt::format("warning: {} of another length than most of the same treatment: was a file cut?",
                             count(uneven.size(), "match is", "matches are")));
    print_first(texts(uneven), console);
  }
  if (study.mismatches.empty()) return 0;
  print_first(texts(study.mismatches), console);
  std::set<std::pair<size_t, size_t>> rows;
  for (const Mismatch& one : study.mismatches) rows.emplace(one.table, one.line);
  console.line(
      fmt::format("{} {} not what comes out. What was chosen is kept as the tables have it, and paid as the game pays.",
                  count(rows.size(), "row", "rows"), rows.size() == 1 ? "is" : "are"));
  return 1;
}

}  // namespace parley::commands
