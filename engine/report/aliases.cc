#include "report/aliases.h"

#include <algorithm>
#include <set>

#include "base/json.h"
#include "report/units.h"

namespace parley {
namespace {

constexpr size_t kManySeats =
    1000;  // then each contrast is looked at only where something is confounded in all of them

}  // namespace

stats::Varied varied_in(const Store& store) {
  std::vector<std::string> factors;
  const auto study = store.study();
  if (const Value vary = study ? study->fields["vary"] : Value(); vary.is_record()) {
    for (const auto& [factor, levels] : vary.record()) factors.push_back(factor_column(factor));
  }
  std::vector<std::pair<std::string, Value>> conditions;
  store.query("SELECT DISTINCT c.name, c.levels FROM plan p JOIN condition c ON c.id = p.condition", {},
              [&](const Store::Row& row) {
                conditions.emplace_back(row[0].string(), levels_by_column(from_json(row[1].string())));
              });
  return {std::move(factors), conditions};
}

std::vector<std::string> refuse_confounded(const Store& store, const Rows& rows, const std::string& unit,
                                           std::vector<Contrast>& family) {
  std::vector<std::string> warnings;
  if (family.empty()) return warnings;
  const std::string& factor = family[0].group;
  const stats::Varied varied = varied_in(store);
  if (!varied.has(factor)) return warnings;
  std::set<stats::GroupedSeat> seats;
  auto take = [&](const Rows& from) {
    const Where& where = family[0].where;
    if (!std::all_of(where.begin(), where.end(), [&](const auto& w) { return from.has(w.first); })) return;
    const RowFilter wanted(from, where);
    const size_t condition = column_of(from, "condition", ""), group = column_of(from, factor, "--group");
    for (const auto& row : from.rows) {
      if (wanted(row)) seats.emplace(row[condition], row[group]);
    }
  };
  take(rows);
  take(lacking_of(store));
  const auto all = varied.confounded(factor, {seats.begin(), seats.end()});
  if (all.wholly.empty() && all.partly.empty() && seats.size() > kManySeats) return warnings;
  for (Contrast& contrast : family) {
    std::vector<stats::GroupedSeat> both;
    for (const stats::GroupedSeat& seat : seats) {
      if (seat.second == contrast.a || seat.second == contrast.b) both.push_back(seat);
    }
    const auto found = varied.confounded(factor, both);
    contrast.refused = stats::why_confounded(found, factor, unit);
    if (!contrast.refused.empty() || found.partly.empty()) continue;
    std::string line = stats::partly_text(found, factor);
    if (std::find(warnings.begin(), warnings.end(), line) == warnings.end()) warnings.push_back(std::move(line));
  }
  return warnings;
}

}  // namespace parley
