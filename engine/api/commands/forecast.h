#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>

#include "model/price.h"
#include "report/table.h"
#include "script/match.h"
#include "study/design.h"
#include "study/models.h"

namespace parley {

// What a study will ask and cost, by condition and model: from its prompts, rendered in matches that were played with random
// answers, and, where there was a pilot, from what its replies took.
class Forecast {
 public:
  // A match of the study was played in which players that ask were asked this; `tokens`: of the prompt, where the model
  // counts them itself, else -1.
  void asked(const std::string& condition, const Player& player, const Question& question, const Reply& answer,
             int64_t tokens);
  void played(const std::string& condition) { ++played_[condition]; }

  // A reply of a pilot.
  void took(const Player& player, const Question& question, const Reply& reply);

  bool empty() const { return asked_.empty(); }
  // Every condition and model, and all of it: requests, tokens in, of these out of a cache, out, cost where prices are known.
  Table table(const Design& design, ModelSet& models) const;

 private:
  struct Asked {
    double requests = 0, characters = 0, tokens = 0, answer = 0;  // answer: characters
    bool counted = true;                                          // tokens hold
    std::string identity;
  };
  struct Took {
    double requests = 0, first = 0, characters = 0;  // first: not asked again
    Usage usage;
  };
  using Asker = std::array<std::string, 3>;  // model, strategy, question
  struct Cost {
    double requests = 0, input = 0, cached = 0, output = 0;
  };
  Cost cost_of(const Asker& asker, const Asked& asked) const;

  std::map<std::string, std::map<Asker, Asked>> asked_;  // by condition
  std::map<std::string, uint64_t> played_;
  std::map<Asker, Took> took_;
  std::map<std::string, Took> took_of_model_;
};

}  // namespace parley
