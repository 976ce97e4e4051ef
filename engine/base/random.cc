#include "base/random.h"

#include <Random123/philox.h>

#include <cstring>

#include "base/hash.h"

namespace parley {

Draws::Draws(std::string_view key) {
  Digest digest = sha256(key);
  std::memcpy(key_.data(), digest.data(), sizeof key_);
}

uint64_t Draws::bits(uint64_t a, uint64_t b, uint64_t c) const {
  r123::Philox4x64 generator;
  r123::Philox4x64::ctr_type counter = {{a, b, c, 0}};
  r123::Philox4x64::key_type key = {{key_[0], key_[1]}};
  return generator(counter, key)[0];
}

uint64_t Draws::below(uint64_t n, uint64_t a, uint64_t b, uint64_t c) const {
  // Lemire's multiplication; its bias is below n / 2^64.
  __extension__ typedef unsigned __int128 Wide;
  return static_cast<uint64_t>((static_cast<Wide>(bits(a, b, c)) * n) >> 64);
}

}  // namespace parley
