#include "model/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <mutex>
#include <set>

#include "base/json.h"
#include "base/random.h"
#include "model/pace.h"

namespace parley {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMostTries = 7;
// How long a server that cannot be reached is tried: one that never answered, and one that did (a network that is gone for a
// while, a server that starts anew). So long too is waited for one that says that it is asked too much.
constexpr auto kPatience = std::chrono::seconds(20), kMorePatience = std::chrono::seconds(600);
constexpr auto kLook = std::chrono::milliseconds(100);  // whether there is room for what waited long enough

// What a reply of the server means for the request.
struct Verdict {
  enum class Kind { good, again, request, model } kind = Kind::good;
  Fault fault;
  bool pressed = false;  // too much was asked of it
  bool down = false;     // it is not to be had
};

// What a server says of a mistake: {"error": {"message": ...}} and its likes, or the first line of the body.
std::string said(const std::string& body) {
  std::string words;
  try {
    Value value = from_json(body);
    const Value& error = value["error"];
    for (const Value* v : {&error["message"], &error, &value["message"], &value["detail"]}) {
      if (words.empty() && v->is_string()) words = v->string();
    }
    if (words.empty()) words = to_json(error.is_nil() ? value : error);
  } catch (const std::exception&) {
    words = body;
  }
  for (char& c : words) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  while (words.ends_with(' ')) words.pop_back();
  constexpr size_t kMost = 300;
  if (words.size() > kMost) words = words.substr(0, kMost) + "...";
  return words.empty() ? "no reason given" : words;
}

std::string error_code(const std::string& body) {
  try {
    Value value = from_json(body);
    const Value& error = value["error"];
    for (const char* field : {"code", "type"}) {
      if (error[field].is_string()) return error[field].string();
    }
  } catch (const std::exception&) {
  }
  return "";
}

Verdict judge(const HttpReply& reply, bool answered_before) {
  using Kind = Verdict::Kind;
  using Trouble = HttpReply::Trouble;
  switch (reply.trouble) {
    case Trouble::none:
      break;
    case Trouble::unreachable:
      return {Kind::again, {"unreachable", "cannot be reached: " + reply.what}, false, true};
    case Trouble::slow:
      return {Kind::again, {"slow", "did not answer in time"}, true, false};
    case Trouble::too_long:
      return {Kind::again, {"too long", "sends " + reply.what}, false, false};
    case Trouble::untrusted:
      return {Kind::model, {"untrusted", "is not trusted: " + reply.what}, false, false};
    case Trouble::broken:
    case Trouble::cancelled:
      return {Kind::again, {"broken", "broke off: " + reply.what}, false, false};
  }
  const int status = reply.status;
  if (status == 200) return {};
  Verdict verdict{
      Kind::again, {std::to_string(status), fmt::format("answers {}: {}", status, said(reply.body))}, false, false};
  if (status >= 300 && status < 400) {
    auto to = reply.headers.find("location");
    verdict.kind = Kind::model;
    verdict.fault.words =
        fmt::format("redirects{}, which is not followed: say where it is by --base-url",
                    to == reply.headers.end() ? "" : " to " + to->second.substr(0, to->second.find('?')));
  } else if (status == 429) {
    verdict.pressed = true;
    if (error_code(reply.body).find("quota") != std::string::npos) verdict.kind = Kind::model;
  } else if (status == 503 || status == 529) {
    verdict.pressed = true;
  } else if (status == 401 || status == 402 || status == 403 || status == 404) {
    verdict.kind = Kind::model;
  } else if (status >= 400 && status < 500 && status != 408 && status != 409 && status != 425) {
    // 400, 413, 422: this request cannot be. Where none could so far, it is a setting that the server refuses.
    verdict.kind = status == 413 || answered_before ? Kind::request : Kind::model;
  }
  return verdict;
}

// When the server, by its own clock, wants to be asked again; none where it does not say.
std::optional<Pace::Span> asked_to_wait(const HttpReply& reply) {
  auto after = reply.headers.find("retry-after");
  if (after == reply.headers.end() || reply.status == 200) return std::nullopt;
  auto date = reply.headers.find("date");
  const auto its_now = date == reply.headers.end() ? std::nullopt : Pace::date(date->second);
  return Pace::retry_after(after->second, its_now.value_or(std::time(nullptr)));
}

class Server : public Model {
 public:
  Server(const std::string& name, std::string kind, std::unique_ptr<Dialect> dialect, ServerOptions options)
      : name_(name),
        kind_(std::move(kind)),
        dialect_(std::move(dialect)),
        options_(std::move(options)),
        pace_(options_.in_flight, options_.a_minute),
        chance_(name + "|back-off") {
    for (const std::string& url : options_.base_urls) endpoints_.push_back({url, 0, 0, {}});
  }

