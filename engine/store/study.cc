// The study and its plan: what was to be played, with which files.
#include <algorithm>
#include <array>
#include <tuple>

#include "base/clock.h"
#include "base/json.h"
#include "store/impl.h"

namespace parley {
namespace {

Value horizon_value(const Horizon& horizon) {
  switch (horizon.kind) {
    case Horizon::Kind::told:
      return "told";
    case Horizon::Kind::hidden:
      return "hidden";
    default:
      return horizon.value;
  }
}

// Of the rules, every one: what is none is nil.
Value rules_value(const Rules& r) {
  return Value::Record{{"game", r.game},
                       {"settings", r.settings},
                       {"rounds", r.rounds ? Value(*r.rounds) : Value()},
                       {"ends", r.ends},
                       {"horizon", horizon_value(r.horizon)},
                       {"cover", r.cover},
                       {"unit", r.unit},
                       {"format", r.format},
                       {"read", r.read},
                       {"decide", r.decide},
                       {"labels", r.labels},
                       {"label_map", r.label_map},
                       {"option_order", r.option_order},
                       {"payoff_order", r.payoff_order},
                       {"seats", r.seats},
                       {"matching", r.matching}};
}

Rules rules_from(const Value& v) {
  Rules r;
  r.game = v["game"].string();
  r.settings = v["settings"];
  if (v["rounds"].is_number()) r.rounds = static_cast<int>(v["rounds"].number());
  r.ends = v["ends"].number();
  if (const Value& h = v["horizon"]; h.is_number()) {
    r.horizon = {h.number() < 1 ? Horizon::Kind::chance : Horizon::Kind::rounds, h.number()};
  } else {
    r.horizon.kind = h.string() == "hidden" ? Horizon::Kind::hidden : Horizon::Kind::told;
  }
  r.cover = v["cover"].string();
  r.unit = v["unit"];
  r.format = v["format"].string();
  r.read = v["read"].string();
  r.decide = v["decide"].string();
  r.labels = v["labels"];
  r.label_map = v["label_map"];
  r.option_order = v["option_order"];
  r.payoff_order = v["payoff_order"];
  r.seats = v["seats"].string();
  if (v["matching"].is_string()) r.matching = v["matching"].string();
  return r;
}

// Whether what players are told of the end is so; nil where they are told nothing. A chance of an end is not, where it is another than the
// true one, or where more than one match in a hundred would be cut by the number of rounds.
Value horizon_true(const Rules& r) {
  switch (r.horizon.kind) {
    case Horizon::Kind::told:
      return r.cut() <= kRareCut ? 1 : 0;
    case Horizon::Kind::hidden:
      return {};
    case Horizon::Kind::chance:
      return r.ends == r.horizon.value && r.cut() <= kRareCut ? 1 : 0;
    case Horizon::Kind::rounds:
      return r.ends == 0 && r.rounds && *r.rounds == r.horizon.value ? 1 : 0;
  }
  return {};
}

int64_t keep_rules(sql::Connection& db, const Condition& c, const Value& resolved) {
  std::string rules = to_json(rules_value(c.rules)), settings = resolved.is_nil() ? rules : to_json(resolved);
  auto& add =
      db("INSERT INTO rules (hash, number, game, rules, settings, horizon_true) VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
         "ON CONFLICT DO NOTHING");
  add.bind(1, std::string_view(c.id)).bind(2, c.number).bind(3, std::string_view(c.rules.game));
  add.bind(4, std::string_view(rules)).bind(5, std::string_view(settings)).bind(6, horizon_true(c.rules)).run();
  auto& find = db("SELECT id FROM rules WHERE hash = ?1 AND rules = ?2 AND settings = ?3");
  return find.bind(1, std::string_view(c.id))
      .bind(2, std::string_view(rules))
      .bind(3, std::string_view(settings))
      .number();
}

int64_t keep_condition(sql::Connection& db, const Condition& c) {
  std::string levels = to_json(c.levels.is_nil() ? Value(Value::Record{}) : c.levels);
  auto& add = db("INSERT INTO condition (name, levels) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
  add.bind(1, std::string_view(c.name)).bind(2, std::string_view(levels)).run();
  auto& find = db("SELECT id FROM condition WHERE name = ?1 AND levels = ?2");
  return find.bind(1, std::string_view(c.name)).bind(2, std::string_view(levels)).number();
}

int64_t keep_lineup(sql::Connection& db, const Lineup& lineup) {
  std::vector<std::string> names;
  for (const Player& p : lineup.players) names.push_back(p.name);
  const std::string name = players_text(names);
  auto& add =
      db("INSERT INTO lineup (hash, number, name) VALUES (?1, ?2, ?3) ON CONFLICT (hash) DO UPDATE SET "
         "name = excluded.name WHERE name <> excluded.name");
  add.bind(1, std::string_view(lineup.id)).bind(2, lineup.number).bind(3, std::string_view(name)).run();
  auto& find = db("SELECT id FROM lineup WHERE hash = ?1");
  int64_t id = find.bind(1, std::string_view(lineup.id)).number();
  for (size_t i = 0; i < lineup.players.size(); ++i) {
    const Player& p = lineup.players[i];
    Value told = p.told.empty() ? Value() : Value(Value::List(p.told.begin(), p.told.end()));
    auto& seat = db(
        "INSERT INTO player VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (lineup, seat) DO UPDATE SET "
        "name = excluded.name, model = excluded.model "
        "WHERE name <> excluded.name OR model IS NOT excluded.model");
    seat.bind(1, id).bind(2, static_cast<int64_t>(i) + 1).bind(3, std::string_view(p.name));
    seat.bind(4, std::string_view(p.strategy)).bind(5, p.settings).bind(6, told).text_or_null(7, p.model);
    seat.text_or_null(8, p.model_identity).bind(9, p.sampling);
    (p.watches > 0 ? seat.bind(10, p.watches) : seat.bind_null(10)).run();
  }
  return id;
}

// The rows of a value that matches share; which is seen by its address.
template <class T, class Rows>
struct Interned {
  std::unordered_map<const T*, std::pair<std::shared_ptr<const T>, Rows>> known;
  template <class Keep>
  const Rows& operator()(const std::shared_ptr<const T>& value, const Keep& keep) {
    auto at = known.find(value.get());
    if (at == known.end()) at = known.emplace(value.get(), std::pair(value, keep(*value))).first;
    return at->second.second;
  }
};

}  // namespace

std::optional<StudyInfo> Store::study() const {
  auto& find = impl_->db("SELECT name, path, hash, text, fields, seed, engine FROM study ORDER BY id DESC LIMIT 1");
  if (!find.step()) return std::nullopt;
  StudyInfo info{find.string(0),
                 find.string(1),
                 find.string(2),
                 find.string(3),
                 impl_->json(find.text(4)),
                 static_cast<uint64_t>(find.integer(5)),
                 find.string(6)};
  find.reset();
  return info;
}

uint64_t Store::planned() const { return static_cast<uint64_t>(impl_->db("SELECT count(*) FROM plan").number()); }

std::vector<MatchState> Store::plan(const StudyInfo& study, uint64_t size, const std::function<Plan(uint64_t)>& at,
                                    const std::function<Value(const Condition&)>& resolved) {
  Value fields = study.fields.is_nil() ? Value(Value::Record{}) : study.fields;
  auto before = this->study();
  if (before && before->name != study.name) {
    throw Error("'" + path() + "' holds the study '" + before->name + "', not '" + study.name +
                "': take another file by --db");
  }
  sql::Connection& db = impl_->db;
  std::vector<Impl::Planned> plan(size);
  auto states = impl_->write([&] {
    Interned<Condition, std::pair<int32_t, int32_t>> conditions;
    Interned<Lineup, int32_t> lineups;
    for (uint64_t i = 0; i < size; ++i) {
      Plan p = at(i);
      std::tie(plan[i].condition, plan[i].rules) = conditions(p.condition, [&](const Condition& c) {
        int64_t rules = keep_rules(db, c, resolved ? resolved(c) : Value());
        return std::pair(static_cast<int32_t>(keep_condition(db, c)), static_cast<int32_t>(rules));
      });
      plan[i].lineup = lineups(p.lineup, [&](const Lineup& l) { return static_cast<int32_t>(keep_lineup(db, l)); });
      plan[i].block = p.block;
    }
    bool same = before && before->hash == study.hash && before->seed == study.seed && before->engine == study.engine &&
                before->path == study.path && before->fields == fields && planned() == size;
    if (!same) {
      auto& add =
          db("INSERT INTO study (name, path, hash, text, fields, seed, engine, matches, ran) "
             "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
      add.bind(1, std::string_view(study.name))
          .bind(2, std::string_view(study.path))
          .bind(3, std::string_view(study.hash));
      add.bind(4, std::string_view(study.text)).bind(5, fields);
      add.bind(6, static_cast<int64_t>(study.seed)).bind(7, std::string_view(study.engine));
      add.bind(8, static_cast<int64_t>(size)).bind(9, seconds_since_1970()).run();
    }
    // Rows of the plan that stay are left alone.
    uint64_t kept = 0;
    auto& rows = db("SELECT condition, rules, lineup, block FROM plan ORDER BY number");
    while (rows.step()) {
      if (kept == size) break;
      const auto& p = plan[kept];
      if (rows.integer(0) != p.condition || rows.integer(1) != p.rules || rows.integer(2) != p.lineup ||
          rows.integer(3) != p.block) {
        break;
      }
      ++kept;
    }
    rows.reset();
    auto& cut = db("DELETE FROM plan WHERE number > ?1");
    cut.bind(1, static_cast<int64_t>(kept)).run();
    for (uint64_t i = kept; i < size; ++i) {
      auto& add = db("INSERT INTO plan VALUES (?1, ?2, ?3, ?4, ?5)");
      add.bind(1, static_cast<int64_t>(i) + 1)
          .bind(2, plan[i].condition)
          .bind(3, plan[i].rules)
          .bind(4, plan[i].lineup);
      add.bind(5, static_cast<int64_t>(plan[i].block)).run();
    }
    return impl_->number_matches(plan, study.seed);
  });
  commit();
  impl_->plan = std::move(plan);
  impl_->seed = study.seed;
  impl_->begun.clear();
  return states;
}

std::vector<MatchState> Store::Impl::number_matches(std::vector<Planned>& planned, uint64_t of_seed) {
  // Rules with one hash are one identity: that of the first row which has it.
  std::vector<int32_t> identities;
  auto& hashes = db("SELECT id, min(id) OVER (PARTITION BY hash) FROM rules");
  while (hashes.step()) {
    auto id = static_cast<size_t>(hashes.integer(0));
    if (identities.size() <= id) identities.resize(id + 1);
    identities[id] = static_cast<int32_t>(hashes.integer(1));
  }
  using Key = std::tuple<uint32_t, int32_t, int32_t>;
  auto key_of = [&](int64_t block, int64_t rules, int64_t lineup) {
    return Key(static_cast<uint32_t>(block), identities[static_cast<size_t>(rules)], static_cast<int32_t>(lineup));
  };
  struct Stored {
    Key key;
    int64_t number, condition;
    MatchState state;
    int64_t wanted = 0;
  };
  std::vector<Stored> stored;
  std::vector<std::array<int64_t, 3>> changes;  // row, number or 0, condition
  auto& rows =
      db("SELECT id, number, block, rules, lineup, status, inputs, attempt, version, seed, condition FROM match");
  while (rows.step()) {
    if (static_cast<uint64_t>(rows.integer(9)) != of_seed) {
      if (rows.integer(1)) changes.push_back({rows.integer(0), 0, rows.integer(10)});
      continue;
    }
    stored.push_back({key_of(rows.integer(2), rows.integer(3), rows.integer(4)),
                      rows.integer(1),
                      rows.integer(10),
                      {rows.integer(0), status_of(rows.text(5)), rows.integer(6), static_cast<int>(rows.integer(7)),
                       static_cast<int>(rows.integer(8))}});
  }
  std::vector<MatchState> states(planned.size());
  std::vector<std::pair<Key, uint32_t>> keys;
  for (size_t i = 0; !stored.empty() && i < planned.size(); ++i) {
    keys.emplace_back(key_of(planned[i].block, planned[i].rules, planned[i].lineup), static_cast<uint32_t>(i));
  }
  std::sort(keys.begin(), keys.end());
  std::vector<Stored*> newest(planned.size());
  for (Stored& s : stored) {
    auto at = std::lower_bound(keys.begin(), keys.end(), std::pair(s.key, uint32_t{0}));
    if (at == keys.end() || at->first != s.key) continue;
    Stored*& best = newest[at->second];
    if (best && best->state.version >= s.state.version) continue;
    if (best) best->wanted = 0;
    best = &s;
    s.wanted = static_cast<int64_t>(at->second) + 1;
  }
  for (Stored& s : stored) {
    if (s.wanted) {
      Planned& p = planned[static_cast<size_t>(s.wanted) - 1];
      states[static_cast<size_t>(s.wanted) - 1] = s.state;
      p.row = s.state.row;
      p.version = s.state.version;
      if (s.condition == p.condition && s.number == s.wanted) continue;
      changes.push_back({s.state.row, s.wanted, p.condition});
    } else if (s.number) {
      changes.push_back({s.state.row, 0, s.condition});
    }
  }
  for (auto [row, number, condition] : changes) {
    auto& set = db("UPDATE match SET number = nullif(?2, 0), condition = ?3 WHERE id = ?1");
    set.bind(1, row).bind(2, number).bind(3, condition).run();
  }
  return states;
}

std::vector<StoredMatch> Store::matches(bool all) const {
  std::vector<StoredMatch> out;
  auto& rows = impl_->db(
      "SELECT id, number, status, inputs, attempt, version FROM match WHERE ?1 OR number IS NOT NULL "
      "ORDER BY number IS NULL, number, id");
  rows.bind(1, all ? 1 : 0);
  while (rows.step()) {
    StoredMatch m{rows.integer(0), static_cast<uint64_t>(rows.integer(1)), {}};
    m.state = {m.row, status_of(rows.text(2)), rows.integer(3), static_cast<int>(rows.integer(4)),
               static_cast<int>(rows.integer(5))};
    out.push_back(m);
  }
  return out;
}

Plan Store::plan_of(int64_t row) const {
  auto& find = impl_->db(
      "SELECT m.block, m.seed, m.lineup, r.hash, r.number, c.name, c.levels, r.rules, l.hash, l.number "
      "FROM match m JOIN condition c ON c.id = m.condition JOIN rules r ON r.id = m.rules JOIN lineup l ON l.id = "
      "m.lineup WHERE m.id = ?1");
  if (!find.bind(1, row).step())
    throw Error(quoted(path()) + " does not hold the condition, the rules or the line-up of this match: " + kDamaged);
  Plan plan;
  plan.block = static_cast<uint32_t>(find.integer(0));
  plan.seed = static_cast<uint64_t>(find.integer(1));
  int64_t lineup_row = find.integer(2);
  auto condition = std::make_shared<Condition>();
  condition->id = find.string(3);
  condition->number = static_cast<int>(find.integer(4));
  condition->name = find.string(5);
  condition->levels = impl_->json(find.text(6));
  condition->rules = rules_from(impl_->json(find.text(7)));
  auto lineup = std::make_shared<Lineup>();
  lineup->id = find.string(8);
  lineup->number = static_cast<int>(find.integer(9));
  find.reset();
  auto& seats = impl_->db(
      "SELECT name, strategy, settings, told, model, identity, sampling, watches FROM player WHERE lineup = ?1 "
      "ORDER BY seat");
  seats.bind(1, lineup_row);
  while (seats.step()) {
    Player p{seats.string(0), seats.string(1), impl_->json_or_nil(seats, 2), {},
             seats.string(4), seats.string(5), impl_->json_or_nil(seats, 6), static_cast<int>(seats.integer(7))};
    if (Value told = impl_->json_or_nil(seats, 3); told.is_list()) {
      for (const Value& name : told.list()) p.told.push_back(name.string());
    }
    lineup->players.push_back(std::move(p));
  }
  plan.condition = std::move(condition);
  plan.lineup = std::move(lineup);
  return plan;
}

void Store::source(const std::string& name, const Hash& hash, const std::string& text) {
  impl_->write([&] {
    auto& add = impl_->db("INSERT INTO source (name, hash, text) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
    add.bind(1, std::string_view(name)).bind(2, std::string_view(hash)).bind(3, std::string_view(text)).run();
  });
}

int64_t Store::inputs(std::vector<std::pair<std::string, Hash>> files) {
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  Value::List list;
  for (const auto& [name, hash] : files) list.push_back(Value::List{name, hash});
  Hash hash = hash_of(to_json(list));
  auto& find = impl_->db("SELECT id FROM inputs WHERE hash = ?1");
  if (find.bind(1, std::string_view(hash)).step()) {
    int64_t id = find.integer(0);
    find.reset();
    return id;
  }
  return impl_->write([&] {
    impl_->db("INSERT INTO inputs (hash) VALUES (?1)").bind(1, std::string_view(hash)).run();
    int64_t id = impl_->db.last_row();
    for (const auto& [name, of] : files) {
      auto& source = impl_->db("SELECT id FROM source WHERE name = ?1 AND hash = ?2");
      if (!source.bind(1, std::string_view(name)).bind(2, std::string_view(of)).step()) {
        throw std::logic_error("inputs name a file that is no source: " + name);
      }
      int64_t source_row = source.integer(0);
      source.reset();
      impl_->db("INSERT INTO input VALUES (?1, ?2)").bind(1, id).bind(2, source_row).run();
    }
    return id;
  });
}

std::vector<SourceText> Store::files(int64_t inputs) const {
  std::vector<SourceText> out;
  auto& rows = impl_->db(
      "SELECT s.name, s.hash, s.text FROM input i JOIN source s ON s.id = i.source WHERE i.inputs = ?1 "
      "ORDER BY s.name");
  rows.bind(1, inputs);
  while (rows.step()) out.push_back({rows.string(0), rows.string(1), rows.string(2)});
  return out;
}

void Store::model(const std::string& identity, const std::string& build, const Value& about) {
  impl_->write([&] {
    auto& add = impl_->db(
        "INSERT INTO model VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET about = excluded.about "
        "WHERE about <> excluded.about");
    add.bind(1, std::string_view(identity)).bind(2, std::string_view(build)).bind(3, about).run();
  });
}

}  // namespace parley
