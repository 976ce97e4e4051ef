// Whole runs: fixed rules against the floor, matches that wait, replaying.
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "bench.h"
#include "engine/lab.h"
#include "floor.h"
#include "study/replay.h"

using namespace parley;
using namespace parley::test;

namespace {

double cpu_seconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

int number_of(const Arguments& arguments, size_t i, int otherwise) {
  return i < arguments.size() ? std::atoi(arguments[i].c_str()) : otherwise;
}

int fixed(const Arguments& arguments) {
  int matches = number_of(arguments, 0, 20000), rounds = number_of(arguments, 1, 200);
  Folder folder;
  std::string study = folder.write("scripts/study.lua",
                                   "study { game = 'prisoners_dilemma', rounds = " + std::to_string(rounds) +
                                       ", repeats = " + std::to_string(matches) +
                                       ", players = { { strategy = 'tit_for_tat' }, { strategy = 'alternate' } } }");
  double ratios = 0;
  for (int i = 0; i < 3; ++i) {
    Floor floor = measure_floor(FloorPlayers::lua, matches, rounds, folder.path() + "/floor.db");
    std::string db = folder.path() + "/study" + std::to_string(i) + ".db";
    double began, took;
    double bytes = 0;
    {
      Store store = Store::open(db, Store::Mode::write);
      Lab lab(folder, study);
      began = cpu_seconds();
      lab.run(store);
      took = cpu_seconds() - began;
    }
    bytes = static_cast<double>(std::filesystem::file_size(db));
    double rate = matches * static_cast<double>(rounds) / took;
    ratios += rate / floor.rounds_per_second / 3;
    printf(
        "%d matches of %d rounds: %.2f M rounds/s; floor %.2f M; ratio %.2f; %.0f bytes per 1,000 choices (floor "
        "%.0f)\n",
        matches, rounds, rate / 1e6, floor.rounds_per_second / 1e6, rate / floor.rounds_per_second,
        bytes / (matches * rounds * 2.0) * 1000, floor.bytes_per_1000_choices);
  }
  printf("ratio to the floor, mean of 3: %.2f (wanted: .50)\n", ratios);
  return 0;
}

int held(const Arguments& arguments) {
  int matches = number_of(arguments, 0, 10000);
  Folder folder;
  std::string study = folder.write(
      "scripts/study.lua",
      "study { game = 'prisoners_dilemma', rounds = 10, model = 'random', repeats = " + std::to_string(matches) +
          ", players = { { strategy = 'direct' }, { strategy = 'scot' } } }");
  Store store = Store::in_memory();
  Lab lab(folder, study, 1 << 30, 1);
  struct Holding : Model {
    std::string identity() const override { return "scripted:random"; }
    Value about() const override { return Value::Record{}; }
    bool can(ReadMode) const override { return true; }
    int room() const override { return 1 << 30; }
    void start(Ticket, const Request&, Mailbox&) override {}
  };
  lab.replace_model(std::make_unique<Holding>());
  double before = resident_kb();
  auto lua = static_cast<double>(lab.scripts().host().memory_used());
  lab.run(store, {}, 4000, matches);
  double after = resident_kb();
  lua = static_cast<double>(lab.scripts().host().memory_used()) - lua;
  printf("%d matches waiting: %.1f KB each (wanted: 12), of these %.1f KB in Lua\n", matches,
         (after - before) / matches, lua / 1024 / matches);
  return 0;
}

int replaying(const Arguments& arguments) {
  int matches = number_of(arguments, 0, 500);
  Folder folder;
  std::string study = folder.write(
      "scripts/study.lua",
      "study { game = 'prisoners_dilemma', rounds = 10, model = 'random', repeats = " + std::to_string(matches) +
          ", players = { { strategy = 'direct' }, { strategy = 'direct' } } }");
  Store store = Store::open(folder.path() + "/x.db", Store::Mode::write);
  Lab lab(folder, study, 256);
  double began = seconds_now();
  lab.run(store);
  double ran = seconds_now() - began;
  began = seconds_now();
  Verified verified = verify(store, false);
  printf("%llu replies: run %.2f s, verify %.2f s (wanted: 1 for 10,000); %llu differ %s\n",
         static_cast<unsigned long long>(verified.replies), ran, seconds_now() - began,
         static_cast<unsigned long long>(verified.differing), verified.first.c_str());
  return verified.differing > 0;
}

int crowd(const Arguments& arguments) {
  int people = number_of(arguments, 0, 100), rounds = number_of(arguments, 1, 50);
  Folder folder;
  std::string study =
      folder.write("scripts/study.lua", "study { game = 'evacuation', rounds = " + std::to_string(rounds) +
                                            ", players = { { strategy = 'least', weights = { distance = 1 }, times = " +
                                            std::to_string(people) + " } } }");
  for (int i = 0; i < 3; ++i) {
    double began = seconds_now(), cpu = cpu_seconds();
    Store store = Store::open(folder.path() + "/" + std::to_string(i) + ".db", Store::Mode::write);
    Lab lab(folder, study);
    lab.run(store);
    printf("%d people, %d rounds: %.3f s, of the processor %.3f s (wanted: .5)\n", people, rounds,
           seconds_now() - began, cpu_seconds() - cpu);
  }
  return 0;
}

Bench b1("fixed", "fixed rules, everything on, against columns straight into SQLite [matches] [rounds]", fixed);
Bench b2("held", "memory of matches that wait for a model [matches]", held);
Bench b3("replay", "verify of asked choices [matches]", replaying);
Bench b4("crowd", "an evacuation by fixed rules, the store included [people] [rounds]", crowd);

}  // namespace
