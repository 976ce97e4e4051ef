#include "base/csv.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace parley {

bool Rows::has(const std::string& column) const {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

Rows read_csv(const std::string& path) { return parse_csv(read_file(path), path); }

Rows parse_csv(std::string text, const std::string& path) {
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  const std::string head = text.substr(0, text.find('\n'));
  const char between = head.find(',') == head.npos && head.find(';') != head.npos ? ';' : ',';
  Rows out;
  std::vector<std::string> row;
  std::string cell;
  bool quoted = false, was_quoted = false;
  size_t line = 1, began = 1;  // began: the line of the row
  auto end_row = [&] {
    row.push_back(std::move(cell));
    cell.clear();
    was_quoted = false;
    const bool empty = row.size() == 1 && row[0].empty();
    if (out.columns.empty() && !empty) {
      out.columns = std::move(row);
    } else if (!empty) {
      if (row.size() != out.columns.size()) {
        throw Error(fmt::format("{}:{}: {} cells, and the head has {}", path, began, row.size(), out.columns.size()));
      }
      out.rows.push_back(std::move(row));
      out.lines.push_back(began);
    }
    row.clear();
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        cell += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        cell += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"' && cell.empty() && !was_quoted) {
      quoted = was_quoted = true;
    } else if (c == between) {
      row.push_back(std::move(cell));
      cell.clear();
      was_quoted = false;
    } else if (c == '\n') {
      end_row();
      began = line;
    } else if (c != '\r' || i + 1 == text.size() || text[i + 1] != '\n') {
      cell += c;
    }
  }
  if (quoted) throw Error(fmt::format("{}:{}: a quote that does not end", path, began));
  if (!cell.empty() || !row.empty()) end_row();
  if (out.columns.empty()) throw Error(path + ": no head: the first line names the columns");
  return out;
}

void append_csv_text(std::string& out, std::string_view text) {
  if (!text.empty() && text.find_first_of(",\"\n\r") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace parley
