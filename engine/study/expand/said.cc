// Values with the one who said them, and what the names in them mean.
#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/json.h"
#include "study/expand/parts.h"

namespace parley {

Override override_of(std::string_view name_and_value) {
  const size_t at = name_and_value.find('=');
  if (at == 0 || at == std::string_view::npos) {
    throw Misuse(fmt::format("--set takes NAME=VALUE, not '{}'", name_and_value));
  }
  const std::string_view text = name_and_value.substr(at + 1);
  std::string json;  // numbers may begin with a point, as in Lua
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
    if (text[i] == '.' && !quoted && (i == 0 || !std::isdigit(static_cast<unsigned char>(text[i - 1])))) json += '0';
    json += text[i];
  }
  Override out{std::string(name_and_value.substr(0, at)), text, fmt::format("--set {}", name_and_value)};
  try {
    if (Value value = from_json(json); !value.is_nil()) out.value = std::move(value);
  } catch (const Error&) {  // text
  }
  return out;
}

namespace study {

void fail(const std::string& path, const Said& said, const std::string& what) {
  if (!said.command.empty()) throw Misuse(said.command + ": " + what);
  throw Error(path + ": " + what + (said.level.empty() ? "" : " (" + said.level + ")"));
}

std::string shown(const Value& value) {
  if (value.is_string()) return "'" + value.string() + "'";
  if (value.is_list() || value.is_record() || value.is_nil()) return std::string(kind_name(value.kind()));
  return value_text(value);
}

std::string no_such(const std::string& name, const std::string& what, const std::vector<std::string>& known,
                    const std::string& owner, const std::vector<std::string>& settings) {
  std::vector<std::string> all = known;
  all.insert(all.end(), settings.begin(), settings.end());
  const std::string nearest = did_you_mean(name, all);
  const bool first = !nearest.empty() && nearest == did_you_mean(name, known);
  return fmt::format("{} '{}'{}, and {} no such setting{}", what, name, first ? nearest : "", owner,
                     first ? "" : nearest);
}

std::vector<std::string> names_of(const Value& record) {
  std::vector<std::string> names;
  if (record.is_record()) {
    for (const auto& [name, value] : record.record()) names.push_back(name);
  }
  return names;
}

int whole(const std::string& path, const Said& said, const std::string& name, int least) {
  const double n = said.value.is_number() ? said.value.number() : -1;
  if (n < least || n != std::floor(n) || n > std::numeric_limits<int>::max()) {
    const bool large = n > std::numeric_limits<int>::max();
    fail(path, said,
         fmt::format("{} is a whole number of {} or more{}, not {}", name, least,
                     large ? fmt::format(" (at most {})", std::numeric_limits<int>::max()) : "", shown(said.value)));
  }
  return static_cast<int>(n);
}

Value setting(const std::string& path, const Said& said, const std::string& name, const Value& standard,
              const std::string& owner) {
  const Value& value = said.value;
  const bool empty = value.is_list() && value.list().empty();
  if (standard.is_list() && standard.list().empty()) {
    if (value.is_list() || value.is_record()) return value;
    const bool meant = value.is_string() && (value.string().starts_with('{') || value.string().starts_with('['));
    fail(path, said,
         fmt::format("setting '{}' of {} is a list or a table of names, not {}{}", name, owner, shown(value),
                     meant ? " (on the command line both are written as JSON: [1, 2], {\"a\": 1})" : ""));
  }
  if (standard.is_record() && empty) return Value::Record{};
  if (value.kind() == standard.kind()) return value;
  fail(path, said,
       fmt::format("setting '{}' of {} is {}, not {}", name, owner, kind_name(standard.kind()), shown(value)));
}

std::string Known::did_you_mean_(const std::string& name, const std::function<std::vector<std::string>()>& names) {
  return names ? did_you_mean(name, names()) : "";
}

std::shared_ptr<const GameInfo> Known::game(const std::string& name, const Value& settings, int seats) {
  auto [at, missing] = games_.try_emplace(fmt::format("{}\n{}\n{}", name, seats, to_json(settings)));
  if (missing) {
    if (auto info = lookup_.game(name, settings, seats))
      at->second = std::make_shared<const GameInfo>(std::move(*info));
  }
  return at->second;
}

std::shared_ptr<const StrategyInfo> Known::strategy(const std::string& name) {
  auto [at, missing] = strategies_.try_emplace(name);
  if (missing) {
    if (auto info = lookup_.strategy(name)) at->second = std::make_shared<const StrategyInfo>(std::move(*info));
  }
  return at->second;
}

const std::string& Known::model_identity(const std::string& model) {
  auto at = models_.find(model);
  if (at == models_.end()) at = models_.emplace(model, lookup_.model_identity(model)).first;
  return at->second;
}

void Known::check_words(const std::string& path, const Said& said, const std::string& field, const std::string& name) {
  if (!lookup_.check_words || !words_.emplace(field, name).second) return;
  try {
    lookup_.check_words(field, name);
  } catch (const Error& e) {
    fail(path, said, e.what());
  }
}

}  // namespace study
}  // namespace parley
