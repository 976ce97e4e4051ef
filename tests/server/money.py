"""What a study costs: reckoned before, kept to a budget, said at the end; who answered; what a server's cache saves."""
import json
import re
from pathlib import Path

from fake import Fake
from lab import check, fresh, main, parley, query, rows, run, stored, study

PRICE = {"input": 2, "cached": 0.5, "output": 8}


def spent():
    return query("s.db", "SELECT sum((input - cached) * 2 + cached * .5 + output * 8) / 1e6, sum(input + output) FROM answer")[0]


def reckoned():
    study(4, 40)
    Path("models.json").write_text(json.dumps({"openai:fake": {"price": PRICE}}))
    with Fake() as server:
        done = parley("check", "s.lua", "--base-url", server.url)
        check(done.returncode == 0 and not server.log, f"check asks nobody: {done.stderr}")
        row = re.search(r"openai:fake +(\d+) +([\d,]+) +(\d+) +([\d.]+)\n", done.stdout)
        check(row and row[1] == "160" and "(--pilot 5)" in done.stdout, f"check: {done.stdout}")
        done = parley("check", "s.lua", "--base-url", server.url, "--pilot", "5")
        check(done.returncode == 0 and len(server.log) == 20 and stored() == 20, f"pilot: {done.stderr}")
        check("The pilot: 5 matches are played and kept in s.db; `parley run s.lua` goes on from there." in done.stderr, f"pilot: {done.stderr}")
        row = re.search(r"openai:fake +(\d+) +([\d,]+) +(\d+) +(\d+) +([\d.]+)\n", done.stdout)
        check(bool(row), f"pilot: {done.stdout}")
        again = parley("check", "s.lua", "--base-url", server.url, "--pilot", "5")
        check(again.stdout == done.stdout and len(server.log) == 20, f"a second pilot asks nothing: {again.stderr}")
        done = run(server)
        check(len(server.log) == 160, "the pilot's matches are not played again")
        money, _ = spent()
        check(row and abs(float(row[5]) / money - 1) < .1, f"forecast {row and row[5]}, spent {money}")
        cost = re.search(r"Cost: ([\d.]+) by this run, ([\d.]+) in all; caches saved ([\d.]+)\.", done.stderr)
        check(cost and abs(float(cost[2]) / money - 1) < .01 and float(cost[1]) < float(cost[2]), f"cost: {done.stderr}")
        saved = query("s.db", "SELECT sum(cached) * 1.5 / 1e6 FROM answer")[0][0]
        check(cost and abs(float(cost[3]) / saved - 1) < .01, f"saved: {done.stderr}")


def budgets():
    for budget, most, of in (("0.02", .02, 0), ("10ktok", 10000, 1)):
        fresh()
        with Fake(delay=.005) as server:
            done = run(server, "--budget", budget)
            check(done.returncode == 3 and "of its budget of" in done.stderr, f"--budget {budget}: {done.stderr}")
            check(.9 * most < spent()[of] <= most, f"--budget {budget}: {spent()[of]} spent")
            asked = len(server.log)
            check(run(server, "--budget", budget).returncode == 3 and len(server.log) == asked, "a budget that is spent asks nothing")
            check(len(server.log) == stored() and run(server).returncode == 0, "without it, the run goes on")
            check(len(server.log) == 160, "and asks what is left")
    for wrong in ("x", "0", "-3", "5tokens"):
        done = parley("run", "s.lua", "--budget", wrong)
        check(done.returncode == 2 and "--budget is money (20) or tokens" in done.stderr, f"--budget {wrong}: {done.stderr}")
    Path("models.json").unlink()
    fresh()
    with Fake() as server:
        done = run(server, "--budget", "2")
        check(done.returncode == 1 and "models.json says no price of openai:fake" in done.stderr and not server.log, f"no price: {done.stderr}")


def who_answered():
    study(4, 10)
    with Fake(served=lambda n: "fp_1" if n <= 25 else "fp_2") as server:
        done = run(server, "--max-in-flight", "1")
        check("warning: what answers as openai:fake changed under way: 25 replies by fake-1 fp_1, then 15 replies by fake-1 fp_2"
              in done.stderr, f"changed: {done.stderr}")
    study(4, 10)
    with Fake() as server:
        check("Model: openai:fake: 40 replies by fake-1 fp_1; " in run(server).stderr, "who answered")


def prefixes():
    """A prompt goes on from what the match's earlier ones said, so that a server's cache has it."""
    fresh()
    Path("s.lua").write_text("""study { game = "prisoners_dilemma", rounds = 12, repeats = 2, model = "openai:fake", labels = { "J", "F" },
      label_map = "given", option_order = "given", payoff_order = "given", vary = { format = { "chat", "text", "messages" } },
      players = { { strategy = "direct" }, { strategy = "tit_for_tat" } } }""")
    with Fake(caching=True) as server:
        done = run(server, "--max-in-flight", "1")
        share = re.search(r"\((\d+) % from its cache\)", done.stderr)
        check(share and int(share[1]) >= 80, f"prefixes: {done.stderr}")


if __name__ == "__main__":
    main(reckoned, budgets, who_answered, prefixes)
