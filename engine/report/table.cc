#include "report/table.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/csv.h"
#include "base/json.h"

namespace parley {
namespace {

constexpr size_t kLeast = 8;  // a column is not cut to less
constexpr std::string_view kCut = "…", kGap = "  ";

std::string cell_text(const Value& value) {
  std::string text = value.is_nil() ? "" : value_text(value);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return text;
}

// Names are joined so in line-ups.
bool is_list_of_names(std::string_view text) { return text.find(", ") != std::string_view::npos; }

void pad(std::string& out, size_t n) { out.append(n, ' '); }

}  // namespace

std::string shortened(std::string_view text, size_t width) {
  if (display_width(text) <= width) return std::string(text);
  size_t end = 0, taken = 0;
  while (end < text.size()) {
    const Glyph glyph = glyph_at(text, end);
    if (taken + glyph.columns >= width) break;
    taken += glyph.columns;
    end += glyph.bytes;
  }
  return std::string(text.substr(0, end)) + std::string(kCut);
}

std::string names_shortened(std::string_view names, size_t width) {
  if (display_width(names) <= width) return std::string(names);
  std::vector<std::string_view> parts;
  for (size_t at = 0; at <= names.size();) {
    size_t end = std::min(names.find(", ", at), names.size());
    parts.push_back(names.substr(at, end - at));
    at = end + 2;
  }
  size_t between = 2 * (parts.size() - 1);
  if (width < between + 4 * parts.size()) return shortened(names, width);
  // The longest give way first: the largest cap under which they all fit, and what is left over goes to the first of them.
  size_t cap = width, total = 0, most = width - between;
  for (;; --cap) {
    total = 0;
    for (std::string_view p : parts) total += std::min(cap, display_width(p));
    if (total <= most) break;
  }
  std::string out;
  for (std::string_view p : parts) {
    size_t room = cap;
    if (display_width(p) > cap && total < most) {
      ++room;
      ++total;
    }
    out += (out.empty() ? "" : ", ") + shortened(p, room);
  }
  return out;
}

namespace {

// A table as text, each column as wide as it is.
struct Layout {
  std::vector<std::vector<std::string>> cells;  // none for a heading
  std::vector<size_t> widths;
  std::vector<bool> right, used;
  size_t margin = 0;

