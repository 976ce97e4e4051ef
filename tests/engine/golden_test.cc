// Plays every golden transcript in three orders of arrival. With PARLEY_ACCEPT set, rewrites those that differ
// (tests/golden --accept).
#include "golden.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/file.h"

using namespace parley;
using namespace parley::test;
namespace fs = std::filesystem;

namespace {

// The first line in which two texts differ, of both.
std::string difference(const std::string& expected, const std::string& got) {
  size_t at = 0, line = 1, from = 0;
  for (; at < expected.size() && at < got.size() && expected[at] == got[at]; ++at) {
    if (expected[at] == '\n') ++line, from = at + 1;
  }
  auto rest = [&](const std::string& text) { return text.substr(from, text.find('\n', std::max(at, from)) - from); };
  return "line " + std::to_string(line) + " below the head\n  expected: " + rest(expected) +
         "\n  got:      " + rest(got);
}

}  // namespace

TEST_CASE("golden: every transcript is played as it is written, whatever the order of arrival") {
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(fs::path(PARLEY_ROOT) / "tests/transcripts")) {
    if (entry.path().extension() == ".txt") paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  CHECK(!paths.empty());
  const bool accept = std::getenv("PARLEY_ACCEPT") != nullptr;
  for (const std::string& path : paths) {
    CAPTURE(path);
    try {
      Golden golden(path);
      std::string got = golden.play(Golden::Order::first_come);
      CHECK_MESSAGE(golden.play(Golden::Order::last_come) == got, "another order of arrival gives another transcript");
      CHECK_MESSAGE(golden.play(Golden::Order::together) == got, "more in flight gives another transcript");
      if (accept && got != golden.expected()) {
        std::ofstream(path, std::ios::binary) << golden.head() << got;
        MESSAGE("rewritten: " << path);
      } else if (got != golden.expected()) {
        FAIL_CHECK(path << ": " << difference(golden.expected(), got)
                        << "\n  tests/golden --accept rewrites it; git diff shows what changed");
      }
    } catch (const Error& e) {
      FAIL_CHECK(std::string(e.what()));
    }
  }
}
