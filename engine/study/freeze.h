// What a study comes to before it is played, as one hash: the matches it plans, the texts of the files that they use, how it is to be
// analysed. What is no part of these (comments, names of the study's fields, what it is about) does not matter.
#pragma once
#include <string>
#include <vector>

#include "script/scripts.h"
#include "store/notes.h"
#include "store/store.h"
#include "study/design.h"

namespace parley {

// Of the design as it stands; `at` is 0. The files: those of every match (files_of), and what games and strategies read when they are
// set up; what they read in play is not known yet. A study with `measures` of its own, which are code, is one of its files ("study").
Frozen freeze(const Design& design, const StudyFile& file, Scripts& scripts);

// How a study that was run differs from one that was frozen: "design", "analysis", and each file with another text. The design and
// the analysis are those last run, the files those that planned matches were played with.
std::vector<std::string> changed_since(const Store& store, const Frozen& frozen);

// The hash of an analysis as the store holds it; that of nothing where none is declared.
Hash hash_of_analysis(const Value& analysis);

}  // namespace parley
