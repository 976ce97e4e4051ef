// A match's life in the file: begun, its replies, its end.
#include <array>
#include <cmath>
#include <limits>

#include "base/clock.h"
#include "base/json.h"
#include "store/impl.h"

namespace parley {
namespace {

// The 32 bytes of a hash, and back.
std::string bytes_of(const Hash& hash) {
  std::string out;
  auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (size_t i = 0; i + 1 < hash.size(); i += 2) out += static_cast<char>(digit(hash[i]) * 16 + digit(hash[i + 1]));
  return out;
}

Hash hash_from(std::string_view bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  Hash out;
  for (char c : bytes) {
    out += kHex[static_cast<unsigned char>(c) >> 4];
    out += kHex[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

Place place_from(const sql::Statement& row) {
  return {static_cast<int>(row.integer(0)), static_cast<int>(row.integer(1)), static_cast<int>(row.integer(2)),
          static_cast<int>(row.integer(3))};
}

// A label that cannot come has log-probability minus infinity, which JSON cannot say: null.
Value scores_value(const std::vector<double>& scores) {
  if (scores.empty()) return {};
  Value::List list;
  for (double s : scores) list.push_back(std::isfinite(s) ? Value(s) : Value());
  return list;
}

std::vector<double> scores_from(const Value& list) {
  std::vector<double> scores;
  for (const Value& s : list.list()) {
    scores.push_back(s.is_number() ? s.number() : -std::numeric_limits<double>::infinity());
  }
  return scores;
}

constexpr std::array<std::string_view, 3> kSizes = {"again: ", "request: ", "model: "};  // by Failure::Size

std::string failure_text(const Failure& failure) {
  return std::string(kSizes[static_cast<size_t>(failure.size)]) + failure.what;
}

// None: it is no text of these.
std::optional<Failure> failure_from(const std::string& text) {
  for (size_t i = 0; i < kSizes.size(); ++i) {
    if (text.starts_with(kSizes[i])) return Failure{static_cast<Failure::Size>(i), text.substr(kSizes[i].size())};
  }
  return std::nullopt;
}

// The columns of a Kept, from `first` on in a row of kAnswer.
#define ANSWER_COLUMNS                                                                                           \
  "a.id, a.request, a.scores, a.text, a.failure, a.finish, a.thinking, a.input, a.cached, a.written, a.output, " \
  "a.reasoning, "                                                                                                \
  "s.name, "                                                                                                     \
  "s.build, a.raw, a.seconds, a.tries FROM answer a JOIN served s ON s.id = a.served"

}  // namespace

Kept Store::Impl::kept_from(const sql::Statement& row, int first) const {
  Kept kept;
  auto at = [&](int i) { return first + i; };
  kept.answer = row.integer(at(0));
  kept.request = hash_from(row.text(at(1)));
  Reply& r = kept.reply;
  if (!row.is_null(at(2))) r.scores = scores_from(json(row.text(at(2))));
  r.text = row.string(at(3));
  if (!row.is_null(at(4))) {
    r.failure = failure_from(row.string(at(4)));
    if (!r.failure)
      throw Error(quoted(path) + " holds an answer whose failure is '" + row.string(at(4)) + "': " + kDamaged);
  }
  r.finish = row.string(at(5));
  r.thinking = row.string(at(6));
  r.usage = {row.integer(at(7)), row.integer(at(8)), row.integer(at(9)), row.integer(at(10)), row.integer(at(11))};
  r.served = row.string(at(12));
  r.build = row.string(at(13));
  r.raw = row.string(at(14));
  r.seconds = row.real(at(15));
  r.tries = static_cast<int>(row.integer(at(16)));
  return kept;
}

int64_t Store::begin(uint64_t number, int64_t inputs, const Value& drawn) {
  if (number == 0 || number > impl_->plan.size()) throw std::logic_error("a match that is not planned is begun");
  auto& planned = impl_->plan[number - 1];
  Impl::Begun begun{
      number, inputs, planned.row, planned.version + 1, seconds_since_1970(), drawn.is_nil() ? "" : to_json(drawn)};
  int64_t row = impl_->next_row++;
  planned.row = row;
  planned.version = begun.version;
  impl_->begun.emplace(row, std::move(begun));
  return row;
}

void Store::Impl::displace(const Begun& of) {
  if (of.displaces) db("UPDATE match SET number = NULL WHERE id = ?1").bind(1, of.displaces).run();
}

void Store::Impl::bind_begin(sql::Statement& add, const Begun& b) const {
  const Planned& p = plan[b.number - 1];
  add.bind(13, static_cast<int64_t>(b.number)).bind(14, p.condition).bind(15, p.rules).bind(16, p.lineup);
  add.bind(17, static_cast<int64_t>(p.block)).bind(18, static_cast<int64_t>(seed)).bind(19, b.version);
  add.bind(20, b.displaces).bind(21, b.inputs).text_or_null(22, b.drawn).bind(23, b.started);
}

void Store::Impl::enter(int64_t row) {
  auto at = begun.find(row);
  if (at == begun.end()) return;
  displace(at->second);
  auto& add = db(
      "INSERT INTO match (id, status, number, condition, rules, lineup, block, seed, version, previous, inputs, drawn, "
      "attempt, started) VALUES (?1, 'open', ?13, ?14, ?15, ?16, ?17, ?18, ?19, nullif(?20, 0), ?21, ?22, 0, ?23)");
  bind_begin(add.bind(1, row), at->second);
  add.run();
  begun.erase(at);
}

void Store::resume(int64_t row) {
  impl_->write([&] {
    impl_->db("UPDATE match SET status = 'open', why = NULL, void_seat = NULL, finished = NULL WHERE id = ?1")
        .bind(1, row)
        .run();
  });
}

int Store::retry(int64_t row, const std::vector<Place>& unread) {
  return impl_->write([&] {
    auto& db = impl_->db;
    impl_->deriver.erase(row);
    db("UPDATE match SET status = 'open', attempt = attempt + 1, why = NULL, void_seat = NULL, rounds = NULL, closed = "
       "NULL, "
       "missing = NULL, pairs = NULL, equal = NULL, trace = NULL, chance = NULL, finished = NULL WHERE id = ?1")
        .bind(1, row)
        .run();
    auto attempt = static_cast<int>(db("SELECT attempt FROM match WHERE id = ?1").bind(1, row).number());
    for (const Place& place : unread) {
      auto& drop =
          db("UPDATE reply SET dropped = ?2 WHERE match = ?1 AND dropped = 0 AND seat = ?3 "
             "AND (n > ?4 OR (n = ?4 AND sample = ?5))");
      drop.bind(1, row).bind(2, attempt).bind(3, place.seat).bind(4, place.n).bind(5, place.sample).run();
    }
    return attempt;
  });
}

std::vector<Place> Store::unread(int64_t row) const {
  // Where something was done instead, the match went on; the last question of the seat that ended it is one of those that
  // ended it in any case.
  auto& rows = impl_->db(
      "SELECT q.seat, q.n, q.sample FROM question q JOIN match m ON m.id = q.match WHERE q.match = ?1 AND q.why IS NOT "
      "NULL AND "
      "((q.seat = m.void_seat AND q.n = (SELECT max(n) FROM question WHERE match = q.match AND seat = q.seat AND why "
      "IS NOT NULL)) "
      "OR NOT (EXISTS (SELECT 1 FROM choices k JOIN json_each(k.actions) v WHERE k.match = q.match AND k.seat = q.seat "
      "AND "
      "k.decision = q.decision AND v.value IS NULL AND "
      "coalesce(json_extract(k.rounds, '$[' || v.key || ']'), v.key + 1) = q.round) "
      "OR EXISTS (SELECT 1 FROM message s WHERE s.match = q.match AND s.seat = q.seat AND s.name = q.decision AND "
      "s.round = q.round AND s.text IS NULL))) ORDER BY q.seat, q.n, q.sample");
  rows.bind(1, row);
  std::vector<Place> places;
  while (rows.step()) {
    places.push_back(
        {static_cast<int>(rows.integer(0)), static_cast<int>(rows.integer(1)), static_cast<int>(rows.integer(2)), 1});
  }
  return places;
}

void Store::change_inputs(int64_t row, int64_t inputs) {
  if (auto at = impl_->begun.find(row); at != impl_->begun.end()) {
    at->second.inputs = inputs;
    return;
  }
  impl_->write([&] { impl_->db("UPDATE match SET inputs = ?2 WHERE id = ?1").bind(1, row).bind(2, inputs).run(); });
}

void Store::Impl::bind_end(sql::Statement& set, const Transcript& t, const Deriver::Head* head) {
  set.bind(2, std::string_view(status_name(t.status))).text_or_null(3, t.why);
  t.void_seat > 0 ? set.bind(4, t.void_seat) : set.bind_null(4);
  if (!head) {
    for (int i = 5; i <= 11; ++i) set.bind_null(i);
    return;
  }
  set.bind(5, head->rounds).bind(6, head->closed).bind(7, head->missing);
  head->pairs >= 0 ? set.bind(8, head->pairs).bind(9, head->equal) : set.bind_null(8).bind_null(9);
  set.bind(10, head->trace).bind(11, t.chance ? 1 : 0);
}

void Store::finish(int64_t row, const Transcript& t) {
  if (t.status == MatchStatus::open) throw std::logic_error("a match that goes on is finished");
  impl_->write([&] {
    auto& db = impl_->db;
    bool derived = t.status != MatchStatus::failed;
    Deriver::Head head;
    if (derived) head = impl_->deriver.write(row, t);
    auto at = impl_->begun.find(row);
    const char* text =
        at == impl_->begun.end()
            ? "UPDATE match SET status = ?2, why = ?3, void_seat = ?4, rounds = ?5, closed = ?6, missing = ?7, pairs = "
              "?8, "
              "equal = ?9, trace = ?10, chance = ?11, finished = ?12 WHERE id = ?1"
            : "INSERT INTO match (id, status, why, void_seat, rounds, closed, missing, pairs, equal, trace, chance, "
              "finished, "
              "number, "
              "condition, rules, lineup, block, seed, version, previous, inputs, drawn, attempt, started) VALUES (?1, "
              "?2, ?3, ?4, "
              "?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, nullif(?20, 0), ?21, ?22, 0, ?23)";
    auto& set = db(text);
    Impl::bind_end(set, t, derived ? &head : nullptr);
    set.bind(1, row).bind(12, seconds_since_1970());
    if (at != impl_->begun.end()) {
      impl_->displace(at->second);
      impl_->bind_begin(set, at->second);
    }
    set.run();
    if (at != impl_->begun.end()) impl_->begun.erase(at);
  });
}

Value Store::drawn(int64_t row) const {
  if (auto at = impl_->begun.find(row); at != impl_->begun.end())
    return at->second.drawn.empty() ? Value() : from_json(at->second.drawn);
  auto& find = impl_->db("SELECT drawn FROM match WHERE id = ?1");
  Value drawn = find.bind(1, row).step() ? impl_->json_or_nil(find, 0) : Value();
  find.reset();
  return drawn;
}

int64_t Store::keep(int64_t row, const Place& place, const Hash& request, bool pure, const std::string& model,
                    const Reply& r) {
  pure = pure && !r.failure;
  if (pure) {
    if (auto known = this->pure(request, r.build)) {
      point(row, place, known->answer);
      return known->answer;
    }
  }
  return impl_->write([&] {
    auto& db = impl_->db;
    auto [served, unknown] = impl_->served.try_emplace({model, r.served, r.build});
    if (unknown) {
      auto named = [&](const char* text) -> sql::Statement& {
        auto& statement = db(text);
        statement.bind(1, std::string_view(model)).bind(2, std::string_view(r.served));
        return statement.bind(3, std::string_view(r.build));
      };
      named("INSERT INTO served (model, name, build) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING").run();
      served->second = named("SELECT id FROM served WHERE model = ?1 AND name = ?2 AND build = ?3").number();
    }
    std::string hash = bytes_of(request), failure = r.failure ? failure_text(*r.failure) : "";
    auto& add =
        db("INSERT INTO answer (request, pure, served, scores, text, failure, finish, thinking, input, cached, "
           "written, output, reasoning, raw, seconds, tries) "
           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)");
    add.bind_blob(1, hash).bind(2, pure ? 1 : 0).bind(3, served->second).bind(4, scores_value(r.scores));
    r.scores.empty() ? add.bind(5, std::string_view(r.text)) : add.text_or_null(5, r.text);
    add.text_or_null(6, failure).bind(7, std::string_view(r.finish)).text_or_null(8, r.thinking);
    add.bind(9, r.usage.input).bind(10, r.usage.cached).bind(11, r.usage.written);
    add.bind(12, r.usage.output).bind(13, r.usage.reasoning);
    add.text_or_null(14, r.raw).bind(15, r.seconds).bind(16, r.tries).run();
    int64_t answer = db.last_row();
    point(row, place, answer);
    return answer;
  });
}

void Store::point(int64_t row, const Place& place, int64_t answer) {
  impl_->write([&] {
    impl_->enter(row);
    auto& add = impl_->db("INSERT INTO reply VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)");
    add.bind(1, row)
        .bind(2, place.seat)
        .bind(3, place.n)
        .bind(4, place.sample)
        .bind(5, place.attempt)
        .bind(6, answer)
        .run();
  });
}

std::map<Place, Kept> Store::replies(int64_t row) const {
  std::map<Place, Kept> out;
  auto& rows = impl_->db("SELECT r.seat, r.n, r.sample, r.try, " ANSWER_COLUMNS
                         " JOIN reply r ON r.answer = a.id WHERE r.match = ?1 AND r.dropped = 0");
  rows.bind(1, row);
  while (rows.step()) out.emplace(place_from(rows), impl_->kept_from(rows, 4));
  return out;
}

std::map<std::pair<Place, Hash>, Kept> Store::previous_replies(int64_t row) const {
  auto previous = [&](int64_t of) {
    auto& find = impl_->db("SELECT previous FROM match WHERE id = ?1");
    int64_t before = find.bind(1, of).step() ? find.integer(0) : 0;
    find.reset();
    return before;
  };
  auto begun = impl_->begun.find(row);
  std::map<std::pair<Place, Hash>, Kept> out;
  for (int64_t of = begun == impl_->begun.end() ? previous(row) : begun->second.displaces; of != 0; of = previous(of)) {
    for (auto& [place, kept] : replies(of)) out.try_emplace({place, kept.request}, kept);
  }
  return out;
}

std::optional<Kept> Store::pure(const Hash& request, const std::string& build) const {
  std::string hash = bytes_of(request);
  auto& find = impl_->db("SELECT " ANSWER_COLUMNS " WHERE a.request = ?1 AND a.pure AND s.build = ?2");
  find.bind_blob(1, hash).bind(2, std::string_view(build));
  if (!find.step()) return std::nullopt;
  Kept kept = impl_->kept_from(find, 0);
  find.reset();
  return kept;
}

}  // namespace parley
