#include "game/transcript.h"

#include <algorithm>
#include <cassert>

namespace parley {

const std::string& Transcript::seat_name(int seat) const {
  static const std::string observer = "observer";
  const auto at = static_cast<size_t>(seat) - 1;
  return at < seats.size() ? seats[at] : observer;
}

Value Transcript::value_of(const Event& event) const {
  if (event.index >= 0) return words->sets[static_cast<size_t>(event.set)]->at(static_cast<size_t>(event.index));
  if (event.value > 0) return values[static_cast<size_t>(event.value) - 1];
  return event.number;
}

size_t Transcript::choices() const {
  if (table) return cells.size() * seats.size();
  return static_cast<size_t>(
      std::count_if(events.begin(), events.end(), [](const Event& e) { return e.kind == Event::choice; }));
}

void Transcript::spell_out() {
  if (!table) return;
  assert(events.empty());
  auto add = [&](Event::Kind kind, size_t seat, double number) -> Event& {
    Event e;
    e.kind = kind;
    e.seat = static_cast<int32_t>(seat);
    e.number = number;
    events.push_back(e);
    return events.back();
  };
  const size_t n = seats.size();
  for (size_t round = 0; round < cells.size(); ++round) {
    add(Event::round, 0, static_cast<double>(round) + 1);
    const auto cell = static_cast<size_t>(cells[round]);
    size_t rest = cell;
    std::vector<size_t> places(n);
    for (size_t s = n; s-- > 0;) {
      const size_t size = words->sets[static_cast<size_t>(table->sets[s])]->size();
      places[s] = rest % size;
      rest /= size;
    }
    for (size_t s = 0; s < n; ++s) {
      const ActionSet& set = *words->sets[static_cast<size_t>(table->sets[s])];
      Event& e = add(Event::choice, s + 1, 0);
      e.name = table->decision;
      e.set = table->sets[s];
      if (set.kind == ActionSet::Kind::list) {
        e.index = static_cast<int32_t>(places[s]);
      } else {
        e.number = set.at(places[s]).number();
      }
    }
    for (size_t s = 0; s < n; ++s) add(Event::pay, s + 1, table->cells[cell][s]);
  }
  if (last_closed) add(Event::round, 0, 0);
  cells.clear();
  table.reset();
}

}  // namespace parley
