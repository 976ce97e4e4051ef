"""Studies against a model server that misbehaves on purpose (fake.py): nothing answered is lost, nothing answered is asked again,
the rows are those of an undisturbed run, a key goes nowhere but to the server."""
import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from fake import FAULTS, Fake  # noqa: E402

PARLEY = os.path.abspath(os.environ["PARLEY"])
KEY = "sk-planted-0123456789"
STOPS = {"400": "answers 400: this is 400", "401": "answers 401: Incorrect API key provided: Bearer [key]",
         "404": "answers 404: this is 404", "quota": "answers 429: You exceeded your current quota",
         "redirect": "redirects to http://127.0.0.1:"}
STUDY = """study { game = "prisoners_dilemma", rounds = %d, repeats = %d, model = "openai:fake", labels = { "J", "F" },
  players = { { strategy = "direct" }, { strategy = "tit_for_tat" } } }
"""
failures = []


def check(good, what):
    if not good:
        failures.append(what)
        print("FAILED:", what, flush=True)


def rows(db):
    """What a study found: choices and payoffs of each match, and the answers by place."""
    with closing(sqlite3.connect(db)) as file:
        found = [file.execute(q).fetchall() for q in (
            "SELECT m.number, m.status, c.seat, c.actions FROM match m JOIN choices c ON c.match = m.id ORDER BY 1, 3",
            "SELECT m.number, s.seat, s.payoffs FROM match m JOIN seat s ON s.match = m.id ORDER BY 1, 2",
            "SELECT m.number, r.seat, r.n, r.try, a.text, a.served, a.input, a.cached FROM match m JOIN reply r ON r.match = m.id "
            "JOIN answer a ON a.id = r.answer ORDER BY 1, 2, 3, 4")]
        return hashlib.sha256(repr(found).encode()).hexdigest()


def stored(db):
    with closing(sqlite3.connect(db)) as file:
        return file.execute("SELECT count(*) FROM answer WHERE failure IS NULL").fetchone()[0]


def parley(*args, **more):
    env = dict(os.environ, OPENAI_API_KEY=KEY)
    return subprocess.run([PARLEY, *args], capture_output=True, text=True, env=env, timeout=120, **more)


def fresh():
    for name in os.listdir("."):
        if name.startswith("s.db"):
            os.remove(name)


def leaks():
    return [n for n in os.listdir(".") if KEY.encode() in Path(n).read_bytes()]


def study(rounds, repeats):
    fresh()
    Path("s.lua").write_text(STUDY % (rounds, repeats))


def test_undisturbed():
    study(2, 10)
    with Fake() as server:
        done = parley("run", "s.lua", "--base-url", server.url)
        check(done.returncode == 0 and len(server.log) == 20 and stored("s.db") == 20, f"undisturbed: {done.stderr}")
        check(server.auth == {f"Bearer {KEY}"}, "the key reaches the server")
        again = parley("run", "s.lua", "--base-url", server.url)
        check("Nothing to do" in again.stderr and len(server.log) == 20, "a second run asks nothing")
    verified = parley("verify", "s.db")
    check(verified.returncode == 0, f"verify: {verified.stderr}")
    return rows("s.db")


def test_fault(fault, wanted):
    study(2, 10)
    with Fake({fault: 1}, share=.3, hang=6) as server:
        done = parley("run", "s.lua", "--base-url", server.url, "--timeout", "2")
        answered = sum(sent == "ok" for _, sent in server.log)
    check(stored("s.db") == answered, f"{fault}: the server answered {answered}, stored are {stored('s.db')}")
    check(not leaks() and KEY not in done.stdout + done.stderr, f"{fault}: the key is in {leaks()}")
    if fault in STOPS:
        check(done.returncode == 3 and f"the run stopped: openai:fake {STOPS[fault]}" in done.stderr,
              f"{fault}: ends with {done.returncode}: {done.stderr}")
    elif fault == "413":  # these requests cannot be: their matches are void, with the reason
        check(done.returncode == 0 and "this is 413" in done.stdout + done.stderr, f"413: {done.stdout}{done.stderr}")
    else:
        check(done.returncode == 0 and rows("s.db") == wanted, f"{fault}: rows as undisturbed: {done.stderr}")


def test_each_fault(wanted):
    """All at the same time: they wait more than they work."""
    here = [sys.executable, os.path.abspath(__file__)]
    runs = [subprocess.Popen([*here, "fault", fault, wanted], stdout=subprocess.PIPE, text=True) for fault in FAULTS]
    for fault, run in zip(FAULTS, runs):
        said, _ = run.communicate()
        check(run.returncode == 0, f"{fault}: {said}")


