#include "api/commands/declared.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "api/commands/comparison.h"
#include "api/measures.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "report/aliases.h"
#include "report/units.h"
#include "store/notes.h"
#include "study/freeze.h"

namespace parley {
namespace {

constexpr size_t kDigits = 16;  // of a hash, for people
constexpr const char* kExploring[] = {"--value", "--group",   "--where",  "--contrast", "--unit",
                                      "--block", "--cluster", "--margin", "--beliefs",  "--to"};

std::string date(double at) { return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(static_cast<time_t>(at))); }

// ".05": as p-values are written.
std::string alpha_text(double alpha) {
  const std::string text = fmt::format("{:.3g}", alpha);
  return text.starts_with("0.") ? text.substr(1) : text;
}

std::string blocks_text(const std::vector<uint64_t>& blocks) {
  std::vector<std::string> all;
  for (uint64_t n : blocks) all.push_back(std::to_string(n));
  return fmt::format("{} block{}", joined(all), blocks == std::vector<uint64_t>{1} ? "" : "s");
}

// Where the study stands towards what it declared.
class Standing {
 public:
  Standing(const Store& store, const Declared& declared) : declared_(declared) {
    over_ = blocks_over(store, declared.n);
    const auto study = store.study();
    analysis_ = hash_of_analysis(study->fields["analysis"]);
    looks_ = looks(store);
    kept_ = frozen(store);
    first_match_ = first_started(store);
    // The newest that was there before anything was played; else the newest.
    const auto before = std::find_if(kept_.rbegin(), kept_.rend(), [&](const Frozen& f) { return early(f); });
    if (!kept_.empty()) {
      frozen_ = before == kept_.rend() ? kept_.back() : *before;
      changed_ = changed_since(store, *frozen_);
    }
    if (reached()) return;
    const auto same = std::find_if(looks_.begin(), looks_.end(),
                                   [&](const Look& l) { return l.blocks == over_.size() && l.analysis == analysis_; });
    if (same == looks_.end() && over_.empty()) return;  // nothing of it is shown
    number_ = static_cast<size_t>(same - looks_.begin()) + 1;
    if (same == looks_.end()) looks_.push_back(look());
  }

  // The look that is taken now.
  Look look() const { return {seconds_since_1970(), over_.size(), analysis_}; }

  const std::set<uint64_t>& over() const { return over_; }
  bool reached() const { return over_.size() >= declared_.n; }
  // Whether the test is made now: at the end, or at a look that was planned.
  bool due() const { return declared_.planned(over_.size()); }

  std::vector<std::pair<std::string, std::string>> lines() const {
    std::vector<std::pair<std::string, std::string>> out = {{"frozen", frozen_text()}};
    out.emplace_back("blocks", reached() ? fmt::format("{}: the end", over_.size())
                                         : fmt::format("{} of {}: before the end", over_.size(), declared_.n));
    if (declared_.looks.size() > 1 || !looks_.empty()) out.emplace_back(reached() ? "looks" : "look", looks_text());
    return out;
  }

  Value value() const {
    Value::List taken;
    for (const Look& look : looks_) {
      taken.push_back(Value::Record{{"at", look.at}, {"blocks", look.blocks}, {"planned", planned(look)}});
    }
    Value::Record out{{"blocks", over_.size()},
                      {"n", declared_.n},
                      {"end", reached()},
                      {"looks", std::move(taken)},
                      {"alpha", declared_.alpha_of_look()}};
    if (number_ > 0) out.emplace("look", number_);
    if (frozen_) {
      out.emplace("frozen", Value::Record{{"hash", frozen_->hash},
                                          {"at", frozen_->at},
                                          {"before", early(*frozen_)},
                                          {"changed", Value::List(changed_.begin(), changed_.end())}});
    }
    return out;
  }

 private:
  bool early(const Frozen& f) const { return first_match_ == 0 || f.at < first_match_; }
  bool planned(const Look& look) const { return look.analysis == analysis_ && declared_.planned(look.blocks); }

  std::string frozen_text() const {
    if (!frozen_) return "never: nothing shows that this was said before the data (`parley freeze`)";
    std::string out = fmt::format("{}, {}, {}", frozen_->hash.substr(0, kDigits), date(frozen_->at),
                                  early(*frozen_) ? "before the first match" : "after the first match had begun");
    const auto later = std::count_if(kept_.begin(), kept_.end(), [&](const Frozen& f) { return f.at > frozen_->at; });
    if (later > 0)
      out += fmt::format("; frozen otherwise since: {}", later == 1 ? "once" : fmt::format("{} times", later));
    return out + (changed_.empty() ? "; not changed since" : "; changed since: " + joined(changed_));
  }

