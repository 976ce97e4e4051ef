#include "store/merge.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "base/file.h"
#include "base/json.h"
#include "embedded/merge_sql.h"
#include "store/impl.h"
#include "store/notes.h"

namespace parley {
namespace {

// What two files must have alike to be parts of one study.
struct Part {
  StudyInfo study;
  Hash plan;
};

// None of a file that holds a freeze alone.
std::optional<Part> part_of(const std::string& path) {
  Store store = Store::open(path, Store::Mode::read);
  auto study = store.study();
  if (!study && frozen(store).empty()) throw Error("'" + path + "' holds no study yet, and no freeze of one");
  if (!study) return std::nullopt;
  std::string plan;
  store.query(
      "SELECT c.name, c.levels, r.hash, l.hash, p.block FROM plan p JOIN condition c ON c.id = p.condition "
      "JOIN rules r ON r.id = p.rules JOIN lineup l ON l.id = p.lineup ORDER BY p.number",
      {}, [&](const Store::Row& row) {
        for (const Value& value : row) plan += to_json(value);
      });
  return Part{std::move(*study), hash_of(plan)};
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

void remove_log(const std::string& path) {
  for (const char* tail : {"-wal", "-shm", "-journal"}) unlink((path + tail).c_str());
}

void remove_store(const std::string& path) {
  unlink(path.c_str());
  remove_log(path);
}

}  // namespace

void merge(const std::string& out, const std::vector<std::string>& in) {
  // The tables of an older parley's are brought up first, under a lock of its own.
  if (file_exists(out)) Store::open(out, Store::Mode::read);
  const FileLock lock(out);
  std::vector<std::string> parts, freezes;  // files that hold a study; a freeze alone
  std::optional<Part> first;
  auto sort_in = [&](const std::string& path) {
    auto part = part_of(path);
    (part ? parts : freezes).push_back(path);
    if (part && first) {
      const std::string differs = difference(*first, *part);
      if (!differs.empty())
        throw Error(fmt::format("'{}' cannot be joined with '{}': it is {}", path, parts[0], differs));
    }
    if (part && !first) first = std::move(part);
  };
  for (size_t i = 0; i < in.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (file_exists(in[i]) && std::filesystem::equivalent(in[i], in[j]))
        throw Error(fmt::format("'{}' is named twice: as '{}' too", in[i], in[j]));
    }
    sort_in(in[i]);
  }
  if (parts.empty())
    throw Error("'" + in.at(0) + "' holds a freeze alone, and none of the others a study that was run");
  // A study is frozen into the file that it would be run in: that file may be there, and its freeze goes on.
  if (file_exists(out)) {
    if (Store::open(out, Store::Mode::read).study())
      throw Error("'" + out + "' is there already: parts are joined in a new file");
    if (std::find(in.begin(), in.end(), out) == in.end()) sort_in(out);
  }
  parts.insert(parts.end(), freezes.begin(), freezes.end());
  const std::string made = out + ".joined";  // until it is whole
  remove_store(made);
  try {
    sql::Connection(parts[0], SQLITE_OPEN_READWRITE).prepare("VACUUM INTO ?1").bind(1, std::string_view(made)).run();
    {
      sql::Connection db(made, SQLITE_OPEN_READWRITE);
      for (size_t i = 1; i < parts.size(); ++i) {
        db("ATTACH ?1 AS part").bind(1, std::string_view(parts[i])).run();
        db.execute("BEGIN");
        db.execute(std::string(embedded::merge_sql));
        db.execute("COMMIT");
        db.execute("DETACH part");
      }
      db.execute("PRAGMA journal_mode = WAL");
    }
    // In one step: OUT is there all the time, with the freeze that it may hold. Its log goes before, or SQLite would take it for
    // the new file's; what it held is in OUT since it was closed.
    remove_log(out);
    if (rename(made.c_str(), out.c_str()) != 0) throw Error("'" + out + "' cannot be written");
  } catch (const Error&) {
    remove_store(made);
    throw;
  }
}

}  // namespace parley
