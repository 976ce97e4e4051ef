#include "prompt/library.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace parley {
namespace {

namespace fs = std::filesystem;

Error at(const std::string& path, int line, const std::string& what) {
  return Error(path + ":" + std::to_string(line) + ": " + what);
}

// Where something stands that is neither blank nor a comment; the size where nothing does.
size_t after_comments(std::string_view text) {
  for (size_t i = 0;;) {
    i = text.find_first_not_of(" \t\n", i);
    if (i == text.npos) return text.size();
    if (!text.substr(i).starts_with("{{!")) return i;
    i = text.find("}}", i) + 2;  // it is closed: the text has been parsed
  }
}

// Letters, digits, "_", "-", bytes of other alphabets; parts joined by dots.
bool is_section_name(std::string_view name) {
  bool part = false;  // whether the part under way has begun
  for (unsigned char c : name) {
    if (c == '.' && !part) return false;
    part = c != '.';
    if (!(std::isalnum(c) || c == '_' || c == '-' || c == '.' || c >= 0x80)) return false;
  }
  return part;
}

std::string near(std::string_view word, const std::vector<std::string>& known) {
  return did_you_mean(word, known) + (known.empty() ? "; there are none" : "; there are: " + joined(known, ", "));
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> out;
  for (size_t i = 0; i < line.size();) {
    size_t from = line.find_first_not_of(" \t\r", i);
    if (from == line.npos) break;
    i = std::min(line.find_first_of(" \t\r", from), line.size());
    out.push_back(line.substr(from, i - from));
  }
  return out;
}

}  // namespace

PromptFile PromptFile::cut(std::string path, std::string text) {
  PromptFile file;
  file.path = std::move(path);
  file.text = std::move(text);
  std::string_view whole = file.text;
  std::string name;  // of the section under way; "": what stands before the first heading
  size_t from = 0;
  int line = 1, heading = 0;
  auto end_section = [&](size_t to) {
    std::string_view body = whole.substr(from, to > from ? to - from : 0);
    Template parsed = Template::parse(body, file.path, heading + 1);
    if (!name.empty()) {
      file.sections.insert_or_assign(name, std::move(parsed));
      file.texts.insert_or_assign(name, std::string(body));
      file.lines.insert_or_assign(name, heading);
      return;
    }
    size_t first = after_comments(body);
    if (first == body.size()) return;
    int where = 1 + static_cast<int>(std::count(body.begin(), body.begin() + static_cast<long>(first), '\n'));
    throw at(file.path, where, "text before the first heading (a line '== name')");
  };
  for (size_t i = 0; i < whole.size(); ++line) {
    size_t end = std::min(whole.find('\n', i), whole.size());
    std::string_view row = whole.substr(i, end - i);
    if (row.starts_with("== ")) {
      end_section(i == 0 ? 0 : i - 1);  // the newline before a heading belongs to the cut
      name = trimmed(row.substr(3));
      if (row.ends_with('\r')) throw at(file.path, line, "lines end in CR LF: save the file with plain newlines (LF)");
      if (!is_section_name(name)) throw at(file.path, line, "'" + name + "' is no name of a section");
      if (auto before = file.lines.find(name); before != file.lines.end()) {
        throw at(file.path, line,
                 "section '" + name + "' stands twice: also on line " + std::to_string(before->second));
      }
      heading = line;
      from = std::min(end + 1, whole.size());
    }
    i = end + 1;
  }
  end_section(whole.ends_with('\n') ? whole.size() - 1 : whole.size());
  return file;
}

const Template* PromptFile::find(std::string_view name, std::string_view role) const {
  if (!role.empty()) {
    std::string full;
    full.reserve(name.size() + 1 + role.size());
    full.append(name).append(".").append(role);
    if (auto at = sections.find(full); at != sections.end()) return &at->second;
  }
  auto at = sections.find(name);
  return at == sections.end() ? nullptr : &at->second;
}

struct Library::Impl {
  struct Text {
    std::string path, text;
  };
  std::vector<std::string> folders;
  std::optional<std::map<std::string, std::string>> texts;  // instead of folders
  std::map<std::string, std::optional<Text>> read;          // by relative path; none: there is no such file
  std::map<std::string, std::unique_ptr<PromptFile>> files;
  std::set<std::string> used;
  std::vector<std::pair<Unit, int>> units;  // with the line
  bool units_read = false;

  const std::optional<Text>& load(const std::string& relative) {
    auto known = read.find(relative);
    if (known == read.end()) known = read.emplace(relative, find(relative)).first;
    return known->second;
  }

  std::optional<Text> find(const std::string& relative) const {
    if (texts) {
      auto at = texts->find(relative);
      if (at == texts->end()) return std::nullopt;
      return Text{"prompts/" + relative, at->second};
    }
    // Names come from authors: none leads out of the folder.
    if (relative.starts_with('/') || ("/" + relative + "/").find("/../") != std::string::npos) return std::nullopt;
    for (const std::string& folder : folders) {
      std::string path = (fs::path(folder) / relative).string();
      if (file_exists(path)) return Text{path, read_file(path)};
    }
    return std::nullopt;
  }

