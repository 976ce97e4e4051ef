"""run.py [PROMPTS]: parley's scores are those of a few lines of Python on the same libllama (reference.py), to 1e-3, on 50
prompts of the games that ship, with labels of one token and of several, some of which begin others."""
import json
import os
import subprocess
import sys

parley, model = os.environ.get("PARLEY", ""), os.environ.get("PARLEY_MODEL", "")
bench = os.environ.get("PARLEY_BENCH", os.path.join(os.path.dirname(parley), "tests", "parley_bench"))
if os.environ.get("PARLEY_LLAMA") == "0" or not all(map(os.path.exists, (parley, model, bench))):
    print("skipped: needs libllama, the model in the box and parley_bench")
    sys.exit(77)
count = int(sys.argv[1]) if len(sys.argv) > 1 else 50

TWO = ["prisoners_dilemma", "battle_of_the_sexes", "stag_hunt", "chicken", "matching_pennies"]
LABELS = ["J,F", "cooperate,not cooperate", "1,10", "swerve,go straight", ""]
AMOUNTS = ["1", "10", "5", "50", "100"]  # of a range: so many are enough
OTHERS = ["inspection", "ultimatum", "trust", "public_goods", "sealed_bid"]


def asked(i):
    """The request of a shipped game's question, as `parley prompt` has it."""
    command = [parley, "prompt", (TWO + OTHERS)[i % 10], "direct", "--read", "scored", "--json", "--seed", str(i)]
    if i % 10 < 5 and LABELS[i // 10 % 5]:
        command += ["--labels", LABELS[i // 10 % 5]]
    if i % 3 == 1:
        command += ["--rounds", "4", "--round", str(2 + i % 2)]
    if i % 7 == 6:
        command += ["--format", "chat"]
    request = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)[0]
    request.pop("sampling")
    if "100" in request["labels"]:
        request["labels"] = AMOUNTS
    return request


requests = [asked(i) for i in range(count)]
scoring = subprocess.Popen([bench, "score", model], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
scoring.stdin.write("".join(json.dumps(r) + "\n" for r in requests))
scoring.stdin.close()

sys.argv = ["reference.py", model]
import reference  # noqa: E402  loads the model

worst = labels = 0
for request in requests:
    answer = json.loads(scoring.stdout.readline())
    assert "failure" not in answer, (answer, request)
    text, cue, chat = "", request["cue"], request["messages"][0]["role"] != "text"
    for message in request["messages"]:  # a chat is rendered by hand, as SmolLM2's template has it
        text += f"<|im_start|>{message['role']}\n{message['text']}<|im_end|>\n" if chat else message["text"]
    text += ("<|im_start|>assistant\n" if chat else "") + cue
    assert answer["tokens"] == reference.tokens(text, chat), (answer["tokens"], text)
    wanted = reference.scores(text, [" " * (cue != "" or not chat) + label for label in request["labels"]], chat)
    difference = max(abs(a - b) for a, b in zip(answer["scores"], wanted, strict=True))
    assert difference < 1e-3, (text, request["labels"], answer["scores"], wanted)
    assert sum(2.718281828459045**s for s in answer["scores"]) <= 1 + 1e-9, (text, request["labels"], answer["scores"])
    worst, labels = max(worst, difference), labels + len(wanted)
print(f"{count} prompts, {labels} labels: the largest difference is {worst:.1e}")
