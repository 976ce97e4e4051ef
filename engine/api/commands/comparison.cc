#include "api/commands/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace parley {

using namespace stats;

const char* const kWeighDifferently = "values weigh differently, as some are repeated and some are not";

std::string short_number(double n) { return fmt::format("{:.4g}", n); }

std::string p_text(double p) {
  if (p < .0001) return "p < .0001";
  return p > .99995 ? "p = 1" : "p = " + fmt::format("{:.4f}", p).substr(1);
}

std::string interval_text(const Interval& i) {
  return fmt::format("{} to {}", short_number(i.low), short_number(i.high));
}

std::string p_short(double p) { return p < .0001 ? "<.0001" : fmt::format("{:.4f}", p).substr(p < 1 ? 1 : 0); }

std::string group_text(const ComparedGroup& group, bool distinct) {
  if (group.n() == 0) return "n 0";
  std::vector<std::string> of_n;
  if (distinct) of_n.push_back(fmt::format("{} distinct", group.distinct));
  if (group.rows > group.n() + group.copies - group.copied) of_n.push_back(fmt::format("means of {} rows", group.rows));
  if (group.copied > 0) of_n.push_back(fmt::format("{} repeats of {}", group.copies, group.copied));
  if (!group.of.alike) of_n.push_back(fmt::format("in effect {}", short_number(group.of.n)));
  std::string out =
      fmt::format("n {}{}, mean {}, sd {}", group.n(), of_n.empty() ? "" : fmt::format(" ({})", fmt::join(of_n, "; ")),
                  short_number(group.of.mean), short_number(group.of.sd));
  if (group.scored) out += fmt::format("; mean scored probability {}", short_number(*group.scored));
  return out;
}

Value::Record group_value(const ComparedGroup& group) {
  Value::Record out = {{"group", group.name},
                       {"n", static_cast<double>(group.n())},
                       {"n_effective", group.of.n},
                       {"rows", static_cast<double>(group.rows)},
                       {"copies", static_cast<double>(group.copies - group.copied)}};
  if (group.distinct > 0) out.emplace("distinct", static_cast<double>(group.distinct));
  for (auto [name, number] : {std::pair("mean", group.of.mean), std::pair("sd", group.of.sd)}) {
    if (group.n() > 0 && std::isfinite(number)) out.emplace(name, number);
  }
  if (group.scored) out.emplace("scored", *group.scored);
  return out;
}

void tell_line(const std::string& what, const std::string& is, Console& console) {
  console.out(wrapped(fmt::format("  {:<13}  {}", what, is), console.columns(), 17) + "\n");
}

std::string t_text(const TestResult& result) {
  const std::string out =
      fmt::format("t({}) = {}, {}", short_number(result.t.df), short_number(result.t.t), p_text(result.t.p));
  return out + (result.p == result.t.p ? holm_text(result) : "");
}

std::string holm_text(const TestResult& result) {
  if (result.family == 1) return "";
  return fmt::format(" uncorrected; {} by Holm, of {}", p_text(result.holm), result.family);
}

void tell_alike(const TestResult& result, Console& console) {
  if (!result.alike) return;
  tell_line("alike",
            fmt::format("intra-class correlation {} (ICC(1), {} rows in {} clusters), design effect {}",
                        short_number(result.alike->icc), result.alike->units, result.alike->clusters,
                        short_number(result.alike->design_effect)),
            console);
}

// A Bayes factor that is beyond what a number holds.
constexpr double kMostBayes = 1e300;
constexpr const char* kBeyond = "> 1e300";

std::string bayes_text(double bf10) { return bf10 > kMostBayes ? kBeyond : short_number(bf10); }
Value bayes_value(double bf10) { return bf10 > kMostBayes ? Value(kBeyond) : Value(bf10); }

void tell_bayes(const TestResult& result, const std::string& from, const std::string& why_none, Console& console) {
  if (!result.bayes) return tell_line("BF10", why_none, console);
  const auto& [narrow, medium, wide] = *result.bayes;
  tell_line("BF10",
            fmt::format("{} at scale .5, {} at .707, {} at 1 (JZS, two-sided, {})", bayes_text(narrow),
                        bayes_text(medium), bayes_text(wide), from),
            console);
}

