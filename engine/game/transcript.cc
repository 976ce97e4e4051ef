#include "game/transcript.h"

namespace parley {

Value Transcript::value_of(const Event& event) const {
  if (event.index >= 0) return words->sets[static_cast<size_t>(event.set)]->at(static_cast<size_t>(event.index));
  if (event.value > 0) return values[static_cast<size_t>(event.value) - 1];
  return event.number;
}

}  // namespace parley
