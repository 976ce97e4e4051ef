// The command line: a client of parley.h that lends it the terminal and passes signals on.
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "api/parley.h"

namespace {

volatile sig_atomic_t signals_seen = 0;

void on_signal(int signal) {
  if (signals_seen++ > 0) _exit(128 + signal);  // a second one leaves at once
  parley_stop(signal);
}

void write_to(FILE* file, const char* text, size_t size) {
  fwrite(text, 1, size, file);
  fflush(file);
}

int read_line(void*, char* line, size_t room) {
  if (!fgets(line, static_cast<int>(room), stdin)) return 0;
  line[strcspn(line, "\n")] = '\0';
  return 1;
}

int columns() {
  winsize size{};
  for (int fd : {STDOUT_FILENO, STDERR_FILENO}) {
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  struct sigaction action {};
  action.sa_handler = on_signal;  // no SA_RESTART: a person's line that is being read ends
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);

  parley_io io{};
  io.out = [](void*, const char* text, size_t size) { write_to(stdout, text, size); };
  io.err = [](void*, const char* text, size_t size) { write_to(stderr, text, size); };
  io.read_line = read_line;
  io.out_is_terminal = isatty(STDOUT_FILENO);
  io.err_is_terminal = isatty(STDERR_FILENO);
  io.columns = columns();
  return parley_command(argc - 1, argv + 1, &io);
}
