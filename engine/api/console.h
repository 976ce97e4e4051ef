// What a command talks through: a parley_io with words instead of pointers.
#pragma once
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "api/parley.h"

namespace parley {

class Console {
 public:
  explicit Console(const parley_io* io);

  void out(std::string_view text);   // data
  void err(std::string_view text);   // talk and progress, as it stands
  void line(std::string_view text);  // talk: a line
  // A person's line, without its newline. None: the end of input, or the person interrupted.
  std::optional<std::string> read_line();

  bool out_is_terminal() const { return io_.out_is_terminal != 0; }
  bool err_is_terminal() const { return io_.err_is_terminal != 0; }
  size_t columns() const { return columns_; }

  // For data on a terminal, unless NO_COLOR is set; else the text as it is.
  std::string bold(std::string_view text) const;
  std::string dim(std::string_view text) const;

 private:
  parley_io io_{};
  size_t columns_;
  bool colour_;
};

// The signal that parley_stop() was called with for the command under way; 0: none.
int stop_signal();
// Leaves the command at once where it was asked to stop: for those that have nothing to bring to an end.
struct Stopped : std::runtime_error {
  Stopped() : std::runtime_error("stopped") {}
};
void leave_if_stopped();

// A text cut at blanks, and between wide characters, into lines of at most `width` columns; those after the first begin with
// `margin` blanks. Its own newlines and blanks at the beginnings of lines stay.
std::string wrapped(std::string_view text, size_t width, size_t margin = 0);
// "1 match", "3 matches"; numbers from 10,000 on with commas.
std::string counted(double n, std::string_view one, std::string_view many);
std::string with_commas(double n);
// "2.0 s", "12 s", "1 min 5 s", "3 h 20 min".
std::string duration(double seconds);

}  // namespace parley