  std::string looks_text() const {
    std::vector<uint64_t> as_planned, others, otherwise;
    for (size_t i = 0; i < looks_.size(); ++i) {
      if (i + 1 == number_) continue;
      const Look& look = looks_[i];
      (look.analysis != analysis_ ? otherwise : planned(look) ? as_planned : others).push_back(look.blocks);
    }
    std::vector<std::string> before;
    if (!as_planned.empty()) before.push_back(fmt::format("at {} as planned", blocks_text(as_planned)));
    if (!others.empty()) before.push_back(fmt::format("at {}, not planned", blocks_text(others)));
    if (!otherwise.empty()) before.push_back(fmt::format("at {} by another analysis", blocks_text(otherwise)));
    std::string out;
    if (number_ > 0) {
      const std::string plan = blocks_text(declared_.looks);
      out = due() ? fmt::format("{}, as planned (at {})", number_, plan)
                  : fmt::format("{}, not planned (planned: at {})", number_, plan);
      if (!before.empty()) out += fmt::format("; before it: {}", joined(before));
    } else {
      out =
          before.empty() ? "none before the end" : fmt::format("{} before the end: {}", looks_.size(), joined(before));
    }
    const bool now = number_ == 0 || due();
    return now && others.empty() && otherwise.empty() ? out : out + "; alpha holds for planned looks alone";
  }

  const Declared& declared_;
  std::set<uint64_t> over_;
  std::vector<Look> looks_;  // the one now among them
  size_t number_ = 0;        // of the one now; 0: it is the end
  std::vector<Frozen> kept_;
  std::optional<Frozen> frozen_;
  std::vector<std::string> changed_;
  double first_match_ = 0;
  Hash analysis_;
};

// A family compared; a contrast that has no values yet of a group is refused, and so not of the family.
std::vector<Comparison> compare_all(const Rows& rows, const Declared& declared, const std::vector<Contrast>& family,
                                    const Testing& how) {
  std::vector<Comparison> out(family.size());
  std::vector<Contrast> there;
  std::vector<size_t> places;
  for (size_t i = 0; i < family.size(); ++i) {
    const Contrast& c = family[i];
    out[i].contrast = c;
    const Observations data = observe(rows, declared.roles(), c.value, c.group, c.where);
    out[i].a = group_of(data, c.a), out[i].b = group_of(data, c.b);
    for (const ComparedGroup* group : {&out[i].a, &out[i].b}) {
      if (out[i].refused.empty() && group->of.n == 0) out[i].refused = group->why_not();
    }
    if (!out[i].refused.empty()) continue;
    there.push_back(c);
    places.push_back(i);
  }
  std::vector<Comparison> found = compare(rows, declared.roles(), there, how);
  for (size_t i = 0; i < found.size(); ++i) out[places[i]] = std::move(found[i]);
  return out;
}

// What is declared, compared.
struct Results {
  std::vector<Comparison> primary, secondary;
  std::vector<Comparison> all_kept;  // primary, nothing excluded; empty where nothing is
  std::vector<Excluded> excluded;    // by primary contrast
};

Results compared(const Rows& rows, const Declared& declared, const Testing& how) {
  Results out;
  for (const Contrast& contrast : declared.primary)
    out.excluded.push_back(exclude(rows, declared.exclusions, contrast));
  const Rows& kept = out.excluded[0].kept;  // the same for all
  out.primary = compare_all(kept, declared, declared.primary, how);
  out.secondary = compare_all(kept, declared, declared.secondary, how);
  if (kept.rows.size() < rows.rows.size()) out.all_kept = compare_all(rows, declared, declared.primary, how);
  return out;
}

std::string taken_text(const Excluded& excluded, const Excluded::Taken& taken) {
  std::vector<std::string> groups;
  for (const auto& [group, n] : excluded.of) {
    const auto found = taken.by_group.find(group);
    groups.push_back(fmt::format("{} {} of {}", group, found == taken.by_group.end() ? 0 : found->second, n));
  }
  return fmt::format("{}: {}", taken.what, joined(groups, ", "));
}

const stats::TTest& rests_on(const Comparison& c) { return c.by_players ? c.crossed->t : c.t; }

// "below .05" or "not below .05"; of a test that is not due, or was refused: why there is none.
std::string verdict(const Comparison& c, const Standing& standing, const Declared& declared) {
  if (!standing.due()) return "none: no test is planned at so many blocks";
  if (!c.refused.empty()) return "none: it is not tested";
  return fmt::format("{}{}{}: {} {}", p_text(c.holm), c.family > 1 ? " by Holm" : "",
                     c.by_players ? ", by players crossed" : "",
                     c.holm < declared.alpha_of_look() ? "below" : "not below", alpha_text(declared.alpha_of_look()));
}

Value value_of_declared(const Results& results, const Standing& standing, const Declared& declared) {
  Value::List all;
  for (size_t i = 0; i < results.primary.size(); ++i) {
    const Comparison& c = results.primary[i];
    Value one = value_of(c).with("declared", true).with("role", "primary").with("contrast", text_of(c.contrast));
    if (standing.due() && c.refused.empty()) one = one.with("below", c.holm < declared.alpha_of_look());
    Value::List taken;
    for (const Excluded::Taken& rule : results.excluded[i].taken) {
      Value::Record groups;
      for (const auto& [group, n] : rule.by_group) groups.emplace(group, n);
      taken.push_back(Value::Record{{"rule", rule.what}, {"taken", std::move(groups)}});
    }
    if (!taken.empty()) one = one.with("excluded", std::move(taken));
    if (results.excluded[i].any()) one = one.with("nothing_excluded", value_of(results.all_kept[i]));
    all.push_back(std::move(one));
  }
  for (const Comparison& c : results.secondary)
    all.push_back(value_of(c).with("declared", true).with("role", "secondary").with("contrast", text_of(c.contrast)));
  return standing.value().with("comparisons", std::move(all));
}

}  // namespace

