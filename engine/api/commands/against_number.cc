#include "api/commands/against_number.h"

#include <fmt/format.h>

#include "api/commands/comparison.h"
#include "base/value.h"

namespace parley {

using namespace stats;

void tell(const OneSample& one, const Testing& how, bool distinct, Console& console) {
  auto line = [&](const std::string& what, const std::string& is) {
    console.out(fmt::format("  {:<13}  {}\n", what, is));
  };
  const std::string number = short_number(one.number);
  console.out(console.bold(fmt::format("{} against {}", one.group.name, number)) + "\n");
  line(one.value, group_text(one.group, distinct));
  if (one.shares) {
    const OneSample::Shares& s = *one.shares;
    line("share", fmt::format("{} of {}, 95 %: {} (Wilson)", s.yes, s.n, interval_text(s.wilson)));
    if (s.binomial) line("binomial", fmt::format("{} (exact, two-sided, against {})", p_text(*s.binomial), number));
  }
  if (!one.refused.empty()) return line("not tested", one.refused + ".");
  std::string drawn;
  if (one.drawn)
    drawn = fmt::format(", {} (bootstrap of {} clusters, t-based)", interval_text(one.drawn->interval),
                        one.drawn->clusters);
  line("difference", fmt::format("{}; 95 %: {} (Student){}", short_number(one.group.of.mean - one.number),
                                 interval_text(one.t.difference), drawn));
  if (one.alike) line("alike", alike_text(*one.alike));
  line("one-sample t",
       fmt::format("t({}) = {}, {}{}", short_number(one.t.df), short_number(one.t.t), p_text(one.t.p),
                   one.family > 1 ? fmt::format(" uncorrected; {} by Holm, of {}", p_text(one.holm), one.family) : ""));
  if (one.signs)
    line("sign flips",
         fmt::format("{} (of whole clusters, {})", p_text(one.signs->p),
                     one.signs->exact ? "all signs" : fmt::format("{} drawn", with_commas(double(kDraws)))));
  line("Cohen's d", fmt::format("{}, 95 %: {} (one sample; normal interval)", short_number(one.d.size),
                                interval_text(one.d.interval)));
  line("BF10", fmt::format("{} at scale .5, {} at .707, {} at 1 (JZS, two-sided, one sample)",
                           short_number(one.bayes[0]), short_number(one.bayes[1]), short_number(one.bayes[2])));
  if (one.equivalent)
    line("equivalence",
         fmt::format("within {} of {}: {} (TOST)", short_number(*how.margin), number, p_text(*one.equivalent)));
}

Value value_of(const OneSample& one) {
  auto pair = [](const Interval& i) { return Value(Value::List{i.low, i.high}); };
  Value::Record out = group_value(one.group);
  out.emplace("number", one.number);
  if (one.shares) {
    Value::Record shares{{"yes", static_cast<double>(one.shares->yes)}, {"wilson", pair(one.shares->wilson)}};
    if (one.shares->binomial) shares.emplace("binomial", *one.shares->binomial);
    out.emplace("shares", std::move(shares));
  }
  if (!one.refused.empty()) {
    out.emplace("refused", one.refused);
    return out;
  }
  out.emplace("difference", one.group.of.mean - one.number);
  out.emplace("one_sample", Value::Record{{"t", one.t.t},
                                          {"df", one.t.df},
                                          {"p", one.t.p},
                                          {"holm", one.holm},
                                          {"family", static_cast<double>(one.family)},
                                          {"interval", pair(one.t.difference)}});
  if (one.signs) out.emplace("sign_flips", Value::Record{{"p", one.signs->p}, {"exact", one.signs->exact}});
  if (one.drawn)
    out.emplace("bootstrap", Value::Record{{"interval", pair(one.drawn->interval)},
                                           {"clusters", static_cast<double>(one.drawn->clusters)}});
  if (one.alike)
    out.emplace("alike", Value::Record{{"icc", one.alike->icc}, {"design_effect", one.alike->design_effect}});
  out.emplace("d", Value::Record{{"size", one.d.size}, {"interval", pair(one.d.interval)}});
  out.emplace("bayes", Value::Record{{"0.5", one.bayes[0]}, {"0.707", one.bayes[1]}, {"1", one.bayes[2]}});
  if (one.equivalent) out.emplace("equivalence", *one.equivalent);
  return out;
}

Table one_sample_table(const std::vector<OneSample>& all) {
  Table out;
  out.title = "against a number";
  for (const char* name : {"value",
                           "group",
                           "number",
                           "n",
                           "distinct",
                           "mean",
                           "sd",
                           "scored",
                           "difference",
                           "low",
                           "high",
                           "t",
                           "df",
                           "p",
                           "p Holm",
                           "family",
                           "p sign flips",
                           "cluster low",
                           "cluster high",
                           "clusters",
                           "icc",
                           "design effect",
                           "d",
                           "d low",
                           "d high",
                           "BF10 .5",
                           "BF10 .707",
                           "BF10 1",
                           "p equivalence",
                           "p binomial",
                           "not tested"})
    out.columns.push_back({name});
  for (const OneSample& one : all) {
    auto count = [](size_t n) { return Value(static_cast<double>(n)); };
    auto maybe = [](const auto& is, auto what) { return is ? Value(what(*is)) : Value(); };
    const auto same = [](double p) { return p; };
    std::vector<Value> row = {one.value,
                              one.group.name,
                              one.number,
                              count(one.group.of.n),
                              count(one.group.distinct),
                              one.group.of.mean,
                              one.group.of.sd,
                              maybe(one.group.scored, same)};
    if (one.refused.empty()) {
      for (const Value& cell : {Value(one.group.of.mean - one.number),
                                Value(one.t.difference.low),
                                Value(one.t.difference.high),
                                Value(one.t.t),
                                Value(one.t.df),
                                Value(one.t.p),
                                Value(one.holm),
                                count(one.family),
                                maybe(one.signs, [](const auto& s) { return s.p; }),
                                maybe(one.drawn, [](const auto& b) { return b.interval.low; }),
                                maybe(one.drawn, [](const auto& b) { return b.interval.high; }),
                                maybe(one.drawn, [](const auto& b) { return static_cast<double>(b.clusters); }),
                                maybe(one.alike, [](const auto& x) { return x.icc; }),
                                maybe(one.alike, [](const auto& x) { return x.design_effect; }),
                                Value(one.d.size),
                                Value(one.d.interval.low),
                                Value(one.d.interval.high),
                                Value(one.bayes[0]),
                                Value(one.bayes[1]),
                                Value(one.bayes[2]),
                                maybe(one.equivalent, same)})
        row.push_back(cell);
    }
    row.resize(out.columns.size());
    if (one.shares && one.shares->binomial) row[row.size() - 2] = *one.shares->binomial;
    if (!one.refused.empty()) row.back() = one.refused;
    out.add(std::move(row));
  }
  return out;
}

Table one_sample_short(const std::vector<OneSample>& all) {
  Table out;
  out.title = "against a number";
  using Align = Table::Column::Align;
  for (const char* name : {"value", "group"}) out.columns.push_back({name, Align::left});
  for (const char* name : {"against", "n", "mean", "95 %", "95 % by cluster", "t", "df", "p", "p (Holm)", "d", "BF10"})
    out.columns.push_back({name, Align::right});
  for (const OneSample& one : all) {
    std::vector<Value> row = {one.value, one.group.name, short_number(one.number), std::to_string(one.group.of.n),
                              short_number(one.group.of.mean)};
    if (one.refused.empty()) {
      auto around = [&](const Interval& i) { return interval_text({one.number + i.low, one.number + i.high}); };
      for (const std::string& cell : {around(one.t.difference), one.drawn ? around(one.drawn->interval) : std::string(),
                                      short_number(one.t.t), short_number(one.t.df), p_short(one.t.p),
                                      p_short(one.holm), short_number(one.d.size), short_number(one.bayes[1])})
        row.emplace_back(cell);
    } else {
      out.notes.push_back(fmt::format("{} is not tested: {}", one.group.name, one.refused));
    }
    row.resize(out.columns.size());
    out.add(std::move(row));
  }
  out.notes.insert(out.notes.begin(),
                   "One-sample t; intervals of the mean: Student's, and by drawing clusters; Cohen's d of one sample; "
                   "JZS Bayes factor at scale .707.");
  return out;
}

}  // namespace parley
