#pragma once
#include <optional>
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
// The finite number that a cell is; none where it is anything else.
std::optional<double> number_in(std::string_view cell);

// Whether a comes before b as people sort names: numbers by their size, runs of digits in names too.
bool natural_before(const std::string& a, const std::string& b);

// RFC 4180, lines ending in \n or \r\n, a byte-order mark left out; cells between commas, or between semicolons where the head has no
// comma. (Written here: the libraries in Debian keep neither the line of a broken row nor quoted newlines.) Error with file and line:
// a row with more or fewer cells than the head, a quote that does not end, no head.
Rows read_csv(const std::string& path);
// The same of its text; `path` is for messages.
Rows parse_csv(std::string text, const std::string& path);

// A cell: quoted where it has to be, an empty text always, so that it is told from no value.
void append_csv_text(std::string& out, std::string_view text);

}  // namespace parley
