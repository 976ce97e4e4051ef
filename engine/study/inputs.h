// What is kept of a match when it begins: the files that it depends on, and what chance gave its block.
#pragma once
#include <vector>

#include "prompt/reader.h"
#include "script/scripts.h"
#include "store/store.h"

namespace parley {

// The names (as the store keeps them) and texts of the files that a match of this plan depends on: its game and strategies with what
// they read before anything is played, and where models are asked their prompts, cover, told sections, repair and units.
std::vector<SourceText> files_of(const Plan& plan, Scripts& scripts);

// What chance gave the block of a match whose players are shown something (Store::begin).
Value drawn_for(const Plan& plan, const GameInfo& game);
// What actions were called in a match of which that was drawn; empty where by their own names.
Labels drawn_labels(const Value& drawn);

}  // namespace parley
