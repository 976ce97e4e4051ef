#include "api/commands/narrator.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/width.h"
#include "report/table.h"

namespace parley {
namespace {

constexpr size_t kIndent = 2, kGap = 2;

std::string trimmed_end(std::string text) {
  text.erase(text.find_last_not_of(" \n") + 1);
  return text;
}

std::string without_blanks_at_line_ends(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '\n') out.erase(out.find_last_not_of(' ') + 1);
    out += c;
  }
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

std::string round_name(const RoundStory& round) {
  return round.number > 0 ? fmt::format("Round {}", round.number) : "Before the first round";
}

std::string note_text(const RoundStory& round) {
  std::vector<std::string> out;
  for (const auto& [name, value] : round.notes) {
    if (!is_drawing(value)) out.push_back(fmt::format("{} {}", name, value_text(value)));
  }
  return joined(out, ", ");
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\t') {
      out += "  ";
    } else if (c == '\n' || (static_cast<unsigned char>(c) >= ' ' && c != '\x7f')) {
      out += c;
    }
  }
  return out;
}

Script::Script(Console& console, const std::vector<std::string>& seats, const std::vector<RoundStory>& rounds)
    : console_(console), seats_(seats) {
  const size_t most = std::clamp(console.columns() / 5, size_t{8}, size_t{20});
  std::set<std::string> names = {"paid"}, spoken;
  for (const RoundStory& round : rounds) {
    if (!note_text(round).empty()) names.insert("noted");
    for (const RoundStory::Item& item : round.items) {
      const bool speech = item.kind == RoundStory::Item::speech;
      if (speech) spoken.insert(item.name);
      names.insert(speech ? seats[static_cast<size_t>(item.parts[0].seat) - 1] : item.name);
    }
  }
  size_t widest = 0;
  for (const std::string& name : names) {
    if (size_t width = display_width(name); width <= most) widest = std::max(widest, width);
  }
  margin_ = kIndent + widest + kGap;
  several_kinds_ = spoken.size() > 1;
}

void Script::line(std::string_view name, std::string_view text, bool bold) {
  const size_t width = display_width(name), room = margin_ - kIndent - kGap;
  std::string out = std::string(kIndent, ' ') + (bold ? console_.bold(name) : std::string(name));
  out += width > room ? "\n" + std::string(margin_, ' ') : std::string(room - width + kGap, ' ');
  console_.out(without_blanks_at_line_ends(out + wrapped(text, room_beside(margin_), margin_)) + "\n");
}

void Script::aside(std::string_view text) {
  const size_t margin = margin_ + 2;
  const std::string lines = without_blanks_at_line_ends(std::string(margin, ' ') +
                                                        wrapped(printable(text), room_beside(margin + 2), margin + 2));
  for (size_t from = 0; from < lines.size();) {
    const size_t end = std::min(lines.find('\n', from), lines.size());
    console_.out(console_.dim(lines.substr(from, end - from)) + "\n");
    from = end + 1;
  }
}

size_t Script::room_beside(size_t margin) const {
  return console_.columns() - std::min(console_.columns() / 2, margin);
}

void Script::cells(std::string_view name, const std::string& audience, const std::vector<std::string>& cells) {
  const size_t room = room_beside(margin_);
  const std::string lead = audience.empty() ? "" : fmt::format("({})", audience);
  std::string text = lead + (lead.empty() || cells.empty() ? "" : " ") + joined(cells, ", ");
  size_t widest = 0;
  for (const std::string& cell : cells) widest = std::max(widest, display_width(cell));
  if (cells.size() > 1 && display_width(text) > room) {
    const size_t in_a_row = std::max(size_t{1}, (room + kGap) / (widest + kGap));
    text = lead;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (i % in_a_row > 0) {
        text += std::string(widest - display_width(cells[i - 1]) + kGap, ' ');
      } else if (!text.empty()) {
        text += '\n';
      }
      text += cells[i];
    }
  }
  line(name, text);
}

void Script::drawing(std::string_view name, const std::string& text) {
  std::string out = fmt::format("{:{}}{}\n", "", kIndent, name);
  const std::string drawn = printable(text);
  for (size_t from = 0; from < drawn.size();) {
    const size_t end = std::min(drawn.find('\n', from), drawn.size());
    out += std::string(2 * kIndent, ' ') + drawn.substr(from, end - from) + "\n";
    from = end + 1;
  }
  console_.out(out);
}

void Script::speech(const RoundStory::Item& item) {
  const RoundStory::Part& part = item.parts[0];
  std::string lead = several_kinds_ ? item.name : "";
  if (!item.audience.empty()) lead += (lead.empty() ? "" : ", ") + item.audience;
  std::string text = lead.empty() ? "" : fmt::format("({}) ", lead);
  if (part.value.is_record()) {  // a paragraph for each field
    for (const auto& [field, value] : part.value.record())
      text += fmt::format("{}{}: {}", field == part.value.record().begin()->first ? "" : "\n", field,
                          trimmed_end(printable(shown(value))));
  } else {
    const std::string words = trimmed_end(printable(shown(part)));
    text += words.empty() ? "(nothing)" : words;
  }
  line(seats_[static_cast<size_t>(part.seat) - 1], text, true);
}