  std::string identity() const override { return name_; }
  Value about() const override {
    Value::List urls;
    for (const Endpoint& e : endpoints_) urls.emplace_back(e.url);
    return Value::Record{{"kind", kind_},
                         {"name", name_.substr(name_.find(':') + 1)},
                         {"servers", std::move(urls)},
                         {"price", options_.price}};
  }
  Health health() const override {
    std::lock_guard lock(mutex_);
    return {sent_again_, trouble_};
  }
  bool can(ReadMode read) const override { return dialect_->can(read); }
  std::string objection(const Request& request) override { return dialect_->objection(request); }
  int room() const override {
    std::lock_guard lock(mutex_);
    return std::max(0, pace_.room(Clock::now()) - static_cast<int>(waiting_.size()));
  }

  void start(Ticket ticket, const Request& request, Mailbox& mailbox) override {
    if (std::string objection = dialect_->objection(request); !objection.empty()) {
      Reply reply;
      reply.failure = Failure{Failure::Size::model, std::move(objection)};
      return mailbox.put(ticket, std::move(reply));
    }
    auto call = std::make_shared<Call>();
    call->ticket = ticket;
    call->mailbox = &mailbox;
    {
      std::lock_guard lock(mutex_);
      forgotten_.erase(&mailbox);  // another one at the same place
    }
    call->began = Clock::now();
    call->what = dialect_->call(request);
    call->request = request;
    call->request.messages.clear();  // it is in the body
    send(std::move(call));
  }

  void cancel() override {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    // What is in flight may come yet (it is paid for); what waits to be tried again does not.
    http_.at(Clock::now(), [this](bool) { give_up_waiting(); });
  }

  void forget(Mailbox& mailbox) override {
    std::lock_guard lock(mutex_);
    forgotten_.insert(&mailbox);
  }

 private:
  struct Endpoint {
    std::string url;
    int in_flight;
    int failed;              // in a row
    Clock::time_point back;  // it is left alone until then
  };
  struct Call {
    Ticket ticket = 0;
    Mailbox* mailbox = nullptr;
    Clock::time_point began, sent;
    Dialect::Call what;
    Request request;
    size_t endpoint = 0;
    int tries = 0;    // how often it was sent
    int counted = 0;  // of these, those that count against kMostTries
    std::vector<Fault> faults;
  };

  // The server with the fewest requests in flight of those that answer; of none, the one that is tried again first.
  size_t choose(Clock::time_point now) const {
    size_t best = 0;
    auto key = [&](const Endpoint& e) { return std::pair(std::max(e.back, now), e.in_flight); };
    for (size_t i = 1; i < endpoints_.size(); ++i) {
      if (key(endpoints_[i]) < key(endpoints_[best])) best = i;
    }
    return best;
  }

  void send(std::shared_ptr<Call> call) {
    HttpRequest request;
    {
      std::lock_guard lock(mutex_);
      const auto now = Clock::now();
      call->endpoint = choose(now);
      call->sent = now;
      ++call->tries;
      ++endpoints_[call->endpoint].in_flight;
      pace_.started(now);
      request.url = endpoints_[call->endpoint].url + call->what.path;
    }
    request.headers = dialect_->headers();
    request.body = call->what.body;
    request.deadline = options_.deadline;
    http_.send(std::move(request),
               [this, call = std::move(call)](HttpReply reply) mutable { arrived(std::move(call), std::move(reply)); });
  }

