"""`parley stats --csv` against scipy, on 100 tables: t, degrees of freedom, p, intervals, permutation and equivalence tests, Bayes factors
(integrated there anew), families; on 60 tables of clusters that may stand in both groups paired, partly paired and independent t-tests; each group against a number; on 50 tables of shares: Fisher, chi-square, Wilson; on 20 of clusters the intra-class correlation, on 20
balanced ones shares of variance (both by least squares, in numpy)."""
import csv
import json
import math
import os
import random
import subprocess
import sys
import tempfile

try:
    import numpy as np
    from scipy import integrate
    from scipy import stats as peer
except ImportError:
    print("skipped: no scipy (scripts/test installs it)")
    sys.exit(77)

PARLEY = os.path.abspath(os.environ["PARLEY"])
failures = []


def near(what, mine, other, relative=1e-6, absolute=1e-9):
    if not math.isclose(mine, other, rel_tol=relative, abs_tol=absolute):
        failures.append(f"{what}: parley {mine}, scipy {other}")


def stats(*args):
    done = subprocess.run([PARLEY, "stats", "--csv", "t.csv", "--value", "x", "--group", "g", "--json", *args], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)["comparisons"]


def jzs(t, n_a, n_b, scale):
    n, df = n_a * n_b / (n_a + n_b) * scale ** 2, n_a + n_b - 2
    def f(u):  # over g = u / (1 - u)
        g = u / (1 - u)
        more = 1 + n * g
        return (more ** -.5 * (1 + t * t / (more * df)) ** (-(df + 1) / 2) * (2 * math.pi) ** -.5 * g ** -1.5 * math.exp(-1 / (2 * g))
                / (1 - u) ** 2)
    return integrate.quad(f, 0, 1, epsabs=0, epsrel=1e-10, limit=500)[0] / (1 + t * t / df) ** (-(df + 1) / 2)


def apart(x, y, axis):
    return abs(np.mean(x, axis=axis) - np.mean(y, axis=axis))


