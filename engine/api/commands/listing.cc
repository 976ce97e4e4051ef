#include "api/commands/listing.h"

#include <fmt/format.h>

#include <limits>

#include "base/error.h"
#include "base/json.h"
#include "report/declared.h"
#include "report/summary.h"

namespace parley {
namespace {

Emphasis emphasis_of(const Console& console) {
  auto halves = [](std::string text) {
    size_t at = text.find('x');
    return std::pair(text.substr(0, at), text.substr(at + 1));
  };
  auto [bold_on, bold_off] = halves(console.bold("x"));
  auto [dim_on, dim_off] = halves(console.dim("x"));
  return {bold_on, bold_off, dim_on, dim_off};
}

void print_reasons(const Store& store, Console& console) {
  for (const char* status : {"void", "failed"}) {
    std::vector<std::string> reasons;
    double all = 0;
    for (const Store::Row& row :
         store.query("SELECT why, count(*) FROM match WHERE number IS NOT NULL AND status = ?1 GROUP BY why "
                     "ORDER BY count(*) DESC, why",
                     {status})) {
      if (reasons.size() < 5) reasons.push_back(fmt::format("{} ({})", value_text(row[0]), value_text(row[1])));
      all += row[1].number();
    }
    if (all > 0)
      console.out(
          wrapped(fmt::format("{} {}: {}", with_commas(all), status, joined(reasons, ", ")), console.columns(), 2) +
          "\n");
  }
}

}  // namespace

void print(const std::vector<Table>& tables, const Args& args, Console& console) {
  if (args.has("--json")) {
    Value::Record out;
    for (const Table& table : tables) out.emplace(table.title, as_value(table));
    console.out(to_json(out) + "\n");
    return;
  }
  if (args.has("--csv") && !args.text("--csv")) {  // elsewhere it names a file to be read
    console.out(as_csv(tables.back()));
    return;
  }
  // What is piped is for other programs: nothing is cut.
  size_t width = console.out_is_terminal() ? console.columns() : std::numeric_limits<size_t>::max();
  bool first = true;
  for (const Table& table : tables) {
    if (table.rows.empty()) continue;
    if (!first) console.out("\n");
    first = false;
    console.out(as_text(table, width, emphasis_of(console)));
  }
}

void print_first(const std::vector<std::string>& lines, Console& console) {
  constexpr size_t kMost = 10;
  for (size_t i = 0; i < lines.size() && i < kMost; ++i) console.line(lines[i]);
  if (lines.size() > kMost)
    console.line(fmt::format("and {} more", with_commas(static_cast<double>(lines.size() - kMost))));
}

void print_summary(const Store& store, const Args& args, Console& console) {
  std::vector<SummaryRow> rows = summarize(store);
  const auto study = store.study();
  const auto declared = study ? Declared::from(study->fields["analysis"]) : std::nullopt;
  const uint64_t over = declared ? blocks_over(store, declared->n).size() : 0;
  const bool hidden = declared && over < declared->n;
  if (hidden) hide_results(rows);
  if (args.has("--json")) {
    console.out(to_json(summary_value(rows)) + "\n");
  } else if (args.has("--csv")) {
    console.out(as_csv(summary_data(rows)));
  } else {
    Table table = summary_text(rows, console.columns());
    for (std::string& note : table.notes) note = wrapped(note, console.columns(), 2);
    console.out(as_text(table, console.columns(), emphasis_of(console)));
    print_reasons(store, console);
    if (hidden)
      console.out(
          wrapped(fmt::format("What was chosen and paid is not shown before the declared end ({} of {} blocks): "
                              "`parley stats` shows it, and counts a look.",
                              over, declared->n),
                  console.columns(), 2) +
          "\n");
  }
}

}  // namespace parley
