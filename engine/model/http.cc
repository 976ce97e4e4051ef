#include "model/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <cassert>
#include <cctype>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <unordered_map>

namespace parley {
namespace {

constexpr size_t kLongest = size_t{8} << 20;  // of a body

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
  bool too_long = false;
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

HttpReply::Trouble trouble_of(CURLcode code) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return HttpReply::Trouble::slow;
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
  };

  CURLM* multi = nullptr;
  std::mutex mutex;  // of the next four
  std::vector<std::unique_ptr<Transfer>> sent;
  std::vector<Timer> timers;
  bool cancelled = false, over = false;
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> flying;
  std::vector<std::unique_ptr<CURL, FreeEasy>> spare;
  std::thread thread;

  void start(std::unique_ptr<Transfer> t) {
    if (spare.empty()) {
      t->easy.reset(curl_easy_init());
    } else {
      t->easy = std::move(spare.back());
      spare.pop_back();
    }
    CURL* easy = t->easy.get();
    curl_slist* list = nullptr;
    for (const std::string& header : t->request.headers) list = curl_slist_append(list, header.c_str());
    list = curl_slist_append(list, "Expect:");  // no round trip before a long body
    t->headers.reset(list);
    curl_easy_setopt(easy, CURLOPT_URL, t->request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, t->request.body.data());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(t->request.body.size()));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, t.get());
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, t.get());
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(t->request.deadline.count()));
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     std::min(15'000L, static_cast<long>(t->request.deadline.count())));
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);  // rather one more stream than one more connection, where both can be
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_multi_add_handle(multi, easy);
    flying.emplace(easy, std::move(t));
  }

  void end(std::unique_ptr<Transfer> t, CURLcode code) {
    CURL* easy = t->easy.get();
    if (easy) {
      long status = 0;
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
      curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME, &t->reply.seconds);
      t->reply.status = static_cast<int>(status);
      curl_multi_remove_handle(multi, easy);
      curl_easy_reset(easy);
      if (spare.size() < 64) spare.push_back(std::move(t->easy));
    }
    if (t->too_long) {
      t->reply.trouble = HttpReply::Trouble::too_long;
      t->reply.what = "a reply of more than 8 MB";
    } else if (code != CURLE_OK) {
      t->reply.trouble = trouble_of(code);
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

  void run() {
    for (;;) {
      std::vector<std::unique_ptr<Transfer>> fresh;
      std::vector<Timer> due;
      bool stop, leave;
      auto next = Clock::now() + std::chrono::seconds(10);
      {
        std::lock_guard lock(mutex);
        fresh.swap(sent);
        stop = cancelled;
        leave = over;
        const auto now = Clock::now();
        for (size_t i = 0; i < timers.size();) {
          if (stop || timers[i].when <= now) {
            due.push_back(std::move(timers[i]));
            timers[i] = std::move(timers.back());
            timers.pop_back();
          } else {
            next = std::min(next, timers[i++].when);
          }
        }
      }
      for (auto& t : fresh) stop ? cancel(std::move(t)) : start(std::move(t));
      for (Timer& timer : due) timer.f(stop);
      if (stop) {
        for (auto& [easy, t] : flying) {
          curl_multi_remove_handle(multi, easy);
          cancel(std::move(t));
        }
        flying.clear();
      }
      if (leave && fresh.empty() && due.empty() && flying.empty()) return;
      int running = 0;
      curl_multi_perform(multi, &running);
      int left = 0;
      bool ended = false;
      while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        auto at = flying.find(message->easy_handle);
        assert(at != flying.end());
        std::unique_ptr<Transfer> t = std::move(at->second);
        flying.erase(at);
        end(std::move(t), message->data.result);
        ended = true;
      }
      if (ended || !fresh.empty() || !due.empty()) continue;  // what they sent is taken up first
      const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(next - Clock::now()).count() + 1;
      curl_multi_poll(multi, nullptr, 0, static_cast<int>(std::clamp<long long>(wait, 0, 10'000)), nullptr);
    }
  }
};

Http::Http() : impl_(std::make_unique<Impl>()) {
  static const CURLcode once = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (once != CURLE_OK) throw std::runtime_error("curl does not start");
  impl_->multi = curl_multi_init();
  curl_multi_setopt(impl_->multi, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_MULTIPLEX));
  curl_multi_setopt(impl_->multi, CURLMOPT_MAXCONNECTS, 1024L);
  impl_->thread = std::thread([this] { impl_->run(); });
}

Http::~Http() {
  {
    std::lock_guard lock(impl_->mutex);
    impl_->cancelled = impl_->over = true;
  }
  curl_multi_wakeup(impl_->multi);
  impl_->thread.join();
  impl_->spare.clear();
  curl_multi_cleanup(impl_->multi);
}

void Http::send(HttpRequest request, Done done) {
  auto t = std::make_unique<Transfer>();
  t->request = std::move(request);
  t->done = std::move(done);
  {
    std::lock_guard lock(impl_->mutex);
    impl_->sent.push_back(std::move(t));
  }
  curl_multi_wakeup(impl_->multi);
}

void Http::at(Clock::time_point when, std::function<void(bool)> f) {
  {
    std::lock_guard lock(impl_->mutex);
    impl_->timers.push_back({when, std::move(f)});
  }
  curl_multi_wakeup(impl_->multi);
}

void Http::cancel() {
  {
    std::lock_guard lock(impl_->mutex);
    impl_->cancelled = true;
  }
  curl_multi_wakeup(impl_->multi);
}

}  // namespace parley
