"""The log-probabilities of labels after a prompt, by llama-cpp-python: prompt and label in one eval, without flash attention."""
import sys

import llama_cpp
import numpy

model = llama_cpp.Llama(sys.argv[1], n_ctx=2048, n_threads=1, n_threads_batch=1, flash_attn=False, logits_all=True, verbose=False)


def tokens(prompt, special):  # special: the prompt is a rendered chat
    return model.tokenize(prompt.encode(), add_bos=True, special=special)


def scores(prompt, labels, special=False):
    start = tokens(prompt, special)
    tails = [tokens(prompt + label, special)[len(start):] for label in labels]
    seen = {}  # what stands behind the prompt: the log-probabilities after its last token
    for tail in tails:
        for n in range(len(tail) + 1):
            if tuple(tail[:n]) not in seen and any(len(t) > n and t[:n] == tail[:n] for t in tails):
                model.reset()
                model.eval(start + tail[:n])
                logits = numpy.array(model.scores[len(start) + n - 1], dtype=numpy.float64)
                seen[tuple(tail[:n])] = logits - logits.max() - numpy.log(numpy.exp(logits - logits.max()).sum())
    out = []
    for tail in tails:
        others = {t[len(tail)] for t in tails if len(t) > len(tail) and t[: len(tail)] == tail}
        score = sum(seen[tuple(tail[:n])][token] for n, token in enumerate(tail))
        out.append(score + (numpy.log1p(-sum(numpy.exp(seen[tuple(tail)][t]) for t in others)) if others else 0))
    return out
