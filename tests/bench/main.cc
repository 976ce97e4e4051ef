#include <algorithm>
#include <cstdio>
#include <exception>

#include "bench.h"

int main(int argc, char** argv) {
  std::vector<Bench*> benches = Bench::all();
  std::sort(benches.begin(), benches.end(), [](Bench* a, Bench* b) { return std::string(a->name) < b->name; });
  for (Bench* bench : benches) {
    if (argc < 2 || std::string(bench->name) != argv[1]) continue;
    try {
      return bench->run(Arguments(argv + 2, argv + argc));
    } catch (const std::exception& e) {
      fprintf(stderr, "%s\n", e.what());
      return 1;
    }
  }
  fprintf(stderr, "parley_bench NAME ARGUMENT...\n");
  for (Bench* bench : benches) fprintf(stderr, "  %-10s %s\n", bench->name, bench->about);
  return 2;
}
