// parley stats STUDY: two groups of a study, or of any table, compared.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include "api/commands/commands.h"
#include "api/commands/listing.h"
#include "api/workspace.h"
#include "base/error.h"
#include "base/json.h"
#include "report/policy.h"
#include "report/units.h"
#include "stats/resample.h"
#include "stats/shares.h"

namespace parley::commands {
namespace {

using namespace stats;

constexpr uint64_t kDraws = 10'000;
constexpr size_t kFewClusters = 30;
constexpr size_t kMostPairs = 15;  // that are told in words

// A row that counts: its value, who it belongs to, and what goes together.
struct Observed {
  double value = 0;
  std::string group, block, cluster, transcript;
};

// The table, what is compared in it, and what was left out.
struct Data {
  std::vector<Observed> all;
  std::vector<std::string> groups;  // in order of appearance
  size_t without_value = 0;
  bool blocks = false, transcripts = false;
};

size_t column_of(const Rows& rows, const std::string& name, std::string_view option) {
  for (size_t i = 0; i < rows.columns.size(); ++i) {
    if (rows.columns[i] == name) return i;
  }
  throw Misuse(fmt::format("{}: there is no column '{}'{}; there are: {}", option, name,
                           did_you_mean(name, rows.columns), joined(rows.columns, ", ")));
}

bool has(const Rows& rows, const char* name) {
  return std::find(rows.columns.begin(), rows.columns.end(), name) != rows.columns.end();
}

Data data_of(const Rows& rows, const Args& args, bool is_study, const std::string& value, const std::string& group) {
  const size_t v = column_of(rows, value, "--value"), g = column_of(rows, group, "--group");
  std::optional<size_t> block, cluster, transcript;
  if (const std::string* said = args.text("--block")) block = column_of(rows, *said, "--block");
  if (const std::string* said = args.text("--cluster")) cluster = column_of(rows, *said, "--cluster");
  if (is_study && !block) block = column_of(rows, "block", "--block");
  if (is_study && !cluster) cluster = column_of(rows, "match", "--cluster");
  if (has(rows, "transcript") && is_study) transcript = column_of(rows, "transcript", "");
  std::vector<std::pair<size_t, std::string>> where;
  for (const std::string& said : args.all("--where")) {
    const size_t is = said.find('=');
    if (is == said.npos) throw Misuse(fmt::format("--where is COLUMN=VALUE, not '{}'", said));
    where.emplace_back(column_of(rows, said.substr(0, is), "--where"), said.substr(is + 1));
  }
  Data out;
  out.blocks = block.has_value();
  out.transcripts = transcript.has_value();
  for (size_t i = 0; i < rows.rows.size(); ++i) {
    const auto& row = rows.rows[i];
    // Of several values of one column any will do.
    if (std::any_of(where.begin(), where.end(), [&](const auto& w) {
          return std::none_of(where.begin(), where.end(), [&](const auto& other) {
            return other.first == w.first && row[w.first] == other.second;
          });
        }))
      continue;
    Observed one;
    const std::string& text = row[v];
    if (text.empty() || text == "NA") {
      ++out.without_value;
      continue;
    }
    auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), one.value);
    if (wrong != std::errc() || end != text.data() + text.size() || !std::isfinite(one.value))
      throw Error(fmt::format("row {} of {}: {} is '{}', no number", i + 1,
                              args.text("--csv") ? *args.text("--csv") : "the study", value, text));
    one.group = row[g];
    if (block) one.block = row[*block];
    one.cluster = cluster ? row[*cluster] : std::to_string(i);
    if (transcript) one.transcript = row[*transcript];
    if (std::find(out.groups.begin(), out.groups.end(), one.group) == out.groups.end()) out.groups.push_back(one.group);
    out.all.push_back(std::move(one));
  }
  return out;
}

// Two groups compared.
struct Comparison {
  std::string a, b;
  Sample of_a, of_b;
  size_t distinct_a = 0, distinct_b = 0;
  std::string refused;  // why nothing is tested; then nothing below holds
  TTest t;
  Effect d, g;
  double bayes[3] = {0, 0, 0};  // at kScales
  Permutation exchanged;
  Bootstrap drawn;
  std::optional<double> equivalent;
  double holm = 1;
  // Where every value is 0 or 1: how many are 1 and 0 in a, then in b.
  std::optional<TwoByTwo> table;
};
constexpr double kScales[] = {.5, std::numbers::sqrt2 / 2, 1};

