// Where a command finds games, strategies, prompts, studies and models, put together: what DESIGN 10 says of folders.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/command.h"
#include "prompt/library.h"
#include "script/scripts.h"
#include "store/store.h"
#include "study/design.h"
#include "study/models.h"

namespace parley {

class Workspace {
 public:
  // Takes --prompts, --data, --lua-memory, --lua-seconds and kModelOptions from `args`. `study`: its file, or "": what stands
  // beside it comes first. Misuse: one of these is wrong.
  Workspace(const Args& args, Console& console, const std::string& study = "");
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  Sources& sources() { return *sources_; }
  Library& library() { return *library_; }
  Scripts& scripts() { return *scripts_; }
  ModelSet& models() { return *models_; }
  const std::vector<std::string>& roots() const { return roots_; }

  // What Design asks. Refers to this.
  Lookup lookup();
  // A study's declaration; its `data` folder is the one that read() looks in from now on. Error: as Scripts::study.
  StudyFile study(const std::string& path);
  // The studies that there are: path of each, by name.
  std::vector<std::string> studies() const;

 private:
  std::vector<std::string> roots_;
  std::string data_;  // --data
  std::unique_ptr<Sources> sources_;
  std::unique_ptr<Library> library_;
  std::unique_ptr<Scripts> scripts_;
  std::unique_ptr<ModelSet> models_;
};

// The options that the constructor takes: of all commands, and of those that open models.
extern const std::vector<Option> kWorkspaceOptions, kModelOptions;

// A study as it is named on the command line: by its .lua, its .db, or the name of one of these.
struct StudyFiles {
  std::string lua;  // "" where the .db is named
  std::string db;   // --db, else NAME.db in the working folder
};
// Error: there is no such file, with the nearest.
StudyFiles study_files(const Args& args);
// The study's .db, opened to be looked at. Error: it is not there, and what makes it.
Store open_to_read(const StudyFiles& files);

// What options say of a study's fields: --rounds 3 is rounds, --set NAME=VALUE any, --labels J,F a list ...
std::vector<Override> overrides_of(const Args& args);

// What stands in the store as the study that is run.
StudyInfo info_of(const StudyFile& file, const Design& design);

}  // namespace parley
