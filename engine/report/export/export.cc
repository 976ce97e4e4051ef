#include "report/export.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "report/export/choices.h"
#include "report/export/codebook.h"
#include "report/table.h"
#include "report/units.h"

namespace parley {
namespace {

constexpr size_t kMostLevels = 50;  // more are no levels
constexpr size_t kBuffer = size_t{1} << 20;

// A file under way: written beside, and renamed by finish(); where that is not reached nothing of it is left.
class Out {
 public:
  Out(std::filesystem::path path) : path_(std::move(path)), file_(part(), std::ios::binary | std::ios::trunc) {
    check();
  }
  ~Out() {
    std::error_code gone;
    std::filesystem::remove(part(), gone);
  }
  Out(const Out&) = delete;
  Out& operator=(const Out&) = delete;
  std::string& text() { return text_; }
  void end_of_row() {
    text_ += '\n';
    ++rows_;
    if (text_.size() > kBuffer) flush();
  }
  void finish() {
    flush();
    file_.close();
    check();
    std::filesystem::rename(part(), path_);
  }
  uint64_t rows() const { return rows_; }
  std::string name() const { return path_.filename().string(); }

 private:
  std::filesystem::path part() const { return path_.string() + ".part"; }
  void flush() {
    file_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
    text_.clear();
    check();
  }
  void check() {
    if (!file_) throw Error("cannot write '" + path_.string() + "'");
  }
  std::filesystem::path path_;
  std::ofstream file_;
  std::string text_;
  uint64_t rows_ = 0;
};

// A column with the levels that occurred in it.
struct Written {
  ExportColumn column;
  std::set<std::string> levels;
  bool many = false;

  explicit Written(ExportColumn c) : column(std::move(c)) {}
  void see(const Value& value) {
    if (many || column.levels != "@" || value.is_nil()) return;
    // Numbers are no levels.
    if (value.is_number()) return;
    levels.insert(value_text(value));
    many = levels.size() > kMostLevels;
  }
  std::string levels_text() const {
    if (column.levels != "@") return column.levels;
    if (many) return "";
    std::string out;
    for (const std::string& level : levels) out += (out.empty() ? "" : "; ") + level;
    return out;
  }
};

struct ToWrite {
  int64_t row;
  uint64_t number;
  int version;
  bool planned;
};

class Exporter {
 public:
  Exporter(const Store& store, const std::string& folder, bool all) : store_(store), folder_(folder), all_(all) {}

  std::vector<std::pair<std::string, uint64_t>> run(const std::vector<ExportTable>& more,
                                                    const std::function<void(uint64_t, uint64_t)>& each) {
    std::error_code why;
    std::filesystem::create_directories(folder_, why);
    if (why) throw Error("cannot make the folder '" + folder_ + "': " + why.message());
    auto study = store_.study();
    study_ = study ? study->name : "";
    find_names();
    std::vector<ToWrite> matches = matches_to_write();
    for (const ExportFile& file : export_files()) open(file);
    uint64_t done = 0;
    for (const ToWrite& match : matches) {
      write_match(match);
      if (each) each(++done, matches.size());
    }
    write_codebook(more);
    std::vector<std::pair<std::string, uint64_t>> out;
    for (auto& file : outs_) {
      file.finish();
      out.emplace_back(file.name(), file.rows());
    }
    return out;
  }

 private:
  // Names of factors' and settings' columns: those that others have already get a prefix.
  void find_names() {
    std::set<std::string> taken;
    for (const ExportColumn& c : common_columns()) taken.insert(c.name);
    for (const ExportFile& file : export_files()) {
      for (const ExportColumn& c : file.columns) taken.insert(c.name);
    }
    seats_ = 2;
    for (const auto& r : store_.query("SELECT coalesce(max(seat), 0) FROM player"))
      seats_ = std::max(seats_, static_cast<int>(r[0].number()));
    for (int seat = 1; seat <= seats_ && seats_ > 2; ++seat) taken.insert("last_" + std::to_string(seat));
    auto name_for = [&](const std::string& wanted, const std::string& prefix) {
      std::string name = wanted;
      while (!taken.insert(name).second) name = prefix + name;
      return name;
    };
    std::set<std::string> factors, settings;
    store_.query("SELECT DISTINCT levels FROM condition WHERE id IN (SELECT condition FROM plan) OR ?1", {all_ ? 1 : 0},
                 [&](const Store::Row& r) {
                   Value levels = from_json(r[0].string());
                   for (const auto& [factor, level] : levels.record()) factors.insert(factor);
                 });
    const char* played =
        "SELECT id, settings FROM rules WHERE id IN (SELECT rules FROM plan UNION SELECT rules FROM match)";
    store_.query(played, {}, [&](const Store::Row& r) {
      Value::Record flat;
      Value all = from_json(r[1].string());
      for (const auto& [name, value] : all.record()) {
        if (name == "settings" && value.is_record()) {
          for (const auto& [inner, of] : value.record()) flat.emplace(inner, of);
        } else if (name != "game") {
          flat.emplace(name, value);
        }
      }
      for (const auto& [name, value] : flat) settings.insert(name);
      if (flat["unit"].is_nil() == false)
        units_.insert(flat["unit"].is_list() ? value_text(flat["unit"].list().back()) : value_text(flat["unit"]));
      rules_.emplace(static_cast<int64_t>(r[0].number()), std::move(flat));
    });
    for (const std::string& f : factors) factors_.emplace_back(f, name_for(factor_column(f), "factor_"));
    for (const std::string& s : settings) settings_.emplace_back(s, name_for(s, "setting_"));
  }

