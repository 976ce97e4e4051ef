// Texts as people and other programs write them.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace parley {

// The finite number that a text is, all of it, in decimal digits: "5", "+5", "-.5", "1e-3"; none where it is anything else
// (blanks, "0x8", "inf"). The one rule for cells of tables and options.
std::optional<double> number_in(std::string_view text);

// Whether a comes before b as people sort names: numbers by their size, then names, in which runs of digits go by their size too.
// A strict order: of two texts that are not the same, one comes before the other.
bool natural_before(const std::string& a, const std::string& b);

// Without the blanks (spaces, tabs, ends of lines) before and behind it.
std::string_view trimmed(std::string_view text);

}  // namespace parley
