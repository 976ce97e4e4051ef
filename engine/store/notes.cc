#include "store/notes.h"

#include "base/file.h"
#include "base/json.h"
#include "store/impl.h"

namespace parley {
namespace {

constexpr int kMilliseconds = 10'000;  // for a run to end its transaction

// Has f write to the file in one transaction.
template <class F>
void note(const std::string& path, F f) {
  sql::Connection db(path, SQLITE_OPEN_READWRITE);
  db.wait_for_lock(kMilliseconds);
  db.execute("BEGIN IMMEDIATE");
  f(db);
  db.execute("COMMIT");
}

}  // namespace

std::vector<Frozen> frozen(const Store& store) {
  std::vector<Frozen> out;
  store.query("SELECT at, hash, design, files, analysis, texts FROM frozen ORDER BY at, id", {},
              [&](const Store::Row& row) {
                if (!out.empty() && out.back().hash == row[1].string()) return;
                out.push_back({row[0].number(), row[1].string(), row[2].string(), row[3].string(), row[4].string(),
                               from_json(row[5].string())});
              });
  return out;
}

void keep_frozen(const std::string& path, const Frozen& one) {
  if (!file_exists(path)) Store::open(path, Store::Mode::write);
  note(path, [&](sql::Connection& db) {
    const std::string texts = to_json(one.texts);
    auto& add = db(
        "INSERT INTO frozen (at, hash, design, files, analysis, texts) SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE ?2 IS NOT "
        "(SELECT hash FROM frozen ORDER BY at DESC, id DESC LIMIT 1)");
    add.bind(1, one.at).bind(2, std::string_view(one.hash)).bind(3, std::string_view(one.design));
    add.bind(4, std::string_view(one.files)).bind(5, std::string_view(one.analysis)).bind(6, std::string_view(texts));
    add.run();
  });
}

std::vector<Look> looks(const Store& store) {
  std::vector<Look> out;
  store.query("SELECT at, blocks, analysis FROM look ORDER BY at, id", {}, [&](const Store::Row& row) {
    out.push_back({row[0].number(), static_cast<uint64_t>(row[1].number()), row[2].string()});
  });
  return out;
}

void keep_look(const std::string& path, const Look& look) {
  note(path, [&](sql::Connection& db) {
    auto& add = db(
        "INSERT INTO look (at, blocks, analysis) SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM look WHERE blocks = "
        "?2 AND analysis = ?3)");
    add.bind(1, look.at).bind(2, static_cast<int64_t>(look.blocks)).bind(3, std::string_view(look.analysis)).run();
  });
}

double first_started(const Store& store) {
  const auto rows = store.query("SELECT min(started) FROM match");
  return rows.empty() || !rows[0][0].is_number() ? 0 : rows[0][0].number();
}

}  // namespace parley
