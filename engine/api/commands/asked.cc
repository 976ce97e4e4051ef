#include "api/commands/asked.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

namespace parley {
namespace {

constexpr size_t kNone = static_cast<size_t>(-1);

// The choice of a seat that followed in the same round; kNone where there was none.
size_t choice_after(const Transcript& transcript, size_t from, int seat, const std::string& decision) {
  for (size_t i = from; i < transcript.events.size() && transcript.events[i].kind != Event::round; ++i) {
    const Event& e = transcript.events[i];
    if ((e.kind == Event::choice || e.kind == Event::missing) && e.seat == seat && transcript.name_of(e) == decision) {
      return i;
    }
  }
  return kNone;
}

std::string shares(const QuestionRecord& q, const Request& request) {
  std::vector<std::pair<double, std::string>> by_share;
  for (size_t i = 0; i < request.labels.size() && i < q.scores.list().size(); ++i) {
    const Value& share = q.scores.list()[i];
    by_share.emplace_back(share.is_number() ? -share.number() : 1, request.labels[i]);
  }
  std::stable_sort(by_share.begin(), by_share.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> out;
  for (const auto& [share, label] : by_share) {
    if (out.size() < 5) out.push_back(share > 0 ? label + " not visible" : fmt::format("{} {:.3f}", label, -share));
  }
  if (by_share.size() > 5) out.emplace_back("...");
  return joined(out, ", ");
}

std::string about_of(const QuestionRecord& q) { return q.about.empty() ? "" : " about " + q.about; }

}  // namespace

Questions::Questions(Console& console, const Transcript& transcript, const std::map<Place, Asked>& asked,
                     const Plan& plan, const Labels& labels, bool in_full, bool whole)
    : console_(console),
      transcript_(transcript),
      asked_(asked),
      plan_(plan),
      labels_(labels),
      in_full_(in_full),
      whole_(whole) {
  for (size_t i = 0; i < transcript.questions.size(); ++i) {
    const QuestionRecord& q = transcript.questions[i];
    const int watched = watched_by(q.seat);
    const size_t event = choice_after(transcript, q.events, watched > 0 ? watched : q.seat, q.decision);
    (event == kNone ? loose_[q.round] : of_event_[event]).push_back(i);
  }
  for (size_t i = 0; i < transcript.memories.size(); ++i) {
    const MemoryRecord& m = transcript.memories[i];
    if (size_t event = choice_after(transcript, m.events, m.seat, m.decision); event != kNone)
      memories_of_[event].push_back(i);
  }
}

int Questions::watched_by(int seat) const { return plan_.lineup->players[static_cast<size_t>(seat) - 1].watches; }

const Asked* Questions::at(const QuestionRecord& q, int attempt) const {
  auto found = asked_.find(Place{q.seat, q.n, q.sample, attempt});
  return found == asked_.end() ? nullptr : &found->second;
}

bool Questions::sampled(const QuestionRecord& q) const { return asked_.contains(Place{q.seat, q.n, 2, 1}); }

std::string Questions::shown_as(const Value& action) const {
  std::string name = value_text(action), label = label_of(labels_, action);
  return name == label ? name : fmt::format("{}, which is {}", label, name);
}

std::string Questions::read_as(const QuestionRecord& q) const {
  return q.why.empty() ? shown_as(q.choice) : "not read: " + q.why;
}

// Of a question with a right answer: how it was answered.
std::string Questions::marked(const QuestionRecord& q) const {
  for (const Belief& belief : transcript_.beliefs) {
    if (belief.about || &transcript_.questions[static_cast<size_t>(belief.question)] != &q) continue;
    return belief.guess == belief.truth ? ", right" : fmt::format(", right is {}", shown_as(belief.truth));
  }
  return "";
}

void Questions::under(Script& script, const RoundStory& round, const RoundStory::Item* item) {
  if (item) {
    if (item->kind == RoundStory::Item::told) return;
    for (const RoundStory::Part& part : item->parts) {
      for (size_t i : of_event_[part.event]) tell(script, transcript_.questions[i], &part, item->parts.size() > 1);
      for (size_t i : memories_of_[part.event]) {
        const MemoryRecord& m = transcript_.memories[i];
        script.aside(fmt::format("{}remembers {}", item->parts.size() > 1 ? transcript_.seat_name(m.seat) + " " : "",
                                 to_json(m.memory)));
      }
    }
    return;
  }
  int seat = 0;
  for (size_t i : loose_[round.number]) {
    const QuestionRecord& q = transcript_.questions[i];
    const int watched = watched_by(q.seat);
    if (q.seat != seat)
      script.line(transcript_.seat_name(q.seat),
                  watched > 0 ? fmt::format("{} of {}", q.decision, transcript_.seat_name(watched))
                              : fmt::format("{}: not chosen", q.decision));
    seat = q.seat;
    tell(script, q, nullptr, false);
  }
}

void Questions::tell(Script& script, const QuestionRecord& q, const RoundStory::Part* part, bool by_name) {
  by_name = by_name || (part && q.seat != part->seat);  // an observer's
  const std::string who = by_name ? transcript_.seat_name(q.seat) + ", " : "", what = q.question + about_of(q);
  if (q.sample == 1) {
    std::string text;
    bool left_out = false;  // something since the last line that is told
    const std::string lines = in_full_ ? printable((q.head ? *q.head : "") + q.added + q.cue)
                                       : std::string(trimmed(printable(q.added.substr(q.from))));
    for (size_t from = 0; from < lines.size();) {
      const size_t end = std::min(lines.find('\n', from), lines.size());
      const std::string line = lines.substr(from, end - from);
      if (in_full_) {
        text += "\n| " + line;
      } else if (told_.insert(fmt::format("{} {} {}", q.seat, q.question, line)).second || whole_) {
        if (left_out && !trimmed(line).empty())
          text += text.empty() ? "…\n" : "\n…\n";
        else if (!text.empty())
          text += "\n";
        text += line;
        left_out = false;
      } else {
        left_out = left_out || !trimmed(line).empty();
      }
      from = end + 1;
    }
    if (in_full_) {
      script.aside(fmt::format("{}asked '{}'{} for {}:{}", who, q.question, about_of(q), q.decision, text));
    } else if (!text.empty()) {
      script.aside(fmt::format("{}asked '{}'{}: {}{}", who, q.question, about_of(q), text, left_out ? "\n…" : ""));
    }
  }
  for (int attempt = 1; attempt <= q.tries; ++attempt) {
    const Asked* asked = at(q, attempt);
    if (!asked) return script.aside(fmt::format("{}{}: not answered yet", who, what));
    const std::string text = attempt < q.tries ? std::string(trimmed(printable(asked->kept.reply.text)))
                                               : answer(q, asked->kept.reply, part);
    if (text.empty()) continue;
    script.aside(fmt::format("{}{}{}{}: {}{}", who, what, sampled(q) ? fmt::format(", sample {}", q.sample) : "",
                             attempt > 1 ? fmt::format(", try {}", attempt) : "", text,
                             attempt < q.tries ? " (not read, and asked again)" : ""));
  }
}

// What is to be said of a reply; "": nothing that the choice does not say.
std::string Questions::answer(const QuestionRecord& q, const Reply& reply, const RoundStory::Part* part) const {
  if (reply.failure) return "no answer: " + reply.failure->what;
  if (q.mass >= 0) {
    return fmt::format("{}{} (legal mass {:.3f}: {}{})", read_as(q), marked(q), q.mass,
                       shares(q, at(q, q.tries)->question.request), q.tie ? "; a tie, drawn" : "");
  }
  const std::string text(trimmed(printable(reply.text))), mark = marked(q);
  if (!q.why.empty()) return fmt::format("{} ({})", text.empty() ? "(nothing)" : text, read_as(q));
  const Value chosen = !part || q.seat != part->seat ? Value() : part->meant.is_nil() ? part->value : part->meant;
  if (!in_full_ && q.choice.is_record()) {  // a field is said where the choice is another thing, or more
    std::string out;
    for (const auto& [field, value] : q.choice.record()) {
      if (sampled(q) || (value != chosen && q.choice != chosen))
        out += fmt::format("{}{}: {}", out.empty() ? "" : "\n", field, trimmed(printable(value_text(value))));
    }
    return out;
  }
  const bool plain = text == trimmed(printable(value_text(q.choice))) || text == label_of(labels_, q.choice);
  if (plain && mark.empty()) return !in_full_ && !sampled(q) && q.choice == chosen ? "" : text;
  return fmt::format("{} (read as {}{})", text.empty() ? "(nothing)" : text, read_as(q), mark);
}

void Questions::raw(int first_round, int last_round) const {
  std::set<int> seats;
  for (const QuestionRecord& q : transcript_.questions) seats.insert(q.seat);
  bool any = false;
  for (const auto& [place, asked] : asked_) {
    const Request& request = asked.question.request;
    if (!seats.contains(place.seat) || request.about.round < first_round || request.about.round > last_round) continue;
    any = true;
    console_.out("\n" +
                 console_.bold(fmt::format("seat {} ({}), question {}{}{}: '{}' for {}, round {}", place.seat,
                                           request.about.seat, place.n,
                                           place.sample > 1 ? fmt::format(", sample {}", place.sample) : "",
                                           place.attempt > 1 ? fmt::format(", try {}", place.attempt) : "",
                                           request.about.question, request.about.decision, request.about.round)) +
                 "\n");
    for (const Message& message : request.messages) {
      console_.out(console_.dim(fmt::format("-- sent as {}", message.role)) + "\n" + message.text +
                   (message.text.ends_with('\n') ? "" : "\n"));
    }
    if (!request.cue.empty()) console_.out(console_.dim("-- the answer begins") + "\n" + request.cue + "\n");
    raw(asked);
  }
  if (!any)
    console_.out(asked_.empty() ? "\nNobody was asked anything: only fixed rules played.\n"
                                : "\nNothing was asked here.\n");
}

void Questions::raw(const Asked& asked) const {
  const Reply& reply = asked.kept.reply;
  const Request& request = asked.question.request;
  if (!request.labels.empty()) console_.out(console_.dim("-- labels") + " " + joined(request.labels, ", ") + "\n");
  if (reply.failure) {
    console_.out(console_.dim("-- failed") + " " + reply.failure->what + "\n");
  } else if (!reply.scores.empty()) {
    std::vector<std::string> scores;
    for (size_t i = 0; i < reply.scores.size(); ++i)
      scores.push_back(std::isinf(reply.scores[i]) ? request.labels[i] + " not visible"
                                                   : fmt::format("{} {:.6f}", request.labels[i], reply.scores[i]));
    console_.out(console_.dim("-- log-probabilities") + " " + joined(scores, ", ") + "\n");
  } else {
    console_.out(console_.dim(fmt::format("-- reply (ended by {})", reply.finish)) + "\n" + reply.text +
                 (reply.text.ends_with('\n') ? "" : "\n"));
  }
  if (!reply.thinking.empty()) console_.out(console_.dim("-- thinking") + "\n" + reply.thinking + "\n");
  if (!reply.raw.empty()) console_.out(console_.dim("-- body as it came") + "\n" + reply.raw + "\n");
  for (const QuestionRecord& q : transcript_.questions) {
    const Place& place = asked.question.place;
    if (q.seat != place.seat || q.n != place.n || q.sample != place.sample) continue;
    bool last = place.attempt == q.tries;
    console_.out(console_.dim("-- read") +
                 fmt::format(" as {}: {}{}\n", q.read, last ? read_as(q) : "could not be, and was asked again",
                             q.mass >= 0 ? fmt::format(" (legal mass {:.6f}{})", q.mass, q.tie ? ", a tie" : "") : ""));
  }
  std::string by = fmt::format(" {}, {:.2f} s", reply.served.empty() ? "?" : reply.served, reply.seconds);
  if (reply.usage.input + reply.usage.output > 0)
    by += fmt::format(", {} tokens in ({} cached), {} out", reply.usage.input, reply.usage.cached, reply.usage.output);
  if (!reply.build.empty()) by += ", " + reply.build;
  console_.out(console_.dim("-- by") + by + "\n" + console_.dim("-- hash") + " " + asked.kept.request + "\n");
}

Value Questions::value(int round) const {
  Value::List out;
  for (const QuestionRecord& q : transcript_.questions) {
    if (q.round != round) continue;
    Value::Record one = {{"seat", transcript_.seat_name(q.seat)},
                         {"decision", q.decision},
                         {"question", q.question},
                         {"asked", (q.head ? *q.head : "") + q.added + q.cue},
                         {"tries", q.tries},
                         {"read", q.choice}};
    if (q.sample > 1) one.emplace("sample", q.sample);
    if (!q.why.empty()) one.emplace("why", q.why);
    if (q.mass >= 0) one.emplace("mass", q.mass);
    if (const Asked* asked = at(q, q.tries); asked && asked->kept.reply.scores.empty())
      one.emplace("reply", asked->kept.reply.text);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace parley
