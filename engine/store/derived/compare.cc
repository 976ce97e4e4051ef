// Whether rows are what they should be: against a transcript, and against another file.
#include "base/json.h"
#include "store/impl.h"

namespace parley {
namespace {

struct Derived {
  const char* table;
  size_t keys;  // the first columns, which name a row
  const char* select;
};

// Every derived column of a match, without the numbers of rows.
constexpr Derived kDerived[] = {
    {"match", 0, "SELECT status, why, void_seat, rounds, closed FROM match WHERE id = ?1"},
    {"seat", 1, "SELECT seat, name, payoffs, total FROM seat WHERE match = ?1 ORDER BY seat"},
    {"choices", 2,
     "SELECT seat, decision, actions, done, rounds, made, first, mean, "
     "(SELECT options FROM action_set WHERE id = action_set) AS action_set, "
     "(SELECT group_concat(options, ' ') FROM (SELECT s.options FROM json_each(action_sets) e "
     "LEFT JOIN action_set s ON s.id = e.value ORDER BY e.key)) AS action_sets "
     "FROM choices WHERE match = ?1 ORDER BY seat, decision"},
    {"message", 1,
     "SELECT number, round, seat, name, text, done, facts, seen FROM message WHERE match = ?1 ORDER BY number"},
    {"measures", 1, "SELECT name, noted, rounds FROM measures WHERE match = ?1 ORDER BY name"},
    {"question", 3,
     "SELECT seat, n, sample, round, decision, question, about, added, read, options, choice, mass, scores, tie, "
     "tries, why, "
     "cue FROM question WHERE match = ?1 ORDER BY seat, n, sample"},
    {"memory", 2, "SELECT seat, number, round, decision, memory FROM memory WHERE match = ?1 ORDER BY seat, number"},
    {"beliefs", 1,
     "SELECT number, seat, n, sample, round, about, decision, guess, truth, given FROM beliefs WHERE match = ?1 ORDER "
     "BY "
     "number"},
    {"match", 0, "SELECT missing, pairs, equal, trace, chance FROM match WHERE id = ?1"},
};

std::string shown(const Value& value) { return value.is_nil() ? "nothing" : value_text(value); }

Value::List row_of(const sql::Statement& s) {
  Value::List row;
  for (int i = 0; i < s.columns(); ++i) row.push_back(s.value(i));
  return row;
}

std::optional<Difference> compare_table(const Derived& d, sql::Statement& stored, sql::Statement& derived) {
  auto named = [&](const sql::Statement& s) {
    std::string name;
    for (size_t i = 0; i < d.keys; ++i) {
      name +=
          (i ? ", " : "") + std::string(s.column_name(static_cast<int>(i))) + " " + shown(s.value(static_cast<int>(i)));
    }
    return name;
  };
  for (;;) {
    bool a = stored.step(), b = derived.step();
    if (!a && !b) return std::nullopt;
    auto keys = [&](bool there, sql::Statement& s) {
      Value::List row = there ? row_of(s) : Value::List();
      row.resize(std::min(row.size(), d.keys));
      return row;
    };
    Value::List stored_keys = keys(a, stored), derived_keys = keys(b, derived);
    if (!b || (a && Value(stored_keys) < Value(derived_keys)))
      return Difference{d.table, named(stored), "", "a row", "nothing"};
    if (!a || stored_keys != derived_keys) return Difference{d.table, named(derived), "", "nothing", "a row"};
    for (int i = 0; i < stored.columns(); ++i) {
      Value was = stored.value(i), is = derived.value(i);
      // What an older parley wrote has neither trace nor chance (upgrade_4.sql).
      const std::string_view column = stored.column_name(i);
      if (was.is_nil() && (column == "trace" || column == "chance")) continue;
      if (was != is) return Difference{d.table, named(stored), stored.column_name(i), shown(was), shown(is)};
    }
  }
}

}  // namespace

Store::Impl::Check::Check() : db(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE), deriver(db) {
  create_tables(db);
}

std::optional<Difference> Store::compare(int64_t row, const Transcript& t) const {
  auto& check = impl_->check;
  if (!check) check = std::make_unique<Impl::Check>();
  sql::Connection& db = check->db;
  db("BEGIN").run();
  bool derived = t.status == MatchStatus::whole || t.status == MatchStatus::void_;
  Deriver::Head head;
  if (derived) head = check->deriver.write(row, t);
  auto& add = db(
      "INSERT INTO match (id, condition, rules, lineup, block, seed, version, inputs, attempt, status, why, void_seat, "
      "rounds, closed, missing, pairs, equal, trace, chance) "
      "VALUES (?1, 0, 0, 0, 0, 0, 0, 0, 0, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
  Impl::bind_end(add, t, derived ? &head : nullptr);
  add.bind(1, row).run();
  std::optional<Difference> found;
  for (const Derived& d : kDerived) {
    auto &stored = impl_->db(d.select), &again = db(d.select);
    stored.bind(1, row), again.bind(1, row);
    found = compare_table(d, stored, again);
    stored.reset(), again.reset();
    if (found) break;
  }
  check->deriver.erase(row);
  db("DELETE FROM match").run();
  db("COMMIT").run();  // the action sets stay
  return found;
}

Hash Store::digest() const {
  std::string bytes;
  Hash chain;
  auto feed = [&](sql::Statement& rows) {
    while (rows.step()) bytes += to_json(row_of(rows)) + '\n';
    bytes += '\n';
  };
  auto link = [&] {
    chain = hash_of(chain + bytes);
    bytes.clear();
  };
  auto& db = impl_->db;
  for (const char* select :
       {"SELECT name, hash, text, fields, seed, engine, matches FROM study ORDER BY id DESC LIMIT 1",
        "SELECT c.name, c.levels, r.hash, l.hash, p.block FROM plan p JOIN condition c ON c.id = p.condition "
        "JOIN rules r ON r.id = p.rules JOIN lineup l ON l.id = p.lineup ORDER BY p.number",
        "SELECT hash, number, game, rules, settings, horizon_true FROM rules "
        "WHERE id IN (SELECT rules FROM plan UNION SELECT rules FROM match) ORDER BY hash, rules, settings",
        "SELECT l.hash, l.number, p.seat, p.name, p.strategy, p.settings, p.told, p.model, p.identity, p.sampling, "
        "p.watches FROM "
        "lineup l "
        "JOIN player p ON p.lineup = l.id WHERE l.id IN (SELECT lineup FROM plan UNION SELECT lineup FROM match) "
        "ORDER BY l.hash, p.seat",
        "SELECT name, hash, text FROM source WHERE id IN (SELECT source FROM input WHERE inputs IN (SELECT inputs FROM "
        "match)) "
        "ORDER BY name, hash",
        "SELECT identity, build FROM model ORDER BY identity, build"}) {
    feed(db(select));
  }
  link();
  auto& matches =
      db("SELECT m.id FROM match m JOIN rules r ON r.id = m.rules JOIN lineup l ON l.id = m.lineup "
         "ORDER BY m.seed, r.hash, l.hash, m.block, m.version");
  while (matches.step()) {
    int64_t row = matches.integer(0);
    for (const char* select :
         {"SELECT c.name, c.levels, r.hash, r.rules, l.hash, m.block, m.seed, m.version, m.number, m.attempt, m.drawn, "
          "i.hash "
          "FROM match m JOIN condition c ON c.id = m.condition JOIN rules r ON r.id = m.rules JOIN lineup l ON l.id = "
          "m.lineup "
          "JOIN inputs i ON i.id = m.inputs WHERE m.id = ?1",
          "SELECT r.seat, r.n, r.sample, r.try, r.dropped, hex(a.request), a.pure, a.scores, a.text, a.failure, "
          "a.finish, "
          "a.thinking, a.input, a.cached, coalesce(a.written, 0), a.output, a.reasoning, s.name, s.build, a.raw FROM "
          "reply r JOIN answer a ON "
          "a.id = r.answer JOIN served s ON s.id = a.served WHERE r.match = ?1 "
          "ORDER BY r.seat, r.n, r.sample, r.try, r.dropped"}) {
      feed(db(select).bind(1, row));
    }
    for (const Derived& d : kDerived) feed(db(d.select).bind(1, row));
    link();
  }
  return chain;
}

}  // namespace parley
