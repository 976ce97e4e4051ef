#include "game/action_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.h"
#include "base/json.h"

namespace parley {
namespace {
constexpr double kGrid = 1e-6;  // how far from a step a number of a range may lie
}

ActionSet ActionSet::from(const Value& value) {
  ActionSet set;
  if (value.is_list()) {
    set.kind = Kind::list;
    set.items = value.list();
    if (set.items.empty()) throw Error("an action set with nothing in it");
    std::set<std::string> seen;
    for (const Value& item : set.items) {
      if (!item.is_string() && !item.is_number() && !item.is_boolean()) {
        throw Error("an action is a word, a number or a player, not " + std::string(kind_name(item.kind())));
      }
      if (item.is_string() && item.string().empty()) throw Error("an action with an empty name");
      if (!seen.insert(to_json(item)).second) {
        throw Error("the action '" + value_text(item) + "' stands twice");
      }
    }
    return set;
  }
  const Value& kind = value["kind"];
  std::string name = kind.is_string() ? kind.string() : "";
  if (name == "range") {
    set.kind = Kind::range;
    set.lo = value["lo"].number();
    set.hi = value["hi"].number();
    set.step = value["step"].number();
  } else if (name == "record") {
    set.kind = Kind::record;
    for (const auto& [field, of] : value["fields"].record()) set.fields.emplace_back(field, from(of));
  } else if (name == "split") {
    set.kind = Kind::split;
    set.total = value["total"].number();
    for (const Value& n : value["names"].list()) set.names.push_back(n.string());
  } else if (name == "words") {
    set.kind = Kind::words;
    if (value["most"].is_number()) set.most = static_cast<int>(value["most"].number());
  } else {
    throw Error("an action set is a list, range, record, split or words, not " + std::string(kind_name(value.kind())));
  }
  return set;
}

Value ActionSet::to_value() const {
  switch (kind) {
    case Kind::list:
      return items;
    case Kind::range:
      return Value::Record{{"kind", "range"}, {"lo", lo}, {"hi", hi}, {"step", step}};
    case Kind::record: {
      Value::Record of;
      for (const auto& [field, inner] : fields) of.emplace(field, inner.to_value());
      return Value::Record{{"kind", "record"}, {"fields", std::move(of)}};
    }
    case Kind::split: {
      Value::List list(names.begin(), names.end());
      return Value::Record{{"kind", "split"}, {"total", total}, {"names", std::move(list)}};
    }
    case Kind::words: {
      Value::Record words{{"kind", "words"}};
      if (most) words.emplace("most", *most);
      return words;
    }
  }
  return {};
}

std::optional<size_t> ActionSet::index_of(const Value& action) const {
  if (kind == Kind::list) {
    auto at = std::find(items.begin(), items.end(), action);
    if (at == items.end()) return std::nullopt;
    return static_cast<size_t>(at - items.begin());
  }
  if (kind == Kind::range && action.is_number()) {
    double steps = (action.number() - lo) / step, whole = std::round(steps);
    if (!(std::fabs(steps - whole) < kGrid) || whole < 0 || whole >= static_cast<double>(size())) return std::nullopt;
    return static_cast<size_t>(whole);
  }
  return std::nullopt;
}

bool ActionSet::contains(const Value& action) const {
  switch (kind) {
    case Kind::list:
    case Kind::range:
      return index_of(action).has_value();
    case Kind::record:
      if (!action.is_record() || action.record().size() != fields.size()) return false;
      return std::all_of(fields.begin(), fields.end(),
                         [&](const auto& f) { return f.second.contains(action[f.first]); });
    case Kind::split: {
      if (!action.is_record() || action.record().size() != names.size()) return false;
      double sum = 0;
      for (const std::string& name : names) {
        const Value& part = action[name];
        if (!part.is_number() || part.number() < 0 || part.number() != std::floor(part.number())) return false;
        sum += part.number();
      }
      return sum == total;
    }
    case Kind::words:
      return action.is_string();
  }
  return false;
}

size_t ActionSet::size() const {
  if (kind == Kind::list) return items.size();
  if (kind == Kind::range) return static_cast<size_t>(std::floor((hi - lo) / step + kGrid)) + 1;
  return 0;
}

Value ActionSet::at(size_t i) const {
  if (kind == Kind::list) return items[i];
  double value = lo + static_cast<double>(i) * step;
  // 0 + 3 * .1 is .30000000000000004: the nearest number with 12 digits is the one that was meant.
  if (step != std::floor(step)) value = std::stod(number_text(value));
  return value;
}

std::string describe(const ActionSet& set) {
  std::vector<std::string> parts;
  switch (set.kind) {
    case ActionSet::Kind::list:
      for (const Value& item : set.items) parts.push_back(value_text(item));
      return joined(parts, " or ");
    case ActionSet::Kind::range:
      return number_text(set.lo) + " to " + number_text(set.hi) +
             (set.step == 1 ? "" : " in steps of " + number_text(set.step));
    case ActionSet::Kind::record:
      for (const auto& [name, of] : set.fields) parts.push_back(name + " (" + describe(of) + ")");
      return "a record of " + joined(parts);
    case ActionSet::Kind::split:
      return number_text(set.total) + " split over " + joined(set.names);
    case ActionSet::Kind::words:
      return set.most ? fmt::format("at most {} words", *set.most) : "words";
  }
  return "";
}

}  // namespace parley