def test_stopped_goes_on(wanted):
    study(2, 10)
    with Fake({"401": 1}, share=.3) as server:
        check(parley("run", "s.lua", "--base-url", server.url).returncode == 3, "401 stops the run")
        answered = len([1 for _, sent in server.log if sent == "ok"])
    with Fake() as server:
        check(parley("run", "s.lua", "--base-url", server.url).returncode == 0, "the same command goes on")
        check(len(server.log) == 20 - answered, "and asks only for what was not answered")
    check(rows("s.db") == wanted, "with the rows of an undisturbed run")


def test_all_faults():
    study(6, 60)
    with Fake() as server:
        parley("run", "s.lua", "--base-url", server.url)
        wanted, asked = rows("s.db"), len(server.log)
    fresh()
    with Fake({f: 1 for f in FAULTS if f not in STOPS and f != "413"}, share=.2, hang=6) as server:
        done = parley("run", "s.lua", "--base-url", server.url, "--timeout", "2")
        check(done.returncode == 0 and rows("s.db") == wanted, f"all faults at 20 %: {done.stdout}{done.stderr}")
        check(sum(sent == "ok" for _, sent in server.log) == asked == stored("s.db"), "all faults: each answer once, and kept")


def test_killed(points):
    study(6, 60)
    with Fake() as server:
        parley("run", "s.lua", "--base-url", server.url)
        wanted = rows("s.db")
        asked = len(server.log)
    chance = random.Random(4)
    for _ in range(points):
        fresh()
        with Fake(delay=.02) as server:
            run = subprocess.Popen([PARLEY, "run", "s.lua", "--base-url", server.url], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(.05, .3))
            run.send_signal(signal.SIGKILL)
            run.wait()
            time.sleep(.1)  # what was in flight comes to its end there
            before, kept = len(server.log), stored("s.db") if os.path.exists("s.db") and os.path.getsize("s.db") else 0
            done = parley("run", "s.lua", "--base-url", server.url)
            check(done.returncode == 0 and rows("s.db") == wanted, f"killed: rows as undisturbed: {done.stderr}")
            check(len(server.log) - before == asked - kept, "killed: only what was not kept is asked again")
            check(before - kept <= 64, f"killed: {before - kept} answers lost, 64 were in flight at most")


