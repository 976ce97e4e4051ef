// A policy's table on a local model (issue 5): tokens evaluated against the number of different beginnings of all prompts.
#if PARLEY_LLAMA
#include <algorithm>
#include <cstdio>
#include <map>
#include <unordered_set>

#include "base/error.h"
#include "bench.h"
#include "model/llama.h"
#include "study/run.h"
#include "study/tree.h"

namespace {

using namespace parley;

// Passes requests on and notes their tokens.
class Watched final : public Model {
 public:
  explicit Watched(std::unique_ptr<Model> inner) : inner_(std::move(inner)) {}
  std::string identity() const override { return inner_->identity(); }
  Value about() const override { return inner_->about(); }
  bool can(ReadMode read) const override { return inner_->can(read); }
  int room() const override { return inner_->room(); }
  void cancel() override { inner_->cancel(); }
  void start(Ticket ticket, const Request& request, Mailbox& mailbox) override {
    ++requests;
    std::string path;
    for (int32_t token : llama_tokens(*inner_, request)) {
      path.append(reinterpret_cast<const char*>(&token), sizeof token);
      beginnings.insert(std::hash<std::string>()(path));
      ++asked;
    }
    inner_->start(ticket, request, mailbox);
  }
  LlamaCounts counts() const { return llama_counts(*inner_); }

  std::unordered_set<size_t> beginnings;
  int64_t requests = 0, asked = 0;

 private:
  std::unique_ptr<Model> inner_;
};

int bench(const Arguments& arguments) {
  std::map<std::string, int> set = {{"rounds", 10}, {"workers", 2}, {"cache_mb", 2048}, {"sample", 0}};
  std::string file = PARLEY_MODEL;
  for (const std::string& argument : arguments) {
    size_t is = argument.find('=');
    if (is == std::string::npos) {
      file = argument;
    } else if (auto known = set.find(argument.substr(0, is)); known != set.end()) {
      known->second = std::stoi(argument.substr(is + 1));
    } else {
      throw Error(
          "parley_bench tree [FILE.gguf] [rounds=10] [workers=2] [cache_mb=2048] [sample=0]\n"
          "  sample=1: the player's own choices branch too");
    }
  }
  Sources sources({PARLEY_ROOT});
  Library library({PARLEY_ROOT "/prompts"});
  Scripts scripts(sources, library);
  ModelOptions options;
  options.workers = set["workers"];
  options.cache_bytes = static_cast<size_t>(set["cache_mb"]) << 20;
  auto watched = std::make_unique<Watched>(open_llama(file, options));
  Watched& model = *watched;
  ModelSet models;
  models.add("box", std::move(watched));
  Lookup lookup;
  lookup.game = [&](const std::string& name, const Value& settings, int seats) -> std::optional<GameInfo> {
    return scripts.game(name, settings, seats);
  };
  lookup.strategy = [&](const std::string& name) -> std::optional<StrategyInfo> { return scripts.strategy(name); };
  lookup.model_identity = [&](const std::string& name) { return models.open(name).identity(); };

  const Value player = Value::Record{{"strategy", "direct"}, {"model", "box"}};
  const std::vector<Override> overrides = {{"rounds", set["rounds"], "rounds"},
                                           {"labels", Value::List{"J", "F"}, "labels"},
                                           {"decide", set["sample"] ? "sample" : "argmax", "decide"}};
  StudyFile any;
  any.path = "tree";
  any.fields = Value::Record{{"game", "prisoners_dilemma"},
                             {"read", "scored"},
                             {"players", Value::List{player, Value::Record{{"strategy", "always_first"}}}}};
  const TreeShape shape = tree_shape(scripts, Design::make(any, lookup, overrides).at(0), 1);
  const StudyFile study = tree_study("prisoners_dilemma", player, shape);
  const Design design = Design::make(study, lookup, overrides);
  Store store = Store::in_memory();
  const double start = seconds_now();
  Run run(design, {"tree", "tree", "", "", design.resolved(), 1, "bench"}, scripts, store, models);
  while (run.step(std::chrono::steady_clock::now() + std::chrono::seconds(1))) {
  }
  const double wall = seconds_now() - start;
  const PolicyTree tree = tree_of(store, shape);
  const LlamaCounts counts = model.counts();
  printf("histories %zu in %lu matches; requests %ld; tokens asked %ld, evaluated %ld, floor %zu: %.4f; wall %.1f s\n",
         tree.nodes.size(), static_cast<unsigned long>(design.size()), static_cast<long>(model.requests),
         static_cast<long>(model.asked), static_cast<long>(counts.evaluated), model.beginnings.size(),
         static_cast<double>(counts.evaluated) / static_cast<double>(model.beginnings.size()), wall);
  printf("kept %.0f MB; the workers' contexts apart, %.0f MB resident\n", static_cast<double>(counts.kept_bytes) / 1e6,
         resident_kb() / 1e3);
  return 0;
}

Bench tree_bench("tree", "a policy's table on a local model: tokens evaluated against the floor", bench);

}  // namespace
#endif
