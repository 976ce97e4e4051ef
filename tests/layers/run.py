"""What a folder of engine/ may include, which file may include other people's headers, what stands at the top level.

The table is that of DESIGN 2: a folder includes itself and folders of lower layers only.
"""
import os
import re
import subprocess
import sys
from pathlib import Path

LAYERS = {
    "base": 0,
    "game": 1, "model": 1, "stats": 1,
    "prompt": 2, "store": 2,
    "script": 3, "report": 3,
    "study": 4,
    "api": 5,
    "cli": 6,
}
# Closer than the layers: (folder, what it may not include, why).
BARRED = [
    ("game", r"base/(file|clock)\.h", "game knows no file or clock"),
    ("stats", r"base/(file|clock)\.h", "stats knows no file or clock"),
    ("script", r"store/", "script knows no store"),
    ("study", r"report/", "a study computes no report"),
    ("cli", r"(store|script)/", "cli is a client of api/parley.h, with no SQL or Lua"),
]
# Other people's headers, and the only files that may include them.
FOREIGN = [
    (r"(lua|lualib|lauxlib|luajit|luaconf)\.h(pp)?", r"script/"),
    (r"curl/", r"model/http[^/]*$"),
    (r"sqlite3\.h", r"store/"),
    (r"(llama|ggml)[^/]*\.h", r"model/llama[^/]*$"),
    (r"nlohmann/", r"base/json\.cc$"),
    (r"CLI/", r"(api|cli)/[^/]+\.cc$"),
    (r"openssl/", r"base/hash\.cc$"),
    (r"Random123/", r"base/random\.cc$"),
    (r"boost/", r"stats/[^/]+\.cc$"),
    (r"doctest/", r"$^"),
]
TOP = re.compile(r"\..*|CMakeLists\.txt|CMakePresets\.json|LICENSE|README\.md|engine|games|prompts|scripts|strategies|tests")
IGNORED = re.compile(r"build|.*\.(db|db-wal|db-shm|lock)")  # as in .gitignore


def complaints_about(path, lines):
    """Of the file at engine/<path>: 'line: what is wrong'."""
    folder = path.split("/")[0]
    if folder not in LAYERS:
        yield 1, f"the folder {folder}/ has no layer: give it one here and in engine/README.md"
        return
    for number, line in enumerate(lines, 1):
        found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)', line)
        if not found:
            continue
        header = found[2]
        other = header.split("/")[0]
        if found[1] == '"' and other in LAYERS:
            if other != folder and LAYERS[other] >= LAYERS[folder]:
                yield number, f'includes "{header}": {folder} is layer {LAYERS[folder]}, {other} is layer {LAYERS[other]}'
            for where, what, why in BARRED:
                if folder == where and re.match(what, header):
                    yield number, f'includes "{header}": {why}'
        elif found[1] == '"' and other != "embedded" and not any(re.match(what, header) for what, _ in FOREIGN):
            yield number, f'includes "{header}": name it from engine/ on, as "{folder}/{header}"'
        for what, where in FOREIGN:
            if re.match(what, header) and not re.match(where, path):
                yield number, f"includes <{header}>, which is for engine/{where} alone"


def top_level(root):
    """Names at the top level: what git knows, or where there is no git, what is there and not ignored."""
    try:
        tracked = subprocess.run(["git", "-C", root, "ls-files"], capture_output=True, text=True, check=True).stdout
        return {name.split("/")[0] for name in tracked.splitlines()}
    except (OSError, subprocess.CalledProcessError):
        return {name for name in os.listdir(root) if not IGNORED.fullmatch(name)}


def main():
    root = Path(os.environ.get("PARLEY_ROOT") or Path(__file__).parents[2])
    files = sorted(p for p in (root / "engine").rglob("*") if p.suffix in (".h", ".cc"))
    wrong = [f"{name}: is not agreed to stand at the top level" for name in sorted(top_level(root)) if not TOP.fullmatch(name)]
    for file in files:
        path = file.relative_to(root / "engine").as_posix()
        wrong += [f"engine/{path}:{number}: {what}" for number, what in complaints_about(path, file.read_text().splitlines())]
    print("\n".join(wrong) or f"{len(files)} files of engine/ keep to their layers")
    return bool(wrong) or not files


if __name__ == "__main__":
    sys.exit(main())
