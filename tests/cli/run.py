"""Sessions at the command line: each *.session file beside this one is typed into a shell, in an empty folder of its own.

    # a comment
    needs: tmpfs sqlite3        the session is skipped where one of these is missing: tmpfs (to be mounted), llama, or a program
    @ study.lua                 a file, made before what follows; its lines are indented by two blanks
      study { ... }
    $ parley run study.lua      a command, for bash; `parley` is the one that is tested
    < J                         a line of its input
    | Nothing ... to do         a line of its standard output
    ! warning: ...              a line of its standard error
    ? 1                         its exit code (0 where it is left out)

Output is compared whole, line by line: `...` inside a line stands for anything, `...` alone for any number of lines.

    run.py [NAME...]            only these sessions
    run.py --accept [NAME...]   writes what was seen into the sessions that fail
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
LIMIT = 120  # seconds a command may take
MARKS = {"|": "out", "!": "err", "<": "in"}


class Command:
    def __init__(self, text, line):
        self.text, self.line, self.code = text, line, 0
        self.lines = {"in": [], "out": [], "err": []}
        self.end = line  # last line of the session that is about it


def parse(path):
    """Steps of a session: ("file", name, text), Command; and what it needs."""
    steps, needs, file = [], [], None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if file is not None and (line.startswith("  ") or not line.strip()):
            file.append(line[2:])
            continue
        file = None
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("needs:"):
            needs += line[6:].split()
        elif line.startswith("@ "):
            file = []
            steps.append(("file", line[2:].strip(), file))
        elif line.startswith("$ "):
            steps.append(Command(line[2:], number))
        elif steps and isinstance(steps[-1], Command) and line[0] in MARKS and line[1:2] in ("", " "):
            steps[-1].lines[MARKS[line[0]]].append(line[2:])
            steps[-1].end = number
        elif steps and isinstance(steps[-1], Command) and line.startswith("? "):
            steps[-1].code = int(line[2:])
            steps[-1].end = number
        else:
            sys.exit(f"{path}:{number}: what is this? {line}")
    return steps, needs


def missing(needs):
    def there(what):
        if what == "tmpfs":
            with tempfile.TemporaryDirectory() as folder:
                return os.getuid() == 0 and subprocess.run(f"mount -t tmpfs tmpfs {folder} && umount {folder}", shell=True, capture_output=True).returncode == 0
        if what == "llama":
            return os.environ.get("PARLEY_LLAMA") == "1" and Path(os.environ.get("PARLEY_MODEL", "")).exists()
        return shutil.which(what)
    return [what for what in needs if not there(what)]


def fits(pattern, text):
    parts = [re.escape(part) for part in pattern.split("...")]
    return re.fullmatch(".*".join(parts), text) is not None


def same(expected, seen):
    """Whether the lines seen are those expected, where '...' alone stands for any number of lines."""
    reach = {0}  # how many expected lines may be used up
    def skip(at):
        while at < len(expected) and expected[at] == "...":
            yield at
            at += 1
        yield at
    for line in seen:
        reach = {k for at in reach for k in skip(at)}
        reach = {at if expected[at] == "..." else at + 1 for at in reach if at < len(expected) and (expected[at] == "..." or fits(expected[at], line))}
    return any(len(expected) in set(skip(at)) for at in reach)


def run(command, folder, environment):
    try:
        done = subprocess.run(["bash", "-c", command.text], cwd=folder, env=environment, text=True, errors="replace", timeout=LIMIT,
                              input="".join(line + "\n" for line in command.lines["in"]), capture_output=True)
        return done.returncode, [line.rstrip() for line in done.stdout.splitlines()], [line.rstrip() for line in done.stderr.splitlines()]
    except subprocess.TimeoutExpired as late:
        return f"none after {LIMIT} s", *((part or b"").decode(errors="replace").splitlines() for part in (late.stdout, late.stderr))


def block(command, code, out, err, folder):
    """The command as it should stand in the session. What differs from run to run is left open."""
    root = os.environ.get("PARLEY_ROOT", str(HERE.parents[1]))
    def open_ended(line):
        line = line.replace(folder, "...").replace(root, "...")
        return re.sub(r"\b\d+(\.\d+)? s\b", "... s", line)
    out, err = [open_ended(line) for line in out], [open_ended(line) for line in err]
    lines = ["$ " + command.text] + ["< " + line for line in command.lines["in"]]
    lines += [("| " + line).rstrip() for line in out] + [("! " + line).rstrip() for line in err]
    return lines + ([f"? {code}"] if code else [])


def play(path, accept):
    """Failures of a session as text; None: skipped."""
    steps, needs = parse(path)
    if lacks := missing(needs):
        return None, lacks
    failures, rewritten = [], path.read_text().splitlines()
    with tempfile.TemporaryDirectory(prefix="parley-session.") as folder:
        tools = Path(folder, ".tools")
        tools.mkdir()
        (tools / "parley").symlink_to(os.path.realpath(os.environ["PARLEY"]))
        home = Path(folder, "here")
        home.mkdir()
        environment = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(home), "LANG": "C.UTF-8", "TERM": "dumb",
                       "PYTHON": os.environ.get("PARLEY_PYTHON", sys.executable), "ROOT": os.environ.get("PARLEY_ROOT", str(HERE.parents[1]))}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "PARLEY_MODEL"):
            if name in os.environ:
                environment[name] = os.environ[name]
        shift = 0
        for step in steps:
            if not isinstance(step, Command):
                _, name, text = step
                while text and not text[-1].strip():
                    text.pop()
                target = home / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text("".join(line + "\n" for line in text))
                continue
            code, out, err = run(step, home, environment)
            wanted = step.lines
            if code == step.code and same(wanted["out"], out) and same(wanted["err"], err):
                continue
            seen = block(step, code, out, err, folder)
            failures.append(f"{path}:{step.line}: not as expected; seen:\n" + "\n".join("    " + line for line in seen))
            if accept:
                rewritten[step.line - 1 + shift:step.end + shift] = seen
                shift += len(seen) - (step.end - step.line + 1)
        if accept and failures:
            path.write_text("\n".join(rewritten) + "\n")
    return failures, []


def main():
    words = sys.argv[1:]
    accept = "--accept" in words
    names = [word for word in words if not word.startswith("--")]
    os.environ.setdefault("PARLEY", str(HERE.parents[1] / "build/release/parley"))
    paths = [HERE / (name if name.endswith(".session") else name + ".session") for name in names] or sorted(HERE.glob("*.session"))
    failed = played = 0
    for path in paths:
        start = time.monotonic()
        failures, lacks = play(path, accept)
        state = f"skipped (no {', '.join(lacks)})" if failures is None else "FAILED" if failures else "as expected"
        print(f"{path.stem:24} {state:24} {time.monotonic() - start:5.1f} s")
        for failure in failures or []:
            print(failure)
        played += failures is not None
        failed += bool(failures)
    return 77 if not played else bool(failed)


if __name__ == "__main__":
    sys.exit(main())
