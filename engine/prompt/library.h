// The words for models: prompt files, covers, what players are told, units (DESIGN 5).
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "prompt/template.h"

namespace parley {

// A file cut by heading lines "== name" or "== name.role". The newline before a heading and the last newline of the file
// belong to the cut.
struct PromptFile {
  std::string path;  // as found, for messages
  std::string text;
  std::map<std::string, Template, std::less<>> sections;
  std::map<std::string, std::string, std::less<>> texts;  // each section's text as written
  std::map<std::string, int, std::less<>> lines;          // of each heading
  // The section of that name for that role: "name.role" if there is one, else "name", else nullptr.
  const Template* find(std::string_view name, std::string_view role = "") const;

  // Error, with "path:line: ": a section that stands twice, a heading that is no name, text before the first heading that
  // is neither blank nor a comment, a template's mistake.
  static PromptFile cut(std::string path, std::string text);
};

// Finds files in folders, the first that has the name; reads and cuts each once. Not thread-safe.
class Library {
 public:
  // `folders` are searched in order; each holds NAME.txt, covers/, told/, units.txt, repair.txt.
  explicit Library(std::vector<std::string> folders);
  ~Library();
  Library(Library&&) noexcept;

  // Instead of folders: texts by relative path ("prisoners_dilemma.txt", "covers/plain.txt"), as used() gives them and
  // `verify` has them. Messages name them under "prompts/".
  explicit Library(std::map<std::string, std::string> texts);

  // nullptr where there is none. Holds as long as the library. Error: see PromptFile::cut.
  const PromptFile* file(const std::string& name);   // NAME.txt
  const PromptFile* cover(const std::string& name);  // covers/NAME.txt
  // "file/section" of told/. Error: no such file or section, with the nearest name.
  const Template& told(const std::string& name);
  // Both forms of a unit: a word of units.txt (either form finds it). Error: unknown, naming what can be said instead.
  Unit unit(const std::string& word);

  // All names there are, sorted: of prompt files (repair among them, units not), covers, told sections ("hints/errs").
  std::vector<std::string> files() const;
  std::vector<std::string> covers() const;
  std::vector<std::string> told_names();

  // Phrases ({{>name}}) that a file uses, or a phrase of the cover that it uses, and neither has. Empty: the cover fits.
  std::vector<std::string> missing_phrases(const PromptFile& file, const PromptFile& cover) const;

  // Every file that was asked for and found so far: relative path and text, for the store.
  std::map<std::string, std::string> used() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parley
