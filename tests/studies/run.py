"""Every study in scripts/ passes `parley check`, plans as many matches as scripts/README.md says, plays whole with a model that answers by
chance, is derived again by `verify`, and is read by the commands that its comment names."""
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(os.environ.get("PARLEY_ROOT", Path(__file__).resolve().parents[2]))
PARLEY = os.path.abspath(os.environ["PARLEY"])
page = (ROOT / "scripts/README.md").read_text()
# A parley without libllama cannot open the model in the box, which most of them name.
CHECKED_WITH = [] if os.environ.get("PARLEY_LLAMA", "1") == "1" else ["--model", "scripted:random"]
complaints = []


def parley(folder, *args):
    return subprocess.run([PARLEY, *args], cwd=folder, env={**os.environ, "PARLEY_HOME": str(ROOT)}, capture_output=True, text=True)


def want(done, what, pattern=""):
    text = done.stdout + done.stderr
    if done.returncode or not re.search(pattern, text):
        complaints.append(f"{what} ({done.returncode}):\n{text[-1500:]}")
        return None
    return re.search(pattern, text)


def main():
    studies = sorted((ROOT / "scripts").glob("*.lua"))
    for study in studies:
        name, comment = study.stem, [line for line in study.read_text().splitlines() if line.startswith("--")]
        with tempfile.TemporaryDirectory() as folder:
            planned = want(parley(folder, "check", str(study), *CHECKED_WITH), f"check {name}", r"([\d,]+) matches: ")
            run = parley(folder, "run", str(study), "--model", "scripted:random")
            played = want(run, f"run {name}", r"Played ([\d,]+) matches in .* \(([\d,]+) whole\)")
            if planned and played and not planned[1] == played[1] == played[2]:
                complaints.append(f"{name}: {planned[1]} matches are planned, {played[1]} played, {played[2]} whole")
            row = re.search(rf"^\| `{name}\.lua` \|.*\| ([\d,]+) \|$", page, re.M)
            if planned and (not row or row[1] != planned[1]):
                complaints.append(f"{name}: {planned[1]} matches, and scripts/README.md says {row[1] if row else 'nothing of it'}")
            want(parley(folder, "verify", f"{name}.db"), f"verify {name}", "every row derived again")
            for line in comment:
                for command in re.findall(r"parley (stats \S+(?: \S+)*)", line):
                    want(parley(folder, *shlex.split(command)), f"{name}: parley {command}", r"\d")
    for complaint in complaints:
        print(complaint)
    print(f"{len(studies)} studies, {len(complaints)} complaints")
    return 1 if complaints or not studies else 0


if __name__ == "__main__":
    sys.exit(main())
