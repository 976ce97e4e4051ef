#include "report/units.h"

#include <cmath>
#include <set>

#include "base/json.h"

namespace parley {

namespace {

std::string text(const Value& value) { return value.is_nil() ? std::string() : value_text(value); }

// Columns of the match and of the seat, with the study's factors between them; `more` behind. Rows come as (match, block, condition,
// levels, game, seat, player, strategy, and those of `more`).
class Gathering {
 public:
  Gathering(const Store& store, const std::vector<std::string>& more) {
    const std::vector<std::string> match = {"match", "block", "condition"},
                                   seat = {"game", "seat", "player", "strategy"};
    store.query("SELECT DISTINCT c.levels FROM plan p JOIN condition c ON c.id = p.condition", {},
                [&](const Store::Row& row) {
                  const Value levels = from_json(row[0].string());
                  for (const auto& [factor, level] : levels.record()) factors_.insert(factor);
                });
    for (const auto* known : {&match, &seat, &more}) {
      for (const std::string& name : *known) factors_.erase(name);  // it is there by itself
    }
    rows_.columns = match;
    rows_.columns.insert(rows_.columns.end(), factors_.begin(), factors_.end());
    for (const auto* known : {&seat, &more}) rows_.columns.insert(rows_.columns.end(), known->begin(), known->end());
  }

  void add(const Store::Row& row) {
    std::vector<std::string> cells = {text(row[0]), text(row[1]), text(row[2])};
    const Value levels = from_json(row[3].string());
    for (const std::string& factor : factors_) cells.push_back(text(levels[factor]));
    for (size_t i = 4; i < row.size(); ++i) cells.push_back(text(row[i]));
    rows_.rows.push_back(std::move(cells));
  }

  Rows rows() { return std::move(rows_); }

 private:
  std::set<std::string> factors_;
  Rows rows_;
};

}  // namespace

Rows units_of(const Store& store) {
  // A seat's answers out of lists; without beliefs and answers to questions with a right answer.
  const std::string asked =
      "FROM question q LEFT JOIN json_each(m.drawn, '$.labels') l ON l.key = q.choice WHERE q.match = m.id AND "
      "q.seat = s.seat AND q.choice IS NOT NULL AND json_array_length(q.options) > 1 AND NOT EXISTS (SELECT 1 FROM "
      "beliefs b WHERE b.match = q.match AND b.seat = q.seat AND b.n = q.n)";
  Gathering out(store, {"payoff", "first", "equal", "shown_first", "label_first", "transcript"});
  store.query(
      "SELECT m.number, m.block, c.name, c.levels, r.game, s.name, p.name, p.strategy, s.total / nullif(m.closed, 0), "
      "(SELECT sum(k.first) * 1.0 / nullif(sum(k.made), 0) FROM choices k WHERE k.match = m.id AND k.seat = s.seat AND "
      "k.first IS NOT NULL), m.equal * 1.0 / nullif(m.pairs, 0), "
      // Bias for a position and for a label; NULL: of a seat that was asked nothing of the kind.
      "(SELECT avg(coalesce(l.value, q.choice) = json_extract(q.options, '$[0]')) " +
          asked + "), (SELECT avg(l.value = json_extract(r.rules, '$.labels[0]')) " + asked +
          "), m.trace FROM match m JOIN condition c ON c.id = "
          "m.condition JOIN rules r ON r.id = m.rules "
          "JOIN seat s ON s.match = m.id LEFT JOIN player p ON p.lineup = m.lineup AND p.seat = s.seat "
          "WHERE m.number IS NOT NULL AND m.status = 'whole' ORDER BY m.number, s.seat",
      {}, [&](const Store::Row& row) { out.add(row); });
  return out.rows();
}

Rows beliefs_of(const Store& store) {
  Gathering out(store, {"round", "about", "decision", "question", "hit", "brier", "log", "transcript"});
  store.query(
      "SELECT m.number, m.block, c.name, c.levels, r.game, coalesce(s.name, 'observer'), p.name, p.strategy, b.round, "
      "coalesce(o.name, 'right answer'), b.decision, q.question, b.guess = b.truth, q.scores, b.given, m.trace "
      "FROM beliefs b JOIN match m ON m.id = b.match JOIN condition c ON c.id = m.condition JOIN rules r ON r.id = "
      "m.rules "
      "LEFT JOIN seat s ON s.match = m.id AND s.seat = b.seat LEFT JOIN seat o ON o.match = m.id AND o.seat = b.about "
      "LEFT JOIN player p ON p.lineup = m.lineup AND p.seat = b.seat "
      "LEFT JOIN question q ON q.match = m.id AND q.seat = b.seat AND q.n = b.n AND q.sample = b.sample "
      "WHERE m.number IS NOT NULL AND m.status = 'whole' AND b.guess IS NOT NULL AND b.truth IS NOT NULL "
      "ORDER BY m.number, b.number",
      {}, [&](Store::Row row) {
        const Value scores = row[13].is_string() ? from_json(row[13].string()) : Value(), given = row[14];
        row[13] = row[14] = Value();
        if (scores.is_list() && given.is_number()) {
          const double p = given.number();
          double brier = 1 - 2 * p;  // the sum of (p_i - 1{i came true})^2
          for (const Value& share : scores.list()) {
            if (share.is_number()) brier += share.number() * share.number();
          }
          row[13] = brier;
          if (p > 0) row[14] = -std::log(p);
        }
        out.add(row);
      });
  return out.rows();
}

}  // namespace parley
