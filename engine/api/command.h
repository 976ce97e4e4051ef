// The table of commands: what help prints, what is parsed, what is called. One entry is all that makes a command.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/console.h"

namespace parley {

struct Option {
  std::string_view name;   // "--set"
  std::string_view value;  // what stands behind it, "NAME=VALUE"; "": nothing
  std::string_view about;
  bool many = false;  // may be said more than once
};

// What was said on the command line, as the command's entry allows it.
class Args {
 public:
  std::vector<std::string> words;                                        // what is no option
  std::map<std::string, std::vector<std::string>, std::less<>> options;  // by name; a flag has no values

  bool has(std::string_view option) const { return options.find(option) != options.end(); }
  // Its value, as said; nullptr where it was not given.
  const std::string* text(std::string_view option) const;
  std::vector<std::string> all(std::string_view option) const;
  // A whole number of `least` or more. Misuse where it is none.
  std::optional<uint64_t> whole(std::string_view option, uint64_t least) const;
  // One that is an int here.
  std::optional<int> count(std::string_view option, int least) const;
  // A number above 0. Misuse where it is none.
  std::optional<double> positive(std::string_view option) const;
  // Any finite number.
  std::optional<double> number(std::string_view option) const;
};

struct Command {
  std::string_view name;
  std::string_view arguments;  // "STUDY MATCH"
  std::string_view about;      // one line
  size_t least, most;          // words
  std::vector<Option> options;
  std::string_view more;  // paragraphs and examples for `parley help COMMAND`
  // Returns the exit code. Error: an author's mistake; Misuse; Stopped.
  int (*run)(const Args& args, Console& console);
};

// In the order of the help.
const std::vector<Command>& all_commands();

// Finds the command and parses what follows it. Misuse, with the nearest: no such command or option, too few words or too
// many.
struct Parsed {
  const Command* command = nullptr;  // nullptr: help or the version is wanted
  Args args;
  bool help = false, version = false;
};
Parsed parse(int argc, const char* const* argv);

// The help for all, or for one command.
std::string help_text(const Command* command, size_t columns);

}  // namespace parley
