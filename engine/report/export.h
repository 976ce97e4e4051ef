// A study as tidy CSV, for R, Python or a spreadsheet: the files of codebook.h and a codebook.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/csv.h"
#include "store/store.h"

namespace parley {

// A table that was reckoned, to stand beside: with what its columns are.
struct ExportTable {
  std::string name;  // "units.csv"
  Rows rows;
  std::map<std::string, std::string> meanings;  // by column
};

// Writes choices, seats, matches, messages, beliefs, measures, requests, the tables of `more` and codebook (.csv, UTF-8, RFC 4180) into a folder,
// which is made if need be; files of these names are replaced. Actions stand by their names, never by labels. An empty field is
// a missing value, "" an empty text. Without `all`: the newest version of the matches that the study plans; with it, every
// match of the file, those no longer planned numbered after the plan. `each` hears how many matches are done. Returns the
// files with their numbers of rows. Error where one cannot be written.
std::vector<std::pair<std::string, uint64_t>> export_csv(
    const Store& store, const std::string& folder, bool all, const std::vector<ExportTable>& more = {},
    const std::function<void(uint64_t done, uint64_t of)>& each = {});

}  // namespace parley
