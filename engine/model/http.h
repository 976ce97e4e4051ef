// HTTP for models: any number of requests in flight on one thread. The only part that knows curl.
#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace parley {

struct HttpRequest {
  std::string url;
  std::vector<std::string> headers;  // "Name: value"; what is in them is never logged or shown
  std::string body;                  // posted
  std::chrono::milliseconds deadline{600'000};
};

struct HttpReply {
  // What went wrong on the way, where no whole reply arrived.
  enum class Trouble { none, unreachable, broken, slow, too_long, untrusted, cancelled };
  Trouble trouble = Trouble::none;
  std::string what;  // trouble, in words
  int status = 0;    // of the whole reply
  std::string body;
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case; the first of those that come twice
  double seconds = 0;
  int sent = 0;  // how often: again, where a kept connection turned out to be gone before anything came back
};

// Certificates are checked (against the system's, or those of $SSL_CERT_FILE), redirects are not followed (a key would go to another host), compressed bodies are unpacked, a
// body of more than 8 MB is given up. Connections are kept and shared.
class Http {
 public:
  using Clock = std::chrono::steady_clock;
  using Done = std::function<void(HttpReply)>;

  Http();
  // What is under way ends as cancelled.
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  // Exactly one call of `done` follows, on the thread of this. May be called from any thread, also from `done`.
  void send(HttpRequest request, Done done);
  // Calls f on the thread of this, not before `when`; at once, with `true`, when this ends.
  void at(Clock::time_point when, std::function<void(bool cancelled)> f);

 private:
  void wake();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parley
