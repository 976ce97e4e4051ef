#include "api/commands/narrator.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "report/table.h"

namespace parley {
namespace {

std::string shown(const Value& value, bool words) {
  if (words && value.is_string()) return fmt::format("\"{}\"", value.string());
  return value.is_record() ? fmt::format("({})", value_text(value)) : value_text(value);
}

// "row", "all", "row and column"
std::string group_text(const Transcript& transcript, const Value& seats) {
  if (seats.is_nil() || seats.list().size() == transcript.seats.size()) return "all";
  std::vector<std::string> names;
  for (const Value& seat : seats.list()) names.push_back(transcript.seats[static_cast<size_t>(seat.number()) - 1]);
  return joined(names);
}

}  // namespace

std::string amounts_text(const std::vector<std::string>& seats, const std::vector<double>& amounts) {
  std::vector<std::string> out;
  for (size_t i = 0; i < seats.size(); ++i) out.push_back(fmt::format("{} {}", seats[i], number_text(amounts[i])));
  return joined(out, ", ");
}

std::vector<RoundStory> rounds_of(const Transcript& transcript) {
  if (transcript.table) {
    Transcript spelled_out = transcript;
    spelled_out.spell_out();
    return rounds_of(spelled_out);
  }
  std::vector<RoundStory> out;
  std::set<int> decisions;
  for (const Event& e : transcript.events) {
    if (e.kind == Event::choice || e.kind == Event::missing) decisions.insert(e.name);
  }
  auto name_of = [&](const Event& e) { return transcript.words->names[static_cast<size_t>(e.name)]; };
  // A game's one decision goes without saying.
  auto decision = [&](const Event& e) { return decisions.size() > 1 ? name_of(e) + " " : std::string(); };
  for (const Event& e : transcript.events) {
    if (e.kind == Event::round) {
      if (!out.empty()) out.back().closed = true;
      if (e.number > 0)
        out.push_back({static_cast<int>(e.number), {}, std::vector<double>(transcript.seats.size(), 0), false});
      continue;
    }
    if (out.empty())
      out.push_back({0, {}, std::vector<double>(transcript.seats.size(), 0), false});  // told before the first
    RoundStory& round = out.back();
    const std::string seat = e.seat > 0 ? transcript.seats[static_cast<size_t>(e.seat) - 1] : "";
    switch (e.kind) {
      case Event::choice:
      case Event::missing: {
        bool words = e.set >= 0 && transcript.words->sets[static_cast<size_t>(e.set)]->kind == ActionSet::Kind::words;
        round.items.push_back({fmt::format("{} {}{}{}", seat, decision(e), shown(transcript.value_of(e), words),
                                           e.kind == Event::missing ? " (in place of a missing answer)" : ""),
                               e.seat, name_of(e)});
        break;
      }
      case Event::done:
        round.items.push_back(
            {fmt::format("{} is seen to do {}{}", seat, decision(e), shown(transcript.value_of(e), false)), 0, ""});
        break;
      case Event::pay:
        round.paid[static_cast<size_t>(e.seat) - 1] += e.number;
        break;
      case Event::note:
        round.items.push_back({fmt::format("noted: {} {}", name_of(e), value_text(transcript.value_of(e))), 0, ""});
        break;
      case Event::told: {
        Value facts = transcript.value_of(e);
        bool none = !facts.is_record() || facts.record().empty();
        Value seen = e.seen > 0 ? transcript.values[static_cast<size_t>(e.seen) - 1] : Value();
        round.items.push_back({fmt::format("{} {} told '{}'{}{}", group_text(transcript, seen),
                                           seen.is_list() && seen.list().size() == 1 ? "is" : "are", name_of(e),
                                           none ? "" : ": ", none ? "" : value_text(facts)),
                               0, ""});
        break;
      }
      default:
        break;
    }
  }
  if (!out.empty() && transcript.last_closed) out.back().closed = true;
  return out;
}

void Narrator::rounds(const Transcript& transcript, bool all) {
  std::vector<RoundStory> rounds = rounds_of(transcript);
  for (; told_ < rounds.size() && (all || rounds[told_].closed); ++told_) {
    const RoundStory& round = rounds[told_];
    std::string name = round.number > 0 ? fmt::format("Round {}", round.number) : "Before";
    bool paid = round.number > 0 &&
                (round.closed || std::any_of(round.paid.begin(), round.paid.end(), [](double x) { return x != 0; }));
    std::string pays = paid ? "Paid: " + amounts_text(transcript.seats, round.paid) + "." : "";
    if (round.items.empty() && pays.empty()) continue;  // begun, and left
    std::vector<std::string> texts;
    bool choices = true;
    for (const RoundStory::Item& item : round.items) {
      texts.push_back(item.text);
      choices = choices && item.seat > 0;
    }
    std::string line = fmt::format("{}: {}{}{}", name, joined(texts, ", "), texts.empty() ? "" : ". ", pays);
    if (choices && display_width(line) <= console_.columns()) {
      console_.out(fmt::format("{}{}\n", console_.bold(name), line.substr(name.size())));
      continue;
    }
    console_.out(console_.bold(name) + "\n");
    for (const std::string& text : texts) console_.out(fmt::format("  {}\n", wrapped(text, console_.columns() - 4, 4)));
    if (!pays.empty()) console_.out(fmt::format("  {}\n", wrapped(pays, console_.columns() - 4, 4)));
  }
}

void Narrator::totals(const Transcript& transcript) {
  std::vector<double> totals(transcript.seats.size(), 0);
  for (const RoundStory& round : rounds_of(transcript)) {
    for (size_t i = 0; i < totals.size() && round.closed; ++i) totals[i] += round.paid[i];
  }
  console_.out(fmt::format("{}: {}\n", console_.bold("Total"), amounts_text(transcript.seats, totals)));
  if (!labels_.empty()) {
    std::vector<std::string> said;
    for (const auto& [action, label] : labels_) said.push_back(fmt::format("{} was {}", label, action));
    console_.out(fmt::format("As labels: {}.\n", joined(said)));
  }
}

void Narrator::questions(const Transcript& transcript) {
  int last = static_cast<int>(transcript.seats.size());  // observers sit behind
  for (const QuestionRecord& q : transcript.questions) last = std::max(last, q.seat);
  for (int seat = 1; seat <= last; ++seat) {
    size_t asked = 0, again = 0, unread = 0;
    double mass = 0;
    size_t scored = 0;
    for (const QuestionRecord& q : transcript.questions) {
      if (q.seat != seat) continue;
      ++asked;
      again += static_cast<size_t>(q.tries - 1);
      unread += !q.why.empty();
      if (q.mass >= 0) mass += q.mass, ++scored;
    }
    if (asked == 0) continue;
    std::string line = fmt::format("{} was asked {}", transcript.seat_name(seat),
                                   counted(static_cast<double>(asked), "question", "questions"));
    if (scored > 0) line += fmt::format(", mean legal mass {:.2f}", mass / static_cast<double>(scored));
    if (again > 0) line += fmt::format(", again {}", counted(static_cast<double>(again), "time", "times"));
    if (unread > 0) line += fmt::format("; {} could not be read", unread);
    console_.out(line + ".\n");
  }
}

}  // namespace parley
