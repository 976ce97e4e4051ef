// What a table says, against what the game pays and the strategies do.
#pragma once
#include <string>
#include <vector>

#include "game/transcript.h"
#include "script/scripts.h"
#include "study/import/matches.h"

namespace parley {

// A row in which a table does not say what comes out.
struct Mismatch {
  size_t table = 0;  // into Imported::tables
  size_t line = 0;
  std::string what;  // "points2 is 3, and the game pays 2"
};

// Plays a match of a table. Error with file and line: the game does not take a choice, or asks for one that the table lacks.
Transcript play_imported(const Imported& imported, const ImportedMatch& match, const std::shared_ptr<const Plan>& plan,
                         Scripts& scripts);

// What differs, by row: payoffs and totals to as many decimals as the table shows, and the choices of seats that a strategy
// plays, it being shown what the table says of the others.
std::vector<Mismatch> mismatches_of(const Mapping& mapping, const Imported& imported, const ImportedMatch& match,
                                    Transcript played, Scripts& scripts);

// Cells of payoffs and totals that are empty where others of their column are not, but where the mapping says that they may be.
std::vector<Mismatch> empty_cells(const Mapping& mapping, const Imported& imported);

// Matches with another number of rounds than most of their treatment (game and levels) have, by the row that they begin in: a file that was
// cut ends so; so does play that ends by chance.
std::vector<Mismatch> uneven_matches(const Imported& imported);

// "FILE:12: what", the file as it was said.
std::string text_of(const Imported& imported, const Mismatch& mismatch);

}  // namespace parley
