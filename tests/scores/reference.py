"""The log-probabilities of labels after a prompt, by llama-cpp-python: prompt and label in one eval, without flash attention."""
import sys

import llama_cpp
import numpy

model = llama_cpp.Llama(sys.argv[1], n_ctx=2048, n_threads=1, n_threads_batch=1, flash_attn=False, logits_all=True, verbose=False)


def tokens(prompt, special):  # special: the prompt is a rendered chat
    return model.tokenize(prompt.encode(), add_bos=True, special=special)


def scores(prompt, labels, special=False):
    n = len(tokens(prompt, special))
    tails = [tokens(prompt + label, special)[n:] for label in labels]
    out = []
    for tail in tails:
        model.reset()
        model.eval(tokens(prompt, special) + tail)
        logits = numpy.array(model.scores[: n + len(tail)], dtype=numpy.float64)
        logp = logits - numpy.log(numpy.exp(logits - logits.max(1, keepdims=True)).sum(1, keepdims=True)) - logits.max(1, keepdims=True)
        score = sum(logp[n - 1 + k][token] for k, token in enumerate(tail))
        others = {t[len(tail)] for t in tails if len(t) > len(tail) and t[: len(tail)] == tail}
        out.append(score + numpy.log1p(-sum(numpy.exp(logp[-1][token]) for token in others)))
    return out
