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

// "FILE:12: what", the file as it was said.
std::string text_of(const Imported& imported, const Mismatch& mismatch);

}  // namespace parley
