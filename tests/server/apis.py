"""What servers are told and how they are read; profiles of models; keys."""
import json
import os
import subprocess
from pathlib import Path

from fake import Fake
from lab import KEY, PARLEY, check, fresh, leaks, main, parley, query, rows, run, study


def profiles():
    study(2, 10)
    with Fake() as server:
        run(server)
        wanted = rows("s.db")
    fresh()
    with Fake(delay=.01) as server:
        profile = {"base_url": server.url, "key": "OTHER_KEY", "max_in_flight": 2}
        Path("models.json").write_text(json.dumps({"openai:fake": profile}))
        done = parley("run", "s.lua")
        check(done.returncode == 1 and "openai:fake: the environment has no OTHER_KEY, which its profile names" in done.stderr,
              f"no such key: {done.stderr}")
        os.environ["OTHER_KEY"] = "sk-other-42"
        done = parley("run", "s.lua")
        check(done.returncode == 0 and rows("s.db") == wanted, f"models.json: {done.stderr}")
        check(server.auth == {"Bearer sk-other-42"} and server.most <= 2, f"models.json: {server.auth}, {server.most} at once")
        check(b"sk-other" not in Path("s.db").read_bytes(), "the key of a profile is not kept")
        fresh()
        Path("models.json").write_text(json.dumps({"openai:fake": profile | {"refuses": ["temperature"]}}))
        Path("s.lua").write_text(Path("s.lua").read_text().replace('strategy = "direct"', 'strategy = "direct", sampling = { temperature = 0 }'))
        done = parley("run", "s.lua")
        check(done.returncode == 3 and "the run stopped: openai:fake does not take 'temperature' (models.json says so)" in done.stderr,
              f"refused setting: {done.stderr}")
        Path("models.json").write_text('{"openai:fake": {"bas_url": "x"}}')
        done = parley("run", "s.lua")
        check(done.returncode == 1 and "models.json: 'openai:fake' has no field 'bas_url' (did you mean 'base_url'?)" in done.stderr,
              f"misspelt: {done.stderr}")
        Path("models.json").write_text('{"openai:fake": ')
        done = parley("run", "s.lua")
        check(done.returncode == 1 and "models.json: line 1" in done.stderr, f"broken: {done.stderr}")
    os.remove("models.json")


def ways_of_reading():
    fresh()
    Path("s.lua").write_text("""study { game = "prisoners_dilemma", rounds = 3, repeats = 4, model = "openai:fake", labels = { "J", "F" },
      vary = { read = { "text", "scored", "constrained" }, format = { "chat", "text" } },
      where = function(v) return not (v.read == "constrained" and v.format == "text") end,
      players = { { strategy = "scot" }, { strategy = "tit_for_tat" } } }""")
    with Fake() as server:
        done = parley("run", "s.lua", "--base-url", server.url)
        check(done.returncode == 0, f"ways of reading: {done.stdout}{done.stderr}")
    mass = [m for (m,) in query("s.db", "SELECT mass FROM question WHERE read = 'scored' AND question = 'respond'")]
    check(mass and all(.5 < m <= 1 for m in mass), f"legal mass: {mass[:5]}")
    check(parley("verify", "s.db").returncode == 0, "ways of reading: verify")


def messages():
    """Anthropic's Messages API, against a fake made from its public reference."""
    fresh()
    study = """study { game = "prisoners_dilemma", rounds = 2, repeats = 2, model = "anthropic:fake", labels = { "J", "F" },
      vary = { read = { "text", "constrained" } }, players = { { strategy = "direct" }, { strategy = "tit_for_tat" } } }"""
    Path("s.lua").write_text(study)
    os.environ["ANTHROPIC_API_KEY"] = "sk-ant-planted-7"
    with Fake({"529": 1, "reset": 1}, share=.2) as server:
        done = parley("run", "s.lua", "--base-url", server.url)
        check(done.returncode == 0 and server.auth == {"sk-ant-planted-7"}, f"messages: {server.auth} {done.stdout}{done.stderr}")
    found = set(query("s.db", "SELECT a.input, a.cached, a.written, a.output, a.thinking, s.name FROM answer a JOIN served s ON s.id = a.served"))
    check(found == {(72, 30, 2, 5, "Hm.", "fake-2")}, f"messages: {found}")
    check(parley("verify", "s.db").returncode == 0, "messages: verify")
    check(b"sk-ant-planted" not in Path("s.db").read_bytes(), "messages: the key is not kept")
    fresh()
    Path("s.lua").write_text(study.replace('"text", ', '"scored", '))
    done = parley("run", "s.lua", "--base-url", "http://127.0.0.1:9/v1")
    check(done.returncode == 1 and "s.lua: anthropic:fake cannot be read as scored: say another `read`, or another model" in done.stderr,
          f"messages, scored: {done.stderr}")


def keys():
    """All that a study leaves is searched for the key, also where a server says it."""
    study(2, 10)
    Path("models.json").write_text(json.dumps({"openai:fake": {"price": {"input": 1, "output": 1}}}))
    with Fake({"401": 1, "500": 1}, share=.2) as server:
        done = run(server)
        check(server.auth == {f"Bearer {KEY}"} and "Bearer [key]" in done.stderr, f"keys: {done.stderr}")
    with Fake({"500": 1}, share=.2) as server:
        said = [done, run(server)] + [parley(*words.split()) for words in (
            "list s.db --json", "show s.db 1", "show s.db 1 --raw", "export s.db tables", "verify s.db", "merge merged.db s.db", "check s.lua")]
        said.append(parley("check", "s.lua", "--base-url", server.url, "--pilot", "3"))
    check(all(KEY not in done.stdout + done.stderr for done in said), "keys: in what was printed")
    check(len(query("merged.db", "SELECT * FROM fault")) > 2 and not leaks(), f"keys: in {leaks()}")
    env = {k: v for k, v in os.environ.items() if k != "OPENAI_API_KEY"}
    done = subprocess.run([PARLEY, "run", "s.lua"], capture_output=True, text=True, env=env)
    check(done.returncode == 1 and "the environment has no OPENAI_API_KEY; --base-url URL names a server of your own" in done.stderr,
          f"no key: {done.stderr}")


if __name__ == "__main__":
    main(profiles, ways_of_reading, messages, keys)
