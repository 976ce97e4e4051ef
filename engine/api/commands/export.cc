// parley export STUDY DIR: tidy CSV and a codebook.
#include "report/export.h"

#include <fmt/format.h>

#include "api/commands/commands.h"
#include "api/commands/progress.h"
#include "api/measures.h"
#include "api/workspace.h"
#include "base/error.h"
#include "report/units.h"

namespace parley::commands {

int export_study(const Args& args, Console& console) {
  StudyFiles files = study_files(args);
  Store store = open_to_read(files);
  CountLine line(console);
  ExportTable units{"units.csv", units_of(store), {}};
  add_measures(store, units.rows, files.lua);
  for (const UnitColumn& column : unit_columns()) units.meanings.emplace(column.name, column.meaning);
  units.meanings.insert(engine_measures().begin(), engine_measures().end());
  auto written = export_csv(store, args.words[1], args.has("--all"), {std::move(units)},
                            [&](uint64_t done, uint64_t of) { line.update(done, of); });
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
