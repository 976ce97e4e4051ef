// Plays a golden's match in an order of arrival, and prints what came of it.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "golden.h"

namespace parley::test {
namespace {

// A text after the name of what it is, every byte of it visible: a line each, blanks at its end as "␣".
void quote(std::string& out, const std::string& what, const std::vector<std::string>& lines) {
  std::string name = what;
  for (std::string line : lines) {
    size_t end = line.find_last_not_of(' ') + 1, blanks = line.size() - end;
    line.resize(end);
    while (blanks-- > 0) line += "␣";
    out += fmt::format("  {:<9} |{}{}\n", name, line.empty() ? "" : " ", line);
    name.clear();
  }
}

// What is sent, without what the seat was sent the time before: whole messages and whole lines of it are "…".
void quote_messages(std::string& out, const std::vector<Message>& now, const std::vector<Message>& before) {
  bool same = true;
  for (size_t i = 0; i < now.size(); ++i) {
    std::vector<std::string> lines = split(now[i].text, '\n');
    if (same && i < before.size() && before[i].role == now[i].role) {
      if (before[i] == now[i]) {
        quote(out, now[i].role, {"…"});
        continue;
      }
      std::vector<std::string> old = split(before[i].text, '\n');
      size_t equal = 0;
      while (equal + 1 < lines.size() && equal + 1 < old.size() && lines[equal] == old[equal]) ++equal;
      if (equal > 0) {
        lines.erase(lines.begin(), lines.begin() + static_cast<long>(equal));
        lines.insert(lines.begin(), "…");
      }
    }
    same = false;
    quote(out, now[i].role, lines);
  }
}

std::string decimals(double x) { return fmt::format("{:.3f}", x); }

}  // namespace

std::string in_words(const std::vector<std::string>& names) {
  std::string out;
  for (size_t i = 0; i < names.size(); ++i) out += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return out;
}

Reply Golden::reply_to(const Question& question) const {
  const Request::About& about = question.request.about;
  std::string to = about.seat + "/" + about.question;
  auto found = replies_.find(to);
  auto turn = static_cast<size_t>(about.turn) - 1;
  if (found == replies_.end() || turn >= found->second.size()) {
    throw Error(fmt::format("{}: no reply number {} of '{}' is written, to: {}", path_, turn + 1, to,
                            question.request.messages.back().text));
  }
  const Written& written = found->second[turn];
  Reply reply = written.reply;
  if (question.request.read != ReadMode::scored) {
    if (!written.scores.empty()) throw Error(fmt::format("{}: '{}' has scores, and is not scored", path_, to));
    return reply;
  }
  if (reply.failure) return reply;
  for (const std::string& label : question.request.labels) {
    auto score = written.scores.find(label);
    if (score == written.scores.end())
      throw Error(fmt::format("{}: '{}' has no score for the label '{}'", path_, to, label));
    reply.scores.push_back(std::log(score->second));
  }
  return reply;
}

// A play under way, and all that was asked in it.
struct Golden::Playing {
  struct Asked {
    Question question;
    Reply reply;
    size_t at;  // events before it
  };
  Match match;
  std::map<Place, Asked> asked;
  std::vector<Place> waiting;

  Playing(Scripts& scripts, std::shared_ptr<const Plan> plan) : match(scripts, std::move(plan)) {}

  void advance(const Golden& golden) {
    for (Question& question : match.advance()) {
      Place place = question.place;
      Reply reply = golden.reply_to(question);
      waiting.push_back(place);
      asked.emplace(place, Asked{std::move(question), std::move(reply), match.transcript().events.size()});
    }
  }

  void answer(bool last) {
    Place place = last ? waiting.back() : waiting.front();
    waiting.erase(last ? waiting.end() - 1 : waiting.begin());
    match.answer(place, asked.at(place).reply);
  }

