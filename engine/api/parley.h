/* The library's C face: every command of the command line, for programs that embed parley. */
#ifndef PARLEY_H
#define PARLEY_H
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where a command reads and writes. Data goes to `out`, talk and progress to `err`. Any function may be NULL: what it is
   given is dropped, and reading finds the end of input. `user` is handed to each. */
typedef struct parley_io {
  void* user;
  void (*out)(void* user, const char* text, size_t size);
  void (*err)(void* user, const char* text, size_t size);
  /* Reads one line without its newline into `line` (cut at `room` - 1 bytes, ended by NUL). 0 at the end of input. */
  int (*read_line)(void* user, char* line, size_t room);
  int out_is_terminal, err_is_terminal; /* colour and live progress are for terminals only */
  int columns;                          /* width of the terminal; 0: 100 */
} parley_io;

/* Runs one command ("run", "study.lua", ...; no program name) and returns its exit code: 0 done; 1 an author's mistake, or
   rows that verify cannot derive; 2 misuse; 3 ended with failed or pending matches; 130 stopped by SIGINT, 143 by SIGTERM.
   Throws nothing. Not to be called again before it returned. */
int parley_command(int argc, const char* const* argv, const parley_io* io);

/* Asks the command under way to end as after Ctrl-C (SIGINT) or SIGTERM: nothing new is started, what is in flight gets
   five seconds, what arrived is stored. May be called from a signal handler or another thread. */
void parley_stop(int signal);

/* "0.1.0 (...)": parley, LuaJIT, SQLite, libllama and the build. */
const char* parley_version(void);

#ifdef __cplusplus
}
#endif
#endif
