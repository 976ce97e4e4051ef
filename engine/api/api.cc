// The C face: finds the command, turns what it throws into a line and an exit code (DESIGN 9).
#include <fmt/format.h>

#include <atomic>

#include "api/command.h"
#include "api/parley.h"
#include "base/error.h"
#include "model/llama.h"
#include "script/host.h"
#include "store/store.h"

namespace parley {
namespace {

std::atomic<int> signal_seen = 0;
static_assert(std::atomic<int>::is_always_lock_free, "parley_stop may be called from a signal handler");

// Messages of many lines, of a database's or a compiler's, are one here.
std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

int fail(Console& console, const std::string& what, int code) {
  console.line("parley: " + one_line(what));
  return code;
}

int command(int argc, const char* const* argv, Console& console) {
  try {
    Parsed parsed = parse(argc, argv);
    if (parsed.version) {
      console.out(std::string("parley ") + parley_version() + "\n");
      return 0;
    }
    if (parsed.help) {
      console.out(help_text(parsed.command, console.columns()));
      return 0;
    }
    return parsed.command->run(parsed.args, console);
  } catch (const Stopped&) {
    return 128 + stop_signal();
  } catch (const Misuse& e) {
    return fail(console, e.what(), 2);
  } catch (const Error& e) {
    return fail(console, e.what(), 1);
  } catch (const std::bad_alloc&) {
    return fail(console, "there is not enough memory", 1);
  }
}

}  // namespace

int stop_signal() { return signal_seen; }

}  // namespace parley

extern "C" int parley_command(int argc, const char* const* argv, const parley_io* io) {
  parley::signal_seen = 0;
  parley::Console console(io);
  try {
    return parley::command(argc, argv, console);
  } catch (const std::exception& e) {  // of the system: a folder that cannot be read, a thread that cannot be had
    return parley::fail(console, e.what(), 1);
  }
}

extern "C" void parley_stop(int signal) { parley::signal_seen = signal; }

extern "C" const char* parley_version(void) {
  static const std::string version = [] {
    parley::Host host;
    parley::push(host.lua(), parley::Value());
    host.run_trusted("version", "return require('jit').version", 1);
    std::string luajit = parley::to_value(host.lua(), -1).string();
    std::string sqlite = parley::Store::in_memory().query("SELECT sqlite_version()")[0][0].string();
    std::string llama = parley::llama_build();
    while (llama.ends_with(' ') || llama.ends_with('|')) llama.pop_back();
    return fmt::format("{} ({}; {}; SQLite {}; {})", PARLEY_VERSION, PARLEY_BUILD, luajit, sqlite,
                       llama == "none" ? "no libllama" : llama);
  }();
  return version.c_str();
}
