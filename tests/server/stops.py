"""A run that is killed, stopped, put to sleep, cut off, or has no disk: nothing answered is lost, nothing answered is asked again.

    stops.py [N]    kill -9 at N random points (20)
"""
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from fake import Fake
from lab import PARLEY, check, fresh, lost, main, parley, query, quiet, rows, run, start, stored, study, until

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
// The clock of day jumps between an hour ago and a day ahead, every half second.
int clock_gettime(clockid_t clock, struct timespec* t) {
  static int (*real)(clockid_t, struct timespec*);
  if (!real) real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  int code = real(clock, t);
  if (clock == CLOCK_REALTIME) t->tv_sec += t->tv_nsec < 500000000 ? -3600 : 86400;
  return code;
}
time_t time(time_t* to) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  if (to) *to = t.tv_sec;
  return t.tv_sec;
}
"""
wanted = asked = None


def undisturbed():
    global wanted, asked
    study(6, 60)
    with Fake() as server:
        run(server)
        wanted, asked = rows("s.db"), len(server.log)


def killed(points):
    chance, all_lost = random.Random(4), []
    for _ in range(points):
        fresh()
        with Fake(delay=.02) as server:
            process = start(server)
            point = chance.randrange(asked)
            until(lambda: len(server.log) >= point, "killed: a run that answers")
            process.kill()
            process.communicate()
            quiet(server)
            before, kept = len(server.log), stored()
            flying = lost() if kept else before
            done = run(server)
            check(done.returncode == 0 and rows("s.db") == wanted, f"killed: rows as undisturbed: {done.stderr}")
            check(len(server.log) - before == asked - kept, "killed: only what was not kept is asked again")
            check(before - kept <= flying <= 64, f"killed: {before - kept} answers lost, {flying} counted, 64 in flight at most")
            if kept and flying:
                check(f"{flying} request{'s were' if flying > 1 else ' was'} in flight when a run was stopped or killed" in done.stderr,
                      f"killed: {done.stderr}")
            all_lost.append(before - kept)
    print(f"killed at {points} points: {sum(all_lost)} answers were in flight and asked again, {max(all_lost)} at most at one", flush=True)


def by_hand():
    fresh()
    with Fake(delay=.1) as server:
        process = start(server)
        until(lambda: len(server.log) > 60, "Ctrl-C: a run that answers")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
        check(process.returncode == 130 and "goes on" in said, f"Ctrl-C: {process.returncode} {said}")
        check(len(server.log) == stored() and lost() == 0, "Ctrl-C: what was in flight is kept")
    fresh()
    with Fake({"hang": 1}, share=1, hang=20) as server:
        process = start(server)
        until(lambda: len(server.log) == 60, "SIGTERM: all asked")
        began = time.time()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
        check(process.returncode == 143 and time.time() - began < 8, f"SIGTERM while a server hangs: {process.returncode}")
        check(lost() == 60, f"SIGTERM while a server hangs: {lost()} in flight")
        process = start(server)
        until(lambda: len(server.log) == 120, "Ctrl-C twice: all asked")
        process.send_signal(signal.SIGINT)
        check(any("Stopping" in line for line in iter(process.stderr.readline, "")), "Ctrl-C twice: the first is heard")
        began = time.time()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
        check(process.returncode == 130 and time.time() - began < 4, f"Ctrl-C twice: {process.returncode}, {time.time() - began:.1f} s")
    with Fake() as server:
        check(run(server).returncode == 0 and rows("s.db") == wanted, "stopped twice: rows as undisturbed")


def asleep():
    """A laptop's lid: replies arrive, and time-outs pass, while the process sleeps."""
    fresh()
    with Fake(delay=.3, gather=60) as server:
        process = start(server, "--timeout", "5")
        until(lambda: server.now == 60, "asleep: all asked")  # what is not yet sent is rightly sent again
        process.send_signal(signal.SIGSTOP)
        until(lambda: not server.now, "asleep: answered")
        time.sleep(6)
        process.send_signal(signal.SIGCONT)
        _, said = process.communicate(timeout=60)
        check(process.returncode == 0 and rows("s.db") == wanted, f"asleep: {said}")
        check(len(server.log) == asked, f"asleep: {len(server.log)} asked, {asked} needed: {said}")


def network_gone(seconds):
    fresh()
    with Fake(delay=.1) as server:
        process = start(server)
        until(lambda: len(server.log) > 60, "network gone: a run that answers")
        server.gone(seconds)
        _, said = process.communicate(timeout=180)
        check(process.returncode == 0 and rows("s.db") == wanted, f"network gone: {said}")
        check("unreachable" in said and "failed" not in said, f"network gone: {said}")
        check(sum(s == "ok" for _, s in server.log) - stored() <= 64, "network gone: only what was in flight is asked again")


def clock_stepped():
    fresh()
    Path("shim.c").write_text(SHIM)
    if subprocess.run(["cc", "-shared", "-fPIC", "-o", "shim.so", "shim.c"]).returncode:
        return print("skipped: no cc to make a clock that jumps", flush=True)
    env = os.environ | {"LD_PRELOAD": os.path.abspath("shim.so")}
    if subprocess.run([PARLEY, "--version"], env=env, capture_output=True).returncode:
        return print("skipped: this build (with sanitizers) takes no other clock", flush=True)
    with Fake({"429_after": 1, "429_date": 1, "503": 1}, share=.05, delay=.05) as server:
        done = run(server, env=env)
        check(done.returncode == 0 and rows("s.db") == wanted, f"clock stepped: {done.stderr}")


