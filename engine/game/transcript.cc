#include "game/transcript.h"

#include <algorithm>
#include <cassert>

namespace parley {

const char* status_name(MatchStatus status) {
  switch (status) {
    case MatchStatus::open:
      return "open";
    case MatchStatus::whole:
      return "whole";
    case MatchStatus::void_:
      return "void";
    case MatchStatus::failed:
      return "failed";
  }
  return "";
}

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

bool Transcript::sees(const Event& event, int viewer) const {
  // Who chose knows it; what it is seen to have done only where it is told so too.
  if (event.seen == 0 || (event.seat == viewer && event.kind != Event::done)) return true;
  for (const Value& seat : seen_by(event).list()) {
    if (seat.number() == viewer) return true;
  }
  return false;
}

Transcript Transcript::as_seen_by(int viewer) const {
  if (table) {
    Transcript spelled_out = *this;
    spelled_out.spell_out();
    return spelled_out.as_seen_by(viewer);
  }
  Transcript out;
  out.words = words;
  out.seats = roles.empty() ? seats : roles;
  out.payoffs_seen = payoffs_seen;
  out.rounds = rounds;
  out.last_closed = last_closed;
  out.status = status;
  out.void_seat = void_seat == viewer ? viewer : 0;
  if (void_seat == viewer) out.why = why;
  auto keep = [&](Value value) {
    out.values.push_back(std::move(value));
    return static_cast<int32_t>(out.values.size());
  };
  std::vector<size_t> seen_before;  // of each event: how many of those before it are seen
  int partner = 0;                  // among strangers: who sits opposite in this round
  for (const Event& event : events) {
    seen_before.push_back(out.events.size());
    Event e = event;
    switch (event.kind) {
      case Event::round:
        partner = 0;
        break;
      case Event::note:
        continue;
      case Event::pay:
        if (event.seat != viewer && !(payoffs_seen && (roles.empty() || event.seat == partner))) continue;
        break;
      default:
        if (!sees(event, viewer)) continue;
        if (event.seat != viewer) {
          partner = event.seat;
          if (event.kind == Event::missing) e.kind = Event::choice;
        }
        if (event.value > 0) e.value = keep(values[static_cast<size_t>(event.value) - 1]);
        e.seen = event.kind == Event::told ? keep(Value::List{viewer}) : 0;
    }
    out.events.push_back(e);
  }
  seen_before.push_back(out.events.size());
  for (const QuestionRecord& question : questions) {
    if (question.seat != viewer) continue;
    QuestionRecord& mine = out.questions.emplace_back(question);
    mine.events = seen_before[question.events];
    if (roles.empty() || mine.about.empty()) continue;
    mine.about = roles[static_cast<size_t>(std::find(seats.begin(), seats.end(), mine.about) - seats.begin())];
  }
  for (const MemoryRecord& memory : memories) {
    if (memory.seat != viewer) continue;
    out.memories.push_back(memory);
    out.memories.back().events = seen_before[memory.events];
  }
  return out;
}

bool is_drawing(const Value& noted) { return noted.is_string() && noted.string().find('\n') != std::string::npos; }

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
