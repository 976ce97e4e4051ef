// The matches that tables tell of: each a plan whose players repeat what was chosen, with what the table says of every row beside it.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "game/plan.h"
#include "study/design.h"
#include "study/import/mapping.h"
#include "study/import/tables.h"

namespace parley {

// What a table says of one seat in one round.
struct ImportedRow {
  size_t line = 0;
  int seat = 0, round = 0;  // from 1
  struct Choice {
    std::string decision, column, cell;
    Value action;
  };
  std::vector<Choice> choices;
  std::string paid, total;  // as published; "": nothing is said
};

struct ImportedMatch {
  std::shared_ptr<const Plan> plan;  // every player is the strategy `recorded`
  size_t table = 0;                  // into Imported::tables
  std::vector<ImportedRow> rows;     // by round and seat
  // The same with the strategy that the mapping names in one seat, for each such seat: what it chooses is compared.
  std::map<int, std::shared_ptr<const Plan>> ruled;
};

struct Imported {
  std::vector<SourceTable> tables;
  std::vector<ImportedMatch> matches;  // by table, in the order of their first rows
  Value fields;                        // of the study: about, source, game, vary, tables
  std::map<Hash, Value> resolved;      // of each condition, by id: every rule and every setting of the game
};

// Error with file and line: a choice that is no action, rounds that do not follow each other, who sat where is not the same
// within a match, a setting that the game does not take ...
Imported matches_in(const Mapping& mapping, std::vector<SourceTable> tables, const Lookup& lookup);

}  // namespace parley
