// What the benches share: parley_bench NAME ARGUMENT... runs one.
#pragma once
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

using Arguments = std::vector<std::string>;

// `static Bench name("llama", "what it measures", run);` in a bench's file makes it known to main().
struct Bench {
  const char* name;
  const char* about;
  int (*run)(const Arguments& arguments);

  Bench(const char* n, const char* a, int (*r)(const Arguments&)) : name(n), about(a), run(r) { all().push_back(this); }
  static std::vector<Bench*>& all() {
    static std::vector<Bench*> benches;
    return benches;
  }
};

inline double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline double resident_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmRSS:", 0) == 0) return std::atof(line.c_str() + 6);
  }
  return 0;
}
