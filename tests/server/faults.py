"""A server with each fault alone, and with all of them at once: the study ends, or stops with one line; the server's log and the
store agree, request by request."""
import re
import subprocess
import sys
from pathlib import Path

from fake import FAULTS, Fake
from lab import HERE, KEY, PARLEY, check, faults, fresh, leaks, main, parley, query, rows, run, stored, study

STOPS = {"400": "answers 400: this is 400", "401": "answers 401: Incorrect API key provided: Bearer [key]",
         "404": "answers 404: this is 404", "quota": "answers 429: You exceeded your current quota",
         "redirect": "redirects to http://127.0.0.1:"}
# As what a fault stands in the store.
COUNTED = {"reset": "broken", "hang": "slow", "drip": "slow", "cut": "broken", "endless": "slow", "long": "too long", "quota": "429",
           "429_after": "429", "429_date": "429", "redirect": "302", "wrong_length": "no answer in it", "not_json": "no answer in it",
           "wrong_shape": "no answer in it", "html": "no answer in it", "utf8": "no answer in it"}


def agree(server, what):
    sent = {}
    for _, how in server.log:
        if how != "ok":
            how = COUNTED.get(how, how)
            sent[how] = sent.get(how, 0) + 1
    check(faults() == sent, f"{what}: the server sent {sent}, the store has {faults()}")
    answered = sum(how == "ok" for _, how in server.log)
    check(stored() == answered, f"{what}: the server answered {answered}, stored are {stored()}")


def undisturbed():
    study(2, 10)
    with Fake() as server:
        done = run(server)
        check(done.returncode == 0 and len(server.log) == 20 and stored() == 20, f"undisturbed: {done.stderr}")
        check(server.auth == {f"Bearer {KEY}"}, "the key reaches the server")
        check("Tries" not in done.stderr and "in flight when" not in done.stderr, f"undisturbed: {done.stderr}")
        again = run(server)
        check("Nothing to do" in again.stderr and len(server.log) == 20, "a second run asks nothing")
        agree(server, "undisturbed")
    verified = parley("verify", "s.db")
    check(verified.returncode == 0, f"verify: {verified.stderr}")
    return rows("s.db")


def one(fault, wanted):
    study(2, 10)
    with Fake({fault: 1}, share=.3, hang=6) as server:
        done = run(server, "--timeout", "2")
        agree(server, fault)
    check(not leaks() and KEY not in done.stdout + done.stderr, f"{fault}: the key is in {leaks()}")
    if fault in STOPS:
        check(done.returncode == 3 and f"the run stopped: openai:fake {STOPS[fault]}" in done.stderr,
              f"{fault}: ends with {done.returncode}: {done.stderr}")
    elif fault == "413":  # these requests cannot be: their matches are void, with the reason
        check(done.returncode == 0 and "this is 413" in done.stdout, f"413: {done.stdout}{done.stderr}")
        check(parley("verify", "s.db").returncode == 0, "413: verify")
        with Fake() as server:
            done = run(server)
            check("Nothing to do" in done.stderr and not server.log, f"413: what can never be asked is asked again: {done.stderr}")
            done = run(server, "--retry", "void")
            check(done.returncode == 0 and query("s.db", "SELECT count(*) FROM match WHERE status = 'whole'") == [(10,)],
                  f"413, --retry void: {done.stdout}")
            check(parley("verify", "s.db").returncode == 0, "413, --retry void: verify")
    else:
        check(done.returncode == 0 and rows("s.db") == wanted, f"{fault}: rows as undisturbed: {done.stderr}")


def each(wanted):
    """All at the same time: they wait more than they work."""
    here = [sys.executable, str(HERE / "faults.py")]
    runs = [subprocess.Popen([*here, fault, wanted], stdout=subprocess.PIPE, text=True) for fault in FAULTS]
    for fault, process in zip(FAULTS, runs):
        said, _ = process.communicate()
        check(process.returncode == 0, f"{fault}: {said}")


def stopped_goes_on(wanted):
    study(2, 10)
    with Fake({"401": 1}, share=.3) as server:
        check(run(server).returncode == 3, "401 stops the run")
        answered = len([1 for _, sent in server.log if sent == "ok"])
    with Fake() as server:
        check(run(server).returncode == 0, "the same command goes on")
        check(len(server.log) == 20 - answered, "and asks only for what was not answered")
    check(rows("s.db") == wanted, "with the rows of an undisturbed run")


def all_at_once():
    study(6, 60)
    with Fake() as server:
        run(server)
        wanted, asked = rows("s.db"), len(server.log)
    fresh()
    with Fake({f: 1 for f in FAULTS if f not in STOPS and f != "413"}, share=.2, hang=6) as server:
        done = run(server, "--timeout", "2")
        check(done.returncode == 0 and rows("s.db") == wanted, f"all faults at 20 %: {done.stdout}{done.stderr}")
        check(sum(sent == "ok" for _, sent in server.log) == asked, "all faults: each is answered once")
        agree(server, "all faults")
    said = dict((what, int(n)) for what, n in re.findall(r"([a-z0-9 ]+) \((\d+)\)", re.search(r"came to nothing: (.*)\.", done.stderr)[1]))
    check({w.strip(): n for w, n in said.items()} == faults(), f"all faults: said are {said}")


def nobody_there():
    study(2, 4)
    runs = [(where, subprocess.Popen([PARLEY, "run", "s.lua", "--base-url", where, "--db", f"{i}.db"], stdout=subprocess.DEVNULL,
                                     stderr=subprocess.PIPE, text=True))
            for i, where in enumerate(("http://127.0.0.1:9/v1", "http://no-such-host.invalid/v1"))]
    for i, (where, process) in enumerate(runs):
        _, said = process.communicate()
        check(process.returncode == 3 and "the run stopped: openai:fake cannot be reached: " in said, f"{where}: {said}")
        check(set(faults(f"{i}.db")) == {"unreachable"}, f"{where}: {faults(f'{i}.db')}")
    done = parley("run", "s.lua", "--base-url", "ftp://x")
    check(done.returncode == 1 and "is no address of a server" in done.stderr, f"ftp: {done.stderr}")


def whole():
    wanted = undisturbed()
    other = subprocess.Popen([sys.executable, str(HERE / "faults.py"), "nobody"])
    each(wanted)
    stopped_goes_on(wanted)
    all_at_once()
    check(other.wait() == 0, "nobody there")


if __name__ == "__main__":
    main(whole if not sys.argv[1:] else nobody_there if sys.argv[1] == "nobody" else lambda: one(*sys.argv[1:]))
