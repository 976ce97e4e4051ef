#pragma once
#include <string>
#include <string_view>

namespace parley {

// The whole text of a file. Error: "cannot read 'PATH': reason".
std::string read_file(const std::string& path);
// Writes beside and renames, so that the file is the old one or the new one. Error with the reason.
void write_file(const std::string& path, std::string_view text);
bool file_exists(const std::string& path);  // a plain file

}  // namespace parley
