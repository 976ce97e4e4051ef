#include "script/sources.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/error.h"
#include "base/file.h"

namespace fs = std::filesystem;

namespace parley {
namespace {

constexpr std::string_view kSuffix = ".lua";
constexpr std::string_view kData = "data/";

bool is_path(const std::string& name) { return name.find('/') != std::string::npos || fs::path(name).has_extension(); }

// Whether a path written by an author stays below where it begins, as far as its text tells.
bool stays(const fs::path& path) {
  return !path.empty() && path.is_relative() &&
         std::none_of(path.begin(), path.end(), [](const fs::path& step) { return step == ".."; });
}

// Whether `file`, which is there, lies below `folder` when all links are followed.
bool lies_below(const fs::path& file, const fs::path& folder) {
  const fs::path inner = fs::canonical(file), outer = fs::canonical(folder);
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

std::string folder_of(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace

bool is_data(std::string_view name) { return name.starts_with(kData); }

Sources::Sources(std::vector<std::string> roots, std::string data) : roots_(std::move(roots)), data_(std::move(data)) {}

Sources::Sources(std::map<std::string, std::string> texts) : closed_(true) {
  for (auto& [name, text] : texts) {
    holds_data_ = holds_data_ || is_data(name);
    stored_.emplace(name, SourceFile{name, name, std::move(text), hash_of(text)});
  }
}

const SourceFile* Sources::use(const std::string& name, const std::string& path) {
  if (auto known = used_.find(name); known != used_.end()) {
    std::error_code none;
    if (closed_ || fs::equivalent(known->second.path, path, none)) return &known->second;
    throw Error(
        fmt::format("'{}' and '{}' would both be '{}' in the store: rename one", known->second.path, path, name));
  }
  if (closed_) {
    auto stored = stored_.find(name);
    return stored == stored_.end() ? nullptr : &keep(stored->second);
  }
  std::string text = read_file(path);
  Hash hash = hash_of(text);
  return &keep({name, path, std::move(text), std::move(hash)});
}

const SourceFile& Sources::keep(SourceFile file) {
  const std::string name = file.name;
  const SourceFile& kept = used_.emplace(name, std::move(file)).first->second;
  by_path_[kept.path] = &kept;
  return kept;
}

const SourceFile* Sources::read_from(const std::string& path) const {
  auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : found->second;
}

void Sources::lend(const std::string& path, std::string text) {
  const std::string name = std::string(kData) + path;
  Hash hash = hash_of(text);
  lent_.insert_or_assign(name, SourceFile{name, name, std::move(text), std::move(hash)});
}

const SourceFile* Sources::find(const std::string& kind, const std::string& name) {
  if (is_path(name)) {
    const std::string path = fs::path(name).has_extension() ? name : name + std::string(kSuffix);
    if (!closed_ && !file_exists(path)) return nullptr;
    return use(kind + "/" + fs::path(path).filename().string(), path);
  }
  const std::string stored = kind + "/" + name + std::string(kSuffix);
  if (closed_) return use(stored, stored);
  for (const std::string& root : roots_) {
    const std::string path = (fs::path(root) / stored).lexically_normal().string();
    if (file_exists(path)) return use(stored, path);
  }
  return nullptr;
}

const SourceFile& Sources::data(const SourceFile& owner, const std::string& path) {
  if (!stays(path)) {
    throw Error(fmt::format("read takes a path below the file's own folder or the study's data, not '{}'", path));
  }
  const std::string plain = fs::path(path).lexically_normal().string();
  struct Place {
    std::string folder, name;
  };
  std::vector<Place> places = {
      {folder_of(owner.path), (fs::path(folder_of(owner.name)) / plain).lexically_normal().string()}};
  const auto own = own_data_.find(owner.name);
  const bool of_study = closed_ ? holds_data_ || own == own_data_.end() : !data_.empty();
  if (of_study) {
    places.push_back({data_, std::string(kData) + plain});
  } else if (own != own_data_.end()) {
    places.push_back({(fs::path(folder_of(owner.path)) / own->second).lexically_normal().string(),
                      (fs::path(folder_of(owner.name)) / own->second / plain).lexically_normal().string()});
  }
  std::vector<std::string> looked, beside;  // beside: what is there in its stead
  for (const Place& place : places) {
    looked.push_back(fmt::format("'{}'", closed_ ? folder_of(place.name) : place.folder));
    if (closed_) {
      if (const SourceFile* file = use(place.name, place.name)) return *file;
      continue;
    }
    const fs::path file = (fs::path(place.folder) / plain).lexically_normal();
    if (!file_exists(file.string())) {
      std::error_code none;
      for (const auto& entry : fs::directory_iterator(file.parent_path(), none))
        beside.push_back(entry.path().filename().string());
      continue;
    }
    if (!lies_below(file, place.folder)) {
      throw Error(fmt::format("'{}' is a link that leaves '{}': read does not follow it", file.string(), place.folder));
    }
    return *use(place.name, file.string());
  }
  if (auto lent = lent_.find(std::string(kData) + plain); lent != lent_.end()) {
    return keep(lent->second);
  }
  std::sort(beside.begin(), beside.end());
  throw Error(fmt::format("there is no '{}' in {}{}", path, joined(looked, " or "),
                          did_you_mean(fs::path(plain).filename().string(), beside)));
}

const SourceFile* Sources::stored(const std::string& name) {
  if (auto known = used_.find(name); known != used_.end()) return &known->second;
  if (closed_) return use(name, name);
  if (is_data(name) && !data_.empty()) {
    const std::string path = (fs::path(data_) / name.substr(kData.size())).lexically_normal().string();
    if (file_exists(path)) return use(name, path);
  }
  for (const std::string& root : roots_) {
    const std::string path = (fs::path(root) / name).lexically_normal().string();
    if (file_exists(path)) return use(name, path);
  }
  return nullptr;
}

std::vector<std::string> Sources::names(const std::string& kind) const {
  std::set<std::string> names;
  if (closed_) {
    for (const auto& [name, file] : stored_) {
      const fs::path path = name;
      if (path.parent_path() == kind && path.extension() == kSuffix) names.insert(path.stem().string());
    }
  }
  for (const std::string& root : roots_) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(fs::path(root) / kind, none)) {
      if (entry.path().extension() == kSuffix && entry.is_regular_file(none))
        names.insert(entry.path().stem().string());
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace parley
