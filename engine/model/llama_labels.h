// Scores of labels out of logits (DESIGN 6, "scored").
#pragma once
#include <map>
#include <vector>

#include "model/llama_tokens.h"

namespace parley {

// The labels of a question as a tree of tokens. A label's score is the sum of the log-probabilities of its tokens, plus,
// where its tokens begin another label's, the log of 1 minus the probability of the tokens by which the others go on: so
// labels exclude each other, and their mass is at most 1.
class LabelTree {
 public:
  explicit LabelTree(const std::vector<Tokens>& labels);

  // What has to be evaluated behind the prompt, each chain as one path, neighbours sharing most: every proper beginning
  // of a label is a beginning of one of them. None where all labels are one token.
  const std::vector<Tokens>& chains() const { return chains_; }

  // Told for the prompt's end (`depth` 0) and for every token of the chains (the `depth`-th, from 1): the logits after it.
  void see(const Tokens& chain, size_t depth, const float* logits, size_t size);

  // By label, in their order. Never more than 0, never less than -700 (a probability that a double still holds).
  std::vector<double> scores() const;

 private:
  struct Node {
    int parent = 0;
    double own = 0;   // log-probability of its token after its parent
    double rest = 0;  // log-probability that none of its children follows
    std::map<llama_token, int> children;
  };
  std::vector<Node> nodes_ = std::vector<Node>(1);
  std::vector<int> ends_;  // by label
  std::vector<Tokens> chains_;
};

// log(sum(exp(logits))), in double.
double log_sum(const float* logits, size_t size);

}  // namespace parley
