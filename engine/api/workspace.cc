#include "api/workspace.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "api/commands/person.h"
#include "api/measures.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "report/units.h"

namespace parley {
namespace {

namespace fs = std::filesystem;

// What is installed with this program: share/parley beside its bin/, or the folder that it was built from.
std::string share_folder() {
  std::error_code none;
  fs::path program = fs::read_symlink("/proc/self/exe", none);
  if (!none) {
    fs::path share = (program.parent_path() / "../share/parley").lexically_normal();
    if (fs::is_directory(share, none)) return share.string();
  }
  return PARLEY_SHARE_DIR;
}

std::vector<std::string> find_roots(const std::string& study) {
  std::vector<std::string> all;
  if (!study.empty()) all.push_back((fs::path(study).parent_path() / "..").lexically_normal().string());
  all.emplace_back(".");
  if (const char* home = std::getenv("PARLEY_HOME"); home && *home) all.emplace_back(home);
  all.push_back(share_folder());
  std::vector<std::string> out;
  for (std::string& root : all) {
    while (root.size() > 1 && root.ends_with('/')) root.pop_back();
    if (root.empty()) root = ".";
    bool known = std::any_of(out.begin(), out.end(), [&](const std::string& other) {
      std::error_code none;
      return fs::equivalent(root, other, none);
    });
    if (!known) out.push_back(std::move(root));
  }
  return out;
}

std::string in_root(const std::string& root, const std::string& below) {
  return (fs::path(root) / below).lexically_normal().string();
}

// Bytes: a number with K, M or G behind it.
std::optional<size_t> size_of(const Args& args, std::string_view option) {
  const std::string* said = args.text(option);
  if (!said) return std::nullopt;
  const size_t digits = said->find_last_of("0123456789.") + 1;
  const double n = number_in(said->substr(0, digits)).value_or(0);
  const std::string unit = said->substr(digits);
  int shift = unit == "K" ? 10 : unit == "M" ? 20 : unit == "G" ? 30 : -1;
  if (shift < 0 || !(n > 0) || n > 1e6)
    throw Misuse(fmt::format("{} is a size, as 512M or 2G, not '{}'", option, *said));
  return static_cast<size_t>(n * static_cast<double>(size_t{1} << shift));
}

std::string folder_said(const Args& args, std::string_view option) {
  const std::string* said = args.text(option);
  if (!said) return "";
  if (std::error_code none; !fs::is_directory(*said, none))
    throw Misuse(fmt::format("{}: there is no folder '{}'", option, *said));
  return *said;
}

// "J,F" is a list, "accept=J,reject=F" a table.
Value list_or_table(std::string_view text) {
  Value::List list;
  Value::Record table;
  for (size_t from = 0; from <= text.size();) {
    size_t end = std::min(text.find(',', from), text.size());
    std::string_view item = text.substr(from, end - from);
    size_t is = item.find('=');
    if (is != item.npos) table.insert_or_assign(std::string(item.substr(0, is)), item.substr(is + 1));
    list.emplace_back(item);
    from = end + 1;
  }
  if (!table.empty() && table.size() != list.size())
    throw Misuse(fmt::format("'{}' is neither a list nor a table", text));
  return table.empty() ? Value(std::move(list)) : Value(std::move(table));
}

}  // namespace

const std::vector<Option> kWorkspaceOptions = {
    {"--prompts", "DIR", "a folder of prompts that stands in front of parley's and replaces whole files"},
    {"--data", "DIR", "the folder of read(), in place of the study's `data`"},
    {"--lua-memory", "SIZE", "most memory of all Lua (1G)"},
    {"--lua-seconds", "S", "most seconds that Lua may compute at a stretch (10)"},
};
const std::vector<Option> kModelOptions = {
    {"--workers", "N", "threads of a local model (one for each core)"},
    {"--base-url", "URL", "where an openai: model answers, as http://localhost:8000/v1; said again: further servers",
     true},
    {"--max-in-flight", "N", "requests to servers at once, at most (its profile's, else 64)"},
    {"--rpm", "N", "requests to servers a minute, at most"},
    {"--timeout", "S", "seconds that a server has for an answer before it is asked again (600)"},
};

Workspace::Workspace(const Args& args, Console& console, const std::string& study)
    : roots_(find_roots(study)), data_(folder_said(args, "--data")) {
  std::vector<std::string> folders;
  if (std::string prompts = folder_said(args, "--prompts"); !prompts.empty()) folders.push_back(prompts);
  for (const std::string& root : roots_) folders.push_back(in_root(root, "prompts"));
  Limits limits;
  limits.memory = size_of(args, "--lua-memory").value_or(limits.memory);
  limits.seconds = args.positive("--lua-seconds").value_or(limits.seconds);
  ModelOptions models;
  models.workers = args.count("--workers", 1).value_or(0);
  models.base_urls = args.all("--base-url");
  models.in_flight = args.count("--max-in-flight", 1).value_or(0);
  models.seconds = args.positive("--timeout").value_or(models.seconds);
  models.a_minute = args.count("--rpm", 1).value_or(0);
  for (const std::string& root : roots_) {
    std::string path = in_root(root, "models.json");
    if (!file_exists(path)) continue;
    models.profiles_path = path;
    try {
      models.profiles = from_json(read_file(path));
    } catch (const Error& e) {
      throw Error(path + ": " + e.what());
    }
    break;
  }
  sources_ = std::make_unique<Sources>(roots_, data_);
  library_ = std::make_unique<Library>(std::move(folders));
  scripts_ = std::make_unique<Scripts>(*sources_, *library_, limits);
  models_ = std::make_unique<ModelSet>(models);
  models_->add("human", person_at(console));
}

Workspace::~Workspace() = default;

Lookup Workspace::lookup() {
  Lookup lookup = lookup_in(*scripts_);
  lookup.model_identity = [this](const std::string& model) { return models_->open(model).identity(); };
  lookup.check_words = [this](const std::string& field, const std::string& name) {
    if (field == "told") library_->told(name);
    if (field == "unit") library_->unit(name);
    if (field == "cover" && !library_->cover(name)) {
      throw Error(fmt::format("there is no cover '{}'{}; `parley list` shows all", name,
                              did_you_mean(name, library_->covers())));
    }
  };
  lookup.column = factor_column;
  for (const UnitColumn& column : unit_columns()) {
    lookup.columns.push_back(column.name);
    if (column.number) lookup.numbers.push_back(column.name);
  }
  for (const auto& [name, meaning] : engine_measures()) {
    lookup.columns.push_back(name);
    lookup.numbers.push_back(name);
  }
  return lookup;
}

StudyFile Workspace::study(const std::string& path) {
  StudyFile file = scripts_->study(path);
  if (const Value& data = file.fields["data"]; data_.empty() && data.is_string()) {
    sources_->look_in((fs::path(path).parent_path() / data.string()).lexically_normal().string());
  }
  return file;
}

std::vector<std::string> Workspace::studies() const {
  std::map<std::string, std::string> by_name;
  for (const std::string& root : roots_) {
    std::error_code none;
    for (fs::directory_iterator i(fs::path(root) / "scripts", none), end; i != end; i.increment(none)) {
      if (i->path().extension() == ".lua")
        by_name.emplace(i->path().stem().string(), i->path().lexically_normal().string());
    }
  }
  std::vector<std::string> out;
  for (auto& [name, path] : by_name) out.push_back(std::move(path));
  return out;
}

StudyFiles study_files(const Args& args) {
  const std::string& said = args.words.at(0);
  const std::string* db = args.text("--db");
  auto by_lua = [&](const std::string& lua) {
    return StudyFiles{lua, db ? *db : fs::path(lua).stem().string() + ".db"};
  };
  if (said.ends_with(".lua") && file_exists(said)) return by_lua(said);
  if (!said.ends_with(".lua") && file_exists(said)) {
    if (db) throw Misuse(fmt::format("--db names '{}', and '{}' is a study's file already", *db, said));
    return {"", said};
  }
  if (file_exists(said + ".db") && !db) return {"", said + ".db"};
  std::vector<std::string> known;
  for (const std::string& root : find_roots("")) {
    std::string path = in_root(root, "scripts/" + said + (said.ends_with(".lua") ? "" : ".lua"));
    if (said.find('/') == std::string::npos && file_exists(path)) return by_lua(path);
    std::error_code none;
    for (fs::directory_iterator i(fs::path(root) / "scripts", none), end; i != end; i.increment(none)) {
      if (i->path().extension() == ".lua") known.push_back(i->path().lexically_normal().string());
    }
  }
  std::string hint = did_you_mean(said, known);
  for (const std::string& path : known) {
    if (hint.empty()) hint = did_you_mean(fs::path(said).stem().string(), {fs::path(path).stem().string()});
  }
  throw Error(fmt::format("there is no study '{}'{}", said, hint));
}

Store open_to_read(const StudyFiles& files) {
  if (!files.lua.empty() && !file_exists(files.db)) {
    throw Error(fmt::format("there is no '{}': `parley run {}` makes it; --db names another", files.db, files.lua));
  }
  return Store::open(files.db, Store::Mode::read);
}

std::vector<Override> overrides_of(const Args& args) {
  std::vector<Override> out;
  auto say = [&](const char* name, Value value, const std::string& said) {
    out.push_back({name, std::move(value), fmt::format("--{} {}", name, said)});
  };
  for (const char* number : {"rounds", "repeats", "seed"}) {
    std::string option = std::string("--") + number;
    if (auto n = args.whole(option, 0)) say(number, *n, *args.text(option));
  }
  for (const char* word : {"model", "cover", "format", "read", "decide"}) {
    if (const std::string* said = args.text(std::string("--") + word)) say(word, *said, *said);
  }
  for (const char* list : {"labels", "told"}) {
    if (const std::string* said = args.text(std::string("--") + list)) say(list, list_or_table(*said), *said);
  }
  for (const std::string& set : args.all("--set")) out.push_back(override_of(set));
  return out;
}

StudyInfo info_of(const StudyFile& file, const Design& design) {
  return {fs::path(file.path).stem().string(),
          file.path,
          hash_of(file.text),
          file.text,
          design.resolved(),
          design.seed(),
          PARLEY_VERSION};
}

}  // namespace parley
