#include "base/json.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/error.h"

namespace parley {
namespace {

using nlohmann::json;

void write_string(std::string& out, const std::string& text) {
  size_t began = out.size();
  out += '"';
  size_t plain = 0;  // from where bytes are taken over as they are
  for (size_t i = 0; i < text.size(); ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') continue;
    const char* escaped = c == '\n' ? "\\n" : c == '"' ? "\\\"" : c == '\\' ? "\\\\" : c == '\t' ? "\\t" : nullptr;
    if (!escaped) {  // rarer bytes, and whether they are UTF-8, are the library's business
      out.resize(began);
      out += json(text).dump(-1, ' ', false, json::error_handler_t::replace);
      return;
    }
    out.append(text, plain, i - plain);
    out += escaped;
    plain = i + 1;
  }
  out.append(text, plain, std::string::npos);
  out += '"';
}

void write(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Value::Kind::nil:
      out += "null";
      break;
    case Value::Kind::boolean:
      out += value.boolean() ? "true" : "false";
      break;
    case Value::Kind::number: {
      double n = value.number();
      if (!std::isfinite(n)) throw Error("a number that is not finite cannot be stored");
      if (n == std::floor(n) && std::fabs(n) < 9007199254740992.0) {
        fmt::format_to(std::back_inserter(out), "{}", static_cast<long long>(n));
      } else {
        fmt::format_to(std::back_inserter(out), "{}", n);
      }
      break;
    }
    case Value::Kind::string:
      write_string(out, value.string());
      break;
    case Value::Kind::list: {
      out += '[';
      bool first = true;
      for (const Value& item : value.list()) {
        if (!first) out += ',';
        first = false;
        write(out, item);
      }
      out += ']';
      break;
    }
    case Value::Kind::record: {
      out += '{';
      bool first = true;
      for (const auto& [name, item] : value.record()) {
        if (!first) out += ',';
        first = false;
        write_string(out, name);
        out += ':';
        write(out, item);
      }
      out += '}';
      break;
    }
  }
}

constexpr int kDeepest = 200;  // what the stack bears

Value convert(const json& j, int levels = 1) {
  if (levels > kDeepest) throw Error("no JSON for parley: more than 200 levels deep");
  switch (j.type()) {
    case json::value_t::boolean:
      return j.get<bool>();
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
    case json::value_t::number_float:
      return j.get<double>();
    case json::value_t::string:
      return j.get<std::string>();
    case json::value_t::array: {
      Value::List items;
      items.reserve(j.size());
      for (const json& item : j) items.push_back(convert(item, levels + 1));
      return items;
    }
    case json::value_t::object: {
      Value::Record fields;
      for (const auto& [name, item] : j.items()) fields.emplace(name, convert(item, levels + 1));
      return fields;
    }
    default:
      return {};
  }
}

}  // namespace

std::string to_json(const Value& value) {
  std::string out;
  write(out, value);
  return out;
}

Value from_json(std::string_view text) {
  try {
    return convert(json::parse(text));
  } catch (const json::parse_error& e) {
    size_t line = 1;
    for (size_t i = 0; i < text.size() && i + 1 < e.byte; ++i) line += text[i] == '\n';
    std::string what = e.what();
    auto from = what.find(": ", what.find("column"));
    throw JsonError(line, "no JSON: " + (from == std::string::npos ? what : what.substr(from + 2)));
  } catch (const json::exception& e) {  // a number that is too large
    std::string what = e.what();
    throw JsonError(0, "no JSON: " + what.substr(what.find("] ") + 2));
  }
}

}  // namespace parley
