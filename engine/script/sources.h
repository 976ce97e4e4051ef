// Where authors' files come from: folders, or the texts that a store kept.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"

namespace parley {

struct SourceFile {
  std::string name;  // what it is stored under: "games/ultimatum.lua", "strategies/policies/toy.json"
  std::string path;  // as people know it, for messages
  std::string text;
  Hash hash;
};

// Whether a file of this name was read below a study's data folder.
bool is_data(std::string_view name);

// Finds and reads files, each once, and remembers which. Not thread-safe.
class Sources {
 public:
  // `roots` hold games/ and strategies/; the first that has a name gives it. `data`: the study's folder for read(), or "".
  explicit Sources(std::vector<std::string> roots, std::string data = "");
  // Only these texts, by name, and no disk: as `verify` plays.
  explicit Sources(std::map<std::string, std::string> texts);
  // Another data folder from now on: a study names its own, and is known only when it is loaded.
  void look_in(std::string data) { data_ = std::move(data); }

  // A file of the study's data folder that stands on no disk: read(path) finds it where no file is found in front of it.
  void lend(const std::string& path, std::string text);

  // A game or strategy: kind is "games" or "strategies", name "ultimatum" -> games/ultimatum.lua; a name with a slash or
  // suffix is a path (from the working folder), stored as games/FILE. nullptr where there is none. Error: another file
  // was used under the same name.
  const SourceFile* find(const std::string& kind, const std::string& name);
  // A folder below a game's own, where it looks for what it reads as long as there is no data folder of a study.
  void own_data(const SourceFile& owner, const std::string& folder) { own_data_[owner.name] = folder; }
  // What read(path) in the file `owner` gives: below the owner's folder, else below the study's data folder, or where there is none
  // below the owner's own_data. Links and ".." that leave it are refused. Stored beside the owner's name, or as data/PATH. Error:
  // refused, or there is none, naming where was looked.
  const SourceFile& data(const SourceFile& owner, const std::string& path);

  // The file that is kept under this name ("strategies/policies/toy.json", "data/cards.csv"), as it is now; nullptr: there
  // is none.
  const SourceFile* stored(const std::string& name);

  // Names of all games or strategies there are, sorted; for lists and did-you-mean.
  std::vector<std::string> names(const std::string& kind) const;
  // Everything read so far, by name; and what was read from a path, nullptr: nothing was.
  const std::map<std::string, SourceFile>& used() const { return used_; }
  const SourceFile* read_from(const std::string& path) const;
  const std::vector<std::string>& roots() const { return roots_; }

 private:
  // The file of this name, read from `path` if it is used the first time; nullptr: no such text is stored.
  const SourceFile* use(const std::string& name, const std::string& path);
  const SourceFile& keep(SourceFile file);

  std::vector<std::string> roots_;
  std::string data_;
  std::map<std::string, std::string> own_data_;  // by the name of the file whose it is
  bool closed_ = false;
  bool holds_data_ = false;                   // where closed: whether there is a file of a study's data folder
  std::map<std::string, SourceFile> stored_;  // where closed: all there is
  std::map<std::string, SourceFile> lent_;    // by name: "data/PATH"
  std::map<std::string, SourceFile> used_;
  std::map<std::string, const SourceFile*> by_path_;  // of used_
};

}  // namespace parley
