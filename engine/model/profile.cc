#include "model/profile.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/json.h"

namespace parley {
namespace {

const std::vector<std::string> kFields = {"base_url",      "key", "schema",  "max_tokens", "top_logprobs",
                                          "max_in_flight", "rpm", "refuses", "price"};
const std::vector<std::string> kPrices = {"input", "cached", "written", "output"};

std::vector<std::string> words(const Value& value, const std::string& what) {
  Value::List list = value.is_list() ? value.list() : Value::List{value};
  std::vector<std::string> out;
  for (const Value& v : list) {
    if (!v.is_string()) throw Error(what + " is a word or a list of words");
    out.push_back(v.string());
  }
  return out;
}

std::string one_of(const Value& value, const std::string& what, const std::string& a, const std::string& b) {
  if (value != Value(a) && value != Value(b))
    throw Error(what + " is \"" + a + "\" or \"" + b + "\", not " + to_json(value));
  return value.string();
}

Value price(const Value& value, const std::string& what) {
  if (!value.is_record()) throw Error(what + " is a table: {\"input\": 2, \"output\": 8}, money for a million tokens");
  for (const auto& [name, number] : value.record()) {
    if (std::find(kPrices.begin(), kPrices.end(), name) == kPrices.end())
      throw Error(what + " has no '" + name + "'" + did_you_mean(name, kPrices));
    if (!number.is_number() || number.number() < 0)
      throw Error(what + ": '" + name + "' is money for a million tokens, a number");
  }
  for (const char* name : {"input", "output"}) {
    if (value[name].is_nil()) throw Error(what + " has no '" + name + "': what a million tokens of it cost");
  }
  return value;
}

int whole(const Value& value, const std::string& what) {
  double n = value.is_number() ? value.number() : 0;
  if (n < 1 || n != std::floor(n) || n > 1e6) throw Error(what + " is a whole number of 1 or more");
  return static_cast<int>(n);
}

}  // namespace

std::string Profile::objection(const std::string& model, const Value& sampling) const {
  for (const std::string& setting : refuses) {
    if (!sampling[setting].is_nil()) return model + " does not take '" + setting + "' (models.json says so)";
  }
  return "";
}

Profile profile_of(const Value& table, const std::string& path, const std::string& model) {
  Profile out;
  if (table.is_nil()) return out;
  if (!table.is_record()) throw Error(path + ": a table of models by name is wanted: {\"openai:NAME\": {...}}");
  const Value* found = &table[model];
  std::string name = model;
  if (found->is_nil()) {
    name = model.substr(0, model.find(':')) + ":*";
    found = &table[name];
  }
  if (found->is_nil()) return out;
  if (!found->is_record()) throw Error(path + ": '" + name + "' is a table of what is said of it");
  for (const auto& [field, value] : found->record()) {
    const std::string what = path + ": '" + field + "' of '" + name + "'";
    if (field == "base_url") {
      out.base_urls = words(value, what);
    } else if (field == "key") {
      if (!value.is_string()) throw Error(what + " is the name of a variable of the environment");
      out.key = value.string();
    } else if (field == "schema") {
      out.schema = one_of(value, what, "json_schema", "json_object");
    } else if (field == "max_tokens") {
      out.max_tokens = one_of(value, what, "max_tokens", "max_completion_tokens");
    } else if (field == "top_logprobs") {
      out.top_logprobs = whole(value, what);
    } else if (field == "max_in_flight") {
      out.in_flight = whole(value, what);
    } else if (field == "rpm") {
      out.a_minute = whole(value, what);
    } else if (field == "refuses") {
      out.refuses = words(value, what);
    } else if (field == "price") {
      out.price = price(value, what);
    } else {
      throw Error(path + ": '" + name + "' has no field '" + field + "'" + did_you_mean(field, kFields));
    }
  }
  return out;
}

}  // namespace parley
