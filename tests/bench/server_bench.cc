// Many requests in flight to a server on loopback that answers each after 20 ms: the time against the ideal, the CPU time of a
// request, memory. The ideal is twofold: what 20 ms come to, and what a client takes in the same run that does nothing but send the same
// bytes and count what comes, over as many connections.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <stdexcept>
#include <unordered_map>

#include "bench.h"
#include "engine/lab.h"

using namespace parley;
using namespace parley::test;

namespace {

constexpr double kDelay = .020;

// A process of its own that answers every POST with "J", kDelay after it has come.
class Loopback {
 public:
  Loopback() {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&at), size) != 0 || listen(fd, 4096) != 0)
      throw std::runtime_error("no socket");
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // and of those that it accepts
    getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
    at_ = at;
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(at.sin_port)) + "/v1";
    process_ = fork();
    if (process_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      serve(fd);
    }
    close(fd);
  }
  ~Loopback() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }
  const std::string& url() const { return url_; }
  const sockaddr_in& address() const { return at_; }

 private:
  [[noreturn]] static void serve(int listener) {
    const std::string body =
        R"({"id":"x","object":"chat.completion","model":"bench-1","system_fingerprint":"fp_1","choices":[{"index":0,"message":)"
        R"({"role":"assistant","content":"J"},"finish_reason":"stop"}],"usage":{"prompt_tokens":210,"completion_tokens":1,)"
        R"("total_tokens":211}})";
    const std::string reply =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
        "\r\n\r\n" + body;
    int poll = epoll_create1(0);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = listener;
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    std::unordered_map<int, std::string> got;  // what has come, by socket
    std::deque<std::pair<double, int>> due;    // answers, in the order in which they are sent
    std::vector<epoll_event> events(1024);
    for (;;) {
      timespec wait{0, 0};
      timespec* most = nullptr;
      if (!due.empty()) {
        wait.tv_nsec = static_cast<long>(std::max(0.0, due.front().first - seconds_now()) * 1e9);
        most = &wait;
      }
      int n = epoll_pwait2(poll, events.data(), static_cast<int>(events.size()), most, nullptr);
      const double now = seconds_now();
      for (int i = 0; i < n; ++i) {
        const int fd = events[static_cast<size_t>(i)].data.fd;
        if (fd == listener) {
          for (int c; (c = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
            event.data.fd = c;
            epoll_ctl(poll, EPOLL_CTL_ADD, c, &event);
            got[c].clear();
          }
          continue;
        }
        char bytes[65536];
        ssize_t size = read(fd, bytes, sizeof bytes);
        if (size <= 0) {
          close(fd);
          got.erase(fd);
          continue;
        }
        std::string& text = got[fd];
        text.append(bytes, static_cast<size_t>(size));
        const size_t head = text.find("\r\n\r\n");
        const char* length = strcasestr(text.c_str(), "content-length:");
        if (head == text.npos || !length || text.size() < head + 4 + static_cast<size_t>(std::atoi(length + 15)))
          continue;
        text.clear();
        due.emplace_back(now + kDelay, fd);
      }
      while (!due.empty() && due.front().first <= seconds_now()) {
        if (write(due.front().second, reply.data(), reply.size()) < 0) {
          // It has gone; the read says so.
        }
        due.pop_front();
      }
    }
  }

  std::string url_;
  sockaddr_in at_{};
  pid_t process_;
};

// Seconds that a client takes which does nothing else.
double bare_client(const Loopback& server, int requests, int in_flight, size_t body) {
  const std::string request =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
      "Content-Length: " +
      std::to_string(body) + "\r\n\r\n" + std::string(body, 'x');
  const double began = seconds_now();
  int poll = epoll_create1(0), started = 0, answered = 0;
  std::vector<int> sockets;
  for (int i = 0; i < in_flight; ++i) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    connect(fd, reinterpret_cast<const sockaddr*>(&server.address()), sizeof(sockaddr_in));
    epoll_event event{};
    event.events = EPOLLOUT;
    event.data.fd = fd;
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
    sockets.push_back(fd);
  }
  std::vector<epoll_event> events(1024);
  while (answered < requests) {
    int n = epoll_wait(poll, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < n; ++i) {
      const int fd = events[static_cast<size_t>(i)].data.fd;
      if (events[static_cast<size_t>(i)].events & EPOLLOUT) {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = fd;
        epoll_ctl(poll, EPOLL_CTL_MOD, fd, &event);
      } else {
        char bytes[65536];
        if (read(fd, bytes, sizeof bytes) <= 0) throw std::runtime_error("the server has gone");
        ++answered;
      }
      if (started++ < requests && write(fd, request.data(), request.size()) < 0)
        throw std::runtime_error("the server has gone");
    }
  }
  const double took = seconds_now() - began;
  for (int fd : sockets) close(fd);
  close(poll);
  return took;
}

