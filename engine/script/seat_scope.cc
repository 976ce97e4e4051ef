#include "script/seat_scope.h"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace parley {

enum class Hole {
  me,
  seat,
  seats,
  other,
  others,
  players,
  round,
  rounds,
  chance,
  total,
  unit,
  unit_one,
  actions,
  options,
  options_range,
  options_words,
  options_record,
  options_split,
  outcomes,
  cells,
  history,
  history_any,
  now,
  since,
  question,
  about,
  watched,
  strangers,
};

namespace {

const std::unordered_map<std::string_view, Hole>& holes() {
  static const std::unordered_map<std::string_view, Hole> all = {
      {"me", Hole::me},
      {"seat", Hole::seat},
      {"seats", Hole::seats},
      {"other", Hole::other},
      {"others", Hole::others},
      {"players", Hole::players},
      {"round", Hole::round},
      {"rounds", Hole::rounds},
      {"chance", Hole::chance},
      {"total", Hole::total},
      {"unit", Hole::unit},
      {"unit.one", Hole::unit_one},
      {"actions", Hole::actions},
      {"options", Hole::options},
      {"options.range", Hole::options_range},
      {"options.words", Hole::options_words},
      {"options.record", Hole::options_record},
      {"options.split", Hole::options_split},
      {"outcomes", Hole::outcomes},
      {"cells", Hole::cells},
      {"history", Hole::history},
      {"history.any", Hole::history_any},
      {"now", Hole::now},
      {"since", Hole::since},
      {"question", Hole::question},
      {"about", Hole::about},
      {"watched", Hole::watched},
      {"strangers", Hole::strangers},
  };
  return all;
}

Value list_of(const std::vector<std::string>& words) { return Value::List(words.begin(), words.end()); }

Value range_of(const ActionSet& set) {
  if (set.kind != ActionSet::Kind::range) return false;
  return Value::Record{{"lo", set.lo}, {"hi", set.hi}, {"step", set.step}};
}
Value words_of(const ActionSet& set) {
  if (set.kind != ActionSet::Kind::words) return false;
  return Value::Record{{"most", set.most ? Value(*set.most) : Value(false)}};
}
Value split_of(const ActionSet& set) {
  if (set.kind != ActionSet::Kind::split) return false;
  return Value::Record{{"total", set.total}, {"names", list_of(set.names)}};
}

}  // namespace

bool is_engine_hole(std::string_view name) { return holes().contains(name); }

const Value* SeatScope::find(std::string_view name) const {
  auto made = made_.find(name);
  if (made != made_.end()) return made->second.is_nil() ? nullptr : &made->second;
  Value value = make(name);
  auto at = made_.emplace(std::string(name), std::move(value)).first;
  return at->second.is_nil() ? nullptr : &at->second;
}

std::vector<std::string> SeatScope::names() const {
  std::set<std::string> out;
  auto add = [&](const Value& fields) {
    if (!fields.is_record()) return;
    for (const auto& [name, value] : fields.record()) out.insert(name);
  };
  for (const auto& [name, hole] : holes()) {
    if (find(name)) out.emplace(name);
  }
  if (item_) add(*item_);
  add(match_.setup->settings);
  add(Value(seat_.facts));
  if (seat_.turn) add(seat_.turn->facts);
  if (of_strategy_) {
    if (ask_) add(ask_->facts);
    add(settings());
  }
  return {out.begin(), out.end()};
}

Value SeatScope::settings() const {
  return settings_of(*seat_.strategy, match_.plan->lineup->players[static_cast<size_t>(match_.seat_number(seat_)) - 1]);
}

const ActionSet* SeatScope::set() const {
  if (of_strategy_ && ask_) return ask_->set;
  return seat_.turn ? seat_.turn->set : nullptr;
}

Value SeatScope::make(std::string_view name) const {
  if (item_) {
    if (const Value& field = (*item_)[name]; !field.is_nil()) return field;
  }
  auto hole = holes().find(name);
  if (hole != holes().end()) {
    Value value = engine(hole->second);
    if (!value.is_nil()) return value;
  }
  if (of_strategy_ && ask_) {
    if (const Value& fact = ask_->facts[name]; !fact.is_nil()) return match_.shown_fact(fact);
  }
  if (seat_.turn) {
    if (const Value& fact = seat_.turn->facts[name]; !fact.is_nil()) return match_.shown_fact(fact);
  }
  if (auto fact = seat_.facts.find(name); fact != seat_.facts.end()) return match_.shown_fact(fact->second);
  if (of_strategy_) {
    if (Value setting = settings()[name]; !setting.is_nil()) return match_.shown_fact(setting);
  }
  if (const Value& setting = match_.setup->settings[name]; !setting.is_nil()) return match_.shown_fact(setting);
  return {};
}