  // In the order of their numbers. A version before the one that is planned has its number; matches that are planned no
  // longer are numbered on, by what they are.
  std::vector<ToWrite> matches_to_write() {
    struct Stored {
      int64_t row, previous;
      uint64_t number;
      int version;
    };
    std::vector<Stored> stored;
    std::map<int64_t, size_t> place;
    std::set<int64_t> replaced;
    store_.query(
        "SELECT m.id, m.previous, m.number, m.version FROM match m JOIN rules r ON r.id = m.rules JOIN lineup l ON "
        "l.id = m.lineup WHERE ?1 OR m.number IS NOT NULL ORDER BY m.number IS NULL, m.number, m.seed, r.hash, l.hash, "
        "m.block",
        {all_ ? 1 : 0}, [&](const Store::Row& r) {
          auto number = [&](size_t i) { return r[i].is_nil() ? 0 : static_cast<int64_t>(r[i].number()); };
          place[number(0)] = stored.size();
          if (number(1)) replaced.insert(number(1));
          stored.push_back({number(0), number(1), static_cast<uint64_t>(number(2)), static_cast<int>(number(3))});
        });
    uint64_t next = store_.planned() + 1;
    std::vector<ToWrite> out;
    for (const Stored& s : stored) {
      if (replaced.contains(s.row)) continue;
      uint64_t number = s.number ? s.number : next++;
      for (const Stored* of = &s; of;) {
        out.push_back({of->row, number, of->version, of->number != 0});
        auto before = place.find(of->previous);
        of = all_ && before != place.end() ? &stored[before->second] : nullptr;
      }
    }
    std::sort(out.begin(), out.end(), [](const ToWrite& a, const ToWrite& b) {
      return std::pair(a.number, a.version) < std::pair(b.number, b.version);
    });
    return out;
  }

  void open(const ExportFile& file) {
    auto& columns = columns_.emplace_back();
    for (const ExportColumn& c : common_columns()) {
      if (!all_ && (c.name == "version" || c.name == "planned")) continue;
      columns.emplace_back(c);
      if (c.name != "condition") continue;
      for (const auto& [factor, name] : factors_) {
        columns.emplace_back(ExportColumn{name, "", "text", "", "@", "level of the factor " + factor});
      }
    }
    common_ = columns.size();
    std::string sql;
    for (const ExportColumn& c : file.columns) {
      columns.emplace_back(c);
      sql += (sql.empty() ? "SELECT " : ", ") + c.sql;
      if (file.name == "choices.csv" && c.name == "other_last" && seats_ > 2) {
        for (int seat = 1; seat <= seats_; ++seat) {
          columns.emplace_back(ExportColumn{
              "last_" + std::to_string(seat), "", "action", "", "@",
              "what seat " + std::to_string(seat) + " did in its last choice of this decision in an earlier round"});
        }
      }
    }
    if (file.name == "matches.csv") {
      for (const auto& [setting, name] : settings_) {
        columns.emplace_back(ExportColumn{name, "", "text", "", "@", meaning_of_setting(setting)});
      }
      matches_columns_ = common_ + file.columns.size();
    }
    sql_.push_back(file.query.empty() ? "" : sql + " " + file.query);
    outs_.emplace_back(std::filesystem::path(folder_) / file.name);
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i) outs_.back().text() += ',';
      append_csv(outs_.back().text(), columns[i].column.name);
    }
    outs_.back().text() += '\n';
  }

