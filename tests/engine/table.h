// What tests of matches share: authors' files by name, and a match played with written replies.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "script/match.h"

namespace parley::test {

// Games, strategies and prompts out of texts, by name ("games/x.lua", "prompts/x.txt"); what is not among them is parley's own.
class Table {
 public:
  explicit Table(std::map<std::string, std::string> texts = {}, Limits limits = {});
  Scripts& scripts() { return *scripts_; }

  // A plan of these players ("strategy" or "strategy@model") with rules that `change` may alter.
  std::shared_ptr<const Plan> plan(const std::string& game, const std::vector<std::string>& players,
                                   const std::function<void(Rules&, std::vector<Player>&)>& change = {},
                                   uint32_t block = 1, uint64_t seed = 1);

  // Plays to the end; `answer` gives each reply. Questions are answered first come first served, or last come first with
  // `backwards`.
  using Answerer = std::function<Reply(const Question&)>;
  Transcript play(std::shared_ptr<const Plan> plan, const Answerer& answer = {}, bool backwards = false);

 private:
  std::unique_ptr<Sources> sources_;
  std::unique_ptr<Library> library_;
  std::unique_ptr<Scripts> scripts_;
};

// Payoffs summed by seat.
std::vector<double> totals(const Transcript& transcript);
// The actions of a seat in a decision, as text: "cooperate defect".
std::string moves(const Transcript& transcript, int seat, const std::string& decision = "action");
// A match of fixed rules under these settings (JSON), each player "strategy" or "strategy {settings}": for totals by hand. Another block
// draws other chance.
Transcript played(const std::string& game, const std::vector<std::string>& players, int rounds,
                  const std::string& settings = "{}", uint32_t block = 1);
// What a seat that asks a model was sent last in such a match, as one text, where all models reply the same to everything.
std::string sent_to(int seat, const std::string& game, const std::vector<std::string>& players, int rounds,
                    const std::string& settings, const std::string& reply);
// A player that does what is written, by decision: plan_of(R"({"bid": [10, 20]})").
std::string plan_of(const std::string& moves);
using Totals = std::vector<double>;
// Values of a measure, round by round: "1 0 true".
std::string noted(const Transcript& transcript, const std::string& name);
// What a game says can be known of it (its `solve`), an item a line: "units 2", "offers: number by / 1 first / 2 second".
std::string known(const std::string& game, int seats, const std::string& settings = "{}");
// What a match of these players says when it cannot be played; "" if it can.
std::string error_of(std::map<std::string, std::string> texts, const std::string& game,
                     const std::vector<std::string>& players);
// A match as `show` and `play` print its rounds, so many columns wide; `one_saw_it`: it is the view of one seat.
std::string script_of(const Transcript& transcript, int columns, bool one_saw_it = false);
// A reply of text.
Reply says(const std::string& text);

}  // namespace parley::test
