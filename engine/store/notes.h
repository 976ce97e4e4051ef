// What was done with a study beside playing it: its design frozen, its declared comparison looked at. Kept in its file by a short write
// of its own, which goes while a run holds the file. Outside the promise.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/value.h"
#include "store/store.h"

namespace parley {

// A study frozen: what was to be played, with which files, analysed how (study/freeze.h).
struct Frozen {
  double at = 0;  // seconds since 1970
  Hash hash;      // of all
  Hash design, files, analysis;
  Value texts;  // record: the files' names to the hashes of their texts
};
// In order of time; of several in a row with one hash the first.
std::vector<Frozen> frozen(const Store& store);
// Keeps one, where the newest that is kept is another; makes the file if there is none. Error: it cannot be written.
void keep_frozen(const std::string& path, const Frozen& frozen);

// The declared comparison seen before its end. Seen again at as many blocks by the same analysis it is the same look.
struct Look {
  double at = 0;
  uint64_t blocks = 0;  // that were over
  Hash analysis;
};
// In order of time.
std::vector<Look> looks(const Store& store);
// Keeps one that is not kept yet. Error: the file cannot be written.
void keep_look(const std::string& path, const Look& look);

// When the first match of the file was begun, seconds since 1970; 0: none was.
double first_started(const Store& store);

}  // namespace parley