  void write_match(const ToWrite& match) {
    Store::Row about;
    Value levels;
    store_.query(
        "SELECT c.name, c.levels, r.game, m.block, m.rules FROM match m JOIN condition c ON c.id = m.condition "
        "JOIN rules r ON r.id = m.rules WHERE m.id = ?1",
        {match.row}, [&](const Store::Row& row) {
          about = row;
          levels = from_json(row[1].string());
        });
    std::vector<Value> common = {study_, match.number};
    if (all_) common.insert(common.end(), {Value(match.version), Value(match.planned)});
    common.push_back(about[0].string().empty() ? Value() : about[0]);
    for (const auto& [factor, name] : factors_) common.push_back(levels[factor]);
    common.insert(common.end(), {about[2], about[3]});
    std::string prefix;
    for (const Value& value : common) {
      append_csv(prefix, value);
      prefix += ',';
    }
    for (size_t f = 0; f < outs_.size(); ++f) {
      auto& columns = columns_[f];
      auto& out = outs_[f];
      for (size_t i = 0; i < common.size(); ++i) columns[i].see(common[i]);
      auto write = [&](const std::vector<Value>& row) {
        out.text() += prefix;
        for (size_t i = 0; i < row.size(); ++i) {
          if (i) out.text() += ',';
          append_csv(out.text(), row[i]);
          columns[common_ + i].see(row[i]);
        }
      };
      if (sql_[f].empty()) {
        each_choice(store_, match.row, seats_, [&](const std::vector<Value>& row) {
          write(row);
          out.end_of_row();
        });
        continue;
      }
      store_.query(sql_[f], {match.row}, [&](const Store::Row& row) {
        write(row);
        if (columns.size() > common_ + row.size()) {  // matches: their settings
          const Value::Record& rules = rules_[static_cast<int64_t>(about[4].number())];
          for (size_t i = 0; i < settings_.size(); ++i) {
            auto at = rules.find(settings_[i].first);
            const Value value = at == rules.end() ? Value() : at->second;
            Written& column = columns[matches_columns_ + i];
            if (value.is_number()) column.column.type = "number";
            if (value.is_boolean()) column.column.type = "0/1";
            if (value.is_list() || value.is_record()) column.column.type = "JSON";
            out.text() += ',';
            append_csv(out.text(), value);
            column.see(value);
          }
        }
        out.end_of_row();
      });
    }
  }

  // Its lines of the codebook.
  std::string write_table(const ExportTable& table) {
    outs_.emplace_back(std::filesystem::path(folder_) / table.name);
    Out& out = outs_.back();
    auto line = [&](const std::vector<std::string>& cells) {
      for (size_t i = 0; i < cells.size(); ++i) {
        if (i) out.text() += ',';
        if (!cells[i].empty()) append_csv(out.text(), cells[i]);
      }
    };
    line(table.rows.columns);
    out.text() += '\n';
    for (const auto& row : table.rows.rows) {
      line(row);
      out.end_of_row();
    }
    std::string lines;
    for (size_t i = 0; i < table.rows.columns.size(); ++i) {
      const std::string& name = table.rows.columns[i];
      const bool number = std::all_of(table.rows.rows.begin(), table.rows.rows.end(),
                                      [&](const auto& row) { return row[i].empty() || number_in(row[i]); });
      auto meaning = table.meanings.find(name);
      lines += csv_line({table.name, name, number ? "number" : "text", Value(), Value(),
                         meaning == table.meanings.end() ? "of the study" : meaning->second});
    }
    return lines;
  }

  void write_codebook(const std::vector<ExportTable>& more) {
    std::string reckoned;
    for (const ExportTable& table : more) reckoned += write_table(table);

    std::string unit = units_.size() == 1 ? *units_.begin()
                       : units_.empty()   ? "points"
                                          : "as matches.csv says under unit";
    outs_.emplace_back(std::filesystem::path(folder_) / "codebook.csv");
    Out& out = outs_.back();
    out.text() += "file,column,type,unit,levels,meaning\n";
    for (size_t f = 0; f < columns_.size(); ++f) {
      for (const Written& w : columns_[f]) {
        const ExportColumn& c = w.column;
        auto some = [](const std::string& text) { return text.empty() ? Value() : Value(text); };
        std::string line = csv_line({export_files()[f].name, c.name, c.type, some(c.unit == "@unit" ? unit : c.unit),
                                     some(w.levels_text()), c.meaning});
        line.pop_back();
        out.text() += line;
        out.end_of_row();
      }
    }
    for (size_t at = 0; at < reckoned.size();) {
      const size_t end = reckoned.find('\n', at);
      out.text() += reckoned.substr(at, end - at);
      out.end_of_row();
      at = end + 1;
    }
  }

  const Store& store_;
  std::string folder_, study_;
  bool all_;
  int seats_ = 2;                                                        // the most in any line-up
  std::vector<std::pair<std::string, std::string>> factors_, settings_;  // (its name, its column's)
  std::map<int64_t, Value::Record> rules_;                               // settings by row
  std::set<std::string> units_;
  size_t common_ = 0, matches_columns_ = 0;
  std::vector<std::vector<Written>> columns_;  // by file
  std::vector<std::string> sql_;
  std::deque<Out> outs_;
};

}  // namespace

std::vector<std::pair<std::string, uint64_t>> export_csv(const Store& store, const std::string& folder, bool all,
                                                         const std::vector<ExportTable>& more,
                                                         const std::function<void(uint64_t, uint64_t)>& each) {
  return Exporter(store, folder, all).run(more, each);
}

}  // namespace parley
