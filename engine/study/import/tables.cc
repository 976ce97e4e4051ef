#include "study/import/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

namespace parley {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> files_at(const std::vector<std::string>& paths) {
  std::vector<std::string> out;
  for (const std::string& path : paths) {
    std::error_code none;
    if (!fs::is_directory(path, none)) {
      out.push_back(path);
      continue;
    }
    std::vector<std::string> inside;
    for (fs::directory_iterator i(path, none), end; i != end; i.increment(none)) {
      if (i->path().extension() == ".csv") inside.push_back(i->path().lexically_normal().string());
    }
    if (inside.empty()) throw Error(fmt::format("there is no .csv file in '{}'", path));
    std::sort(inside.begin(), inside.end(), natural_before);
    out.insert(out.end(), inside.begin(), inside.end());
  }
  return out;
}

// Paths from the deepest folder that holds all of them.
std::vector<std::string> short_names(const std::vector<std::string>& paths) {
  std::vector<fs::path> whole;
  for (const std::string& path : paths) whole.push_back(fs::absolute(path).lexically_normal());
  fs::path common = whole.at(0).parent_path();
  auto holds = [&](const fs::path& path) {
    return std::mismatch(common.begin(), common.end(), path.begin(), path.end()).first == common.end();
  };
  while (!std::all_of(whole.begin(), whole.end(), holds)) common = common.parent_path();
  std::vector<std::string> out;
  for (const fs::path& path : whole) {
    out.push_back(path.lexically_relative(common).string());
    if (std::count(out.begin(), out.end(), out.back()) > 1) throw Error(fmt::format("{}: said twice", path.string()));
  }
  return out;
}

// The columns that hold names.
std::set<std::string> name_columns(const Mapping& mapping) {
  std::set<std::string> out;
  for (const SeatColumns& seat : mapping.seats) {
    if (seat.player) out.insert(seat.player->column);
  }
  return out;
}

SourceTable keep(const Mapping& mapping, const std::string& path, const std::string& name, const std::string& salt) {
  SourceTable out{path, kTablesFolder + name, {}, {}};
  std::string text = read_file(path);
  out.original = hash_of(text);
  const Rows rows = parse_csv(std::move(text), path);
  constexpr size_t kName = static_cast<size_t>(-1);  // the file's name stands for the column
  const std::vector<std::string> columns = mapping.columns();
  const std::set<std::string> names = name_columns(mapping);
  std::vector<size_t> from;
  std::vector<bool> hashed;
  out.text = "line";
  for (const std::string& column : columns) {
    const auto at = std::find(rows.columns.begin(), rows.columns.end(), column);
    if (at == rows.columns.end() && column != kFileColumn)
      throw Error(fmt::format("{}:1: there is no column '{}'{}; {} names it", path, column,
                              did_you_mean(column, rows.columns), mapping.path));
    from.push_back(at == rows.columns.end() ? kName : static_cast<size_t>(at - rows.columns.begin()));
    hashed.push_back(mapping.hashed && names.count(column) > 0);
    out.text += ',';
    append_csv_text(out.text, column);
  }
  out.text += '\n';
  const std::string stem = fs::path(path).stem().string();
  for (size_t i = 0; i < rows.rows.size(); ++i) {
    out.text += std::to_string(rows.lines[i]);
    for (size_t c = 0; c < from.size(); ++c) {
      const std::string& cell = from[c] == kName ? stem : rows.rows[i][from[c]];
      out.text += ',';
      const bool hide = hashed[c] && !cell.empty() && mapping.players.count(cell) == 0;
      append_csv_text(out.text, hide ? "p-" + hash_of(salt + cell).substr(0, 12) : cell);
    }
    out.text += '\n';
  }
  return out;
}

}  // namespace

std::vector<SourceTable> read_tables(const Mapping& mapping, const std::vector<std::string>& paths,
                                     const std::string& salt) {
  const std::vector<std::string> files = files_at(paths), names = short_names(files);
  std::vector<SourceTable> out;
  for (size_t i = 0; i < files.size(); ++i) out.push_back(keep(mapping, files[i], names[i], salt));
  return out;
}

}  // namespace parley
