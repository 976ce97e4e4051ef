// What the table of commands calls. Each takes what was said and gives the exit code (DESIGN 9).
#pragma once
#include "api/command.h"

namespace parley::commands {

int run(const Args& args, Console& console);
int play(const Args& args, Console& console);
int check(const Args& args, Console& console);
int prompt(const Args& args, Console& console);
int diff(const Args& args, Console& console);
int stats(const Args& args, Console& console);
int code(const Args& args, Console& console);
int tree(const Args& args, Console& console);
int solve(const Args& args, Console& console);
int show(const Args& args, Console& console);
int list(const Args& args, Console& console);
int verify(const Args& args, Console& console);
int import_tables(const Args& args, Console& console);
int merge(const Args& args, Console& console);
int freeze(const Args& args, Console& console);
int power(const Args& args, Console& console);
int export_study(const Args& args, Console& console);

}  // namespace parley::commands