  const PromptFile* file(const std::string& relative) {
    if (auto known = files.find(relative); known != files.end()) return known->second.get();
    std::unique_ptr<PromptFile> made;
    if (const std::optional<Text>& found = load(relative)) {
      made = std::make_unique<PromptFile>(PromptFile::cut(found->path, found->text));
    }
    return files.emplace(relative, std::move(made)).first->second.get();
  }

  // The names of the .txt files of one folder: "" (prompts), "covers/", "told/".
  std::vector<std::string> names(const std::string& under) const {
    std::set<std::string> out;
    auto add = [&](std::string_view name) {
      if (!name.ends_with(".txt") || name.size() == 4 || (under.empty() && name == "units.txt")) return;
      out.emplace(name.substr(0, name.size() - 4));
    };
    if (texts) {
      for (const auto& [path, text] : *texts) {
        std::string_view name = path;
        if (!name.starts_with(under)) continue;
        name.remove_prefix(under.size());
        if (name.find('/') == name.npos) add(name);
      }
    }
    for (const std::string& folder : folders) {
      std::error_code none;
      for (fs::directory_iterator i(fs::path(folder) / under, none), end; i != end; i.increment(none)) {
        if (i->is_regular_file(none)) add(i->path().filename().string());
      }
    }
    return {out.begin(), out.end()};
  }

  void read_units() {
    if (std::exchange(units_read, true)) return;
    const std::optional<Text>& found = load("units.txt");
    if (!found) return;
    used.insert("units.txt");
    int line = 0;
    for (std::string_view rest = found->text; !rest.empty();) {
      size_t end = std::min(rest.find('\n'), rest.size());
      std::vector<std::string_view> words = words_of(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      ++line;
      if (words.empty()) continue;
      if (words.size() != 2) throw at(found->path, line, "a line is a unit's two forms: 'point points'");
      units.push_back({{std::string(words[0]), std::string(words[1])}, line});
    }
  }
};

Library::Library(std::vector<std::string> folders) : impl_(std::make_unique<Impl>()) {
  impl_->folders = std::move(folders);
}
Library::Library(std::map<std::string, std::string> texts) : impl_(std::make_unique<Impl>()) {
  impl_->texts = std::move(texts);
}
Library::~Library() = default;
Library::Library(Library&&) noexcept = default;

const PromptFile* Library::file(const std::string& name) {
  const PromptFile* found = impl_->file(name + ".txt");
  if (found) impl_->used.insert(name + ".txt");
  return found;
}

const PromptFile* Library::cover(const std::string& name) { return file("covers/" + name); }

const Template& Library::told(const std::string& name) {
  size_t slash = name.find('/');
  if (slash != name.npos) {
    std::string path = "told/" + name.substr(0, slash);
    const PromptFile* found = impl_->file(path + ".txt");
    if (const Template* section = found ? found->find(name.substr(slash + 1)) : nullptr) {
      impl_->used.insert(path + ".txt");
      return *section;
    }
  }
  throw Error("there is no '" + name + "' in prompts/told" + near(name, told_names()));
}

Unit Library::unit(const std::string& word) {
  impl_->read_units();
  for (const auto& [unit, line] : impl_->units) {
    if (word == unit.one || word == unit.many) return unit;
  }
  std::vector<std::string> known;
  for (const auto& [unit, line] : impl_->units) known.push_back(unit.many);
  std::string one = word.size() > 1 && word.ends_with('s') ? word.substr(0, word.size() - 1) : word;
  throw Error("the unit '" + word + "' is not in prompts/units.txt" + did_you_mean(word, known) +
              ": write both forms in the study: unit = { \"" + one + "\", \"" + one + "s\" }");
}

std::vector<std::string> Library::files() const { return impl_->names(""); }
std::vector<std::string> Library::covers() const { return impl_->names("covers/"); }

std::vector<std::string> Library::told_names() {
  std::vector<std::string> out;
  for (const std::string& name : impl_->names("told/")) {
    const PromptFile* found = impl_->file("told/" + name + ".txt");
    if (!found) continue;
    for (const auto& [section, parsed] : found->sections) out.push_back(name + "/" + section);
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> Library::missing_phrases(const PromptFile& file, const PromptFile& cover) const {
  std::set<std::string> missing, seen;
  std::vector<std::string> ahead;
  auto add = [&](const Template& part) {
    for (const std::string& name : part.phrases()) {
      if (seen.insert(name).second) ahead.push_back(name);
    }
  };
  for (const auto& [name, section] : file.sections) add(section);
  while (!ahead.empty()) {
    std::string name = std::move(ahead.back());
    ahead.pop_back();
    if (file.sections.contains(name)) continue;  // its own phrases are among the file's
    // A phrase may have versions by role, in either.
    bool found = false;
    for (const PromptFile* in : {&file, &cover}) {
      for (auto at = in->sections.lower_bound(name); at != in->sections.end(); ++at) {
        if (!at->first.starts_with(name)) break;
        if (at->first.size() > name.size() && at->first[name.size()] != '.') continue;
        found = true;
        if (in == &cover) add(at->second);
      }
    }
    if (!found) missing.insert(name);
  }
  return {missing.begin(), missing.end()};
}

std::map<std::string, std::string> Library::used() const {
  std::map<std::string, std::string> out;
  for (const std::string& relative : impl_->used) out.emplace(relative, impl_->read.at(relative)->text);
  return out;
}

}  // namespace parley
