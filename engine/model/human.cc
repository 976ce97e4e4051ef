#include "model/human.h"

#include <iostream>
#include <map>
#include <thread>

namespace parley {
namespace {

// What the asking and the reading side share. The reader may be stuck in a line that nobody types, and is left behind
// then: it holds this, and nothing else of the model.
struct Desk {
  struct Question {
    Ticket ticket;
    Mailbox mailbox;
    std::string seat, prompt;
  };

  std::istream& in;
  std::ostream& out;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Question> waiting;
  bool ended = false, reading = false;
  int cancels = 0;
  std::map<std::string, std::string> shown;  // by seat: its last prompt

  void show(const Question& question) {
    std::string& before = shown[question.seat];
    const std::string& now = question.prompt;
    size_t same = 0;
    while (same < before.size() && same < now.size() && before[same] == now[same]) ++same;
    size_t line = same == 0 || same == now.size() ? std::string::npos : now.rfind('\n', same - 1);
    out << (line == std::string::npos ? now : now.substr(line + 1));
    bool open = !now.empty() && now.back() != '\n' && now.back() != ' ';
    out << (open ? " " : "> ") << std::flush;
    before = now;
  }

  void run() {
    std::unique_lock lock(mutex);
    for (;;) {
      changed.wait(lock, [&] { return ended || !waiting.empty(); });
      if (ended) return;
      show(waiting.front());
      reading = true;
      int then = cancels;
      lock.unlock();
      std::string line;
      bool given = static_cast<bool>(std::getline(in, line));
      lock.lock();
      reading = false;
      if (then != cancels) continue;  // the line was for a question that is gone
      Reply reply;
      if (given) {
        if (line.ends_with('\r')) line.pop_back();
        reply.text = line;
      } else {
        reply.failure = Failure{Failure::Size::model, "end of input"};
      }
      waiting.front().mailbox.put(waiting.front().ticket, std::move(reply));
      waiting.pop_front();
    }
  }

  void cancel() {
    std::lock_guard lock(mutex);
    for (Question& question : waiting) {
      Reply reply;
      reply.failure = Failure{Failure::Size::again, "cancelled"};
      question.mailbox.put(question.ticket, std::move(reply));
    }
    waiting.clear();
    ++cancels;
  }
};

class Human final : public Model {
 public:
  Human(std::istream& in, std::ostream& out) : desk_(new Desk{in, out}) {}
  ~Human() override {
    desk_->cancel();
    bool stuck;
    {
      std::lock_guard lock(desk_->mutex);
      desk_->ended = true;
      stuck = desk_->reading;
    }
    desk_->changed.notify_one();
    if (!reader_.joinable()) return;
    if (stuck) {
      reader_.detach();
    } else {
      reader_.join();
    }
  }

  std::string identity() const override { return "human"; }
  Value about() const override { return Value::Record{{"name", "human"}, {"kind", "human"}}; }
  bool can(ReadMode read) const override { return read == ReadMode::text; }
  int room() const override { return 1 << 20; }
  void cancel() override { desk_->cancel(); }

  void start(Ticket ticket, const Request& request, Mailbox& mailbox) override {
    std::string prompt;
    for (const Message& message : request.messages) {
      // Messages of a chat are paragraphs here.
      if (!prompt.empty() && !prompt.ends_with("\n\n")) prompt += prompt.ends_with('\n') ? "\n" : "\n\n";
      prompt += message.text;
    }
    if (!request.cue.empty() && cue_is_a_line(request)) prompt += "\n";
    prompt += request.cue;
    std::lock_guard lock(desk_->mutex);
    desk_->waiting.push_back({ticket, mailbox, request.about.seat, std::move(prompt)});
    if (!reader_.joinable()) reader_ = std::thread([desk = desk_] { desk->run(); });
    desk_->changed.notify_one();
  }

 private:
  // Whether the cue begins a line of its own: an answer's beginning in a chat does.
  static bool cue_is_a_line(const Request& request) {
    return !request.messages.empty() && request.messages.back().role != "text" &&
           !request.messages.back().text.ends_with('\n');
  }

  std::shared_ptr<Desk> desk_;
  std::thread reader_;
};

}  // namespace

std::unique_ptr<Model> open_human(std::istream* in, std::ostream* out) {
  return std::make_unique<Human>(in ? *in : std::cin, out ? *out : std::cout);
}

}  // namespace parley
