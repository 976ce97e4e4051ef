#include "model/scripted.h"

#include <atomic>
#include <map>
#include <optional>
#include <thread>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"

namespace parley {
namespace {

using Clock = std::chrono::steady_clock;

// Puts replies into mailboxes when their time has come.
class Later {
 public:
  ~Later() {
    cancel();
    {
      std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
  }

  void put(Clock::time_point due, Ticket ticket, Mailbox& mailbox, Reply reply) {
    std::lock_guard lock(mutex_);
    waiting_.emplace(due, Letter{ticket, mailbox, std::move(reply)});
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    changed_.notify_one();
  }

  void cancel() {
    std::multimap<Clock::time_point, Letter> cancelled;
    {
      std::lock_guard lock(mutex_);
      cancelled.swap(waiting_);
    }
    for (auto& [due, letter] : cancelled) {
      Reply reply;
      reply.failure = Failure{Failure::Size::again, "cancelled"};
      letter.mailbox.put(letter.ticket, std::move(reply));
    }
  }

 private:
  struct Letter {
    Ticket ticket;
    Mailbox mailbox;
    Reply reply;
  };

  void run() {
    std::unique_lock lock(mutex_);
    while (!ended_) {
      if (waiting_.empty()) {
        changed_.wait(lock);
      } else if (auto due = waiting_.begin()->first; due > Clock::now()) {
        changed_.wait_until(lock, due);
      } else {
        Letter letter = std::move(waiting_.extract(waiting_.begin()).mapped());
        lock.unlock();
        letter.mailbox.put(letter.ticket, std::move(letter.reply));
        lock.lock();
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Clock::time_point, Letter> waiting_;
  bool ended_ = false;
  std::thread thread_;
};

struct Line {
  int number = 0;
  std::optional<std::string> seat, question, decision;
  std::optional<int> round, attempt;
  std::vector<std::string> replies;
  Value scores;  // a record, or nil
  std::string finish = "stop";
  std::optional<Failure> fail;
  int times = 0;  // of fail: 0 for always
  int delay_ms = 0;

  bool fits(const Request& request) const {
    const Request::About& about = request.about;
    if (!fail && scores.is_nil() != (request.read != ReadMode::scored)) return false;
    return (!seat || *seat == about.seat) && (!question || *question == about.question) &&
           (!decision || *decision == about.decision) && (!round || *round == about.round) &&
           (!attempt || *attempt == about.attempt);
  }
};

std::string a_word(const std::string& name, const Value& value) {
  if (!value.is_string()) throw Error("'" + name + "' is text, not " + std::string(kind_name(value.kind())));
  return value.string();
}

int a_number(const std::string& name, const Value& value) {
  if (!value.is_number() || value.number() < 0 || value.number() > 1e9 ||
      value.number() != static_cast<int>(value.number())) {
    throw Error("'" + name + "' is a whole number, 0 or more");
  }
  return static_cast<int>(value.number());
}

// A word out of a few.
std::string one_of(const std::string& name, const Value& value, const std::vector<std::string>& known) {
  std::string word = a_word(name, value);
  for (const std::string& k : known) {
    if (word == k) return word;
  }
  throw Error("'" + name + "' is " + joined(known, " or ") + ", not '" + word + "'" + did_you_mean(word, known));
}

void read_field(Line& line, const std::string& name, const Value& value) {
  static const std::vector<std::string> known = {"seat",   "question", "decision", "round", "try",   "reply",
                                                 "scores", "finish",   "fail",     "what",  "times", "delay_ms"};
  static const std::vector<std::string> sizes = {"again", "request", "model"};
  if (name == "seat") {
    line.seat = a_word(name, value);
  } else if (name == "question") {
    line.question = a_word(name, value);
  } else if (name == "decision") {
    line.decision = a_word(name, value);
  } else if (name == "round") {
    line.round = a_number(name, value);
  } else if (name == "try") {
    line.attempt = a_number(name, value);
  } else if (name == "reply") {
    if (!value.is_list()) return line.replies.push_back(a_word(name, value));
    for (const Value& item : value.list()) line.replies.push_back(a_word(name, item));
    if (line.replies.empty()) throw Error("'reply' is a list with nothing in it");
  } else if (name == "scores") {
    if (!value.is_record() || value.record().empty()) throw Error("'scores' are log-probabilities by label");
    for (const auto& [label, score] : value.record()) {
      if (!score.is_number() || score.number() > 0) {
        throw Error("the score of '" + label + "' is a log-probability, at most 0");
      }
    }
    line.scores = value;
  } else if (name == "finish") {
    line.finish = one_of(name, value, {"stop", "length", "filter", "refusal"});
  } else if (name == "fail") {
    std::string size = one_of(name, value, sizes);
    if (!line.fail) line.fail = Failure{.what = "scripted"};
    line.fail->size = size == "again"     ? Failure::Size::again
                      : size == "request" ? Failure::Size::request
                                          : Failure::Size::model;
  } else if (name == "times") {
    line.times = a_number(name, value);
  } else if (name == "delay_ms") {
    line.delay_ms = a_number(name, value);
  } else if (name != "what") {
    throw Error("a scripted answer has no field '" + name + "'" + did_you_mean(name, known));
  }
}

Line read_line(std::string_view text) {
  Value value;
  try {
    value = from_json(text);
  } catch (const JsonError& e) {
    throw Error(e.why);  // the file's line stands before it
  }
  if (!value.is_record())
    throw Error("a scripted answer is a JSON object, not " + std::string(kind_name(value.kind())));
  Line line;
  for (const auto& [name, field] : value.record()) read_field(line, name, field);
  if (!value["what"].is_nil()) {
    if (!line.fail) throw Error("'what' says why it fails: it needs 'fail'");
    line.fail->what = a_word("what", value["what"]);
  }
  if (line.times && !line.fail) throw Error("'times' is how often it fails: it needs 'fail'");
  if (line.finish != "stop" && line.replies.empty()) throw Error("'finish' needs 'reply'");
  if (int(!line.replies.empty()) + int(!line.scores.is_nil()) + int(line.fail.has_value()) != 1) {
    throw Error("a scripted answer has one of 'reply', 'scores' and 'fail'");
  }
  return line;
}

class Scripted final : public Model {
 public:
  explicit Scripted(const std::string& file) : file_(file) {
    std::string text = read_file(file);
    hash_ = hash_of(text);
    int number = 0;
    for (size_t at = 0; at < text.size();) {
      size_t end = std::min(text.find('\n', at), text.size());
      std::string_view line = std::string_view(text).substr(at, end - at);
      at = end + 1;
      ++number;
      if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
      try {
        lines_.push_back(read_line(line));
        lines_.back().number = number;
      } catch (const Error& e) {
        throw Error(file + ":" + std::to_string(number) + ": " + e.what());
      }
    }
    if (lines_.empty()) throw Error(file + ": no scripted answers in it");
    fails_ = std::vector<std::atomic<int>>(lines_.size());
  }

  std::string identity() const override { return "scripted:" + hash_; }
  Value about() const override {
    return Value::Record{{"name", "scripted:" + file_}, {"kind", "scripted"}, {"path", file_}, {"hash", hash_}};
  }
  bool can(ReadMode) const override { return true; }
  int room() const override { return 1 << 20; }
  void cancel() override { later_.cancel(); }

  void start(Ticket ticket, const Request& request, Mailbox& mailbox) override {
    const Line* line = find(request);
    Reply reply = line ? answer(*line, request) : nothing(request);
    if (!line || !line->delay_ms) return mailbox.put(ticket, std::move(reply));
    reply.seconds = line->delay_ms / 1e3;
    later_.put(Clock::now() + std::chrono::milliseconds(line->delay_ms), ticket, mailbox, std::move(reply));
  }

 private:
  const Line* find(const Request& request) {
    for (size_t i = 0; i < lines_.size(); ++i) {
      const Line& line = lines_[i];
      if (line.fits(request) && (!line.times || fails_[i]++ < line.times)) return &line;
    }
    return nullptr;
  }

  Reply answer(const Line& line, const Request& request) const {
    Reply reply;
    reply.served = "scripted";
    if (line.fail) {
      reply.failure = line.fail;
    } else if (line.scores.is_nil()) {
      size_t turn = static_cast<size_t>(std::max(1, request.about.turn) - 1);
      reply.text = line.replies[turn % line.replies.size()];
      reply.finish = line.finish;
    } else {
      for (const std::string& label : request.labels) {
        const Value& score = line.scores[label];
        if (score.is_nil()) {
          reply.scores.clear();
          reply.failure = Failure{Failure::Size::request,
                                  file_ + ":" + std::to_string(line.number) + ": no score for label '" + label + "'"};
          break;
        }
        reply.scores.push_back(score.number());
      }
    }
    return reply;
  }

  Reply nothing(const Request& request) const {
    const Request::About& a = request.about;
    Reply reply;
    reply.failure = Failure{Failure::Size::request, file_ + ": no line fits seat '" + a.seat + "', question '" +
                                                        a.question + "', decision '" + a.decision + "', round " +
                                                        std::to_string(a.round) + ", try " + std::to_string(a.attempt) +
                                                        (request.read == ReadMode::scored ? " (scored)" : "")};
    return reply;
  }

  std::string file_;
  Hash hash_;
  std::vector<Line> lines_;
  std::vector<std::atomic<int>> fails_;
  Later later_;
};

class Holding final : public Model {
 public:
  ~Holding() override { Holding::cancel(); }
  std::string identity() const override { return "scripted:hold"; }
  Value about() const override { return Value::Record{{"name", "scripted:hold"}, {"kind", "scripted"}}; }
  bool can(ReadMode) const override { return true; }
  int room() const override { return 1 << 20; }
  void start(Ticket ticket, const Request&, Mailbox& mailbox) override {
    std::lock_guard lock(mutex_);
    held_.emplace_back(ticket, mailbox);
  }
  void cancel() override {
    std::vector<std::pair<Ticket, Mailbox>> held;
    {
      std::lock_guard lock(mutex_);
      held.swap(held_);
    }
    for (auto& [ticket, mailbox] : held) {
      Reply reply;
      reply.failure = Failure{Failure::Size::again, "cancelled"};
      mailbox.put(ticket, std::move(reply));
    }
  }

 private:
  std::mutex mutex_;
  std::vector<std::pair<Ticket, Mailbox>> held_;
};

}  // namespace

std::unique_ptr<Model> open_scripted(const std::string& file) { return std::make_unique<Scripted>(file); }
std::unique_ptr<Model> holding_model() { return std::make_unique<Holding>(); }

}  // namespace parley
