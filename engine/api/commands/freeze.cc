// parley freeze STUDY.lua: one hash of a study before it is played, kept in its file; or whether it still is what was frozen.
#include "study/freeze.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/commands/commands.h"
#include "api/workspace.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "report/declared.h"

namespace parley::commands {
namespace {

constexpr size_t kFewestDigits = 16;  // of a hash that --check takes

bool is_hash(const std::string& said) {
  return said.size() >= kFewestDigits && said.size() <= 64 &&
         said.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// What differs between two that were frozen, for people.
std::vector<std::string> differences(const Frozen& was, const Frozen& now) {
  std::vector<std::string> out;
  if (was.design != now.design) out.emplace_back("the design");
  if (was.analysis != now.analysis) out.emplace_back("the analysis");
  for (const auto& [name, hash] : was.texts.record()) {
    if (now.texts[name].is_nil())
      out.push_back(name + " (no longer used)");
    else if (now.texts[name] != hash)
      out.push_back(name);
  }
  for (const auto& [name, hash] : now.texts.record()) {
    if (was.texts[name].is_nil()) out.push_back(name + " (not used then)");
  }
  return out;
}

int check_frozen(const std::string& said, const Frozen& now, const std::string& db, Console& console) {
  if (!is_hash(said))
    throw Misuse(fmt::format("--check takes a hash as freeze prints it, {} digits of it at least, not '{}'",
                             kFewestDigits, said));
  if (now.hash.starts_with(said)) {
    console.out("As it was frozen.\n");
    return 0;
  }
  std::vector<Frozen> kept;
  if (file_exists(db)) kept = frozen(Store::open(db, Store::Mode::read));
  const auto was = std::find_if(kept.begin(), kept.end(), [&](const Frozen& f) { return f.hash.starts_with(said); });
  console.out(fmt::format("Not as it was frozen: it is {} now.\n", now.hash));
  if (was == kept.end()) {
    console.line(fmt::format("What changed is not known: {} has no such freeze.", db));
  } else {
    console.out(fmt::format("Changed: {}.\n", joined(differences(*was, now))));
  }
  return 1;
}

}  // namespace

int freeze(const Args& args, Console& console) {
  const StudyFiles files = study_files(args);
  if (files.lua.empty()) throw Misuse(fmt::format("freeze takes the study's .lua, not '{}'", args.words[0]));
  Workspace workspace(args, console, files.lua);
  const StudyFile file = workspace.study(files.lua);
  const Design design = Design::make(file, workspace.lookup(), overrides_of(args));
  for (const std::string& warning : design.warnings()) console.line("warning: " + warning);
  Frozen now = parley::freeze(design, file, workspace.scripts());
  if (const std::string* said = args.text("--check")) return check_frozen(*said, now, files.db, console);
  now.at = seconds_since_1970();
  keep_frozen(files.db, now);
  const auto declared = Declared::from(design.resolved()["analysis"]);
  if (args.has("--json")) {
    console.out(to_json(Value::Record{{"hash", now.hash},
                                      {"design", now.design},
                                      {"files", now.files},
                                      {"analysis", now.analysis},
                                      {"matches", design.size()},
                                      {"texts", now.texts},
                                      {"declared", design.resolved()["analysis"]}}) +
                "\n");
    return 0;
  }
  console.out(now.hash + "\n");
  auto part = [&](const char* name, const Hash& hash, const std::string& of) {
    console.out(fmt::format("  {:<8}  {}  {}\n", name, hash.substr(0, kFewestDigits), of));
  };
  part("design", now.design,
       fmt::format("{}: {}, {}, seed {}", counted(static_cast<double>(design.size()), "match", "matches"),
                   counted(static_cast<double>(design.conditions().size()), "condition", "conditions"),
                   counted(design.repeats(), "block", "blocks"), design.seed()));
  part("files", now.files,
       counted(static_cast<double>(now.texts.record().size()), "game, strategy or prompt",
               "games, strategies and prompts"));
  part("analysis", now.analysis,
       declared ? fmt::format("{} primary, {} secondary, {}",
                              counted(static_cast<double>(declared->primary.size()), "contrast", "contrasts"),
                              declared->secondary.size(),
                              counted(static_cast<double>(declared->exclusions.size()), "exclusion", "exclusions"))
                : "none is declared");
  if (!declared) console.line("warning: the study declares no `analysis`: what is compared later was not said before.");
  return 0;
}

}  // namespace parley::commands
