"""Negotiation by the command line. On our own folder: the files that a match read are its inputs, folders are varied, a study reads the
models' column. On the published folders and recorded sessions, where the workplace has them (skipped, saying so, where not): what `solve` says of
the folders, what `check` warns of, and the recorded sessions played again from their replies, whose measures are those of the published evaluator."""
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PARLEY = os.path.abspath(os.environ["PARLEY"])
ROOT = Path(os.environ.get("PARLEY_ROOT", Path(__file__).resolve().parents[2]))
ORACLES = Path(os.environ.get("PARLEY_SHARED", ROOT.parent / "shared")) / "oracles/deliberation"
LOGS = ORACLES / "logs/all_coop_temp1_base_gpt4"
complaints = []


def want(is_so, what):
    if not is_so:
        complaints.append(what)


def parley(*args, cwd=None, fails=False):
    done = subprocess.run([PARLEY, *map(str, args)], cwd=cwd, capture_output=True, text=True, env={**os.environ, "PARLEY_HOME": str(ROOT)})
    want((done.returncode != 0) == fails, f"parley {args}: {done.returncode}\n{(done.stdout + done.stderr)[-2000:]}")
    return done


OWN = """
study {{
  about = "Rules alone", game = "negotiation", rounds = 6, {fields}
  players = {{ {{ strategy = "concede", times = 4 }} }},
}}
"""


def on_our_folder():
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)

        def run(name, fields, played):
            (here / f"{name}.lua").write_text(OWN.format(fields=fields))
            told = parley("run", f"{name}.lua", cwd=here)
            want(f"Played {played} match" in told.stderr if played else "Nothing to do" in told.stderr + told.stdout, f"{name}, {fields}: not {played} played:\n{told.stderr}")
            parley("verify", f"{name}.db", "--all", cwd=here)

        mine = here / "mine"
        shutil.copytree(ROOT / "games/negotiation", mine)
        (mine / "scores_files/caterers.txt").write_text("0, 20, 35\n0, 10, 15\n50, 30, 0\n49\n")
        # Another folder, an edited one, and our own again: each time a new version of the match, by the texts that it reads.
        run("own", "", 1)
        run("own", 'data = "mine",', 1)
        run("own", 'data = "mine",', 0)
        (mine / "scores_files/caterers.txt").write_text("0, 20, 35\n0, 10, 15\n50, 30, 0\n48\n")
        run("own", 'data = "mine",', 1)
        run("own", "", 1)
        shutil.copytree(ROOT / "games/negotiation", here / "all/one")
        shutil.copytree(mine, here / "all/two")
        run("folders", 'data = "all", vary = { folder = { "one", "two" } },', 2)
        known = json.loads(parley("solve", "negotiation", "--data", here / "all", "--set", "folder=two", "--json", cwd=here).stdout)
        want([party["minimum"] for party in known["parties"]] == [55, 50, 45, 48], f"solve of a folder below the data: {known['parties']}")
        parley("check", "folders.lua", cwd=here)
        # A study reads: models by the folder's column.
        (here / "models.lua").write_text("""
local models = { small = "scripted:random", large = "scripted:replies.jsonl" }
study {
  about = "Models by column", game = "negotiation", data = "mine", rounds = 6,
  players = function()
    return map({ 1, 2, 3, 4 }, function(n)
      local line = read("config.txt"):match(("[^\\n]*\\n"):rep(n - 1) .. "([^\\n]*)")
      return { strategy = "direct", model = models[line:match("[^,]*$")] }
    end)
  end,
  measures = { all_read = function(match) return #read("config.txt") end },
}
""")
        # The study that ships reads the column as the game reads the folder: without a byte order mark, carriage returns and blanks.
        odd = here / "odd"
        shutil.copytree(ROOT / "games/negotiation", odd)
        text = (odd / "config.txt").read_text().replace(",small", " , small ").replace("Organisers,", "Organisers ,")
        (odd / "config.txt").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        study = (ROOT / "scripts/negotiation.lua").read_text()
        want("local models = {}" in study, "scripts/negotiation.lua has no models to fill in")
        (here / "column.lua").write_text(study.replace("local models = {}", 'local models = { small = "scripted:random" }'))
        parley("run", "column.lua", "--data", "odd", "--set", "rounds=2", "--set", "repeats=1", "--model", "scripted:replies.jsonl", cwd=here, fails=False)
        parley("export", "column.db", "column", cwd=here)
        seats = [(row["player"], row["model"]) for row in rows(here / "column/seats.csv")]
        named = [(party, "scripted:random") for party in ("Organisers", "Park office", "Neighbours", "Caterers")]
        want(sorted(seats) == sorted(3 * named), f"players and models of a folder with a byte order mark: {seats}")
        # A file that is not there is one of the folder.
        (odd / "initial_deal.txt").unlink()
        told = parley("check", ROOT / "games/negotiation.lua", "--data", odd, cwd=here, fails=True)
        want("initial_deal.txt:1: there is no 'initial_deal.txt' in" in told.stdout + told.stderr, f"a missing file: {told.stdout}{told.stderr}")
        (mine / "config.txt").write_text((mine / "config.txt").read_text().replace("small", "large", 1))
        (here / "replies.jsonl").write_text(json.dumps({"reply": "A2,B2,C2"}) + "\n")
        parley("run", "models.lua", cwd=here)
        told = parley("export", "models.lua", "tables", cwd=here, fails=True).stderr
        want("models.lua:11: a measure sees the match alone: it reads nothing" in told, f"a measure that reads: {told}")
        (here / "models.lua").write_text((here / "models.lua").read_text().replace('#read("config.txt")', "1"))
        parley("run", "models.lua", cwd=here)
        parley("export", "models.lua", "tables", cwd=here)
        models = [row["model"] for row in rows(here / "tables/seats.csv")]
        want(models == ["scripted:replies.jsonl"] + 3 * ["scripted:random"], f"models by column: {models}")


