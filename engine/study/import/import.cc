#include "study/import/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "study/inputs.h"
#include "study/replay.h"

namespace parley {
namespace {

// A table's name in the store, without the folder that tables stand in there.
std::string short_name(const std::string& name) { return name.substr(std::string_view(kTablesFolder).size()); }

// A mismatch as it is kept: by the table's name in the store.
std::string kept_text(const Imported& imported, const Mismatch& mismatch) {
  return fmt::format("{}:{}: {}", short_name(imported.tables[mismatch.table].name), mismatch.line, mismatch.what);
}

// The first row whose choices are not those that a stored player has.
size_t line_of_difference(const ImportedMatch& match, const Lineup& stored) {
  for (const ImportedRow& row : match.rows) {
    for (const ImportedRow::Choice& choice : row.choices) {
      const size_t seat = static_cast<size_t>(row.seat) - 1, round = static_cast<size_t>(row.round) - 1;
      const Value& moves =
          seat < stored.players.size() ? stored.players[seat].settings["moves"][choice.decision] : Value();
      if (!moves.is_list() || round >= moves.list().size() || moves.list()[round] != choice.action) return row.line;
    }
  }
  return match.rows[0].line;
}

bool same_players(const Lineup& a, const Lineup& b) {
  return a.id == b.id && std::equal(a.players.begin(), a.players.end(), b.players.begin(), b.players.end(),
                                    [](const auto& x, const auto& y) {
                                      return x.name == y.name && x.strategy == y.strategy && x.settings == y.settings;
                                    });
}

}  // namespace

ImportedStudy play_tables(const Mapping& mapping, std::vector<SourceTable> tables, const Lookup& lookup,
                          Scripts& scripts, const std::function<void(uint64_t, uint64_t)>& each) {
  ImportedStudy out;
  out.imported = matches_in(mapping, std::move(tables), lookup);
  const Imported& imported = out.imported;
  for (const ImportedMatch& match : imported.matches) {
    if (each) each(out.transcripts.size(), imported.matches.size());
    out.transcripts.push_back(play_imported(imported, match, match.plan, scripts));
    for (Mismatch& one : mismatches_of(mapping, imported, match, out.transcripts.back(), scripts))
      out.mismatches.push_back(std::move(one));
  }
  for (Mismatch& one : empty_cells(mapping, imported)) out.mismatches.push_back(std::move(one));
  std::stable_sort(out.mismatches.begin(), out.mismatches.end(), [](const Mismatch& a, const Mismatch& b) {
    return std::pair(a.table, a.line) < std::pair(b.table, b.line);
  });
  Value::List differences;
  for (const Mismatch& one : out.mismatches) differences.push_back(kept_text(imported, one));
  out.info = {std::filesystem::path(mapping.path).stem().string(),
              mapping.path,
              hash_of(mapping.text),
              mapping.text,
              imported.fields.with("differences", std::move(differences)),
              imported.matches.at(0).plan->seed,
              PARLEY_VERSION};
  return out;
}

void keep_imported(const ImportedStudy& study, Scripts& scripts, Store& store) {
  const std::vector<ImportedMatch>& matches = study.imported.matches;
  const std::vector<MatchState> states = store.plan(
      study.info, matches.size(), [&](uint64_t i) { return *matches[i].plan; },
      [&](const Condition& condition) { return study.imported.resolved.at(condition.id); });
  std::map<std::string, int64_t> known;  // inputs, by what decides them
  auto inputs_of = [&](const ImportedMatch& match) {
    std::string key = fmt::format("{}\n{}", match.table, match.plan->condition->rules.game);
    for (const auto& [seat, plan] : match.ruled)
      key += "\n" + plan->lineup->players[static_cast<size_t>(seat) - 1].strategy;
    auto at = known.find(key);
    if (at != known.end()) return at->second;
    const SourceTable& table = study.imported.tables[match.table];
    std::vector<SourceText> files = files_of(*match.plan, scripts);
    for (const auto& [seat, plan] : match.ruled) {
      for (SourceText& file : files_of(*plan, scripts)) files.push_back(std::move(file));
    }
    files.push_back({table.name, hash_of(table.text), table.text});
    return known.emplace(key, Inputs(scripts, store).keep(files)).first->second;
  };
  for (uint64_t i = 0; i < matches.size(); ++i) {
    const int64_t inputs = inputs_of(matches[i]);
    if (states[i].row != 0 && states[i].inputs == inputs && states[i].status == MatchStatus::whole) continue;
    store.finish(store.begin(i + 1, inputs), study.transcripts[i]);
  }
  store.commit();
}

bool is_imported(const StudyInfo& study) { return study.fields["tables"].is_list(); }

VerifiedImport verify_import(const Store& store) {
  const StudyInfo study = store.study().value();
  VerifiedImport out;
  std::map<std::string, std::string> texts;
  std::set<int64_t> seen;
  if (hash_of(study.text) != study.hash) out.problems.push_back("the mapping is not the text that its hash says");
  const std::vector<StoredMatch> stored = store.matches();
  for (const StoredMatch& match : stored) {
    if (!seen.insert(match.state.inputs).second) continue;
    for (SourceText& file : store.files(match.state.inputs)) {
      if (hash_of(file.text) != file.hash) out.problems.push_back(file.name + " is not the text that its hash says");
      texts.insert_or_assign(file.name, std::move(file.text));
    }
  }
  std::vector<SourceTable> tables;
  for (const Value& table : study.fields["tables"].list()) {
    const std::string name = table["name"].is_string() ? table["name"].string() : "";
    auto at = texts.find(name);
    if (at == texts.end()) throw Error(fmt::format("the table {} is not in the file", name));
    tables.push_back({short_name(name), name, {}, at->second});
    texts.erase(at);
  }
  Kit kit(texts);
  const Mapping mapping = Mapping::parse(study.path, study.text);
  const ImportedStudy again = play_tables(mapping, std::move(tables), lookup_in(kit.scripts()), kit.scripts());
  const Imported& imported = again.imported;

  std::multiset<std::string> known;
  for (const Value& one : study.fields["differences"].list()) known.insert(value_text(one));
  for (const Mismatch& one : again.mismatches) {
    const std::string text = kept_text(imported, one);
    if (auto at = known.find(text); at != known.end()) {
      out.known.push_back(text);
      known.erase(at);
    } else {
      out.problems.push_back(text);
    }
  }
  for (const std::string& text : known) out.problems.push_back(text + " (when it was imported; not now)");

  std::map<uint64_t, int64_t> rows;
  for (const StoredMatch& match : stored) rows.emplace(match.number, match.row);
  if (store.planned() != imported.matches.size())
    out.problems.push_back(
        fmt::format("{} matches are planned, and the tables have {}", store.planned(), imported.matches.size()));
  std::vector<std::string> places;
  for (size_t i = 0; i < imported.matches.size(); ++i) {
    const ImportedMatch& match = imported.matches[i];
    out.rows += match.rows.size();
    const std::string table = short_name(imported.tables[match.table].name);
    const auto [first, last] = std::minmax_element(match.rows.begin(), match.rows.end(),
                                                   [](const auto& a, const auto& b) { return a.line < b.line; });
    places.push_back(fmt::format("{}, lines {} to {}", table, first->line, last->line));
    auto at = rows.find(i + 1);
    if (at == rows.end()) {
      out.problems.push_back(fmt::format("{}:{}: match {} is not in the file", table, first->line, i + 1));
      continue;
    }
    const Plan plan = store.plan_of(at->second);
    const Condition &is = *plan.condition, &should = *match.plan->condition;
    if (!same_players(*plan.lineup, *match.plan->lineup)) {
      out.problems.push_back(fmt::format("{}:{}: match {} has other players or moves than the table", table,
                                         line_of_difference(match, *plan.lineup), i + 1));
    } else if (is.id != should.id || is.levels != should.levels || is.name != should.name ||
               plan.block != match.plan->block || plan.seed != match.plan->seed) {
      out.problems.push_back(
          fmt::format("{}:{}: match {} is of another condition than the table says", table, first->line, i + 1));
    }
  }
  out.where = [places](uint64_t number) { return number >= 1 && number <= places.size() ? places[number - 1] : ""; };
  return out;
}

}  // namespace parley
