#include "study/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "base/error.h"

namespace parley {

Transcript replay(Scripts& scripts, std::shared_ptr<const Plan> plan, int attempt, const std::map<Place, Kept>& replies,
                  const std::function<void(const Question&, const Kept&)>& watch) {
  Match match(scripts, std::move(plan), attempt);
  std::deque<Question> waiting;
  for (;;) {
    for (Question& question : match.advance()) waiting.push_back(std::move(question));
    if (waiting.empty()) return match.transcript();
    Question question = std::move(waiting.front());
    waiting.pop_front();
    auto kept = replies.find(question.place);
    if (kept == replies.end()) continue;  // not answered yet: its turn stays open
    if (kept->second.request != hash_of(question.request.canonical())) {
      throw Error(fmt::format("the reply to question {} of seat {} is kept for another request than is asked now",
                              question.place.n, question.place.seat));
    }
    if (watch) watch(question, kept->second);
    match.answer(question.place, kept->second.reply);
  }
}

namespace {

std::map<std::string, std::string> prompts_of(const std::map<std::string, std::string>& texts) {
  std::map<std::string, std::string> out;
  for (const auto& [name, text] : texts) {
    if (name.rfind("prompts/", 0) == 0) out.emplace(name.substr(8), text);
  }
  return out;
}

}  // namespace

Kit::Kit(const std::map<std::string, std::string>& texts)
    : sources_(texts), library_(prompts_of(texts)), scripts_(std::make_unique<Scripts>(sources_, library_)) {}

// What matches need, put together where no file has two texts.
struct Kits::Group {
  std::map<std::string, Hash> hashes;
  std::map<std::string, std::string> texts;
  bool data = false;
  std::unique_ptr<Kit> kit;

  static bool has_data(const std::vector<SourceText>& files) {
    return std::any_of(files.begin(), files.end(), [](const SourceText& file) { return is_data(file.name); });
  }

  // A game's own data is what it reads where a study has none: matches with and without a study's data are apart.
  bool takes(const std::vector<SourceText>& files) const {
    if (has_data(files) != data) return false;
    for (const SourceText& file : files) {
      auto at = hashes.find(file.name);
      if (at != hashes.end() && at->second != file.hash) return false;
    }
    return true;
  }
};

Kits::Kits(const Store& store, const std::vector<StoredMatch>& matches) {
  for (const StoredMatch& match : matches) {
    auto [at, fresh] = group_of_.try_emplace(match.state.inputs, nullptr);
    if (!fresh) continue;
    std::vector<SourceText> files = store.files(match.state.inputs);
    for (auto& group : groups_) {
      if (group->takes(files)) at->second = group.get();
    }
    if (!at->second) {
      at->second = groups_.emplace_back(std::make_unique<Group>()).get();
      at->second->data = Group::has_data(files);
    }
    for (SourceText& file : files) {
      at->second->hashes.emplace(file.name, file.hash);
      at->second->texts.emplace(file.name, std::move(file.text));
    }
  }
  for (auto& group : groups_) group->kit = std::make_unique<Kit>(group->texts);
}

Kits::~Kits() = default;

Scripts& Kits::of(const StoredMatch& match) { return group_of_.at(match.state.inputs)->kit->scripts(); }

Verified verify(const Store& store, bool all, const std::function<void(uint64_t, uint64_t)>& each) {
  Verified out;
  std::vector<StoredMatch> matches = store.matches(all);
  Kits kits(store, matches);
  uint64_t done = 0;
  for (const StoredMatch& match : matches) {
    if (each) each(done++, matches.size());
    if (match.state.status == MatchStatus::open || match.state.status == MatchStatus::failed) continue;
    ++out.matches;
    std::string problem;
    try {
      auto plan = std::make_shared<const Plan>(store.plan_of(match.row));
      std::map<Place, Kept> replies = store.replies(match.row);
      out.replies += replies.size();
      Transcript transcript = replay(kits.of(match), plan, match.state.attempt, replies);
      if (auto difference = store.compare(match.row, transcript)) {
        problem = fmt::format("{}, {}, {}: '{}' is stored, '{}' is derived", difference->table, difference->row,
                              difference->column, difference->stored, difference->derived);
      }
    } catch (const Error& e) {
      problem = e.what();
    }
    if (problem.empty()) continue;
    if (out.differing++ == 0) {
      out.first = std::move(problem);
      out.number = match.number;
    }
  }
  return out;
}

}  // namespace parley
