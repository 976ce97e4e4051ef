// The library's C face and the table of commands; what commands do is tested by sessions (tests/cli).
#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "api/command.h"
#include "api/commands/progress.h"
#include "api/parley.h"
#include "base/error.h"
#include "base/file.h"

using namespace parley;

namespace {

// Runs a command with everything it writes in two strings.
struct Ran {
  std::string out, err;
  int code = 0;
  std::vector<std::string> input;

  explicit Ran(std::vector<const char*> words, std::vector<std::string> lines = {}) : input(std::move(lines)) {
    parley_io io{};
    io.user = this;
    io.out = [](void* user, const char* text, size_t size) { static_cast<Ran*>(user)->out.append(text, size); };
    io.err = [](void* user, const char* text, size_t size) { static_cast<Ran*>(user)->err.append(text, size); };
    io.read_line = [](void* user, char* line, size_t room) {
      auto& left = static_cast<Ran*>(user)->input;
      if (left.empty()) return 0;
      left[0].copy(line, room - 1);
      line[left[0].size()] = '\0';
      left.erase(left.begin());
      return 1;
    };
    code = parley_command(static_cast<int>(words.size()), words.data(), &io);
  }
};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("every command of the table has a help, and every option a line in it") {
  Ran all({"help"});
  CHECK(all.code == 0);
  for (const Command& command : all_commands()) {
    std::string name(command.name);
    CAPTURE(name);
    CHECK(contains(all.out, "parley " + name));
    CHECK(static_cast<bool>(command.run != nullptr));
    Ran help({"help", name.c_str()}), flag({name.c_str(), "--help"});
    CHECK(help.code == 0);
    CHECK(help.out == flag.out);
    CHECK(contains(help.out, "parley " + name));
    std::set<std::string_view> seen;
    for (const Option& option : command.options) {
      CHECK(contains(help.out, std::string(option.name)));
      CHECK(!option.about.empty());
      CHECK(seen.insert(option.name).second);
    }
  }
}

TEST_CASE("misuse is one line that begins with parley: and ends with 2") {
  std::vector<std::vector<const char*>> misuses = {
      {},
      {"rnu"},
      {"run"},
      {"run", "a.lua", "b.lua"},
      {"run", "--limt", "3", "a.lua"},
      {"list", "--json=3", "--nothing"},
      {"show", "a.db"},
      {"--fast"},
      {"run", "a.lua", "--db"},
      {"help", "ply"},
      {"a.lua"},
      {"play", "prisoners_dilemma"},
      {"run", "a.lua", "--db", "x.db", "--db", "y.db"},
  };
  for (const auto& words : misuses) {
    Ran ran(words);
    CAPTURE(ran.err);
    CHECK(ran.code == 2);
    CHECK(ran.out.empty());
    CHECK(ran.err.rfind("parley: ", 0) == 0);
    CHECK(ran.err.find('\n') == ran.err.size() - 1);
  }
  CHECK(contains(Ran({"rnu"}).err, "did you mean 'run'?"));
  CHECK(contains(Ran({"run", "a.lua", "--limt", "3"}).err, "did you mean '--limit'?"));
  CHECK(contains(Ran({"help", "ply"}).err, "did you mean 'play'?"));
}

TEST_CASE("options are parsed as the table says") {
  const char* words[] = {"run", "--set", "a=1", "x.lua", "--set=b={}", "--limit", "7", "--quiet"};
  Parsed parsed = parse(8, words);
  REQUIRE(parsed.command);
  CHECK(parsed.command->name == "run");
  CHECK(parsed.args.words == std::vector<std::string>{"x.lua"});
  CHECK(parsed.args.all("--set") == std::vector<std::string>{"a=1", "b={}"});
  CHECK(parsed.args.whole("--limit", 1) == 7);
  CHECK(parsed.args.has("--quiet"));
  CHECK(!parsed.args.has("--json"));
  CHECK(parsed.args.text("--db") == nullptr);
  const char* wrong[] = {"run", "x.lua", "--limit", "-3"};
  CHECK_THROWS_AS(parse(4, wrong).args.whole("--limit", 1), Misuse);
}

TEST_CASE("a host may leave out every function, and call again") {
  const char* words[] = {"--version"};
  parley_io io{};
  CHECK(parley_command(1, words, &io) == 0);
  CHECK(parley_command(1, words, nullptr) == 0);
  CHECK(contains(parley_version(), "LuaJIT"));
  CHECK(contains(parley_version(), "SQLite"));
  CHECK(contains(Ran({"--version"}).out, parley_version()));
}

TEST_CASE("a match is played from a host's lines, and their end is no fault") {
  Ran ran({"play", "prisoners_dilemma", "human", "always_second", "--rounds", "2", "--labels", "J,F", "--set",
           "label_map=given"},
          {"J", "perhaps", "option f."});
  CAPTURE(ran.out);
  CAPTURE(ran.err);
  CHECK(ran.code == 0);
  CHECK(contains(ran.out, "Answer with one of: J, F."));
  CHECK(contains(ran.out, "Round 1: row cooperate, column defect. Paid: row 0, column 10."));
  CHECK(contains(ran.out, "Round 2: row defect, column defect. Paid: row 5, column 5."));
  CHECK(contains(ran.out, "Total: row 5, column 15"));

  Ran left({"play", "prisoners_dilemma", "human", "always_second", "--rounds", "2"}, {"cooperate"});
  CHECK(left.code == 0);
  CHECK(contains(left.out, "Round 1: row cooperate"));
  CHECK(contains(left.err, "The match ends here: the input ended."));
}

TEST_CASE("text is wrapped at blanks, and keeps its own lines") {
  CHECK(wrapped("one two three", 8) == "one two\nthree");
  CHECK(wrapped("one two three", 8, 2) == "one two\n  three");
  CHECK(wrapped("a\n\n  b c", 80) == "a\n\n  b c");
  CHECK(wrapped("unbreakable", 3) == "unbreakable");
  CHECK(wrapped("ü ü ü", 3) == "ü ü\nü");
  CHECK(wrapped("", 10) == "");
}

TEST_CASE("numbers and times as people read them") {
  CHECK(counted(1, "match", "matches") == "1 match");
  CHECK(counted(1234567, "match", "matches") == "1,234,567 matches");
  CHECK(with_commas(9999) == "9999");
  CHECK(with_commas(10000) == "10,000");
  CHECK(duration(59.4) == "59 s");
  CHECK(duration(65) == "1 min 5 s");
  CHECK(duration(12000) == "3 h 20 min");
}

TEST_CASE("progress is one line") {
  Progress p;
  p.planned = 64;
  p.already = 3;
  p.whole = 20;
  p.voided = 1;
  p.repairs = 2;
  p.open = 5;
  p.asked = 100;
  CHECK(progress_text(p, {0, 118.2, 5230, 65}) ==
        "24 of 64 matches, 5 under way, 118 answers/s, 5230 tokens/s, 2 asked again, 1 void, 1 min 5 s left");
  CHECK(progress_text(Progress{}, {}) == "0 of 0 matches");
}