void tell_equivalence(const TestResult& result, const std::string& within, Console& console) {
  if (result.equivalent)
    tell_line("equivalence", fmt::format("{}: {} (TOST)", within, p_text(*result.equivalent)), console);
}

Value interval_value(const Interval& interval) { return Value::List{interval.low, interval.high}; }

Value::Record t_value(const TTest& t) {
  return {{"t", t.t}, {"df", t.df}, {"p", t.p}, {"interval", interval_value(t.difference)}};
}

void put_effect(const char* name, const Effect& effect, Value::Record& out) {
  Value::Record record{{"size", effect.size}};
  if (effect.interval) record.emplace("interval", interval_value(*effect.interval));
  out.emplace(name, std::move(record));
}

Value drawn_value(const Bootstrap& drawn) {
  return Value::Record{{"interval", interval_value(drawn.interval)}, {"clusters", static_cast<double>(drawn.clusters)}};
}

void put_effects(const TestResult& result, Value::Record& out) {
  if (result.alike)
    out.emplace("alike", Value::Record{{"icc", result.alike->icc}, {"design_effect", result.alike->design_effect}});
  out.emplace("holm", result.holm);
  out.emplace("family", static_cast<double>(result.family));
  put_effect("d", result.d, out);
  if (result.bayes) {
    const auto& [narrow, medium, wide] = *result.bayes;
    out.emplace("bayes",
                Value::Record{{"0.5", bayes_value(narrow)}, {"0.707", bayes_value(medium)}, {"1", bayes_value(wide)}});
  }
  if (result.equivalent) out.emplace("equivalence", *result.equivalent);
}

void NamedCells::add_groups(const std::vector<std::pair<const ComparedGroup*, std::string>>& groups) {
  auto each = [&](const char* name, const auto& value) {
    for (const auto& [group, behind] : groups) add(name + behind, value(*group));
  };
  auto finite = [](const ComparedGroup& g, double number) {
    return g.n() > 0 && std::isfinite(number) ? Value(number) : Value();
  };
  each("n", [](const ComparedGroup& g) { return Value(static_cast<double>(g.n())); });
  each("n effective", [](const ComparedGroup& g) { return Value(g.of.n); });
  each("distinct",
       [](const ComparedGroup& g) { return g.distinct > 0 ? Value(static_cast<double>(g.distinct)) : Value(); });
  each("rows", [](const ComparedGroup& g) { return Value(static_cast<double>(g.rows)); });
  each("copies", [](const ComparedGroup& g) { return Value(static_cast<double>(g.copies - g.copied)); });
  each("mean", [&](const ComparedGroup& g) { return finite(g, g.of.mean); });
  each("sd", [&](const ComparedGroup& g) { return finite(g, g.of.sd); });
  each("scored", [](const ComparedGroup& g) { return g.scored ? Value(*g.scored) : Value(); });
}

void NamedCells::add_t(double difference) {
  add_tested("difference", difference);
  add_tested("low", result_.t.difference.low);
  add_tested("high", result_.t.difference.high);
  add_tested("t", result_.t.t);
  add_tested("df", result_.t.df);
  add_tested("p", result_.t.p);
  add_tested("p Holm", result_.holm);
  add_tested("family", static_cast<double>(result_.family));
}

void NamedCells::add_drawn(const Bootstrap* drawn) {
  add_tested("cluster low", drawn ? Value(drawn->interval.low) : Value());
  add_tested("cluster high", drawn ? Value(drawn->interval.high) : Value());
  add_tested("clusters", drawn ? Value(static_cast<double>(drawn->clusters)) : Value());
}

void NamedCells::add_alike() {
  add_tested("icc", result_.alike ? Value(result_.alike->icc) : Value());
  add_tested("design effect", result_.alike ? Value(result_.alike->design_effect) : Value());
}

void NamedCells::add_d() {
  add_tested("d", result_.d.size);
  add_tested("d low", result_.d.interval ? Value(result_.d.interval->low) : Value());
  add_tested("d high", result_.d.interval ? Value(result_.d.interval->high) : Value());
}

void NamedCells::add_bayes() {
  const char* names[] = {"BF10 .5", "BF10 .707", "BF10 1"};
  for (size_t i = 0; i < 3; ++i) add_tested(names[i], result_.bayes ? bayes_value((*result_.bayes)[i]) : Value());
  add_tested("p equivalence", result_.equivalent ? Value(*result_.equivalent) : Value());
}

