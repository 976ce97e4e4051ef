// parley verify STUDY.db: everything derived is derived again.
#include <fmt/format.h>

#include "api/commands/commands.h"
#include "api/commands/progress.h"
#include "api/workspace.h"
#include "base/error.h"
#include "study/replay.h"

namespace parley::commands {

int verify(const Args& args, Console& console) {
  StudyFiles files = study_files(args);
  Store store = open_to_read(files);
  CountLine line(console);
  Verified verified =
      parley::verify(store, args.has("--all"), [&](uint64_t done, uint64_t of) { line.update(done, of); });
  line.clear();
  std::string what = fmt::format("{} and {}", counted(static_cast<double>(verified.matches), "match", "matches"),
                                 counted(static_cast<double>(verified.replies), "reply", "replies"));
  if (verified.differing == 0) {
    console.out(fmt::format("{}: {}; every row derived again is the one that is stored.\n", files.db, what));
    return 0;
  }
  throw Error(fmt::format("{}: {} of {} {} not what the sources and replies give; the first: {}", files.db,
                          with_commas(static_cast<double>(verified.differing)),
                          counted(static_cast<double>(verified.matches), "match", "matches"),
                          verified.differing == 1 ? "is" : "are", verified.first));
}

}  // namespace parley::commands
