#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/commands/findings.h"
#include "api/commands/forecast.h"
#include "api/commands/one_match.h"

namespace parley {

// Plays matches with random legal answers and collects what is found. An error of one match does not end the others.
class Checker {
 public:
  explicit Checker(Workspace& workspace);

  // A game under its defaults but for these settings, in every format and way of reading and under every cover that fits it, and with
  // each setting that is true, false or a number at another value, until every section of its prompts was asked for or many matches
  // were played. False: it does not even load.
  bool game(const std::string& name, const Value& settings = Value::Record{});
  // A strategy in every game: it must play in one at least.
  bool strategy(const std::string& name);
  // All covers, all sections of told, all prompt files: whether they are sound, and what they fit.
  void words();
  // Matches of a design, as many as that is sensible: those of the first two blocks. What is asked of each model is put to
  // the model itself, for objections and to count tokens. Returns how many were played.
  uint64_t study(const std::string& path, const Design& design, Forecast& forecast);

  Findings findings;
  Complaints complaints;
  // Whether, in a match of a study, two seats were asked the same question in the same words first, scored and decided by arg-max.
  bool asked_alike = false;

 private:
  // Plays design's i-th match; `each` hears every question and its answer. False: it failed, and the error is among the
  // complaints, unless `quiet`.
  bool play(const Design& design, uint64_t i, const std::function<void(const Question&, const Reply&)>& each = {},
            std::string* quiet = nullptr);
  // A design of one line-up of one strategy in all seats; `observer`: another that watches the first seat.
  Design of(const std::string& game, const std::string& strategy, size_t seats, const std::vector<Override>& overrides,
            const std::string& observer = "");
  // A match with one setting at another value: true for false, one more than a number. Not every number makes a game: what cannot be
  // played so is no mistake.
  void with_another(const std::string& game, const Value& settings, size_t seats, int rounds,
                    const std::string& setting, const Value& value);
  std::vector<const PromptFile*> covers();
  std::string asker() const;  // a strategy that asks, the plainest there is

  Workspace& workspace_;
  std::unique_ptr<Model> random_;
};

}  // namespace parley
