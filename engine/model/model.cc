#include "model/model.h"

#include <cmath>
#include <limits>

#include "base/json.h"

namespace parley {
const char* mode_name(ReadMode mode) {
  return mode == ReadMode::scored ? "scored" : mode == ReadMode::constrained ? "constrained" : "text";
}

size_t Request::characters() const {
  size_t all = cue.size();
  for (const Message& message : messages) all += message.text.size();
  return all;
}

std::string Request::canonical() const {
  Value::List said;
  for (const Message& m : messages) said.push_back(Value::List{m.role, m.text});
  return to_json(Value::List{model, sampling, std::move(said), cue, mode_name(read),
                             Value::List(labels.begin(), labels.end()), schema});
}

Usage& Usage::operator+=(const Usage& more) {
  input += more.input;
  cached += more.cached;
  written += more.written;
  output += more.output;
  reasoning += more.reasoning;
  return *this;
}

Value Reply::to_value() const {
  Value::Record r;
  if (!scores.empty()) {
    Value::List list;  // nil: not visible
    for (double s : scores) list.push_back(std::isfinite(s) ? Value(s) : Value());
    r.emplace("scores", std::move(list));
  }
  if (scores.empty()) r.emplace("text", text);
  if (finish != "stop") r.emplace("finish", finish);
  if (!thinking.empty()) r.emplace("thinking", thinking);
  if (usage != Usage())
    r.emplace("usage", Value::List{usage.input, usage.cached, usage.written, usage.output, usage.reasoning});
  if (!served.empty()) r.emplace("served", served);
  if (!build.empty()) r.emplace("build", build);
  if (!raw.empty()) r.emplace("raw", raw);
  return r;
}

void Mailbox::put(Ticket ticket, Reply reply) const {
  std::lock_guard lock(box_->mutex);
  box_->answers.push_back({ticket, std::move(reply)});
  box_->arrived.notify_one();
}

std::vector<Answer> Mailbox::take(std::chrono::steady_clock::time_point deadline) const {
  std::unique_lock lock(box_->mutex);
  box_->arrived.wait_until(lock, deadline, [&] { return !box_->answers.empty() || box_->woken; });
  box_->woken = false;
  std::deque<Answer>& answers = box_->answers;
  std::vector<Answer> out(std::make_move_iterator(answers.begin()), std::make_move_iterator(answers.end()));
  answers.clear();
  return out;
}

void Mailbox::wake() const {
  std::lock_guard lock(box_->mutex);
  box_->woken = true;
  box_->arrived.notify_one();
}

}  // namespace parley
