#include "base/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace parley {

const Value& Value::operator[](std::string_view name) const {
  static const Value nil;
  if (!is_record()) return nil;
  auto found = record().find(name);
  return found == record().end() ? nil : found->second;
}

Value Value::with(std::string_view name, Value value) const {
  Record fields = is_record() ? record() : Record{};
  if (value.is_nil()) {
    if (auto at = fields.find(name); at != fields.end()) fields.erase(at);
  } else {
    fields.insert_or_assign(std::string(name), std::move(value));
  }
  return fields;
}

std::strong_ordering operator<=>(const Value& a, const Value& b) {
  if (auto c = a.v_.index() <=> b.v_.index(); c != 0) return c;
  switch (a.kind()) {
    case Value::Kind::nil:
      return std::strong_ordering::equal;
    case Value::Kind::boolean:
      return a.boolean() <=> b.boolean();
    case Value::Kind::number:
      return a.number() < b.number()   ? std::strong_ordering::less
             : a.number() > b.number() ? std::strong_ordering::greater
                                       : std::strong_ordering::equal;
    case Value::Kind::string:
      return a.string() <=> b.string();
    case Value::Kind::list:
      if (&a.list() == &b.list()) return std::strong_ordering::equal;
      return std::lexicographical_compare_three_way(a.list().begin(), a.list().end(), b.list().begin(), b.list().end());
    case Value::Kind::record:
      if (&a.record() == &b.record()) return std::strong_ordering::equal;
      return std::lexicographical_compare_three_way(a.record().begin(), a.record().end(), b.record().begin(),
                                                    b.record().end());
  }
  return std::strong_ordering::equal;
}

bool operator==(const Value& a, const Value& b) { return (a <=> b) == 0; }

void Value::is_not(Kind wanted) const {
  throw Error(fmt::format("{} where {} is wanted", kind_name(kind()), kind_name(wanted)));
}

std::string_view kind_name(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::nil:
      return "nothing";
    case Value::Kind::boolean:
      return "true or false";
    case Value::Kind::number:
      return "a number";
    case Value::Kind::string:
      return "text";
    case Value::Kind::list:
      return "a list";
    case Value::Kind::record:
      return "a table of names";
  }
  return "";
}

std::string number_text(double n) {
  if (n == 0) return "0";
  if (std::fabs(n) < 1e15 && n == std::floor(n)) return fmt::format("{}", static_cast<long long>(n));
  return fmt::format("{:.12g}", n);
}

std::string value_text(const Value& value) {
  std::string out;
  auto within = [](const Value& item) {
    return item.is_list() || item.is_record() ? "(" + value_text(item) + ")" : value_text(item);
  };
  switch (value.kind()) {
    case Value::Kind::nil:
      return "nothing";
    case Value::Kind::boolean:
      return value.boolean() ? "true" : "false";
    case Value::Kind::number:
      return number_text(value.number());
    case Value::Kind::string:
      return value.string();
    case Value::Kind::list:
      for (const Value& item : value.list()) out += (out.empty() ? "" : ", ") + within(item);
      return out;
    case Value::Kind::record:
      for (const auto& [name, item] : value.record()) out += (out.empty() ? "" : ", ") + name + " " + within(item);
      return out;
  }
  return out;
}

}  // namespace parley
