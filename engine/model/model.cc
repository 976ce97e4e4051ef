#include "model/model.h"

#include <cmath>
#include <limits>

#include "base/json.h"

namespace parley {
namespace {

const char* mode_name(ReadMode mode) {
  return mode == ReadMode::scored ? "scored" : mode == ReadMode::constrained ? "constrained" : "text";
}

}  // namespace

std::string Request::canonical() const {
  Value::List said;
  for (const Message& m : messages) said.push_back(Value::List{m.role, m.text});
  return to_json(Value::List{model, sampling, std::move(said), cue, mode_name(read),
                             Value::List(labels.begin(), labels.end()), schema});
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
  if (usage.input || usage.output || usage.cached || usage.reasoning) {
    r.emplace("usage", Value::List{usage.input, usage.cached, usage.output, usage.reasoning});
  }
  if (!served.empty()) r.emplace("served", served);
  if (!build.empty()) r.emplace("build", build);
  if (!raw.empty()) r.emplace("raw", raw);
  return r;
}

Reply Reply::from_value(const Value& value) {
  Reply reply;
  auto word = [&](const char* name) { return value[name].is_string() ? value[name].string() : std::string(); };
  if (value["scores"].is_list()) {
    for (const Value& s : value["scores"].list()) {
      reply.scores.push_back(s.is_number() ? s.number() : -std::numeric_limits<double>::infinity());
    }
  }
  reply.text = word("text");
  if (value["finish"].is_string()) reply.finish = value["finish"].string();
  reply.thinking = word("thinking");
  if (const Value& u = value["usage"]; u.is_list()) {
    auto at = [&](size_t i) { return static_cast<int64_t>(u.list()[i].number()); };
    reply.usage = {at(0), at(1), at(2), at(3)};
  }
  reply.served = word("served");
  reply.build = word("build");
  reply.raw = word("raw");
  return reply;
}

void Mailbox::put(Ticket ticket, Reply reply) {
  std::lock_guard lock(mutex_);
  answers_.push_back({ticket, std::move(reply)});
  arrived_.notify_one();
}

std::vector<Answer> Mailbox::take(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  arrived_.wait_until(lock, deadline, [&] { return !answers_.empty() || woken_; });
  woken_ = false;
  std::vector<Answer> out(std::make_move_iterator(answers_.begin()), std::make_move_iterator(answers_.end()));
  answers_.clear();
  return out;
}

void Mailbox::wake() {
  std::lock_guard lock(mutex_);
  woken_ = true;
  arrived_.notify_one();
}

}  // namespace parley
