// parley export STUDY DIR: tidy CSV and a codebook.
#include "report/export.h"

#include <fmt/format.h>

#include "api/commands/commands.h"
#include "api/commands/progress.h"
#include "api/workspace.h"
#include "base/error.h"

namespace parley::commands {

int export_study(const Args& args, Console& console) {
  StudyFiles files = study_files(args);
  Store store = open_to_read(files);
  CountLine line(console);
  auto written =
      export_csv(store, args.words[1], args.has("--all"), [&](uint64_t done, uint64_t of) { line.update(done, of); });
  line.clear();
  std::vector<std::string> counts;
  for (const auto& [file, rows] : written)
    counts.push_back(fmt::format("{} ({})", file, with_commas(static_cast<double>(rows))));
  console.line(wrapped(fmt::format("Wrote to {}, with so many rows: {}. What the columns are stands in codebook.csv.",
                                   args.words[1], joined(counts, ", ")),
                       console.columns()));
  return 0;
}

}  // namespace parley::commands