Value SeatScope::person(size_t i) const {
  return Value::Record{{"name", match_.setup->seats[i]},
                       {"seat", static_cast<int>(i) + 1},
                       {"mine", static_cast<int>(i) + 1 == place()}};
}

Value SeatScope::fields_of(const ActionSet& set) const {
  if (set.kind != ActionSet::Kind::record) return false;
  Value::List out;
  for (const auto& [field, of] : set.fields) {
    // `options` in a field is a record, so that both {{#options}} over labels and options.range stand: see LUA.md.
    out.push_back(Value::Record{{"name", field},
                                {"options", of.kind == ActionSet::Kind::list ? match_.options(of) : Value(false)},
                                {"range", range_of(of)},
                                {"words", words_of(of)},
                                {"split", split_of(of)}});
  }
  return out;
}

Value SeatScope::engine(Hole hole) const {
  const Horizon& horizon = match_.rules.horizon;
  switch (hole) {
    case Hole::me:
      return seat_.name;
    case Hole::seat:
      return place() > 0 ? place() : match_.seat_number(seat_);
    case Hole::seats:
      return static_cast<int>(match_.setup->seats.size());
    case Hole::other:
      if (match_.setup->seats.size() != 2 || place() == 0) return false;
      return match_.setup->seats[static_cast<size_t>(2 - place())];
    case Hole::others:
    case Hole::players: {
      Value::List out;
      for (size_t i = 0; i < match_.setup->seats.size(); ++i) {
        if (hole == Hole::players || static_cast<int>(i) + 1 != place()) out.push_back(person(i));
      }
      return out;
    }
    case Hole::round:
      return match_.round();
    case Hole::rounds:
      if (horizon.kind == Horizon::Kind::rounds) return horizon.value;
      if (horizon.kind == Horizon::Kind::told && match_.rules.ends == 0) {
        return match_.rules.rounds.value_or(match_.setup->rounds.value_or(1));
      }
      return false;
    case Hole::chance: {
      double chance = horizon.kind == Horizon::Kind::chance ? horizon.value
                      : horizon.kind == Horizon::Kind::told ? match_.rules.ends
                                                            : 0;
      return chance > 0 ? Value(std::stod(number_text(chance * 100))) : Value(false);
    }
    case Hole::total:
      return seat_.total;
    case Hole::unit:
      return match_.unit.many;
    case Hole::unit_one:
      return match_.unit.one;
    case Hole::actions: {
      const auto& sets = match_.setup->actions;
      if (sets.empty() || sets[0]->kind != ActionSet::Kind::list) return {};
      const bool one = std::all_of(sets.begin(), sets.end(), [&](const auto& set) { return set == sets[0]; });
      return one ? list_of(match_.labels_of(*sets[0])) : Value();
    }
    case Hole::options:
      return !set() ? Value() : set()->kind == ActionSet::Kind::list ? match_.options(*set()) : false;
    case Hole::options_range:
      return set() ? range_of(*set()) : Value();
    case Hole::options_words:
      return set() ? words_of(*set()) : Value();
    case Hole::options_record:
      return set() ? fields_of(*set()) : Value();
    case Hole::options_split:
      return set() ? split_of(*set()) : Value();
    case Hole::outcomes:
      return match_.outcomes(match_.seat_number(seat_), true);
    case Hole::cells:
      return match_.outcomes(match_.seat_number(seat_), false);
    case Hole::history: {
      Value::List out;
      for (int r = 1; r < match_.round(); ++r) out.push_back(match_.round_item(match_.seat_number(seat_), r));
      return out;
    }
    case Hole::history_any:
      return match_.round() > 1;  // asked in every question: not worth a list
    case Hole::now:
      return match_.round() > 0 ? match_.round_item(match_.seat_number(seat_), match_.round()) : Value();
    case Hole::since:
      if (!seat_.turn) return {};
      return match_.seen_between(match_.seat_number(seat_), seat_.turn->since, match_.transcript.events.size());
    case Hole::question: {
      if (!of_strategy_ || !seat_.turn) return {};
      return game_question();
    }
    case Hole::about:
      if (!of_strategy_ || !ask_) return {};
      return ask_->about ? Value(match_.seats[static_cast<size_t>(ask_->about) - 1].name) : Value(false);
    case Hole::strangers:
      return match_.rules.strangers();
    case Hole::watched:
      return seat_.watches > 0 ? Value(match_.seats[static_cast<size_t>(seat_.watches) - 1].name) : Value(false);
  }
  return {};
}

Value SeatScope::game_question() const {
  const Match::Impl::Named at = match_.named(seat_.turn->decision, match_.setup->prompts, match_.setup->prompts_name);
  const Template& text = match_.section(at.file, at.file_name, at.section, seat_);
  SeatScope scope(match_, seat_, nullptr, false, nullptr);
  return match_.render_with(text, *at.file, scope);
}

}  // namespace parley
