#!/usr/bin/env python3
"""kill -9 at 20 random points of a study: the same command goes on, and the file ends with the rows of an undisturbed run."""
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

parley = os.environ["PARLEY"]
STUDY = """study {
  game = "prisoners_dilemma", rounds = 5, repeats = 6, model = "scripted:answers.jsonl", read = "text", labels = { "J", "F" },
  vary = { strategy = { "direct", "scot", "cot" } },
  players = function(v) return { { strategy = v.strategy }, { strategy = "naive_prober", p = 0.3 } } end,
}
"""
# Answers differ by turn, so that a reply given twice or lost would show; one cannot be read and is repaired.
ANSWERS = """{"question": "think", "reply": ["I wonder.", "Hm.", "It depends."], "delay_ms": 2}
{"round": 3, "try": 1, "reply": ["J", "F", "Who knows?"], "delay_ms": 1}
{"reply": ["J", "F", "F", "J", "J"], "delay_ms": 1}
"""
# What the promise holds for: everything but times, HTTP tries and the numbers of rows.
ROWS = [
    "SELECT * FROM choice ORDER BY match, round, seat, decision",
    "SELECT * FROM payoff ORDER BY match, round, seat",
    "SELECT * FROM belief ORDER BY match, seat, n, sample",
    "SELECT m.number, m.status, m.attempt, m.version, q.seat, q.n, q.sample, q.added, q.choice, q.tries, q.why FROM question q "
    "JOIN match m ON m.id = q.match ORDER BY 1, 5, 6, 7",
    "SELECT m.number, r.seat, r.n, r.sample, r.try, hex(a.request), a.text, a.finish FROM reply r JOIN match m ON m.id = r.match "
    "JOIN answer a ON a.id = r.answer ORDER BY 1, 2, 3, 4, 5",
]


def run(folder, kill_after=None):
    """Runs the study in a folder; kills it after so many seconds. Returns whether it came to its end."""
    process = subprocess.Popen([parley, "run", "study.lua", "--quiet"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if kill_after is not None:
        time.sleep(kill_after)
        process.send_signal(signal.SIGKILL)
    out, err = process.communicate()
    if process.returncode not in (0, -signal.SIGKILL):
        sys.exit(f"ended with {process.returncode}:\n{out.decode()}{err.decode()}")
    return process.returncode == 0


def rows(folder):
    with sqlite3.connect(f"file:{folder}/study.db?mode=ro", uri=True) as db:
        return [db.execute(sql).fetchall() for sql in ROWS]


def fresh():
    folder = tempfile.TemporaryDirectory()
    pathlib.Path(folder.name, "study.lua").write_text(STUDY)
    pathlib.Path(folder.name, "answers.jsonl").write_text(ANSWERS)
    return folder


whole = fresh()
began = time.time()
run(whole.name)
took = time.time() - began
wanted = rows(whole.name)
seed = int(os.environ.get("PARLEY_SEED", "1"))
chance = random.Random(seed)
killed = resumed = 0
failed = 0
while killed < 20:
    folder = fresh()
    while not run(folder.name, chance.uniform(0.01, took)):
        killed += 1
        if killed % 4 == 0:
            break  # this one is finished undisturbed
    run(folder.name)
    resumed += 1
    if rows(folder.name) != wanted:
        failed += 1
        print("the rows differ after a kill")
    if subprocess.run([parley, "verify", "study.db"], cwd=folder.name, capture_output=True).returncode != 0:
        failed += 1
        print("verify finds a difference after a kill")
print(f"killed {killed} times, {resumed} studies ended; an undisturbed run took {took:.2f} s")
print(f"{resumed - failed} passed, {failed} failed")
sys.exit(failed > 0)
