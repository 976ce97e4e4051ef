#include "api/commands/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace parley {

using namespace stats;

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
  if (group.of.n == 0) return "n 0";
  std::string out =
      fmt::format("n {}{}, mean {}, sd {}", group.of.n, distinct ? fmt::format(" ({} distinct)", group.distinct) : "",
                  short_number(group.of.mean), short_number(group.of.sd));
  if (group.scored) out += fmt::format("; mean scored probability {}", short_number(*group.scored));
  return out;
}

Value::Record group_value(const ComparedGroup& group) {
  Value::Record out = {
      {"group", group.name}, {"n", static_cast<double>(group.of.n)}, {"distinct", static_cast<double>(group.distinct)}};
  if (group.of.n > 0) {
    out.emplace("mean", group.of.mean);
    out.emplace("sd", group.of.sd);
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
  if (result.family == 1) return out;
  return fmt::format("{} uncorrected; {} by Holm, of {}", out, p_text(result.holm), result.family);
}

void tell_alike(const TestResult& result, Console& console) {
  if (!result.alike) return;
  tell_line("alike",
            fmt::format("intra-class correlation {} (ICC(1), {} units in {} clusters), design effect {}",
                        short_number(result.alike->icc), result.alike->units, result.alike->clusters,
                        short_number(result.alike->design_effect)),
            console);
}

void tell_bayes(const TestResult& result, const std::string& from, Console& console) {
  tell_line("BF10",
            fmt::format("{} at scale .5, {} at .707, {} at 1 (JZS, two-sided, {})", short_number(result.bayes[0]),
                        short_number(result.bayes[1]), short_number(result.bayes[2]), from),
            console);
}

void tell_equivalence(const TestResult& result, const std::string& within, Console& console) {
  if (result.equivalent)
    tell_line("equivalence", fmt::format("{}: {} (TOST)", within, p_text(*result.equivalent)), console);
}

Value interval_value(const Interval& interval) { return Value::List{interval.low, interval.high}; }

Value t_value(const TestResult& result) {
  return Value::Record{{"t", result.t.t},
                       {"df", result.t.df},
                       {"p", result.t.p},
                       {"holm", result.holm},
                       {"family", static_cast<double>(result.family)},
                       {"interval", interval_value(result.t.difference)}};
}

Value drawn_value(const Bootstrap& drawn) {
  return Value::Record{{"interval", interval_value(drawn.interval)}, {"clusters", static_cast<double>(drawn.clusters)}};
}

void put_effects(const TestResult& result, Value::Record& out) {
  if (result.alike)
    out.emplace("alike", Value::Record{{"icc", result.alike->icc}, {"design_effect", result.alike->design_effect}});
  out.emplace("d", Value::Record{{"size", result.d.size}, {"interval", interval_value(result.d.interval)}});
  out.emplace("bayes", Value::Record{{"0.5", result.bayes[0]}, {"0.707", result.bayes[1]}, {"1", result.bayes[2]}});
  if (result.equivalent) out.emplace("equivalence", *result.equivalent);
}

void NamedCells::add_groups(const std::vector<std::pair<const ComparedGroup*, std::string>>& groups) {
  auto each = [&](const char* name, const auto& value) {
    for (const auto& [group, behind] : groups) add(name + behind, value(*group));
  };
  each("n", [](const ComparedGroup& g) { return Value(static_cast<double>(g.of.n)); });
  each("distinct", [](const ComparedGroup& g) { return Value(static_cast<double>(g.distinct)); });
  each("mean", [](const ComparedGroup& g) { return g.of.n > 0 ? Value(g.of.mean) : Value(); });
  each("sd", [](const ComparedGroup& g) { return g.of.n > 0 ? Value(g.of.sd) : Value(); });
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
  add_tested("d low", result_.d.interval.low);
  add_tested("d high", result_.d.interval.high);
}

void NamedCells::add_bayes() {
  const char* names[] = {"BF10 .5", "BF10 .707", "BF10 1"};
  for (size_t i = 0; i < 3; ++i) add_tested(names[i], result_.bayes[i]);
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

void tell(const Comparison& c, const Testing& how, bool distinct, Console& console) {
  auto line = [&](const std::string& what, const std::string& is) { tell_line(what, is, console); };
  console.out(console.bold(fmt::format("{} against {}", c.a.name, c.b.name)) + "\n");
  for (const ComparedGroup* group : {&c.a, &c.b}) line(group->name, group_text(*group, distinct));
  if (c.table) {
    const TwoByTwo& n = *c.table;
    line("shares", fmt::format("{} of {}, 95 %: {}; {} of {}, 95 %: {} (Wilson)", n[0], n[0] + n[1],
                               interval_text(wilson(n[0], n[0] + n[1])), n[2], n[2] + n[3],
                               interval_text(wilson(n[2], n[2] + n[3]))));
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
                                 short_number(c.a.of.mean - c.b.of.mean), interval_text(c.t.difference),
                                 interval_text(c.drawn.interval), c.drawn.clusters));
  if (c.crossed)
    line("crossed",
         fmt::format("95 %: {} (players meet each other: {} of them drawn, and {} matches; Owen's pigeonhole "
                     "bootstrap, t-based)",
                     interval_text(c.crossed->interval), c.crossed->players, c.crossed->matches));
  tell_alike(c, console);
  line("Welch's t", t_text(c));
  if (c.exchanged)
    line("permutation",
         fmt::format("{} ({}{})", p_text(c.exchanged->p), c.within.empty() ? "" : fmt::format("within {}, ", c.within),
                     c.exchanged->exact ? "all exchanges" : fmt::format("{} drawn", with_commas(double(kDraws)))));
  line("Cohen's d",
       fmt::format("{}, 95 %: {} (pooled sd; normal interval)", short_number(c.d.size), interval_text(c.d.interval)));
  line("Hedges' g", fmt::format("{}, 95 %: {}", short_number(c.g.size), interval_text(c.g.interval)));
  tell_bayes(c, "pooled t", console);
  if (how.margin) tell_equivalence(c, fmt::format("within {} of each other", short_number(*how.margin)), console);
}

size_t fewest_clusters(const std::vector<Comparison>& all) {
  size_t fewest = kFewClusters;
  for (const Comparison& c : all) {
    if (c.refused.empty()) fewest = std::min(fewest, c.drawn.clusters);
  }
  return fewest;
}

void warn_of_few_clusters(size_t fewest, Console& console) {
  if (fewest >= kFewClusters) return;
  console.line(
      fmt::format("warning: a bootstrap of fewer than {} clusters ({}) is too narrow as a rule", kFewClusters, fewest));
}

Value value_of(const Comparison& c) {
  Value::Record out{{"a", group_value(c.a)}, {"b", group_value(c.b)}};
  if (c.table) {
    const TwoByTwo& n = *c.table;
    Value::Record shares{
        {"fisher", fisher(n)},
        {"wilson", Value::List{interval_value(wilson(n[0], n[0] + n[1])), interval_value(wilson(n[2], n[2] + n[3]))}}};
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
  out.emplace("difference", c.a.of.mean - c.b.of.mean);
  out.emplace("welch", t_value(c));
  if (c.exchanged)
    out.emplace("permutation",
                Value::Record{{"p", c.exchanged->p}, {"exact", c.exchanged->exact}, {"within", c.within}});
  out.emplace("bootstrap", drawn_value(c.drawn));
  if (c.crossed)
    out.emplace("crossed", Value::Record{{"interval", interval_value(c.crossed->interval)},
                                         {"players", static_cast<double>(c.crossed->players)},
                                         {"matches", static_cast<double>(c.crossed->matches)}});
  out.emplace("g", Value::Record{{"size", c.g.size}, {"interval", interval_value(c.g.interval)}});
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
    row.add_t(c.a.of.mean - c.b.of.mean);
    row.add_tested("p permutation", c.exchanged ? Value(c.exchanged->p) : Value());
    row.add_drawn(&c.drawn);
    row.add_tested("crossed low", c.crossed ? Value(c.crossed->interval.low) : Value());
    row.add_tested("crossed high", c.crossed ? Value(c.crossed->interval.high) : Value());
    row.add_alike();
    row.add_d();
    row.add_tested("g", c.g.size);
    row.add_bayes();
    row.add("p Fisher", c.table ? Value(fisher(*c.table)) : Value());
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
  for (const Comparison& c : all) {
    std::vector<Value> row = {c.contrast.value, c.a.name, c.b.name, fmt::format("{}, {}", c.a.of.n, c.b.of.n),
                              fmt::format("{}, {}", short_number(c.a.of.mean), short_number(c.b.of.mean))};
    if (c.refused.empty()) {
      for (const std::string& cell :
           {short_number(c.a.of.mean - c.b.of.mean), interval_text(c.t.difference), interval_text(c.drawn.interval),
            short_number(c.t.t), short_number(c.t.df), p_short(c.t.p), p_short(c.holm), short_number(c.d.size),
            short_number(c.bayes[1])})
        row.emplace_back(cell);
    } else {
      out.notes.push_back(fmt::format("{} against {} is not tested: {}", c.a.name, c.b.name, c.refused));
    }
    row.resize(out.columns.size());
    out.add(std::move(row));
  }
  out.notes.insert(
      out.notes.begin(),
      "Welch's t with its interval, and one by drawing clusters; Cohen's d by the pooled sd; JZS Bayes factor "
      "at scale .707.");
  return out;
}

Table group_table(const Observations& data, const std::string& group) {
  Table out;
  out.columns = {{group, Table::Column::Align::left, true}, {"n"}, {"mean"}, {"sd"}};
  for (const std::string& name : data.groups) {
    std::vector<double> values;
    for (const Observed& one : data.all) {
      if (one.group == name) values.push_back(one.value);
    }
    const Sample of = sample(values);
    out.add({name, static_cast<double>(of.n), short_number(of.mean), short_number(of.sd)});
  }
  return out;
}

}  // namespace parley
