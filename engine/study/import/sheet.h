// A kept table with its columns found, and its rows put together to matches.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "base/csv.h"
#include "study/import/mapping.h"
#include "study/import/tables.h"

namespace parley {

class Sheet {
 public:
  // Error: the text is no kept table of this mapping.
  Sheet(const Mapping& mapping, const SourceTable& table);

  size_t size() const { return rows_.rows.size(); }
  size_t line(size_t row) const { return lines_[row]; }
  const std::string& cell(size_t row, const std::string& column) const { return rows_.rows[row][at_.at(column)]; }
  // What a row says: of a column the mapping's value for its text, else the text. Error: `values` has no such text.
  Value value(size_t row, const From& from) const;
  std::string text(size_t row, const From& from) const;
  // "FILE:LINE", and an Error that begins with it.
  std::string place(size_t row) const;
  [[noreturn]] void blame(size_t row, const std::string& what) const;

  // The rows of one match, in order.
  struct Match {
    std::vector<size_t> rows;
    std::vector<int> rounds;  // of each row, from 1
  };
  // Error: a round that does not follow the one before; who sits where, or what the game is, is not the same in all rows.
  std::vector<Match> matches() const;

 private:
  int round(size_t row) const;
  // Who sits where, what the game is: the same in every row of a match.
  void check_constant(const Match& match) const;

  const Mapping& mapping_;
  std::string path_;
  Rows rows_;
  std::vector<size_t> lines_;
  std::map<std::string, size_t, std::less<>> at_;
};

}  // namespace parley
