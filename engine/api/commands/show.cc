// parley show STUDY MATCH: a match as it was played, played again from what the file holds.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "api/commands/commands.h"
#include "api/commands/narrator.h"
#include "api/workspace.h"
#include "base/error.h"
#include "base/json.h"
#include "prompt/reader.h"
#include "report/table.h"
#include "study/replay.h"

namespace parley::commands {
namespace {

struct Asked {
  Question question;
  Kept kept;
};

std::string status_text(const Transcript& transcript) {
  switch (transcript.status) {
    case MatchStatus::whole:
      return "whole";
    case MatchStatus::void_:
      return "void: " + transcript.why;
    case MatchStatus::failed:
      return "failed: " + transcript.why;
    default:
      return "under way";
  }
}

class Show {
 public:
  Show(Console& console, const Store& store, const StoredMatch& match) : console_(console), match_(match) {
    plan_ = std::make_shared<const Plan>(store.plan_of(match.row));
    drawn_ = store.drawn(match.row);
    study_ = store.study()->name;
    std::map<std::string, std::string> texts;
    for (SourceText& file : store.files(match.state.inputs)) texts.emplace(file.name, std::move(file.text));
    Kit kit(texts);
    transcript_ = replay(kit.scripts(), plan_, match.state.attempt, store.replies(match.row),
                         [&](const Question& question, const Kept& kept) {
                           asked_.emplace(question.place, Asked{question, kept});
                         });
    if (drawn_["labels"].is_record()) {
      for (const auto& [action, label] : drawn_["labels"].record()) labels_.emplace(action, value_text(label));
    }
  }

  void plain() {
    heading();
    std::vector<RoundStory> rounds = rounds_of(transcript_);
    for (const RoundStory& round : rounds) {
      console_.out("\n" +
                   console_.bold(round.number > 0 ? fmt::format("Round {}", round.number) : "Before the first round") +
                   "\n");
      // Each question stands before the choice that it is for; those of a choice that was never made at the end.
      std::vector<const QuestionRecord*> waiting;
      for (const QuestionRecord& q : transcript_.questions) {
        if (q.round == round.number) waiting.push_back(&q);
      }
      auto tell_for = [&](const auto& wanted) {
        for (const QuestionRecord*& q : waiting) {
          if (q && wanted(*q)) tell(*std::exchange(q, nullptr));
        }
      };
      for (const RoundStory::Item& story : round.items) {
        tell_for([&](const QuestionRecord& q) { return q.seat == story.seat && q.decision == story.decision; });
        item(story.text);
        for (const MemoryRecord& m : transcript_.memories) {
          if (m.round == round.number && m.seat == story.seat && m.decision == story.decision)
            item(fmt::format("{} remembers {}", transcript_.seat_name(m.seat), to_json(m.memory)));
        }
      }
      tell_for([](const QuestionRecord&) { return true; });
      if (round.closed && round.number > 0) item("Paid: " + amounts_text(transcript_.seats, round.paid));
    }
    std::vector<double> totals(transcript_.seats.size(), 0);
    for (const RoundStory& round : rounds) {
      for (size_t i = 0; i < totals.size() && round.closed; ++i) totals[i] += round.paid[i];
    }
    console_.out(fmt::format("\n{}: {}\n", console_.bold("Total"), amounts_text(transcript_.seats, totals)));
  }

  void raw() {
    heading();
    for (const auto& [place, asked] : asked_) {
      const Request& request = asked.question.request;
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
      answer(asked);
    }
    if (asked_.empty()) console_.out("\nNobody was asked anything: only fixed rules played.\n");
  }

 private:
  void item(const std::string& text) { console_.out(fmt::format("  {}\n", wrapped(text, console_.columns() - 4, 4))); }

  void block(const std::string& text, const char* mark) {
    size_t from = 0;
    while (from <= text.size()) {
      size_t end = std::min(text.find('\n', from), text.size());
      if (from < text.size()) {
        console_.out(fmt::format("    {} {}\n", console_.dim(mark),
                                 wrapped(text.substr(from, end - from), console_.columns() - 6, 6)));
      }
      from = end + 1;
    }
  }

  void heading() {
    const Rules& rules = plan_->condition->rules;
    console_.out(fmt::format("{} of {}, block {}: {}, {}\n", console_.bold(fmt::format("Match {}", match_.number)),
                             study_, plan_->block, status_text(transcript_),
                             counted(transcript_.rounds, "round", "rounds")));
    std::vector<std::pair<std::string, std::string>> lines = {
        {"game",
         fmt::format(
             "{}{}", rules.game,
             rules.settings.is_record() && !rules.settings.record().empty() ? ", " + value_text(rules.settings) : "")}};
    if (!plan_->condition->name.empty()) lines.emplace_back("condition", plan_->condition->name);
    for (size_t i = 0; i < plan_->lineup->players.size(); ++i) {
      const Player& player = plan_->lineup->players[i];
      lines.emplace_back(transcript_.seat_name(static_cast<int>(i) + 1),
                         player.model.empty() ? player.name : fmt::format("{}, asks {}", player.name, player.model));
    }
    if (!asked_.empty())
      lines.emplace_back("shown", fmt::format("cover {}, format {}, read {}", rules.cover, rules.format, rules.read));
    if (!labels_.empty()) {
      std::vector<std::string> said;
      for (const auto& [action, label] : labels_) said.push_back(fmt::format("{} is {}", label, action));
      lines.emplace_back("labels", joined(said, ", "));
    }
    size_t left = 0;
    for (const auto& [a, b] : lines) left = std::max(left, display_width(a));
    for (const auto& [a, b] : lines) console_.out(fmt::format("  {:<{}}  {}\n", a, left, b));
  }

