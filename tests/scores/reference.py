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
    begins = {tuple(t[:n]) for t in tails for n in range(len(t))}  # what needs evaluating behind the prompt
    after = {}  # the log-probabilities after it
    for tail in sorted(begins, key=len, reverse=True):
        if tail not in after:
            model.reset()
            model.eval(start + list(tail))
            logits = numpy.array(model.scores[len(start) - 1 : len(start) + len(tail)], dtype=numpy.float64)
            for n, row in enumerate(logits - logits.max(1, keepdims=True)):
                after[tail[:n]] = row - numpy.log(numpy.exp(row).sum())
    out = []
    for tail in map(tuple, tails):
        others = {t[len(tail)] for t in begins | set(map(tuple, tails)) if len(t) > len(tail) and t[: len(tail)] == tail}
        score = sum(after[tail[:n]][token] for n, token in enumerate(tail))
        out.append(score + (numpy.log1p(-sum(numpy.exp(after[tail][t]) for t in others)) if others else 0))
    return out
