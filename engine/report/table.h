// A table as people and programs read it.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "base/width.h"

namespace parley {

struct Table {
  struct Column {
    std::string name;
    // right: as numbers stand; automatic: right where every cell is a number or nothing.
    enum class Align { automatic, left, right } align = Align::automatic;
    bool shrinks = false;  // may be cut with "…" where the table is too wide
  };
  // One line. A heading spans the columns, and what follows it is set in by two blanks.
  struct Row {
    std::vector<Value> cells;  // as many as columns; nil: nothing
    std::string heading;       // not empty: no cells
  };

  std::string title;  // above it; in JSON its name
  std::vector<Column> columns;
  std::vector<Row> rows;
  std::vector<std::string> notes;  // below it, in text only

  void add(std::vector<Value> cells) { rows.push_back({std::move(cells), ""}); }
};

// How text is made to stand out on a terminal; empty: it is not.
struct Emphasis {
  std::string bold_on, bold_off, dim_on, dim_off;
};

// Aligned, at most `width` columns wide as far as cutting the columns that shrink can make it. Ends in a newline. Columns in
// which no row has anything are left out.
std::string as_text(const Table& table, size_t width = 100, const Emphasis& emphasis = {});
// How wide as_text() makes it where nothing is cut.
size_t natural_width(const Table& table);
// A list of records; headings are left out, as are nil cells.
Value as_value(const Table& table);
// RFC 4180 with \n: a line of names, a line a row. Nil is an empty field, the empty text "".
std::string as_csv(const Table& table);

// A tabular environment of plain LaTeX (no package is needed): a caption as a comment, \hline above and below the head and at the end,
// numbers right, TeX's special characters escaped, a true minus; notes as comments. Columns in which no row has anything are left out.
std::string as_latex(const Table& table);

// Appends one field of CSV, quoted where it must be.
void append_csv(std::string& out, const Value& value);
std::string csv_line(const std::vector<Value>& values);

// At most `width` columns, the end cut to "…" where it is longer.
std::string shortened(std::string_view text, size_t width);
// As shortened, for names joined by ", ": each keeps something of its own.
std::string names_shortened(std::string_view names, size_t width);

}  // namespace parley