  // On the thread of http_.
  void arrived(std::shared_ptr<Call> call, HttpReply http) {
    hide(http.body);
    Verdict verdict;
    {
      std::lock_guard lock(mutex_);
      verdict = judge(http, answered_);
    }
    Reply reply;
    if (verdict.kind == Verdict::Kind::good) {
      reply = dialect_->read(call->request, http.body);
      if (reply.failure && reply.failure->size == Failure::Size::again)
        verdict = {Verdict::Kind::again, {"no answer in it", reply.failure->what}, false, false};
    }
    const bool good = verdict.kind == Verdict::Kind::good;
    bool try_again = verdict.kind == Verdict::Kind::again && http.trouble != HttpReply::Trouble::cancelled;
    const auto now = Clock::now();
    {
      std::lock_guard lock(mutex_);
      Endpoint& endpoint = endpoints_[call->endpoint];
      --endpoint.in_flight;
      pace_.ended(call->sent, now, verdict.pressed);
      if (verdict.down) {
        endpoint.back = now + Pace::back_off(++endpoint.failed + 1, std::nullopt, 0);
        if (trouble_.empty()) lost_since_ = now, trouble_ = verdict.fault.words;
        const bool patient = now - lost_since_ < (answered_ ? kMorePatience : kPatience);
        if (!patient) verdict.kind = Verdict::Kind::model;
        try_again = try_again && patient;
      } else {
        endpoint.failed = 0;
        endpoint.back = {};
        trouble_.clear();
        const bool too_much = http.status == 429 && now - call->began < kMorePatience;
        try_again = try_again && (too_much || ++call->counted < kMostTries);
      }
      answered_ = answered_ || good;
      sent_again_ += static_cast<uint64_t>(std::max(http.sent - 1, 0));
      try_again = try_again && !stopping_;
      if (try_again) ++sent_again_;
    }
    for (int i = 1; i < http.sent; ++i, ++call->tries)
      call->faults.push_back({"broken", "broke off: a connection that was kept is gone"});
    if (!good) call->faults.push_back(verdict.fault);
    if (try_again) {
      const double chance = chance_.unit(call->ticket, static_cast<uint64_t>(call->tries));
      auto when = now + Pace::back_off(call->tries + 1, asked_to_wait(http), chance);
      if (verdict.down && endpoints_.size() > 1 && call->tries <= static_cast<int>(endpoints_.size()))
        when = now;  // another one may be there
      uint64_t number;
      {
        std::lock_guard lock(mutex_);
        number = ++last_wait_;
        waiting_.emplace(number, std::move(call));
      }
      http_.at(when, [this, number](bool cancelled) { again(number, cancelled); });
      return;
    }
    if (!good) {
      reply = Reply();
      reply.failure = Failure{verdict.kind == Verdict::Kind::again     ? Failure::Size::again
                              : verdict.kind == Verdict::Kind::request ? Failure::Size::request
                                                                       : Failure::Size::model,
                              fmt::format("{} {}{}", name_, verdict.fault.words,
                                          call->tries > 1 ? fmt::format(" (after {} tries)", call->tries) : "")};
    }
    deliver(*call, std::move(reply));
  }

  void deliver(Call& call, Reply reply) {
    reply.tries = call.tries;
    reply.faults = std::move(call.faults);
    reply.seconds = std::chrono::duration<double>(Clock::now() - call.began).count();
    std::lock_guard lock(mutex_);
    if (!forgotten_.contains(call.mailbox)) call.mailbox->put(call.ticket, std::move(reply));
  }

  // What waited long enough is sent, within the limits.
  void again(uint64_t number, bool cancelled) {
    std::shared_ptr<Call> call;
    {
      std::lock_guard lock(mutex_);
      auto at = waiting_.find(number);
      if (at == waiting_.end()) return;
      if (cancelled || pace_.room(Clock::now()) > 0) {
        call = std::move(at->second);
        waiting_.erase(at);
      }
    }
    if (!call) return http_.at(Clock::now() + kLook, [this, number](bool over) { again(number, over); });
    cancelled ? give_up(*call) : send(std::move(call));
  }

  void give_up(Call& call) {
    Reply reply;
    reply.failure = Failure{Failure::Size::again, fmt::format("{} {}", name_, call.faults.back().words)};
    deliver(call, std::move(reply));
  }

  void give_up_waiting() {
    std::map<uint64_t, std::shared_ptr<Call>> all;
    {
      std::lock_guard lock(mutex_);
      all.swap(waiting_);
    }
    for (auto& [number, call] : all) give_up(*call);
  }

  // No secret stays in what a server says.
  void hide(std::string& text) const {
    if (options_.secret.empty()) return;
    for (size_t at = text.find(options_.secret); at != std::string::npos; at = text.find(options_.secret, at))
      text.replace(at, options_.secret.size(), "[key]");
  }

  const std::string name_, kind_;
  const std::unique_ptr<Dialect> dialect_;
  const ServerOptions options_;
  mutable std::mutex mutex_;  // of all from here to forgotten_
  std::vector<Endpoint> endpoints_;
  Pace pace_;
  bool answered_ = false, stopping_ = false;
  uint64_t sent_again_ = 0;
  std::string trouble_;  // while no server can be reached: why
  Clock::time_point lost_since_;
  std::map<uint64_t, std::shared_ptr<Call>> waiting_;  // to be tried again
  uint64_t last_wait_ = 0;
  std::set<Mailbox*> forgotten_;
  const Draws chance_;
  Http http_;  // ends first: nothing arrives after it
};

}  // namespace

int64_t tokens_of(const Value& number) { return number.is_number() ? static_cast<int64_t>(number.number()) : 0; }

Reply no_reply(std::string what) {
  Reply reply;
  reply.failure = Failure{Failure::Size::again, std::move(what)};
  return reply;
}

std::unique_ptr<Model> open_server(const std::string& name, const std::string& kind, std::unique_ptr<Dialect> dialect,
                                   ServerOptions options) {
  return std::make_unique<Server>(name, kind, std::move(dialect), std::move(options));
}

}  // namespace parley
