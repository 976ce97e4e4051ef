// parley verify STUDY.db: everything derived is derived again.
#include <fmt/format.h>

#include "api/commands/commands.h"
#include "api/commands/listing.h"
#include "api/commands/progress.h"
#include "api/workspace.h"
#include "base/error.h"
#include "study/import/import.h"
#include "study/replay.h"

namespace parley::commands {
namespace {

std::string matches_text(uint64_t n) { return counted(static_cast<double>(n), "match", "matches"); }

}  // namespace

int verify(const Args& args, Console& console) {
  StudyFiles files = study_files(args);
  Store store = open_to_read(files);
  CountLine line(console);
  Verified verified =
      parley::verify(store, args.has("--all"), [&](uint64_t done, uint64_t of) { line.update(done, of); });
  line.clear();
  VerifiedImport tables;
  const auto study = store.study();
  const bool imported = study && is_imported(*study);
  if (imported) tables = verify_import(store);

  if (verified.differing == 0 && tables.problems.empty()) {
    console.out(fmt::format("{}: {} and {}; every row derived again is the one that is stored.\n", files.db,
                            matches_text(verified.matches),
                            counted(static_cast<double>(verified.replies), "reply", "replies")));
    if (imported)
      console.out(fmt::format(
          "{} of its tables were read again: {}.\n", counted(static_cast<double>(tables.rows), "choice", "choices"),
          tables.known.empty() ? "what they say comes out"
                               : counted(static_cast<double>(tables.known.size()), "difference", "differences") +
                                     ", as when they were imported"));
    print_first(tables.known, console);
    return 0;
  }
  print_first(tables.problems, console);
  if (verified.differing == 0) throw Error(fmt::format("{}: the file is not what its tables say", files.db));
  std::string which = verified.number > 0 ? std::to_string(verified.number) : "(older version)";
  if (const std::string place = imported ? tables.where(verified.number) : ""; !place.empty())
    which += " (" + place + ")";
  throw Error(fmt::format("{}: {} of {} {} not what the sources and replies give; the first: match {}: {}", files.db,
                          with_commas(static_cast<double>(verified.differing)), matches_text(verified.matches),
                          verified.differing == 1 ? "is" : "are", which, verified.first));
}

}  // namespace parley::commands
