// parley verify STUDY.db: everything derived is derived again.
#include <fmt/format.h>

#include <chrono>

#include "api/commands/commands.h"
#include "api/workspace.h"
#include "base/error.h"
#include "study/replay.h"

namespace parley::commands {

int verify(const Args& args, Console& console) {
  StudyFiles files = study_files(args);
  Store store = open_to_read(files);
  auto last = std::chrono::steady_clock::now();
  bool drawn = false;
  Verified verified = parley::verify(store, args.has("--all"), [&](uint64_t done, uint64_t of) {
    leave_if_stopped();
    auto now = std::chrono::steady_clock::now();
    if (!console.err_is_terminal() || now - last < std::chrono::milliseconds(200)) return;
    last = now;
    drawn = true;
    console.err(fmt::format("\r{} of {}\x1b[K", with_commas(static_cast<double>(done)),
                            counted(static_cast<double>(of), "match", "matches")));
  });
  if (drawn) console.err("\r\x1b[K");
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
