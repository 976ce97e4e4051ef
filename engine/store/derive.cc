#include "store/derive.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/hash.h"
#include "base/json.h"

namespace parley {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

void append_integer(std::string& out, int64_t n) {
  if (n >= 0 && n < 10) {
    out += static_cast<char>('0' + n);
    return;
  }
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, n).ptr);
}

// As JSON has it: the shortest form that reads back the same.
void append_number(std::string& out, double n) {
  auto whole = static_cast<int64_t>(n > -1e15 && n < 1e15 ? n : 0);
  if (static_cast<double>(whole) == n) return append_integer(out, whole);
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, n).ptr);
}

void append_value(std::string& out, const Value& value) {
  if (value.is_number()) {
    append_number(out, value.number());
  } else {
    out += to_json(value);
  }
}

}  // namespace

void Deriver::Column::start() {
  elements = "[";
  rounds.clear();
  count = 0;
  in_order = true;
}

void Deriver::Column::next(int round) {
  if (count > 0) elements += ',';
  ++count;
  if (in_order && round == count) return;
  if (in_order) {
    in_order = false;
    rounds = "[";
    for (int i = 1; i < count; ++i) append_integer(rounds, i), rounds += ',';
  } else {
    rounds += ',';
  }
  append_integer(rounds, round);
}

void Deriver::Track::start(int of_seat, int of_name, int of_set) {
  seat = of_seat, name = of_name, set = of_set;
  actions.start();
  done.clear(), sets.clear(), meant.clear();
  missing = first = 0;
  sum = 0;
  lists = ranges = true;
}

Deriver::Set& Deriver::set_of(const Transcript& t, int index) {
  if (words_ != t.words) {
    words_ = t.words;
    sets_.clear();
  }
  if (sets_.size() <= static_cast<size_t>(index)) sets_.resize(t.words->sets.size());
  Set& known = sets_[static_cast<size_t>(index)];
  if (known.id) return known;
  known.set = t.words->sets[static_cast<size_t>(index)].get();
  known.options = to_json(known.set->to_value());
  auto& find = db_("SELECT id FROM action_set WHERE options = ?1");
  find.bind(1, std::string_view(known.options));
  if (find.step()) {
    known.id = find.integer(0);
    find.reset();
    return known;
  }
  constexpr std::string_view kKinds[] = {"list", "range", "record", "split", "words"};
  auto& add = db_("INSERT INTO action_set (kind, options) VALUES (?1, ?2)");
  add.bind(1, kKinds[static_cast<size_t>(known.set->kind)]).bind(2, std::string_view(known.options)).run();
  known.id = db_.last_row();
  for (size_t i = 0; known.set->kind == ActionSet::Kind::list && i < known.set->size(); ++i) {
    auto& action = db_("INSERT INTO action VALUES (?1, ?2, ?3)");
    action.bind(1, known.id).bind(2, static_cast<int64_t>(i)).bind(3, known.set->at(i)).run();
  }
  return known;
}

Deriver::Track& Deriver::track(int seat, int name, int set) {
  size_t& last = last_track_[static_cast<size_t>(seat)];
  if (last < track_count_ && tracks_[last].seat == seat && tracks_[last].name == name) return tracks_[last];
  for (last = 0; last < track_count_; ++last) {
    if (tracks_[last].seat == seat && tracks_[last].name == name) return tracks_[last];
  }
  if (tracks_.size() == track_count_) tracks_.emplace_back();
  tracks_[track_count_].start(seat, name, set);
  return tracks_[track_count_++];
}

void Deriver::append_action(const Transcript& t, const Event& event, int set, std::string& out, double* number) {
  *number = kNone;
  const ActionSet* of = set >= 0 ? t.words->sets[static_cast<size_t>(set)].get() : nullptr;
  if (of && of->kind == ActionSet::Kind::list) {
    int64_t index = event.index;
    if (index < 0 || event.set != set) {
      auto found = of->index_of(t.value_of(event));
      index = found ? static_cast<int64_t>(*found) : -1;
    }
    if (index >= 0) {
      append_integer(out, index);
      *number = static_cast<double>(index);
      return;
    }
  }
  Value value = t.value_of(event);
  if (value.is_number()) *number = value.number();
  append_value(out, value);
}

void Deriver::choose(const Transcript& t, const Event& event, int round) {
  Track& k = track(event.seat, event.name, event.set);
  bool missing = event.kind == Event::missing;
  k.actions.next(round);
  k.action_at = k.actions.elements.size();
  double number = kNone;
  if (missing) {
    if (k.done.empty()) k.done = k.actions.elements;
    else k.done += ',';
    k.done_at = k.done.size();
    append_action(t, event, event.set, k.done, &number);
    k.actions.elements += "null";
    k.meant.push_back(kNone);
    ++k.missing, ++missing_;
  } else {
    append_action(t, event, event.set, k.actions.elements, &number);
    if (!k.done.empty()) {
      k.done += ',';
      k.done_at = k.done.size();
      k.done.append(k.actions.elements, k.action_at);
    }
    k.meant.push_back(number);
  }
  if (event.set != k.set || !k.sets.empty()) {
    auto id = [&](int set) { return set >= 0 ? set_of(t, set).id : 0; };
    if (k.sets.empty()) {
      k.sets = "[";
      for (int i = 1; i < k.actions.count; ++i) append_integer(k.sets, id(k.set)), k.sets += ',';
    } else {
      k.sets += ',';
    }
    append_integer(k.sets, id(event.set));
  }
  auto kind = event.set >= 0 ? t.words->sets[static_cast<size_t>(event.set)]->kind : ActionSet::Kind::words;
  k.lists = k.lists && kind == ActionSet::Kind::list;
  k.ranges = k.ranges && kind == ActionSet::Kind::range;
  if (missing) return;
  if (number == 0) ++k.first;
  k.sum += number;
}