Rows declared_units(const Store& store, const Declared& declared) {
  Rows rows = units_of(store);
  std::vector<std::string> wanted;
  for (const auto* family : {&declared.primary, &declared.secondary}) {
    for (const Contrast& contrast : *family) wanted.push_back(contrast.value);
  }
  for (const Exclusion& rule : declared.exclusions) wanted.push_back(rule.column);
  if (!std::all_of(wanted.begin(), wanted.end(), [&](const std::string& column) { return rows.has(column); }))
    add_measures(store, rows);
  return rows;
}

bool explores(const Args& args) {
  return std::any_of(std::begin(kExploring), std::end(kExploring),
                     [&](const char* option) { return args.has(option); });
}

void count_look(const Store& store, const Declared& declared, bool beside, Console& console) {
  const Standing standing(store, declared);
  if (standing.reached() || (standing.over().empty() && !beside)) return;
  if (beside)
    console.line(fmt::format("This is a look before the declared end ({} of {} blocks), and is counted.",
                             standing.over().size(), declared.n));
  try {
    keep_look(store.path(), standing.look());
  } catch (const Error& e) {
    console.line(std::string("warning: this look is not kept: ") + e.what());
  }
}

void tell_declared(const Store& store, const Declared& declared, const Args& args, Console& console,
                   const Value& exploratory) {
  const Standing standing(store, declared);
  const Testing how{declared.margin, args.whole("--seed", 0).value_or(1)};
  Results results;
  if (!standing.over().empty()) {
    const Rows units = declared_units(store, declared);
    Declared tested = declared;
    for (auto* family : {&tested.primary, &tested.secondary}) {
      for (Contrast& contrast : *family) {
        std::vector<Contrast> alone = {contrast};
        for (const std::string& line : refuse_confounded(store, units, tested.roles().unit, alone))
          console.line("warning: " + line);
        contrast = std::move(alone[0]);
      }
    }
    results = compared(in_blocks(units, standing.over()), tested, how);
  }
  if (args.has("--json")) {
    const Value value = value_of_declared(results, standing, declared);
    console.out(to_json(exploratory.is_nil() ? value : exploratory.with("analysis", value)) + "\n");
    return;
  }
  std::vector<Comparison> all = results.primary;
  all.insert(all.end(), results.secondary.begin(), results.secondary.end());
  if (args.has("--latex")) return console.out(as_latex(comparison_short(all)));
  if (args.has("--as-csv")) return console.out(as_csv(comparison_table(all)));
  auto line = [&](const std::string& what, const std::string& is) {
    console.out(wrapped(fmt::format("  {:<13}  {}", what, is), console.columns(), 17) + "\n");
  };
  console.out(console.bold("Declared") + "\n");
  for (const auto& [what, is] : lines_of(declared)) {
    if (what != "primary" && what != "secondary" && what != "blocks" && what != "excluded") line(what, is);
  }
  for (const auto& [what, is] : standing.lines()) line(what, is);
  if (standing.over().empty()) {
    console.out("No block is over yet: nothing is tested.\n");
    return;
  }
  for (size_t i = 0; i < results.primary.size(); ++i) {
    const Comparison& c = results.primary[i];
    console.out(fmt::format("\nPrimary: {}\n", text_of(c.contrast)));
    tell(c, how, true, console);
    for (const Excluded::Taken& taken : results.excluded[i].taken)
      line("excluded", taken_text(results.excluded[i], taken));
    if (results.excluded[i].any()) {
      const Comparison& kept = results.all_kept[i];
      line("all kept",
           kept.refused.empty()
               ? fmt::format("difference {}, t({}) = {}, {}{}", short_number(kept.a.of.mean - kept.b.of.mean),
                             short_number(rests_on(kept).df), short_number(rests_on(kept).t), p_text(kept.holm),
                             kept.family > 1 ? " by Holm" : "")
               : "not tested: " + kept.refused);
    }
    line("verdict", verdict(c, standing, declared));
  }
  for (const Comparison& c : results.secondary) {
    console.out(fmt::format("\nSecondary: {}\n", text_of(c.contrast)));
    tell(c, how, true, console);
  }
  warn_of_few(fewest_of(all), console);
}

}  // namespace parley
