"""What the tests of this folder share. Each of its other files is a program: python3 FILE.py plays its cases in a folder of its own."""
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).parent
PARLEY = os.path.abspath(os.environ["PARLEY"])
KEY = "sk-planted-0123456789"
os.environ["OPENAI_API_KEY"] = KEY
STUDY = """study { game = "prisoners_dilemma", rounds = %d, repeats = %d, model = "openai:fake", labels = { "J", "F" },
  players = { { strategy = "direct" }, { strategy = "tit_for_tat" } } }
"""
failures = []


def check(good, what):
    if not good:
        failures.append(what)
        print("FAILED:", what, flush=True)


def query(db, sql):
    with closing(sqlite3.connect(db)) as file:
        return file.execute(sql).fetchall()


def rows(db):
    """What a study found: choices and payoffs of each match, and the answers by place."""
    found = [query(db, q) for q in (
        "SELECT m.number, m.status, c.seat, c.actions FROM match m JOIN choices c ON c.match = m.id ORDER BY 1, 3",
        "SELECT m.number, s.seat, s.payoffs FROM match m JOIN seat s ON s.match = m.id ORDER BY 1, 2",
        "SELECT m.number, r.seat, r.n, r.try, a.text, a.input, a.cached FROM match m JOIN reply r ON r.match = m.id "
        "JOIN answer a ON a.id = r.answer ORDER BY 1, 2, 3, 4")]
    return hashlib.sha256(repr(found).encode()).hexdigest()


def stored(db="s.db"):
    """Answers kept. A run that was killed early leaves no file, or one without tables."""
    if not os.path.exists(db) or not query(db, "SELECT 1 FROM sqlite_master WHERE name = 'answer'"):
        return 0
    return query(db, "SELECT count(*) FROM answer WHERE failure IS NULL")[0][0]


def faults(db="s.db"):
    return dict(query(db, "SELECT what, count(*) FROM fault GROUP BY 1"))


def lost(db="s.db"):
    return query(db, "SELECT coalesce(sum(asked - answered), 0) FROM run")[0][0]


def parley(*args, **more):
    return subprocess.run([PARLEY, *args], capture_output=True, text=True, timeout=180, **more)


def run(server, *args, **more):
    return parley("run", "s.lua", "--base-url", server.url, *args, **more)


def start(server, *args, **more):
    return subprocess.Popen([PARLEY, "run", "s.lua", "--base-url", server.url, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True, **more)


def fresh():
    for name in os.listdir("."):
        if name.startswith("s.db"):
            os.remove(name)


def study(rounds, repeats):
    fresh()
    Path("s.lua").write_text(STUDY % (rounds, repeats))


def until(holds, what, seconds=60):
    """Waits until something holds: how long a process takes to begin is the machine's affair."""
    end = time.time() + seconds
    while not holds() and time.time() < end:
        time.sleep(.005)
    check(holds(), f"{what}: not within {seconds} s")


def quiet(server):
    """Waits until what was sent to a server has come to its end there."""
    until(lambda: not server.now and not server.writers, "a server with nothing under way")


def leaks(folder="."):
    return [str(p) for p in Path(folder).rglob("*") if p.is_file() and KEY.encode() in p.read_bytes()]


def main(*cases):
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for case in cases:
            case()
        os.chdir("/")
    sys.exit(1 if failures else 0)
