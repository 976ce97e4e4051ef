#include "api/commands/progress.h"

#include <fmt/format.h>

#include "report/table.h"

namespace parley {
namespace {

constexpr auto kRedraw = std::chrono::milliseconds(200);
constexpr auto kPlain = std::chrono::seconds(5);
constexpr double kWindow = 10;  // seconds that rates are taken over

uint64_t done_now(const Progress& progress) { return progress.whole + progress.voided + progress.failed; }

}  // namespace

std::string progress_text(const Progress& p, double choices_a_second, double tokens_a_second, double seconds_left) {
  uint64_t done = p.already + done_now(p);
  std::string out = fmt::format("{} of {}", with_commas(static_cast<double>(done)),
                                counted(static_cast<double>(p.planned), "match", "matches"));
  auto add = [&](uint64_t n, const char* what) {
    if (n > 0) out += fmt::format(", {} {}", with_commas(static_cast<double>(n)), what);
  };
  if (choices_a_second > 0)
    out += fmt::format(", {} choices/s",
                       choices_a_second < 10 ? fmt::format("{:.1f}", choices_a_second) : with_commas(choices_a_second));
  if (tokens_a_second > 0) out += fmt::format(", {} tokens/s", with_commas(tokens_a_second));
  add(p.repairs, "asked again");
  add(p.retries, p.retries == 1 ? "retry" : "retries");
  add(p.voided, "void");
  add(p.failed, "failed");
  add(p.new_versions, "played anew");
  if (seconds_left > 0) out += fmt::format(", {} left", duration(seconds_left));
  return out;
}

ProgressLine::ProgressLine(Console& console, bool quiet)
    : console_(console), quiet_(quiet), last_(std::chrono::steady_clock::now()) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::update(const Progress& progress, Time now) {
  bool live = console_.err_is_terminal();
  if (quiet_ || now - last_ < (live ? std::chrono::steady_clock::duration(kRedraw) : kPlain)) return;
  last_ = now;
  Mark here{progress.seconds, progress.choices, progress.tokens, done_now(progress)};
  if (here.seconds - next_mark_.seconds > kWindow) {
    mark_ = next_mark_;
    next_mark_ = here;
  }
  double span = here.seconds - mark_.seconds;
  auto rate = [&](uint64_t from, uint64_t to) { return span > 0 ? static_cast<double>(to - from) / span : 0; };
  // What is left is reckoned by the whole run: matches end in bursts.
  uint64_t open = progress.planned - progress.already - here.done;
  double left = here.done > 0 ? static_cast<double>(open) * here.seconds / static_cast<double>(here.done) : 0;
  std::string text = progress_text(progress, rate(mark_.choices, here.choices), rate(mark_.tokens, here.tokens), left);
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

}  // namespace parley
