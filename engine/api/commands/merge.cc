// parley merge OUT.db IN.db...: joins the files of a study that was played in parts.
#include "store/merge.h"

#include <fmt/format.h>

#include "api/commands/commands.h"
#include "base/error.h"
#include "store/store.h"

namespace parley::commands {

int merge(const Args& args, Console& console) {
  const std::string& out = args.words[0];
  for (const std::string& word : args.words) {
    if (!word.ends_with(".db"))
      throw Misuse(
          fmt::format("merge takes the new file and those that it is made of, all NAME.db: '{}' is none", word));
  }
  parley::merge(out, {args.words.begin() + 1, args.words.end()});
  Store store = Store::open(out, Store::Mode::read);
  uint64_t over = 0;
  for (const StoredMatch& match : store.matches()) {
    if (match.state.status == MatchStatus::whole || match.state.status == MatchStatus::void_) ++over;
  }
  console.out(fmt::format("{}: {} of {} are over, out of {}.\n", out, with_commas(static_cast<double>(over)),
                          counted(static_cast<double>(store.planned()), "match", "matches"),
                          counted(static_cast<double>(args.words.size() - 1), "file", "files")));
  return 0;
}

}  // namespace parley::commands
