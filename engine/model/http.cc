#include "model/http.h"

#include <curl/curl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cctype>
#include <cstdlib>
#include <mutex>
#include <queue>
#include <set>
#include <stdexcept>
#include <thread>
#include <unordered_map>

namespace parley {
namespace {

constexpr size_t kLongest = size_t{8} << 20;  // of a body
// After its deadline, for what arrived while this process was stopped (a laptop's lid, SIGSTOP): it is read, not given up.
constexpr auto kLate = std::chrono::milliseconds(250);

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// One request on its way.
struct Transfer {
  std::unique_ptr<CURL, FreeEasy> easy;
  std::unique_ptr<curl_slist, FreeList> headers;
  HttpRequest request;
  HttpReply reply;
  Http::Done done;
  bool too_long = false, late = false;
  Http::Clock::time_point ends;
};

size_t take_body(char* data, size_t, size_t size, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  if (transfer.reply.body.size() + size > kLongest) {
    transfer.too_long = true;
    return 0;  // ends the transfer
  }
  transfer.reply.body.append(data, size);
  return size;
}

size_t take_header(char* data, size_t, size_t size, void* to) {
  auto& headers = static_cast<Transfer*>(to)->reply.headers;
  std::string_view line(data, size);
  if (line.starts_with("HTTP/")) headers.clear();  // of the last of several heads
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || headers.size() > 200) return size;
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && std::isspace(static_cast<unsigned char>(value.front()))) value.remove_prefix(1);
  while (!value.empty() && std::isspace(static_cast<unsigned char>(value.back()))) value.remove_suffix(1);
  headers.emplace(std::move(name), value);
  return size;
}

int count_sent(void* transfer, char*, char*, int, int) {
  ++static_cast<Transfer*>(transfer)->reply.sent;
  return CURL_PREREQFUNC_OK;
}

HttpReply::Trouble trouble_of(CURLcode code, bool late) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:  // curl's own is that of connecting
      return late ? HttpReply::Trouble::slow : HttpReply::Trouble::unreachable;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return HttpReply::Trouble::unreachable;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return HttpReply::Trouble::untrusted;
    default:
      return HttpReply::Trouble::broken;
  }
}

}  // namespace

struct Http::Impl {
  struct Timer {
    Clock::time_point when;
    std::function<void(bool)> f;
    bool operator<(const Timer& other) const { return when > other.when; }  // the first is on top
  };

  CURLM* multi = nullptr;
  int poll = -1, wake = -1;
  std::mutex mutex;  // of the next three
  std::vector<std::unique_ptr<Transfer>> sent;
  std::vector<Timer> set;
  bool over = false;
  // Of the thread.
  std::priority_queue<Timer> timers;
  Clock::time_point curl_wants = Clock::time_point::max();
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> flying;
  std::set<std::pair<Clock::time_point, CURL*>> ends;  // of those that fly
  std::vector<std::unique_ptr<CURL, FreeEasy>> spare;
  std::thread thread;

  static int watch(CURL*, curl_socket_t fd, int what, void* self, void* known) {
    auto& impl = *static_cast<Impl*>(self);
    if (what == CURL_POLL_REMOVE) {
      epoll_ctl(impl.poll, EPOLL_CTL_DEL, fd, nullptr);
      return 0;
    }
    epoll_event event{};
    event.events = (what & CURL_POLL_IN ? unsigned{EPOLLIN} : 0u) | (what & CURL_POLL_OUT ? unsigned{EPOLLOUT} : 0u);
    event.data.fd = fd;
    epoll_ctl(impl.poll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
    if (!known) curl_multi_assign(impl.multi, fd, self);
    return 0;
  }

  static int set_timer(CURLM*, long milliseconds, void* self) {
    static_cast<Impl*>(self)->curl_wants =
        milliseconds < 0 ? Clock::time_point::max() : Clock::now() + std::chrono::milliseconds(milliseconds);
    return 0;
  }

  static std::unique_ptr<CURL, FreeEasy> new_easy() {
    std::unique_ptr<CURL, FreeEasy> made(curl_easy_init());
    CURL* easy = made.get();
    if (!easy) throw std::bad_alloc();
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, count_sent);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    const char* trusted = std::getenv("SSL_CERT_FILE");  // as OpenSSL and its users have it
    if (trusted && *trusted) curl_easy_setopt(easy, CURLOPT_CAINFO, trusted);
    return made;
  }