def test_stopped_by_hand():
    study(6, 60)
    with Fake(delay=.1) as server:
        run = subprocess.Popen([PARLEY, "run", "s.lua", "--base-url", server.url], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(.4)
        run.send_signal(signal.SIGINT)
        _, said = run.communicate(timeout=20)
        check(run.returncode == 130 and b"goes on" in said, f"Ctrl-C: {run.returncode} {said}")
        check(len(server.log) == stored("s.db"), "Ctrl-C: what was in flight is kept")
    fresh()
    with Fake({"hang": 1}, share=1, hang=20) as server:
        run = subprocess.Popen([PARLEY, "run", "s.lua", "--base-url", server.url], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(.3)
        began = time.time()
        run.send_signal(signal.SIGTERM)
        run.wait(timeout=20)
        check(run.returncode == 143 and time.time() - began < 8, f"SIGTERM while a server hangs: {run.returncode}")


def test_several_servers(wanted):
    study(2, 10)
    with Fake(delay=.02) as one, Fake(delay=.02) as other:
        done = parley("run", "s.lua", "--base-url", one.url, "--base-url", "http://127.0.0.1:9/v1", "--base-url", other.url)
        check(done.returncode == 0 and rows("s.db") == wanted, f"several servers: {done.stderr}")
        check(len(one.log) > 3 and len(other.log) > 3 and len(one.log) + len(other.log) == 20, "the load is shared")
    fresh()
    with Fake(delay=.01) as server:
        parley("run", "s.lua", "--base-url", server.url, "--max-in-flight", "3")
        check(server.most <= 3, f"--max-in-flight 3: {server.most} at once")
    fresh()
    done = parley("run", "s.lua", "--base-url", "ftp://x")
    check(done.returncode == 1 and "is no address of a server" in done.stderr, f"ftp: {done.stderr}")
    env = {k: v for k, v in os.environ.items() if k != "OPENAI_API_KEY"}
    done = subprocess.run([PARLEY, "run", "s.lua"], capture_output=True, text=True, env=env)
    check(done.returncode == 1 and "the environment has no OPENAI_API_KEY; --base-url URL names a server of your own" in done.stderr,
          f"no key: {done.stderr}")


def test_profiles(wanted):
    study(2, 10)
    with Fake(delay=.01) as server:
        profile = {"base_url": server.url, "key": "OTHER_KEY", "max_in_flight": 2}
        Path("models.json").write_text(json.dumps({"openai:fake": profile}))
        done = parley("run", "s.lua")
        check(done.returncode == 1 and "openai:fake: the environment has no OTHER_KEY, which its profile names" in done.stderr,
              f"no such key: {done.stderr}")
        os.environ["OTHER_KEY"] = "sk-other-42"
        done = parley("run", "s.lua")
        check(done.returncode == 0 and rows("s.db") == wanted, f"models.json: {done.stderr}")
        check(server.auth == {"Bearer sk-other-42"} and server.most <= 2, f"models.json: {server.auth}, {server.most} at once")
        check(b"sk-other" not in Path("s.db").read_bytes(), "the key of a profile is not kept")
        fresh()
        Path("models.json").write_text(json.dumps({"openai:fake": profile | {"refuses": ["temperature"]}}))
        Path("s.lua").write_text(Path("s.lua").read_text().replace('strategy = "direct"', 'strategy = "direct", sampling = { temperature = 0 }'))
        done = parley("run", "s.lua")
        check(done.returncode == 3 and "the run stopped: openai:fake does not take 'temperature' (models.json says so)" in done.stderr,
              f"refused setting: {done.stderr}")
        Path("models.json").write_text('{"openai:fake": {"bas_url": "x"}}')
        done = parley("run", "s.lua")
        check(done.returncode == 1 and "models.json: 'openai:fake' has no field 'bas_url' (did you mean 'base_url'?)" in done.stderr,
              f"misspelt: {done.stderr}")
        Path("models.json").write_text('{"openai:fake": ')
        done = parley("run", "s.lua")
        check(done.returncode == 1 and "models.json: line 1" in done.stderr, f"broken: {done.stderr}")
    os.remove("models.json")


def test_ways_of_reading():
    fresh()
    Path("s.lua").write_text("""study { game = "prisoners_dilemma", rounds = 3, repeats = 4, model = "openai:fake", labels = { "J", "F" },
      vary = { read = { "text", "scored", "constrained" }, format = { "chat", "text" } },
      where = function(v) return not (v.read == "constrained" and v.format == "text") end,
      players = { { strategy = "scot" }, { strategy = "tit_for_tat" } } }""")
    with Fake() as server:
        done = parley("run", "s.lua", "--base-url", server.url)
        check(done.returncode == 0, f"ways of reading: {done.stdout}{done.stderr}")
    with closing(sqlite3.connect("s.db")) as file:
        mass = [m for (m,) in file.execute("SELECT mass FROM question WHERE read = 'scored' AND question = 'respond'")]
        check(mass and all(.5 < m <= 1 for m in mass), f"legal mass: {mass[:5]}")
    check(parley("verify", "s.db").returncode == 0, "ways of reading: verify")


def test_messages():
    """Anthropic's Messages API, against a fake made from its public reference."""
    fresh()
    study = """study { game = "prisoners_dilemma", rounds = 2, repeats = 2, model = "anthropic:fake", labels = { "J", "F" },
      vary = { read = { "text", "constrained" } }, players = { { strategy = "direct" }, { strategy = "tit_for_tat" } } }"""
    Path("s.lua").write_text(study)
    os.environ["ANTHROPIC_API_KEY"] = "sk-ant-planted-7"
    with Fake({"529": 1, "reset": 1}, share=.2) as server:
        done = parley("run", "s.lua", "--base-url", server.url)
        check(done.returncode == 0 and server.auth == {"sk-ant-planted-7"}, f"messages: {server.auth} {done.stdout}{done.stderr}")
    with closing(sqlite3.connect("s.db")) as file:
        found = set(file.execute("SELECT a.input, a.cached, a.output, a.thinking, s.name FROM answer a JOIN served s ON s.id = a.served"))
        check(found == {(72, 30, 5, "Hm.", "fake-2")}, f"messages: {found}")
    check(parley("verify", "s.db").returncode == 0, "messages: verify")
    check(b"sk-ant-planted" not in Path("s.db").read_bytes(), "messages: the key is not kept")
    fresh()
    Path("s.lua").write_text(study.replace('"text", ', '"scored", '))
    done = parley("run", "s.lua", "--base-url", "http://127.0.0.1:9/v1")
    check(done.returncode == 1 and "s.lua: anthropic:fake cannot be read as scored: say another `read`, or another model" in done.stderr,
          f"messages, scored: {done.stderr}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        if sys.argv[1:2] == ["fault"]:
            test_fault(*sys.argv[2:])
            return 1 if failures else 0
        wanted = test_undisturbed()
        test_each_fault(wanted)
        test_stopped_goes_on(wanted)
        test_all_faults()
        test_killed(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
        test_stopped_by_hand()
        test_several_servers(wanted)
        test_profiles(wanted)
        test_ways_of_reading()
        test_messages()
        os.chdir("/")
    print(f"{len(failures)} failed" if failures else "all as expected")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
