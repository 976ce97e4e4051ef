#include "model/llama.h"

#include <llama.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <list>
#include <thread>
#include <unordered_map>

#include "base/error.h"
#include "base/hash.h"
#include "model/llama_worker.h"

namespace parley {
namespace {

constexpr int kRoom =
    128;  // requests under way: enough to find neighbours among, few enough for their paths to stay kept

// What libllama says is kept quiet; its last error is told where a file cannot be opened.
std::mutex log_mutex;
std::string last_error;

void listen(ggml_log_level level, const char* text, void*) {
  if (level != GGML_LOG_LEVEL_ERROR) return;
  std::lock_guard lock(log_mutex);
  last_error = text;
  while (!last_error.empty() && last_error.back() == '\n') last_error.pop_back();
}

using ModelHandle = std::unique_ptr<llama_model, void (*)(llama_model*)>;

ModelHandle load(const std::string& path) {
  static const bool ready = [] {
    llama_log_set(listen, nullptr);
    llama_backend_init();
    return true;
  }();
  (void)ready;
  char magic[4] = {};
  if (FILE* file = fopen(path.c_str(), "rb")) {
    if (fread(magic, 1, sizeof magic, file) != sizeof magic) magic[0] = 0;
    fclose(file);
  } else {
    throw Error("cannot read '" + path + "'");
  }
  if (std::memcmp(magic, "GGUF", 4) != 0) throw Error("'" + path + "' is no model: no GGUF file");
  {
    std::lock_guard lock(log_mutex);
    last_error.clear();
  }
  llama_model_params params = llama_model_default_params();
  params.n_gpu_layers = 0;
  ModelHandle model(llama_model_load_from_file(path.c_str(), params), llama_model_free);
  std::lock_guard lock(log_mutex);
  if (!model) throw Error("'" + path + "' cannot be loaded as a model" + (last_error.empty() ? "" : ": " + last_error));
  const llama_model* m = model.get();
  bool continues = llama_model_has_decoder(m) && !llama_model_has_encoder(m) && !llama_model_is_diffusion(m) &&
                   llama_vocab_type(llama_model_get_vocab(m)) != LLAMA_VOCAB_TYPE_NONE;
  if (!continues) throw Error("'" + path + "' is no model that continues text");
  if (llama_model_is_recurrent(m) || llama_model_is_hybrid(m)) {
    throw Error("'" + path + "' is a recurrent model: what it read cannot be cut back to a prefix, which parley needs");
  }
  return model;
}

std::string meta(const llama_model* model, const char* key) {
  char text[256];
  return llama_model_meta_val_str(model, key, text, sizeof text) >= 0 ? text : "";
}

// "llama 135M Q4_1" is an architecture, a size and a quantisation.
std::string quantisation(const llama_model* model) {
  char text[256] = {};
  llama_model_desc(model, text, sizeof text);
  std::string words = text;
  for (int i = 0; i < 2; ++i) words.erase(0, words.find(' ') == std::string::npos ? 0 : words.find(' ') + 1);
  return words;
}

class Llama final : public Model {
 public:
  Llama(const std::string& path, const ModelOptions& options)
      : path_(path),
        hash_(hash_of_file(path)),
        build_(llama_build()),
        model_(load(path)),
        tokenizer_(model_.get()),
        context_(static_cast<size_t>(std::max(1, llama_model_n_ctx_train(model_.get())))),
        cache_(options.cache_bytes) {
    int workers =
        options.workers > 0 ? options.workers : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    workers_.resize(static_cast<size_t>(workers));
    for (Worker& worker : workers_) worker.thread = std::thread([this, &worker] { run(worker); });
  }

  ~Llama() override {
    stop_ = true;
    cancel();
    work_.notify_all();
    for (Worker& worker : workers_) worker.thread.join();
  }

  std::string identity() const override { return hash_; }