  std::string printed() const;
  std::string printed(const Transcript& t, const Event& event) const;
  std::string printed(const Asked& one, const std::vector<Message>& before) const;
};

std::string Golden::Playing::printed(const Asked& one, const std::vector<Message>& before) const {
  const Transcript& t = match.transcript();
  const Place& place = one.question.place;
  const Request& request = one.question.request;
  const QuestionRecord* record = nullptr;
  for (const QuestionRecord& q : t.questions) {
    if (q.seat == place.seat && q.n == place.n && q.sample == place.sample) record = &q;
  }
  std::string out = fmt::format("{} is asked {} ({}.{}.{}; {}; {}", request.about.seat, request.about.question, place.n,
                                place.sample, place.attempt, request.about.decision, record->read);
  if (!record->about.empty()) out += "; what " + record->about + " will do";
  if (!record->options.is_nil()) out += "; " + value_text(record->options);
  out += "):\n";
  quote_messages(out, request.messages, before);
  if (!request.cue.empty()) quote(out, "cue", split(request.cue, '\n'));
  if (one.reply.failure) {
    quote(out, "fails", {one.reply.failure->what});
  } else if (request.read == ReadMode::scored) {
    std::string scores;
    for (size_t i = 0; i < request.labels.size(); ++i) {
      scores += fmt::format("{}{} {}", i ? ", " : "", request.labels[i], decimals(std::exp(one.reply.scores[i])));
    }
    quote(out, "scores", {scores});
  } else {
    quote(out, one.reply.finish == "stop" ? "reply" : one.reply.finish, split(one.reply.text, '\n'));
  }
  if (place.attempt < record->tries) return out + "\n";
  std::string read = record->why.empty() ? record->choice.is_nil() ? "nothing" : value_text(record->choice)
                                         : "nothing: " + record->why;
  if (record->mass >= 0) {
    std::string shares;
    for (const Value& share : record->scores.list()) shares += (shares.empty() ? "" : " ") + decimals(share.number());
    read += fmt::format(" (shares {}, legal mass {}{})", shares, decimals(record->mass),
                        record->tie ? ", a tie that was drawn" : "");
  }
  quote(out, "reads", split(read, '\n'));
  return out + "\n";
}

std::string Golden::Playing::printed(const Transcript& t, const Event& event) const {
  std::string seat = event.seat > 0 ? t.seat_name(event.seat) : "";
  bool named = event.kind != Event::round && event.kind != Event::pay;
  std::string name = named ? t.words->names[static_cast<size_t>(event.name)] : "";
  std::string value = named ? value_text(t.value_of(event)) : "";
  std::vector<std::string> seen;
  if (event.seen > 0) {
    for (const Value& s : t.values[static_cast<size_t>(event.seen) - 1].list())
      seen.push_back(t.seats[static_cast<size_t>(s.number()) - 1]);
  }
  std::string by = event.seen == 0 ? "" : seen.empty() ? " (nobody else sees it)" : " (seen by " + in_words(seen) + ")";
  switch (event.kind) {
    case Event::round:
      return event.number > 0 ? fmt::format("== round {}\n\n", number_text(event.number)) : "== the end\n\n";
    case Event::choice:
      return fmt::format("{} chooses {}: {}{}\n", seat, name, value, by);
    case Event::missing:
      return fmt::format("{} gives no answer to {}, done is: {}{}\n", seat, name, value, by);
    case Event::done:
      return fmt::format("{} is seen to do {}: {}{}\n", seat, name, value, by);
    case Event::pay:
      return fmt::format("{} is paid {}\n", seat, number_text(event.number));
    case Event::note:
      return fmt::format("noted: {} {}\n", name, value);
    case Event::told:
      return fmt::format("{} told {}{}\n", in_words(seen) + (seen.size() == 1 ? " is" : " are"), name,
                         value.empty() ? "" : ": " + value);
  }
  return "?";
}

std::string Golden::Playing::printed() const {
  Transcript t = match.transcript();
  t.spell_out();
  std::string out;
  std::map<int, const Asked*> last;  // by seat
  auto ask = [&](size_t at) {
    for (const auto& [place, one] : asked) {
      if (one.at != at) continue;
      if (!out.empty() && out.substr(out.size() - 2) != "\n\n") out += "\n";
      const Asked*& before = last[place.seat];
      out += printed(one, before ? before->question.request.messages : std::vector<Message>{});
      before = &one;
    }
  };
  for (size_t i = 0; i < t.events.size(); ++i) {
    ask(i);
    if (t.events[i].kind == Event::round && !out.empty() && out.substr(out.size() - 2) != "\n\n") out += "\n";
    out += printed(t, t.events[i]);
  }
  ask(t.events.size());
  static const char* const names[] = {"open", "whole", "void", "failed"};
  out += fmt::format("{}: {} round{} begun, the last {}", names[static_cast<int>(t.status)], t.rounds,
                     t.rounds == 1 ? "" : "s", t.last_closed ? "closed" : "not closed");
  if (!t.why.empty()) out += fmt::format("; {}: {}", t.seats[static_cast<size_t>(t.void_seat) - 1], t.why);
  out += "\npaid in all:";
  std::vector<double> paid = totals(t);
  for (size_t i = 0; i < paid.size(); ++i)
    out += fmt::format("{} {} {}", i ? "," : "", t.seats[i], number_text(paid[i]));
  out += "\n";
  for (const Belief& b : t.beliefs) {
    auto said = [](const Value& value) { return value.is_nil() ? std::string("nothing") : value_text(value); };
    if (!b.about) {
      out += fmt::format("answer: in round {} {} says {}; right is {}\n", b.round, t.seat_name(b.seat), said(b.guess),
                         said(b.truth));
      continue;
    }
    out += fmt::format("belief: in round {} {} expected of {} {}: {}; it was: {}\n", b.round, t.seat_name(b.seat),
                       t.seat_name(b.about), b.decision, said(b.guess), said(b.truth));
  }
  for (const MemoryRecord& m : t.memories) {
    out += fmt::format("memory: after {} in round {} {} remembers {}\n", m.decision, m.round, t.seat_name(m.seat),
                       to_json(m.memory));
  }
  return out;
}

std::string Golden::play(Order order) const {
  Table table(files_);
  std::vector<std::string> names;
  for (const Player& player : players_) names.push_back(player.strategy);
  auto plan = table.plan(
      rules_.game, names,
      [&](Rules& rules, std::vector<Player>& players) {
        rules = rules_;
        players = players_;
        for (Player& player : players) {
          if (player.model.empty()) continue;
          std::vector<std::string> told = told_;
          for (const std::string& own : player.told) {
            if (std::find(told.begin(), told.end(), own) == told.end()) told.push_back(own);
          }
          player.told = told;
        }
      },
      block_, seed_);
  std::vector<Playing> playing;
  playing.emplace_back(table.scripts(), plan);
  if (order == Order::together) playing.emplace_back(table.scripts(), plan);
  for (bool more = true; more;) {
    more = false;
    for (Playing& one : playing) one.advance(*this);
    for (auto one = playing.rbegin(); one != playing.rend(); ++one) {
      while (!one->waiting.empty()) {
        one->answer(order != Order::first_come);
        more = true;
        if (order != Order::together) break;
      }
    }
  }
  std::map<std::string, size_t> asked;
  for (const auto& [place, one] : playing[0].asked) {
    const Request& request = one.question.request;
    std::string whole;
    for (const Message& message : request.messages) whole += message.text;
    const auto& questions = playing[0].match.transcript().questions;
    for (const QuestionRecord& q : questions) {
      if (q.seat != place.seat || q.n != place.n || q.sample != 1 || place.attempt > 1) continue;
      std::string added = (q.head ? *q.head : "") + q.added;
      if (!whole.ends_with(added)) {
        throw Error(fmt::format("{}: {} {}: what is stored as added is not the end of what was sent: {}", path_,
                                request.about.seat, q.n, added));
      }
    }
    ++asked[request.about.seat + "/" + request.about.question];
  }
  for (const auto& [to, all] : replies_) {
    if (asked[to] != all.size()) {
      throw Error(fmt::format("{}: {} replies of '{}' are written, {} were asked for:\n{}", path_, all.size(), to,
                              asked[to], playing[0].printed()));
    }
  }
  std::string out = playing[0].printed();
  if (playing.size() > 1 && playing[1].printed() != out) throw Error(path_ + ": two plays side by side differ");
  return out;
}

}  // namespace parley::test
