// parley power STUDY.lua: how often the test that a study declares would come out.
#include "api/power.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "api/commands/commands.h"
#include "api/commands/declared.h"
#include "api/commands/listing.h"
#include "api/commands/progress.h"
#include "api/workspace.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "store/notes.h"
#include "study/freeze.h"

namespace parley::commands {
namespace {

constexpr uint64_t kDraws = 500, kMostBlocks = 100'000;

std::vector<uint64_t> numbers_of(const std::string& list) {
  std::vector<uint64_t> out;
  for (size_t from = 0; from <= list.size();) {
    const size_t end = std::min(list.find(',', from), list.size());
    uint64_t n = 0;
    const auto [last, wrong] = std::from_chars(list.data() + from, list.data() + end, n);
    if (wrong != std::errc() || last != list.data() + end || n == 0 || n > kMostBlocks)
      throw Misuse(fmt::format("--n is numbers of blocks, as 10,20,40, not '{}'", list));
    out.push_back(n);
    from = end + 1;
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// Shares as people read them.
Table to_three_places(Table table) {
  for (Table::Row& row : table.rows) {
    for (size_t i = 2; i < row.cells.size(); ++i) {
      if (row.cells[i].is_number() && i + 1 < row.cells.size())
        row.cells[i] = Value(fmt::format("{:.3f}", row.cells[i].number()));
    }
  }
  for (size_t i = 2; i < table.columns.size(); ++i) table.columns[i].align = Table::Column::Align::right;
  return table;
}

// The pilot: blocks of a file of the study. From the study's own file it is a look.
Pilot pilot_of(const std::string& db, bool own, const Declared& declared, uint64_t seed, Console& console) {
  const Store store = Store::open(db, Store::Mode::read);
  const std::set<uint64_t> over = blocks_over(store, kMostBlocks);
  if (over.empty()) throw Error(fmt::format("no block of {} is over: a pilot is of whole blocks", db));
  console.line(fmt::format("A pilot of {} ({}) gives a rough answer{}.",
                           counted(static_cast<double>(over.size()), "block", "blocks"), db,
                           over.size() < 10 ? ", and so few of them a very rough one" : ""));
  if (own && over.size() < declared.n) {
    console.line("These are the study's own data: this is a look, and is counted.");
    try {
      keep_look(db, {seconds_since_1970(), over.size(), hash_of_analysis(store.study()->fields["analysis"])});
    } catch (const Error& e) {
      console.line(std::string("warning: this look is not kept: ") + e.what());
    }
  }
  return Pilot(declared_units(store, declared), over, seed);
}

}  // namespace

int power(const Args& args, Console& console) {
  const StudyFiles files = study_files(args);
  if (files.lua.empty()) throw Misuse(fmt::format("power takes the study's .lua, not '{}'", args.words[0]));
  const uint64_t draws = args.whole("--draws", 1).value_or(kDraws);
  const uint64_t seed = args.whole("--seed", 0).value_or(1);
  Workspace workspace(args, console, files.lua);
  const StudyFile file = workspace.study(files.lua);
  std::vector<Override> overrides = overrides_of(args);
  std::erase_if(overrides, [](const Override& o) { return o.name == "seed"; });  // --seed is of what is drawn here
  const Design design = Design::make(file, workspace.lookup(), overrides);
  const auto declared = Declared::from(design.resolved()["analysis"]);
  if (!declared)
    throw Error(
        fmt::format("{}: the study declares no `analysis`, and power is of a declared test: analysis = {{ primary "
                    "= {{ value = \"payoff\", group = ..., a = ..., b = ... }} }}",
                    files.lua));
  const std::vector<uint64_t> ns =
      args.text("--n") ? numbers_of(*args.text("--n")) : std::vector<uint64_t>{declared->n};
  const uint64_t most = std::max(ns.back(), uint64_t{1});

  const std::vector<std::string> dear = dear_players(design);
  std::function<Rows(uint64_t)> study;
  std::optional<Pilot> pilot;
  CountLine counting(console);
  if (args.text("--pilot") || !dear.empty()) {
    const std::string* said = args.text("--pilot");
    if (!said && !file_exists(files.db))
      throw Error(
          fmt::format("{}: {} cost something, and power asks no model: play some blocks (`parley run {} --repeats "
                      "5 --db pilot.db`) and say --pilot pilot.db",
                      files.lua, joined(dear), files.lua));
    const std::string db = said ? *said : files.db;
    const bool own = !said || db == files.db;
    pilot.emplace(pilot_of(db, own, *declared, seed, console));
    study = [&](uint64_t k) {
      leave_if_stopped();
      return pilot->drawn(k, most);
    };
  } else {
    study = [&](uint64_t k) {
      std::vector<Override> of_draw = overrides;
      of_draw.push_back({"seed", design.seed() + seed * 1'000'003 + k, "the draw's seed"});
      of_draw.push_back({"repeats", most, "--n"});
      const Design drawn = Design::make(file, workspace.lookup(), of_draw);
      counting.update((k - 1) * drawn.size(), draws * drawn.size());
      return units_played(drawn, info_of(file, drawn), workspace.scripts(), workspace.models(),
                          [&](const Store& store) { return declared_units(store, *declared); });
    };
  }
  const std::vector<Power> found = power_of(*declared, ns, draws, study);
  counting.clear();
  Table table = power_table(*declared, found);
  if (args.has("--json") || args.has("--csv")) {
    print({table}, args, console);
  } else {
    for (std::string& note : table.notes) note = wrapped(note, console.columns());
    table.title.clear();
    print({to_three_places(std::move(table))}, args, console);
  }
  return 0;
}

}  // namespace parley::commands
