// The one loop that waits: opens matches, puts their questions to models, keeps every reply before anything depends on it
// (DESIGN 3 and 8).
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "script/scripts.h"
#include "store/store.h"
#include "study/design.h"
#include "study/models.h"
#include "study/spending.h"

namespace parley {

struct RunOptions {
  uint64_t limit = 0;              // play the first so many matches of the order only; 0: all
  uint32_t shard = 1, shards = 1;  // play of these the shard-th (from 1) of so many parts, every shards-th match
  bool retry_void = false;         // begin void matches anew
  bool offline = false;            // a reply that the file does not hold is an error
  uint64_t most_open = 0;          // matches open at once; 0: as the models have room
  Budget budget;                   // what is spent, by earlier runs too, stays within it
};

struct Progress {
  uint64_t planned = 0;                        // within the limit, of this shard
  uint64_t already = 0;                        // of these, whole or void before this run
  uint64_t whole = 0, voided = 0, failed = 0;  // ended in this run
  uint64_t open = 0;                           // under way
  uint64_t in_flight = 0;                      // requests
  uint64_t choices = 0;                        // made in this run
  uint64_t asked = 0;                          // requests put to models
  uint64_t reused = 0;                         // replies that the file held already
  uint64_t repairs = 0, retries = 0;           // asked again for what could not be read; sent again after a failure
  uint64_t tokens = 0;                         // in and out, as models count them
  bool priced = false;                         // whether some model has a price
  double spent = 0, spent_before = 0;          // money, by this run and by those before it
  std::string trouble;                         // what is wrong with a model just now; "" nothing
  uint64_t new_versions = 0;                   // matches played anew because a file changed
  double seconds = 0;
  std::string stopped;  // why it stopped before the end: a model's words, or ""
  bool nothing_to_do() const { return already == planned; }
  uint64_t pending() const { return planned - already - whole - voided - failed; }
};

class Run {
 public:
  // Registers the study and its plan in the store and looks at what is there. `info.fields` and `seed` are the design's.
  // All that it refers to lives as long as the run. Error: the store is another study's, ...
  Run(const Design& design, const StudyInfo& info, Scripts& scripts, Store& store, ModelSet& models,
      RunOptions options = {});
  ~Run();

  // Goes on until the deadline or until all is done; returns whether there is more to do. Everything that arrived is
  // committed when it returns. Error: an author's mistake in a match, once what was in flight has been stored; a store that
  // cannot be written.
  bool step(std::chrono::steady_clock::time_point deadline);

  // Starts nothing more; step() goes on for what is in flight, five seconds at most.
  void stop();

  const Progress& progress() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parley
