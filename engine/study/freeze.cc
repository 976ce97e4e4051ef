#include "study/freeze.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/json.h"
#include "study/expand/parts.h"
#include "study/inputs.h"

namespace parley {
namespace {

constexpr const char* kStudy = "study";

// Identities hold seed, condition, line-up and block; names are in none.
Hash design_hash(uint64_t seed, const std::vector<Hash>& matches) {
  std::string bytes = fmt::format("design\n{}\n", seed);
  for (const Hash& id : matches) bytes += id + "\n";
  return hash_of(bytes);
}

}  // namespace

Hash hash_of_analysis(const Value& analysis) { return hash_of("analysis\n" + to_json(analysis)); }

Frozen freeze(const Design& design, const StudyFile& file, Scripts& scripts) {
  Frozen out;
  std::vector<Hash> matches;
  std::set<std::pair<const Condition*, const Lineup*>> seen;
  Value::Record texts;
  for (uint64_t i = 0; i < design.size(); ++i) {
    const auto plan = design.at(i);
    matches.push_back(plan->id);
    if (!seen.emplace(plan->condition.get(), plan->lineup.get()).second) continue;
    for (const SourceText& used : files_of(*plan, scripts)) texts.insert_or_assign(used.name, used.hash);
  }
  if (!file.measures.empty()) texts.emplace(kStudy, hash_of(file.text));
  out.texts = std::move(texts);
  out.design = design_hash(design.seed(), matches);
  out.files = hash_of("files\n" + to_json(out.texts));
  out.analysis = hash_of_analysis(design.resolved()["analysis"]);
  out.hash = hash_of(fmt::format("frozen\n{}\n{}\n{}", out.design, out.files, out.analysis));
  return out;
}

std::vector<std::string> changed_since(const Store& store, const Frozen& frozen) {
  std::vector<std::string> out;
  const auto study = store.study();
  if (!study) return out;
  std::vector<Hash> matches;
  store.query(
      "SELECT r.hash, l.hash, p.block FROM plan p JOIN rules r ON r.id = p.rules JOIN lineup l ON l.id = p.lineup "
      "ORDER BY p.number",
      {}, [&](const Store::Row& row) {
        matches.push_back(
            study::match_id(study->seed, row[0].string(), row[1].string(), static_cast<uint32_t>(row[2].number())));
      });
  if (design_hash(study->seed, matches) != frozen.design) out.emplace_back("design");
  if (hash_of_analysis(study->fields["analysis"]) != frozen.analysis) out.emplace_back("analysis");
  std::set<std::string> files;
  if (const Value& text = frozen.texts[kStudy]; !text.is_nil() && text != Value(study->hash)) files.insert(kStudy);
  store.query(
      "SELECT DISTINCT s.name, s.hash FROM match m JOIN input i ON i.inputs = m.inputs JOIN source s ON s.id = "
      "i.source WHERE m.number IS NOT NULL",
      {}, [&](const Store::Row& row) {
        const Value& was = frozen.texts[row[0].string()];
        if (!was.is_nil() && was != row[1]) files.insert(row[0].string());
      });
  out.insert(out.end(), files.begin(), files.end());
  return out;
}

}  // namespace parley
