#include "store/derived/derive.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>

#include "base/hash.h"
#include "base/json.h"
#include "game/plan.h"

namespace parley {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// As JSON has it: the shortest form that reads back the same, whole numbers without a point.
char* number_text(char* to, size_t room, double n) {
  auto whole = static_cast<int64_t>(n > -1e15 && n < 1e15 ? n : 0);
  if (static_cast<double>(whole) == n) return std::to_chars(to, to + room, whole).ptr;
  return std::to_chars(to, to + room, n).ptr;
}

void append_number(std::string& out, double n) {
  char digits[32];
  out.append(digits, number_text(digits, sizeof digits, n));
}

// "0,", "1,", … "255,", each with its length.
struct Small {
  char text[4];
  uint32_t size;
};
constexpr auto kSmall = [] {
  std::array<Small, 256> all{};
  for (int n = 0; n < 256; ++n) {
    Small& s = all[static_cast<size_t>(n)];
    if (n >= 100) s.text[s.size++] = static_cast<char>('0' + n / 100);
    if (n >= 10) s.text[s.size++] = static_cast<char>('0' + n / 10 % 10);
    s.text[s.size++] = static_cast<char>('0' + n % 10);
    s.text[s.size++] = ',';
  }
  return all;
}();

// "[a,b,c]" of n numbers at(0), at(1), … Nearly all are whole and small, and there are hundreds in a match: but for SQLite,
// this is most of what a match of fixed players costs.
template <class At>
void number_array(std::string& out, size_t n, const At& at) {
  constexpr size_t kLongest = 32;
  thread_local std::vector<char> room;
  if (room.size() < (n + 1) * kLongest) room.resize((n + 1) * kLongest);
  char* to = room.data();
  *to++ = '[';
  for (size_t i = 0; i < n; ++i) {
    auto number = at(i);
    const bool small = number >= 0 && static_cast<double>(number) < static_cast<double>(kSmall.size());
    const size_t whole = small ? static_cast<size_t>(number) : kSmall.size();
    if (whole < kSmall.size() && static_cast<decltype(number)>(whole) == number) {
      const Small& s = kSmall[whole];
      std::memcpy(to, s.text, sizeof s.text);
      to += s.size;
    } else {
      to = number_text(to, kLongest, static_cast<double>(number));
      *to++ = ',';
    }
  }
  if (n > 0) --to;
  *to++ = ']';
  out.assign(room.data(), to);
}

void append_value(std::string& out, const Value& value) {
  if (value.is_number()) {
    append_number(out, value.number());
  } else {
    out += to_json(value);
  }
}

}  // namespace

// Every set of the process's words so far gets its row: sets are few, and matches many.
void Deriver::learn_sets(const Transcript& t) {
  if (words_ != t.words) {
    words_ = t.words;
    sets_.clear();
  }
  for (size_t index = sets_.size(); index < t.words->sets.size(); ++index) {
    const ActionSet& set = *t.words->sets[index];
    Set known{0, set.kind, to_json(set.to_value())};
    auto& find = db_("SELECT id FROM action_set WHERE options = ?1");
    if (find.bind(1, std::string_view(known.options)).step()) {
      known.id = find.integer(0);
      find.reset();
    } else {
      constexpr std::string_view kKinds[] = {"list", "range", "record", "split", "words"};
      auto& add = db_("INSERT INTO action_set (kind, options) VALUES (?1, ?2)");
      add.bind(1, kKinds[static_cast<size_t>(set.kind)]).bind(2, std::string_view(known.options)).run();
      known.id = db_.last_row();
      for (size_t i = 0; set.kind == ActionSet::Kind::list && i < set.size(); ++i) {
        auto& action = db_("INSERT INTO action VALUES (?1, ?2, ?3)");
        action.bind(1, known.id).bind(2, static_cast<int64_t>(i)).bind(3, set.at(i)).run();
      }
    }
    sets_.push_back(std::move(known));
  }
}

Deriver::Track& Deriver::find_track(const Event& event) {
  Track*& last = last_track_[static_cast<size_t>(event.seat)];
  for (Track* k : tracks_) {
    if (k->seat == event.seat && k->name == event.name) return *(last = k);
  }
  if (spare_tracks_.size() == tracks_.size()) spare_tracks_.emplace_back();
  last = &spare_tracks_[tracks_.size()];
  last->seat = event.seat;
  last->name = event.name;
  last->set = event.set;
  last->plain = last->one_set = last->in_order = true;
  last->entries.count = 0;
  tracks_.push_back(last);
  return *last;
}

