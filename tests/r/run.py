"""R as a peer. scripts/analysis.R on a study in which it must agree with `parley stats`: a robust regression on a factor is a difference of
means and Welch's t, a mixed logit without variance between matches is a difference of log odds; where matches do differ, the intercept's
spread is found. And the JZS Bayes factors of `parley stats` against BayesFactor::ttestBF on 100 data sets, of one sample too. Skipped without R."""
import csv
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile

PARLEY, ROOT = os.path.abspath(os.environ["PARLEY"]), os.environ["PARLEY_ROOT"]
R = shutil.which("Rscript")
failures = []


def run(*args, env={}):
    done = subprocess.run(args, capture_output=True, text=True, env={**os.environ, "PARLEY_HOME": ROOT, **env})
    if done.returncode:
        raise SystemExit(f"{' '.join(args)} ({done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout


def near(what, mine, other, relative=1e-6):
    if not math.isclose(mine, other, rel_tol=relative, abs_tol=1e-9):
        failures.append(f"{what}: parley {mine}, R {other}")


def lacking():
    found = run(R, "-e", "cat(setdiff(c('lme4', 'sandwich', 'lmtest', 'BayesFactor'), rownames(installed.packages())))")
    return found.split()


def analysis(*args):
    """Coefficients by model and name: (estimate, standard error, statistic, p); and sd by term."""
    out = {}
    for line in run(R, f"{ROOT}/scripts/analysis.R", *args).splitlines():
        cells = line.split("  ")
        if cells[0] in ("ols", "logit"):
            out[cells[0], cells[1]] = [float(x) for x in cells[2:]]
        elif cells[0] == "sd":
            out["sd", cells[1]] = float(cells[2])
    return out


def regressions():
    with open("study.lua", "w") as file:
        file.write("""study {
  game = "prisoners_dilemma", rounds = 10, repeats = 30, vary = { temptation = { 10, 14 } },
  players = { { strategy = "random", name = "chance" }, { strategy = "tit_for_tat" } },
}""")
    run(PARLEY, "run", "study.lua")
    run(PARLEY, "export", "study.lua", "tables")
    got = analysis("tables", "--group", "temptation", "--where", "seat_name=row", "--action", "cooperate")
    stats = json.loads(run(PARLEY, "stats", "study.db", "--group", "temptation", "--where", "seat=row", "--json"))["comparisons"][0]
    sign = 1 if f"temptation={stats['a']['group']}" in dict(k[::-1] for k in got) else -1
    other = stats["a" if sign == 1 else "b"]["group"]
    estimate, error, t, _ = got["ols", f"temptation={other}"]
    near("difference of means", sign * stats["difference"], estimate)
    near("Welch's t", sign * stats["t_test"]["t"], t)
    base = stats["b" if sign == 1 else "a"]
    near("mean of the base", base["mean"], got["ols", "(Intercept)"][0])
    # Both seats of a match are one cluster, in one group or in both: the robust regression, which is of seats, and our t of matches agree
    # but for what each corrects for few clusters (1 in 60 here).
    for group, pairs in (("player", 60), ("temptation", 0)):
        both = analysis("tables", "--group", group)
        stats = json.loads(run(PARLEY, "stats", "study.db", "--group", group, "--json"))["comparisons"][0]
        sign = 1 if ("ols", f"{group}={stats['a']['group']}") in both else -1
        estimate, error, _, p = next(v for k, v in both.items() if k[0] == "ols" and k[1].startswith(f"{group}="))
        near(f"pairs by {group}", stats["t_test"]["pairs"], pairs)
        near(f"both seats: difference of means by {group}", sign * stats["difference"], estimate)
        near(f"both seats: error by {group}", stats["difference"] / stats["t_test"]["t"], error, .02)
        if abs(stats["t_test"]["p"] - p) > .01:
            failures.append(f"both seats: p by {group}: parley {stats['t_test']['p']}, R {p}")
    # A match of these is like any other of its kind: five or nine first actions of ten.
    with open("flat.lua", "w") as file:
        file.write("""study {
  game = "prisoners_dilemma", rounds = 10, repeats = 20, vary = { who = { "alternate", "defect_once" } },
  players = function(v) return { { strategy = v.who }, { strategy = "always_first" } } end,
}""")
    run(PARLEY, "run", "flat.lua")
    run(PARLEY, "export", "flat.lua", "flat")
    got = analysis("flat", "--group", "player", "--where", "seat_name=row", "--action", "cooperate", "--without", "pairing")
    stats = json.loads(run(PARLEY, "stats", "flat.db", "--group", "player", "--where", "seat=row", "--value", "first", "--json"))["comparisons"][0]
    odds = {stats[g]["group"]: math.log(stats[g]["mean"] / (1 - stats[g]["mean"])) for g in "ab"}
    (_, name), (estimate, error, _, _) = next((k, v) for k, v in got.items() if k[0] == "logit" and k[1].startswith("player="))
    other = name.removeprefix("player=")
    base = next(g for g in odds if g != other)
    near("log odds", odds[other] - odds[base], estimate, 1e-4)
    near("log odds of the base", odds[base], got["logit", "(Intercept)"][0], 1e-4)
    near("standard error of the log odds", math.sqrt(sum(1 / (200 * p) for p in (.5, .5, .9, .1))), error, 1e-3)
    near("spread between matches", 0, got["sd", "match"])
    # Half of these matches have none, half of them ten of ten first actions: all that differs is the match.
    with open("spread.lua", "w") as file:
        file.write("""study {
  game = "prisoners_dilemma", rounds = 10, repeats = 20, vary = { who = { "grim", "suspicious_tit_for_tat" } },
  players = function(v) return { { strategy = v.who }, { strategy = "random" } } end,
}""")
    run(PARLEY, "run", "spread.lua")
    run(PARLEY, "export", "spread.lua", "spread")
    if not analysis("spread", "--group", "seat_name", "--without", "pairing")["sd", "match"] > .1:
        failures.append("the mixed logit found no spread between matches")


def bayes_factors():
    chance = random.Random(5)
    sets = []
    for i in range(100):
        a = [chance.gauss(0, 1) for _ in range(chance.randint(3, 40))]
        b = [chance.gauss(chance.uniform(-1.5, 1.5), chance.uniform(.5, 3)) for _ in range(chance.randint(3, 40))]
        if i % 3 == 0:  # ties, as shares of ten rounds have them
            a, b = [round(v, 1) for v in a], [round(v, 1) for v in b]
        sets.append((a, b))
    with open("sets.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["set", "g", "x"])
        writer.writerows([i, g, repr(v)] for i, two in enumerate(sets) for g, values in zip("ab", two) for v in values)
    with open("bayes.R", "w") as file:
        file.write("""suppressPackageStartupMessages(library(BayesFactor))
all <- read.csv("sets.csv")
for (i in unique(all$set)) for (scale in c(.5, sqrt(2) / 2, 1)) {
  one <- all[all$set == i, ]
  found <- ttestBF(one$x[one$g == "a"], one$x[one$g == "b"], rscale = scale)
  alone <- ttestBF(one$x[one$g == "a"], mu = .25, rscale = scale)
  cat(sprintf("%d %.3f %.12g %.12g\\n", i, scale, found@bayesFactor$bf, alone@bayesFactor$bf))
}
""")
    logs = {}
    for line in run(R, "bayes.R").splitlines():
        i, scale, *log = line.split()
        logs[int(i), float(scale)] = [float(n) for n in log]
    for i in range(100):
        got = json.loads(run(PARLEY, "stats", "--csv", "sets.csv", "--value", "x", "--group", "g", "--where", f"set={i}", "--json"))
        for name, bf in got["comparisons"][0]["bayes"].items():
            near(f"set {i}: BF10 at {name}", bf, math.exp(logs[i, float(name)][0]))
        got = json.loads(run(PARLEY, "stats", "--csv", "sets.csv", "--value", "x", "--group", "g", "--where", f"set={i}", "--to", ".25", "--json"))
        for name, bf in got["groups"][0]["bayes"].items():
            near(f"set {i}: one-sample BF10 at {name}", bf, math.exp(logs[i, float(name)][1]))


def main():
    if not R:
        print("skipped: no R (scripts/test installs it)")
        return 77
    if without := lacking():
        print(f"skipped: R lacks {', '.join(without)} (scripts/test installs them)")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        regressions()
        bayes_factors()
        os.chdir("/")
    for what in failures[:10]:
        print(what)
    print(f"regressions of three studies, 600 Bayes factors: {len(failures)} numbers differ")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
