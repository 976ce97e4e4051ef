"""`parley solve` against a peer, Gambit (pygambit, from PyPI): pure equilibria of random games of up to 4 x 4 x 3 actions, all
equilibria of 2x2 games (lines of them by their ends), with and without ties. Gambit reads what `--nfg` prints."""
import json
import os
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

try:
    import pygambit
except ImportError:
    print("skipped: no pygambit (scripts/test installs it)")
    sys.exit(77)

PARLEY = os.path.abspath(os.environ["PARLEY"])
GAMES = 1000 if "/release/" in PARLEY else 100  # sanitizers take their time
WORDS = ["a", "b", "c", "d"]


def lua(sizes, chance):
    """A game of so many actions a seat; payoffs out of few numbers tie often."""
    most = chance.choice([2, 5, 100])
    def table(left):
        if not left:
            return "{ " + ", ".join(str(chance.randint(-most, most)) for _ in sizes) + " }"
        return "{ " + ", ".join(f"{WORDS[i]} = {table(left[1:])}" for i in range(left[0])) + " }"
    seats = ", ".join(f'"p{i}"' for i in range(len(sizes)))
    actions = ", ".join("{ " + ", ".join(f'"{w}"' for w in WORDS[:n]) + " }" for n in sizes)
    return f'game {{ about = "Random", players = {{ {seats} }}, actions = {{ {actions} }}, payoffs = {table(sizes)} }}'


def said(*args):
    done = subprocess.run([PARLEY, "solve", *args], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"solve {' '.join(args)} ends with {done.returncode}: {done.stderr}")
    return done.stdout


def ours(name):
    rows = json.loads(said(name, "--json"))["solution"]
    pure = {tuple(r["actions"].split(", ")) for r in rows if r["what"] == "equilibrium"}
    mixed = {tuple(round(float(p), 6) for p in r["probabilities"].split(", ")) for r in rows if r["what"] == "mixed equilibrium"}
    return pure, mixed


def theirs(name, two_by_two):
    path = f"{name}.nfg"
    Path(path).write_text(said(name, "--nfg"))
    game = pygambit.read_nfg(path)
    def sure(e):
        return all(p in (0, 1) for m in e for _, p in m)
    pure = {tuple(next(w for w, p in m if p == 1) for m in e) for e in pygambit.nash.enumpure_solve(game).equilibria}
    mixed = set()
    if two_by_two:
        for e in pygambit.nash.enummixed_solve(game).equilibria:
            if not sure(e):
                mixed.add(tuple(round(float(m["a"]), 6) for m in e))
    return pure, mixed


def compare(i, sizes):
    name = f"random_{i}"
    mine, other = ours(name), theirs(name, sizes == [2, 2])
    return None if mine == other else f"{Path('games', name + '.lua').read_text()}\n  parley: {mine}\n  gambit: {other}"


def main():
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.mkdir("games")
        all_sizes = []
        for i in range(GAMES):
            sizes = [2, 2] if i % 2 else [chance.randint(1, 4) for _ in range(chance.choice([1, 2, 2]))] + [chance.randint(1, 3)]
            all_sizes.append(sizes)
            Path("games", f"random_{i}.lua").write_text(lua(sizes, chance) + "\n")
        with ThreadPoolExecutor(2) as pool:
            wrong = [w for w in pool.map(compare, range(GAMES), all_sizes) if w]
        os.chdir("/")
    for what in wrong[:3]:
        print(what)
    print(f"{GAMES} games, {len(wrong)} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
