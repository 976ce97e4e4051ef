#include "script/power.h"

#include <dlfcn.h>

extern "C" double pow(double x, double y) noexcept {
  static const auto of_library = reinterpret_cast<double (*)(double, double)>(dlsym(RTLD_NEXT, "pow"));
  return y == 2 ? x * x : of_library(x, y);
}

namespace parley {

bool squares_agree() {
  volatile double x = 191.2766483143385, y = 2;
  return pow(x, y) == x * x;
}

}  // namespace parley
