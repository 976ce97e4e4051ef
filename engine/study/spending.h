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
    Usage usage, most;  // of all replies; the most of one (input and output alone)
  };

  // What the file holds; prices as models.json has them now, else as the file has them.
  Spending(const Store& store, const ModelSet& models);

  void add(const std::string& model, const Usage& usage);
  const std::map<std::string, Of>& models() const { return models_; }
  // Of all models whose price is known.
  double money() const;
  int64_t tokens() const;
  // Whether some model has a price.
  bool priced() const;

  // Whether one more request to this model, `in_flight` being under way, is within the budget, should each of them cost as much as
  // the dearest so far.
  bool affords(const Budget& budget, const std::string& model, size_t in_flight) const;

 private:
  std::map<std::string, Of> models_;  // by identity
};

}  // namespace parley
