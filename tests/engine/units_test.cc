#include "report/units.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "api/commands/comparison.h"
#include "api/commands/rules.h"
#include "api/setups.h"
#include "lab.h"
#include "report/aliases.h"
#include "report/attrition.h"
#include "report/beliefs.h"
#include "report/policy.h"
#include "report/variance.h"

using namespace parley;
using namespace parley::test;

TEST_CASE("units: a row for each seat of each whole match, with factors, payoffs and shares") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 4, vary = { reward = { 8, 9 } },
    players = { { strategy = "alternate" }, { strategy = "always_first" } },
  })");
  Store store = Store::in_memory();
  Lab(folder, study).run(store, {.limit = 1});
  CHECK(units_of(store).rows.size() == 2);
  Lab(folder, study).run(store);
  Rows rows = units_of(store);
  CHECK(rows.columns == std::vector<std::string>{"match",   "block",  "condition",   "reward",      "game",
                                                 "seat",    "player", "strategy",    "model",       "payoff",
                                                 "first",   "equal",  "shown_first", "label_first", "transcript",
                                                 "chance",  "scored", "right",       "missing",     "opponent",
                                                 "pairing", "wording"});
  REQUIRE(rows.rows.size() == 4);
  for (const auto& row : rows.rows) {
    // Cooperate, defect, cooperate, defect against cooperation: rewards and temptations, rewards and nothing.
    const double reward = row[3] == "8" ? 8 : 9;
    const bool first_seat = row[5] == "row";
    CHECK(row[2] == "reward=" + row[3]);
    CHECK(row[6] == (first_seat ? "alternate" : "always_first"));
    CHECK(std::stod(row[9]) == (first_seat ? (reward + 10) / 2 : reward / 2));
    CHECK(row[10] == (first_seat ? "0.5" : "1"));
    CHECK(row[8].empty());  // a rule asks no model
    CHECK(row[11] == "0.5");
    CHECK(row[16].empty());  // nothing was scored
    CHECK(row[17].empty());  // and no question had a right answer
    CHECK(row[18] == "0");
    CHECK(row[19] == (first_seat ? "always_first" : "alternate"));
    CHECK(row[20] == "alternate, always_first");
    CHECK(row[21].starts_with("plain; points"));
  }
}

TEST_CASE("units: a factor that has the name of a column has one of its own") {
  CHECK(factor_column("reward") == "reward");
  CHECK(factor_column("seat") == "factor_seat");
  CHECK(factor_column("guess") == "factor_guess");  // of beliefs, and called alike everywhere
  CHECK(factor_column("strategy") == "strategy");   // the seat's own says it
  Folder folder;
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 4, repeats = 3, vary = { first = { "alternate", "grim" } },
    players = function(v) return { { strategy = "random" }, { strategy = v.first } } end,
  })");
  Store store = Store::in_memory();
  Lab lab(folder, study);
  REQUIRE(lab.design().warnings().size() == 1);
  CHECK(lab.design().warnings()[0] == study +
                                          ": a table of the study has a column 'first' by itself: the levels of what "
                                          "is varied by this name are in 'factor_first'");
  lab.run(store, {.limit = 5});
  for (const Rows& rows : {units_of(store), rounds_of(store), lacking_of(store)}) {
    const size_t factor = column_of(rows, "factor_first", ""), condition = column_of(rows, "condition", "");
    REQUIRE(!rows.rows.empty());
    for (const auto& row : rows.rows) CHECK(row[condition] == "first=" + row[factor]);
  }
  CHECK(factors_of(store) == std::vector<std::string>{"factor_first"});
  CHECK(varied_in(store).has("factor_first"));
  const Rows units = units_of(store);
  CHECK(units.rows[0][column_of(units, "first", "")].find_first_not_of("0.257") == std::string::npos);
  // What is declared of it is looked for there, too.
  const std::string declares = R"(study {
    game = "prisoners_dilemma", rounds = 4, repeats = 3, vary = { first = { "alternate", "grim" } },
    players = function(v) return { { strategy = "random" }, { strategy = v.first } } end,
    analysis = { primary = { value = "first", group = "GROUP", a = "alternate", b = "grim" } } })";
  auto with = [&](const std::string& group) {
    return folder.write("scripts/" + group + ".lua", std::string(declares).replace(declares.find("GROUP"), 5, group));
  };
  Lab(folder, with("factor_first"));
  CHECK_THROWS_WITH(Lab(folder, with("first")), doctest::Contains("analysis groups by 'first', which is no column"));
}

