#include "base/width.h"

#include <algorithm>
#include <cstdint>

namespace parley {
namespace {

struct Span {
  uint32_t from, to;
};

// After Unicode's EastAsianWidth.txt (W and F), whole blocks where they are nearly all wide.
constexpr Span kWide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x4dbf},   {0x4e00, 0xa4cf},
                          {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
                          {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff},
                          {0x1f900, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd}};
constexpr Span kNothing[] = {{0x300, 0x36f},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200f},
                             {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};

template <size_t n>
bool within(const Span (&spans)[n], uint32_t c) {
  return std::any_of(std::begin(spans), std::end(spans), [c](const Span& s) { return s.from <= c && c <= s.to; });
}

}  // namespace

Glyph glyph_at(std::string_view text, size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const size_t bytes = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 1;
  if (bytes == 1) return {};
  uint32_t c = first & (0x7fU >> bytes);
  for (size_t i = 1; i < bytes; ++i) {
    if (at + i >= text.size() || (static_cast<unsigned char>(text[at + i]) & 0xc0) != 0x80) return {};
    c = c << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3fU);
  }
  return {bytes, within(kNothing, c) ? size_t{0} : within(kWide, c) ? size_t{2} : size_t{1}};
}

size_t display_width(std::string_view text) {
  size_t columns = 0;
  for (size_t at = 0; at < text.size();) {
    const Glyph glyph = glyph_at(text, at);
    columns += glyph.columns;
    at += glyph.bytes;
  }
  return columns;
}

}  // namespace parley
