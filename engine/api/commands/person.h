#pragma once
#include <memory>

#include "api/console.h"
#include "model/model.h"

namespace parley {

// The model "human" as commands have it: a person at the console, who is shown the same prompt as a model (of one that goes
// on from the one before of that seat: what is new), answers with one line, and is asked again where that is no answer, so
// that a slip of the finger voids no match. start() waits for the answer: one question at a time, nothing in the
// background. The end of input is a failure of size model: "the input ended". The console outlives it.
std::unique_ptr<Model> person_at(Console& console);

}  // namespace parley
