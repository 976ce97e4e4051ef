#pragma once
#include <iosfwd>
#include <memory>

#include "model/model.h"

namespace parley {

// A person: is shown a prompt on `out` (std::cout if null) and answers with one line from `in` (std::cin if null). Of a
// prompt that goes on from the one before of the same seat only the lines that are new are shown. One question at a time,
// in the order of start(); reading happens on a thread of its own, so that cancel() returns at once.
// End of input is a Failure of size model: "end of input". Both streams outlive the process' last answer.
std::unique_ptr<Model> open_human(std::istream* in, std::ostream* out);

}  // namespace parley
