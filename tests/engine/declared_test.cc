// What a study declares before its data are seen: the field, exclusions, the frozen hash, looks, power.
#include "report/declared.h"

#include <doctest/doctest.h>

#include <cmath>

#include "api/power.h"
#include "base/error.h"
#include "lab.h"
#include "report/units.h"
#include "stats/shares.h"
#include "store/notes.h"
#include "study/freeze.h"

using namespace parley;
using namespace parley::test;
using doctest::Contains;

namespace {

std::string text_with(const std::string& analysis, const std::string& more = "") {
  return R"(study {
  game = "prisoners_dilemma", rounds = 10, repeats = 20, vary = { reward = { 8, 8.5 } },
  players = { { strategy = "random", name = "chance" }, { strategy = "always_first" } },
  )" + more +
         (analysis.empty() ? "" : "analysis = {\n" + analysis + "\n  },") + "\n}\n";
}

const std::string kPrimary =
    R"(primary = { value = "payoff", group = "reward", a = 8.5, b = 8, where = { player = "chance" } },)";

std::string refused(const std::string& analysis) {
  Folder folder;
  const std::string path = folder.write("scripts/study.lua", text_with(analysis));
  try {
    Lab lab(folder, path);
    return "taken";
  } catch (const Error& e) {
    return std::string(e.what()).substr(path.size());
  }
}

}  // namespace