TEST_CASE("policies: what follows on what") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 50, repeats = 20,
    players = { { strategy = "tit_for_tat" }, { strategy = "random", name = "chance" } },
  })");
  Store store = Store::in_memory();
  Lab(folder, study).run(store);
  const std::vector<Policy> found = policies_of(pairs_of(store));
  REQUIRE(found.size() == 2);
  CHECK(found[0].player == "chance");
  const Policy& tit = found[1];
  CHECK(tit.opening.first == 20);
  CHECK(tit.opening.n == 20);
  uint64_t all = 0;
  for (size_t i = 0; i < 4; ++i) {
    CHECK(tit.after[i].n > 100);
    CHECK(tit.after[i].first == (i % 2 == 0 ? tit.after[i].n : 0));  // it does what the other did
    all += tit.after[i].n;
  }
  CHECK(all == 20 * 49);
  CHECK(tit.last.n == 20);
  for (const Policy::Share& share : found[0].after)
    CHECK(std::fabs(static_cast<double>(share.first) / static_cast<double>(share.n) - .5) < .15);

  // With trembles, it answers what was done and not what was meant.
  std::string trembling = folder.write("scripts/slips.lua", R"(study {
    game = "trembling", tremble = .3, rounds = 60, repeats = 5,
    players = { { strategy = "tit_for_tat" }, { strategy = "always_first" } },
  })");
  Store slips = Store::in_memory();
  Lab(folder, trembling).run(slips);
  const std::vector<Policy> shaken = policies_of(pairs_of(slips));
  REQUIRE(shaken.size() == 2);
  for (size_t i = 0; i < 4; ++i) {
    CHECK(shaken[1].player == "tit_for_tat");
    CHECK(shaken[1].after[i].n > 10);
    CHECK(shaken[1].after[i].first == (i % 2 == 0 ? shaken[1].after[i].n : 0));
    CHECK(shaken[0].after[i].first == shaken[0].after[i].n);
  }

  // Alternating on both sides, each with its own start: both change in every round, from both first to both second and back.
  std::string turns = folder.write("scripts/turns.lua", R"(study {
    game = "battle_of_the_sexes", rounds = 5,
    players = { { strategy = "alternate" }, { strategy = "alternate", name = "other" } },
  })");
  Store taking = Store::in_memory();
  Lab(folder, turns).run(taking);
  const Policy turner = policies_of(pairs_of(taking))[0];
  CHECK(turner.turns_alike.first == 4);
  CHECK(turner.turns_alike.n == 4);
  CHECK(turner.turns_apart.first == 0);
  // The other's first second action comes in round 2; in round 3 and 5 the first is done, after a second.
  CHECK(turner.retaliates.n == 1);
  CHECK(turner.retaliates.first == 0);
  CHECK(turner.forgives.n == 1);  // round 4, after the first action of round 3
  CHECK(turner.forgives.first == 0);
  CHECK(turner.last.first == 1);
  CHECK(turner.before_last.first == 2);
  CHECK(turner.before_last.n == 4);

  std::string other = folder.write("scripts/other.lua", R"(study {
    game = "ultimatum", players = { { strategy = "random" }, { strategy = "random" } } })");
  Store none = Store::in_memory();
  Lab(folder, other).run(none);
  CHECK(pairs_of(none).empty());
}

TEST_CASE("beliefs: scored against what was chosen") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 6, repeats = 5, model = "random", vary = { read = { "text", "scored" } },
    players = { { strategy = "scot" }, { strategy = "alternate" } },
  })");
  Store store = Store::in_memory();
  Lab(folder, study).run(store);
  Rows rows = beliefs_of(store);
  CHECK(rows.columns == std::vector<std::string>{"match",      "block",    "condition", "read",    "game",
                                                 "seat",       "player",   "strategy",  "model",   "round",
                                                 "about",      "decision", "question",  "unread",  "hit",
                                                 "brier",      "log",      "given",     "guess",   "truth",
                                                 "transcript", "chance",   "opponent",  "pairing", "wording"});
  CHECK(rows.rows.size() == 60);
  size_t scored = 0;
  for (const auto& row : rows.rows) {
    CHECK(row[5] == "row");
    CHECK(row[10] == "column");
    CHECK((row[15].empty()) == (row[3] == "text"));
    if (row[3] == "text") continue;
    ++scored;
    // Of two actions, brier is 2 (1 - p)^2 and log -ln p of what was; a hit is what had more than half.
    const double brier = std::stod(row[15]), p = std::exp(-std::stod(row[16]));
    CHECK(std::stod(row[17]) == doctest::Approx(p));
    CHECK(row[8] == "random");
    CHECK(row[13] == "0");
    CHECK(brier == doctest::Approx(2 * (1 - p) * (1 - p)));
    CHECK((p > .5) == (row[14] == "1"));
  }
  CHECK(scored == 30);
}