Comparison compare(const Data& data, const std::string& a, const std::string& b, std::optional<double> margin,
                   uint64_t seed) {
  Comparison out;
  out.a = a;
  out.b = b;
  std::vector<double> values[2];
  std::set<std::string> transcripts[2];
  std::map<std::string, uint32_t> blocks, clusters;
  std::vector<stats::Unit> units;
  for (const Observed& one : data.all) {
    if (one.group != a && one.group != b) continue;
    const int group = one.group == a ? 0 : 1;
    values[group].push_back(one.value);
    transcripts[group].insert(one.transcript);
    units.push_back({one.value, group, blocks.emplace(one.block, blocks.size()).first->second,
                     clusters.emplace(one.cluster, clusters.size()).first->second});
  }
  out.of_a = sample(values[0]);
  out.of_b = sample(values[1]);
  auto is_share = [](const std::vector<double>& all) {
    return std::all_of(all.begin(), all.end(), [](double v) { return v == 0 || v == 1; });
  };
  if (!values[0].empty() && !values[1].empty() && is_share(values[0]) && is_share(values[1])) {
    TwoByTwo& table = out.table.emplace();
    for (size_t i = 0; i < 2; ++i) {
      table[2 * i] = static_cast<uint64_t>(std::count(values[i].begin(), values[i].end(), 1.0));
      table[2 * i + 1] = values[i].size() - table[2 * i];
    }
  }
  out.distinct_a = transcripts[0].size();
  out.distinct_b = transcripts[1].size();
  for (const auto& [name, of] : {std::pair(a, out.of_a), std::pair(b, out.of_b)}) {
    if (of.n < 2) out.refused = fmt::format("{} has {}", name, counted(static_cast<double>(of.n), "value", "values"));
    if (of.n >= 2 && of.sd == 0 && out.refused.empty())
      out.refused = fmt::format(
          "all {} values of {} are {}: there is no variance to test with, and repeats of a player that "
          "always does the same are no data",
          of.n, name, number_text(of.mean));
  }
  if (!out.refused.empty()) return out;
  out.t = welch(out.of_a, out.of_b);
  out.d = cohens_d(out.of_a, out.of_b);
  out.g = hedges_g(out.of_a, out.of_b);
  for (size_t i = 0; i < 3; ++i) out.bayes[i] = jzs(pooled(out.of_a, out.of_b).t, out.of_a.n, out.of_b.n, kScales[i]);
  out.exchanged = permutation(units, kDraws, seed);
  out.drawn = bootstrap(units, kDraws, seed);
  if (margin) out.equivalent = equivalence(out.of_a, out.of_b, *margin);
  return out;
}

std::string short_number(double n) { return fmt::format("{:.4g}", n); }
std::string p_text(double p) {
  if (p < .0001) return "p < .0001";
  return p > .99995 ? "p = 1" : "p = " + fmt::format("{:.4f}", p).substr(1);
}
std::string interval(const Interval& i) { return fmt::format("{} to {}", short_number(i.low), short_number(i.high)); }

