// Models that answer from a file, by chance or not at all: for tests, for trying things out, for `check`.
#pragma once
#include <memory>
#include <string>

#include "model/model.h"

namespace parley {

// Answers from a file of JSON lines; the first line that fits answers (DESIGN 7). To fit, any left out:
//   "seat" "question" "decision": words · "round" "try": numbers
// To answer, one of:
//   "reply": text, or a list taken in turn, over and over: the k-th request of a seat for a question gets the k-th.
//            Fits what is not scored; with "finish": "stop", "length", "filter" or "refusal"
//   "scores": log-probabilities by label, at most 0. Fits what is scored
//   "fail": "again", "request" or "model", with "what": why; with "times": so often, then it fits no more
// and "delay_ms": how long after. Error "file:line: ..." where a line is none of this.
std::unique_ptr<Model> open_scripted(const std::string& file);

// Any legal answer, drawn by place: by the request's draw alone. Scores too: some that sum to less than 1.
std::unique_ptr<Model> random_model();

// Holds every request, at 16 bytes each, until cancel() fails them all.
std::unique_ptr<Model> holding_model();

}  // namespace parley
