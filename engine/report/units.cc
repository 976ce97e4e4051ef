#include "report/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "base/json.h"

namespace parley {

const std::vector<UnitColumn>& unit_columns() {
  static const std::vector<UnitColumn> all = {
      {"match", "number of the match, as in `parley list`; joins the files"},
      {"block", "which repeat of every condition, from 1"},
      {"condition", "point of what is varied"},
      {"game", "game played"},
      {"seat", "name of the seat in the game"},
      {"player", "who sits there, by the study's name"},
      {"strategy", "its strategy"},
      {"model", "the model it asks; empty for a fixed rule"},
      {"payoff", "mean payoff of a closed round", true},
      {"first", "share of the first action among choices out of lists, 0 to 1", true},
      {"equal", "share of rounds in which two seats with one action set chose alike", true},
      {"shown_first", "of its answers out of lists, the share that is the option named first", true},
      {"label_first", "of its answers out of lists, the share that is the study's first label", true},
      {"transcript",
       "alike for matches of one game in which the same players were asked, chose and were paid alike, whoever sat "
       "where"},
      {"chance",
       "1: chance took part in the match (nature, a player's draws, a reply that is no function of what was asked); 0: "
       "played again it is the same, and repeats of it are no data"},
      {"scored", "mean probability of the first action among scored choices", true},
      {"right", "of its questions with a right answer, the share that was answered right", true},
      {"missing", "how many of its choices could not be read", true},
      {"opponent", "the other's player, of two"},
      {"pairing", "the players of the match, whatever their seats"},
      {"wording", "cover, unit, labels, orders"},
  };
  return all;
}

namespace {

// Of beliefs_of alone.
const std::vector<std::string> kOfBeliefs = {"round", "about", "decision", "question", "unread", "hit",
                                             "brier", "log",   "given",    "guess",    "truth"};

}  // namespace

std::string factor_column(const std::string& factor) {
  static const std::set<std::string> taken = [] {
    std::set<std::string> out(kOfBeliefs.begin(), kOfBeliefs.end());
    for (const UnitColumn& column : unit_columns()) out.insert(column.name);
    for (const char* varied : {"game", "player", "strategy", "model"}) out.erase(varied);
    return out;
  }();
  return taken.contains(factor) ? "factor_" + factor : factor;
}

Value levels_by_column(const Value& levels) {
  Value::Record out;
  for (const auto& [factor, level] : levels.record()) out.emplace(factor_column(factor), level);
  return out;
}

std::vector<std::string> factors_of(const Store& store) {
  std::set<std::string> out;
  store.query("SELECT DISTINCT c.levels FROM plan p JOIN condition c ON c.id = p.condition", {},
              [&](const Store::Row& row) {
                const Value levels = from_json(row[0].string());
                for (const auto& [factor, level] : levels.record()) out.insert(factor_column(factor));
              });
  return {out.begin(), out.end()};
}

namespace {

std::string text(const Value& value) { return value.is_nil() ? std::string() : value_text(value); }

// Columns of the match and of the seat, with the study's factors between them; `more` behind. Rows come as (match, block, condition,
// levels, game, seat, player, strategy, model, and those of `more`).
class Gathering {
 public:
  Gathering(const Store& store, const std::vector<std::string>& more) {
    const std::vector<std::string> match = {"match", "block", "condition"},
                                   seat = {"game", "seat", "player", "strategy", "model"};
    for (const std::string& factor : factors_of(store)) factors_.insert(factor);
    for (const auto* known : {&match, &seat, &more}) {
      for (const std::string& name : *known) factors_.erase(name);  // the seat's own says it
    }
    rows_.columns = match;
    rows_.columns.insert(rows_.columns.end(), factors_.begin(), factors_.end());
    for (const auto* known : {&seat, &more}) rows_.columns.insert(rows_.columns.end(), known->begin(), known->end());
  }

  void add(const Store::Row& row) {
    std::vector<std::string> cells = {text(row[0]), text(row[1]), text(row[2])};
    const Value levels = levels_by_column(from_json(row[3].string()));
    for (const std::string& factor : factors_) cells.push_back(text(levels[factor]));
    for (size_t i = 4; i < row.size(); ++i) cells.push_back(text(row[i]));
    rows_.rows.push_back(std::move(cells));
  }