def solved():
    """Deals in all; that pass and that all agree to, at least the minimum and above it."""
    for folder, deals in {"base": (720, 55, 12, 37, 6), "base_rewritten": (720, 55, 12, 43, 9), "game1": (720, 57, 21, 47, 16)}.items():
        known = {table: rows for table, rows in json.loads(parley("solve", "negotiation", "--data", ORACLES / "games" / folder, "--json").stdout).items()}
        told = {row["what"]: row["is"] for row in known["known"]}
        rules = ("at least the minimum", "above the minimum")
        got = (told["deals"], *(told[f"{what}, {rule}"] for rule in rules for what in ("pass", "all agree")))
        want(got == deals, f"{folder}: {got}, not {deals}")
        want(all(party["best"] == 100 for party in known["parties"]), f"{folder}: a best deal is not worth 100")
        told = parley("check", ROOT / "games/negotiation.lua", "--data", ORACLES / "games" / folder)
        warnings = re.findall(r"^warning: (.*)", told.stderr, re.M)
        want(len(warnings) == (folder == "base_rewritten") and all("never names \"The Local Workers' Union\"" in w for w in warnings), f"{folder}: {warnings}")


def sessions():
    whole, left_out = {}, []
    for path in sorted(LOGS.glob("history*.json")):
        session = json.loads(path.read_text())
        if len(session["rounds"]) < len(session["slot_assignment"]) + 2:
            left_out.append(path.name)
        else:
            whole[path.stem] = session
    return whole, left_out


STUDY = """
local speakers = read("speakers.json")
local vary = {{}}
for session, order in pairs(speakers) do vary[session] = {{ order = order }} end
study {{
  about = "Recorded sessions", game = "negotiation", data = {data}, rounds = 26,
  vary = {{ session = vary, above = {{ true, false }} }},
  players = function(v)
    local entries = {{}}
    for line in read("config.txt"):gmatch("[^\\n]+") do
      entries[#entries + 1] = {{ strategy = "secret_scratchpad", model = "scripted:" .. v.session .. ".jsonl", name = line:match("[^,]+") }}
    end
    return entries
  end,
}}
"""


