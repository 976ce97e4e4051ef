#include "api/power.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/error.h"
#include "base/random.h"
#include "model/model.h"
#include "stats/shares.h"
#include "study/run.h"

namespace parley {

std::vector<std::string> dear_players(const Design& design) {
  std::vector<std::string> out;
  for (const Player& player : design.players()) {
    if (!player.model.empty() && !kind_of(player.model).free)
      out.push_back(fmt::format("{} (asks {})", player.name, player.model));
  }
  return out;
}

Rows units_played(const Design& design, const StudyInfo& info, Scripts& scripts, ModelSet& models,
                  const std::function<Rows(const Store&)>& units) {
  Store store = Store::in_memory();
  Run run(design, info, scripts, store, models);
  while (run.step(std::chrono::steady_clock::now() + std::chrono::seconds(1))) {
  }
  if (!run.progress().stopped.empty()) throw Error("the study stopped: " + run.progress().stopped);
  return units(store);
}

Pilot::Pilot(const Rows& rows, const std::set<uint64_t>& over, uint64_t seed)
    : rows_(in_blocks(rows, over)),
      block_(column_of(rows, "block", "pilot")),
      match_(column_of(rows, "match", "pilot")),
      seed_(seed) {
  std::map<std::string, size_t> known;
  for (size_t i = 0; i < rows_.rows.size(); ++i) {
    const auto [at, fresh] = known.emplace(rows_.rows[i][block_], by_block_.size());
    if (fresh) by_block_.emplace_back();
    by_block_[at->second].push_back(i);
  }
}

Rows Pilot::drawn(uint64_t draw, uint64_t blocks) const {
  Rows out{rows_.columns, {}, {}};
  const Draws draws(fmt::format("{}|pilot", seed_));
  for (uint64_t block = 1; block <= blocks; ++block) {
    for (size_t i : by_block_[draws.below(by_block_.size(), draw, block)]) {
      std::vector<std::string>& row = out.rows.emplace_back(rows_.rows[i]);
      row[block_] = std::to_string(block);
      row[match_] = fmt::format("{} of {}", row[match_], block);
    }
  }
  return out;
}

std::vector<Power> power_of(const Declared& declared, const std::vector<uint64_t>& ns, uint64_t draws,
                            const std::function<Rows(uint64_t k)>& study) {
  const size_t contrasts = declared.primary.size();
  std::vector<Power> out;
  std::set<uint64_t> all_looks;
  std::vector<std::vector<uint64_t>> looks;  // of each n
  for (uint64_t n : ns) {
    auto& of_n = looks.emplace_back();
    std::copy_if(declared.looks.begin(), declared.looks.end(), std::back_inserter(of_n),
                 [&](uint64_t l) { return l < n; });
    if (declared.looks.size() == 1) of_n.clear();  // the one look is at the end
    of_n.push_back(n);
    all_looks.insert(of_n.begin(), of_n.end());
    for (size_t c = 0; c < contrasts; ++c) out.push_back({n, draws, 0, 0, 0});
  }
  for (uint64_t k = 1; k <= draws; ++k) {
    const Rows rows = study(k);
    std::map<uint64_t, std::vector<std::optional<Tested>>> at;
    for (uint64_t look : all_looks) {
      std::set<uint64_t> blocks;
      for (uint64_t b = 1; b <= look; ++b) blocks.insert(b);
      const Rows so_far = in_blocks(rows, blocks);
      at.emplace(look, tested(exclude(so_far, declared.exclusions, declared.primary[0]).kept, declared));
    }
    for (size_t i = 0; i < out.size(); ++i) {
      const std::vector<uint64_t>& of_n = looks[i / contrasts];
      const double alpha = declared.alpha / static_cast<double>(of_n.size());
      const std::optional<Tested>& last = at.at(of_n.back())[i % contrasts];
      out[i].untested += last ? 0 : 1;
      out[i].equivalent += last && last->equivalent && *last->equivalent < declared.alpha ? 1 : 0;
      out[i].below += std::any_of(of_n.begin(), of_n.end(), [&](uint64_t look) {
        const std::optional<Tested>& one = at.at(look)[i % contrasts];
        return one && one->p < alpha;
      });
    }
  }
  return out;
}

Table power_table(const Declared& declared, const std::vector<Power>& found) {
  using Align = Table::Column::Align;
  Table out;
  out.title = "power";
  out.columns = {{"blocks"}, {"primary", Align::left, true}, {"p below alpha"}, {"low"}, {"high"}};
  if (declared.margin) out.columns.push_back({"equivalent"});
  out.columns.push_back({"not tested"});
  for (size_t i = 0; i < found.size(); ++i) {
    const Power& one = found[i];
    const auto share = [&](uint64_t n) { return static_cast<double>(n) / static_cast<double>(one.draws); };
    const stats::Interval wilson = stats::wilson(one.below, one.draws);
    std::vector<Value> row = {one.n, text_of(declared.primary[i % declared.primary.size()]), share(one.below),
                              wilson.low, wilson.high};
    if (declared.margin) row.emplace_back(share(one.equivalent));
    row.emplace_back(one.untested);
    out.add(std::move(row));
  }
  out.notes.push_back(fmt::format(
      "p below alpha: share of {} draws in which the declared test's p{} is below {}{}; low, high: its 95 % interval "
      "(Wilson).",
      found.empty() ? 0 : found[0].draws, declared.primary.size() > 1 ? " by Holm" : "", number_text(declared.alpha),
      declared.looks.size() > 1 ? " over the number of looks, at a planned look or at the end" : ""));
  if (declared.margin)
    out.notes.push_back(fmt::format("equivalent: share in which TOST says so within {} at {}.",
                                    number_text(*declared.margin), number_text(declared.alpha)));
  const bool some = std::any_of(found.begin(), found.end(), [](const Power& p) { return p.untested > 0; });
  const bool all = std::all_of(found.begin(), found.end(), [](const Power& p) { return p.untested == p.draws; });
  if (all)
    out.notes.push_back(
        "Nothing can be tested: in every draw a group has fewer than two values, or all of them are the same, as where "
        "fixed rules play without chance. Repeats of such players are no data.");
  else if (some)
    out.notes.push_back("not tested: draws in which a group had fewer than two values, or no variance.");
  return out;
}

}  // namespace parley