  void start(std::unique_ptr<Transfer> t) {
    if (spare.empty()) spare.push_back(new_easy());
    t->easy = std::move(spare.back());
    spare.pop_back();
    CURL* easy = t->easy.get();
    curl_slist* list = nullptr;
    for (const std::string& header : t->request.headers) list = curl_slist_append(list, header.c_str());
    list = curl_slist_append(list, "Expect:");  // no round trip before a long body
    t->headers.reset(list);
    curl_easy_setopt(easy, CURLOPT_URL, t->request.url.c_str());
    // Rather one more stream than one more connection, once the handshake of the first says whether both can be; without
    // TLS only its first reply would say so.
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, t->request.url.starts_with("https:") ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, t->request.body.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(t->request.body.size()));
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, t.get());
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, t.get());
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, t.get());
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     std::min(15'000L, static_cast<long>(t->request.deadline.count())));
    t->ends = Clock::now() + t->request.deadline;
    ends.emplace(t->ends, easy);
    flying.emplace(easy, std::move(t));
    curl_multi_add_handle(multi, easy);
  }

  std::unique_ptr<Transfer> land(CURL* easy) {
    auto at = flying.find(easy);
    assert(at != flying.end());
    std::unique_ptr<Transfer> t = std::move(at->second);
    flying.erase(at);
    ends.erase({t->ends, easy});
    curl_multi_remove_handle(multi, easy);
    return t;
  }

  void end(std::unique_ptr<Transfer> t, CURLcode code) {
    long status = 0;
    curl_easy_getinfo(t->easy.get(), CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(t->easy.get(), CURLINFO_TOTAL_TIME, &t->reply.seconds);
    t->reply.status = static_cast<int>(status);
    if (spare.size() < 1024) spare.push_back(std::move(t->easy));
    if (t->too_long) {
      t->reply.trouble = HttpReply::Trouble::too_long;
      t->reply.what = "a reply of more than 8 MB";
    } else if (code != CURLE_OK) {
      t->reply.trouble = trouble_of(code, t->late);
      t->reply.what = curl_easy_strerror(code);
    }
    if (t->reply.trouble != HttpReply::Trouble::none) t->reply.body.clear();
    t->done(std::move(t->reply));
  }

  static void cancel(std::unique_ptr<Transfer> t) {
    t->reply.trouble = HttpReply::Trouble::cancelled;
    t->reply.what = "cancelled";
    t->done(std::move(t->reply));
  }

  // Takes up what other threads handed over. False: all is over.
  bool take_up() {
    std::vector<std::unique_ptr<Transfer>> fresh;
    bool stop;
    {
      std::lock_guard lock(mutex);
      fresh.swap(sent);
      for (Timer& timer : set) timers.push(std::move(timer));
      set.clear();
      stop = over;
    }
    for (auto& t : fresh) stop ? cancel(std::move(t)) : start(std::move(t));
    bool any = !fresh.empty();
    while (!timers.empty() && (stop || timers.top().when <= Clock::now())) {
      auto f = std::move(const_cast<Timer&>(timers.top()).f);
      timers.pop();
      f(stop);
      any = true;
    }
    while (stop && !flying.empty()) cancel(land(flying.begin()->first));
    return !stop || any;
  }

  // Those past their deadline, once all that has arrived was read.
  void cut_late(Clock::time_point now) {
    while (!ends.empty() && ends.begin()->first <= now) {
      CURL* easy = ends.begin()->second;
      Transfer& t = *flying.find(easy)->second;
      if (t.late) {
        end(land(easy), CURLE_OPERATION_TIMEDOUT);
        continue;
      }
      t.late = true;
      ends.erase(ends.begin());
      t.ends = now + kLate;
      ends.emplace(t.ends, easy);
    }
  }

  int milliseconds_to_wait() {
    auto next = std::min(Clock::now() + std::chrono::seconds(10), curl_wants);
    if (!timers.empty()) next = std::min(next, timers.top().when);
    if (!ends.empty()) next = std::min(next, ends.begin()->first);
    {
      std::lock_guard lock(mutex);
      if (!sent.empty() || !set.empty()) return 0;
    }
    const auto wait = next - Clock::now();
    if (wait <= Clock::duration::zero()) return 0;
    return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(wait).count());
  }

  void run() {
    std::array<epoll_event, 256> events;
    while (take_up()) {
      const int n = epoll_wait(poll, events.data(), static_cast<int>(events.size()), milliseconds_to_wait());
      int running = 0;
      for (int i = 0; i < n; ++i) {
        const int fd = events[static_cast<size_t>(i)].data.fd;
        const uint32_t what = events[static_cast<size_t>(i)].events;
        if (fd == wake) {
          uint64_t count;
          [[maybe_unused]] ssize_t got = read(wake, &count, sizeof count);
          continue;
        }
        const int mask = (what & (EPOLLIN | EPOLLHUP) ? CURL_CSELECT_IN : 0) |
                         (what & EPOLLOUT ? CURL_CSELECT_OUT : 0) | (what & EPOLLERR ? CURL_CSELECT_ERR : 0);
        curl_multi_socket_action(multi, fd, mask, &running);
      }
      const auto now = Clock::now();
      if (curl_wants <= now) {
        curl_wants = Clock::time_point::max();
        curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
      }
      int left = 0;
      while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
        const CURLcode code = message->data.result;
        if (message->msg == CURLMSG_DONE) end(land(message->easy_handle), code);
      }
      cut_late(now);
    }
  }
};

