#include "store/merge.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "base/file.h"
#include "base/json.h"
#include "embedded/merge_sql.h"
#include "store/impl.h"

namespace parley {
namespace {

// What two files must have alike to be parts of one study.
struct Part {
  StudyInfo study;
  Hash plan;
};

Part part_of(const std::string& path) {
  Store store = Store::open(path, Store::Mode::read);
  auto study = store.study();
  if (!study) throw Error("'" + path + "' holds no study yet");
  std::string plan;
  store.query(
      "SELECT c.name, c.levels, r.hash, l.hash, p.block FROM plan p JOIN condition c ON c.id = p.condition "
      "JOIN rules r ON r.id = p.rules JOIN lineup l ON l.id = p.lineup ORDER BY p.number",
      {}, [&](const Store::Row& row) {
        for (const Value& value : row) plan += to_json(value);
      });
  return {std::move(*study), hash_of(plan)};
}

std::string difference(const Part& a, const Part& b) {
  if (a.study.name != b.study.name) return fmt::format("of study '{}', not '{}'", b.study.name, a.study.name);
  if (a.study.engine != b.study.engine) return fmt::format("run by parley {}, not {}", b.study.engine, a.study.engine);
  if (a.study.seed != b.study.seed) return fmt::format("run with seed {}, not {}", b.study.seed, a.study.seed);
  if (a.study.hash != b.study.hash) return "of another text of the study";
  if (a.study.fields != b.study.fields || a.plan != b.plan)
    return "run with other options or other files, so that other matches were planned";
  return "";
}

}  // namespace

void merge(const std::string& out, const std::vector<std::string>& in) {
  const FileLock lock(out);
  if (file_exists(out)) throw Error("'" + out + "' is there already: parts are joined in a new file");
  const Part first = part_of(in.at(0));
  for (size_t i = 1; i < in.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (std::filesystem::equivalent(in[i], in[j]))
        throw Error(fmt::format("'{}' is named twice: as '{}' too", in[i], in[j]));
    }
    const std::string differs = difference(first, part_of(in[i]));
    if (!differs.empty()) throw Error(fmt::format("'{}' cannot be joined with '{}': it is {}", in[i], in[0], differs));
  }
  try {
    sql::Connection(in[0], SQLITE_OPEN_READWRITE).prepare("VACUUM INTO ?1").bind(1, std::string_view(out)).run();
    sql::Connection db(out, SQLITE_OPEN_READWRITE);
    for (size_t i = 1; i < in.size(); ++i) {
      db("ATTACH ?1 AS part").bind(1, std::string_view(in[i])).run();
      db.execute("BEGIN");
      db.execute(std::string(embedded::merge_sql));
      db.execute("COMMIT");
      db.execute("DETACH part");
    }
    db.execute("PRAGMA journal_mode = WAL");
  } catch (const Error&) {
    for (const char* tail : {"", "-wal", "-shm", "-journal"}) unlink((out + tail).c_str());
    throw;
  }
}

}  // namespace parley
