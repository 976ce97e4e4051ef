// parley export STUDY DIR: tidy CSV and a codebook.
#include "report/export.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/commands/commands.h"
#include "api/commands/progress.h"
#include "api/measures.h"
#include "api/workspace.h"
#include "base/error.h"
#include "report/units.h"

namespace parley::commands {
namespace {

// `seat` is the seat's name here, as in `stats`; the other files have its number as `seat` and its name as `seat_name`, by which they
// are joined.
void add_seat_name(ExportTable& units) {
  Rows& rows = units.rows;
  const auto seat = std::find(rows.columns.begin(), rows.columns.end(), "seat") - rows.columns.begin();
  if (rows.has("seat_name")) return;  // a factor
  rows.columns.insert(rows.columns.begin() + seat + 1, "seat_name");
  for (auto& row : rows.rows) row.insert(row.begin() + seat + 1, std::string(row[static_cast<size_t>(seat)]));
  units.meanings["seat"] = "name of the seat in the game (in the other files seat is its number)";
  units.meanings["seat_name"] = "the same: with match, joins the other files";
}

}  // namespace

int export_study(const Args& args, Console& console) {
  StudyFiles files = study_files(args);
  Store store = open_to_read(files);
  CountLine line(console);
  ExportTable units{"units.csv", units_of(store), {}};
  add_measures(store, units.rows, files.lua);
  for (const UnitColumn& column : unit_columns()) units.meanings.emplace(column.name, column.meaning);
  add_seat_name(units);
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