// The number of an action in its list, or the number that it is; NaN for anything else.
double Deriver::number_of(const Transcript& t, const Event& event) {
  const ActionSet* of = event.set >= 0 ? t.words->sets[static_cast<size_t>(event.set)].get() : nullptr;
  if (of && of->kind == ActionSet::Kind::list) {
    if (event.index >= 0) return event.index;
    if (auto found = of->index_of(t.value_of(event))) return static_cast<double>(*found);
    return kNone;
  }
  Value value = t.value_of(event);
  return value.is_number() ? value.number() : kNone;
}

void Deriver::append_action(const Transcript& t, const Event& event, std::string& out) {
  double number = number_of(t, event);
  if (std::isnan(number))
    append_value(out, t.value_of(event));
  else
    append_number(out, number);
}

void Deriver::say(int64_t row, const Transcript& t, const Event& event, int round) {
  auto& add =
      db_("INSERT INTO message (match, number, round, seat, name, text, done, facts, seen) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  std::string_view name = t.name_of(event);
  Value value = t.value_of(event), nothing;
  bool told = event.kind == Event::told;
  bool missing = event.kind == Event::missing || event.kind == Event::done;
  add.bind(1, row).bind(2, ++messages_).bind(3, round).bind(5, name);
  told ? add.bind_null(4) : add.bind(4, event.seat);
  add.bind(6, told || missing ? nothing : value).bind(7, missing ? value : nothing).bind(8, told ? value : nothing);
  add.bind(9, event.seen > 0 ? t.seen_by(event) : nothing).run();
  if (told) return;
  std::string& to = said(event.seat);
  append_number(to, round);
  to += missing ? "null" : to_json(value);
}

Deriver::Head Deriver::write(int64_t row, const Transcript& t) {
  tracks_.clear();
  note_count_ = 0;
  paid_ = false;
  messages_ = missing_ = 0;
  said_.resize(t.plan ? t.plan->lineup->players.size() : t.seats.size());
  for (std::string& of_seat : said_) of_seat.clear();
  learn_sets(t);
  Head head;
  if (t.table) {
    write_table(row, t, head);
  } else {
    write_events(row, t, head);
  }
  head.missing = missing_;
  head.trace = trace_of(t);
  return head;
}

// The game with its settings, and of each seat what it is and all that it said: the seats in the order of these texts, so that it does
// not matter who sat where in a game that is the same from both.
int64_t Deriver::trace_of(const Transcript& t) {
  constexpr size_t kMost = 1024;
  if (players_.size() >= kMost) players_.clear();
  if (games_.size() >= kMost) games_.clear();
  std::string all;
  if (t.plan) {
    const auto [players, new_lineup] = players_.try_emplace(t.plan->lineup);
    for (const Player& p : new_lineup ? t.plan->lineup->players : std::vector<Player>()) {
      players->second.push_back(to_json(Value::List{p.strategy, p.settings, Value::List(p.told.begin(), p.told.end()),
                                                    p.model_identity, p.sampling, p.watches > 0}));
    }
    for (size_t i = 0; i < said_.size(); ++i) said_[i] += players->second[i];
    const auto [game, new_condition] = games_.try_emplace(t.plan->condition);
    const Rules& rules = t.plan->condition->rules;
    if (new_condition) game->second = to_json(Value::List{rules.game, rules.settings});
    all = game->second;
  }
  std::vector<const std::string*> order;
  for (const std::string& of_seat : said_) order.push_back(&of_seat);
  std::sort(order.begin(), order.end(), [](const std::string* a, const std::string* b) { return *a < *b; });
  for (const std::string* of_seat : order) (all += '\n') += *of_seat;
  const Digest digest = sha256(all);
  uint64_t out = 0;
  for (size_t i = 0; i < 8; ++i) out = out << 8 | digest[i];
  return static_cast<int64_t>(out);
}

void Deriver::write_table(int64_t row, const Transcript& t, Head& head) {
  const PayoffTable& table = *t.table;
  const size_t seats = t.seats.size(), n = t.cells.size();
  head.rounds = static_cast<int>(n);
  head.closed = n > 0 && !t.last_closed ? head.rounds - 1 : head.rounds;
  const int32_t* cells = t.cells.data();
  for (size_t s = 0; s < seats; ++s) {
    pays_.clear();  // by cell
    for (const auto& amounts : table.cells) pays_.push_back(amounts[s]);
    write_paid(row, static_cast<int>(s) + 1, t.seats[s], head.closed,
               [&](size_t r) { return pays_[static_cast<size_t>(cells[r])]; });
  }
  if (n == 0) return;
  std::vector<std::vector<int>> places(seats);  // of the seat's action in its set, by cell
  for (size_t s = 0, below = table.cells.size(); s < seats; ++s) {
    const size_t size = t.words->sets[static_cast<size_t>(table.sets[s])]->size();
    below /= size;
    for (size_t cell = 0; cell < table.cells.size(); ++cell) places[s].push_back(static_cast<int>(cell / below % size));
  }
  done_.clear(), sets_array_.clear(), rounds_.clear();
  for (size_t s = 0; s < seats; ++s) {
    int first = 0;
    const int* place_of = places[s].data();
    number_array(actions_, n, [&](size_t r) {
      int place = place_of[cells[r]];
      first += place == 0;
      return place;
    });
    write_chosen(row, {static_cast<int>(s) + 1, t.words->names[static_cast<size_t>(table.decision)],
                       &set_of(table.sets[s]), static_cast<int>(n), first, std::nullopt});
  }
  if (seats != 2 || table.sets[0] != table.sets[1]) return;
  head.pairs = static_cast<int>(n);
  std::vector<int> equal;  // by cell
  for (size_t cell = 0; cell < table.cells.size(); ++cell) equal.push_back(places[0][cell] == places[1][cell]);
  for (int32_t cell : t.cells) head.equal += equal[static_cast<size_t>(cell)];
}

void Deriver::write_events(int64_t row, const Transcript& t, Head& head) {
  last_track_.assign(t.seats.size() + 1, nullptr);
  const size_t seats = t.seats.size();
  pays_.assign(static_cast<size_t>(t.rounds) * seats, 0);
  double* pays = nullptr;  // of the round under way
  int round = 0;
  std::set<int32_t> spoken;  // names of decisions that were made in words
  auto is_text = [&](const Event& e) { return e.set >= 0 && set_of(e.set).kind == ActionSet::Kind::words; };
  for (const Event& event : t.events) {
    switch (event.kind) {
      case Event::round:
        if (event.number <= 0) break;  // the last one is closed, none begins
        round = static_cast<int>(event.number);
        assert(round <= t.rounds);
        pays = pays_.data() + static_cast<size_t>(round - 1) * seats;
        break;
      case Event::missing:
        ++missing_;
        [[fallthrough]];
      case Event::choice:
        if (is_text(event)) {
          spoken.insert(event.name);
          say(row, t, event, round);
        } else {
          track(event).add(event, round);
        }
        break;
      case Event::done:
        if (spoken.contains(event.name)) {
          say(row, t, event, round);
        } else if (Track& k = track(event); k.entries.count > 0) {
          k.entries.room[k.entries.count - 1].done = &event;
          k.plain = false;
        } else {  // it is seen to do what it never chose
          k.add(event, round);
        }
        break;
      case Event::pay:
        if (!pays) break;
        pays[event.seat - 1] += event.number;
        paid_ = true;
        break;
      case Event::note: {
        if (is_drawing(t.value_of(event))) break;
        size_t at = 0;
        while (at < note_count_ && notes_[at].name != event.name) ++at;
        if (at == notes_.size()) notes_.emplace_back();
        if (at == note_count_) {
          ++note_count_;
          notes_[at].name = event.name;
          notes_[at].entries.count = 0;
        }
        notes_[at].entries.add({&event, nullptr, round});
        break;
      }
      case Event::told:
        say(row, t, event, round);
        break;
      default:
        break;
    }
  }
  head.rounds = round;
  head.closed = round > 0 && !t.last_closed ? round - 1 : round;
  write_seats(row, t, head.closed);
  std::sort(tracks_.begin(), tracks_.end(), [&](const Track* a, const Track* b) {
    if (a->seat != b->seat) return a->seat < b->seat;
    return t.words->names[static_cast<size_t>(a->name)] < t.words->names[static_cast<size_t>(b->name)];
  });
  for (const Track* k : tracks_) write_choices(row, t, *k);
  count_equal(t, head);
  write_measures(row, t);
  write_questions(row, t);
}

// The row of a seat that is paid: paid(0), paid(1), … in its closed rounds.
template <class At>
void Deriver::write_paid(int64_t row, int seat, std::string_view name, int closed, const At& paid) {
  double total = 0;
  number_array(actions_, static_cast<size_t>(closed), [&](size_t r) {
    double now = paid(r);
    total += now;
    return now;
  });
  said(seat) += actions_;
  auto& add = db_("INSERT INTO seat VALUES (?1, ?2, ?3, ?4, ?5)");
  add.bind(1, row).bind(2, seat).bind(3, name).bind(4, std::string_view(actions_)).bind(5, total).run();
}

void Deriver::write_seats(int64_t row, const Transcript& t, int closed) {
  const size_t seats = t.seats.size();
  for (size_t i = 0; i < seats; ++i) {
    int seat = static_cast<int>(i) + 1;
    if (paid_) {
      write_paid(row, seat, t.seats[i], closed, [&](size_t r) { return pays_[r * seats + i]; });
    } else {
      db_("INSERT INTO seat VALUES (?1, ?2, ?3, NULL, NULL)")
          .bind(1, row)
          .bind(2, seat)
          .bind(3, std::string_view(t.seats[i]))
          .run();
    }
  }
}

// The rounds of the entries, into rounds_; empty where they are 1, 2, … in order.
void Deriver::rounds_array(std::span<const Entry> entries) {
  rounds_.clear();
  size_t i = 0;
  while (i < entries.size() && entries[i].round == static_cast<int>(i) + 1) ++i;
  if (i < entries.size()) number_array(rounds_, entries.size(), [&](size_t k) { return entries[k].round; });
}

void Deriver::write_choices(int64_t row, const Transcript& t, const Track& k) {
  const std::string& name = t.words->names[static_cast<size_t>(k.name)];
  const std::span<const Entry> entries = k.entries.all();
  bool lists = true, ranges = true;  // every set is one
  for (const Entry& e : entries) {
    auto kind = e.chosen->set >= 0 ? set_of(e.chosen->set).kind : ActionSet::Kind::words;
    lists = lists && kind == ActionSet::Kind::list;
    ranges = ranges && kind == ActionSet::Kind::range;
    if (k.one_set) break;
  }
  int made = 0, first = 0;
  double sum = 0;
  done_.clear();
  if (k.plain && lists && entries[0].chosen->index >= 0) {
    number_array(actions_, entries.size(), [&](size_t i) {
      const Event& e = *entries[i].chosen;
      int index = e.index >= 0 ? e.index : static_cast<int>(number_of(t, e));
      first += index == 0;
      return index;
    });
    made = static_cast<int>(entries.size());
  } else {
    actions_ = "[";
    if (!k.plain) done_ = "[";
    for (const Entry& e : entries) {
      if (e.chosen->kind == Event::choice) {
        double number = number_of(t, *e.chosen);
        ++made;
        first += number == 0;
        sum += number;
        append_action(t, *e.chosen, actions_);
      } else {
        actions_ += "null";
      }
      actions_ += ',';
      if (k.plain) continue;
      append_action(t, e.done ? *e.done : *e.chosen, done_);
      done_ += ',';
    }
    actions_.back() = ']';
    if (!k.plain) done_.back() = ']';
  }
  sets_array_.clear();
  if (!k.one_set) {
    for (const Entry& e : entries) said(k.seat) += e.chosen->set >= 0 ? set_of(e.chosen->set).options : "";
    number_array(sets_array_, entries.size(), [&](size_t i) {
      int of = entries[i].chosen->set;
      return of >= 0 ? static_cast<double>(set_of(of).id) : 0;
    });
  }
  rounds_.clear();
  if (!k.in_order) rounds_array(entries);
  write_chosen(row, {k.seat, name, k.one_set && k.set >= 0 ? &set_of(k.set) : nullptr, made, lists ? first : -1,
                     ranges && made > 0 ? std::optional(sum / made) : std::nullopt});
}

void Deriver::write_chosen(int64_t row, const Chosen& chosen) {
  auto& add = db_("INSERT INTO choices VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
  add.bind(1, row).bind(2, chosen.seat).bind(3, chosen.decision);
  chosen.set ? add.bind(4, chosen.set->id) : add.bind_null(4);
  add.text_or_null(5, sets_array_).bind(6, std::string_view(actions_)).text_or_null(7, done_).text_or_null(8, rounds_);
  add.bind(9, chosen.made);
  chosen.first >= 0 ? add.bind(10, chosen.first) : add.bind_null(10);
  chosen.mean ? add.bind(11, *chosen.mean) : add.bind_null(11);
  add.run();
  std::string& to = said(chosen.seat);
  to += chosen.decision;
  if (chosen.set) to += chosen.set->options;
  to += actions_;
  to += rounds_;
}

void Deriver::count_equal(const Transcript& t, Head& head) {
  if (tracks_.size() != 2 || t.seats.size() != 2) return;
  const Track &a = *tracks_[0], &b = *tracks_[1];
  if (a.seat == b.seat || a.name != b.name) return;
  if (!a.one_set || !b.one_set || !a.in_order || !b.in_order || a.set != b.set || a.set < 0) return;
  auto kind = set_of(a.set).kind;
  if (kind != ActionSet::Kind::list && kind != ActionSet::Kind::range) return;
  head.pairs = 0;
  for (size_t i = 0; i < std::min(a.entries.count, b.entries.count); ++i) {
    const Event &x = *a.entries.room[i].chosen, &y = *b.entries.room[i].chosen;
    if (x.kind != Event::choice || y.kind != Event::choice) continue;
    ++head.pairs;
    bool by_index = x.index >= 0 && y.index >= 0;
    head.equal += by_index ? x.index == y.index : number_of(t, x) == number_of(t, y);
  }
}

void Deriver::write_measures(int64_t row, const Transcript& t) {
  for (size_t i = 0; i < note_count_; ++i) {
    const Noted& noted = notes_[i];
    actions_ = "[";
    for (const Entry& e : noted.entries.all()) {
      append_value(actions_, t.value_of(*e.chosen));
      actions_ += ',';
    }
    actions_.back() = ']';
    rounds_array(noted.entries.all());
    auto& add = db_("INSERT INTO measures VALUES (?1, ?2, ?3, ?4)");
    add.bind(1, row).bind(2, std::string_view(t.words->names[static_cast<size_t>(noted.name)]));
    add.bind(3, std::string_view(actions_)).text_or_null(4, rounds_).run();
  }
}

void Deriver::write_questions(int64_t row, const Transcript& t) {
  for (const QuestionRecord& q : t.questions) {
    auto& add = db_(
        "INSERT INTO question (match, seat, n, sample, round, decision, question, about, added, read, options, choice, "
        "mass, scores, tie, tries, why, cue) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)");
    add.bind(1, row).bind(2, q.seat).bind(3, q.n).bind(4, q.sample).bind(5, q.round);
    add.bind(6, std::string_view(q.decision)).bind(7, std::string_view(q.question)).text_or_null(8, q.about);
    const std::string added = (q.head ? *q.head : "") + q.added;
    for (const std::string* part : {&q.decision, &q.question, &added, &q.cue}) said(q.seat) += *part;
    said(q.seat) += to_json(Value::List{q.options, q.choice});
    add.bind(9, std::string_view(added)).bind(10, std::string_view(q.read)).bind(11, q.options).bind(12, q.choice);
    q.mass >= 0 ? add.bind(13, q.mass) : add.bind_null(13);
    add.bind(14, q.scores)
        .bind(15, q.tie ? 1 : 0)
        .bind(16, q.tries)
        .text_or_null(17, q.why)
        .text_or_null(18, q.cue)
        .run();
  }
  int number = 0;
  for (size_t i = 0; i < t.memories.size(); ++i) {
    const MemoryRecord& m = t.memories[i];
    number = i > 0 && t.memories[i - 1].seat == m.seat ? number + 1 : 1;
    auto& add = db_("INSERT INTO memory VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    add.bind(1, row).bind(2, m.seat).bind(3, number).bind(4, m.round).bind(5, std::string_view(m.decision));
    add.bind(6, m.memory).run();
  }
  number = 0;
  for (const Belief& b : t.beliefs) {
    const QuestionRecord& q = t.questions[static_cast<size_t>(b.question)];
    auto& add = db_("INSERT INTO beliefs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    add.bind(1, row).bind(2, ++number).bind(3, b.seat).bind(4, q.n).bind(5, q.sample).bind(6, b.round);
    b.about ? add.bind(7, b.about) : add.bind_null(7);
    add.bind(8, std::string_view(b.decision)).bind(9, b.guess).bind(10, b.truth);
    b.given >= 0 ? add.bind(11, b.given) : add.bind_null(11);
    add.run();
  }
}

void Deriver::erase(int64_t row) {
  for (const char* text : {"DELETE FROM seat WHERE match = ?1", "DELETE FROM choices WHERE match = ?1",
                           "DELETE FROM message WHERE match = ?1", "DELETE FROM measures WHERE match = ?1",
                           "DELETE FROM question WHERE match = ?1", "DELETE FROM memory WHERE match = ?1",
                           "DELETE FROM beliefs WHERE match = ?1"}) {
    db_(text).bind(1, row).run();
  }
}

}  // namespace parley
