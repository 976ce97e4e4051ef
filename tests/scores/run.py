"""run.py [PROMPTS]: parley's scores are those of ten lines of Python on the same libllama (reference.py), to 1e-3 on 50 prompts."""
import json
import os
import random
import subprocess
import sys

bench = os.environ.get("PARLEY_BENCH", os.path.join(os.path.dirname(os.environ.get("PARLEY", "")), "tests", "parley_bench"))
model = os.environ.get("PARLEY_MODEL", "")
if os.environ.get("PARLEY_LLAMA") == "0" or not os.path.exists(model) or not os.path.exists(bench):
    print("skipped: needs libllama, the model in the box and parley_bench")
    sys.exit(77)

LABELS = [  # of one token and of several, one beginning another, what range(0, 100) asks for
    ["J", "F"], ["cooperate", "defect"], ["cooperate", "not cooperate"], ["1", "10", "2", "100"], ["accept", "reject"],
    ["J", "not J", "not J at all"], ["swerve", "go straight"], ["0", "4", "5", "45", "100"],
]
RULES = ["You and one other player each choose {0} or {1} at once.\n", "Two players divide 100 points by choosing {0} or {1}.\n"]


def prompt(i, chance):
    labels = LABELS[i % len(LABELS)]
    text = RULES[i % 2].format(labels[0], labels[1])
    for n in range(1, chance.randrange(1, 4)):
        text += f"Round {n}: you chose {chance.choice(labels)}, the other {chance.choice(labels)}; you won {chance.randrange(11)} points.\n"
    return text + "\nWhich do you choose now?\n", labels


chance = random.Random(1)
requests, references = [], []
for i in range(int(sys.argv[1]) if len(sys.argv) > 1 else 50):
    text, labels = prompt(i, chance)
    if i % 5 == 4:  # a chat, rendered by hand as SmolLM2's template has it; its answer opened by a cue, or not
        cue = "I choose" if i % 2 else ""
        requests.append({"messages": [["system", "You like points."], ["user", text]], "cue": cue, "labels": labels})
        chat = f"<|im_start|>system\nYou like points.<|im_end|>\n<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n{cue}"
        references.append((chat, [(" " if cue else "") + label for label in labels], True))
    else:
        requests.append({"messages": [["text", text]], "cue": "Answer:", "labels": labels})
        references.append((text + "Answer:", [" " + label for label in labels], False))

lines = "".join(json.dumps(r) + "\n" for r in requests)
answers = subprocess.run([bench, "score", model], input=lines, text=True, stdout=subprocess.PIPE, check=True).stdout.splitlines()

sys.argv = ["reference.py", model]
import reference  # noqa: E402  loads the model

worst = 0.0
for answer, (text, labels, special) in zip(map(json.loads, answers), references, strict=True):
    assert "failure" not in answer, answer
    assert answer["tokens"] == reference.tokens(text, special), (answer["tokens"], text)
    wanted = reference.scores(text, labels, special)
    difference = max(abs(a - b) for a, b in zip(answer["scores"], wanted, strict=True))
    worst = max(worst, difference)
    assert difference < 1e-3, (text, labels, answer["scores"], wanted)
    assert sum(2.718281828459045 ** s for s in answer["scores"]) <= 1 + 1e-9, (text, labels, answer["scores"])
print(f"{len(answers)} prompts, {sum(len(r['labels']) for r in requests)} labels: the largest difference is {worst:.1e}")
