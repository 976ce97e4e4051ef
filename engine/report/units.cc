#include "report/units.h"

#include <set>

#include "base/json.h"

namespace parley {

Rows units_of(const Store& store) {
  Rows out;
  std::set<std::string> factors;
  store.query("SELECT DISTINCT c.levels FROM plan p JOIN condition c ON c.id = p.condition", {},
              [&](const Store::Row& row) {
                const Value levels = from_json(row[0].string());
                for (const auto& [factor, level] : levels.record()) factors.insert(factor);
              });
  const std::vector<std::string> known = {"match",    "block",  "condition", "game",  "seat",      "player",
                                          "strategy", "payoff", "first",     "equal", "transcript"};
  out.columns = {"match", "block", "condition"};
  for (const std::string& name : known) factors.erase(name);  // it is there by itself
  out.columns.insert(out.columns.end(), factors.begin(), factors.end());
  out.columns.insert(out.columns.end(), known.begin() + 3, known.end());
  store.query(
      "SELECT m.number, m.block, c.name, c.levels, r.game, s.name, p.name, p.strategy, s.total / nullif(m.closed, 0), "
      "(SELECT sum(k.first) * 1.0 / nullif(sum(k.made), 0) FROM choices k WHERE k.match = m.id AND k.seat = s.seat AND "
      "k.first IS NOT NULL), m.equal * 1.0 / nullif(m.pairs, 0), m.trace FROM match m JOIN condition c ON c.id = "
      "m.condition JOIN rules r ON r.id = "
      "m.rules "
      "JOIN seat s ON s.match = m.id LEFT JOIN player p ON p.lineup = m.lineup AND p.seat = s.seat "
      "WHERE m.number IS NOT NULL AND m.status = 'whole' ORDER BY m.number, s.seat",
      {}, [&](const Store::Row& row) {
        auto text = [](const Value& value) { return value.is_nil() ? std::string() : value_text(value); };
        std::vector<std::string> cells = {text(row[0]), text(row[1]), text(row[2])};
        const Value levels = from_json(row[3].string());
        for (const std::string& factor : factors) cells.push_back(text(levels[factor]));
        for (size_t i = 4; i < row.size(); ++i) cells.push_back(text(row[i]));
        out.rows.push_back(std::move(cells));
      });
  return out;
}

}  // namespace parley