def full_disk():
    fresh()
    os.mkdir("small")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "small"], capture_output=True).returncode:
        return print("skipped: no disk can be made that is full", flush=True)
    try:
        with Fake(delay=.01) as server:
            done = run(server, "--db", "small/s.db")
            check(done.returncode == 1 and "the disk is full (what was committed is safe: make room and run again)" in done.stderr,
                  f"full disk: {done.returncode} {done.stderr}")
            quiet(server)
            before = len(server.log)
            subprocess.run(["mount", "-o", "remount,size=50m", "small"], check=True)
            kept = stored("small/s.db")
            done = run(server, "--db", "small/s.db")
            check(done.returncode == 0 and rows("small/s.db") == wanted, f"full disk, and room again: {done.stderr}")
            check(0 <= before - kept <= 64 + 64 and len(server.log) - before == asked - kept,
                  f"full disk: {before} answered, {kept} kept, {len(server.log) - before} asked again")
    finally:
        subprocess.run(["umount", "small"])


def locked():
    fresh()
    with Fake(delay=.4) as server:
        process = start(server)
        until(lambda: server.log, "locked: a run that answers")
        other = run(server)
        check(other.returncode == 1 and "is being written by another run (process " in other.stderr, f"locked: {other.stderr}")
        held = sqlite3.connect("s.db", isolation_level=None)  # another program, for a while
        held.execute("PRAGMA busy_timeout = 5000")
        held.execute("BEGIN IMMEDIATE")
        time.sleep(1)
        held.execute("COMMIT")
        held.close()
        _, said = process.communicate()
        check(process.returncode == 0 and rows("s.db") == wanted and len(server.log) == asked, f"locked: the run waits: {said}")


def two_at_once():
    """Two studies in one folder, and the shards of one, do not disturb each other."""
    fresh()
    shutil.copy("s.lua", "t.lua")
    Path("t.lua").write_text(Path("t.lua").read_text().replace("direct", "cot"))
    with Fake(delay=.01) as server:
        other = subprocess.Popen([PARLEY, "run", "t.lua", "--base-url", server.url], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shards = [start(server, "--shard", f"{i}/3") for i in (1, 2, 3)]
        done = run(server)
        check(done.returncode == 0 and rows("s.db") == wanted, f"two at once: {done.stderr}")
        other.wait()
        for shard in shards:
            shard.communicate()
        check(other.returncode == 0 and query("t.db", "SELECT count(*) FROM match WHERE status = 'whole'") == [(60,)], "two at once: the other")
        done = parley("merge", "all.db", *(f"s.{i}of3.db" for i in (1, 2, 3)))
        check(done.returncode == 0 and rows("all.db") == wanted, f"merged: {done.stderr}")


def asked_too_much():
    """A server that takes four at once: the limit finds that out."""
    fresh()
    with Fake(at_once=4, delay=.02) as server:
        done = run(server)
        refused = len(server.log) - asked
        check(done.returncode == 0 and rows("s.db") == wanted, f"asked too much: {done.stderr}")
        check(refused < asked, f"asked too much: {refused} refused, {asked} answered")


def several_servers():
    fresh()
    with Fake(delay=.02) as one, Fake(delay=.02) as other:
        done = parley("run", "s.lua", "--base-url", one.url, "--base-url", "http://127.0.0.1:9/v1", "--base-url", other.url)
        check(done.returncode == 0 and rows("s.db") == wanted, f"several servers: {done.stderr}")
        check(len(one.log) > 100 and len(other.log) > 100 and len(one.log) + len(other.log) == asked, "the load is shared")
    fresh()
    with Fake(delay=.02) as one, Fake(delay=.02) as other:
        process = subprocess.Popen([PARLEY, "run", "s.lua", "--base-url", one.url, "--base-url", other.url], stderr=subprocess.PIPE, text=True,
                                   stdout=subprocess.DEVNULL)
        until(lambda: len(other.log) > 20, "one of two gone: a run that answers")
        other.gone(.5)
        _, said = process.communicate()
        check(process.returncode == 0 and rows("s.db") == wanted, f"one of two gone: {said}")
    fresh()
    with Fake(delay=.01) as server:
        run(server, "--max-in-flight", "3")
        check(server.most <= 3, f"--max-in-flight 3: {server.most} at once")
    fresh()
    with Fake(gather=51) as server:  # more at once than files may be open, as a shell has it
        done = subprocess.run(["bash", "-c", f"ulimit -Sn 40; exec {PARLEY} run s.lua --base-url {server.url}"], capture_output=True, text=True)
        check(done.returncode == 0 and "Tries" not in done.stderr, f"few files: {server.most} at once: {done.stderr}")
    fresh()
    with Fake() as server:
        process = start(server, "--rpm", "30")
        until(lambda: len(server.log) >= 30, "--rpm 30: as many as a minute takes")
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        process.communicate()
        check(len(server.log) == 30, f"--rpm 30: {len(server.log)} in a minute")
    fresh()
    with Fake() as server:
        done = run(server, "--limit", "7")
        check(done.returncode == 0 and len(server.log) == 42, f"--limit 7: {len(server.log)}")


if __name__ == "__main__":
    points = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    if points > 20:
        main(undisturbed, lambda: killed(points), lambda: network_gone(60))
    main(undisturbed, lambda: killed(points), by_hand, asleep, lambda: network_gone(8), clock_stepped, full_disk, locked, two_at_once,
         asked_too_much, several_servers)
