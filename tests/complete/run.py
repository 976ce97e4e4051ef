"""Nothing ships without its test and its line in the README of its folder.

What exists is asked of the program (`parley list --json`, `parley --help`) where $PARLEY is built, and of the folders: the two
must agree. Each thing that lacks something is named; nothing is printed where all is well.
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(os.environ.get("PARLEY_ROOT", Path(__file__).resolve().parents[2]))
PARLEY = os.environ.get("PARLEY", "")
complaints = []


def text(*path):
    file = ROOT.joinpath(*path)
    if file.exists():
        return file.read_text()
    complaints.append(f"there is no {'/'.join(path)}")
    return ""


def stems(folder, suffix):
    return sorted(p.stem for p in (ROOT / folder).glob("*" + suffix))


def want(ok, what):
    if not ok:
        complaints.append(what)


def row_of(page, name):
    """Whether a table of the page has a line that begins with this name, alone or among others: | `a`, `b` | ..."""
    first = [line.split("|")[1] for line in page.splitlines() if line.startswith("|") and line.count("|") > 1]
    return any(re.search(rf"(?<![\w/]){re.escape(name)}(?![\w])", cell) for cell in first)


# The inputs of the golden transcripts: key -> values, over all of them; and what comes of them.
heads, outputs = [], []
for path in sorted((ROOT / "tests/transcripts").glob("*.txt")):
    head, _, output = path.read_text().partition("\n---\n")
    keys = {}
    for line in head.splitlines():
        if not line.startswith(("  |", "#")) and ": " in line:
            key, _, value = line.partition(": ")
            keys.setdefault(key, []).append(value.strip())
    keys["asks"] = [p.split("@")[0] for p in keys.get("player", []) if "@" in p.split(" ")[0]]
    keys["told"] = [t.strip() for v in keys.get("told", []) for t in v.split(",")] + [
        t for p in keys.get("player", []) if "@" in p for m in re.findall(r"told=(\S+)", p) for t in m.split(",")]
    heads.append(keys)
    outputs.append(output)


def golden(key, *values):
    return any(value in keys.get(key, []) for keys in heads for value in values)


def asked_in(game):
    return any(game in keys.get("game", []) and keys["asks"] for keys in heads)


listed = None
if PARLEY and os.access(PARLEY, os.X_OK):
    with tempfile.TemporaryDirectory() as empty:
        run = subprocess.run([PARLEY, "list", "--json"], cwd=empty, env={**os.environ, "PARLEY_HOME": str(ROOT)}, capture_output=True, text=True)
        want(run.returncode == 0, f"parley list --json ends with {run.returncode}: {run.stderr.strip()}")
        listed = json.loads(run.stdout) if run.returncode == 0 else None
        usage = subprocess.run([PARLEY, "--help"], cwd=empty, capture_output=True, text=True).stdout
else:
    print("no parley to ask ($PARLEY): folders only")


def same(kind, field, names):
    if listed is not None:
        got = sorted(row[field] for row in listed[kind])
        want(got == names, f"parley lists the {kind} {', '.join(got)}; the folder has {', '.join(names)}")


# Games: a model plays them in a golden, totals by hand are tested, who sees what is stated, the README has a line.
games = stems("games", ".lua")
same("games", "game", games)
games_test = "".join(p.read_text() for p in sorted((ROOT / "tests/engine").glob("games_*test.cc")))
seen, games_page = text("tests/transcripts/who_sees_what.md"), text("games/README.md")
for name in games:
    source = text("games", name + ".lua")
    want(asked_in(name), f"games/{name}.lua: no golden transcript has a model in its seats (tests/transcripts)")
    want("By hand" in source, f"games/{name}.lua: no totals worked out by hand in its comment")
    want(f'"games: {name}"' in games_test, f"games/{name}.lua: no test of its totals (tests/engine/games_*test.cc)")
    want(f"\n## {name}:" in seen, f"games/{name}.lua: not in tests/transcripts/who_sees_what.md (tests/golden --accept)")
    want(row_of(games_page, name), f"games/{name}.lua: no line in games/README.md")
    want("source" in source, f"games/{name}.lua: no source")

# Strategies: those that ask in a golden, the others move for move.
strategies = stems("strategies", ".lua")
same("strategies", "strategy", strategies)
moves = "".join(p.read_text() for p in sorted((ROOT / "tests/engine").glob("strategies_*test.cc")))
strategies_page = text("strategies/README.md")
for name in strategies:
    if (ROOT / "prompts" / (name + ".txt")).exists():
        want(golden("asks", name), f"strategies/{name}.lua: no golden transcript has it ask")
    else:
        want(f'"{name}"' in moves, f"strategies/{name}.lua: not tested move for move (tests/engine/strategies_*test.cc)")
    want(row_of(strategies_page, name), f"strategies/{name}.lua: no line in strategies/README.md")

# Covers, what players are told, repairs.
prompts_page = text("prompts/README.md")
covers = stems("prompts/covers", ".txt")
same("covers", "cover", covers)
for name in covers:
    want(name == "plain" or golden("cover", name), f"prompts/covers/{name}.txt: no golden transcript")
    want(row_of(prompts_page, f"covers/{name}.txt") or f"`covers/{name}.txt`" in prompts_page, f"prompts/covers/{name}.txt: no line in prompts/README.md")
told = []
for file in stems("prompts/told", ".txt"):
    want(f"told/{file}.txt" in prompts_page, f"prompts/told/{file}.txt: no line in prompts/README.md")
    for section in re.findall(r"^== (\w+)$", text("prompts/told", file + ".txt"), re.M):
        told.append(f"{file}/{section}")
        want(golden("told", f"{file}/{section}"), f"prompts/told/{file}.txt: section {section}: no golden transcript")
        want(re.search(rf"\b{section}\b", prompts_page), f"prompts/told/{file}.txt: section {section}: not named in prompts/README.md")
same("told", "section", sorted(told))
for section, words in re.findall(r"^== (\w+)\n\n?([^{\n]+)", text("prompts/repair.txt"), re.M):
    want(any(words in output for output in outputs), f"prompts/repair.txt: section {section}: no golden transcript")
    want(re.search(rf"\b{section}\b", prompts_page), f"prompts/repair.txt: section {section}: not named in prompts/README.md")

# What a study may set that changes what models see or how they are read.
for key, values in {"format": ["text", "chat", "messages"], "read": ["scored", "constrained"], "decide": ["sample"], "horizon": ["hidden"]}.items():
    for value in values:
        want(golden(key, value), f"{key} = {value}: no golden transcript")
numbers = [float(v) for keys in heads for v in keys.get("horizon", []) if v[0] in ".0123456789"]
want(any(n < 1 for n in numbers), "a horizon told as a chance: no golden transcript")
want(any(n >= 1 for n in numbers), "a horizon told as rounds: no golden transcript")
for key in ("labels", "ends", "unit", "option_order", "payoff_order", "label_map"):
    want(any(key in keys for keys in heads), f"{key}: no golden transcript")
for outcome in ("whole: ", "void: ", "failed: ", "gives no answer", "sample", "belief: ", "a tie that was drawn"):
    want(any(outcome in output for output in outputs) or outcome == "sample" and any(".2.1;" in o for o in outputs), f"'{outcome}': in no golden transcript")

# Words of authors.
prelude = "".join(p.read_text() for p in sorted((ROOT / "engine/script/prelude").glob("*.lua")))
tests = "".join(p.read_text() for p in sorted((ROOT / "tests/engine").glob("*_test.cc")))
pages = games_page + strategies_page + text("scripts/README.md")
words = set(re.findall(r"^function words\.(\w+)", prelude, re.M)) | set(re.findall(r"^words\.(\w+) =", prelude, re.M))
methods = set(re.findall(r"^function (?:Player|Group|Match|Turn):(\w+)", prelude, re.M))
want(len(words) > 20 and len(methods) > 8, "engine/script/prelude: its words are not found (tests/complete/run.py)")
for word in sorted(words):
    want(re.search(rf"\b{word}\b ?[({{'\"]|\({word}\)", tests), f"word '{word}': in no test (tests/engine)")
    want(re.search(rf"`[^`]*\b{word}\b[^`]*`", pages), f"word '{word}': in no page for authors")
for word in sorted(methods):
    want(re.search(rf":{word}\b", tests), f"word ':{word}': in no test (tests/engine)")
    want(re.search(rf":{word}\b", pages), f"word ':{word}': in no page for authors")

# Studies and commands.
scripts_page = text("scripts/README.md")
for path in sorted((ROOT / "scripts").iterdir()):
    want(path.name == "README.md" or re.search(rf"\b{re.escape(path.name if path.suffix != '.lua' else path.stem)}\b", scripts_page),
         f"scripts/{path.name}: no line in scripts/README.md")
if listed is not None:
    readme = text("README.md")
    sessions = "".join(p.read_text() for p in sorted((ROOT / "tests/cli").glob("*.session")))
    commands = re.findall(r"^  parley (\w+)", usage, re.M)
    want(len(commands) > 7, f"parley --help names the commands {', '.join(commands)} only")
    for command in commands:
        want(re.search(rf"`parley {command}\b", readme), f"parley {command}: no line in README.md")
        want(re.search(rf"^\$.*\bparley {command}\b", sessions, re.M), f"parley {command}: in no session (tests/cli)")

for complaint in complaints:
    print(complaint)
sys.exit(1 if complaints else 0)