  explicit Layout(const Table& table) : right(table.columns.size()), used(table.columns.size()) {
    for (size_t i = 0; i < table.columns.size(); ++i) {
      right[i] = table.columns[i].align != Table::Column::Align::left;
      widths.push_back(display_width(table.columns[i].name));
    }
    for (const Table::Row& row : table.rows) {
      auto& line = cells.emplace_back();
      if (!row.heading.empty()) {
        margin = 2;
        continue;
      }
      for (size_t i = 0; i < widths.size(); ++i) {
        const Value& value = row.cells[i];
        line.push_back(cell_text(value));
        if (!value.is_nil()) used[i] = true;
        if (table.columns[i].align == Table::Column::Align::automatic && !value.is_nil() && !value.is_number())
          right[i] = false;
        widths[i] = std::max(widths[i], display_width(line.back()));
      }
    }
  }
  size_t total() const {
    size_t sum = margin;
    for (size_t i = 0; i < widths.size(); ++i) {
      if (used[i]) sum += widths[i] + kGap.size();
    }
    return sum - std::min(sum, kGap.size());
  }
};

}  // namespace

size_t natural_width(const Table& table) { return Layout(table).total(); }

std::string as_text(const Table& table, size_t width, const Emphasis& emphasis) {
  Layout layout(table);
  auto& widths = layout.widths;
  const size_t n = widths.size();
  for (size_t total = layout.total(); total > width; --total) {  // a column at a time, the widest that may shrink
    size_t widest = n;
    for (size_t i = 0; i < n; ++i) {
      bool may = layout.used[i] && table.columns[i].shrinks &&
                 widths[i] > std::max(kLeast, display_width(table.columns[i].name));
      if (may && (widest == n || widths[i] > widths[widest])) widest = i;
    }
    if (widest == n) break;
    --widths[widest];
  }
  auto line_of = [&](const std::vector<std::string>& line) {
    std::string out(layout.margin, ' ');
    for (size_t i = 0; i < n; ++i) {
      if (!layout.used[i]) continue;
      std::string text =
          is_list_of_names(line[i]) ? names_shortened(line[i], widths[i]) : shortened(line[i], widths[i]);
      size_t blanks = widths[i] - std::min(widths[i], display_width(text));
      if (layout.right[i]) pad(out, blanks);
      out += text;
      if (!layout.right[i]) pad(out, blanks);
      out += kGap;
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
  };
  std::string out;
  if (!table.title.empty()) out += emphasis.bold_on + table.title + emphasis.bold_off + "\n";
  std::vector<std::string> names;
  for (const auto& column : table.columns) names.push_back(column.name);
  out += emphasis.dim_on + line_of(names) + emphasis.dim_off + "\n";
  for (size_t r = 0; r < layout.cells.size(); ++r) {
    const std::string& heading = table.rows[r].heading;
    out += (heading.empty() ? line_of(layout.cells[r]) : emphasis.bold_on + heading + emphasis.bold_off) + "\n";
  }
  for (const std::string& note : table.notes) out += emphasis.dim_on + note + emphasis.dim_off + "\n";
  return out;
}

namespace {

std::string latex_text(const std::string& text) {
  static const std::pair<char, std::string_view> special[] = {{'\\', "\\textbackslash{}"},  {'~', "\\textasciitilde{}"},
                                                              {'^', "\\textasciicircum{}"}, {'<', "\\textless{}"},
                                                              {'>', "\\textgreater{}"},     {'|', "\\textbar{}"}};
  std::string out;
  for (char c : text) {
    const auto* as = std::find_if(std::begin(special), std::end(special), [&](const auto& s) { return s.first == c; });
    if (as != std::end(special)) {
      out += as->second;
    } else {
      if (std::string_view("&%$#_{}").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string as_latex(const Table& table) {
  const Layout layout(table);
  std::string out, columns;
  size_t used = 0;
  auto line = [&](const std::vector<std::string>& cells) {
    std::string row;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (!layout.used[i]) continue;
      const bool minus = layout.right[i] && cells[i].starts_with('-');
      row += (row.empty() ? "" : " & ") + (minus ? "$-$" + latex_text(cells[i].substr(1)) : latex_text(cells[i]));
      if (row.empty()) row = "{}";
    }
    out += row + " \\\\\n";
  };
  std::vector<std::string> names;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    names.push_back(table.columns[i].name);
    if (layout.used[i]) ++used, columns += layout.right[i] ? 'r' : 'l';
  }
  if (!table.title.empty()) out += "% " + table.title + "\n";
  out += "\\begin{tabular}{" + columns + "}\n\\hline\n";
  line(names);
  out += "\\hline\n";
  for (size_t r = 0; r < layout.cells.size(); ++r) {
    const std::string& heading = table.rows[r].heading;
    if (heading.empty())
      line(layout.cells[r]);
    else
      out += "\\multicolumn{" + std::to_string(used) + "}{l}{" + latex_text(heading) + "} \\\\\n";
  }
  out += "\\hline\n\\end{tabular}\n";
  for (const std::string& note : table.notes) out += "% " + note + "\n";
  return out;
}

Value as_value(const Table& table) {
  Value::List rows;
  for (const Table::Row& row : table.rows) {
    if (!row.heading.empty()) continue;
    Value::Record record;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      if (!row.cells[i].is_nil()) record.emplace(table.columns[i].name, row.cells[i]);
    }
    rows.push_back(std::move(record));
  }
  return rows;
}

std::string as_csv(const Table& table) {
  std::vector<Value> names;
  for (const auto& column : table.columns) names.emplace_back(column.name);
  std::string out = csv_line(names);
  for (const Table::Row& row : table.rows) {
    if (row.heading.empty()) out += csv_line(row.cells);
  }
  return out;
}

void append_csv(std::string& out, const Value& value) {
  std::string json;
  switch (value.kind()) {
    case Value::Kind::nil:
      return;
    case Value::Kind::boolean:
      out += value.boolean() ? '1' : '0';
      return;
    case Value::Kind::number: {  // all its digits: it is read back by programs
      double n = value.number();
      char digits[32];
      bool whole = n == std::floor(n) && std::fabs(n) < 1e15;
      auto end = whole ? std::to_chars(digits, digits + sizeof digits, static_cast<int64_t>(n))
                       : std::to_chars(digits, digits + sizeof digits, n);
      out.append(digits, end.ptr);
      return;
    }
    case Value::Kind::string:
      break;
    default:
      json = to_json(value);
  }
  append_csv_text(out, value.is_string() ? value.string() : json);
}

std::string csv_line(const std::vector<Value>& values) {
  std::string out;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i) out += ',';
    append_csv(out, values[i]);
  }
  return out + '\n';
}

}  // namespace parley
