// Games with many choices of fixed rules: a whole run into a file.
#include <cstdio>
#include <cstdlib>

#include "bench.h"
#include "engine/lab.h"

using namespace parley;
using namespace parley::test;

namespace {

int beauty(const Arguments& arguments) {
  const int matches = arguments.empty() ? 1000 : std::atoi(arguments[0].c_str());
  Folder folder;
  const std::string study = folder.write(
      "scripts/study.lua", "study { game = 'beauty_contest', rounds = 4, repeats = " + std::to_string(matches) +
                               ", players = { { strategy = 'level_k', times = 24 } } }");
  Store store = Store::open(folder.path() + "/x.db", Store::Mode::write);
  Lab lab(folder, study);
  const double began = seconds_now();
  lab.run(store);
  printf("%d beauty contests of 24 players, 4 rounds, talk and numbers kept: %.2f s (wanted: 2 for 1,000)\n", matches,
         seconds_now() - began);
  return 0;
}

Bench b1("beauty", "beauty contests of fixed rules, with the store [matches]", beauty);

}  // namespace