  static std::string shares(const QuestionRecord& q, const Request& request) {
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

  std::string read_as(const QuestionRecord& q) const {
    return q.why.empty() ? shown_as(q.choice) : "not read: " + q.why;
  }

  // Of a question with a right answer: how it was answered.
  std::string marked(const QuestionRecord& q) const {
    for (const Belief& belief : transcript_.beliefs) {
      if (belief.about || &transcript_.questions[static_cast<size_t>(belief.question)] != &q) continue;
      return belief.guess == belief.truth ? ", right" : fmt::format(", right is {}", shown_as(belief.truth));
    }
    return "";
  }

  std::string shown_as(const Value& action) const {
    std::string name = value_text(action), label = label_of(Labels(labels_.begin(), labels_.end()), action);
    return name == label ? name : fmt::format("{}, which is {}", label, name);
  }

  void tell(const QuestionRecord& q) {
    const std::string& seat = transcript_.seat_name(q.seat);
    std::string what =
        q.about.empty() ? fmt::format("'{}'", q.question) : fmt::format("'{}' about {}", q.question, q.about);
    if (q.sample == 1) {
      item(fmt::format("{} is asked {} for {}:", seat, what, q.decision));
      block((q.head ? *q.head : "") + q.added + q.cue, "|");
    }
    for (int attempt = 1; attempt <= q.tries; ++attempt) {
      auto found = asked_.find(Place{q.seat, q.n, q.sample, attempt});
      if (found == asked_.end()) {
        item(fmt::format("{} has not answered yet", seat));
        return;
      }
      const Reply& reply = found->second.kept.reply;
      if (q.mass >= 0) {
        item(fmt::format("{} answers {}{} (legal mass {:.3f}: {}{})", seat, read_as(q), marked(q), q.mass,
                         shares(q, found->second.question.request), q.tie ? "; a tie, drawn" : ""));
        return;
      }
      if (reply.failure) {
        item(fmt::format("{} gives no answer: {}", seat, reply.failure->what));
        return;
      }
      item(fmt::format("{} answers{}:", seat, attempt > 1 ? fmt::format(", asked again (try {})", attempt) : ""));
      block(reply.text.empty() ? "(nothing)" : reply.text, ">");
    }
    const ActionSet::Kind kind = set_kind(q);
    if (kind != ActionSet::Kind::words || !q.why.empty())
      item((q.why.empty() ? "read as " : "") + read_as(q) + marked(q));
  }

  ActionSet::Kind set_kind(const QuestionRecord& q) const {
    auto found = asked_.find(Place{q.seat, q.n, q.sample, 1});
    return found == asked_.end() ? ActionSet::Kind::words
                                 : ActionSet::from(found->second.question.request.about.actions).kind;
  }

  void answer(const Asked& asked) {
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
      console_.out(
          console_.dim("-- read") +
          fmt::format(" as {}: {}{}\n", q.read, last ? read_as(q) : "could not be, and was asked again",
                      q.mass >= 0 ? fmt::format(" (legal mass {:.6f}{})", q.mass, q.tie ? ", a tie" : "") : ""));
    }
    std::string by = fmt::format(" {}, {:.2f} s", reply.served.empty() ? "?" : reply.served, reply.seconds);
    if (reply.usage.input + reply.usage.output > 0)
      by +=
          fmt::format(", {} tokens in ({} cached), {} out", reply.usage.input, reply.usage.cached, reply.usage.output);
    if (!reply.build.empty()) by += ", " + reply.build;
    console_.out(console_.dim("-- by") + by + "\n" + console_.dim("-- hash") + " " + asked.kept.request + "\n");
  }

  Console& console_;
  StoredMatch match_;
  std::shared_ptr<const Plan> plan_;
  std::string study_;
  Value drawn_;
  std::map<std::string, std::string> labels_;
  std::map<Place, Asked> asked_;
  Transcript transcript_;
};

}  // namespace

int show(const Args& args, Console& console) {
  StudyFiles files = study_files(args);
  const std::string& said = args.words[1];
  bool digits = !said.empty() && said.size() < 16 && said.find_first_not_of("0123456789") == std::string::npos;
  if (!digits) throw Misuse(fmt::format("a match is its number in `parley list {}`, not '{}'", args.words[0], said));
  uint64_t number = std::stoull(said);
  Store store = open_to_read(files);
  for (const StoredMatch& match : store.matches()) {
    if (match.number != number) continue;
    Show show(console, store, match);
    args.has("--raw") ? show.raw() : show.plain();
    return 0;
  }
  uint64_t planned = store.planned();
  if (number == 0 || number > planned)
    throw Error(fmt::format("there is no match {}: {} plans 1 to {}", number, files.db, planned));
  throw Error(fmt::format("match {} has not begun yet: `parley run` plays it", number));
}

}  // namespace parley::commands
