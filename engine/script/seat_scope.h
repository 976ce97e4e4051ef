// Holes in prompts and what fills them (LUA.md, "Holes in prompts").
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "prompt/template.h"
#include "script/match_impl.h"

namespace parley {

enum class Hole;

// What fills the holes of one section for one seat. Values are made when they are asked for and kept for the rendering.
class SeatScope : public Scope {
 public:
  // `ask`: the strategy's question under way, or nullptr. `of_strategy`: the section is a strategy's, which sees its settings and
  // its question's facts. `item`: what stands before everything else (a round, an event), or nullptr.
  SeatScope(const Match::Impl& match, const Seat& seat, const Ask* ask, bool of_strategy, const Value* item)
      : match_(match), seat_(seat), ask_(ask), of_strategy_(of_strategy), item_(item) {}

  const Value* find(std::string_view name) const override;
  std::vector<std::string> names() const override;

 private:
  Value settings() const;
  const ActionSet* set() const;
  int place() const { return match_.place_of(match_.seat_number(seat_)); }
  Value make(std::string_view name) const;
  Value engine(Hole hole) const;
  Value person(size_t i) const;
  Value fields_of(const ActionSet& set) const;
  Value game_question() const;

  const Match::Impl& match_;
  const Seat& seat_;
  const Ask* ask_;
  bool of_strategy_;
  const Value* item_;
  mutable std::map<std::string, Value, std::less<>> made_;
};

// The holes that the engine fills; no setting and no fact may have such a name.
bool is_engine_hole(std::string_view name);

}  // namespace parley
