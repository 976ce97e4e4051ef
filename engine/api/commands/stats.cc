// parley stats STUDY: groups of a study, or of any table, compared; and what else is reckoned of a study.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "api/commands/against_number.h"
#include "api/commands/commands.h"
#include "api/commands/comparison.h"
#include "api/commands/declared.h"
#include "api/commands/listing.h"
#include "api/commands/rules.h"
#include "api/measures.h"
#include "api/setups.h"
#include "api/workspace.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "report/aliases.h"
#include "report/attrition.h"
#include "report/beliefs.h"
#include "report/compare.h"
#include "report/one_sample.h"
#include "report/policy.h"
#include "report/units.h"
#include "report/variance.h"

namespace parley::commands {
namespace {

constexpr size_t kMostPairs = 15;  // that are told in words

// Numbers as people read them.
Table in_short(Table table) {
  for (Table::Row& row : table.rows) {
    for (Value& cell : row.cells) {
      if (cell.is_number() && cell.number() != std::floor(cell.number()))
        cell = Value(std::fabs(cell.number()) < 1e-12 ? "0" : short_number(cell.number()));
    }
  }
  for (size_t i = 1; i < table.columns.size(); ++i) {
    if (table.columns[i].align == Table::Column::Align::automatic) table.columns[i].align = Table::Column::Align::right;
  }
  return table;
}

// Tables as they were asked for; the numbers in full for programs only.
void print_tables(std::vector<Table> tables, const Args& args, Console& console) {
  if (!args.has("--json") && !args.has("--as-csv")) {
    for (Table& table : tables) {
      table = in_short(std::move(table));
      if (!args.has("--latex")) {  // there it is a comment, which ends with its line
        for (std::string& note : table.notes) note = wrapped(note, console.columns());
      }
    }
  }
  if (!args.has("--latex") && !args.has("--as-csv")) return print(tables, args, console);
  for (const Table& table : tables) {
    if (&table != &tables.front()) console.out("\n");
    console.out(args.has("--latex") ? as_latex(table) : as_csv(table));
  }
}

// Misuse, with the nearest: no row has this value in its column. `lacking`: it may be of what did not come about.
void check_where(const Rows& rows, const std::pair<std::string, std::string>& where, bool lacking) {
  const size_t column = column_of(rows, where.first, "--where");
  std::set<std::string> values;
  for (const auto& row : rows.rows) values.insert(row[column]);
  if (lacking || values.contains(where.second)) return;
  constexpr size_t kMost = 20;
  std::vector<std::string> known(values.begin(), values.end());
  std::sort(known.begin(), known.end(), natural_before);
  const std::string near = did_you_mean(where.second, known);
  const bool many = known.size() > kMost;
  if (many) known.resize(kMost);
  throw Misuse(fmt::format("--where: no {} is '{}'{}; there are: {}{}", where.first, where.second, near,
                           joined(known, ", "), many ? ", ..." : ""));
}

// Misuse: an option is said that what is shown would leave out of account.
void check_together(const Args& args) {
  static const std::vector<const char*> of_policies = {"--value", "--group",  "--contrast", "--to",     "--unit",
                                                       "--block", "--factor", "--cluster",  "--margin", "--beliefs"};
  // Each stands in place of comparisons, and goes without these. --policy and --rules are told together.
  static const std::vector<std::pair<const char*, std::vector<const char*>>> instead = {
      {"--attrition", {"--variance", "--policy", "--rules", "--to", "--factor", "--margin"}},
      {"--variance", {"--policy", "--rules", "--to", "--group", "--contrast", "--margin"}},
      {"--policy", of_policies},
      {"--rules", of_policies}};
  for (const auto& [option, without] : instead) {
    for (const char* other : without) {
      if (args.has(option) && args.has(other)) throw Misuse(fmt::format("{} goes without {}", other, option));
    }
  }
  if (args.has("--factor") && !args.has("--variance")) throw Misuse("--factor is said with --variance");
  if (args.has("--to") && args.has("--contrast"))
    throw Misuse("--to compares each group with a number, --contrast groups: one of them");
}

// What is compared, as the options say it.
struct Asked {
  Rows rows;
  ColumnRoles roles;
  Contrast like;     // value, group, where
  std::string each;  // "one for each seat of each match"
  bool study = true, beliefs = false, rounds = false;
};

// Of codes: a match is a repeat of another where the matches that were coded are, whatever had a part in the coding.
void repeats_of_coded(Rows& rows) {
  const size_t of_match = column_of(rows, "of_match", ""), transcript = column_of(rows, "transcript", ""),
               chance = column_of(rows, "chance", "");
  const auto repeated = rows.has("repeated") ? std::optional(column_of(rows, "repeated", "")) : std::nullopt;
  std::set<std::string> first;
  for (const auto& row : rows.rows) {
    if (repeated && !row[*repeated].empty()) first.insert(row[*repeated]);
  }
  for (auto& row : rows.rows) {
    row[transcript] = repeated && !row[*repeated].empty() ? row[*repeated] : row[of_match];
    row[chance] = first.contains(row[transcript]) ? "0" : "1";
  }
}

// `store`: of a study; nullptr where a table is read.
Asked asked(const Args& args, const Store* store) {
  Asked out;
  const std::string* csv = args.text("--csv");
  const std::string* unit = args.text("--unit");
  out.study = store != nullptr;
  out.beliefs = args.has("--beliefs");
  out.rounds = out.study && !out.beliefs && unit && *unit == "round";
  if (csv) {
    out.rows = read_csv(*csv);
    for (size_t i = 0; i < out.rows.columns.size(); ++i) {
      const auto begin = out.rows.columns.begin(), at = begin + static_cast<std::ptrdiff_t>(i);
      if (std::find(begin, at, *at) != at) throw Error(fmt::format("{}: two columns are called '{}'", *csv, *at));
    }
    out.roles.source = *csv;
    out.each = " of " + *csv;
  } else {
    out.rows = (out.beliefs ? beliefs_of : out.rounds ? rounds_of : units_of)(*store);
    // Measures take long to reckon: only where a column is asked for that is none of the others.
    std::vector<std::string> wanted = args.all("--factor");
    for (const char* option : {"--value", "--group", "--unit", "--block", "--cluster"}) {
      if (const std::string* column = args.text(option)) wanted.push_back(*column);
    }
    for (const std::string& where : args.all("--where")) wanted.push_back(where.substr(0, where.find('=')));
    const bool all_there =
        std::all_of(wanted.begin(), wanted.end(), [&](const auto& name) { return out.rows.has(name); });
    if (!out.beliefs && !out.rounds && !all_there) add_measures(*store, out.rows, study_files(args).lua);
    out.roles = roles_of_study();
    // Of codes: messages of one match, and several coders of a message, are not independent.
    if (out.rows.has("of_match")) {
      out.roles.unit = out.roles.cluster = out.roles.match = "of_match";
      repeats_of_coded(out.rows);
    }
  }
  if (const std::string* value = args.text("--value"); value && out.rounds && !out.rows.has(*value)) {
    if (units_of(*store).has(*value))
      throw Misuse(
          fmt::format("--unit round: {} is of a match and not of a round: leave --unit out; by round there are "
                      "payoff, first, equal, shown_first, label_first",
                      *value));
  }
  if (out.beliefs && out.rows.rows.empty()) throw Error("nobody of this study said what another would choose");
  auto said = [&](const char* option, const char* otherwise) -> std::string {
    if (const std::string* text = args.text(option)) return *text;
    if (csv)
      throw Misuse(fmt::format("{} is wanted: a column of {}: {}", option, *csv, joined(out.rows.columns, ", ")));
    return otherwise;
  };
  out.like.value = said("--value", out.beliefs ? "hit" : "payoff");
  out.like.group = args.has("--variance") ? "" : said("--group", "player");
  if (const std::string* text = args.text("--block")) out.roles.block = *text;
  if (out.study && !out.beliefs && !out.rounds && out.like.value == "first") out.roles.scored = "scored";
  if (unit && !out.rounds && !out.rows.has(*unit) && out.study && !out.beliefs)
    throw Misuse(fmt::format("--unit: there is no column '{}'{}", *unit, [&] {
      std::vector<std::string> known = out.rows.columns;
      known.emplace_back("round");
      return did_you_mean(*unit, known) + "; there are: " + joined(known, ", ");
    }()));
  if (out.rounds) {
    out.roles.unit = "", out.roles.each_row = true;
    out.each = ", one for each round of each seat";
  } else if (unit) {
    out.roles.unit = *unit, out.roles.cluster = "";
  }
  if (const std::string* text = args.text("--cluster")) out.roles.cluster = *text;
  const std::string& of = out.roles.cluster.empty() ? out.roles.unit : out.roles.cluster;
  if (!out.rounds && !of.empty()) {
    out.each = fmt::format(", one for each {} and {}{}", of, out.like.group, csv ? " of " + *csv : "");
  }
  for (const std::string& where : args.all("--where")) {
    const size_t is = where.find('=');
    if (is == where.npos) throw Misuse(fmt::format("--where is COLUMN=VALUE, not '{}'", where));
    out.like.where.emplace_back(where.substr(0, is), where.substr(is + 1));
    check_where(out.rows, out.like.where.back(), args.has("--attrition"));
  }
  return out;
}

// The two groups that --contrast names. A group may have ' against ' in its name: the sides are split where both are groups, else at the
// first. Misuse: there are no two, or they are one.
std::pair<std::string, std::string> sides_of(const std::string& said, const std::vector<std::string>& groups) {
  constexpr std::string_view kAgainst = " against ";
  const size_t first = said.find(kAgainst);
  if (first == said.npos) throw Misuse(fmt::format("--contrast is 'GROUP against GROUP', not '{}'", said));
  auto split = [&](size_t at) { return std::pair(said.substr(0, at), said.substr(at + kAgainst.size())); };
  auto is_group = [&](const std::string& name) {
    return std::find(groups.begin(), groups.end(), name) != groups.end();
  };
  auto out = split(first);
  for (size_t at = first; at != said.npos; at = said.find(kAgainst, at + 1)) {
    const auto sides = split(at);
    if (!is_group(sides.first) || !is_group(sides.second)) continue;
    out = sides;
    break;
  }
  if (out.first == out.second)
    throw Misuse(
        fmt::format("--contrast '{}' compares a group with itself; there are: {}", said, joined(groups, ", ")));
  return out;
}

// The family: the contrasts that --contrast declares, each once whichever way round, else every pair.
std::vector<Contrast> family_of(const Args& args, const Observations& data, const Contrast& like) {
  std::vector<Contrast> out;
  std::set<std::pair<std::string, std::string>> known;
  for (const std::string& said : args.all("--contrast")) {
    const auto [a, b] = sides_of(said, data.groups);
    if (known.contains({b, a}) || !known.emplace(a, b).second) continue;
    Contrast& one = out.emplace_back(like);
    one.a = a;
    one.b = b;
  }
  return out.empty() ? all_pairs(data, like) : out;
}

// "payoff by player: 328 values, one for each match and player".
std::string heading(const Asked& what, const Observations& data) {
  const bool copies = std::any_of(data.all.begin(), data.all.end(), [](const Observed& one) { return one.copies > 1; });
  return fmt::format("{} by {}: {}{}{}\n\n", what.like.value, what.like.group,
                     counted(static_cast<double>(data.all.size()), "value", "values"), what.each,
                     copies ? "; repeats without chance are one" : "");
}

void warn(const Fewest& fewest, const Asked& what, const Observations& data, Console& console) {
  if (data.without_value > 0)
    console.line(
        fmt::format("{} without a value left out.", counted(static_cast<double>(data.without_value), "row", "rows")));
  if (what.beliefs && what.like.value == "log") {
    const size_t given = column_of(what.rows, "given", "");
    const RowFilter wanted(what.rows, what.like.where);
    const auto zero = std::count_if(what.rows.rows.begin(), what.rows.rows.end(),
                                    [&](const auto& row) { return wanted(row) && number_in(row[given]) == 0.0; });
    if (zero > 0)
      console.line(fmt::format("warning: {} gave what came true no probability: the log score is infinite there",
                               counted(static_cast<double>(zero), "of these", "of these")));
  }
  if (what.rounds)
    console.line(
        "warning: rounds of one match are not independent of each other: t, d, Bayes factors and p-values here "
        "take them as if they were, and say too much; the bootstrap draws whole matches. Leave --unit out");
  warn_of_few(fewest, console);
}

// How good beliefs are, by group and by round, against the base rate.
std::vector<Table> belief_tables(const Asked& what) {
  std::vector<Table> out = {belief_table(what.rows, what.like.group, what.like.where)};
  if (what.like.group != "round") out.push_back(belief_table(what.rows, "round", what.like.where));
  return out;
}

// Each group against a number.
int with_number(const Args& args, const Asked& what, const Observations& data, double number, Console& console) {
  const Testing how{args.positive("--margin"), args.whole("--seed", 0).value_or(1)};
  if (data.groups.empty()) throw Error("nothing to compare: no row has a value");
  const std::vector<OneSample> all = compare_with(data, what.like.value, number, how);
  if (args.has("--json")) {
    Value::List list;
    for (const OneSample& one : all) list.push_back(value_of(one));
    console.out(to_json(Value::Record{
                    {"value", what.like.value}, {"group", what.like.group}, {"number", number}, {"groups", list}}) +
                "\n");
    return 0;
  }
  if (args.has("--latex") || args.has("--as-csv")) {
    print_tables({args.has("--latex") ? one_sample_short(all) : one_sample_table(all)}, args, console);
  } else {
    console.out(heading(what, data));
    for (const OneSample& one : all) {
      tell(one, how, !what.roles.transcript.empty(), console);
      if (&one != &all.back()) console.out("\n");
    }
  }
  Fewest fewest;
  for (const OneSample& one : all) {
    if (one.drawn) fewest.n = std::min(fewest.n, one.drawn->fewest);
  }
  warn(fewest, what, data, console);
  return 0;
}

// `declared`: of a study that declares an analysis; what is asked here is beside it.
int comparing(const Args& args, Console& console, const Store* store, const std::optional<Declared>& declared) {
  if (declared && !args.has("--json") && !args.has("--latex") && !args.has("--as-csv")) {
    if (!args.has("--beliefs")) {
      tell_declared(*store, *declared, args, console);
      console.out("\n");
    }
    console.out(console.bold("Exploratory") + "\n");
  }
  const Asked what = asked(args, store);
  const Contrast& like = what.like;
  const Observations data = observe(what.rows, what.roles, like.value, like.group, like.where);
  if (const auto number = args.number("--to")) return with_number(args, what, data, *number, console);
  if (what.beliefs && data.groups.size() == 1) {  // nothing to compare, but with the base rate
    print_tables(belief_tables(what), args, console);
    return 0;
  }
  if (data.groups.size() < 2)
    throw Error(fmt::format("nothing to compare: {} of `{}`{}",
                            counted(static_cast<double>(data.groups.size()), "group", "groups"), like.group,
                            like.where.empty() ? "" : " where it is as said"));
  const Testing how{args.positive("--margin"), args.whole("--seed", 0).value_or(1)};
  std::vector<Contrast> family = family_of(args, data, like);
  if (store) {
    for (const std::string& line : refuse_confounded(*store, what.rows, what.roles.unit, family))
      console.line("warning: " + line);
  }
  const std::vector<Comparison> all = compare(data, family, how);
  if (args.has("--json")) {
    Value::List list;
    for (const Comparison& c : all) list.push_back(declared ? value_of(c).with("declared", false) : value_of(c));
    Value::Record out{{"value", like.value}, {"group", like.group}, {"comparisons", std::move(list)}};
    if (what.beliefs) {
      for (const Table& table : belief_tables(what)) out.emplace(table.title, as_value(table));
    }
    if (declared && !what.beliefs) {
      tell_declared(*store, *declared, args, console, out);
    } else {
      console.out(to_json(out) + "\n");
    }
    return 0;
  }
  if (args.has("--latex") || args.has("--as-csv")) {
    std::vector<Table> tables = {args.has("--latex") ? comparison_short(all) : comparison_table(all)};
    if (what.beliefs) {
      for (Table& table : belief_tables(what)) tables.push_back(std::move(table));
    }
    print_tables(std::move(tables), args, console);
    warn(fewest_of(all), what, data, console);
    return 0;
  }
  console.out(heading(what, data));
  if (what.beliefs) {
    print_tables(belief_tables(what), args, console);
    console.out("\n");
  } else if (data.groups.size() > 2)
    console.out(as_text(group_table(data, like.group), console.columns()) + "\n");
  if (all.size() > kMostPairs) {
    console.out(fmt::format(
        "Of these, {} pairs: --contrast 'A against B' compares those that it names, --json has all.\n", all.size()));
    return 0;
  }
  for (const Comparison& c : all) {
    tell(c, how, !what.roles.transcript.empty(), console);
    if (&c != &all.back()) console.out("\n");
  }
  warn(fewest_of(all), what, data, console);
  return 0;
}

int varying(const Args& args, Console& console, const Store* store) {
  const Asked what = asked(args, store);
  std::vector<std::string> factors = args.all("--factor");
  if (factors.empty() && !what.study) throw Misuse("--variance of a table needs --factor COLUMN, once for each");
  if (factors.empty()) factors = factors_of(*store);
  std::optional<stats::Varied> varied;
  if (store) varied = varied_in(*store);
  print_tables({variance_table(what.rows, what.roles, what.like.value, factors, what.like.where,
                               args.whole("--seed", 0).value_or(1), varied ? &*varied : nullptr)},
               args, console);
  return 0;
}

// The declared primary contrasts, where something is declared and nothing else is asked for; else what is asked for. The rows are
// those that count: of a declared analysis those that its exclusions leave, of its blocks alone.
struct Bounded {
  Rows units, lacking;
  ColumnRoles roles;
  std::vector<Contrast> family;
};

Bounded bounded(const Args& args, const Store& store, const std::optional<Declared>& declared) {
  Bounded out;
  out.lacking = lacking_of(store);
  if (declared && !explores(args)) {
    std::set<uint64_t> blocks;
    for (uint64_t block = 1; block <= declared->n; ++block) blocks.insert(block);
    const Rows units = in_blocks(declared_units(store, *declared), blocks);
    out.units = exclude(units, declared->exclusions, declared->primary[0]).kept;
    out.lacking = in_blocks(out.lacking, blocks);
    out.roles = declared->roles();
    out.family = declared->primary;
    return out;
  }
  Asked what = asked(args, &store);
  Observations data = observe(what.rows, what.roles, what.like.value, what.like.group, what.like.where);
  // Groups of which nothing came about are groups too.
  if (out.lacking.has(what.like.group)) {
    const size_t group = column_of(out.lacking, what.like.group, "--group");
    const RowFilter wanted(out.lacking, what.like.where);
    for (const auto& row : out.lacking.rows) {
      if (wanted(row) && std::find(data.groups.begin(), data.groups.end(), group_name(row[group])) == data.groups.end())
        data.groups.push_back(group_name(row[group]));
    }
  }
  out.family = family_of(args, data, what.like);
  for (const Contrast& contrast : out.family) {
    for (const std::string& name : {contrast.a, contrast.b}) check_group(contrast.group, name, data.groups);
  }
  out.units = std::move(what.rows);
  out.roles = std::move(what.roles);
  return out;
}

// What did not come about; and what that could do to each comparison.
int lacking(const Args& args, Console& console, const Store& store, const std::optional<Declared>& declared) {
  if (const std::string* unit = args.text("--unit"); unit && *unit == "round")
    throw Misuse("--attrition counts seats' matches: it goes without --unit round");
  const uint64_t seed = args.whole("--seed", 0).value_or(1);
  const std::vector<Attrition> all = attrition_of(store);
  std::vector<Table> tables = {attrition_table(all), void_table(all)};
  if (const auto test = void_by_condition(all, seed)) {
    Table& table = tables.emplace_back();
    table.title = "void by condition";
    table.columns = {{"test", Table::Column::Align::left}, {"chi-square"}, {"p"}};
    table.add({test->chi_square ? fmt::format("chi-square, p by {} exchanges", with_commas(double(kDraws))) : "Fisher",
               test->chi_square ? Value(*test->chi_square) : Value(), test->p});
  }
  const Bounded what = bounded(args, store, declared);
  const PayoffRanges payoffs = payoff_ranges(store);
  Table& bounds = tables.emplace_back();
  bounds.title = "bounds";
  using Align = Table::Column::Align;
  bounds.columns = {{"value", Align::left}, {"a", Align::left, true}, {"b", Align::left, true}};
  for (const char* name : {"lacking a", "lacking b", "difference", "low", "high"}) bounds.columns.push_back({name});
  for (const Contrast& contrast : what.family) {
    const Bounds found = worst_case(store, what.units, what.lacking, what.roles, contrast, payoffs);
    bounds.add({contrast.value, contrast.a, contrast.b, static_cast<double>(found.lacking_a),
                static_cast<double>(found.lacking_b), found.difference ? Value(*found.difference) : Value(),
                found.bounds ? Value(found.bounds->low) : Value(), found.bounds ? Value(found.bounds->high) : Value()});
    if (declared && !explores(args)) bounds.notes.push_back("Declared: " + text_of(contrast) + ".");
    for (const std::string& why : found.why) {
      if (std::find(bounds.notes.begin(), bounds.notes.end(), why) == bounds.notes.end()) bounds.notes.push_back(why);
    }
  }
  print_tables(tables, args, console);
  return 0;
}

// Leaves of what seats did that alone which is as --where says of their rows.
void keep_wanted(const Asked& what, std::vector<PlayedPair>& pairs) {
  const RowFilter wanted(what.rows, what.like.where);
  const size_t match = column_of(what.rows, "match", "");
  std::map<std::string, std::vector<bool>> seats;  // by match, in their order
  for (const auto& row : what.rows.rows) seats[row[match]].push_back(wanted(row));
  for (PlayedPair& pair : pairs) {
    for (size_t i : {0, 1}) pair.seats[i].counts = seats.at(std::to_string(pair.match)).at(i);
  }
  std::erase_if(pairs, [](const PlayedPair& pair) { return !pair.seats[0].counts && !pair.seats[1].counts; });
}

int policies(const Args& args, Console& console, const Store& store) {
  std::vector<PlayedPair> pairs = pairs_of(store);
  if (args.has("--where")) {
    const bool any = !pairs.empty();
    keep_wanted(asked(args, &store), pairs);
    if (any && pairs.empty())
      throw Error("no seat with two actions, once a round, against another is so where it is as said");
  }
  // A first action in one game is another thing than in another: a player is told apart by its game.
  const bool several = std::any_of(pairs.begin(), pairs.end(), [&](const auto& p) { return p.game != pairs[0].game; });
  for (PlayedPair& pair : pairs) {
    for (PlayedPair::Seat& seat : pair.seats) {
      if (several) seat.player += fmt::format(" ({})", pair.game);
    }
  }
  if (pairs.empty()) throw Error("no match of this study is of two seats with two actions each, once a round");
  std::vector<Table> tables;
  if (args.has("--policy")) {
    const std::vector<Policy> found = policies_of(pairs);
    const bool in_full = args.has("--json") || args.has("--as-csv");
    tables = {policy_table(found, in_full), reaction_table(found, in_full)};
  }
  if (args.has("--rules")) {
    Workspace workspace(args, console, study_files(args).lua);
    std::map<std::string, std::string> rules;
    for (const std::string& name : workspace.sources().names("strategies")) {
      if (!workspace.scripts().strategy(name).asks)
        rules.emplace(name, workspace.sources().find("strategies", name)->text);
    }
    tables.push_back(rule_table(fit_rules(pairs, rules)));
  }
  print_tables(std::move(tables), args, console);
  return 0;
}

}  // namespace

int stats(const Args& args, Console& console) {
  const std::string* csv = args.text("--csv");
  if (csv && !args.words.empty()) throw Misuse("stats takes a study, or --csv FILE, not both");
  if (!csv && args.words.empty()) throw Misuse("stats takes a study, or --csv FILE");
  check_together(args);
  for (const char* option : {"--policy", "--rules", "--beliefs", "--attrition"}) {
    if (csv && args.has(option)) throw Misuse(fmt::format("{} is of a study, not of a table", option));
  }
  if (csv) return args.has("--variance") ? varying(args, console, nullptr) : comparing(args, console, nullptr, {});
  const StudyFiles files = study_files(args);
  const Store store = open_to_read(files);
  const auto study = store.study();
  const std::optional<Declared> declared = study ? Declared::from(study->fields["analysis"]) : std::nullopt;
  if (args.has("--attrition")) {
    if (declared) count_look(store, *declared, true, console);
    return lacking(args, console, store, declared);
  }
  if (store.query("SELECT 1 FROM match WHERE number IS NOT NULL AND status = 'whole' LIMIT 1").empty())
    throw Error(
        fmt::format("no match of {} is whole yet: `parley list {}` shows where they stand", files.db, files.db));
  const bool reckons = args.has("--variance") || args.has("--policy") || args.has("--rules");
  // An instrument is checked before the end, and that is no look.
  if (declared && !args.has("--beliefs")) {
    const bool beside = reckons || explores(args) || args.has("--as-csv") || args.has("--latex");
    count_look(store, *declared, beside, console);
  }
  if (args.has("--variance")) return varying(args, console, &store);
  if (args.has("--policy") || args.has("--rules")) return policies(args, console, store);
  if (!declared || explores(args)) return comparing(args, console, &store, declared);
  tell_declared(store, *declared, args, console);
  return 0;
}

}  // namespace parley::commands