  Rows rows() { return std::move(rows_); }

 private:
  std::set<std::string> factors_;
  Rows rows_;
};

// Of a line-up and a seat of it: who is met (the one other, else nothing); who plays, whatever the seats.
std::string opponent_of(const std::string& lineup, const std::string& seat) {
  return fmt::format(
      "(SELECT CASE count(*) WHEN 1 THEN min(o.name) END FROM player o WHERE o.lineup = {} AND o.seat <> {} AND "
      "o.watches IS NULL)",
      lineup, seat);
}
std::string pairing_of(const std::string& lineup) {
  return fmt::format("(SELECT group_concat(name, ', ') FROM (SELECT name FROM player WHERE lineup = {} ORDER BY name))",
                     lineup);
}
// Of match m and seat s: these, then the rules and what was drawn, which say how it was worded.
const std::string kWhoAndHow =
    opponent_of("m.lineup", "s.seat") + ", " + pairing_of("m.lineup") + ", r.rules, m.drawn ";

// The last two cells, rules and what was drawn, become one: cover, unit, labels and orders, all that differs in words alone.
Store::Row worded(Store::Row row) {
  const Value rules = from_json(row[row.size() - 2].string());
  const Value drawn = row.back().is_string() ? from_json(row.back().string()) : Value();
  std::string wording = text(rules["cover"]) + "; " + text(rules["unit"]);
  for (const char* field : {"labels", "option_order", "payoff_order"}) {
    const Value& is = drawn[field].is_nil() ? rules[field] : drawn[field];
    if (!is.is_nil()) wording += "; " + text(is);
  }
  row.pop_back();
  row.back() = wording;
  return row;
}

// Of questions q of match m: a seat's answers out of lists; without beliefs and answers to questions with a right answer. Then the
// share of them that is the option named first, and the share that is the first of the study's labels.
const std::string kOwn =
    "NOT EXISTS (SELECT 1 FROM beliefs b WHERE b.match = q.match AND b.seat = q.seat AND b.n = q.n)";
const std::string kLabels = "LEFT JOIN json_each(m.drawn, '$.labels') l ON l.key = q.choice ",
                  kAsked = "q.choice IS NOT NULL AND json_array_length(q.options) > 1 AND " + kOwn;
const std::string kShownFirst = "avg(coalesce(l.value, q.choice) = json_extract(q.options, '$[0]'))",
                  kLabelFirst = "avg(l.value = json_extract(r.rules, '$.labels[0]'))";

}  // namespace

Rows units_of(const Store& store) {
  const std::vector<UnitColumn>& all = unit_columns();
  std::vector<std::string> more;  // behind those that every table begins with
  for (auto at = std::find_if(all.begin(), all.end(), [](const UnitColumn& c) { return c.name == "payoff"; });
       at != all.end(); ++at)
    more.push_back(at->name);
  Gathering out(store, more);
  const std::string answers = "FROM question q " + kLabels + "WHERE q.match = m.id AND q.seat = s.seat AND " + kAsked;
  store.query(
      "SELECT m.number, m.block, c.name, c.levels, r.game, s.name, p.name, p.strategy, p.model, s.total / "
      "nullif(m.closed, 0), "
      "(SELECT sum(k.first) * 1.0 / nullif(sum(k.made), 0) FROM choices k WHERE k.match = m.id AND k.seat = s.seat AND "
      "k.first IS NOT NULL), m.equal * 1.0 / nullif(m.pairs, 0), "
      // Bias for a position and for a label; NULL: of a seat that was asked nothing of the kind.
      "(SELECT " +
          kShownFirst + " " + answers + "), (SELECT " + kLabelFirst + " " + answers +
          "), CAST(m.trace AS TEXT), m.chance, "
          "(SELECT avg(json_extract(q.scores, '$[0]')) FROM question q JOIN choices k ON k.match = q.match AND "
          "k.seat = q.seat AND k.decision = q.decision WHERE q.match = m.id AND q.seat = s.seat AND q.scores IS NOT "
          "NULL AND "
          "k.first IS NOT NULL AND q.choice IN (SELECT name FROM action WHERE action_set = k.action_set) AND " +
          kOwn +
          "), (SELECT avg(b.guess IS b.truth) FROM beliefs b WHERE b.match = m.id AND b.seat = s.seat AND b.about IS "
          "NULL AND b.truth IS NOT NULL), CASE WHEN m.missing > 0 THEN (SELECT coalesce(sum(json_array_length("
          "k.actions) - k.made), 0) FROM choices k WHERE k.match = m.id AND k.seat = s.seat) + (SELECT count(*) FROM "
          "message w WHERE w.match = m.id AND w.seat = s.seat AND w.text IS NULL) ELSE 0 END, " +
          kWhoAndHow +
          "FROM match m JOIN condition c ON c.id = m.condition JOIN rules r ON r.id = m.rules "
          "JOIN seat s ON s.match = m.id LEFT JOIN player p ON p.lineup = m.lineup AND p.seat = s.seat "
          "WHERE m.number IS NOT NULL AND m.status = 'whole' ORDER BY m.number, s.seat",
      {}, [&](const Store::Row& row) { out.add(worded(row)); });
  return out.rows();
}

Rows lacking_of(const Store& store) {
  Gathering out(store, {"opponent", "pairing"});
  store.query(
      "SELECT n.number, n.block, c.name, c.levels, r.game, (SELECT x.name FROM seat x JOIN match y ON y.id = x.match "
      "JOIN rules z ON z.id = y.rules WHERE z.game = r.game AND x.seat = s.seat LIMIT 1), s.name, s.strategy, "
      "s.model, " +
          opponent_of("n.lineup", "s.seat") + ", " + pairing_of("n.lineup") +
          " FROM plan n JOIN condition c ON c.id = n.condition JOIN rules r ON r.id = n.rules "
          "JOIN player s ON s.lineup = n.lineup AND s.watches IS NULL LEFT JOIN match m ON m.number = n.number "
          "WHERE m.id IS NULL OR m.status <> 'whole' ORDER BY n.number, s.seat",
      {}, [&](const Store::Row& row) { out.add(row); });
  return out.rows();
}

Rows beliefs_of(const Store& store) {
  std::vector<std::string> more = kOfBeliefs;
  for (const char* name : {"transcript", "chance", "opponent", "pairing", "wording"}) more.emplace_back(name);
  Gathering out(store, more);
  constexpr size_t kBrier = 15, kLog = 16, kGiven = 17;
  store.query(
      "SELECT m.number, m.block, c.name, c.levels, r.game, coalesce(s.name, 'observer'), p.name, p.strategy, p.model, "
      "b.round, coalesce(o.name, 'right answer'), b.decision, q.question, b.guess IS NULL, "
      // A right answer was missed by what could not be read; what another did was not said to be anything else.
      "CASE WHEN b.about IS NULL THEN b.guess IS b.truth ELSE b.guess = b.truth END, q.scores, NULL, b.given, b.guess, "
      "b.truth, CAST(m.trace AS TEXT), m.chance, " +
          kWhoAndHow +
          "FROM beliefs b JOIN match m ON m.id = b.match JOIN condition c ON c.id = m.condition JOIN rules r ON r.id = "
          "m.rules LEFT JOIN seat s ON s.match = m.id AND s.seat = b.seat LEFT JOIN seat o ON o.match = m.id AND "
          "o.seat = b.about LEFT JOIN player p ON p.lineup = m.lineup AND p.seat = b.seat "
          "LEFT JOIN question q ON q.match = m.id AND q.seat = b.seat AND q.n = b.n AND q.sample = b.sample "
          "WHERE m.number IS NOT NULL AND m.status = 'whole' AND b.truth IS NOT NULL ORDER BY m.number, b.number",
      {}, [&](Store::Row row) {
        const Value scores = row[kBrier].is_string() ? from_json(row[kBrier].string()) : Value();
        row[kBrier] = Value();
        if (const Value given = row[kGiven]; scores.is_list() && given.is_number()) {
          const double p = given.number();
          double brier = 1 - 2 * p;  // the sum of (p_i - 1{i came true})^2
          for (const Value& share : scores.list()) {
            if (share.is_number()) brier += share.number() * share.number();
          }
          row[kBrier] = brier;
          if (p > 0) row[kLog] = -std::log(p);
        }
        out.add(worded(std::move(row)));
      });
  return out.rows();
}

Rows rounds_of(const Store& store) {
  Gathering out(store, {"round", "payoff", "first", "equal", "shown_first", "label_first", "transcript", "chance",
                        "opponent", "pairing", "wording"});
  // How often the first action was chosen, and out of how many choices, by match and seat and round.
  std::map<std::pair<double, double>, std::vector<std::pair<double, double>>> shares;
  // Of matches in which both seats have one list, what each chose: in round i + 1.
  std::map<double, std::vector<Value::List>> both;
  // shown_first and label_first, by match and seat and round.
  std::map<std::array<double, 3>, std::array<Value, 2>> biases;
  store.query("SELECT m.id, q.seat, q.round, " + kShownFirst + ", " + kLabelFirst +
                  " FROM question q JOIN match m ON m.id = q.match JOIN rules r ON r.id = m.rules " + kLabels +
                  "WHERE m.number IS NOT NULL AND m.status = 'whole' AND " + kAsked +
                  " GROUP BY q.match, q.seat, q.round",
              {}, [&](const Store::Row& row) {
                biases[{row[0].number(), row[1].number(), row[2].number()}] = {row[3], row[4]};
              });
  store.query(
      "SELECT k.match, k.seat, k.actions, k.rounds, m.pairs FROM choices k JOIN match m ON m.id = k.match "
      "WHERE m.number IS NOT NULL AND m.status = 'whole' AND k.first IS NOT NULL",
      {}, [&](const Store::Row& row) {
        auto& by_round = shares[{row[0].number(), row[1].number()}];
        const Value actions = from_json(row[2].string());
        if (row[4].is_number()) both[row[0].number()].push_back(actions.list());
        const Value rounds = row[3].is_string() ? from_json(row[3].string()) : Value();
        for (size_t i = 0; i < actions.list().size(); ++i) {
          const Value& chosen = actions.list()[i];
          const size_t round = rounds.is_list() ? static_cast<size_t>(rounds.list()[i].number()) - 1 : i;
          if (by_round.size() <= round) by_round.resize(round + 1);
          if (chosen.is_number()) by_round[round].first += chosen.number() == 0 ? 1 : 0, ++by_round[round].second;
        }
      });
  store.query(
      "SELECT m.id, s.seat, s.payoffs, m.number, m.block, c.name, c.levels, r.game, s.name, p.name, p.strategy, "
      "p.model, "
      "CAST(m.trace AS TEXT), m.chance, " +
          kWhoAndHow +
          "FROM match m JOIN condition c ON c.id = m.condition JOIN rules r ON r.id = m.rules JOIN seat s ON s.match = "
          "m.id LEFT JOIN player p ON p.lineup = m.lineup AND p.seat = s.seat "
          "WHERE m.number IS NOT NULL AND m.status = 'whole' ORDER BY m.number, s.seat",
      {}, [&](Store::Row row) {
        row = worded(std::move(row));
        const auto& by_round = shares[{row[0].number(), row[1].number()}];
        const Value payoffs = row[2].is_string() ? from_json(row[2].string()) : Value(Value::List{});
        for (size_t i = 0; i < std::max(by_round.size(), payoffs.list().size()); ++i) {
          Store::Row one(row.begin() + 3, row.begin() + 12);
          one.push_back(i + 1);
          one.push_back(i < payoffs.list().size() ? payoffs.list()[i] : Value());
          one.push_back(i < by_round.size() && by_round[i].second > 0 ? Value(by_round[i].first / by_round[i].second)
                                                                      : Value());
          const auto pair = both.find(row[0].number());
          const bool met = pair != both.end() && pair->second.size() == 2 &&
                           i < std::min(pair->second[0].size(), pair->second[1].size()) &&
                           !pair->second[0][i].is_nil() && !pair->second[1][i].is_nil();
          one.push_back(met ? Value(pair->second[0][i] == pair->second[1][i] ? 1 : 0) : Value());
          const auto bias = biases.find({row[0].number(), row[1].number(), static_cast<double>(i + 1)});
          for (size_t k : {0, 1}) one.push_back(bias == biases.end() ? Value() : bias->second[k]);
          one.insert(one.end(), row.begin() + 12, row.end());
          out.add(one);
        }
      });
  return out.rows();
}

}  // namespace parley
