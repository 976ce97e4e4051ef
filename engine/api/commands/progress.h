#pragma once
#include <chrono>
#include <string>

#include "api/console.h"
#include "api/workspace.h"
#include "study/run.h"

namespace parley {

// Says how far a run is: on a terminal one line, drawn anew in place; else a plain line every few seconds.
class ProgressLine {
 public:
  using Time = std::chrono::steady_clock::time_point;
  // `quiet`: says nothing at all.
  ProgressLine(Console& console, bool quiet);
  ~ProgressLine();

  void update(const Progress& progress, Time now);
  // Takes the line off the terminal.
  void clear();

 private:
  Console& console_;
  bool quiet_, drawn_ = false;
  Time last_;
  // What the rates are of: the run some seconds ago, so that they follow what happens.
  struct Mark {
    double seconds = 0;
    uint64_t choices = 0, answers = 0, tokens = 0, done = 0;
  } mark_, next_mark_;
};

// Plays a study with its line of progress, until it is over or a signal stops it.
Progress run_to_end(Console& console, const Design& design, const StudyInfo& info, Workspace& workspace, Store& store,
                    const RunOptions& options, bool quiet = false);

// Says what is left where a run did not come to its end; gives the exit code, 0 where it did.
int how_it_ended(Console& console, const Progress& progress);

// Says on a terminal how many matches are done, and leaves where a signal asks for it.
class CountLine {
 public:
  explicit CountLine(Console& console) : console_(console), last_(std::chrono::steady_clock::now()) {}
  ~CountLine() { clear(); }
  // Throws Stopped.
  void update(uint64_t done, uint64_t of);
  void clear();

 private:
  Console& console_;
  ProgressLine::Time last_;
  bool drawn_ = false;
};

// What the line says beside the counts of `progress`; what is 0 is not known yet.
struct Rates {
  double choices = 0, answers = 0, tokens = 0;  // a second
  double left = 0;                              // seconds
};
// "23 of 64 matches, 12 under way, 118 answers/s, 5,230 tokens/s, 1 min 5 s left".
std::string progress_text(const Progress& progress, const Rates& rates);

}  // namespace parley
