#include "model/pace.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <string>

namespace parley {
namespace {

constexpr std::chrono::minutes kLongest(2);  // that a server is let ask us to wait

}  // namespace

Pace::Pace(int most, int a_minute) : most_(most), a_minute_(a_minute), limit_(most) {}

int Pace::room(Time now) const {
  int room = static_cast<int>(limit_) - in_flight_;
  if (a_minute_ > 0) {
    auto recent = std::count_if(last_minute_.begin(), last_minute_.end(),
                                [&](Time t) { return now - t < std::chrono::minutes(1); });
    room = std::min(room, a_minute_ - static_cast<int>(recent));
  }
  return std::max(room, 0);
}

void Pace::started(Time now) {
  ++in_flight_;
  if (a_minute_ == 0) return;
  while (!last_minute_.empty() && now - last_minute_.front() >= std::chrono::minutes(1)) last_minute_.pop_front();
  last_minute_.push_back(now);
}

void Pace::ended(Time since, Time now, bool pressed) {
  --in_flight_;
  if (pressed) {
    if (since <= halved_) return;
    halved_ = now;
    limit_ = std::max(1.0, limit_ / 2);
  } else {
    limit_ = std::min<double>(limit_ + 1 / limit_, most_);
  }
}

Pace::Span Pace::back_off(int next, std::optional<Span> said, double chance) {
  using namespace std::chrono;
  if (said) return std::min<Span>(*said, kLongest) + duration_cast<Span>(duration<double>(chance / 4));
  const double longest = std::min(30.0, 0.5 * std::pow(2, next - 2));
  return duration_cast<Span>(duration<double>(longest * (1 - chance / 2)));
}

std::optional<Pace::Span> Pace::retry_after(std::string_view header, int64_t now) {
  int64_t seconds = 0;
  auto [end, wrong] = std::from_chars(header.data(), header.data() + header.size(), seconds);
  if (wrong != std::errc() || end != header.data() + header.size()) {
    const auto then = date(header);
    if (!then) return std::nullopt;
    seconds = *then - now;
  }
  // As long as is ever waited: a number of seconds may be too large for a Span.
  return std::min<std::chrono::seconds>(std::chrono::seconds(std::max<int64_t>(seconds, 0)), kLongest);
}

std::optional<int64_t> Pace::date(std::string_view header) {
  // "Wed, 21 Oct 2015 07:28:00 GMT"
  static constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  char month[4] = {};
  std::tm t{};
  const std::string text(header);
  if (std::sscanf(text.c_str(), "%*3s, %d %3s %d %d:%d:%d GMT", &t.tm_mday, month, &t.tm_year, &t.tm_hour, &t.tm_min,
                  &t.tm_sec) != 6)
    return std::nullopt;
  const size_t at = kMonths.find(month);
  if (at == std::string_view::npos || at % 3 != 0) return std::nullopt;
  t.tm_mon = static_cast<int>(at) / 3;
  t.tm_year -= 1900;
  return static_cast<int64_t>(timegm(&t));
}

}  // namespace parley
