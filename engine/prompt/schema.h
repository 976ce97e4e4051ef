#pragma once
#include "game/action_set.h"
#include "prompt/reader.h"

namespace parley {

// The JSON schema of an object that read_reply() reads as an action of `set`: a record's fields, a split's parts, else the
// field `answer`. Words of lists are their labels.
Value answer_schema(const ActionSet& set, const Labels& labels);

}  // namespace parley