void tell(const Comparison& c, const Data& data, std::optional<double> margin, size_t family, Console& console) {
  auto line = [&](const std::string& what, const std::string& is) {
    console.out(fmt::format("  {:<13}  {}\n", what, is));
  };
  console.out(console.bold(fmt::format("{} against {}", c.a, c.b)) + "\n");
  for (const auto& [name, of, distinct] :
       {std::tuple(c.a, c.of_a, c.distinct_a), std::tuple(c.b, c.of_b, c.distinct_b)}) {
    line(name,
         fmt::format("n {}{}, mean {}, sd {}", of.n, data.transcripts ? fmt::format(" ({} distinct)", distinct) : "",
                     short_number(of.mean), short_number(of.sd)));
  }
  if (c.table) {
    const TwoByTwo& n = *c.table;
    line("shares",
         fmt::format("{} of {}, 95 %: {}; {} of {}, 95 %: {} (Wilson)", n[0], n[0] + n[1],
                     interval(wilson(n[0], n[0] + n[1])), n[2], n[2] + n[3], interval(wilson(n[2], n[2] + n[3]))));
    std::string chi;
    if (n[0] + n[2] > 0 && n[1] + n[3] > 0) {
      const ChiSquare plain = chi_square(n, false), corrected = chi_square(n, true);
      chi = fmt::format("; chi-square(1) = {}, {} (not corrected), {}, {} (Yates)", short_number(plain.value),
                        p_text(plain.p), short_number(corrected.value), p_text(corrected.p));
    }
    line("Fisher", p_text(fisher(n)) + chi);
  }
  if (!c.refused.empty()) return line("not tested", c.refused + ".");
  line("difference", fmt::format("{}; 95 %: {} (Welch), {} (bootstrap of {} clusters, t-based)",
                                 short_number(c.of_a.mean - c.of_b.mean), interval(c.t.difference),
                                 interval(c.drawn.interval), c.drawn.clusters));
  line("Welch's t", fmt::format("t({}) = {}, {}{}", short_number(c.t.df), short_number(c.t.t), p_text(c.t.p),
                                family > 1 ? fmt::format("; {} by Holm, of {}", p_text(c.holm), family) : ""));
  line("permutation",
       fmt::format("{} ({}{})", p_text(c.exchanged.p), data.blocks ? "within blocks, " : "",
                   c.exchanged.exact ? "all exchanges" : fmt::format("{} drawn", with_commas(double(kDraws)))));
  line("Cohen's d",
       fmt::format("{}, 95 %: {} (pooled sd; normal interval)", short_number(c.d.size), interval(c.d.interval)));
  line("Hedges' g", fmt::format("{}, 95 %: {}", short_number(c.g.size), interval(c.g.interval)));
  line("BF10", fmt::format("{} at scale .5, {} at .707, {} at 1 (JZS, two-sided, pooled t)", short_number(c.bayes[0]),
                           short_number(c.bayes[1]), short_number(c.bayes[2])));
  if (c.equivalent)
    line("equivalence",
         fmt::format("within {} of each other: {} (TOST)", short_number(*margin), p_text(*c.equivalent)));
}

Value value_of(const Comparison& c) {
  auto pair = [](const Interval& i) { return Value(Value::List{i.low, i.high}); };
  auto group = [](const std::string& name, const Sample& s, size_t distinct) {
    return Value(Value::Record{{"group", name},
                               {"n", static_cast<double>(s.n)},
                               {"distinct", static_cast<double>(distinct)},
                               {"mean", s.mean},
                               {"sd", s.sd}});
  };
  Value::Record out{{"a", group(c.a, c.of_a, c.distinct_a)}, {"b", group(c.b, c.of_b, c.distinct_b)}};
  if (c.table) {
    const TwoByTwo& n = *c.table;
    Value::Record shares{{"fisher", fisher(n)},
                         {"wilson", Value::List{pair(wilson(n[0], n[0] + n[1])), pair(wilson(n[2], n[2] + n[3]))}}};
    if (n[0] + n[2] > 0 && n[1] + n[3] > 0) {
      shares.emplace("chi_square", chi_square(n, false).p);
      shares.emplace("chi_square_corrected", chi_square(n, true).p);
    }
    out.emplace("shares", std::move(shares));
  }
  if (!c.refused.empty()) {
    out.emplace("refused", c.refused);
    return out;
  }
  out.emplace("difference", c.of_a.mean - c.of_b.mean);
  out.emplace(
      "welch",
      Value::Record{{"t", c.t.t}, {"df", c.t.df}, {"p", c.t.p}, {"holm", c.holm}, {"interval", pair(c.t.difference)}});
  out.emplace("permutation", Value::Record{{"p", c.exchanged.p}, {"exact", c.exchanged.exact}});
  out.emplace("bootstrap",
              Value::Record{{"interval", pair(c.drawn.interval)}, {"clusters", static_cast<double>(c.drawn.clusters)}});
  out.emplace("d", Value::Record{{"size", c.d.size}, {"interval", pair(c.d.interval)}});
  out.emplace("g", Value::Record{{"size", c.g.size}, {"interval", pair(c.g.interval)}});
  out.emplace("bayes", Value::Record{{"0.5", c.bayes[0]}, {"0.707", c.bayes[1]}, {"1", c.bayes[2]}});
  if (c.equivalent) out.emplace("equivalence", *c.equivalent);
  return out;
}

}  // namespace

