#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace parley {

// SHA-256. A Hash is an identity by content: of files, requests, conditions, line-ups.
using Digest = std::array<uint8_t, 32>;
Digest sha256(std::string_view bytes);
std::string hex(const Digest& digest);

// The digest as 64 hexadecimal digits.
using Hash = std::string;
inline Hash hash_of(std::string_view bytes) { return hex(sha256(bytes)); }

// Of a file, read in pieces. Error where it cannot be read.
Hash hash_of_file(const std::string& path);

}  // namespace parley