double cpu_of_all_threads() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::unique_ptr<Model> open_bench(const Loopback& server, int in_flight) {
  ModelOptions options;
  options.base_urls = {server.url()};
  options.in_flight = in_flight;
  return open_model("openai:bench", options);
}

// The same under the name that the study of a Lab knows.
class Renamed : public Model {
 public:
  explicit Renamed(std::unique_ptr<Model> inner) : inner_(std::move(inner)) {}
  std::string identity() const override { return "scripted:random"; }
  Value about() const override { return inner_->about(); }
  bool can(ReadMode read) const override { return inner_->can(read); }
  int room() const override { return inner_->room(); }
  void start(Ticket ticket, const Request& request, Mailbox& mailbox) override {
    inner_->start(ticket, request, mailbox);
  }

 private:
  std::unique_ptr<Model> inner_;
};

double ideal(int requests, int in_flight) { return (requests + in_flight - 1) / in_flight * kDelay; }

// The model alone: requests of one prompt, as many in flight as may be.
int flood(const Loopback& server, int requests, int in_flight, double wanted) {
  auto model = open_bench(server, in_flight);
  Mailbox mailbox;
  Request request;
  request.model = model->identity();
  request.messages = {{"system", std::string(600, 'x')}, {"user", "Option J or Option F?"}};
  request.labels = {"J", "F"};
  const double bare = bare_client(server, requests, in_flight, 800);
  const double began = seconds_now(), cpu = cpu_of_all_threads();
  int started = 0, answered = 0;
  while (answered < requests) {
    while (started < requests && model->room() > 0) model->start(static_cast<Ticket>(++started), request, mailbox);
    for (const Answer& answer : mailbox.take(std::chrono::steady_clock::now() + std::chrono::seconds(10))) {
      if (answer.reply.failure) throw std::runtime_error(answer.reply.failure->what);
      ++answered;
    }
  }
  const double took = seconds_now() - began;
  printf(
      "%d requests, %d in flight: %.0f ms; a bare client %.0f ms, ratio %.2f (wanted: %.2f); by 20 ms alone %.0f ms, "
      "ratio %.2f; "
      "CPU %.0f us a request\n",
      requests, in_flight, took * 1e3, bare * 1e3, took / bare, wanted, ideal(requests, in_flight) * 1e3,
      took / ideal(requests, in_flight), (cpu_of_all_threads() - cpu) / requests * 1e6);
  return 0;
}

// A whole study: a request a round of each match.
int whole(const Loopback& server, int matches, int rounds, int in_flight) {
  Folder folder;
  std::string study = folder.write(
      "scripts/study.lua", "study { game = 'prisoners_dilemma', model = 'random', labels = { 'J', 'F' }, rounds = " +
                               std::to_string(rounds) + ", repeats = " + std::to_string(matches) +
                               ", players = { { strategy = 'direct' }, { strategy = 'tit_for_tat' } } }");
  Store store = Store::open(folder.path() + "/x.db", Store::Mode::write);
  Lab lab(folder, study);
  lab.replace_model(std::make_unique<Renamed>(open_bench(server, in_flight)));
  const double began = seconds_now(), cpu = cpu_of_all_threads();
  Progress progress = lab.run(store);
  const double took = seconds_now() - began, least = ideal(matches, in_flight) * rounds;
  printf(
      "a study of %llu requests, %d in flight: %.0f ms; ideal %.0f ms, ratio %.2f; CPU %.0f us a request (wanted: "
      "150); "
      "%.0f MB resident\n",
      static_cast<unsigned long long>(progress.asked), in_flight, took * 1e3, least * 1e3, took / least,
      (cpu_of_all_threads() - cpu) / static_cast<double>(progress.asked) * 1e6, resident_kb() / 1024);
  return progress.whole == progress.planned ? 0 : 1;
}

int server(const Arguments& arguments) {
  auto number = [&](size_t i) { return std::atoi(arguments[i].c_str()); };
  Loopback loopback;
  if (arguments.size() == 3) return whole(loopback, number(0), number(1), number(2));
  if (arguments.size() == 2) return flood(loopback, number(0), number(1), 1.15);
  return flood(loopback, 1000, 64, 1.10) + flood(loopback, 10000, 512, 1.15) + whole(loopback, 64, 16, 64) +
         whole(loopback, 640, 16, 64) + whole(loopback, 6400, 16, 64);
}

Bench b("server", "requests to a server of 20 ms: time, CPU, memory [requests in_flight] or [matches rounds in_flight]",
        server);

}  // namespace