Table table_of(const std::string& title, const std::vector<NamedCells>& rows) {
  Table out;
  out.title = title;
  for (const NamedCells& row : rows) {
    std::vector<Value> cells;
    for (const auto& [name, value] : row.cells()) {
      if (out.rows.empty()) out.columns.push_back({name});
      cells.push_back(value);
    }
    out.add(std::move(cells));
  }
  return out;
}

std::string test_name(const Comparison& c) {
  return c.pairs == 0 ? "Welch's t" : c.paired() ? "paired t" : "partly paired";
}

namespace {

void tell_shares(const Comparison& c, Console& console) {
  const TwoByTwo& n = *c.table;
  tell_line("shares",
            fmt::format("{} of {}, 95 %: {}; {} of {}, 95 %: {} (Wilson)", n[0], n[0] + n[1],
                        interval_text(wilson(n[0], n[0] + n[1])), n[2], n[2] + n[3],
                        interval_text(wilson(n[2], n[2] + n[3]))),
            console);
  if (c.mcnemar) return tell_line("McNemar", fmt::format("{} (exact; {} pairs)", p_text(*c.mcnemar), c.pairs), console);
  if (c.pairs > 0)
    return tell_line("Fisher", "none: some values are pairs, and it is of values that are independent", console);
  std::string chi;
  if (n[0] + n[2] > 0 && n[1] + n[3] > 0) {
    const ChiSquare plain = chi_square(n, false), corrected = chi_square(n, true);
    chi = fmt::format("; chi-square(1) = {}, {} (not corrected), {}, {} (Yates)", short_number(plain.value),
                      p_text(plain.p), short_number(corrected.value), p_text(corrected.p));
  }
  tell_line("Fisher", p_text(fisher(n)) + chi, console);
}

}  // namespace

void tell(const Comparison& c, const Testing& how, bool distinct, Console& console) {
  auto line = [&](const std::string& what, const std::string& is) { tell_line(what, is, console); };
  console.out(console.bold(fmt::format("{} against {}", c.a.name, c.b.name)) + "\n");
  for (const ComparedGroup* group : {&c.a, &c.b}) line(group->name, group_text(*group, distinct));
  if (!c.weigh_alike())
    line("repeats",
         "each counts as one that was drawn, as if there might have been others; --unit block takes those that there "
         "are as they are");
  if (c.table) tell_shares(c, console);
  if (!c.refused.empty()) return line("not tested", c.refused + ".");
  line("difference", fmt::format("{}; 95 %: {} ({}){}", short_number(c.a.of.mean - c.b.of.mean),
                                 interval_text(c.t.difference), c.pairs == 0 ? "Welch" : test_name(c),
                                 c.drawn ? fmt::format(", {} (bootstrap of {} clusters, t-based)",
                                                       interval_text(c.drawn->interval), c.drawn->clusters)
                                         : "; no bootstrap: a group has fewer than two clusters"));
  if (c.crossed) {
    line("crossed",
         fmt::format("95 %: {} (players meet each other: {} of them drawn, and {} matches; Owen's pigeonhole "
                     "bootstrap, t-based)",
                     interval_text(c.crossed->t.difference), c.crossed->players, c.crossed->matches));
    if (c.by_players) {
      line("", fmt::format("t({}) = {}, {}{}: players are what was sampled, and the verdict rests on this",
                           short_number(c.crossed->t.df), short_number(c.crossed->t.t), p_text(c.crossed->t.p),
                           holm_text(c)));
      line("warning", "what is told below takes matches of the same players for independent, and says too much");
    }
  }
  tell_alike(c, console);
  std::string pairs;
  if (c.pairs > 0)
    pairs = c.paired() ? fmt::format(" ({} pairs)", c.pairs)
                       : fmt::format(" ({}, {} and {} others; Derrick and others 2017)",
                                     counted(static_cast<double>(c.pairs), "pair", "pairs"), c.a.n() - c.pairs,
                                     c.b.n() - c.pairs);
  line(test_name(c), t_text(c) + pairs);
  if (c.exchanged)
    line("permutation",
         fmt::format("{} ({}{})", p_text(c.exchanged->p), c.within.empty() ? "" : fmt::format("within {}, ", c.within),
                     c.exchanged->exact ? "all exchanges" : fmt::format("{} drawn", with_commas(double(kDraws)))));
  else if (!c.weigh_alike())
    line("permutation", std::string("none: ") + kWeighDifferently);
  else if (!c.within.empty() && !c.each_row)
    line("permutation",
         fmt::format("none: within {} there is nothing to exchange, as each has one group alone", c.within));
  line("Cohen's d",
       fmt::format("{}{}", short_number(c.d.size),
                   c.d.interval ? fmt::format(", 95 %: {} (pooled sd; normal interval)", interval_text(*c.d.interval))
                                : " (pooled sd; no interval, as that is of values that are not paired)"));
  line("Hedges' g", short_number(c.g.size) +
                        (c.g.interval ? fmt::format(", 95 %: {}", interval_text(*c.g.interval)) : std::string()));
  tell_bayes(c, c.pairs > 0 ? "paired t" : "pooled t",
             c.weigh_alike() ? "none: some values are pairs and some are not, and it is of either"
                             : std::string("none: ") + kWeighDifferently,
             console);
  if (how.margin) tell_equivalence(c, fmt::format("within {} of each other", short_number(*how.margin)), console);
}

