#include "api/commands/against_number.h"

#include <fmt/format.h>

#include "api/commands/comparison.h"
#include "base/value.h"

namespace parley {

using namespace stats;

void tell(const OneSample& one, const Testing& how, bool distinct, Console& console) {
  auto line = [&](const std::string& what, const std::string& is) { tell_line(what, is, console); };
  const std::string number = short_number(one.number);
  console.out(console.bold(fmt::format("{} against the number {}", one.group.name, number)) + "\n");
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
  tell_alike(one, console);
  line("one-sample t", t_text(one));
  if (one.signs)
    line("sign flips",
         fmt::format("{} (of whole clusters, {})", p_text(one.signs->p),
                     one.signs->exact ? "all signs" : fmt::format("{} drawn", with_commas(double(kDraws)))));
  line("Cohen's d", fmt::format("{}, 95 %: {} (one sample; normal interval)", short_number(one.d.size),
                                interval_text(*one.d.interval)));
  tell_bayes(one, "one sample", std::string("none: ") + kWeighDifferently, console);
  if (how.margin) tell_equivalence(one, fmt::format("within {} of {}", short_number(*how.margin), number), console);
}

Value value_of(const OneSample& one) {
  Value::Record out = group_value(one.group);
  out.emplace("number", one.number);
  if (one.shares) {
    Value::Record shares{{"yes", static_cast<double>(one.shares->yes)}, {"wilson", interval_value(one.shares->wilson)}};
    if (one.shares->binomial) shares.emplace("binomial", *one.shares->binomial);
    out.emplace("shares", std::move(shares));
  }
  if (!one.refused.empty()) {
    out.emplace("refused", one.refused);
    return out;
  }
  out.emplace("difference", one.group.of.mean - one.number);
  out.emplace("one_sample", t_value(one.t));
  if (one.signs) out.emplace("sign_flips", Value::Record{{"p", one.signs->p}, {"exact", one.signs->exact}});
  if (one.drawn) out.emplace("bootstrap", drawn_value(*one.drawn));
  put_effects(one, out);
  return out;
}

Table one_sample_table(const std::vector<OneSample>& all) {
  std::vector<NamedCells> rows;
  for (const OneSample& one : all) {
    NamedCells& row = rows.emplace_back(one);
    row.add("value", one.value);
    row.add("group", one.group.name);
    row.add("number", one.number);
    row.add_groups({{&one.group, ""}});
    row.add_t(one.group.of.mean - one.number);
    row.add_tested("p sign flips", one.signs ? Value(one.signs->p) : Value());
    row.add_drawn(one.drawn ? &*one.drawn : nullptr);
    row.add_alike();
    row.add_d();
    row.add_bayes();
    row.add("p binomial", one.shares && one.shares->binomial ? Value(*one.shares->binomial) : Value());
    row.add("not tested", one.refused.empty() ? Value() : Value(one.refused));
  }
  return table_of("against a number", rows);
}

Table one_sample_short(const std::vector<OneSample>& all) {
  Table out;
  out.title = "against a number";
  using Align = Table::Column::Align;
  for (const char* name : {"value", "group"}) out.columns.push_back({name, Align::left});
  for (const char* name : {"against", "n", "mean", "95 %", "95 % by cluster", "t", "df", "p", "p (Holm)", "d", "BF10"})
    out.columns.push_back({name, Align::right});
  for (const OneSample& one : all) {
    std::vector<Value> row = {one.value, one.group.name, short_number(one.number), std::to_string(one.group.n()),
                              short_number(one.group.of.mean)};
    if (one.refused.empty()) {
      auto around = [&](const Interval& i) { return interval_text({one.number + i.low, one.number + i.high}); };
      for (const std::string& cell :
           {around(one.t.difference), one.drawn ? around(one.drawn->interval) : std::string(), short_number(one.t.t),
            short_number(one.t.df), p_short(one.t.p), p_short(one.holm), short_number(one.d.size),
            one.bayes ? bayes_text((*one.bayes)[1]) : std::string()})
        row.emplace_back(cell);
    } else {
      out.notes.push_back(fmt::format("{} is not tested: {}", one.group.name, one.refused));
    }
    row.resize(out.columns.size());
    out.add(std::move(row));
  }
  for (const OneSample& one : all) {
    if (!one.group.of.alike)
      out.notes.push_back(
          fmt::format("{}: {} values in effect, as repeats without chance are one value that weighs as many.",
                      one.group.name, short_number(one.group.of.n)));
  }
  out.notes.insert(out.notes.begin(),
                   "One-sample t; intervals of the mean: Student's, and by drawing clusters; Cohen's d of one sample; "
                   "JZS Bayes factor at scale .707.");
  return out;
}

}  // namespace parley
