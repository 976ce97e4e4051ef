// The command line: a client of parley.h that lends it the terminal and passes signals on.
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "api/parley.h"

namespace {

volatile sig_atomic_t signal_seen = 0;
int write_error = 0;  // of standard output: the first

void on_signal(int signal) {
  if (signal_seen) _exit(128 + signal);  // a second one leaves at once
  signal_seen = 1;
  parley_stop(signal);
}

void write_out(void*, const char* text, size_t size) {
  bool written = fwrite(text, 1, size, stdout) == size && fflush(stdout) == 0;
  if (!written && write_error == 0) write_error = errno;
}

void write_err(void*, const char* text, size_t size) {
  fwrite(text, 1, size, stderr);
  fflush(stderr);
}

int read_line(void*, char* line, size_t room) {
  // What does not fit is nobody's answer to the next question; a byte 0 is no part of an answer.
  size_t end = 0;
  int c = getchar();
  if (c == EOF) return 0;
  for (; c != EOF && c != '\n'; c = getchar()) {
    if (c != 0 && end + 1 < room) line[end++] = static_cast<char>(c);
  }
  line[end] = '\0';
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
  rlimit files{};  // thousands of connections are as many files: as many as may be
  if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }

  parley_io io{};
  io.out = write_out;
  io.err = write_err;
  io.read_line = read_line;
  io.out_is_terminal = isatty(STDOUT_FILENO);
  io.err_is_terminal = isatty(STDERR_FILENO);
  io.columns = columns();
  int code = parley_command(argc - 1, argv + 1, &io);
  if (write_error != 0 && write_error != EPIPE) {  // who closed a pipe has seen enough
    fprintf(stderr, "parley: what was to be printed could not be written: %s\n", strerror(write_error));
    if (code == 0) code = 1;
  }
  return code;
}