Fewest fewest_of(const std::vector<Comparison>& all) {
  Fewest out;
  for (const Comparison& c : all) {
    if (!c.refused.empty()) continue;
    const double n = c.by_players ? static_cast<double>(c.crossed->fewest) : c.drawn ? c.drawn->fewest : 1;
    if (n < out.n) out = {n, c.by_players ? "players" : "clusters"};
  }
  return out;
}

void warn_of_few(const Fewest& fewest, Console& console) {
  if (fewest.n >= kFewClusters) return;
  console.line(fmt::format(
      "warning: a group has fewer than {} {} ({}): tests lean on what they take for granted of the values, and a "
      "bootstrap is too narrow as a rule",
      kFewClusters, fewest.what,
      fewest.n == std::floor(fewest.n) ? number_text(fewest.n) : "in effect " + short_number(fewest.n)));
}

Value value_of(const Comparison& c) {
  Value::Record out{{"a", group_value(c.a)}, {"b", group_value(c.b)}};
  if (c.table) {
    const TwoByTwo& n = *c.table;
    Value::Record shares{
        {"wilson", Value::List{interval_value(wilson(n[0], n[0] + n[1])), interval_value(wilson(n[2], n[2] + n[3]))}}};
    if (c.mcnemar) shares.emplace("mcnemar", *c.mcnemar);
    if (c.pairs == 0) shares.emplace("fisher", fisher(n));
    if (c.pairs == 0 && n[0] + n[2] > 0 && n[1] + n[3] > 0) {
      shares.emplace("chi_square", chi_square(n, false).p);
      shares.emplace("chi_square_corrected", chi_square(n, true).p);
    }
    out.emplace("shares", std::move(shares));
  }
  if (!c.refused.empty()) {
    out.emplace("refused", c.refused);
    return out;
  }
  out.emplace("difference", c.a.of.mean - c.b.of.mean);
  Value::Record t = t_value(c.t);
  t.emplace("name", test_name(c));
  t.emplace("pairs", static_cast<double>(c.pairs));
  out.emplace("t_test", std::move(t));
  out.emplace("verdict_by", c.by_players ? "crossed" : "t_test");
  if (c.exchanged)
    out.emplace("permutation",
                Value::Record{{"p", c.exchanged->p}, {"exact", c.exchanged->exact}, {"within", c.within}});
  if (c.drawn) out.emplace("bootstrap", drawn_value(*c.drawn));
  if (c.crossed) {
    Value::Record crossed = t_value(c.crossed->t);
    crossed.emplace("players", static_cast<double>(c.crossed->players));
    crossed.emplace("matches", static_cast<double>(c.crossed->matches));
    out.emplace("crossed", std::move(crossed));
  }
  put_effect("g", c.g, out);
  put_effects(c, out);
  return out;
}

