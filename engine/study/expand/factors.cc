// `vary`: factors and their levels.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "game/action_set.h"
#include "study/expand/parts.h"

namespace parley::study {
namespace {

constexpr size_t kMostLevels = 100000;

bool is_empty_list(const Value& value) { return value.is_list() && value.list().empty(); }

// range(9, 14) comes as a record, which as a table of named levels has these names.
std::optional<Value> as_range(const std::vector<StudyFile::Level>& levels) {
  if (levels.size() == 1 && !levels[0].named && levels[0].value["kind"] == "range") return levels[0].value;
  Value::Record fields;
  for (const StudyFile::Level& level : levels) {
    if (!level.named) return std::nullopt;
    fields.emplace(level.name, level.value);
  }
  const Value range(std::move(fields));
  if (range["kind"] == "range" && range["lo"].is_number() && range["hi"].is_number()) return range;
  return std::nullopt;
}

std::vector<StudyFile::Level> unrolled(const std::string& path, const StudyFile::Factor& factor) {
  auto range = as_range(factor.levels);
  if (!range) return factor.levels;
  if ((*range)["step"].is_nil()) range = range->with("step", 1);
  const ActionSet set = ActionSet::from(*range);
  if (!(set.step > 0) || !(set.hi >= set.lo) || (set.hi - set.lo) / set.step >= kMostLevels) {
    throw Error(
        fmt::format("{}: the range of vary.{} has no numbers, or more than {}", path, factor.name, kMostLevels));
  }
  std::vector<StudyFile::Level> out;
  for (size_t i = 0; i < set.size(); ++i) out.push_back({"", set.at(i), false});
  return out;
}

std::string text_of(const Value& value) { return is_empty_list(value) ? "none" : value_text(value); }

}  // namespace

std::vector<Factor> factors_of(const StudyFile& file, Given& overrides, const std::vector<std::string>& settings) {
  const std::vector<std::string> rules = rule_names();
  std::set<std::string> known(rules.begin(), rules.end());
  known.insert(settings.begin(), settings.end());
  auto is_bundle = [&known](const Value& value) {
    if (!value.is_record()) return false;
    return std::all_of(value.record().begin(), value.record().end(),
                       [&](const auto& f) { return known.count(f.first) > 0; });
  };

  std::vector<Factor> out;
  for (const StudyFile::Factor& declared : file.factors) {
    const std::string& name = declared.name;
    if (auto use = use_of(name); use && *use != Use::rule) {
      throw Error(fmt::format("{}: '{}' cannot be varied", file.path, name));
    }
    Factor factor{name, known.count(name) > 0, {}, ""};
    const std::vector<StudyFile::Level> levels = unrolled(file.path, declared);
    if (levels.empty()) throw Error(fmt::format("{}: vary.{} has no levels", file.path, name));
    const bool bundles = !factor.setting && std::any_of(levels.begin(), levels.end(),
                                                        [&](const auto& level) { return is_bundle(level.value); });
    std::map<std::string, int> times;
    for (const StudyFile::Level& one : levels) {
      Level level{one.named ? one.name : text_of(one.value), one.value, {}, false};
      if (factor.setting) {
        level.sets.emplace_back(name, one.value);
      } else if (bundles && is_bundle(one.value)) {
        level.sets.assign(one.value.record().begin(), one.value.record().end());
      }
      level.sets_something = factor.setting || (bundles && (is_bundle(one.value) || is_empty_list(one.value)));
      if (level.sets_something && !factor.setting && one.named) level.word = one.name;
      if (int n = ++times[level.name]; n > 1) level.name += fmt::format("#{}", n);
      factor.levels.push_back(std::move(level));
    }

    if (auto at = overrides.find(name); at != overrides.end()) {
      const Said said = at->second;
      factor.command = said.command;
      const std::string wanted = text_of(said.value);
      auto level =
          std::find_if(factor.levels.begin(), factor.levels.end(), [&](const Level& l) { return l.name == wanted; });
      if (level != factor.levels.end()) {
        factor.levels = {Level(*level)};
        overrides.erase(at);
      } else if (bundles) {
        std::vector<std::string> names;
        for (const Level& l : factor.levels) names.push_back(l.name);
        fail(file.path, said,
             fmt::format("'{}' of vary has no level '{}'{}", name, wanted, did_you_mean(wanted, names)));
      } else {
        Level only{wanted, said.value, {}, factor.setting};
        if (!factor.setting) overrides.erase(at);  // else it stays above the level
        factor.levels = {only};
      }
    }
    out.push_back(std::move(factor));
  }
  std::sort(out.begin(), out.end(), [](const Factor& a, const Factor& b) { return a.name < b.name; });
  return out;
}

}  // namespace parley::study
