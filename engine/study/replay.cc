#include "study/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>

#include "base/error.h"
#include "study/import/tables.h"
#include "study/inputs.h"

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

namespace {

std::string text_of(const Difference& of) {
  return fmt::format("{}, {}, {}: '{}' is stored, '{}' is derived", of.table, of.row, of.column, of.stored, of.derived);
}

// The sets of inputs with a file whose text is not the one that was used, and what is wrong with it. Of tables verify_import says.
std::map<int64_t, std::string> changed_inputs(const Store& store, const std::vector<StoredMatch>& matches) {
  std::map<int64_t, std::string> out;
  std::set<int64_t> seen;
  for (const StoredMatch& match : matches) {
    if (!seen.insert(match.state.inputs).second) continue;
    for (const SourceText& file : store.files(match.state.inputs)) {
      if (!file.name.starts_with(kTablesFolder) && hash_of(file.text) != file.hash)
        out.emplace(match.state.inputs,
                    fmt::format("source, {}: its text is not the one that its hash is of", file.name));
    }
  }
  return out;
}

// What a match that is not over, or failed, holds that only one that is over does; "": nothing.
std::string too_much_of(const Store& store, const StoredMatch& match) {
  Transcript none;
  none.status = match.state.status;
  store.query("SELECT coalesce(why, ''), coalesce(void_seat, 0) FROM match WHERE id = ?1", {match.row},
              [&](const Store::Row& row) {
                none.why = row[0].string();
                none.void_seat = static_cast<int>(row[1].number());
              });
  const auto difference = store.compare(match.row, none);
  if (!difference) return "";
  return fmt::format("its status is '{}', and it holds what only a match that is over does: {}",
                     status_name(match.state.status), text_of(*difference));
}

// How the rows of a match that is over differ from what its sources and replies give; "" they do not.
std::string wrong_with(const Store& store, const StoredMatch& match, Scripts& scripts, uint64_t& replies) {
  auto plan = std::make_shared<const Plan>(store.plan_of(match.row));
  const std::map<Place, Kept> kept = store.replies(match.row);
  replies += kept.size();
  std::set<Place> asked;
  const Transcript transcript = replay(scripts, plan, match.state.attempt, kept,
                                       [&](const Question& question, const Kept&) { asked.insert(question.place); });
  if (const auto difference = store.compare(match.row, transcript)) return text_of(*difference);
  const Value stored = store.drawn(match.row), drawn = drawn_for(*plan, scripts);
  if (stored != drawn) return text_of({"match", "", "drawn", value_text(stored), value_text(drawn)});
  // One that ended early may hold replies to what others were asked meanwhile.
  for (const auto& [place, reply] : kept) {
    if (match.state.status == MatchStatus::whole && match.state.attempt == 0 && !asked.contains(place))
      return fmt::format("a reply is kept for try {} of question {} of seat {}, sample {}, which is not asked",
                         place.attempt, place.n, place.seat, place.sample);
  }
  return "";
}

}  // namespace

Verified verify(const Store& store, bool all, const std::function<void(uint64_t, uint64_t)>& each) {
  Verified out;
  std::vector<StoredMatch> matches = store.matches(all);
  Kits kits(store, matches);
  const std::map<int64_t, std::string> changed = changed_inputs(store, matches);
  uint64_t done = 0;
  for (const StoredMatch& match : matches) {
    if (each) each(done++, matches.size());
    const bool over = match.state.status == MatchStatus::whole || match.state.status == MatchStatus::void_;
    std::string problem;
    try {
      if (auto at = changed.find(match.state.inputs); at != changed.end())
        problem = at->second;
      else
        problem = over ? wrong_with(store, match, kits.of(match), out.replies) : too_much_of(store, match);
    } catch (const std::exception& e) {  // whatever a row that was changed by hand leads to, the others are looked at
      problem = e.what();
    }
    if (over || !problem.empty()) ++out.matches;
    if (problem.empty()) continue;
    if (out.differing++ == 0) {
      out.first = std::move(problem);
      out.number = match.number;
    }
  }
  return out;
}

}  // namespace parley
