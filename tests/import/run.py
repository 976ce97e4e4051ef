"""Published tables imported (../shared/oracles): the 36,000 rows of the 144 games and those of the prisoner's dilemma come out, a
corrupted byte is named by file and line, hand-coded players' moves are ours but for the known fault; the published t-test."""
import csv
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT, PARLEY = Path(os.environ["PARLEY_ROOT"]), os.path.abspath(os.environ["PARLEY"])
AKATA = Path(os.environ["PARLEY_SHARED"]) / "oracles/akata"
GAMES, DILEMMA = ROOT / "scripts/published_144_games.json", ROOT / "scripts/published_prisoners_dilemma.json"
failures = []


def want(ok, what):
    if not ok:
        failures.append(what)


def parley(*args):
    return subprocess.run([PARLEY, *map(str, args)], capture_output=True, text=True)


def games_144():
    done = parley("import", GAMES, AKATA / "144_games", "--db", "games.db")
    want(done.returncode == 0 and "36,000 rounds in 3600 matches of 144 tables by 5 players" in done.stdout, f"144 games: {done}")
    done = parley("verify", "games.db")
    want(done.returncode == 0 and "72,000 choices of its tables were read again: what they say comes out" in done.stdout, f"144 games: {done}")
    # Under the repaired tables, what was published does not come out where these had a tie, and there alone.
    mapping = json.loads(GAMES.read_text())
    mapping["settings"]["published"] = False
    Path("repaired.json").write_text(json.dumps(mapping))
    tied = {17, 18, 19, 20, 21, 22, 23, 24, 58, 59, 60, 83, 84, 95, 96}
    for number in range(1, 145):
        file = AKATA / f"144_games/game_{number}.csv"
        if number in tied or number % 10 == 0:
            done = parley("import", "repaired.json", file, "--db", f"repaired{number}.db")
            cells = {(r["answer1"] == r["choice_option1"], r["answer2"] == r["choice_option1"]) for r in csv.DictReader(file.open())}
            met = number in tied and (True, True) in cells if number < 25 else number in tied and (False, False) in cells
            want(done.returncode == (1 if met else 0), f"game {number} under the repaired table: {done}")


def corrupted(chance):
    """One byte of a cell that is checked becomes another: the row is named."""
    os.mkdir("bad")
    for time in range(60):
        if time % 2:
            mapping, source = GAMES, AKATA / f"144_games/game_{chance.randint(1, 144)}.csv"
        else:
            mapping, source = DILEMMA, AKATA / "pd/experiment_pd.csv"
        lines = source.read_text().splitlines()
        head = lines[0].split(",")
        line = chance.randrange(1, len(lines))
        cells = lines[line].split(",", len(head) - 1)
        column = head.index(chance.choice(["answer1", "answer2", "points1", "points2", "total1", "total2"]))
        at = chance.randrange(len(cells[column]))
        old = cells[column][at]
        new = chance.choice([c for c in ("JFXQab" if old.isalpha() else "0123456789x") if c != old])
        if old == "0" and at == 0 and len(cells[column]) > 1:
            continue  # "010" is 10
        cells[column] = cells[column][:at] + new + cells[column][at + 1:]
        lines[line] = ",".join(cells)
        Path("bad", source.name).write_text("\n".join(lines) + "\n")
        Path("bad.db").unlink(missing_ok=True)
        done = parley("import", mapping, Path("bad", source.name), "--db", "bad.db")
        named = f"bad/{source.name}:{line + 1}: {'' if 'answer' in head[column] else head[column]}"
        want(done.returncode == 1 and named in done.stderr, f"{source.name}: {old} -> {new} in {head[column]} of line {line + 1}: {done}")
        # What cannot be read: nothing is written. What differs is kept as it is, and known to verify.
        unreadable = "and no action" in done.stderr or "and no number" in done.stderr
        want(Path("bad.db").exists() != unreadable, f"bad.db: {done}")
        if Path("bad.db").exists():
            want(parley("verify", "bad.db").returncode == 0, "verify of what was reported at import")


def tampered():
    """In the imported file: a published number, a published choice, a row that was derived. Each is named by its table and line."""
    table = sqlite3.connect("games.db").execute("SELECT text FROM source WHERE name = 'tables/game_100.csv'").fetchone()[0]
    lines = table.splitlines()
    line, cells = lines[0].split(","), lines[123].split(",")  # of line 124 of the table, in its 13th match
    for column, change in (("points1", "9"), ("answer2", cells[line.index("choice_option2" if cells[line.index("answer2")] == cells[line.index("choice_option1")] else "choice_option1")])):
        changed = list(cells)
        changed[line.index(column)] = change
        shutil.copy("games.db", "tampered.db")
        with sqlite3.connect("tampered.db") as db:
            db.execute("UPDATE source SET text = ? WHERE name = 'tables/game_100.csv'", ["\n".join([*lines[:123], ",".join(changed), *lines[124:]]) + "\n"])
        done = parley("verify", "tampered.db")
        want(done.returncode == 1 and "\ngame_100.csv:124: " in done.stderr, f"a changed {column} of a kept table: {done}")
    shutil.copy("games.db", "tampered.db")
    with sqlite3.connect("tampered.db") as db:
        db.execute("UPDATE seat SET total = total + 1 WHERE seat = 2 AND match = (SELECT id FROM match WHERE number = 99 * 25 + 13)")
    done = parley("verify", "tampered.db")
    want(done.returncode == 1 and "match 2488 (game_100.csv, lines 122 to 131): seat, seat 2, total" in done.stderr, f"a changed row: {done}")


