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

std::string group_text(const Comparison::Group& group, bool distinct) {
  std::string out =
      fmt::format("n {}{}, mean {}, sd {}", group.of.n, distinct ? fmt::format(" ({} distinct)", group.distinct) : "",
                  short_number(group.of.mean), short_number(group.of.sd));
  if (group.scored) out += fmt::format("; mean scored probability {}", short_number(*group.scored));
  return out;
}

std::string alike_text(const Correlation& alike) {
  return fmt::format("intra-class correlation {} (ICC(1), {} units in {} clusters), design effect {}",
                     short_number(alike.icc), alike.units, alike.clusters, short_number(alike.design_effect));
}

Value::Record group_value(const Comparison::Group& group) {
  Value::Record out = {{"group", group.name},
                       {"n", static_cast<double>(group.of.n)},
                       {"distinct", static_cast<double>(group.distinct)},
                       {"mean", group.of.mean},
                       {"sd", group.of.sd}};
  if (group.scored) out.emplace("scored", *group.scored);
  return out;
}

void tell(const Comparison& c, const Testing& how, bool distinct, Console& console) {
  auto line = [&](const std::string& what, const std::string& is) {
    console.out(fmt::format("  {:<13}  {}\n", what, is));
  };
  console.out(console.bold(fmt::format("{} against {}", c.a.name, c.b.name)) + "\n");
  for (const Comparison::Group& group : {c.a, c.b}) line(group.name, group_text(group, distinct));
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
  if (c.alike) line("alike", alike_text(*c.alike));
  line("Welch's t",
       fmt::format("t({}) = {}, {}{}", short_number(c.t.df), short_number(c.t.t), p_text(c.t.p),
                   c.family > 1 ? fmt::format(" uncorrected; {} by Holm, of {}", p_text(c.holm), c.family) : ""));
  if (c.exchanged)
    line("permutation",
         fmt::format("{} ({}{})", p_text(c.exchanged->p), c.within.empty() ? "" : fmt::format("within {}, ", c.within),
                     c.exchanged->exact ? "all exchanges" : fmt::format("{} drawn", with_commas(double(kDraws)))));
  line("Cohen's d",
       fmt::format("{}, 95 %: {} (pooled sd; normal interval)", short_number(c.d.size), interval_text(c.d.interval)));
  line("Hedges' g", fmt::format("{}, 95 %: {}", short_number(c.g.size), interval_text(c.g.interval)));
  line("BF10", fmt::format("{} at scale .5, {} at .707, {} at 1 (JZS, two-sided, pooled t)", short_number(c.bayes[0]),
                           short_number(c.bayes[1]), short_number(c.bayes[2])));
  if (c.equivalent)
    line("equivalence",
         fmt::format("within {} of each other: {} (TOST)", short_number(*how.margin), p_text(*c.equivalent)));
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
  auto pair = [](const Interval& i) { return Value(Value::List{i.low, i.high}); };
  Value::Record out{{"a", group_value(c.a)}, {"b", group_value(c.b)}};
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
  out.emplace("difference", c.a.of.mean - c.b.of.mean);
  out.emplace("welch", Value::Record{{"t", c.t.t},
                                     {"df", c.t.df},
                                     {"p", c.t.p},
                                     {"holm", c.holm},
                                     {"family", static_cast<double>(c.family)},
                                     {"interval", pair(c.t.difference)}});
  if (c.exchanged)
    out.emplace("permutation",
                Value::Record{{"p", c.exchanged->p}, {"exact", c.exchanged->exact}, {"within", c.within}});
  out.emplace("bootstrap",
              Value::Record{{"interval", pair(c.drawn.interval)}, {"clusters", static_cast<double>(c.drawn.clusters)}});
  if (c.crossed)
    out.emplace("crossed", Value::Record{{"interval", pair(c.crossed->interval)},
                                         {"players", static_cast<double>(c.crossed->players)},
                                         {"matches", static_cast<double>(c.crossed->matches)}});
  if (c.alike) out.emplace("alike", Value::Record{{"icc", c.alike->icc}, {"design_effect", c.alike->design_effect}});
  out.emplace("d", Value::Record{{"size", c.d.size}, {"interval", pair(c.d.interval)}});
  out.emplace("g", Value::Record{{"size", c.g.size}, {"interval", pair(c.g.interval)}});
  out.emplace("bayes", Value::Record{{"0.5", c.bayes[0]}, {"0.707", c.bayes[1]}, {"1", c.bayes[2]}});
  if (c.equivalent) out.emplace("equivalence", *c.equivalent);
  return out;
}

Table comparison_table(const std::vector<Comparison>& all) {
  Table out;
  out.title = "comparisons";
  for (const char* name : {"value",
                           "a",
                           "b",
                           "n a",
                           "n b",
                           "distinct a",
                           "distinct b",
                           "mean a",
                           "mean b",
                           "sd a",
                           "sd b",
                           "scored a",
                           "scored b",
                           "difference",
                           "low",
                           "high",
                           "t",
                           "df",
                           "p",
                           "p Holm",
                           "family",
                           "p permutation",
                           "cluster low",
                           "cluster high",
                           "clusters",
                           "crossed low",
                           "crossed high",
                           "icc",
                           "design effect",
                           "d",
                           "d low",
                           "d high",
                           "g",
                           "BF10 .5",
                           "BF10 .707",
                           "BF10 1",
                           "p equivalence",
                           "p Fisher",
                           "not tested"})
    out.columns.push_back({name});
  for (const Comparison& c : all) {
    auto count = [](size_t n) { return Value(static_cast<double>(n)); };
    auto maybe = [](const auto& is, auto what) { return is ? Value(what(*is)) : Value(); };
    std::vector<Value> row = {c.contrast.value,
                              c.a.name,
                              c.b.name,
                              count(c.a.of.n),
                              count(c.b.of.n),
                              count(c.a.distinct),
                              count(c.b.distinct),
                              c.a.of.mean,
                              c.b.of.mean,
                              c.a.of.sd,
                              c.b.of.sd,
                              c.a.scored ? Value(*c.a.scored) : Value(),
                              c.b.scored ? Value(*c.b.scored) : Value()};
    if (c.refused.empty()) {
      const auto same = [](double p) { return p; };
      for (const Value& cell : {Value(c.a.of.mean - c.b.of.mean),
                                Value(c.t.difference.low),
                                Value(c.t.difference.high),
                                Value(c.t.t),
                                Value(c.t.df),
                                Value(c.t.p),
                                Value(c.holm),
                                count(c.family),
                                maybe(c.exchanged, [](const auto& e) { return e.p; }),
                                Value(c.drawn.interval.low),
                                Value(c.drawn.interval.high),
                                count(c.drawn.clusters),
                                maybe(c.crossed, [](const auto& x) { return x.interval.low; }),
                                maybe(c.crossed, [](const auto& x) { return x.interval.high; }),
                                maybe(c.alike, [](const auto& x) { return x.icc; }),
                                maybe(c.alike, [](const auto& x) { return x.design_effect; }),
                                Value(c.d.size),
                                Value(c.d.interval.low),
                                Value(c.d.interval.high),
                                Value(c.g.size),
                                Value(c.bayes[0]),
                                Value(c.bayes[1]),
                                Value(c.bayes[2]),
                                maybe(c.equivalent, same)})
        row.push_back(cell);
    }
    row.resize(out.columns.size());
    row[row.size() - 2] = c.table ? Value(fisher(*c.table)) : Value();
    if (!c.refused.empty()) row.back() = c.refused;
    out.add(std::move(row));
  }
  return out;
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
