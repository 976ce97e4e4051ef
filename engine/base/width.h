// Texts on a terminal: how wide they come out there.
#pragma once
#include <cstddef>
#include <string_view>

namespace parley {

// The UTF-8 character that begins at `at`: its bytes and its columns: 2 where it is wide (East Asian, most emoji), 0 where it
// goes on top of the one before. A byte that begins no character is one of one column.
struct Glyph {
  size_t bytes = 1, columns = 1;
};
Glyph glyph_at(std::string_view text, size_t at);

// How many columns a text takes.
size_t display_width(std::string_view text);

}  // namespace parley