TEST_CASE("csv: quotes, newlines, semicolons, a byte-order mark") {
  Folder folder;
  Rows rows = read_csv(folder.write("a.csv",
                                    "\xef\xbb\xbf"
                                    "a,\"b, too\"\r\n1,\"x\ny \"\"z\"\"\"\r\n\n,2"));
  CHECK(rows.columns == std::vector<std::string>{"a", "b, too"});
  CHECK(rows.rows == std::vector<std::vector<std::string>>{{"1", "x\ny \"z\""}, {"", "2"}});
  CHECK(read_csv(folder.write("b.csv", "a;b\n1,5;2\n")).rows[0][0] == "1,5");
}

TEST_CASE("rules: which fixed rule tells a player best") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "trembling", tremble = .2, rounds = 60, repeats = 10,
    players = { { strategy = "grim" }, { strategy = "naive_prober", p = .1, name = "prober" } },
  })");
  Store store = Store::in_memory();
  Lab(folder, study).run(store);
  std::map<std::string, std::string> texts;
  for (const char* name : {"grim", "tit_for_tat", "always_first", "random", "plan"})
    texts.emplace(name, read_file(std::string(PARLEY_ROOT "/strategies/") + name + ".lua"));
  const RuleFits found = fit_rules(pairs_of(store), texts);
  CHECK(found.drawn == std::vector<std::string>{"random"});
  CHECK(found.left_out == std::vector<std::string>{"plan"});
  REQUIRE(found.fits.size() == 6);
  // grim answers what was done, trembles and all: it differs from itself nowhere.
  CHECK(found.fits[0].player == "grim");
  CHECK(found.fits[0].rule == "grim");
  CHECK(found.fits[0].differ == 0);
  CHECK(found.fits[0].choices == 600);
  CHECK(found.fits[0].likelihood == 0);
  CHECK(found.fits[0].best);
  // A tit for tat that probes with probability .1 where it would have done the first action: about half of the time.
  const RuleFit& prober = found.fits[3];
  CHECK(prober.player == "prober");
  CHECK(prober.rule == "tit_for_tat");
  CHECK(prober.tremble > 0);
  CHECK(prober.tremble < .1);
  const double n = 600, k = static_cast<double>(prober.differ);
  CHECK(prober.likelihood == doctest::Approx(k * std::log(k / n) + (n - k) * std::log(1 - k / n)));
  CHECK(!found.fits[4].best);
}