Table comparison_table(const std::vector<Comparison>& all) {
  std::vector<NamedCells> rows;
  for (const Comparison& c : all) {
    NamedCells& row = rows.emplace_back(c);
    row.add("value", c.contrast.value);
    row.add("a", c.a.name);
    row.add("b", c.b.name);
    row.add_groups({{&c.a, " a"}, {&c.b, " b"}});
    row.add_tested("test", test_name(c));
    row.add_tested("pairs", static_cast<double>(c.pairs));
    row.add_t(c.a.of.mean - c.b.of.mean);
    row.add_tested("verdict by", c.by_players ? "crossed" : "t");
    row.add_tested("p permutation", c.exchanged ? Value(c.exchanged->p) : Value());
    row.add_drawn(c.drawn ? &*c.drawn : nullptr);
    row.add_tested("crossed low", c.crossed ? Value(c.crossed->t.difference.low) : Value());
    row.add_tested("crossed high", c.crossed ? Value(c.crossed->t.difference.high) : Value());
    row.add_tested("p crossed", c.crossed ? Value(c.crossed->t.p) : Value());
    row.add_alike();
    row.add_d();
    row.add_tested("g", c.g.size);
    row.add_bayes();
    row.add("p Fisher", c.table && c.pairs == 0 ? Value(fisher(*c.table)) : Value());
    row.add("p McNemar", c.mcnemar ? Value(*c.mcnemar) : Value());
    row.add("not tested", c.refused.empty() ? Value() : Value(c.refused));
  }
  return table_of("comparisons", rows);
}

Table comparison_short(const std::vector<Comparison>& all) {
  Table out;
  out.title = "comparisons";
  using Align = Table::Column::Align;
  for (const char* name : {"value", "a", "b"}) out.columns.push_back({name, Align::left});
  for (const char* name :
       {"n", "means", "difference", "95 %", "95 % by cluster", "t", "df", "p", "p (Holm)", "d", "BF10"})
    out.columns.push_back({name, Align::right});
  bool paired = false, by_players = false;
  for (const Comparison& c : all) {
    std::vector<Value> row = {c.contrast.value, c.a.name, c.b.name, fmt::format("{}, {}", c.a.n(), c.b.n()),
                              fmt::format("{}, {}", short_number(c.a.of.mean), short_number(c.b.of.mean))};
    const TTest& by = c.by_players ? c.crossed->t : c.t;
    paired = paired || c.pairs > 0;
    by_players = by_players || c.by_players;
    if (c.refused.empty()) {
      for (const std::string& cell : {short_number(c.a.of.mean - c.b.of.mean), interval_text(by.difference),
                                      c.drawn ? interval_text(c.drawn->interval) : std::string(), short_number(by.t),
                                      short_number(by.df), p_short(by.p), p_short(c.holm), short_number(c.d.size),
                                      c.bayes ? bayes_text((*c.bayes)[1]) : std::string()})
        row.emplace_back(cell);
    } else {
      out.notes.push_back(fmt::format("{} against {} is not tested: {}", c.a.name, c.b.name, c.refused));
    }
    row.resize(out.columns.size());
    out.add(std::move(row));
  }
  std::string t = "Welch's t";
  if (paired) t += " (where clusters stand in both groups paired, wholly or partly: Derrick and others 2017)";
  if (by_players) t += " (where players are crossed, by drawing players and matches: Owen 2007)";
  out.notes.insert(out.notes.begin(),
                   t + " with its interval, and one by drawing clusters; Cohen's d by the pooled sd; "
                       "JZS Bayes factor at scale .707.");
  for (const Comparison& c : all) {
    if (c.weigh_alike()) continue;
    out.notes.push_back(
        fmt::format("{} against {}: {} and {} values in effect, as repeats without chance are one value that weighs as "
                    "many.",
                    c.a.name, c.b.name, short_number(c.a.of.n), short_number(c.b.of.n)));
  }
  return out;
}

Table group_table(const Observations& data, const std::string& group) {
  Table out;
  out.columns = {{group, Table::Column::Align::left, true}, {"n"}, {"mean"}, {"sd"}};
  for (const std::string& name : data.groups) {
    const ComparedGroup of = group_of(data, name);
    out.add({name, static_cast<double>(of.n()), short_number(of.of.mean), short_number(of.of.sd)});
  }
  return out;
}

}  // namespace parley