Http::Http() : impl_(std::make_unique<Impl>()) {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (once != CURLE_OK) throw std::runtime_error("curl does not start");
  Impl& impl = *impl_;
  impl.multi = curl_multi_init();
  impl.poll = epoll_create1(EPOLL_CLOEXEC);
  impl.wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (!impl.multi || impl.poll < 0 || impl.wake < 0) throw std::runtime_error("no more files can be opened");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = impl.wake;
  epoll_ctl(impl.poll, EPOLL_CTL_ADD, impl.wake, &event);
  curl_multi_setopt(impl.multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(impl.multi, CURLMOPT_MAXCONNECTS, 4096L);
  curl_multi_setopt(impl.multi, CURLMOPT_SOCKETFUNCTION, Impl::watch);
  curl_multi_setopt(impl.multi, CURLMOPT_SOCKETDATA, &impl);
  curl_multi_setopt(impl.multi, CURLMOPT_TIMERFUNCTION, Impl::set_timer);
  curl_multi_setopt(impl.multi, CURLMOPT_TIMERDATA, &impl);
  impl.thread = std::thread([&impl] { impl.run(); });
}

Http::~Http() {
  {
    std::lock_guard lock(impl_->mutex);
    impl_->over = true;
  }
  wake();
  impl_->thread.join();
  impl_->spare.clear();
  curl_multi_cleanup(impl_->multi);
  close(impl_->wake);
  close(impl_->poll);
}

void Http::wake() {
  const uint64_t one = 1;
  [[maybe_unused]] ssize_t put = write(impl_->wake, &one, sizeof one);
}

void Http::send(HttpRequest request, Done done) {
  auto t = std::make_unique<Transfer>();
  t->request = std::move(request);
  t->done = std::move(done);
  bool first;
  {
    std::lock_guard lock(impl_->mutex);
    first = impl_->sent.empty();
    impl_->sent.push_back(std::move(t));
  }
  if (first) wake();
}

void Http::at(Clock::time_point when, std::function<void(bool)> f) {
  {
    std::lock_guard lock(impl_->mutex);
    impl_->set.push_back({when, std::move(f)});
  }
  wake();
}

}  // namespace parley
