// What the store costs: matches of two fixed players written, a run's replies kept, a plan registered, tables read.
#include <fmt/format.h>

#include <filesystem>
#include <random>

#include "bench.h"
#include "engine/played.h"
#include "floor.h"

namespace {

using namespace played;

std::string scratch(const std::string& name) {
  return (std::filesystem::temp_directory_path() / (name + std::to_string(getpid()) + ".db")).string();
}

void wipe(const std::string& path) {
  for (const char* tail : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(path + tail);
}

// Of this thread: what else the machine does is not counted.
double cpu_seconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

int64_t some_inputs(Store& store) {
  store.source("games/prisoners_dilemma.lua", hash_of("game {}"), "game {}");
  return store.inputs({{"games/prisoners_dilemma.lua", hash_of("game {}")}});
}

void finished(int matches, int rounds) {
  std::vector<Transcript> some;  // different ones, so that nothing is learnt from the last
  std::mt19937 chance(1);
  for (int k = 0; k < 16; ++k) {
    Script script;
    for (int i = 0; i < rounds; ++i) script.dilemma(k && chance() & 1, k && chance() & 1);
    some.push_back(script.end());
  }
  for (Transcript& t : some) t.words = some[0].words;
  std::string path = scratch("parley-store");
  wipe(path);
  auto list = plans({condition("")}, {lineup({"tit_for_tat", "alternate"})}, static_cast<uint32_t>(matches));
  double seconds = 0;
  {
    Store store = Store::open(path, Store::Mode::write);
    register_plans(store, list);
    int64_t inputs = some_inputs(store);
    store.commit();
    double begun = cpu_seconds();
    for (int i = 0; i < matches; ++i) {
      store.finish(store.begin(static_cast<uint64_t>(i) + 1, inputs), some[static_cast<size_t>(i) % some.size()]);
      if (i % 512 == 511) store.commit();
    }
    store.commit();
    seconds = cpu_seconds() - begun;
  }
  auto size = static_cast<double>(std::filesystem::file_size(path));
  fmt::print("finish: {} matches of {} rounds: {:.1f} us a match, {:.1f} M rounds/s, {:.1f} kB per 1,000 choices\n",
             matches, rounds, seconds / matches * 1e6, matches * double(rounds) / seconds / 1e6,
             size / (2.0 * matches * rounds));
  wipe(path);
}

void replies(int matches, int questions) {
  std::string path = scratch("parley-replies");
  wipe(path);
  auto list = plans({condition("")}, {lineup({"direct", "alternate"}, "openai:x")}, static_cast<uint32_t>(matches));
  {
    Store store = Store::open(path, Store::Mode::write);
    register_plans(store, list);
    int64_t inputs = some_inputs(store);
    Reply reply = said("I choose J.");
    std::vector<int64_t> rows;
    for (int i = 0; i < matches; ++i) rows.push_back(store.begin(static_cast<uint64_t>(i) + 1, inputs));
    store.commit();
    double begun = cpu_seconds();
    int kept = 0;
    std::vector<Hash> hashes;
    for (int i = 0; i < 1000; ++i) hashes.push_back(hash_of(std::to_string(i)));
    for (int n = 1; n <= questions; ++n) {
      for (int i = 0; i < matches; ++i) {
        store.keep(rows[static_cast<size_t>(i)], {1, n, 1, 1}, hashes[static_cast<size_t>(i * n) % 1000], false, "m",
                   reply);
        if (++kept % 16 == 0) store.commit();
      }
    }
    store.commit();
    double seconds = cpu_seconds() - begun;
    begun = cpu_seconds();
    size_t read = 0;
    for (int64_t row : rows) read += store.replies(row).size();
    fmt::print("keep: {} replies of {} interleaved matches, 16 a commit: {:.1f} us to write, {:.1f} us to read\n", kept,
               matches, seconds / kept * 1e6, (cpu_seconds() - begun) / static_cast<double>(read) * 1e6);
  }
  wipe(path);
}

void planned(uint32_t blocks) {
  std::string path = scratch("parley-plan");
  wipe(path);
  std::vector<std::shared_ptr<const Condition>> conditions;
  std::vector<std::shared_ptr<const Lineup>> lineups;
  for (int i = 0; i < 10; ++i) conditions.push_back(condition("c" + std::to_string(i), "cover" + std::to_string(i)));
  for (int i = 0; i < 36; ++i) lineups.push_back(lineup({"s" + std::to_string(i % 6), "t" + std::to_string(i / 6)}));
  auto list = plans(conditions, lineups, blocks);
  {
    Store store = Store::open(path, Store::Mode::write);
    double begun = cpu_seconds();
    register_plans(store, list);
    double first = cpu_seconds() - begun;
    begun = cpu_seconds();
    register_plans(store, list);
    fmt::print("plan: {} matches: {:.2f} s the first time, {:.2f} s again", list.size(), first, cpu_seconds() - begun);
    int64_t inputs = some_inputs(store);
    Transcript t = Script().dilemma(false, false).end();
    begun = cpu_seconds();
    for (uint64_t i = 1; i <= list.size(); ++i) {
      store.finish(store.begin(i, inputs), t);
      if (i % 512 == 0) store.commit();
    }
    store.commit();
    double written = cpu_seconds() - begun;
    begun = cpu_seconds();
    register_plans(store, list);
    fmt::print(", {:.2f} s when all are whole; one-round matches {:.1f} us each\n", cpu_seconds() - begun,
               written / static_cast<double>(list.size()) * 1e6);
  }
  wipe(path);
}

int run(const Arguments& arguments) {
  int matches = arguments.empty() ? 50000 : std::stoi(arguments[0]);
  for (int again = 0; again < 2; ++again) {
    Floor cpp = measure_floor(FloorPlayers::cpp, matches, 200, scratch("parley-floor"));
    Floor lua = measure_floor(FloorPlayers::lua, matches, 200, scratch("parley-floor"));
    fmt::print("floor: players in C++ {:.1f} M rounds/s, in LuaJIT {:.1f} M rounds/s; {:.1f} kB per 1,000 choices\n",
               cpp.rounds_per_second / 1e6, lua.rounds_per_second / 1e6, lua.bytes_per_1000_choices / 1000);
    finished(matches, 200);
  }
  finished(matches, 10);
  replies(1000, 500);
  planned(static_cast<uint32_t>(std::max(1, matches / 360 * 5)));
  return 0;
}

const Bench bench("store", "[MATCHES] the store against a floor: us a match, bytes, replies, plans", run);

}  // namespace