  Value about() const override {
    const llama_model* m = model_.get();
    std::string name = meta(m, "general.name");
    Value::Record out{{"name", name.empty() ? path_ : name},
                      {"kind", "llama"},
                      {"path", path_},
                      {"hash", hash_},
                      {"quantisation", quantisation(m)},
                      {"architecture", meta(m, "general.architecture")},
                      {"parameters", static_cast<uint64_t>(llama_model_n_params(m))},
                      {"context", static_cast<uint64_t>(context_)},
                      {"build", build_}};
    if (!tokenizer_.chat_template().empty()) out.emplace("template", hash_of(tokenizer_.chat_template()));
    return out;
  }

  bool can(ReadMode read) const override { return read != ReadMode::constrained; }

  std::string objection(const Request& request) override {
    try {
      prepare(request);
      return "";
    } catch (const Error& e) {
      return e.what();
    }
  }

  int room() const override {
    std::lock_guard lock(mutex_);
    return std::max(0, kRoom - under_way_);
  }

  void start(Ticket ticket, const Request& request, Mailbox& mailbox) override {
    Asker asker{ticket, mailbox, std::chrono::steady_clock::now()};
    std::string key = request.pure() ? hash_of(request.canonical()) : "";
    if (!key.empty() && join(key, asker)) return;
    auto job = std::make_unique<Job>();
    try {
      job->work = prepare(request);
    } catch (const Error& e) {
      Reply reply;
      reply.failure = Failure{Failure::Size::request, e.what()};
      return mailbox.put(ticket, std::move(reply));
    }
    job->key = key;
    job->askers.push_back(asker);
    {
      std::lock_guard lock(mutex_);
      ++under_way_;
      ++counts_.requests;
      counts_.asked += static_cast<int64_t>(job->work.encoded.prompt.size());
      if (!key.empty()) pure_.emplace(key, job.get());
      waiting_.push_back(std::move(job));
    }
    work_.notify_one();
  }

  void cancel() override {
    std::list<std::unique_ptr<Job>> jobs;
    {
      std::lock_guard lock(mutex_);
      jobs.swap(waiting_);
      for (auto& job : jobs) {
        pure_.erase(job->key);
        under_way_ -= static_cast<int>(job->askers.size());
      }
    }
    Reply reply;
    reply.failure = Failure{Failure::Size::again, "cancelled"};
    for (auto& job : jobs) tell(job->askers, reply);
  }

  LlamaCounts counts() const {
    LlamaCounts counts;
    {
      std::lock_guard lock(mutex_);
      counts = counts_;
    }
    counts.kept_bytes = static_cast<int64_t>(cache_.bytes());
    return counts;
  }
  Tokens tokens(const Request& request) const { return tokenizer_.encode(request).prompt; }

 private:
  struct Asker {
    Ticket ticket;
    Mailbox mailbox;
    std::chrono::steady_clock::time_point since;
  };
  struct Job {
    LlamaWork work;
    std::string key;  // of a pure request: its hash
    std::vector<Asker> askers;
    const Tokens& prompt() const { return work.encoded.prompt; }
  };
  struct Worker {
    std::thread thread;
    Tokens holds;                // the last prompt it evaluated: what its path holds
    const Job* reads = nullptr;  // whose prompt it evaluates
  };

  LlamaWork prepare(const Request& request) const {
    LlamaWork work;
    if (!can(request.read)) throw Error("a local model's choices are read as scored or text, not constrained");
    work.scored = request.read == ReadMode::scored;
    work.text = request.messages.size() == 1 && request.messages[0].role == "text";
    work.sampling = Sampling::from(request.sampling);
    work.draw = request.draw;
    work.encoded = tokenizer_.encode(request);
    size_t behind = 1;
    for (const Tokens& label : work.encoded.labels) behind = std::max(behind, label.size());
    if (size_t n = work.encoded.prompt.size(); n + behind > context_) {
      throw Error("the prompt is too long: " + std::to_string(n) + " tokens, and the model's context is " +
                  std::to_string(context_));
    }
    return work;
  }

  // Whether an equal request is under way already: this one is answered with it.
  bool join(const std::string& key, const Asker& asker) {
    std::lock_guard lock(mutex_);
    auto same = pure_.find(key);
    if (same == pure_.end()) return false;
    same->second->askers.push_back(asker);
    ++under_way_;
    ++counts_.requests;
    counts_.asked += static_cast<int64_t>(same->second->prompt().size());
    return true;
  }