TEST_CASE("attrition: what is void, and the worst that it could do") {
  const std::vector<Attrition> even = {{"a", 10, 5, 0, 0, {{"unreadable", 5}}, 0},
                                       {"b", 10, 5, 0, 0, {{"refused", 5}}, 0}};
  CHECK(void_by_condition(even, 1)->p == 1);
  CHECK(!void_by_condition({even[0]}, 1));
  Folder folder;
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 2, repeats = 4, vary = { reward = { 8, 9 } },
    players = { { strategy = "alternate" }, { strategy = "always_first" } },
  })");
  Store store = Store::in_memory();
  Lab(folder, study).run(store, {.limit = 6});
  const std::vector<Attrition> all = attrition_of(store);
  REQUIRE(all.size() == 2);
  CHECK(all[0].planned == 4);
  CHECK(all[0].whole + all[1].whole == 6);
  CHECK(all[0].pending + all[1].pending == 2);
  CHECK(lacking_of(store).rows.size() == 4);
  Contrast contrast{"first", "player", "alternate", "always_first", {}};
  const Rows units = units_of(store), lacking = lacking_of(store);
  const ColumnRoles roles = roles_of_study();
  const Bounds found = worst_case(store, units, lacking, roles, contrast, {});
  CHECK(found.lacking_a == 2);
  CHECK(*found.difference == doctest::Approx(-.5));
  // Six halves and two of 0 or 1; six ones and two of 0 or 1. (That they are copies weighs nothing here.)
  CHECK(found.bounds->low == doctest::Approx(3.0 / 8 - 1));
  CHECK(found.bounds->high == doctest::Approx(5.0 / 8 - 6.0 / 8));
  // What the game pays at least and at most in a round, whatever was seen; else what was paid in one.
  contrast.value = "payoff";
  double sum = 0;
  const size_t player = 6, payoff = 9;
  REQUIRE(units.columns[player] == "player");
  REQUIRE(units.columns[payoff] == "payoff");
  for (const auto& row : units.rows) sum += (row[player] == "alternate" ? 1 : -1) * std::stod(row[payoff]);
  const PayoffRanges payoffs = payoff_ranges(store);
  CHECK(payoffs.size() == 2);
  const Bounds paid = worst_case(store, units, lacking, roles, contrast, payoffs);
  CHECK(paid.bounds->low == doctest::Approx((sum - 2 * 10) / 8));
  CHECK(paid.bounds->high == doctest::Approx((sum + 2 * 10) / 8));
  CHECK(paid.why == std::vector<std::string>{"A seat that lacks is between 0 and 10 (the game's payoffs)."});
  const Bounds seen = worst_case(store, units, lacking, roles, contrast, {});
  CHECK(seen.bounds->low == paid.bounds->low);
  CHECK(seen.why[0].find("anybody was paid in a round") != std::string::npos);
  // A group of which nothing came about is as good and as bad as the game lets it be.
  Rows gone{units.columns, {}, {}}, lack = lacking;
  for (const auto& row : units.rows) {
    if (row[player] == "alternate") {
      lack.rows.push_back({row.begin(), row.begin() + static_cast<std::ptrdiff_t>(payoff)});
      lack.rows.back().resize(lack.columns.size());
    } else {
      gone.rows.push_back(row);
    }
  }
  lack.rows.erase(
      std::remove_if(lack.rows.begin(), lack.rows.end(), [&](const auto& row) { return row[player] != "alternate"; }),
      lack.rows.end());
  const Bounds none = worst_case(store, gone, lack, roles, contrast, {});
  double other = 0;
  for (const auto& row : gone.rows) other += std::stod(row[payoff]) / 6;
  CHECK(!none.difference);
  CHECK(none.lacking_a == 8);
  CHECK(none.bounds->low == doctest::Approx(0 - other));
  CHECK(none.bounds->high == doctest::Approx(10 - other));
  CHECK(none.why.back() == "alternate has no value at all: what is said of it is its range alone.");
  // A unit is made of what lacks, too.
  ColumnRoles matches = roles;
  matches.unit = "reward", matches.cluster = "";
  CHECK(worst_case(store, units, lacking, matches, contrast, payoffs).bounds->low < paid.bounds->high);
  matches.unit = "wording";
  CHECK_THROWS_WITH(worst_case(store, units, lacking, matches, contrast, payoffs),
                    doctest::Contains("wording is not known of what did not come about"));
}

TEST_CASE("beliefs: the base rate") {
  Rows rows{
      {"player", "round", "decision", "hit", "brier", "log", "truth", "game", "about", "question", "unread", "given"},
      {{"a", "1", "action", "1", "0.5", "0.7", "x", "one", "row", "predict", "0", ""},
       {"a", "2", "action", "0", "1", "1.2", "x", "one", "row", "predict", "0", ""},
       {"a", "1", "action", "1", "0.1", "0.2", "x", "one", "row", "predict", "0", ""},
       {"a", "2", "action", "0", "", "", "y", "one", "row", "predict", "0", ""}}};
  const Table table = belief_table(rows, "player", {});
  REQUIRE(table.rows.size() == 1);
  const auto& cells = table.rows[0].cells;
  CHECK(cells[3] == Value(.5));
  CHECK(cells[4] == Value(.75));  // always saying x
  CHECK(cells[5] == Value(3));
  CHECK(cells[7] == Value(0));  // all that was scored came out x
  CHECK(belief_table(rows, "round", {}).rows.size() == 2);
  // What came true in another game, or to another question, says nothing of this one.
  rows.rows.push_back({"a", "2", "action", "0", "", "", "z", "two", "row", "predict", "0", ""});
  rows.rows.push_back({"a", "2", "action", "0", "", "", "8", "one", "right answer", "you_get", "0", ""});
  CHECK(belief_table(rows, "player", {}).rows[0].cells[4].number() == doctest::Approx(5.0 / 6));
  // What could not be read: a prediction is none, an answer is wrong. A truth at probability 0 is no part of the mean of log.
  rows.rows.push_back({"b", "1", "action", "", "", "", "x", "one", "row", "predict", "1", ""});
  rows.rows.push_back({"b", "1", "action", "0", "", "", "8", "one", "right answer", "you_get", "1", ""});
  rows.rows.push_back({"b", "1", "action", "0", "2", "", "x", "one", "row", "predict", "0", "0"});
  const Table unread = belief_table(rows, "player", {});
  CHECK(unread.rows[1].cells[1] == Value(2));
  CHECK(unread.rows[1].cells[2] == Value(2));
  CHECK(unread.rows[1].cells[3] == Value(0));
  CHECK(unread.rows[1].cells[8].is_nil());
  CHECK(unread.rows[1].cells[10] == Value(1));
}

