"""`parley solve` against a peer, Gambit (pygambit, from PyPI): pure equilibria of random games of up to 4 x 4 x 3 actions, the extreme
equilibria of 2x2 games, with and without ties. Gambit reads what `--nfg` prints. Gambit says nothing of what lies between extreme
equilibria: there each point of a grid is looked at by itself, in exact fractions; and mixed maximin by a fine grid."""
import json
import os
import random
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
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
    between = [[[float(p) for p in (s + " to " + s).split(" to ")[:2]] for s in r["probabilities"].split(", ")] for r in rows if r["what"] == "continuum of equilibria"]
    sure = {(r["what"], r["seat"]): float(r["payoffs"]) for r in rows if r["what"].startswith("maximin")}
    return pure, mixed, between, sure


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


def payoffs_of(nfg):
    """By seat, by (first seat's action, second's): the first seat's runs fastest in the file."""
    numbers = [int(n) for n in Path(nfg).read_text().split('""')[1].split()]
    return [{(i % 2, i // 2): numbers[2 * i + seat] for i in range(4)} for seat in range(2)]


def between_wrongly(name, pure, mixed, between):
    """A point of the grid that is an equilibrium and not listed, or the other way round."""
    paid = payoffs_of(f"{name}.nfg")
    grid = sorted({Fraction(n, 8) for n in range(9)} | {Fraction(x).limit_denominator(1000) for m in mixed for x in m})
    listed = [[[v, v] for v in point] for point in mixed | {tuple(float(w == "a") for w in p) for p in pure}] + between
    def inside(point, box):
        return all(lo - 1e-5 <= v <= hi + 1e-5 for v, (lo, hi) in zip(point, map(sorted, box)))
    for x in grid:
        for y in grid:
            row, column = (y * (paid[0][0, 0] - paid[0][1, 0]) + (1 - y) * (paid[0][0, 1] - paid[0][1, 1]),
                           x * (paid[1][0, 0] - paid[1][0, 1]) + (1 - x) * (paid[1][1, 0] - paid[1][1, 1]))
            best = all(gain == 0 or mine == (gain > 0) for mine, gain in ((x, row), (y, column)))
            if best != any(inside((x, y), box) for box in listed):
                return f"{float(x)}, {float(y)} is {'an' if best else 'no'} equilibrium"
    return None


def sure_wrongly(name, sure):
    paid = payoffs_of(f"{name}.nfg")
    for seat, who in enumerate(("p0", "p1")):
        own = paid[seat] if seat == 0 else {(j, i): v for (i, j), v in paid[seat].items()}
        def least(x):
            return min(x * own[0, j] + (1 - x) * own[1, j] for j in range(2))
        pure, best = max(least(0), least(1)), max(least(n / 5000) for n in range(5001))
        mine = sure.get(("maximin (mixed)", who), sure["maximin (pure)", who])
        if sure["maximin (pure)", who] != pure or abs(mine - best) > .05 * max(1, abs(best)):
            return f"maximin of {who}: {best}, of one action {pure}"
    return None


def compare(i, sizes):
    name = f"random_{i}"
    *mine, between, sure = ours(name)
    mine, other = tuple(mine), theirs(name, sizes == [2, 2])
    if sizes == [2, 2]:
        wrong = between_wrongly(name, *mine, between) or sure_wrongly(name, sure)
        if wrong:
            return f"{Path('games', name + '.lua').read_text()}\n  parley: {mine} {between} {sure}\n  {wrong}"
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
