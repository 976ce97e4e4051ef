"""parley against a server that nobody here wrote: llama-cpp-python's, on loopback, with the model in the box. Its scores are those
of the same model in process; chat, completions, log-probabilities and schemas are what it takes and gives."""
import importlib.util
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing

PARLEY, MODEL = os.path.abspath(os.environ["PARLEY"]), os.environ["PARLEY_MODEL"]
if os.environ.get("PARLEY_LLAMA") != "1" or not all(map(importlib.util.find_spec, ("llama_cpp", "uvicorn", "fastapi"))):
    print("skipped: no libllama, or no llama-cpp-python server")
    sys.exit(77)

# 100 prompts that differ before their last token: a decode of one token is another kernel.
SCORED = """study { game = "prisoners_dilemma", rounds = 1, model = "llama:smollm2", read = "scored", label_map = "given",
  vary = { labels = { { "J", "F" }, { "Q", "X" }, { "R", "H" }, { "Y", "W" }, { "T", "N" } }, reward = { 6, 7, 8, 9, 9.5 },
    option_order = { "given", "reversed" }, payoff_order = { "given", "reversed" } },
  players = { { strategy = "direct" }, { strategy = "alternate" } } }"""
CHAT = """study { game = "prisoners_dilemma", rounds = 1, repeats = 2, model = "openai:box", labels = { "J", "F" }, format = "chat",
  vary = { read = { "constrained", "scored", "text" } },
  players = { { strategy = "direct", sampling = { max_tokens = 12, temperature = 0 } }, { strategy = "alternate" } } }"""
failures = []


def check(good, what):
    if not good:
        failures.append(what)
        print("FAILED:", what, flush=True)


def parley(*args):
    done = subprocess.run([PARLEY, *args], capture_output=True, text=True, timeout=900)
    return done.returncode, done.stdout + done.stderr


def query(db, sql):
    with closing(sqlite3.connect(db)) as file:
        return file.execute(sql).fetchall()


def serve():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    log = open("server.log", "w")
    server = subprocess.Popen([sys.executable, "-m", "llama_cpp.server", "--model", MODEL, "--n_ctx", "2048", "--host", "127.0.0.1",
                               "--port", str(port), "--logits_all", "True", "--n_threads", "2"], stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}/v1"
    for _ in range(600):
        try:
            urllib.request.urlopen(url + "/models", timeout=5).read()
            return server, url
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(.2)
    print(open("server.log").read()[-3000:])
    raise SystemExit("the server does not start")


def main():
    with open("scored.lua", "w") as file:
        file.write(SCORED)
    with open("chat.lua", "w") as file:
        file.write(CHAT)
    server, url = serve()
    try:
        status, said = parley("run", "scored.lua", "--db", "local.db")
        check(status == 0, f"in process: {said}")
        status, said = parley("run", "scored.lua", "--db", "server.db", "--model", "openai:box", "--base-url", url)
        check(status == 0, f"by the server: {said}")
        of = ("SELECT c.name, a.scores FROM match m JOIN condition c ON c.id = m.condition JOIN reply r ON r.match = m.id "
              "JOIN answer a ON a.id = r.answer")
        local, remote = dict(query("local.db", of)), dict(query("server.db", of))
        check(len(local) == 100 and local.keys() == remote.keys(), f"{len(local)} and {len(remote)} prompts")
        worst = 0
        for name, scores in local.items():
            for mine, its in zip(json.loads(scores), json.loads(remote[name])):
                worst = max(worst, abs(mine - its) if its is not None else 99)
        print(f"100 prompts, two labels each: the scores differ by {worst:.2g} at most")
        check(worst < 1e-2, f"scores differ by {worst}")

        with open("models.json", "w") as file:
            json.dump({"openai:box": {"base_url": url, "schema": "json_object", "max_in_flight": 2}}, file)
        status, said = parley("run", "chat.lua")
        check(status == 0, f"chat: {said}")
        answers = query("chat.db", "SELECT q.read, a.text, q.choice, a.input, a.finish, q.cue FROM question q JOIN reply r ON r.match = "
                                   "q.match AND r.seat = q.seat AND r.n = q.n JOIN answer a ON a.id = r.answer")
        held = [row for row in answers if row[0] == "constrained"]
        check(len(held) == 2 and all(json.loads(row[1])["answer"] in ("J", "F") and row[2] for row in held), f"held to a schema: {held}")
        check(all(row[3] > 50 for row in answers), "prompt tokens are counted")
        check(all(row[5] is None for row in answers), "a server's chat begins with no cue")
        scored = query("chat.db", "SELECT a.scores, q.mass FROM question q JOIN reply r ON r.match = q.match JOIN answer a ON "
                                  "a.id = r.answer WHERE q.read = 'scored'")
        check(len(scored) == 2 and all(json.loads(s) is not None and 0 <= m <= 1 for s, m in scored), f"chat, scored: {scored}")
        check(parley("verify", "chat.db")[0] == 0, "verify")
    finally:
        server.terminate()
        server.wait()
    print(f"{len(failures)} failed" if failures else "all as expected")
    return 1 if failures else 0


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    code = main()
    os.chdir("/")
sys.exit(code)
