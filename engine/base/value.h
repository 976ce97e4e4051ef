// The one dynamic type: what crosses between Lua, prompts, JSON and the store.
#pragma once
#include <compare>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley {

// Nil, a boolean, a number, a string, a list, or a record (names to values, in alphabetical order).
// Immutable: lists and records are shared between copies, so that copying is cheap and safe across threads.
class Value {
 public:
  enum class Kind { nil, boolean, number, string, list, record };
  using List = std::vector<Value>;
  using Record = std::map<std::string, Value, std::less<>>;

  Value() = default;
  Value(bool b) : v_(b) {}
  Value(double n) : v_(n) {}
  Value(int n) : v_(static_cast<double>(n)) {}
  Value(int64_t n) : v_(static_cast<double>(n)) {}
  Value(uint64_t n) : v_(static_cast<double>(n)) {}
  Value(const char* s) : v_(std::string(s)) {}
  Value(std::string_view s) : v_(std::string(s)) {}
  Value(std::string s) : v_(std::move(s)) {}
  Value(List l) : v_(std::make_shared<const List>(std::move(l))) {}
  Value(Record r) : v_(std::make_shared<const Record>(std::move(r))) {}

  Kind kind() const { return static_cast<Kind>(v_.index()); }
  bool is_nil() const { return kind() == Kind::nil; }
  bool is_boolean() const { return kind() == Kind::boolean; }
  bool is_number() const { return kind() == Kind::number; }
  bool is_string() const { return kind() == Kind::string; }
  bool is_list() const { return kind() == Kind::list; }
  bool is_record() const { return kind() == Kind::record; }

  // Each requires the kind it names. Error: it is another.
  bool boolean() const { return as<bool>(Kind::boolean); }
  double number() const { return as<double>(Kind::number); }
  const std::string& string() const { return as<std::string>(Kind::string); }
  const List& list() const { return *as<std::shared_ptr<const List>>(Kind::list); }
  const Record& record() const { return *as<std::shared_ptr<const Record>>(Kind::record); }

  // The field of a record; nil where there is none, or where this is no record.
  const Value& operator[](std::string_view name) const;
  // A copy of this record (or nil) with one field set; a nil value removes the field.
  Value with(std::string_view name, Value value) const;

  // By content. Kinds differ first; numbers by value, strings by bytes.
  friend bool operator==(const Value& a, const Value& b);
  friend std::strong_ordering operator<=>(const Value& a, const Value& b);

 private:
  template <typename T>
  const T& as(Kind wanted) const {
    if (const T* it = std::get_if<T>(&v_)) return *it;
    is_not(wanted);
  }
  [[noreturn]] void is_not(Kind wanted) const;

  std::variant<std::monostate, bool, double, std::string, std::shared_ptr<const List>, std::shared_ptr<const Record>>
      v_;
};

// The name of a kind for messages: "a number", "a list", "nothing".
std::string_view kind_name(Value::Kind kind);

// A number as models, tables and people read it: whole numbers below 1e15 in full, others with up to 12
// significant digits (so that .1 + .2 reads 0.3), no trailing zeros.
std::string number_text(double n);

// A value as people read it in a line: strings bare, numbers by number_text, lists "a, b", records "x a, y b", one within
// another "(a, b), c".
std::string value_text(const Value& value);

}  // namespace parley
