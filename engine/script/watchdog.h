// Stops Lua that does not come back: one thread that watches for how long the playing thread has been in Lua.
#pragma once
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "lua.hpp"

namespace parley {

// Belongs to the thread that made it, which alone may run the state.
//
// To stop Lua is to set a hook, which raises the error at the next instruction. Compiled code does not look at hooks, but
// at LuaJIT's profiler (LUAJIT.md); so the profiler is started with an interval that never comes, and its signal, SIGPROF,
// is sent to the playing thread when Lua is to stop: its handler sets the hook and lets the profiler call compiled code
// back. One state a process can have the profiler; a further one plays without the JIT.
class Watchdog {
 public:
  // Where a stretch takes more than `seconds` of CPU time, `hook` is set; it is to raise the error.
  Watchdog(lua_State* lua, double seconds, lua_Hook hook);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Around each stretch of Lua, not nested.
  void enter() { stretch_.store(stretch_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
  void leave() {
    stretch_.store(stretch_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    if (tripped()) release();
  }

  // Sets the hook now; it stays until the stretch ends. Only on the playing thread, within a stretch.
  void trip();
  // Takes the hook away again.
  void release();
  bool tripped() const { return tripped_.load(std::memory_order_relaxed); }

  // For C functions that may take long, which no hook stops: does not come back where Lua is to stop.
  void check(lua_State* L) {
    if (late() || tripped()) hook_(L, nullptr);
  }

  // Whether the playing thread has room on its own stack for another call of Lua from C++.
  bool has_room() const { return static_cast<const char*>(__builtin_frame_address(0)) > lowest_; }

  // The number of this stretch.
  uint64_t stretch() const { return stretch_.load(std::memory_order_relaxed); }
  // Whether this stretch is beyond its time.
  bool late() const { return late_.load(std::memory_order_relaxed) == stretch(); }

 private:
  void watch();
  static void on_signal(int signal, siginfo_t* info, void* context);

  lua_State* lua_;
  double seconds_;
  lua_Hook hook_;
  bool profiled_ = false;  // this state has LuaJIT's profiler
  pthread_t player_ = pthread_self();
  const char* lowest_ = nullptr;       // where its stack is nearly full
  std::atomic<uint64_t> stretch_{0};   // odd: in Lua
  std::atomic<uint64_t> late_{~0ull};  // the stretch that is to be stopped
  std::atomic<bool> tripped_{false};   // the hook is set
  std::mutex mutex_;
  std::condition_variable quit_;
  bool quitting_ = false;
  std::thread thread_;
};

}  // namespace parley
