// Authors' files, loaded: games under their settings, strategies, studies; and the prelude that plays them.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "game/transcript.h"
#include "prompt/library.h"
#include "script/catalog.h"
#include "script/host.h"
#include "script/sources.h"

namespace parley {

// A game under given settings and number of seats: what is the same in all its matches.
struct GameSetup {
  std::string name, path;
  LuaRef ref = 0;  // the prelude's table
  Value settings;  // all of them
  bool by_payoffs = false;
  std::vector<std::string> seats;
  std::vector<std::shared_ptr<const ActionSet>> actions;  // by seat, where the game declares them; else empty
  std::shared_ptr<const PayoffTable> table;               // its payoffs; nullptr where they are not tabulated
  std::optional<int> rounds;
  const PromptFile* prompts = nullptr;  // its own, or matrix.txt; nullptr where there is none
  std::string prompts_name;
  std::set<std::string> decisions;  // names that its prompt file has a section for
  std::set<std::string> data;       // names of the files that it read when it was set up

  // The role of the seat numbered `seat` (from 0) of `seated`, by number from 0. Among strangers the first half are of the first.
  size_t role_of(size_t seat, size_t seated, bool strangers) const { return strangers ? seat * 2 / seated : seat; }
  // What the seats of a match are called: by their roles; among strangers numbered within them, "row1".
  std::vector<std::string> seats_of(size_t seated, bool strangers) const;
};

struct Strategy {
  StrategyInfo info;
  LuaRef chunk = 0;
  const PromptFile* prompts = nullptr;
  std::set<std::string> data;  // names of the files that it read when it was loaded
};

class Match;
class Playing;

class Scripts {
 public:
  Scripts(Sources& sources, Library& library, Limits limits = {});
  ~Scripts();
  Scripts(const Scripts&) = delete;
  Scripts& operator=(const Scripts&) = delete;

  // Error, with file and line: there is no such file, it does not load, a setting is unknown or of another kind.
  // `seats`: how many are to play; 0 where that is not known yet (then names are empty if the game seats any number).
  GameInfo game(const std::string& name, const Value& settings, int seats = 0);
  StrategyInfo strategy(const std::string& name);
  // The functions of a StudyFile live as long as this.
  StudyFile study(const std::string& path);
  // The same of its text; `path` is for messages.
  StudyFile study_of(const std::string& path, const std::string& text);

  const GameSetup& setup(const std::string& name, const Value& settings, int seats);
  // What the game's `solve` gives under these settings; nothing where it has none. Error, with file and line, as for any function of authors.
  std::vector<Known> known(const GameSetup& setup);
  // What the game's `check` warns of under these settings. Error likewise.
  std::vector<std::string> warnings(const GameSetup& setup);
  const Strategy& load_strategy(const std::string& name);

  Host& host();
  Sources& sources() { return sources_; }
  Library& library() { return library_; }
  std::shared_ptr<const Words> words() const;
  // Whether some section of a prompt file has that hole.
  bool shows(const PromptFile& file, const std::string& hole);
  void has_read(const std::string& data);  // notes a data file, by its name in Sources, with who reads it
  bool measures() const;                   // whether a study's measure is being computed

  struct Impl;

 private:
  friend class Match;
  Sources& sources_;
  Library& library_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parley
