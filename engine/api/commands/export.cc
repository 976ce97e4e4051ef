// parley export STUDY DIR: tidy CSV and a codebook.
#include <fmt/format.h>

#include "api/commands/commands.h"
#include "api/workspace.h"
#include "base/error.h"

namespace parley::commands {

int export_study(const Args&, Console&) { throw Error("export is being written"); }

}  // namespace parley::commands
