#include "api/console.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <vector>

#include "base/width.h"

namespace parley {

Console::Console(const parley_io* io) {
  if (io) io_ = *io;
  columns_ = io_.columns > 0 ? static_cast<size_t>(io_.columns) : 100;
  const char* no_colour = std::getenv("NO_COLOR");
  colour_ = io_.out_is_terminal && (!no_colour || !*no_colour);
}

void Console::out(std::string_view text) {
  if (io_.out && !text.empty()) io_.out(io_.user, text.data(), text.size());
}

void Console::err(std::string_view text) {
  if (io_.err && !text.empty()) io_.err(io_.user, text.data(), text.size());
}

void Console::line(std::string_view text) { err(std::string(text) + "\n"); }

std::optional<std::string> Console::read_line() {
  std::vector<char> line(size_t{1} << 16);
  if (!io_.read_line || stop_signal() != 0 || !io_.read_line(io_.user, line.data(), line.size())) return std::nullopt;
  std::string text = line.data();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

std::string Console::bold(std::string_view text) const {
  return colour_ ? fmt::format("\x1b[1m{}\x1b[0m", text) : std::string(text);
}

std::string Console::dim(std::string_view text) const {
  return colour_ ? fmt::format("\x1b[2m{}\x1b[0m", text) : std::string(text);
}

void leave_if_stopped() {
  if (stop_signal() != 0) throw Stopped();
}

namespace {

// Where a line may end behind the word that begins at `at`: a wide character is a word of its own.
size_t end_of_word(std::string_view text, size_t at) {
  const size_t from = at;
  bool wide = false;
  while (at < text.size() && text[at] != ' ' && text[at] != '\n') {
    const Glyph glyph = glyph_at(text, at);
    if (at > from && glyph.columns > 0 && (wide || glyph.columns > 1)) break;
    wide = wide || glyph.columns > 1;
    at += glyph.bytes;
  }
  return at;
}

}  // namespace

std::string wrapped(std::string_view text, size_t width, size_t margin) {
  std::string out;
  size_t at = 0;       // columns of the line under way
  bool began = false;  // whether it has a word
  for (size_t i = 0; i < text.size();) {
    if (text[i] == '\n') {
      out += "\n" + std::string(margin, ' ');
      at = 0;
      began = false;
      ++i;
      continue;
    }
    size_t word = std::min(text.find_first_not_of(' ', i), text.size());
    size_t end = std::min(end_of_word(text, word), text.size());
    size_t wide = display_width(text.substr(word, end - word));
    if (began && at + (word - i) + wide > width) {
      out += "\n" + std::string(margin, ' ');
      at = 0;
    } else {
      out += text.substr(i, word - i);
      at += word - i;
    }
    out += text.substr(word, end - word);
    at += wide;
    began = began || wide > 0;
    i = end;
  }
  return out;
}

std::string with_commas(double n) {
  std::string digits = fmt::format("{:.0f}", n);
  if (std::abs(n) < 10000) return digits;
  for (size_t i = digits.size(); i > 3 + (n < 0 ? 1 : 0);) {
    i -= 3;
    digits.insert(i, ",");
  }
  return digits;
}

std::string counted(double n, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", with_commas(n), n == 1 ? one : many);
}

std::string duration(double seconds) {
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  auto s = static_cast<int64_t>(std::llround(seconds));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {} s", s / 60, s % 60);
  return fmt::format("{} h {} min", s / 3600, s % 3600 / 60);
}

}  // namespace parley
