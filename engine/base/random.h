// Chance, counter-based: a draw is a pure function of what it is for, so that no order of events changes it (DESIGN 3).
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace parley {

// Draws keyed by a text that says what they are for ("seed|block|nature"). Philox4x64-10 (Salmon et al., SC 2011), key
// the first 16 bytes of the text's SHA-256; the counter is (a, b, c).
class Draws {
 public:
  explicit Draws(std::string_view key);
  uint64_t bits(uint64_t a, uint64_t b = 0, uint64_t c = 0) const;
  // In [0, 1), 53 bits.
  double unit(uint64_t a, uint64_t b = 0, uint64_t c = 0) const { return to_unit(bits(a, b, c)); }
  // In 0 .. n-1; n > 0.
  uint64_t below(uint64_t n, uint64_t a, uint64_t b = 0, uint64_t c = 0) const;

  static double to_unit(uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

 private:
  std::array<uint64_t, 2> key_;
};

}  // namespace parley
