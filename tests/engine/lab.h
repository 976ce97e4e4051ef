// A study run in a temporary folder with a model of the test's own.
#pragma once
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/file.h"
#include "model/models.h"
#include "report/units.h"
#include "study/run.h"

namespace parley::test {

// A folder that goes with the object.
class Folder {
 public:
  Folder() {
    char name[] = "/tmp/parley-test-XXXXXX";
    path_ = mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path_ + "/" + name).parent_path());
    write_file(path_ + "/" + name, text);
    return path_ + "/" + name;
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Answers like `scripted:random`, but holds up to `room` requests and gives them back in an order drawn from `seed`.
class Shuffling : public Model {
 public:
  Shuffling(int room, unsigned seed) : inner_(open_model("scripted:random")), room_(room), random_(seed) {}
  std::string identity() const override { return inner_->identity(); }
  Value about() const override { return inner_->about(); }
  bool can(ReadMode) const override { return true; }
  int room() const override { return room_ - static_cast<int>(held_.size()); }
  void start(Ticket ticket, const Request& request, Mailbox& mailbox) override {
    ++asked;
    held_.push_back({ticket, request, mailbox});
    if (static_cast<int>(held_.size()) >= room_ || random_() % 4 == 0) release();
  }
  void cancel() override {
    for (Held& held : held_) {
      Reply reply;
      reply.failure = Failure{Failure::Size::again, "cancelled"};
      held.mailbox.put(held.ticket, reply);
    }
    held_.clear();
  }
  void release() {
    std::shuffle(held_.begin(), held_.end(), random_);
    for (Held& held : held_) inner_->start(held.ticket, held.request, held.mailbox);
    held_.clear();
  }
  int asked = 0;

 private:
  struct Held {
    Ticket ticket;
    Request request;
    Mailbox mailbox;
  };
  std::unique_ptr<Model> inner_;
  int room_;
  std::mt19937 random_;
  std::vector<Held> held_;
};

// Everything that a study needs, over parley's own files and the folder's.
class Lab {
 public:
  Lab(const Folder& folder, const std::string& study, int room = 64, unsigned seed = 1, const std::string& prompts = "")
      : sources_({folder.path(), PARLEY_ROOT}),
        library_(prompts.empty() ? std::vector<std::string>{PARLEY_ROOT "/prompts"}
                                 : std::vector<std::string>{prompts, PARLEY_ROOT "/prompts"}),
        scripts_(sources_, library_) {
    auto shuffling = std::make_unique<Shuffling>(room, seed);
    model = shuffling.get();
    models_.add("random", std::move(shuffling));
    file_ = scripts_.study(study);
    Lookup lookup;
    lookup.game = [this](const std::string& name, const Value& settings, int seats) -> std::optional<GameInfo> {
      if (!sources_.find("games", name)) return std::nullopt;
      return scripts_.game(name, settings, seats);
    };
    lookup.strategy = [this](const std::string& name) -> std::optional<StrategyInfo> {
      if (!sources_.find("strategies", name)) return std::nullopt;
      return scripts_.strategy(name);
    };
    lookup.games = [this] { return sources_.names("games"); };
    lookup.strategies = [this] { return sources_.names("strategies"); };
    lookup.model_identity = [this](const std::string& name) { return models_.open(name).identity(); };
    lookup.column = factor_column;
    for (const UnitColumn& column : unit_columns()) {
      if (column.number) lookup.numbers.push_back(column.name);
    }
    design_ = std::make_unique<Design>(Design::make(file_, lookup));
  }

  // Another model in place of the shuffling one; `model` is null then.
  void replace_model(std::unique_ptr<Model> other) {
    models_.add("random", std::move(other));
    model = nullptr;
  }

  // Runs the study, at most `steps` steps of the loop; what came of it.
  // Stops early where `open` matches wait at once. The run (and what it holds) lives until the next or the end.
  Progress run(Store& store, RunOptions options = {}, int steps = 1 << 30, uint64_t open = ~uint64_t{0}) {
    run_ = std::make_unique<Run>(*design_, info(*design_), scripts_, store, models_, options);
    while (steps-- > 0) {
      if (!run_->step(std::chrono::steady_clock::now() + std::chrono::milliseconds(1))) break;
      if (run_->progress().open >= open) break;
      if (model) model->release();
    }
    Progress progress = run_->progress();
    if (open == ~uint64_t{0}) run_.reset();
    return progress;
  }

  const Design& design() const { return *design_; }
  const StudyFile& file() const { return file_; }
  StudyInfo info(const Design& design) const {
    return {"study", file_.path, hash_of(file_.text), file_.text, design.resolved(), design.seed(), "test"};
  }
  Scripts& scripts() { return scripts_; }
  Shuffling* model;

 private:
  Sources sources_;
  Library library_;
  Scripts scripts_;
  ModelSet models_;
  StudyFile file_;
  std::unique_ptr<Design> design_;
  std::unique_ptr<Run> run_;
};

}  // namespace parley::test
