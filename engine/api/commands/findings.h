// What `check` learns from matches that it plays with random answers: who sees what, what is asked, which sections of
// prompts are used.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "script/match.h"
#include "script/scripts.h"

namespace parley {

// Errors and warnings, each once, in the order found.
class Complaints {
 public:
  void error(const std::string& what) { add(errors_, what); }
  void warning(const std::string& what) { add(warnings_, what); }
  const std::vector<std::string>& errors() const { return errors_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  static void add(std::vector<std::string>& list, const std::string& what);
  std::vector<std::string> errors_, warnings_;
};

// Of one game, over all its matches.
struct GameFindings {
  std::set<size_t> strangers;  // how many played it in pairs drawn anew each round
  struct Decision {
    std::set<std::string> by, viewers;  // seats
    size_t most = 0;                    // viewers of one choice
    std::vector<std::string> sets;      // action sets in words
    bool all = false, at_once = false;  // seen by all; asked of several at the same time
  };
  struct Telling {
    std::set<std::string> to, facts;
    bool all = false;
    size_t most = 0;  // told at once
  };
  std::set<std::string> seats;
  std::map<std::string, Decision> decisions;
  std::map<std::string, Telling> tellings;
  std::map<std::string, Telling> done;  // decisions of which something else is seen than what was chosen
  std::vector<std::string> order;       // names of decisions and tellings as they first came
};

// A question of a strategy, as a study asks it.
struct AskFindings {
  uint64_t times = 0, characters = 0;
  std::vector<std::string> sets;  // what may be answered, in words, by label
};

class Findings {
 public:
  // Of a match that is over or as far as it went. `batches`: the questions, those asked at the same time together.
  void add(const Match& match, const std::vector<std::vector<Question>>& batches);

  // Errors: sections of the game's or strategy's prompt file that no match asked for, with file and line.
  void unused_of_game(const GameSetup& setup, const std::vector<const PromptFile*>& covers,
                      Complaints& complaints) const;
  void unused_of_strategy(const Strategy& strategy, const std::vector<const PromptFile*>& covers,
                          Complaints& complaints) const;
  bool any_unused_of_game(const GameSetup& setup, const std::vector<const PromptFile*>& covers) const;
  // Warnings: a choice that others see and no section tells.
  void untold(const GameSetup& setup, Library& library, Complaints& complaints) const;
  // Warnings: rules, a telling, a choice seen or a round that does not end its line, so that what comes next goes on in it.
  void unended(const GameSetup& setup, Complaints& complaints) const;
  // Warnings: a scored question that ends in white space.
  static void white_space(const Question& question, const std::string& strategy, Complaints& complaints);

  std::map<std::string, GameFindings> games;  // by name
  // By strategy, question, decision and how it is read.
  std::map<std::vector<std::string>, AskFindings> asks;

 private:
  std::vector<std::string> unused(const PromptFile& file, const std::set<std::string>& named,
                                  const std::set<std::string>* roles,
                                  const std::vector<const PromptFile*>& covers) const;
  std::map<std::string, std::set<std::string>> asked_;  // names of questions, by strategy
};

// "cooperate or defect"; of several sets the first two, and that there are more.
std::string sets_text(const std::vector<std::string>& sets);
// Lines "action: chosen by row and column at the same time, out of cooperate or defect; seen by everyone".
std::vector<std::pair<std::string, std::string>> who_sees_what(const GameFindings& game, const GameSetup& setup);

}  // namespace parley