TEST_CASE("compare: units, families, latex") {
  const Rows rows{{"x", "g", "u", "m"},
                  {{"1", "a", "1", "p"},
                   {"3", "a", "1", "q"},
                   {"4", "a", "2", "p"},
                   {"5", "b", "1", "p"},
                   {"9", "b", "2", "p"},
                   {"7", "b", "2", "q"},
                   {"1", "c", "1", "p"}}};
  ColumnRoles roles;
  roles.unit = "u";
  const Observations means = observe(rows, roles, "x", "g");
  REQUIRE(means.all.size() == 5);
  CHECK(means.all[0].value == 2);
  CHECK(means.all[3].value == 8);
  CHECK(means.within.empty());  // c is in one unit only
  const std::vector<Contrast> family = {{"x", "g", "a", "b", {}}, {"x", "g", "a", "b", {{"m", "p"}}}};
  const std::vector<Comparison> found = compare(rows, roles, family, {});
  CHECK(found[0].a.of.mean == 3);
  CHECK(found[1].a.of.mean == 2.5);
  CHECK(found[0].family == 2);
  CHECK(found[0].holm >= found[0].t.p);
  CHECK(observe(rows, roles, "x", "g", {{"g", "a"}, {"g", "b"}}).within.empty());
  const std::vector<Contrast> wrong = {{"x", "g", "a", "d", {}}};
  CHECK_THROWS_WITH(compare(rows, roles, wrong, {}), doctest::Contains("g has no group 'd'"));
  Table table;
  table.columns = {{"a_b"}, {"n"}};
  table.add({"50 % & {x} ~ \\", -1.5});
  CHECK(as_latex(table) ==
        "\\begin{tabular}{lr}\n\\hline\na\\_b & n \\\\\n\\hline\n50 \\% \\& \\{x\\} \\textasciitilde{} "
        "\\textbackslash{} & $-$1.5 \\\\\n\\hline\n\\end{tabular}\n");
}

TEST_CASE("compare: how many transcripts differ is said where there are any") {
  ComparedGroup group;
  group.name = "a";
  group.of.n = 2;
  CHECK(!group_value(group).contains("distinct"));
  group.distinct = 2;
  CHECK(group_value(group).at("distinct") == Value(2));
}

TEST_CASE("variance: of a balanced part of a design, main effects with what they cannot be told from") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 5, repeats = 6, balance = 4,
    vary = { reward = { 8, 9 }, temptation = { 10, 12 }, punishment = { 5, 4 } },
    players = { { strategy = "random" }, { strategy = "tit_for_tat" } },
  })");
  Store store = Store::in_memory();
  Lab(folder, study).run(store);
  const Rows rows = units_of(store);
  const Table table =
      variance_table(rows, roles_of_study(), "payoff", {"reward", "temptation", "punishment"}, {{"seat", "row"}}, 1);
  REQUIRE(table.rows.size() == 5);  // three factors, block, residual
  double sum = 0;
  std::map<std::string, double> shares;
  for (const Table::Row& row : table.rows) {
    sum += row.cells[2].number();
    shares[row.cells[0].string()] = row.cells[2].number();
    if (row.cells[0] == Value("reward")) CHECK(row.cells[6] == Value("temptation x punishment"));
  }
  CHECK(sum == doctest::Approx(1));
  // The sum of squares between the levels, by the whole.
  const size_t reward = 4, payoff = 11;
  REQUIRE(rows.columns[reward] == "reward");
  REQUIRE(rows.columns[payoff] == "payoff");
  double n = 0, mean = 0, squares = 0, between = 0;
  std::map<std::string, std::pair<double, double>> levels;
  for (const auto& row : rows.rows) {
    if (row[7] != "row") continue;
    const double x = std::stod(row[payoff]);
    levels[row[reward]].first += x;
    ++levels[row[reward]].second;
    ++n;
    mean += x;
    squares += x * x;
  }
  mean /= n;
  for (const auto& [level, of] : levels) between += of.second * std::pow(of.first / of.second - mean, 2);
  CHECK(shares["reward"] == doctest::Approx(between / (squares - n * mean * mean)));
}

