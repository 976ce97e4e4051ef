#include "model/llama_worker.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "base/json.h"
#include "base/random.h"
#include "model/llama_labels.h"

namespace parley {
namespace {

Tokens part(const Tokens& tokens, size_t from) {
  return Tokens(tokens.begin() + static_cast<long>(from), tokens.end());
}

// The path up to the prompt's last token but one, as far as it is known: the last two are always evaluated, for the
// logits of the last and because one alone takes another kernel. Returns the first token to evaluate.
size_t begin(const Tokens& prompt, size_t behind, LivePath& path, KvCache& cache) {
  path.reserve(prompt.size() + behind);
  path.restore(prompt, prompt.size() - std::min<size_t>(prompt.size(), 2), cache);
  return path.tokens().size();
}

// After the prompt was evaluated: keeps what was new.
void keep(const Tokens& prompt, LivePath& path, KvCache& cache, const std::function<void()>& known) {
  // A token that was evaluated alone is not what a longer prompt begins with.
  if (prompt.size() > 1) path.save(cache.depth(prompt), prompt.size(), cache);
  known();
}

void leave(const Tokens& prompt, LivePath& path) { path.cut(prompt.size() > 1 ? prompt.size() : 0); }

void score(const LlamaWork& work, LivePath& path, KvCache& cache, const std::function<void()>& known, LlamaDone& done) {
  const Tokens& prompt = work.encoded.prompt;
  LabelTree tree(work.encoded.labels);
  size_t longest = 0;
  for (const Tokens& chain : tree.chains()) longest = std::max(longest, chain.size());
  size_t from = begin(prompt, longest, path, cache);
  done.reply.usage = {.input = static_cast<int64_t>(prompt.size()), .cached = static_cast<int64_t>(from)};

  // The first chain rides with the prompt's own tokens. The path behind the prompt is `tail`, then.
  Tokens tail = tree.chains().empty() ? Tokens() : tree.chains()[0];
  Tokens more = part(prompt, from);
  more.insert(more.end(), tail.begin(), tail.end());
  path.extend(more, tail.size() + 1,
              [&](size_t row, const float* logits) { tree.see(tail, row, logits, path.vocabulary()); });
  done.label_tokens = static_cast<int64_t>(tail.size());
  keep(prompt, path, cache, known);
  for (size_t i = 1; i < tree.chains().size(); ++i) {
    const Tokens& chain = tree.chains()[i];
    size_t same = shared(chain, tail), again = same + 1 == chain.size();  // one new token: the one before goes with it
    size_t length = prompt.size() + same - again;
    path.cut(length);
    more = length < prompt.size() ? Tokens{prompt.back()} : Tokens();
    for (size_t k = std::max(length, prompt.size()) - prompt.size(); k < chain.size(); ++k) more.push_back(chain[k]);
    path.extend(more, chain.size() - same,
                [&](size_t row, const float* logits) { tree.see(chain, same + row + 1, logits, path.vocabulary()); });
    done.label_tokens += static_cast<int64_t>(more.size());
    tail = chain;
  }
  leave(prompt, path);
  done.reply.scores = tree.scores();
  for (double s : done.reply.scores) {
    if (!std::isfinite(s)) throw Error("the model's logits are no numbers");
  }
}

// Where a text ends, of which the bytes before `seen` did not end it: before an empty line that follows words.
size_t end_of(const std::string& text, size_t seen) {
  size_t words = text.find_first_not_of(" \t\r\n");
  return words == std::string::npos ? words : text.find("\n\n", std::max(words, seen < 1 ? 0 : seen - 1));
}

void generate(const LlamaWork& work, const Tokenizer& tokenizer, size_t context, LivePath& path, KvCache& cache,
              const std::function<void()>& known, Reply& reply) {
  const Tokens& prompt = work.encoded.prompt;
  size_t most = std::min(static_cast<size_t>(work.sampling.max_tokens), context - prompt.size());
  size_t from = begin(prompt, most, path, cache);
  reply.usage = {.input = static_cast<int64_t>(prompt.size()), .cached = static_cast<int64_t>(from)};
  Draws draws("llama|" + std::to_string(work.draw));
  llama_token next = 0;
  auto draw = [&](size_t n, const float* logits) {
    next = sample(logits, path.vocabulary(), work.sampling, draws.unit(n));
  };
  path.extend(part(prompt, from), 1, [&](size_t, const float* logits) { draw(0, logits); });
  keep(prompt, path, cache, known);
  std::string text;
  size_t made = 0;
  reply.finish = "length";
  for (; made < most; ++made) {
    if (tokenizer.ends(next)) {
      reply.finish = "stop";
      break;
    }
    size_t seen = text.size();
    text += tokenizer.piece(next);
    if (size_t end = work.text ? end_of(text, seen) : std::string::npos; end != std::string::npos) {
      text.resize(end);
      reply.finish = "stop";
      ++made;
      break;
    }
    if (made + 1 < most) draw(made + 1, path.step(next));
  }
  leave(prompt, path);
  reply.usage.output = static_cast<int64_t>(made);
  // A token may be half a letter: the text is what the store gives back, no other bytes.
  reply.text = from_json(to_json(text)).string();
}

}  // namespace

Sampling Sampling::from(const Value& sampling) {
  Sampling out;
  if (sampling.is_nil() || (sampling.is_list() && sampling.list().empty())) return out;
  if (!sampling.is_record()) throw Error("sampling is a table of names");
  for (const auto& [name, value] : sampling.record()) {
    if (name != "temperature" && name != "top_p" && name != "max_tokens") {
      throw Error("a local model knows temperature, top_p and max_tokens, not '" + name + "'" +
                  did_you_mean(name, {"temperature", "top_p", "max_tokens"}));
    }
    double n = value.is_number() ? value.number() : -1;
    if (name == "temperature") {
      if (!(n >= 0 && n <= 100)) throw Error("temperature is a number from 0 to 100");
      out.temperature = n;
    } else if (name == "top_p") {
      if (!(n > 0 && n <= 1)) throw Error("top_p is a number above 0, at most 1");
      out.top_p = n;
    } else {
      if (!(n >= 1 && n <= 1e6 && n == std::floor(n))) throw Error("max_tokens is a whole number, 1 or more");
      out.max_tokens = static_cast<int>(n);
    }
  }
  return out;
}

llama_token sample(const float* logits, size_t size, const Sampling& sampling, double unit) {
  size_t likeliest = static_cast<size_t>(std::max_element(logits, logits + size) - logits);
  if (sampling.temperature < 1e-6) return static_cast<llama_token>(likeliest);
  std::vector<double> weight(size);
  double most = logits[likeliest], all = 0;
  for (size_t i = 0; i < size; ++i)
    all += weight[i] = std::exp((static_cast<double>(logits[i]) - most) / sampling.temperature);
  std::vector<size_t> order;  // the tokens that may be drawn; all by number where top_p leaves none out
  double mass = all;
  if (sampling.top_p < 1) {
    std::vector<size_t> heap(size);
    std::iota(heap.begin(), heap.end(), size_t{0});
    auto less = [&](size_t a, size_t b) { return weight[a] < weight[b] || (weight[a] == weight[b] && a > b); };
    std::make_heap(heap.begin(), heap.end(), less);
    for (mass = 0; mass < sampling.top_p * all && !heap.empty(); heap.pop_back()) {
      std::pop_heap(heap.begin(), heap.end(), less);
      order.push_back(heap.back());
      mass += weight[heap.back()];
    }
  }
  double left = unit * mass;
  for (size_t i = 0; i < (order.empty() ? size : order.size()); ++i) {
    size_t token = order.empty() ? i : order[i];
    left -= weight[token];
    if (left < 0) return static_cast<llama_token>(token);
  }
  return static_cast<llama_token>(likeliest);
}

LlamaDone answer(const LlamaWork& work, const Tokenizer& tokenizer, size_t context, LivePath& path, KvCache& cache,
                 const std::function<void()>& known) {
  LlamaDone done;
  if (work.scored) {
    score(work, path, cache, known, done);
  } else {
    generate(work, tokenizer, context, path, cache, known, done.reply);
  }
  return done;
}

}  // namespace parley
