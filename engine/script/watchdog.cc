#include "script/watchdog.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <stdexcept>

namespace parley {
namespace {

constexpr size_t kStackRoom = size_t{512} << 10;  // bytes
constexpr auto kPoll = std::chrono::milliseconds(10);

std::mutex profiler_mutex;
bool profiler_taken = false;
void (*profiler_handler)(int) = nullptr;  // LuaJIT's own

struct sigaction action_of(int signal) {
  struct sigaction action = {};
  sigaction(signal, nullptr, &action);
  return action;
}

double cpu_seconds(clockid_t clock) {
  timespec t = {};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

}  // namespace

Watchdog::Watchdog(lua_State* lua, double seconds, lua_Hook hook) : lua_(lua), seconds_(seconds), hook_(hook) {
  pthread_attr_t attributes;
  if (pthread_getattr_np(player_, &attributes) == 0) {
    void* low = nullptr;
    size_t size = 0;
    pthread_attr_getstack(&attributes, &low, &size);
    lowest_ = static_cast<const char*>(low) + std::min(size / 2, kStackRoom);
    pthread_attr_destroy(&attributes);
  }
  struct sigaction ours = {};
  ours.sa_sigaction = &Watchdog::on_signal;
  ours.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
  sigemptyset(&ours.sa_mask);
  {
    std::lock_guard lock(profiler_mutex);
    sigaction(SIGPROF, &ours, nullptr);  // stays: where a state ends, LuaJIT puts back what it found
    if (!profiler_taken) {
      profiler_taken = profiled_ = true;
      luaJIT_profile_start(
          lua_, "li1000000000", [](void*, lua_State*, int, int) {}, nullptr);
      profiler_handler = action_of(SIGPROF).sa_handler;
      sigaction(SIGPROF, &ours, nullptr);
    }
  }
  if (!profiled_) luaJIT_setmode(lua_, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);

  sigset_t all, before;  // signals of the process are for other threads
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { watch(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Watchdog::~Watchdog() {
  {
    std::lock_guard lock(mutex_);
    quitting_ = true;
  }
  quit_.notify_one();
  thread_.join();
  if (profiled_) {
    std::lock_guard lock(profiler_mutex);
    luaJIT_profile_stop(lua_);
    profiler_taken = false;
  }
}

void Watchdog::watch() {
  clockid_t clock;
  if (pthread_getcpuclockid(player_, &clock) != 0) return;
  uint64_t seen = 0;
  double since = 0;
  std::unique_lock lock(mutex_);
  while (!quit_.wait_for(lock, kPoll, [this] { return quitting_; })) {
    uint64_t now = stretch_.load(std::memory_order_relaxed);
    if (now % 2 == 0) continue;
    if (now != seen) {
      seen = now;
      since = cpu_seconds(clock);
    } else if (cpu_seconds(clock) - since >= seconds_) {
      late_.store(now, std::memory_order_relaxed);
      sigval self = {};
      self.sival_ptr = this;
      pthread_sigqueue(player_, SIGPROF, self);  // again at every poll: a hook set at a bad moment is lost
    }
  }
}

void Watchdog::on_signal(int, siginfo_t* info, void*) {
  if (info->si_code != SI_QUEUE) return;
  auto* self = static_cast<Watchdog*>(info->si_value.sival_ptr);
  if (self->late()) self->trip();
}

void Watchdog::trip() {
  tripped_.store(true, std::memory_order_relaxed);
  lua_sethook(lua_, nullptr, 0, 0);                           // so that the dispatch table is written anew in any case
  lua_sethook(lua_, hook_, LUA_MASKCOUNT | LUA_MASKLINE, 1);  // not at calls: an error's handler, in C, is to run
  if (profiled_) profiler_handler(SIGPROF);
}

void Watchdog::release() {
  tripped_.store(false, std::memory_order_relaxed);
  lua_sethook(lua_, nullptr, 0, 0);
}

}  // namespace parley