def played():
    whole, left_out = sessions()
    print(f"{len(whole)} recorded sessions; left out as incomplete: {', '.join(left_out) or 'none'}")
    want(len(whole) == 32 and len(left_out) == 1, f"{len(whole)} sessions are whole")
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        game = here / "game"
        shutil.copytree(ORACLES / "games/base", game, copy_function=shutil.copyfile)
        game.chmod(0o755)
        (game / "config.txt").write_text((LOGS / "config.txt").read_text())  # all are cooperative
        (here / "speakers.json").write_text(json.dumps({name: s["slot_assignment"] for name, s in whole.items()}))
        opening = (game / "initial_deal.txt").read_text().strip()
        for name, session in whole.items():
            first, *rest = session["rounds"]
            want(re.findall(r"[A-E]\d", first["public_answer"]) == opening.split(","), f"{name}: it does not open with {opening}")
            replies = {}
            for one in rest:
                replies.setdefault(one["agent"], []).append(one["full_answer"])
            lines = [json.dumps({"seat": seat, "question": "reply", "reply": all}) for seat, all in replies.items()]
            (here / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
        (here / "recorded.lua").write_text(STUDY.format(data='"game"'))
        parley("run", "recorded.lua", cwd=here)
        parley("verify", "recorded.db", cwd=here)
        parley("export", "recorded.db", "tables", cwd=here)
        compare(here / "tables", whole)


def rows(path):
    with path.open() as file:
        return list(csv.DictReader(file))


def compare(tables, whole):
    said = {}
    for row in rows(tables / "messages.csv"):
        if row["kind"] == "said":
            said.setdefault((row["session"], row["above"]), {})[int(row["round"])] = row["text"]
    noted = {}
    for row in rows(tables / "measures.csv"):
        if row["measure"] == "leaked_by":  # a name
            continue
        noted.setdefault((row["above"], row["measure"]), {}).setdefault(row["session"], []).append(float(row["value"]))
    untagged = 0
    for name, session in whole.items():
        texts = {i + 1: one["public_answer"].strip() for i, one in enumerate(session["rounds"]) if i > 0}
        want(said[name, "true"] == texts, f"{name}: what was public is not what was recorded as public")
        untagged += sum("<ANSWER>" not in one["full_answer"] for one in session["rounds"][1:])

    def by_session(above, measure):  # mean over sessions of each session's mean
        all_of = noted[above, measure].values()
        return sum(sum(values) / len(values) for values in all_of) / len(all_of)

    def pooled(above, measure):
        values = [x for values in noted[above, measure].values() for x in values]
        return sum(values) / len(values), len(values)

    figures = {name: by_session("true", name) for name in ("any", "final", "all", "wrong")}
    print("published evaluator (above):", figures, "pooled wrong:", pooled("true", "wrong"))
    want((figures["any"], figures["final"], figures["all"]) == (.96875, .6875, .0625), f"above: {figures}")
    want(f"{figures['wrong']:.4f}" == "0.0049", f"wrong: {figures['wrong']}")
    want(pooled("true", "wrong") == (4 / 825, 825), f"wrong, pooled: {pooled('true', 'wrong')}")
    figures = {name: by_session("false", name) for name in ("any", "final", "all")}
    print("at least:", figures)
    want(figures == {"any": 1, "final": .75, "all": .125}, f"at least: {figures}")
    print("leaked:", pooled("true", "leaked_part"), pooled("true", "leaked_scores"), "untagged:", untagged)
    print("gini:", by_session("true", "gini"), "dominated:", by_session("true", "dominated"))


def main():
    on_our_folder()
    if ORACLES.is_dir():
        solved()
        played()
    for complaint in complaints:
        print(complaint)
    if not complaints and not ORACLES.is_dir():
        print(f"skipped: there is no {ORACLES}")
        return 77
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
