#!/usr/bin/env python3
"""Runs the examples of every README as a reader would: writes the files that blocks name, then runs the shell blocks.

A block ```lua begins with `-- PATH`, a block ```text with `{{! PATH }}`: it is that whole file. A block ```sh is run line by line
in the folder where the files were written. What the files make is then loaded by `parley check`: by itself, and all there is on the
pages that tell of everything (README.md) and of words alone (prompts).
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

root = pathlib.Path(os.environ["PARLEY_ROOT"])
parley = pathlib.Path(os.environ["PARLEY"])
pages = ["README.md"] + [f"{name}/README.md" for name in ("games", "strategies", "prompts", "scripts", "engine")]
failed = passed = 0


def fail(what):
    global failed
    failed += 1
    print("FAILED", what)


for page in pages:
    text = (root / page).read_text()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        checked, wrote = [], 0
        for kind, body in re.findall(r"^```(\w+)\n(.*?)^```$", text, re.S | re.M):
            name = re.match(r"(?:--|\{\{!) ?([\w./]+)", body)
            if kind not in ("lua", "text"):
                continue
            if not name:
                fail(f"{page}: a block of {kind} names no file: {body.splitlines()[0]}")
                continue
            path = work / name[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body)
            wrote += 1
            if name[1].endswith(".lua"):
                checked.append(name[1])
        environment = dict(os.environ, PATH=f"{parley.parent}:{os.environ['PATH']}", NO_COLOR="1")
        commands = [line for block in re.findall(r"^```sh\n(.*?)^```$", text, re.S | re.M) for line in block.splitlines() if line]
        if wrote and page in ("README.md", "prompts/README.md"):
            commands.append("parley check")
        commands += [f"parley check {file}" for file in checked]
        for command in commands:
            llama = "llama:" in command or command == "parley check"  # the studies that ship ask the model in the box
            if llama and os.environ.get("PARLEY_LLAMA") in ("0", "OFF"):
                continue
            done = subprocess.run(["bash", "-c", command], cwd=work, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if done.returncode != 0:
                fail(f"{page}: `{command}` ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
            else:
                passed += 1
        print(f"{page}: {wrote} files, {len(commands)} commands")
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
