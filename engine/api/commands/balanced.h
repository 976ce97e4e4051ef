// What `check` says of balance: of a part of the conditions, and of what must not matter over blocks.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "study/design.h"

namespace parley {

// Of a study's balanced part (`balance`): a title, "" where it has none; and what does not stand equally often in it, a line each. That no
// part is more equal is known of what differs by one.
std::string uneven_title(const Design& design);
std::vector<std::pair<std::string, std::string>> uneven_lines(const Design& design);

// Label maps, orders and seats that are balanced over blocks: what the study's blocks have of each, and which they cannot tell apart.
std::vector<std::pair<std::string, std::string>> nuisance_lines(const Design& design);

}  // namespace parley