TEST_CASE("variance: effects that are aliased in part are shown, and the residual is what all of them leave") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 2, repeats = 4, seed = 3, balance = 6,
    vary = { reward = { 8, 9 }, punishment = { 4, 5 }, sucker = { 0, 1 }, temptation = { 10, 12 },
             horizon = { "told", "hidden" } },
    players = { { strategy = "random" }, { strategy = "tit_for_tat" } },
  })");
  Store store = Store::in_memory();
  Lab(folder, study).run(store);
  const Rows rows = units_of(store);
  const Table table = variance_table(rows, roles_of_study(), "payoff",
                                     {"horizon", "punishment", "reward", "sucker", "temptation"}, {{"seat", "row"}}, 1);
  std::map<std::string, const Table::Row*> by_name;
  for (const Table::Row& row : table.rows) by_name[row.cells[0].string()] = &row;
  for (const char* factor : {"horizon", "punishment", "reward", "sucker", "temptation"}) {
    REQUIRE(by_name.contains(factor));
    CHECK(by_name[factor]->cells[1] == Value(1));
    CHECK(by_name[factor]->cells[6].string().find("(0.50)") != std::string::npos);
  }
  // Of 15 effects two by two the same, with more contrasts than six combinations have: together they say what differs between these.
  CHECK(!by_name.contains("punishment x reward"));
  CHECK(std::count(table.notes.begin(), table.notes.end(),
                   "punishment x reward cannot be told from sucker x temptation: not shown.") == 1);
  const size_t condition = column_of(rows, "condition", ""), block = column_of(rows, "block", ""),
               payoff = column_of(rows, "payoff", ""), seat = column_of(rows, "seat", "");
  double n = 0, sum = 0, squares = 0, between = 0;
  std::map<std::string, std::pair<double, double>> cells;
  for (const auto& row : rows.rows) {
    if (row[seat] != "row") continue;
    const double x = std::stod(row[payoff]);
    for (const std::string& cell : {row[condition], "block " + row[block]})
      cells[cell].first += x, ++cells[cell].second;
    ++n, sum += x, squares += x * x;
  }
  for (const auto& [cell, of] : cells) between += of.second * std::pow(of.first / of.second - sum / n, 2);
  const double all = squares - sum * sum / n;
  CHECK(by_name["residual"]->cells[1] == Value(23 - 3 - 5));
  CHECK(by_name["residual"]->cells[2].number() == doctest::Approx((all - between) / all));
}

TEST_CASE("variance: of matches that are the same whenever they are played there is nothing to draw") {
  Folder folder;
  std::string study = folder.write("scripts/study.lua", R"(study {
    game = "prisoners_dilemma", rounds = 3, repeats = 4, vary = { reward = { 8, 9 }, temptation = { 10, 12 } },
    players = { { strategy = "alternate" }, { strategy = "tit_for_tat" } },
  })");
  Store store = Store::in_memory();
  Lab(folder, study).run(store);
  const Table table =
      variance_table(units_of(store), roles_of_study(), "payoff", {"reward", "temptation", "reward"}, {}, 1);
  REQUIRE(table.rows.size() == 5);  // two factors, both, block, residual
  for (const Table::Row& row : table.rows) {
    for (size_t i : {3, 4, 5}) CHECK(row.cells[i].is_nil());
  }
  CHECK(table.rows[0].cells[2].number() + table.rows[1].cells[2].number() == doctest::Approx(1));
  REQUIRE(table.notes.size() == 2);
  CHECK(table.notes[1].starts_with("No chance took part in any match"));
}