TEST_CASE("analysis: every default is filled in, and read back") {
  Folder folder;
  const std::string path = folder.write("scripts/study.lua", text_with(kPrimary));
  Lab lab(folder, path);
  const auto d = Declared::from(lab.design().resolved()["analysis"]);
  REQUIRE(d);
  REQUIRE(d->primary.size() == 1);
  CHECK(text_of(d->primary[0]) == "payoff, 8.5 against 8 by reward where player is chance");
  CHECK(d->secondary.empty());
  CHECK(d->unit == "match");
  CHECK(d->alpha == .05);
  CHECK(d->n == 20);
  CHECK(d->looks == std::vector<uint64_t>{20});
  CHECK(!d->margin);
  CHECK(d->exclusions.empty());

  Lab all(folder, folder.write("scripts/all.lua", text_with(R"(
    primary = { { value = "first", group = "seat", a = "row", b = "column" },
                { value = "payoff", group = "player", a = "chance", b = "always_first" } },
    secondary = { value = "equal", group = "condition", a = "reward=8", b = "reward=8.5" },
    unit = "block", alpha = .01, stop = { 5, 10 }, margin = .5,
    exclusions = { { when = "right", below = .8 }, { when = "missing", above = 0, player = true },
                   { when = "opponent", is = "chance" } },)")));
  const auto e = Declared::from(all.design().resolved()["analysis"]);
  REQUIRE(e);
  CHECK(e->primary.size() == 2);
  CHECK(e->secondary.size() == 1);
  CHECK(e->n == 10);
  CHECK(e->alpha_of_look() == .005);
  CHECK(e->planned(5));
  CHECK(!e->planned(6));
  CHECK(e->roles().unit == "block");
  REQUIRE(e->exclusions.size() == 3);
  CHECK(text_of(e->exclusions[0]) == "right below 0.8");
  CHECK(text_of(e->exclusions[1]) == "players whose mean missing is above 0");
  CHECK(text_of(e->exclusions[2]) == "opponent is chance");

  Lab none(folder, folder.write("scripts/none.lua", text_with("")));
  CHECK(!Declared::from(none.design().resolved()["analysis"]));
}

TEST_CASE("analysis: what is wrong is said with its line, and what was meant") {
  CHECK(refused("alpha = .05") ==
        ":4: 'analysis' has no 'primary': { value = \"payoff\", group = \"player\", a = ..., b = ... }, or a list of "
        "these");
  CHECK(
      refused("primry = {}") ==
      ":5: analysis has no field 'primry' (did you mean 'primary'?); it has primary, secondary, unit, alpha, n, stop, "
      "margin and exclusions");
  CHECK_MESSAGE(
      refused("primary = { value = 'payof', group = 'player', a = 'chance', b = 'always_first' }")
          .starts_with(":5: analysis compares 'payof', which is no column of numbers (did you mean 'payoff'?)"),
      refused("primary = { value = 'payof', group = 'player', a = 'chance', b = 'always_first' }"));
  CHECK(refused("primary = { value = 'payoff', group = 'playr', a = 'chance', b = 'always_first' }")
            .starts_with(":5: analysis groups by 'playr', which is no column (did you mean 'player'?)"));
  CHECK(refused("primary = { value = 'payoff', group = 'player', a = 'chanc', b = 'always_first' }") ==
        ":5: analysis has 'chanc', which no player of the design is (did you mean 'chance'?); there are: always_first, "
        "chance");
  CHECK(refused("primary = { value = 'payoff', group = 'player', a = 'chance', b = 'chance' }") ==
        ":5: a contrast of 'primary' of analysis compares 'chance' with itself");
  CHECK(refused("primary = { value = 'payoff', group = 'player', a = 'chance' }") ==
        ":5: a contrast of 'primary' of analysis has no 'b'");
  CHECK_MESSAGE(
      refused("primary = { value = 'payoff', group = 'player', a = 'chance', b = 'always_first', where = { seat "
              "= 'column' } }")
              .find("analysis compares 'chance' by player, and no seat of the design is so where it is said") !=
          std::string::npos,
      "");
  CHECK(refused(kPrimary + "unit = 'round'").find("rounds of one match are not independent") != std::string::npos);
  // Units of which a group has one: it could never be tested.
  CHECK(refused(kPrimary + "unit = 'reward'") ==
        ":5: 'unit' of analysis is 'reward', and a contrast of 'primary' compares by reward: each group has one value "
        "then, and nothing can be tested");
  CHECK(refused(kPrimary + "unit = 'player'") ==
        ":5: 'unit' of analysis is 'player', and 8.5 by reward has one alone ('chance'): nothing can be tested of one "
        "value");
  CHECK(refused("primary = { value = 'payoff', group = 'reward', a = 8, b = 8.5 }, unit = 'pairing'")
            .find("8 by reward has one alone ('always_first, chance')") != std::string::npos);
  CHECK(refused("primary = { value = 'payoff', group = 'reward', a = 8, b = 8.5 }, unit = 'seat'") == "taken");
  CHECK(refused(kPrimary + "unit = 'wording'") == "taken");  // known when it is played
  CHECK(refused(kPrimary + "alpha = 5").find("'alpha' of analysis is a number between 0 and 1, not 5") !=
        std::string::npos);
  CHECK(refused(kPrimary + "n = 21").find("'analysis' is final at 21 blocks, and the study has 20 (repeats)") !=
        std::string::npos);
  CHECK(refused(kPrimary + "n = 20, stop = { 5, 10 }")
            .find("the last look of 'stop' of analysis is at 10 blocks, and 'n' "
                  "says 20") != std::string::npos);
  CHECK(refused(kPrimary + "stop = { 5, 5 }").find("numbers of blocks that grow") != std::string::npos);
  CHECK(refused(kPrimary + "stop = 'fixd'").find("did you mean 'fixed'?") != std::string::npos);
  CHECK(refused(kPrimary + "exclusions = { { when = 'rigth', below = .8 } }").find("did you mean 'right'?") !=
        std::string::npos);
  CHECK(refused(kPrimary + "exclusions = { { when = 'right' } }").find("says one of: below or above a number, or is") !=
        std::string::npos);
  CHECK(refused(kPrimary + "exclusions = { { when = 'right', under = .8 } }").find("has no field 'under'") !=
        std::string::npos);
  CHECK(refused("primary = function() end").find("analysis") != std::string::npos);
  CHECK(refused(kPrimary) == "taken");
}

TEST_CASE("analysis: exclusions take rows, or all rows of a player, and are counted by group") {
  const Rows rows{{"player", "right", "payoff", "seat"},
                  {{"x", "1", "1", "row"},
                   {"x", "0.5", "2", "row"},
                   {"y", "0.25", "3", "row"},
                   {"y", "0.75", "4", "column"},
                   {"z", "", "5", "row"}},
                  {}};
  Contrast contrast;
  contrast.value = "payoff", contrast.group = "player", contrast.a = "x", contrast.b = "y";
  Exclusion below;
  below.column = "right", below.below = .6;
  Excluded by_row = exclude(rows, {below}, contrast);
  CHECK(by_row.kept.rows.size() == 3);  // z has no question with a right answer, and stays
  CHECK(by_row.of == std::map<std::string, size_t>{{"x", 2}, {"y", 2}});
  CHECK(by_row.taken[0].by_group == std::map<std::string, size_t>{{"x", 1}, {"y", 1}});

  below.player = true;  // x is right in .75 of all, y in .5
  Excluded by_player = exclude(rows, {below}, contrast);
  CHECK(by_player.kept.rows.size() == 3);
  CHECK(by_player.taken[0].by_group == std::map<std::string, size_t>{{"y", 2}});

  Exclusion column;
  column.column = "seat", column.is = "column";
  contrast.where = {{"seat", "row"}};
  Excluded both = exclude(rows, {column, below}, contrast);
  CHECK(both.kept.rows.size() == 3);
  CHECK(both.taken[0].by_group.empty());  // it is of no row that the contrast compares
  CHECK(both.taken[1].by_group == std::map<std::string, size_t>{{"y", 1}});
  CHECK(both.of == std::map<std::string, size_t>{{"x", 2}, {"y", 1}});
}

TEST_CASE("freeze: a comment and a name are nothing, a prompt, the analysis and the design are") {
  Folder folder;
  const std::string players = R"(model = "scripted:random", against = { { strategy = "direct" } }, about = "words", )";
  auto frozen_of = [&](const std::string& text) {
    Lab lab(folder, folder.write("scripts/study.lua", text));
    return freeze(lab.design(), lab.file(), lab.scripts());
  };
  const Frozen first = frozen_of(text_with(kPrimary, players));
  CHECK(first.hash.size() == 64);
  CHECK(!first.texts["prompts/direct.txt"].is_nil());
  CHECK(!first.texts["games/prisoners_dilemma.lua"].is_nil());
  CHECK(frozen_of(text_with(kPrimary, players)).hash == first.hash);
  CHECK(frozen_of("-- a comment\n" + text_with("  -- another\n" + kPrimary, players)).hash == first.hash);
  CHECK(frozen_of(text_with(kPrimary + "alpha = .05, stop = 'fixed'", players)).hash == first.hash);  // the defaults

  const Frozen other_analysis = frozen_of(text_with(kPrimary + "alpha = .01", players));
  CHECK(other_analysis.hash != first.hash);
  CHECK(other_analysis.design == first.design);
  CHECK(other_analysis.files == first.files);

  const Frozen other_design = frozen_of(text_with(kPrimary, players + "ends = .1, "));
  CHECK(other_design.design != first.design);
  CHECK(other_design.analysis == first.analysis);

  folder.write("prompts/direct.txt", read_file(PARLEY_ROOT "/prompts/direct.txt") + " ");
  Lab lab(folder, folder.write("scripts/study.lua", text_with(kPrimary, players)), 64, 1, folder.path() + "/prompts");
  const Frozen other_prompt = freeze(lab.design(), lab.file(), lab.scripts());
  CHECK(other_prompt.files != first.files);
  CHECK(other_prompt.design == first.design);

  // What was run is compared with what was frozen.
  Store store = Store::in_memory();
  lab.run(store, {.limit = 4});
  CHECK(changed_since(store, other_prompt).empty());
  CHECK(changed_since(store, first) == std::vector<std::string>{"prompts/direct.txt"});
  CHECK(changed_since(store, other_design) == std::vector<std::string>{"design", "prompts/direct.txt"});
  CHECK(changed_since(store, other_analysis) == std::vector<std::string>{"analysis", "prompts/direct.txt"});
}

TEST_CASE("freezes and looks are kept in the file, while a run holds it") {
  Folder folder;
  const std::string path = folder.path() + "/study.db";
  auto of = [](const std::string& hash, double at) {
    return Frozen{at, hash, "d", "f", "a", Value::Record{{"games/g.lua", "h"}}};
  };
  keep_frozen(path, of("one", 1));
  keep_frozen(path, of("one", 2));  // nothing new
  keep_frozen(path, of("two", 3));
  keep_frozen(path, of("one", 4));
  {
    Lab lab(folder, folder.write("scripts/study.lua", text_with(kPrimary)));
    Store held = Store::open(path, Store::Mode::write);
    lab.run(held, {.limit = 6});
    held.commit();
    Store reader = Store::open(path, Store::Mode::read);
    CHECK(looks(reader).empty());
    keep_look(path, {5, 2, "a"});
    keep_look(path, {6, 2, "a"});  // the same look
    keep_look(path, {7, 2, "b"});
    keep_look(path, {8, 3, "a"});
    lab.run(held, {.limit = 8});
  }
  Store store = Store::open(path, Store::Mode::read);
  const std::vector<Frozen> all = frozen(store);
  REQUIRE(all.size() == 3);
  CHECK(all[0].at == 1);
  CHECK(all[1].hash == "two");
  CHECK(all[2].at == 4);
  CHECK(all[2].texts["games/g.lua"] == "h");
  const std::vector<Look> seen = looks(store);
  REQUIRE(seen.size() == 3);
  CHECK(seen[1].analysis == "b");
  CHECK(seen[2].blocks == 3);
  CHECK(first_started(store) > 8);
  CHECK(blocks_over(store, 20) == std::set<uint64_t>{1, 2, 3, 4});
  CHECK(blocks_over(store, 3) == std::set<uint64_t>{1, 2, 3});
  CHECK_THROWS_AS(keep_look(folder.path() + "/no/such.db", {1, 1, "a"}), Error);
}

TEST_CASE("power: of a known case, as theory has it; none where nothing varies; of a pilot by its blocks") {
  Folder folder;
  const std::string path = folder.write("scripts/study.lua", text_with(kPrimary + "margin = 1"));
  Lab lab(folder, path);
  const auto declared = Declared::from(lab.design().resolved()["analysis"]);
  ModelSet models;
  const StudyFile file = lab.scripts().study(path);
  const Lookup lookup = lookup_in(lab.scripts());
  auto played = [&](uint64_t k) {
    const Design design = Design::make(file, lookup, {{"seed", 100 + k, "seed"}});
    return units_played(design, lab.info(design), lab.scripts(), models, units_of);
  };
  CHECK(dear_players(lab.design()).empty());
  const std::vector<Power> found = power_of(*declared, {5, 20}, 400, played);
  REQUIRE(found.size() == 2);
  // Against cooperation chance is paid the reward or 10, each in half of 10 rounds: the means differ by .25, a match's variances are
  // .1 and .05625. Welch's t then is noncentral (scipy.stats.nct): the power is ..235 at 5 matches each and ..785 at 20.
  for (const auto& [one, theory] : {std::pair(found[0], .2352), std::pair(found[1], .7854)}) {
    const stats::Interval interval = stats::wilson(one.below, one.draws, .99);
    INFO(one.n, ": ", interval.low, " to ", interval.high);
    CHECK(interval.low < theory);
    CHECK(interval.high > theory);
  }
  CHECK(found[1].equivalent == 400);  // .25 apart, of 1
  const Table table = power_table(*declared, found);
  CHECK(table.rows.size() == 2);

  // Fixed rules that play without chance: every block is the same.
  Lab still(folder, folder.write("scripts/still.lua", R"(study {
    game = "prisoners_dilemma", repeats = 4, players = { { strategy = "always_first" }, { strategy = "alternate" } },
    analysis = { primary = { value = "payoff", group = "seat", a = "row", b = "column" } },
  })"));
  const auto fixed = Declared::from(still.design().resolved()["analysis"]);
  const std::vector<Power> nothing = power_of(*fixed, {4}, 3, [&](uint64_t) {
    return units_played(still.design(), still.info(still.design()), still.scripts(), models, units_of);
  });
  CHECK(nothing[0].untested == 3);
  CHECK(nothing[0].below == 0);
  bool said = false;
  for (const std::string& note : power_table(*fixed, nothing).notes)
    said = said || note.find("Nothing can be tested") != std::string::npos;
  CHECK(said);

  // A pilot: whole blocks, drawn anew for each draw, the same for the same seed.
  const Rows rows = played(1);
  const Pilot pilot(rows, {1, 2, 3}, 7);
  const Rows drawn = pilot.drawn(1, 6);
  CHECK(drawn.rows.size() == 6 * rows.rows.size() / 20);
  CHECK(drawn.rows == Pilot(rows, {1, 2, 3}, 7).drawn(1, 6).rows);
  CHECK(drawn.rows != pilot.drawn(2, 6).rows);
  const size_t block = column_of(drawn, "block", "");
  std::set<std::string> blocks;
  for (const auto& row : drawn.rows) blocks.insert(row[block]);
  CHECK(blocks.size() == 6);
}

TEST_CASE("power: where nothing differs, a declared test comes out as often as alpha says") {
  // What both seats of a match have in common; two who meet head to head, for what one loses; both by blocks.
  const std::string common =
      R"(study { game = "battle_of_the_sexes", rounds = 5, repeats = 20, vary = { favourite = { 10, 20 } },
    players = { { strategy = "random" }, { strategy = "random" } },
    analysis = { unit = "UNIT", primary = { value = "equal", group = "favourite", a = "20", b = "10" } } })";
  const std::string head_to_head = R"(study { game = "matching_pennies", rounds = 10, repeats = 20,
    players = { { strategy = "random", name = "x" }, { strategy = "random", name = "y" } },
    analysis = { unit = "UNIT", primary = { value = "payoff", group = "player", a = "x", b = "y" } } })";
  for (const std::string& text : {common, head_to_head}) {
    for (const char* unit : {"match", "block"}) {
      std::string study = text;
      study.replace(study.find("UNIT"), 4, unit);
      Folder folder;
      const std::string path = folder.write("scripts/study.lua", study);
      Lab lab(folder, path);
      const auto declared = Declared::from(lab.design().resolved()["analysis"]);
      ModelSet models;
      const StudyFile file = lab.scripts().study(path);
      const Lookup lookup = lookup_in(lab.scripts());
      const Power found = power_of(*declared, {20}, 500, [&](uint64_t k) {
        const Design design = Design::make(file, lookup, {{"seed", 9000 + k, "seed"}});
        return units_played(design, lab.info(design), lab.scripts(), models, units_of);
      })[0];
      CAPTURE(study);
      CHECK(found.untested == 0);
      const stats::Interval interval = stats::wilson(found.below, found.draws, .99);
      CHECK(interval.low < .05);
      CHECK(interval.high > .05);
    }
  }
}

TEST_CASE("declared: the test alone is the one that compare makes") {
  Folder folder;
  Lab lab(folder, folder.write("scripts/study.lua", text_with(R"(
    primary = { { value = "payoff", group = "reward", a = 8.5, b = 8, where = { player = "chance" } },
                { value = "first", group = "reward", a = 8.5, b = 8, where = { player = "chance" } } },
    margin = .4,)")));
  const auto declared = Declared::from(lab.design().resolved()["analysis"]);
  Store store = Store::in_memory();
  lab.run(store);
  const Rows rows = units_of(store);
  const std::vector<std::optional<Tested>> alone = tested(rows, *declared);
  const std::vector<Comparison> all = compare(rows, declared->roles(), declared->primary, {declared->margin});
  REQUIRE(alone.size() == 2);
  for (size_t i = 0; i < 2; ++i) {
    REQUIRE(alone[i]);
    CHECK(alone[i]->p == doctest::Approx(all[i].holm));
    CHECK(*alone[i]->equivalent == doctest::Approx(*all[i].equivalent));
  }
}
