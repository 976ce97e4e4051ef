// Tables of what others played, made a study: its matches are played again by the engine, so that all payoffs are its own, and what
// the tables publish is compared.
//
// Nothing is kept in a way of its own. The mapping is the study's text; of each table what the mapping names is a source, an input of
// its matches; what was chosen is the settings of the players; what differed when it was read is the study's field `differences`.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "store/store.h"
#include "study/import/compare.h"

namespace parley {

// The study that tables come to, played through; nothing is written yet.
struct ImportedStudy {
  StudyInfo info;
  Imported imported;
  std::vector<Transcript> transcripts;  // by match
  std::vector<Mismatch> mismatches;
};

// Error with file and line: see matches_in(), play_imported().
ImportedStudy play_tables(const Mapping& mapping, std::vector<SourceTable> tables, const Lookup& lookup,
                          Scripts& scripts, const std::function<void(uint64_t done, uint64_t of)>& each = {});

// Writes it. Matches that the file holds already, from the same files, stay. Committed. Error: the file is another study's.
void keep_imported(const ImportedStudy& study, Scripts& scripts, Store& store);

// Whether a study was made from tables.
bool is_imported(const StudyInfo& study);

// Reads the tables that a store holds again, by the mapping that it holds, and compares the plan with what they say, and what differs
// with what differed when they were imported. A line each: what is not as it was, with the table's file and line.
struct VerifiedImport {
  std::vector<std::string> problems;
  std::vector<std::string> known;  // what differed when they were imported, and does now
  uint64_t rows = 0;               // of the tables
  // Where a match stands in the tables: "game_1.csv, lines 12 to 21". By its number; "" where it is unknown.
  std::function<std::string(uint64_t number)> where;
};
VerifiedImport verify_import(const Store& store);

}  // namespace parley
