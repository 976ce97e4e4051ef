#include "api/commands/person.h"

#include <fmt/format.h>

#include <map>

#include "prompt/reader.h"

namespace parley {
namespace {

// As one text: messages of a chat are paragraphs.
std::string text_of(const Request& request) {
  std::string text;
  for (const Message& message : request.messages) {
    while (!text.empty() && !text.ends_with("\n\n")) text += '\n';
    text += message.text;
  }
  bool chat = !request.messages.empty() && request.messages.back().role != "text";
  if (chat && !request.cue.empty() && !text.ends_with('\n')) text += '\n';
  return text + request.cue;
}

// What is new in a prompt since the one before, from the beginning of a line.
std::string_view news(std::string_view before, std::string_view now) {
  size_t same = 0;
  while (same < before.size() && same < now.size() && before[same] == now[same]) ++same;
  if (same == 0 || same == now.size()) return now;
  size_t line = now.rfind('\n', same - 1);
  return line == now.npos ? now : now.substr(line + 1);
}

std::string what_may_be_said(const ActionSet& set) {
  switch (set.kind) {
    case ActionSet::Kind::list:
      return "Answer with one of: " + value_text(Value::List(set.items.begin(), set.items.end())) + ".";
    case ActionSet::Kind::range:
      return "Answer with a number: " + describe(set) + ".";
    case ActionSet::Kind::words:
      return "Write something.";
    default:
      return fmt::format("Answer with {}, each as <name>...</name>.", describe(set));
  }
}

class Person final : public Model {
 public:
  explicit Person(Console& console) : console_(console) {}

  std::string identity() const override { return "human"; }
  Value about() const override { return Value::Record{{"name", "human"}, {"kind", "human"}}; }
  bool can(ReadMode read) const override { return read == ReadMode::text; }
  int room() const override { return 1; }

  void start(Ticket ticket, const Request& request, Mailbox& mailbox) override {
    Reply reply;
    reply.served = "human";
    if (auto line = ask(request)) {
      reply.text = std::move(*line);
    } else {
      reply.failure = Failure{Failure::Size::model, "the input ended"};
    }
    mailbox.put(ticket, std::move(reply));
  }

 private:
  std::optional<std::string> ask(const Request& request) {
    const std::string& seat = request.about.seat;
    std::string now = text_of(request);
    std::string shown(news(shown_[seat], now));
    shown_[seat] = now;
    while (shown.ends_with('\n')) shown.pop_back();
    if (last_seat_ != seat && !last_seat_.empty()) shown = console_.bold(fmt::format("-- {} --", seat)) + "\n" + shown;
    last_seat_ = seat;
    console_.out("\n" + (console_.out_is_terminal() ? wrapped(shown, console_.columns()) : shown));
    ActionSet set = request.about.actions.is_nil() ? ActionSet{} : ActionSet::from(request.about.actions);
    bool cue = !request.cue.empty();
    for (;;) {
      console_.out(cue ? " " : "\n> ");
      auto line = console_.read_line();
      if (!line) {
        console_.out("\n");
        return std::nullopt;
      }
      Reading reading = read_reply(set, {}, *line);
      if (reading.why == Reading::Why::read) return line;
      std::string why = reading.reason.empty() ? "" : fmt::format("That cannot be read: {}. ", reading.reason);
      console_.out(console_.dim(why + what_may_be_said(set)));
      cue = false;
    }
  }

  Console& console_;
  std::map<std::string, std::string> shown_;  // by seat: its last prompt
  std::string last_seat_;
};

}  // namespace

std::unique_ptr<Model> person_at(Console& console) { return std::make_unique<Person>(console); }

}  // namespace parley