int stats(const Args& args, Console& console) {
  auto open_study = [&] {
    const StudyFiles files = study_files(args);
    Store store = open_to_read(files);
    if (store.query("SELECT 1 FROM match WHERE number IS NOT NULL AND status = 'whole' LIMIT 1").empty())
      throw Error(
          fmt::format("no match of {} is whole yet: `parley list {}` shows where they stand", files.db, files.db));
    return store;
  };
  const std::string* csv = args.text("--csv");
  if (csv && !args.words.empty()) throw Misuse("stats takes a study, or --csv FILE, not both");
  if (!csv && args.words.empty()) throw Misuse("stats takes a study, or --csv FILE");
  if (args.has("--policy")) {
    if (csv) throw Misuse("--policy is of a study, not of a table");
    const std::vector<Policy> policies = policies_of(open_study());
    if (policies.empty()) throw Error("no match of this study is of two seats with two actions each, once a round");
    print({policy_table(policies)}, args, console);
    return 0;
  }
  const bool beliefs = args.has("--beliefs");
  if (csv && beliefs) throw Misuse("--beliefs is of a study, not of a table");
  const Rows rows = csv ? read_csv(*csv) : (beliefs ? beliefs_of : units_of)(open_study());
  if (beliefs && rows.rows.empty()) throw Error("nobody of this study said what another would choose");
  auto said = [&](const char* option, const char* otherwise) -> std::string {
    if (const std::string* text = args.text(option)) return *text;
    if (csv) throw Misuse(fmt::format("{} is wanted: a column of {}: {}", option, *csv, joined(rows.columns, ", ")));
    return otherwise;
  };
  const std::string value = said("--value", beliefs ? "hit" : "payoff"), group = said("--group", "player");
  const std::optional<double> margin = args.positive("--margin");
  const Data data = data_of(rows, args, !csv, value, group);
  if (data.groups.size() < 2)
    throw Error(fmt::format("nothing to compare: {} of `{}`{}",
                            counted(static_cast<double>(data.groups.size()), "group", "groups"), group,
                            args.all("--where").empty() ? "" : " where it is as said"));
  std::vector<Comparison> all;
  for (size_t i = 0; i < data.groups.size(); ++i) {
    for (size_t j = i + 1; j < data.groups.size(); ++j)
      all.push_back(compare(data, data.groups[i], data.groups[j], margin, args.whole("--seed", 0).value_or(1)));
  }
  std::vector<double> p;
  for (const Comparison& c : all) {
    if (c.refused.empty()) p.push_back(c.t.p);
  }
  const std::vector<double> corrected = holm(p);
  size_t next = 0;
  for (Comparison& c : all) {
    if (c.refused.empty()) c.holm = corrected[next++];
  }
  if (args.has("--json")) {
    Value::List list;
    for (const Comparison& c : all) list.push_back(value_of(c));
    console.out(to_json(Value::Record{{"value", value}, {"group", group}, {"comparisons", std::move(list)}}) + "\n");
    return 0;
  }
  console.out(fmt::format("{} by {}: {}{}\n\n", value, group,
                          counted(static_cast<double>(data.all.size()), "value", "values"),
                          csv       ? " of " + *csv
                          : beliefs ? ", one for each belief"
                                    : ", one for each seat of each match"));
  if (data.groups.size() > 2) {
    Table table;
    table.columns = {{group, Table::Column::Align::left, true}, {"n"}, {"mean"}, {"sd"}};
    for (const std::string& name : data.groups) {
      std::vector<double> values;
      for (const Observed& one : data.all) {
        if (one.group == name) values.push_back(one.value);
      }
      const Sample of = sample(values);
      table.add({name, static_cast<double>(of.n), short_number(of.mean), short_number(of.sd)});
    }
    console.out(as_text(table, console.columns()) + "\n");
  }
  if (all.size() > kMostPairs) {
    console.out(fmt::format("Of these, {} pairs: --where {}=A --where {}=B compares two, --json has all.\n", all.size(),
                            group, group));
    return 0;
  }
  for (const Comparison& c : all) {
    tell(c, data, margin, p.size(), console);
    if (&c != &all.back()) console.out("\n");
  }
  if (data.without_value > 0)
    console.line(
        fmt::format("{} without a value left out.", counted(static_cast<double>(data.without_value), "row", "rows")));
  if (beliefs)
    console.line(
        "warning: beliefs of one match are not independent of each other: the bootstrap knows, which draws whole "
        "matches; the tests do not");
  std::set<size_t> few;
  for (const Comparison& c : all) {
    if (c.refused.empty() && c.drawn.clusters < kFewClusters) few.insert(c.drawn.clusters);
  }
  if (!few.empty())
    console.line(fmt::format("warning: a bootstrap of fewer than {} clusters ({}) is too narrow as a rule",
                             kFewClusters, *few.begin()));
  return 0;
}

}  // namespace parley::commands
