#include "api/commands/progress.h"

#include <fmt/format.h>

#include "api/commands/spent.h"
#include "report/table.h"

namespace parley {
namespace {

constexpr auto kRedraw = std::chrono::milliseconds(200);
constexpr auto kPlain = std::chrono::seconds(5);
constexpr double kWindow = 10;  // seconds that rates are taken over

uint64_t done_now(const Progress& progress) { return progress.whole + progress.voided + progress.failed; }

}  // namespace

std::string progress_text(const Progress& p, const Rates& rates) {
  uint64_t done = p.already + done_now(p);
  std::string out = fmt::format("{} of {}", with_commas(static_cast<double>(done)),
                                counted(static_cast<double>(p.planned), "match", "matches"));
  auto add = [&](uint64_t n, const char* what) {
    if (n > 0) out += fmt::format(", {} {}", with_commas(static_cast<double>(n)), what);
  };
  auto add_rate = [&](double n, const char* what) {
    if (n > 0) out += fmt::format(", {} {}/s", n < 10 ? fmt::format("{:.1f}", n) : with_commas(n), what);
  };
  add(p.open, "under way");
  add(p.in_flight, "in flight");
  // Choices are counted when a match ends; where models are asked, their answers say more.
  if (p.asked > 0) {
    add_rate(rates.answers, "answers");
  } else {
    add_rate(rates.choices, "choices");
  }
  add_rate(rates.tokens, "tokens");
  add(p.repairs, "asked again");
  add(p.retries, p.retries == 1 ? "retry" : "retries");
  add(p.voided, "void");
  add(p.failed, "failed");
  add(p.new_versions, "played anew");
  if (p.priced) {
    const double spent = p.spent + p.spent_before;
    out += ", spent " + money_text(spent);
    // Of this run, as its matches go; what was spent before is spent.
    if (done_now(p) > 0) {
      const double each = p.spent / static_cast<double>(done_now(p));
      out += " of about " + money_text(spent + each * static_cast<double>(p.pending()));
    }
  }
  if (!p.trouble.empty()) out += ", " + p.trouble;
  if (rates.left > 0) out += fmt::format(", {} left", duration(rates.left));
  return out;
}

ProgressLine::ProgressLine(Console& console, bool quiet)
    : console_(console), quiet_(quiet), last_(std::chrono::steady_clock::now()) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::update(const Progress& progress, Time now) {
  bool live = console_.err_is_terminal();
  if (quiet_ || now - last_ < (live ? std::chrono::steady_clock::duration(kRedraw) : kPlain)) return;
  last_ = now;
  Mark here{progress.seconds, progress.choices, progress.asked - progress.in_flight, progress.tokens,
            done_now(progress)};
  if (here.seconds - next_mark_.seconds > kWindow) {
    mark_ = next_mark_;
    next_mark_ = here;
  }
  double span = here.seconds - mark_.seconds;
  auto rate = [&](uint64_t from, uint64_t to) { return span > 0 ? static_cast<double>(to - from) / span : 0; };
  Rates rates{rate(mark_.choices, here.choices), rate(mark_.answers, here.answers), rate(mark_.tokens, here.tokens), 0};
  // What is left is reckoned by the whole run: matches end in bursts.
  uint64_t open = progress.planned - progress.already - here.done;
  if (here.done > 0) rates.left = static_cast<double>(open) * here.seconds / static_cast<double>(here.done);
  std::string text = progress_text(progress, rates);
  if (!live) {
    console_.line(text);
    return;
  }
  console_.err("\r" + shortened(text, console_.columns() - 1) + "\x1b[K");
  drawn_ = true;
}

void ProgressLine::clear() {
  if (drawn_) console_.err("\r\x1b[K");
  drawn_ = false;
}

Progress run_to_end(Console& console, const Design& design, const StudyInfo& info, Workspace& workspace, Store& store,
                    const RunOptions& options, bool quiet) {
  Run under_way(design, info, workspace.scripts(), store, workspace.models(), options);
  const Progress& progress = under_way.progress();
  ProgressLine line(console, quiet || options.most_open == 1);
  bool stopping = false;
  while (under_way.step(std::chrono::steady_clock::now() + std::chrono::milliseconds(100))) {
    if (stop_signal() != 0 && !stopping) {
      stopping = true;
      under_way.stop();
      line.clear();
      if (progress.in_flight > 0 && !quiet)
        console.line(fmt::format("Stopping: {} under way, five seconds at most.",
                                 counted(static_cast<double>(progress.in_flight), "request is", "requests are")));
    }
    if (!stopping) line.update(progress, std::chrono::steady_clock::now());
  }
  return progress;
}

void CountLine::update(uint64_t done, uint64_t of) {
  leave_if_stopped();
  auto now = std::chrono::steady_clock::now();
  if (!console_.err_is_terminal() || now - last_ < kRedraw) return;
  last_ = now;
  drawn_ = true;
  console_.err(fmt::format("\r{} of {}\x1b[K", with_commas(static_cast<double>(done)),
                           counted(static_cast<double>(of), "match", "matches")));
}

void CountLine::clear() {
  if (drawn_) console_.err("\r\x1b[K");
  drawn_ = false;
}

int how_it_ended(Console& console, const Progress& progress) {
  if (stop_signal() != 0) {
    console.line("Stopped: the same command goes on.");
    return 128 + stop_signal();
  }
  if (!progress.stopped.empty()) console.line(fmt::format("parley: the run stopped: {}", progress.stopped));
  if (progress.failed == 0 && progress.pending() == 0) return 0;
  console.line(
      fmt::format("{} not over: the same command takes them up again.",
                  counted(static_cast<double>(progress.failed + progress.pending()), "match is", "matches are")));
  return 3;
}

}  // namespace parley
