// The files of an export and their columns: the one place that says what there is, from which the files are written and the
// codebook is made.
#pragma once
#include <string>
#include <vector>

namespace parley {

struct ExportColumn {
  std::string name;
  std::string sql;     // what it is, in terms of the file's query; "": computed
  std::string type;    // "integer", "number", "text", "0/1", "JSON", "action" (text or number, as the decision has it)
  std::string unit;    // "" for none; "@unit" for the unit in which payoffs are told
  std::string levels;  // "@" for the values that occur, where they are few
  std::string meaning;
};

struct ExportFile {
  std::string name;  // "choices.csv"
  std::string about;
  std::vector<ExportColumn> columns;  // behind those that all files have
  std::string query;                  // FROM … WHERE … ORDER BY … of the rows of match ?1; "": computed
};

// Those that begin each line of each file. The factors' columns stand behind `condition`.
const std::vector<ExportColumn>& common_columns();
const std::vector<ExportFile>& export_files();
// What a setting is, for its column in matches.csv.
std::string meaning_of_setting(const std::string& name);

}  // namespace parley
