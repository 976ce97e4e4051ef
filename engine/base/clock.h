// What time it is.
#pragma once
#include <chrono>

namespace parley {

// Seconds since 1970, with fractions: as files keep times.
inline double seconds_since_1970() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace parley
