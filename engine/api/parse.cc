// From argv to Args by CLI11, which stays in this file (it takes seconds to compile).
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>

#include "api/command.h"
#include "base/error.h"
#include "base/text.h"
#include "report/table.h"

namespace parley {
namespace {

const Command* find_command(std::string_view name) {
  for (const Command& command : all_commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

const Command& command_named(const std::string& name) {
  if (const Command* command = find_command(name)) return *command;
  if (name.ends_with(".lua") || name.ends_with(".db")) {
    const char* verb = name.ends_with(".lua") ? "run" : "list";
    throw Misuse(fmt::format("'{}' is no command (did you mean `parley {} {}`?)", name, verb, name));
  }
  std::vector<std::string> names = {"help"};
  for (const Command& command : all_commands()) names.emplace_back(command.name);
  throw Misuse(fmt::format("there is no command '{}'{}; `parley help` shows all", name, did_you_mean(name, names)));
}

bool is_option(const std::string& word) { return word.size() > 1 && word[0] == '-'; }

void check(const Command& command, const Args& args, const std::vector<std::string>& unknown) {
  for (const std::string& word : unknown) {
    if (!is_option(word)) continue;
    std::vector<std::string> names = {"--help"};
    for (const Option& option : command.options) names.emplace_back(option.name);
    std::string name = word.substr(0, word.find('='));
    throw Misuse(fmt::format("{} has no option '{}'{}; `parley help {}` shows all", command.name, name,
                             did_you_mean(name, names), command.name));
  }
  size_t n = args.words.size() + unknown.size();
  if (n < command.least) {
    throw Misuse(
        fmt::format("parley {} needs {}; `parley help {}` says more", command.name, command.arguments, command.name));
  }
  if (n > command.most) {
    const std::string& first = args.words.size() > command.most ? args.words[command.most] : unknown[0];
    throw Misuse(fmt::format("parley {} takes {}: there is no place for '{}'", command.name, command.arguments, first));
  }
  for (const Option& option : command.options) {
    auto said = args.options.find(option.name);
    if (said != args.options.end() && !option.many && said->second.size() > 1) {
      throw Misuse(fmt::format("{} is said twice: {} and {}", option.name, said->second[0], said->second[1]));
    }
  }
}

Args parse_for(const Command& command, std::vector<std::string> words, bool* help) {
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  Args args;
  std::deque<std::vector<std::string>> values;
  std::vector<std::pair<const Option*, CLI::Option*>> known;
  for (const Option& option : command.options) {
    std::string name(option.name);
    CLI::Option* added = option.value.empty() ? app.add_flag(name)
                                              : app.add_option(name, values.emplace_back())
                                                    ->allow_extra_args(false)
                                                    ->type_name(std::string(option.value));
    known.emplace_back(&option, added);
  }
  app.add_flag("--help,-h", *help);
  app.add_option("words", args.words);
  std::reverse(words.begin(), words.end());  // as CLI11 takes them
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& e) {
    for (const Option& option : command.options) {
      if (std::string_view(e.what()).find(fmt::format("{}:", option.name)) != std::string_view::npos &&
          !option.value.empty()) {
        throw Misuse(fmt::format("{} needs {}", option.name, option.value));
      }
    }
    throw Misuse(e.what());
  }
  for (const auto& [option, added] : known) {
    if (added->count() > 0)
      args.options.emplace(option->name, option->value.empty() ? std::vector<std::string>() : added->results());
  }
  if (!*help) check(command, args, app.remaining());
  return args;
}

// "plays a study" as "Plays a study."
std::string sentence(std::string_view about) {
  std::string out(about);
  out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out + ".";
}

}  // namespace

const std::string* Args::text(std::string_view option) const {
  auto at = options.find(option);
  return at == options.end() || at->second.empty() ? nullptr : &at->second.back();
}

std::vector<std::string> Args::all(std::string_view option) const {
  auto at = options.find(option);
  return at == options.end() ? std::vector<std::string>() : at->second;
}

std::optional<uint64_t> Args::whole(std::string_view option, uint64_t least) const {
  const std::string* said = text(option);
  if (!said) return std::nullopt;
  uint64_t n = 0;
  bool digits = !said->empty() && said->size() <= 15 && said->find_first_not_of("0123456789") == std::string::npos;
  if (digits) n = std::stoull(*said);
  if (!digits || n < least)
    throw Misuse(fmt::format("{} is a whole number of {} or more, not '{}'", option, least, *said));
  return n;
}

std::optional<int> Args::count(std::string_view option, int least) const {
  const std::optional<uint64_t> n = whole(option, static_cast<uint64_t>(least));
  constexpr uint64_t kMost = std::numeric_limits<int>::max();
  if (n && *n > kMost) throw Misuse(fmt::format("{} is at most {}, not {}", option, kMost, *n));
  return n ? std::optional(static_cast<int>(*n)) : std::nullopt;
}

std::optional<double> Args::positive(std::string_view option) const {
  const std::optional<double> n = number(option);
  if (n && *n <= 0) throw Misuse(fmt::format("{} is a number above 0, not '{}'", option, *text(option)));
  return n;
}

std::optional<double> Args::number(std::string_view option) const {
  const std::string* said = text(option);
  if (!said) return std::nullopt;
  const std::optional<double> n = number_in(*said);
  if (!n) throw Misuse(fmt::format("{} is a number, not '{}'", option, *said));
  return n;
}

Parsed parse(int argc, const char* const* argv) {
  std::vector<std::string> words(argv, argv + argc);
  Parsed out;
  if (words.empty()) throw Misuse("what is to be done? `parley help` shows the commands");
  std::string verb = words[0];
  words.erase(words.begin());
  if (verb == "--version" || verb == "-V") {
    out.version = true;
    return out;
  }
  if (verb == "help" || verb == "--help" || verb == "-h") {
    out.help = true;
    if (!words.empty()) out.command = &command_named(words[0]);
    return out;
  }
  if (is_option(verb)) {
    throw Misuse(
        fmt::format("there is no option '{}' without a command{}", verb, did_you_mean(verb, {"--version", "--help"})));
  }
  out.command = &command_named(verb);
  out.args = parse_for(*out.command, std::move(words), &out.help);
  return out;
}

std::string help_text(const Command* command, size_t columns) {
  size_t width = std::min<size_t>(std::max<size_t>(columns, 60), 110);
  std::string out;
  // Rows of "left  right", the right side wrapped.
  auto rows = [&](const std::vector<std::pair<std::string, std::string>>& lines) {
    size_t left = 0;
    for (const auto& [a, b] : lines) left = std::max(left, display_width(a));
    for (const auto& [a, b] : lines) {
      out += fmt::format("  {:<{}}  {}\n", a, left, wrapped(b, width - left - 4, left + 4));
    }
  };
  std::vector<std::pair<std::string, std::string>> lines;
  if (!command) {
    out =
        "parley plays language models in games, keeps all that was asked, answered, chosen and paid, and reports "
        "it.\n\n";
    for (const Command& c : all_commands())
      lines.emplace_back(fmt::format("parley {} {}", c.name, c.arguments), c.about);
    lines.emplace_back("parley help COMMAND", "what a command does, its options, examples");
    lines.emplace_back("parley --version", "of parley, LuaJIT, SQLite and libllama");
    rows(lines);
    return out;
  }
  out = fmt::format("parley {} {}{}\n\n{}\n", command->name, command->arguments,
                    command->options.empty() ? "" : " [OPTION...]", wrapped(sentence(command->about), width));
  if (!command->options.empty()) {
    out += "\n";
    for (const Option& option : command->options) {
      lines.emplace_back(
          option.value.empty() ? std::string(option.name) : fmt::format("{} {}", option.name, option.value),
          option.about);
    }
    rows(lines);
  }
  if (!command->more.empty()) out += fmt::format("\n{}", command->more);
  return out;
}

}  // namespace parley