  static void tell(const std::vector<Asker>& askers, Reply reply) {
    for (const Asker& asker : askers) {
      reply.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - asker.since).count();
      asker.mailbox.put(asker.ticket, reply);
    }
  }

  // The waiting job that goes on furthest from what the worker holds. Not one that begins, beyond what is known, with
  // what another worker is just evaluating: it waits until that is known. End if there is none. Requires the lock.
  std::list<std::unique_ptr<Job>>::iterator choose(const Worker& worker) {
    auto best = waiting_.end();
    size_t furthest = 0;
    for (auto job = waiting_.begin(); job != waiting_.end(); ++job) {
      const Tokens& prompt = (*job)->prompt();
      size_t here = shared(prompt, worker.holds), known = std::max(here, cache_.depth(prompt));
      bool clash = std::any_of(workers_.begin(), workers_.end(), [&](const Worker& other) {
        return other.reads && shared(prompt, other.reads->prompt()) > known;
      });
      if (clash || (best != waiting_.end() && here <= furthest)) continue;
      best = job;
      furthest = here;
    }
    return best;
  }

  void run(Worker& worker) {
    LivePath path(model_.get(), stop_);
    std::unique_lock lock(mutex_);
    for (;;) {
      auto chosen = waiting_.end();
      work_.wait(lock, [&] { return stop_ || (chosen = choose(worker)) != waiting_.end(); });
      if (stop_) return;
      std::unique_ptr<Job> job = std::move(*chosen);
      waiting_.erase(chosen);
      worker.reads = job.get();
      worker.holds = job->prompt();
      lock.unlock();
      int64_t before = path.evaluated();
      LlamaDone done = evaluate(job->work, path, [&] {
        {
          std::lock_guard known(mutex_);
          worker.reads = nullptr;
        }
        work_.notify_all();
      });
      lock.lock();
      worker.reads = nullptr;
      worker.holds = path.tokens();
      if (!job->key.empty()) pure_.erase(job->key);
      under_way_ -= static_cast<int>(job->askers.size());
      ++counts_.prompts;
      counts_.evaluated += path.evaluated() - before;
      counts_.labels += done.label_tokens;
      counts_.generated += done.reply.usage.output;
      lock.unlock();
      tell(job->askers, std::move(done.reply));
      work_.notify_all();
      lock.lock();
    }
  }

  LlamaDone evaluate(const LlamaWork& work, LivePath& path, const std::function<void()>& known) {
    LlamaDone done;
    try {
      done = answer(work, tokenizer_, context_, path, cache_, known);
      done.reply.served = hash_;
      done.reply.build = build_;
    } catch (const Stopped&) {
      done.reply.failure = Failure{Failure::Size::again, "cancelled"};
    } catch (const std::exception& e) {
      done.reply.failure = Failure{Failure::Size::model, e.what()};
    }
    return done;
  }

  const std::string path_;
  const Hash hash_;
  const std::string build_;
  const ModelHandle model_;
  const Tokenizer tokenizer_;
  const size_t context_;  // tokens that the model was trained for
  KvCache cache_;
  std::atomic<bool> stop_ = false;

  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::list<std::unique_ptr<Job>> waiting_;
  std::unordered_map<std::string, Job*> pure_;  // waiting or under way
  int under_way_ = 0;                           // askers
  LlamaCounts counts_;
  std::vector<Worker> workers_;
};

}  // namespace

std::unique_ptr<Model> open_llama(const std::string& path, const ModelOptions& options) {
  return std::make_unique<Llama>(path, options);
}

LlamaCounts llama_counts(const Model& model) {
  auto* llama = dynamic_cast<const Llama*>(&model);
  return llama ? llama->counts() : LlamaCounts{};
}

std::vector<int32_t> llama_tokens(const Model& model, const Request& request) {
  auto* llama = dynamic_cast<const Llama*>(&model);
  if (!llama) throw Error("not a local model");
  return llama->tokens(request);
}

std::string llama_build() { return std::string("libllama ") + llama_version() + ", " + llama_print_system_info(); }

}  // namespace parley
