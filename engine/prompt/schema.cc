#include "prompt/schema.h"

#include <cmath>

namespace parley {
namespace {

Value object(Value::Record properties) {
  Value::List required;
  for (const auto& [name, schema] : properties) required.emplace_back(name);
  return Value::Record{{"type", "object"},
                       {"properties", std::move(properties)},
                       {"required", std::move(required)},
                       {"additionalProperties", false}};
}

Value value_schema(const ActionSet& set, const Labels& labels) {
  switch (set.kind) {
    case ActionSet::Kind::list: {
      Value::List words;
      for (const Value& item : set.items) words.emplace_back(label_of(labels, item));
      return Value::Record{{"type", "string"}, {"enum", std::move(words)}};
    }
    case ActionSet::Kind::range: {
      const bool whole = set.lo == std::floor(set.lo) && set.step == std::floor(set.step);
      return Value::Record{{"type", whole ? "integer" : "number"}, {"minimum", set.lo}, {"maximum", set.hi}};
    }
    case ActionSet::Kind::words:
      return Value::Record{{"type", "string"}};
    case ActionSet::Kind::record: {
      Value::Record properties;
      for (const auto& [name, of] : set.fields) properties.emplace(name, value_schema(of, labels));
      return object(std::move(properties));
    }
    case ActionSet::Kind::split: {
      Value::Record properties;
      for (const std::string& name : set.names)
        properties.emplace(name, Value::Record{{"type", "integer"}, {"minimum", 0}, {"maximum", set.total}});
      return object(std::move(properties));
    }
  }
  return {};
}

}  // namespace

Value answer_schema(const ActionSet& set, const Labels& labels) {
  Value schema = value_schema(set, labels);
  const bool whole = set.kind == ActionSet::Kind::record || set.kind == ActionSet::Kind::split;
  return whole ? schema : object({{"answer", std::move(schema)}});
}

}  // namespace parley