void Deriver::do_instead(const Transcript& t, const Event& event, int round) {
  Track& k = track(event.seat, event.name, event.set);
  if (k.actions.count == 0) {  // it was seen to do what it never chose
    Event instead = event;
    instead.kind = Event::missing;
    return choose(t, instead, round);
  }
  if (k.done.empty()) {
    k.done.assign(k.actions.elements, 0, k.action_at);
    k.done_at = k.action_at;
  }
  k.done.resize(k.done_at);
  double number;
  append_action(t, event, event.set >= 0 ? event.set : k.set, k.done, &number);
}

void Deriver::note(const Transcript& t, const Event& event, int round) {
  size_t at = 0;
  while (at < note_count_ && notes_[at].name != event.name) ++at;
  if (at == note_count_) {
    if (notes_.size() == note_count_) notes_.emplace_back();
    notes_[at].name = event.name;
    notes_[at].values.start();
    ++note_count_;
  }
  notes_[at].values.next(round);
  append_value(notes_[at].values.elements, t.value_of(event));
}

void Deriver::say(int64_t row, const Transcript& t, const Event& event, int round) {
  auto& add = db_("INSERT INTO message (match, number, round, seat, name, text, done, facts, seen) "
                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
  std::string_view name = t.words->names[static_cast<size_t>(event.name)];
  Value value = t.value_of(event), nothing;
  bool told = event.kind == Event::told;
  bool missing = event.kind == Event::missing || event.kind == Event::done;
  add.bind(1, row).bind(2, ++messages_).bind(3, round).bind(5, name);
  told ? add.bind_null(4) : add.bind(4, event.seat);
  add.bind(6, told || missing ? nothing : value).bind(7, missing ? value : nothing).bind(8, told ? value : nothing);
  add.bind(9, event.seen > 0 ? t.values[static_cast<size_t>(event.seen) - 1] : nothing).run();
  if (told) return;
  if (event.kind == Event::missing) ++missing_;
  append_integer(said_, event.seat);
  said_ += missing ? "null" : to_json(value);
}

void Deriver::close_round() {
  for (Pay& pay : pays_) {
    if (pay.array.size() > 1) pay.array += ',';
    append_number(pay.array, pay.now);
    pay.total += pay.now;
    pay.now = 0;
  }
}

Deriver::Head Deriver::write(int64_t row, const Transcript& t) {
  track_count_ = note_count_ = 0;
  paid_ = false;
  messages_ = missing_ = 0;
  said_.clear();
  last_track_.assign(t.seats.size() + 1, 0);
  pays_.resize(t.seats.size());
  for (Pay& pay : pays_) {
    pay.array = "[";
    pay.now = pay.total = 0;
  }
  int round = 0;
  auto is_text = [&](const Event& e) {
    return e.set >= 0 && t.words->sets[static_cast<size_t>(e.set)]->kind == ActionSet::Kind::words;
  };
  for (const Event& event : t.events) {
    switch (event.kind) {
      case Event::round:
        if (round++ > 0) close_round();
        break;
      case Event::choice:
      case Event::missing: is_text(event) ? say(row, t, event, round) : choose(t, event, round); break;
      case Event::done: is_text(event) ? say(row, t, event, round) : do_instead(t, event, round); break;
      case Event::pay:
        pays_[static_cast<size_t>(event.seat) - 1].now += event.number;
        paid_ = true;
        break;
      case Event::note: note(t, event, round); break;
      case Event::told: say(row, t, event, round); break;
      default: break;
    }
  }
  if (round > 0 && t.last_closed) close_round();
  Head head;
  head.rounds = round;
  head.closed = round > 0 && !t.last_closed ? round - 1 : round;
  for (size_t i = 0; i < pays_.size(); ++i) {
    auto& add = db_("INSERT INTO seat VALUES (?1, ?2, ?3, ?4, ?5)");
    add.bind(1, row).bind(2, static_cast<int64_t>(i) + 1).bind(3, std::string_view(t.seats[i]));
    pays_[i].array += ']';
    paid_ ? add.bind(4, std::string_view(pays_[i].array)).bind(5, pays_[i].total) : add.bind_null(4).bind_null(5);
    add.run();
  }
  write_choices(row, t, head);
  write_questions(row, t);
  for (size_t i = 0; i < note_count_; ++i) {
    Column& noted = notes_[i].values;
    noted.elements += ']';
    if (!noted.in_order) noted.rounds += ']';
    auto& add = db_("INSERT INTO measures VALUES (?1, ?2, ?3, ?4)");
    add.bind(1, row).bind(2, std::string_view(t.words->names[static_cast<size_t>(notes_[i].name)]));
    add.bind(3, std::string_view(noted.elements)).text_or_null(4, noted.rounds).run();
  }
  head.missing = missing_;
  Digest digest = sha256(said_);
  for (size_t i = 0; i < 8; ++i) head.trace = static_cast<int64_t>(static_cast<uint64_t>(head.trace) << 8 | digest[i]);
  return head;
}

void Deriver::write_choices(int64_t row, const Transcript& t, Head& head) {
  const auto& names = t.words->names;
  auto name_of = [&](const Track& k) -> const std::string& { return names[static_cast<size_t>(k.name)]; };
  auto end = tracks_.begin() + static_cast<std::ptrdiff_t>(track_count_);
  std::sort(tracks_.begin(), end, [&](const Track& a, const Track& b) {
    return a.seat != b.seat ? a.seat < b.seat : name_of(a) < name_of(b);
  });
  for (size_t i = 0; i < track_count_; ++i) {
    Track& k = tracks_[i];
    for (std::string* array : {&k.actions.elements, &k.done, &k.sets, &k.actions.rounds}) {
      if (!array->empty()) *array += ']';
    }
    int made = k.actions.count - k.missing;
    auto& add = db_("INSERT INTO choices VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    add.bind(1, row).bind(2, k.seat).bind(3, std::string_view(name_of(k)));
    k.set >= 0 && k.sets.empty() ? add.bind(4, set_of(t, k.set).id) : add.bind_null(4);
    add.text_or_null(5, k.sets).bind(6, std::string_view(k.actions.elements)).text_or_null(7, k.done);
    add.text_or_null(8, k.actions.rounds).bind(9, made);
    k.lists ? add.bind(10, k.first) : add.bind_null(10);
    k.ranges && made > 0 ? add.bind(11, k.sum / made) : add.bind_null(11);
    add.run();
    append_integer(said_, k.seat);
    said_ += name_of(k);
    if (k.set >= 0) said_ += set_of(t, k.set).options;
    said_ += k.actions.elements;
    said_ += k.actions.rounds;
  }
  if (track_count_ != 2 || t.seats.size() != 2) return;
  const Track &a = tracks_[0], &b = tracks_[1];
  bool one_set = a.sets.empty() && b.sets.empty() && a.set == b.set && ((a.lists && b.lists) || (a.ranges && b.ranges));
  if (a.seat == b.seat || a.name != b.name || !one_set || !a.actions.in_order || !b.actions.in_order) return;
  head.pairs = 0;
  for (size_t i = 0; i < std::min(a.meant.size(), b.meant.size()); ++i) {
    if (std::isnan(a.meant[i]) || std::isnan(b.meant[i])) continue;
    ++head.pairs;
    if (a.meant[i] == b.meant[i]) ++head.equal;
  }
}

void Deriver::write_questions(int64_t row, const Transcript& t) {
  for (const QuestionRecord& q : t.questions) {
    auto& add = db_("INSERT INTO question (match, seat, n, sample, round, decision, question, about, added, read, options, choice, "
                    "mass, scores, tie, tries, why, cue) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)");
    add.bind(1, row).bind(2, q.seat).bind(3, q.n).bind(4, q.sample).bind(5, q.round);
    add.bind(6, std::string_view(q.decision)).bind(7, std::string_view(q.question)).text_or_null(8, q.about);
    add.bind(9, std::string_view(q.added)).bind(10, std::string_view(q.read)).bind(11, q.options).bind(12, q.choice);
    q.mass >= 0 ? add.bind(13, q.mass) : add.bind_null(13);
    add.bind(14, q.scores).bind(15, q.tie ? 1 : 0).bind(16, q.tries).text_or_null(17, q.why).text_or_null(18, q.cue).run();
  }
  int number = 0;
  for (const Belief& b : t.beliefs) {
    const QuestionRecord& q = t.questions[static_cast<size_t>(b.question)];
    auto& add = db_("INSERT INTO beliefs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
    add.bind(1, row).bind(2, ++number).bind(3, b.seat).bind(4, q.n).bind(5, q.sample).bind(6, b.round).bind(7, b.about);
    add.bind(8, std::string_view(b.decision)).bind(9, b.guess).bind(10, b.truth).run();
  }
}

void Deriver::erase(int64_t row) {
  for (const char* text : {"DELETE FROM seat WHERE match = ?1", "DELETE FROM choices WHERE match = ?1",
                           "DELETE FROM message WHERE match = ?1", "DELETE FROM measures WHERE match = ?1",
                           "DELETE FROM question WHERE match = ?1", "DELETE FROM beliefs WHERE match = ?1"}) {
    db_(text).bind(1, row).run();
  }
}

}  // namespace parley
