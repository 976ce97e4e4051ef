// How fast a server is asked, as a value: how many requests may be in flight, and when one that failed is sent again. Knows no
// clock and no thread: moments are handed in.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

namespace parley {

class Pace {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Span = std::chrono::steady_clock::duration;

  // most: in flight at once. a_minute: requests; 0: no limit.
  Pace(int most, int a_minute);

  // How many more may be started now.
  int room(Time now) const;
  void started(Time now);
  // One that was started at `since` came to its end. `pressed`: the server asked for less (429, 503, 529) or did not answer
  // in time. The limit begins at `most`; pressed, it is halved, once for all that were in flight then; after that it grows by
  // one a full round.
  void ended(Time since, Time now, bool pressed);

  int limit() const { return static_cast<int>(limit_); }
  int in_flight() const { return in_flight_; }

  // How long to wait before try `next` (2, 3, ...): what the server said, at most two minutes; else half a second, doubled with
  // each try to at most 30 seconds, of which `chance` in [0, 1) takes up to half away.
  static Span back_off(int next, std::optional<Span> said, double chance);
  // "Retry-After: 3" or a date of RFC 9110 (Section 10.2.3), against `now` in seconds since 1970; none where it is neither.
  static std::optional<Span> retry_after(std::string_view header, int64_t now);
  // A date of RFC 9110 (Section 5.6.7, its first form) in seconds since 1970.
  static std::optional<int64_t> date(std::string_view header);

 private:
  int most_, a_minute_;
  double limit_;
  int in_flight_ = 0;
  Time halved_{};                 // when
  std::deque<Time> last_minute_;  // starts
};

}  // namespace parley