def one(i, chance):
    a = [chance.gauss(0, 1) for _ in range(chance.randint(3, 40))]
    b = [chance.gauss(chance.uniform(-1, 1), chance.uniform(.5, 3)) for _ in range(chance.randint(3, 40))]
    if i % 3 == 0:  # ties, as means of ten rounds have them
        a, b = [round(v) for v in a] + [1], [round(v) for v in b] + [0, 7]
    with open("t.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["x", "g", "said, aside"])
        writer.writerows([v, g, 'a "quoted" text,\nof two lines'] for g, values in (("a", a), ("b", b)) for v in values)
    if len(set(a)) == 1 or len(set(b)) == 1:
        return
    (got,) = stats("--margin", "0.7")
    for equal in (False, True):
        want = peer.ttest_ind(a, b, equal_var=equal)
        if equal:
            pooled = want.statistic
        else:
            near(f"{i} t", got["t_test"]["t"], want.statistic)
            near(f"{i} df", got["t_test"]["df"], want.df)
            near(f"{i} p", got["t_test"]["p"], want.pvalue)
            low, high = want.confidence_interval(.95)
            near(f"{i} low", got["t_test"]["interval"][0], low)
            near(f"{i} high", got["t_test"]["interval"][1], high)
    sd = math.sqrt(((len(a) - 1) * np.var(a, ddof=1) + (len(b) - 1) * np.var(b, ddof=1)) / (len(a) + len(b) - 2))
    near(f"{i} d", got["d"]["size"], (np.mean(a) - np.mean(b)) / sd)
    df = len(a) + len(b) - 2
    near(f"{i} g", got["g"]["size"], got["d"]["size"] * math.gamma(df / 2) / (math.sqrt(df / 2) * math.gamma((df - 1) / 2)))
    for name, scale in (("0.5", .5), ("0.707", math.sqrt(.5)), ("1", 1)):
        near(f"{i} BF at {name}", got["bayes"][name], jzs(pooled, len(a), len(b), scale))
    tost = max(peer.ttest_ind(np.array(a) + .7, b, equal_var=False, alternative="greater").pvalue,
               peer.ttest_ind(np.array(a) - .7, b, equal_var=False, alternative="less").pvalue)
    near(f"{i} equivalence", got["equivalence"], tost)
    if got["permutation"]["exact"]:
        want = peer.permutation_test((a, b), apart, vectorized=True, n_resamples=np.inf, alternative="greater")
        near(f"{i} permutation", got["permutation"]["p"], want.pvalue)
    else:  # both are drawn
        want = peer.permutation_test((a, b), apart, vectorized=True, n_resamples=9999, alternative="greater",
                                     rng=np.random.default_rng(1))
        near(f"{i} permutation", got["permutation"]["p"], want.pvalue, absolute=.03)


def pairs(i, chance):
    """Clusters of both groups: the paired t-test where all are, Welch's where none is, between them the formula of Derrick and others (2017);
    several rows of a cluster and group count as their mean."""
    kind = ("all", "none", "some")[i % 3]
    both, alone = (chance.randint(4, 20) if kind != "none" else 0), (chance.randint(4, 15) if kind != "all" else 0)
    rows, means, name = [], {"a": [], "b": []}, 0
    for k in range(both + 2 * alone):
        common = chance.gauss(0, 1.5)
        for g in ("ab" if k < both else "a" if k < both + alone else "b"):
            values = [common + chance.gauss(0, 1) for _ in range(chance.randint(1, 3))]
            rows += [(v, g, k) for v in values]
            means[g].append(sum(values) / len(values))
    chance.shuffle(rows)
    with open("t.csv", "w") as file:
        file.write("x,g,c\n" + "".join(f"{x},{g},{c}\n" for x, g, c in rows))
    (got,) = stats("--cluster", "c", "--margin", "0.8")
    t, a, b = got["t_test"], np.array(means["a"]), np.array(means["b"])
    near(f"{i} pairs", t["pairs"], both)
    near(f"{i} rows", got["a"]["rows"] + got["b"]["rows"], len(rows))
    if kind == "some":
        va, vb = np.var(a, ddof=1) / len(a), np.var(b, ddof=1) / len(b)
        gamma = (va + vb) ** 2 / (va ** 2 / (len(a) - 1) + vb ** 2 / (len(b) - 1))
        r = np.corrcoef(a[:both], b[:both])[0, 1]
        error = math.sqrt(va + vb - 2 * r * both / (len(a) * len(b)) * np.std(a, ddof=1) * np.std(b, ddof=1))
        df = both - 1 + (gamma - both + 1) / (2 * alone + 2 * both) * 2 * alone
        statistic = (a.mean() - b.mean()) / error
        pvalue, name = 2 * peer.t.sf(abs(statistic), df), "partly paired"
        low, high = (statistic + side * peer.t.ppf(.975, df) for side in (-1, 1))
        low, high = low * error, high * error
    else:
        want = peer.ttest_rel(a, b) if kind == "all" else peer.ttest_ind(a, b, equal_var=False)
        statistic, df, pvalue, name = want.statistic, want.df, want.pvalue, "paired t" if kind == "all" else "Welch's t"
        low, high = want.confidence_interval(.95)
        error = (a.mean() - b.mean()) / statistic
    if t["name"] != name:
        failures.append(f"{i}: {t['name']} and not {name}")
    for what, mine, other in (("t", t["t"], statistic), ("df", t["df"], df), ("p", t["p"], pvalue), ("low", t["interval"][0], low), ("high", t["interval"][1], high)):
        near(f"{i} {name}, {what}", mine, other)
    difference = a.mean() - b.mean()
    near(f"{i} {name}, equivalence", got["equivalence"], max(peer.t.sf((difference + .8) / error, df), peer.t.cdf((difference - .8) / error, df)))
    if ("bayes" in got) != (kind != "some") or ("interval" in got["d"]) != (kind == "none"):
        failures.append(f"{i}: a Bayes factor or an interval of d that is not for {kind} pairs")
    if kind == "all":
        near(f"{i} paired BF", got["bayes"]["0.707"], one_jzs(statistic, both, math.sqrt(.5)))
        flips = peer.permutation_test((a - b,), lambda x, axis: abs(np.mean(x, axis=axis)), permutation_type="samples", vectorized=True,
                                      n_resamples=np.inf if both < 14 else 9999, alternative="greater", rng=np.random.default_rng(1))
        near(f"{i} swaps", got["permutation"]["p"], flips.pvalue, absolute=1e-9 if both < 14 else .03)


def overflow():
    """Bayes factors near and beyond what a number holds."""
    for gap, beyond in ((2.5, False), (40, True)):
        a = [math.sin(k) for k in range(400)]
        b = [math.sin(k * 1.7) - gap for k in range(400)]
        with open("t.csv", "w") as file:
            file.write("x,g\n" + "".join(f"{v},{g}\n" for g, values in (("a", a), ("b", b)) for v in values))
        (got,) = stats()
        if beyond:
            if got["bayes"]["0.707"] != "> 1e300":
                failures.append(f"a Bayes factor beyond what a number holds: {got['bayes']}")
            continue
        t, n, df = peer.ttest_ind(a, b).statistic, 200 * .5, 798
        log = lambda g: (-.5 * np.log(1 + n * g) - (df + 1) / 2 * np.log1p(t * t / ((1 + n * g) * df)) + (df + 1) / 2 * np.log1p(t * t / df)
                         - .5 * math.log(2 * math.pi) - 1.5 * np.log(g) - 1 / (2 * g))
        u = np.linspace(-5, 60, 2_000_001)
        logs = log(np.exp(u)) + u
        most = logs.max()
        want = most + math.log(np.exp(logs - most).sum() * (u[1] - u[0]))
        near("the logarithm of a large Bayes factor", math.log(got["bayes"]["0.707"]), want)


def shares(i, chance):
    table = [[chance.randint(0, 12), chance.randint(1, 12)], [chance.randint(1, 12), chance.randint(1, 12)]]
    with open("t.csv", "w") as file:
        file.write("x,g\n" + "".join(f"{v},{g}\n" for g, row in zip("ab", table) for v, n in zip((1, 0), row) for _ in range(n)))
    got = stats()[0]["shares"]
    near(f"{i} Fisher {table}", got["fisher"], peer.fisher_exact(table).pvalue)
    for name, corrected in (("chi_square", False), ("chi_square_corrected", True)):
        near(f"{i} {name} {table}", got[name], peer.chi2_contingency(table, correction=corrected).pvalue)
    for mine, row in zip(got["wilson"], table):
        want = peer.binomtest(row[0], sum(row)).proportion_ci(.95, method="wilson")
        near(f"{i} Wilson {row}", mine[0], want.low)
        near(f"{i} Wilson {row}", mine[1], want.high)


def families(chance):
    values = {name: [chance.gauss(mean, 1) for _ in range(12)] for name, mean in (("a", 0), ("b", .5), ("c", 1.5), ("d", 0))}
    with open("t.csv", "w") as file:
        file.write("x;g\n" + "".join(f"{v};{g}\n" for g, all_ in values.items() for v in all_))
    got = stats()
    p = [peer.ttest_ind(values[c["a"]["group"]], values[c["b"]["group"]], equal_var=False).pvalue for c in got]
    order = sorted(range(6), key=lambda i: p[i])
    most, want = 0, [0] * 6
    for rank, i in enumerate(order):
        most = max(most, min(1, p[i] * (6 - rank)))
        want[i] = most
    for c, w in zip(got, want):
        near("Holm", c["holm"], w)


def one_jzs(t, n, scale):
    df = n - 1
    def f(u):
        g = u / (1 - u)
        more = 1 + n * scale ** 2 * g
        return (more ** -.5 * (1 + t * t / (more * df)) ** (-(df + 1) / 2) * (2 * math.pi) ** -.5 * g ** -1.5 * math.exp(-1 / (2 * g))
                / (1 - u) ** 2)
    return integrate.quad(f, 0, 1, epsabs=0, epsrel=1e-10, limit=500)[0] / (1 + t * t / df) ** (-(df + 1) / 2)


def against(i, chance):
    number = chance.choice([0, .5, -1.25])
    shares = i % 3 == 0
    groups = {g: [chance.randint(0, 1) if shares else chance.gauss(number + .3, 1) for _ in range(chance.randint(4, 30))] for g in "ab"}
    for values in groups.values():
        values[:2] = [0, 1]
    with open("t.csv", "w") as file:
        file.write("x,g\n" + "".join(f"{v},{g}\n" for g, values in groups.items() for v in values))
    done = subprocess.run([PARLEY, "stats", "--csv", "t.csv", "--value", "x", "--group", "g", "--json", "--to", str(number), "--margin", "0.4"],
                          capture_output=True, text=True, check=True)
    got = {one["group"]: one for one in json.loads(done.stdout)["groups"]}
    p = {}
    for g, values in groups.items():
        want, one, n = peer.ttest_1samp(values, number), got[g], len(values)
        p[g] = want.pvalue
        near(f"{i} one-sample t", one["one_sample"]["t"], want.statistic)
        near(f"{i} one-sample df", one["one_sample"]["df"], want.df)
        near(f"{i} one-sample p", one["one_sample"]["p"], want.pvalue)
        for mine, other in zip(one["one_sample"]["interval"], want.confidence_interval(.95)):
            near(f"{i} one-sample interval", mine, other - number)
        d = (np.mean(values) - number) / np.std(values, ddof=1)
        half = peer.norm.ppf(.975) * math.sqrt(1 / n + d * d / (2 * n))
        near(f"{i} one-sample d", one["d"]["size"], d)
        near(f"{i} one-sample d, low", one["d"]["interval"][0], d - half)
        for name, scale in (("0.5", .5), ("0.707", math.sqrt(.5)), ("1", 1)):
            near(f"{i} one-sample BF at {name}", one["bayes"][name], one_jzs(want.statistic, n, scale))
        tost = max(peer.ttest_1samp(values, number - .4, alternative="greater").pvalue, peer.ttest_1samp(values, number + .4, alternative="less").pvalue)
        near(f"{i} one-sample equivalence", one["equivalence"], tost)
        flips = peer.permutation_test((np.array(values) - number,), lambda x, axis: abs(np.mean(x, axis=axis)), permutation_type="samples",
                                      vectorized=True, n_resamples=np.inf if n < 14 else 9999, alternative="greater", rng=np.random.default_rng(1))
        near(f"{i} sign flips", one["sign_flips"]["p"], flips.pvalue, absolute=1e-9 if n < 14 else .03)
        if shares and number >= 0:
            near(f"{i} binomial", one["shares"]["binomial"], peer.binomtest(sum(values), n, number).pvalue)
    small, large = sorted(p, key=p.get)
    near(f"{i} one-sample Holm", got[small]["holm"], min(1, 2 * p[small]))
    near(f"{i} one-sample Holm", got[large]["holm"], max(min(1, 2 * p[small]), p[large]))


def residual(columns, x):
    """What least squares leave of x, over indicators of each column's values."""
    design = np.column_stack([np.ones(len(x))] + [np.array(c)[:, None] == np.array(sorted(set(c)))[None, :] for c in columns])
    return float(np.sum((x - design @ np.linalg.lstsq(design.astype(float), x, rcond=None)[0]) ** 2))


def clusters(i, chance):
    rows = []
    for cluster in range(chance.randint(4, 12)):
        level = chance.gauss(0, 1)
        rows += [(level + chance.gauss(0, 1), "ab"[cluster % 2], cluster) for _ in range(chance.randint(1, 6))]
    with open("t.csv", "w") as file:
        file.write("x,g,c\n" + "".join(f"{x},{g},{c}\n" for x, g, c in rows))
    (got,) = stats("--cluster", "c")
    x, g, c = np.array([r[0] for r in rows]), [r[1] for r in rows], [r[2] for r in rows]
    if "alike" not in got:
        return
    n, k = len(x), len(set(c))
    within = residual([c], x)
    between = (residual([g], x) - within) / (k - 2)
    within /= n - k
    sizes = {cluster: c.count(cluster) for cluster in set(c)}
    n0 = (n - sum(sum(s ** 2 for cl, s in sizes.items() if cl % 2 == side) / g.count("ab"[side]) for side in (0, 1))) / (k - 2)
    icc = (between - within) / (between + (n0 - 1) * within)
    near(f"{i} ICC", got["alike"]["icc"], icc)
    near(f"{i} design effect", got["alike"]["design_effect"], 1 + (sum(s ** 2 for s in sizes.values()) / n - 1) * icc)


def variance(i, chance):
    levels = [chance.randint(2, 4) for _ in range(3)]
    each = chance.randint(1, 4)
    rows = [(chance.gauss(a - b * c, 1), a, b, c) for a in range(levels[0]) for b in range(levels[1]) for c in range(levels[2])
            for _ in range(each)]
    with open("t.csv", "w") as file:
        file.write("x,a,b,c\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))
    done = subprocess.run([PARLEY, "stats", "--csv", "t.csv", "--value", "x", "--variance", "--factor", "a", "--factor", "b", "--factor", "c",
                           "--json"], capture_output=True, text=True, check=True)
    got = {row["factor"]: row for row in json.loads(done.stdout)["variance of x"]}
    x = np.array([r[0] for r in rows])
    one = {name: [r[k + 1] for r in rows] for k, name in enumerate("abc")}
    total, left = residual([], x), 1
    for name in "abc":
        near(f"{i} share of {name}", got[name]["share"], 1 - residual([one[name]], x) / total)
        left -= got[name]["share"]
    for p, q in ("ab", "ac", "bc"):
        both = [f"{u} {v}" for u, v in zip(one[p], one[q])]
        want = (residual([one[p], one[q]], x) - residual([both], x)) / total
        near(f"{i} share of {p} x {q}", got[f"{p} x {q}"]["share"], want)
        left -= want
    near(f"{i} residual", got["residual"]["share"], left)


def main():
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for i in range(100):
            one(i, chance)
        for i in range(50):
            shares(i, chance)
        families(chance)
        overflow()
        for i in range(60):
            pairs(i, chance)
        for i in range(20):
            clusters(i, chance)
            variance(i, chance)
            against(i, chance)
        os.chdir("/")
    for what in failures[:10]:
        print(what)
    print(f"272 tables, {len(failures)} numbers differ")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
