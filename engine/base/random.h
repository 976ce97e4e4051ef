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

// A sequence of draws, keyed as Draws are: for the many draws of a resampling, whose order is fixed; far faster than these.
// SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators").
class Sequence {
 public:
  explicit Sequence(std::string_view key) : state_(Draws(key).bits(0)) {}
  // In 0 .. n-1; n > 0, below 2^32. By multiplication (Lemire 2019): its bias is below n / 2^64.
  uint64_t below(uint64_t n) {
    uint64_t x = state_ += 0x9e3779b97f4a7c15;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    x ^= x >> 31;
    return ((x >> 32) * n + ((x & 0xffffffff) * n >> 32)) >> 32;
  }

 private:
  uint64_t state_;
};

}  // namespace parley
