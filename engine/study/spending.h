// What a study has cost so far, by model.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "model/price.h"
#include "store/store.h"
#include "study/models.h"

namespace parley {

// A limit on what all runs of a study spend together: money where every hosted model has a price, or tokens; 0: none.
struct Budget {
  double money = 0, tokens = 0;
  bool any() const { return money > 0 || tokens > 0; }
};

class Spending {
 public:
  struct Of {
    bool hosted = false;  // by a server
    std::optional<Price> price;
    uint64_t replies = 0;
    Usage usage;
    int64_t longest = 0;              // the most tokens that came in one reply
    double tokens_a_character = 0.5;  // of prompts: the most seen in this run; until one is, more than is likely
    bool seen = false;
  };

  // What the file holds; prices as models.json has them now, else as the file has them.
  Spending(const Store& store, const ModelSet& models);

  // A reply; `characters` of its prompt.
  void add(const std::string& model, const Usage& usage, size_t characters);
  const std::map<std::string, Of>& models() const { return models_; }
  // Of all models whose price is known.
  double money() const;
  int64_t tokens() const;
  // Whether some model has a price.
  bool priced() const;

  // What a budget spends on a request of so many characters, should its answer be as long as the longest so far: 0 where it is
  // none of its business.
  double reserve(const Budget& budget, const std::string& model, size_t characters) const;
  // Whether this much may be spent beside what is spent.
  bool affords(const Budget& budget, double more) const;

 private:
  std::map<std::string, Of> models_;  // by identity
};

}  // namespace parley
