#include "study/import/sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace parley {

Sheet::Sheet(const Mapping& mapping, const SourceTable& table)
    : mapping_(mapping), path_(table.path), rows_(parse_csv(table.text, table.path)) {
  for (size_t i = 1; i < rows_.columns.size(); ++i) at_.emplace(rows_.columns[i], i);
  for (const std::string& column : mapping.columns()) {
    if (at_.count(column) == 0) throw Error(fmt::format("{}: there is no column '{}'", path_, column));
  }
  for (const std::vector<std::string>& row : rows_.rows) {
    const auto line = number_in(row[0]);
    if (!line) throw Error(fmt::format("{}: a row does not say its line", path_));
    lines_.push_back(static_cast<size_t>(*line));
  }
}

std::string Sheet::place(size_t row) const { return fmt::format("{}:{}", path_, lines_[row]); }
void Sheet::blame(size_t row, const std::string& what) const { throw Error(place(row) + ": " + what); }

Value Sheet::value(size_t row, const From& from) const {
  if (from.column.empty()) return from.constant;
  const std::string& text = cell(row, from.column);
  if (from.values.empty()) return text;
  auto at = from.values.find(text);
  if (at != from.values.end()) return at->second;
  std::vector<std::string> known;
  for (const auto& [name, value] : from.values) known.push_back(name);
  blame(row, fmt::format("{} is '{}', and {} gives no value for it{}", from.column, text, mapping_.path,
                         did_you_mean(text, known)));
}

std::string Sheet::text(size_t row, const From& from) const {
  const Value value = this->value(row, from);
  return value.is_string() ? value.string() : value_text(value);
}

int Sheet::round(size_t row) const {
  const auto n = number_in(cell(row, mapping_.round));
  if (!n || *n != std::floor(*n) || std::fabs(*n) > 1e9)
    blame(row, fmt::format("{} is '{}', and no whole number", mapping_.round, cell(row, mapping_.round)));
  return static_cast<int>(*n);
}

void Sheet::check_constant(const Match& match) const {
  auto same = [&](const std::string& column) {
    for (size_t row : match.rows) {
      if (!column.empty() && cell(row, column) != cell(match.rows[0], column))
        blame(row, fmt::format("{} is '{}', and '{}' in line {} of the same match", column, cell(row, column),
                               cell(match.rows[0], column), line(match.rows[0])));
    }
  };
  same(mapping_.game.column);
  for (const auto* group : {&mapping_.settings, &mapping_.levels}) {
    for (const auto& [name, from] : *group) same(from.column);
  }
  for (const SeatColumns& seat : mapping_.seats) {
    if (!mapping_.is_long && seat.player) same(seat.player->column);
  }
}

std::vector<Sheet::Match> Sheet::matches() const {
  std::vector<Match> out;
  std::map<std::string, size_t> by_key;
  std::vector<std::vector<int>> said;  // rounds, by match
  for (size_t row = 0; row < size(); ++row) {
    const int round = mapping_.round.empty() ? 0 : this->round(row);
    size_t match = out.size();
    if (!mapping_.match.empty()) {
      std::string key;
      for (const std::string& column : mapping_.match) key += cell(row, column) + '\x1f';
      match = by_key.try_emplace(key, out.size()).first->second;
    } else if (!mapping_.round.empty() && round != 1) {
      if (out.empty()) blame(row, fmt::format("{} is {}, and a match begins with round 1", mapping_.round, round));
      match = out.size() - 1;
    }
    if (match == out.size()) out.emplace_back(), said.emplace_back();
    out[match].rows.push_back(row);
    said[match].push_back(round);
  }
  for (size_t m = 0; m < out.size(); ++m) {
    Match& match = out[m];
    std::vector<size_t> order(match.rows.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    if (!mapping_.match.empty())
      std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return said[m][a] < said[m][b]; });
    std::vector<size_t> rows;
    for (size_t i = 0; i < order.size(); ++i) {
      const size_t row = match.rows[order[i]];
      const int now = said[m][order[i]], last = i == 0 ? now - 1 : said[m][order[i - 1]];
      if (mapping_.round.empty()) {
        match.rounds.push_back(static_cast<int>(i) + 1);
      } else {
        if (now != last + 1 && !(mapping_.is_long && now == last))
          blame(row, fmt::format("{} is {}, after {} {}", mapping_.round, now, mapping_.round, last));
        match.rounds.push_back(i == 0 ? 1 : match.rounds.back() + (now != last));
      }
      rows.push_back(row);
    }
    match.rows = std::move(rows);
    check_constant(match);
  }
  return out;
}

}  // namespace parley
