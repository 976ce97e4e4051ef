#include "model/llama_path.h"

#include <algorithm>

#include "base/error.h"

namespace parley {
namespace {

constexpr size_t kBatch = 512;  // tokens a decode
constexpr size_t kRows = 64;    // rows of logits a decode
constexpr size_t kLeastCells = 1024;
constexpr llama_seq_id kPath = 0, kSwap = 1;

}  // namespace

LivePath::LivePath(llama_model* model, const std::atomic<bool>& stop)
    : model_(model),
      stop_(stop),
      context_(nullptr, llama_free),
      batch_(llama_batch_init(kBatch, 0, 1)),
      vocabulary_(static_cast<size_t>(llama_vocab_n_tokens(llama_model_get_vocab(model)))) {
  batch_.n_tokens = 0;
}

LivePath::~LivePath() { llama_batch_free(batch_); }

void LivePath::reserve(size_t cells) {
  cells += KvCache::kSegment;  // a segment is put back whole, then trimmed
  if (cells <= cells_) return;
  size_t wanted = kLeastCells;
  while (wanted < cells) wanted *= 2;
  tokens_.clear();
  context_.reset();
  cells_ = 0;
  llama_context_params p = llama_context_default_params();
  p.n_ctx = static_cast<uint32_t>(wanted);
  p.n_batch = p.n_ubatch = kBatch;
  p.n_seq_max = 2;
  p.n_outputs_max = kRows;
  p.n_threads = p.n_threads_batch = 1;
  p.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  p.kv_unified = true;
  p.swa_full = true;  // a path is cut and gone on from anywhere
  p.offload_kqv = p.op_offload = false;
  p.no_perf = true;
  p.abort_callback = [](void* stop) { return static_cast<const std::atomic<bool>*>(stop)->load(); };
  p.abort_callback_data = const_cast<std::atomic<bool>*>(&stop_);
  context_.reset(llama_init_from_model(model_, p));
  if (!context_) throw Error("libllama makes no context of " + std::to_string(wanted) + " tokens: out of memory?");
  cells_ = wanted;
}

void LivePath::cut(size_t length) {
  if (length >= tokens_.size()) return;
  llama_memory_seq_rm(llama_get_memory(context_.get()), kPath, static_cast<llama_pos>(length), -1);
  tokens_.resize(length);
}

void LivePath::restore(const Tokens& path, size_t upto, KvCache& cache) {
  size_t here = std::min(shared(tokens_, path), upto);
  std::vector<KvCache::Piece> pieces = cache.find(path);
  cut(here);
  llama_memory_t memory = llama_get_memory(context_.get());
  for (const KvCache::Piece& piece : pieces) {
    const Segment& s = *piece.segment;
    size_t to = std::min(piece.to, upto);
    if (to <= here || s.start > here) continue;
    cut(s.start);
    if (!llama_state_seq_set_data(context_.get(), s.kv.data(), s.kv.size(), kSwap)) {
      tokens_.clear();
      llama_memory_clear(memory, false);
      throw Error("libllama does not take back what it gave out");
    }
    if (to < s.end()) llama_memory_seq_rm(memory, kSwap, static_cast<llama_pos>(to), -1);
    llama_memory_seq_cp(memory, kSwap, kPath, -1, -1);
    llama_memory_seq_rm(memory, kSwap, -1, -1);
    tokens_.insert(tokens_.end(), path.begin() + static_cast<long>(s.start), path.begin() + static_cast<long>(to));
    here = to;
  }
}

void LivePath::add(llama_token token, bool output) {
  int k = batch_.n_tokens++;
  batch_.token[k] = token;
  batch_.pos[k] = static_cast<llama_pos>(tokens_.size());
  batch_.n_seq_id[k] = 1;
  batch_.seq_id[k][0] = kPath;
  batch_.logits[k] = output;
  tokens_.push_back(token);
}

void LivePath::decode() {
  int n = batch_.n_tokens, code = llama_decode(context_.get(), batch_);
  batch_.n_tokens = 0;
  if (code == 0) {
    evaluated_ += n;
    return;
  }
  tokens_.clear();
  llama_memory_clear(llama_get_memory(context_.get()), false);
  if (code == 2) throw Stopped();
  throw Error("libllama cannot evaluate this prompt (llama_decode gives " + std::to_string(code) + ")");
}

// Cut from the end, so that the same rows share a decode whatever was here before.
std::vector<size_t> LivePath::pieces(size_t size, size_t rows) {
  std::vector<size_t> ends;
  while (size > 0) {
    size_t take = rows > kRows ? kRows : std::min(size, kBatch);
    if (size - take == 1) --take;  // no prompt token alone
    ends.push_back(size);
    size -= take;
    rows -= std::min(rows, take);
  }
  std::reverse(ends.begin(), ends.end());
  return ends;
}

void LivePath::extend(const Tokens& more, size_t rows, const See& see) {
  size_t first = more.size() - rows, at = 0;  // `first` is the first with a row
  for (size_t end : pieces(more.size(), rows)) {
    for (size_t i = at; i < end; ++i) add(more[i], i >= first);
    decode();
    for (size_t i = std::max(at, first); i < end; ++i) {
      const float* logits = llama_get_logits_ith(context_.get(), static_cast<int32_t>(i - at));
      if (!logits) throw Error("libllama gives no logits");
      see(i - first, logits);
    }
    at = end;
  }
}

const float* LivePath::step(llama_token token) {
  add(token, true);
  decode();
  const float* logits = llama_get_logits_ith(context_.get(), 0);
  if (!logits) throw Error("libllama gives no logits");
  return logits;
}

void LivePath::save(size_t from, size_t to, KvCache& cache) {
  llama_memory_t memory = llama_get_memory(context_.get());
  const Tokens path(tokens_.begin(), tokens_.begin() + static_cast<long>(to));
  while (from < to) {
    size_t end = std::min(from + KvCache::kSegment, to);
    Segment s{.start = from, .tokens = {}, .kv = {}};
    s.tokens.assign(path.begin() + static_cast<long>(from), path.begin() + static_cast<long>(end));
    llama_memory_seq_cp(memory, kPath, kSwap, static_cast<llama_pos>(from), static_cast<llama_pos>(end));
    s.kv.resize(llama_state_seq_get_size(context_.get(), kSwap));
    size_t written = llama_state_seq_get_data(context_.get(), s.kv.data(), s.kv.size(), kSwap);
    llama_memory_seq_rm(memory, kSwap, -1, -1);
    if (written != s.kv.size()) throw Error("libllama does not give out what it evaluated");
    cache.add(path, std::move(s));
    from = end;
  }
}

}  // namespace parley