namespace {

// A fact as one reads over it: a sheet of scores or a page of text is cut; `show --json` has it all.
Value in_brief(const Value& fact) {
  constexpr size_t kMost = 60;
  std::string text = printable(value_text(fact));
  if (display_width(text) <= kMost) return fact;
  std::replace(text.begin(), text.end(), '\n', ' ');
  text = shortened(text, kMost);
  return fact.is_string() ? Value(text) : Value("(" + text + ")");
}

}  // namespace

void Script::item(const RoundStory::Item& item) {
  if (item.kind == RoundStory::Item::speech) return speech(item);
  std::vector<std::string> texts;
  std::vector<std::pair<std::string, std::string>> drawings;
  const bool names_a_seat = std::any_of(item.parts.begin(), item.parts.end(), [&](const RoundStory::Part& part) {
    return std::find(seats_.begin(), seats_.end(), shown(part.value)) != seats_.end();
  });
  for (const RoundStory::Part& part : item.parts) {
    const std::string seat = part.seat > 0 && (item.kind == RoundStory::Item::choice || item.parts.size() > 1)
                                 ? seats_[static_cast<size_t>(part.seat) - 1]
                                 : "";
    std::string text;
    if (item.kind == RoundStory::Item::choice) {
      text = shown(part);
    } else if (part.value.is_record()) {
      Value facts = part.value;
      for (const auto& [name, value] : part.value.record()) {
        const bool drawn = is_drawing(value);
        if (drawn) drawings.emplace_back(seat.empty() ? name : seat + ", " + name, value.string());
        facts = facts.with(name, drawn ? Value() : in_brief(value));
      }
      text = value_text(facts);
    }
    if (!seat.empty()) text = seat + (names_a_seat ? ": " : text.empty() ? "" : " ") + text;
    if (!text.empty()) texts.push_back(printable(text));
  }
  cells(item.name, item.audience, texts);
  for (const auto& [name, text] : drawings) drawing(name, text);
}

void Script::round(const RoundStory& round, const Under& under, int last) {
  console_.out(
      console_.bold(last > round.number ? fmt::format("Rounds {} to {}", round.number, last) : round_name(round)) +
      "\n");
  for (const RoundStory::Item& one : round.items) {
    item(one);
    if (under) under(&one);
  }
  if (under) under(nullptr);
  if (round.closed && !round.paid.empty()) cells("paid", "", amounts_list(seats_, round.paid));
  if (std::string notes = note_text(round); !notes.empty()) line("noted", notes);
  for (const auto& [name, value] : round.notes) {
    if (is_drawing(value)) drawing(name, value.string());
  }
}

std::map<int, double> totals_of(const std::vector<RoundStory>& rounds) {
  std::map<int, double> out;
  for (const RoundStory& round : rounds) {
    if (!round.closed) continue;
    for (const auto& [seat, amount] : round.paid) out[seat] += amount;
  }
  return out;
}

namespace {

// A round in which nothing happened but choices that all see: in one line, where it is not too long.
std::string in_a_line(const RoundStory& round, const std::vector<std::string>& seats, bool one_decision, size_t width) {
  if (round.number == 0 || !round.notes.empty() || !round.closed) return "";
  std::vector<std::string> texts;
  for (const RoundStory::Item& item : round.items) {
    if (item.kind != RoundStory::Item::choice || !item.audience.empty()) return "";
    for (const RoundStory::Part& part : item.parts) {
      texts.push_back(fmt::format("{} {}{}", seats[static_cast<size_t>(part.seat) - 1],
                                  one_decision ? "" : item.name + " ", shown(part)));
    }
  }
  std::string out = fmt::format("{}: {}.", round_name(round), joined(texts, ", "));
  if (!round.paid.empty()) out += fmt::format(" Paid: {}.", amounts_text(seats, round.paid));
  return display_width(out) <= width ? out : "";
}

}  // namespace

void Narrator::rounds(const Transcript& transcript, bool all) {
  if (transcript.table) {
    Transcript spelled_out = transcript;
    spelled_out.spell_out();
    return rounds(spelled_out, all);
  }
  std::set<int> decisions;  // a game's one decision goes without saying
  for (const Event& e : transcript.events) {
    if (e.kind == Event::choice || e.kind == Event::missing) decisions.insert(e.name);
  }
  std::vector<RoundStory> rounds = rounds_of(transcript, from_);
  if (!all && !rounds.empty() && !rounds.back().closed) rounds.pop_back();
  Script script(console_, transcript.seats, rounds);
  for (const RoundStory& round : rounds) {
    if (round.items.empty() && round.paid.empty() && round.notes.empty()) continue;  // begun, and left
    std::string line = in_a_line(round, transcript.seats, decisions.size() == 1, console_.columns());
    if (line.empty()) {
      script.round(round);
    } else {
      console_.out(console_.bold(round_name(round)) + line.substr(round_name(round).size()) + "\n");
    }
  }
  if (!rounds.empty()) from_ = rounds.back().end;
}

void Narrator::totals(const Transcript& transcript) {
  Transcript spelled_out = transcript;
  spelled_out.spell_out();
  std::map<int, double> totals = totals_of(rounds_of(spelled_out));
  for (size_t seat = 1; seat <= transcript.seats.size(); ++seat) totals[static_cast<int>(seat)] += 0;
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