def dilemma():
    """The one known fault: in the round-robin of `tft`, two programs carry memory over from the match before."""
    done = parley("import", DILEMMA, AKATA / "pd", AKATA / "pd/tft", AKATA / "pd/ending_probs", "--db", "dilemma.db")
    want(done.returncode == 1 and "2840 rounds in 174 matches of 7 tables by 17 players" in done.stdout, f"prisoner's dilemma: {done}")
    fields = json.loads(sqlite3.connect("dilemma.db").execute("SELECT fields FROM study").fetchone()[0])
    known, rows = set(), list(csv.DictReader((AKATA / "pd/tft/pd_base_gpt4_tfts.csv").open()))
    for difference in fields["differences"]:
        file, line, what = difference.split(":", 2)
        row = rows[int(line) - 2]
        seat = what.split("answer")[1][0]
        known.add((file, row["player" + seat], what.split(" and ")[1]))
        want(row["round"] == "2", f"not in the second round, where memory would show: {difference}")
    want(len(fields["differences"]) == 11, f"differences: {fields['differences']}")
    want(known == {("tft/pd_base_gpt4_tfts.csv", "act_htft", "hard_tit_for_tat chooses cooperate"),
                   ("tft/pd_base_gpt4_tfts.csv", "act_tftt", "tit_for_two_tats chooses cooperate")}, f"differences: {known}")
    done = parley("verify", "dilemma.db")
    want(done.returncode == 0 and "11 differences, as when they were imported" in done.stdout, f"prisoner's dilemma: {done}")
    for folder in ("pd", "pd/ending_probs"):
        want(parley("import", DILEMMA, AKATA / folder, "--db", folder.replace("/", "_") + ".db").returncode == 0, f"{folder}: differences")


def robustness():
    """Other labels, stories and units: columns of the table become factors."""
    mapping = json.loads(DILEMMA.read_text())
    del mapping["settings"]
    mapping["levels"] = {"story": "file", "unit shown": "outcomes"}
    checks = "experiment_robustness_checks_"  # R stands for the first action in two of the stories, H in the third
    first = {checks + story: ["J", "Q", letter] for story, letter in (("game", "R"), ("cooking", "R"), ("project", "H"))}
    second = {checks + story: ["F", "X", letter] for story, letter in (("game", "H"), ("cooking", "H"), ("project", "R"))}
    mapping["labels"] = {"cooperate": {"column": "file", "values": first}, "defect": {"column": "file", "values": second}}
    mapping["players"] = {"Defect_once": {"strategy": "defect_once"}}
    Path("robustness.json").write_text(json.dumps(mapping))
    done = parley("import", "robustness.json", AKATA / "pd/robustness")
    want(done.returncode == 0 and "270 rounds in 27 matches of 3 tables by 2 players" in done.stdout, f"robustness: {done}")
    listed = json.loads(parley("list", "robustness.db", "--json").stdout)["conditions"]
    want(len(listed) == 9 and all(c["matches"] == 3 for c in listed), f"robustness: {listed}")


def t_test():
    """The authors' sample (FACTS 1): of GPT-4 as player 1 all rounds, as player 2 the tenth; against the same of all others."""
    with open("sample.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["points", "who"])
        for row in csv.DictReader((AKATA / "pd/experiment_pd.csv").open()):
            writer.writerow([row["points1"], "gpt4" if row["player1"] == "act_gpt4" else "others"])
            if row["round"] == "10":
                writer.writerow([row["points2"], "gpt4" if row["player2"] == "act_gpt4" else "others"])
    args = ["stats", "--csv", "sample.csv", "--value", "points", "--group", "who"]
    one = json.loads(parley(*args, "--json").stdout)["comparisons"][0]
    got = [one["a"]["n"], one["b"]["n"], f"{one['t_test']['df']:.4f}", f"{one['t_test']['t']:.4f}", f"{one['t_test']['p']:.6f}",
           f"{one['d']['size']:.4f}", *(f"{end:.2f}" for end in one["d"]["interval"]), f"{one['bayes']['0.707']:.3f}"]
    want(got == [88, 616, "153.4434", "3.9165", "0.000135", "0.3256", "0.10", "0.55", "6.125"], f"the t-test: {got}")
    text = parley(*args).stdout
    for figures in ("n 88", "n 616", "t(153.4) = 3.916, p = .0001", "0.3256, 95 %: 0.1016 to 0.5496", "6.125 at .707"):
        want(figures in text, f"the t-test says no {figures}: {text}")


if not AKATA.exists():
    print(f"skipped: there is no {AKATA}")
    sys.exit(77)
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    games_144()
    tampered()
    corrupted(random.Random(5))
    dilemma()
    robustness()
    t_test()
    os.chdir("/")
for failure in failures:
    print(failure)
sys.exit(1 if failures else 0)
