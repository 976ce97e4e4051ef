// What the benches share: parley_bench NAME ARGUMENT... runs one.
#pragma once
#include <chrono>
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
