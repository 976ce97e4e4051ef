#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace parley {

// A table of texts with a head, as CSV holds it.
struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // as many cells as columns
  std::vector<size_t> lines;                   // of a file: where each row begins

  bool has(const std::string& column) const;
};

// RFC 4180, lines ending in \n or \r\n, a byte-order mark left out; cells between commas, or between semicolons where the head has no
// comma. (Written here: the libraries in Debian keep neither the line of a broken row nor quoted newlines.) Error with file and line:
// a row with more or fewer cells than the head, a quote that does not end, no head.
Rows read_csv(const std::string& path);
// The same of its text; `path` is for messages.
Rows parse_csv(std::string text, const std::string& path);

// A cell: quoted where it has to be, an empty text always, so that it is told from no value.
void append_csv_text(std::string& out, std::string_view text);

}  // namespace parley
