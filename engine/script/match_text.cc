// What the seats of a match are shown: sections and the growing text (DESIGN 5).
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "game/orders.h"
#include "script/match_impl.h"
#include "script/seat_scope.h"

namespace parley {
namespace {

constexpr size_t kMostOutcomes = 64;  // DESIGN 5, "Rules"

}  // namespace

void Match::Impl::prepare_words() {
  Library& library = scripts.library();
  cover = library.cover(rules.cover);
  if (!cover) {
    throw Error(fmt::format("there is no cover '{}' (prompts/covers/{}.txt){}", rules.cover, rules.cover,
                            did_you_mean(rules.cover, library.covers())));
  }
  if (!setup->prompts) {
    throw Error(fmt::format("{}: the game has no prompt file (prompts/{}.txt), so that no model can be asked",
                            setup->path, setup->name));
  }
  if (setup->prompts_name == "matrix" && (!setup->table || setup->table->cells.size() > kMostOutcomes)) {
    throw Error(
        fmt::format("{}: the game has too many outcomes to list them (more than {}), so its rules must be written: "
                    "there is no prompts/{}.txt",
                    setup->path, kMostOutcomes, setup->name));
  }
  auto fits = [&](const PromptFile& file) {
    std::vector<std::string> missing = library.missing_phrases(file, *cover);
    if (missing.empty()) return;
    throw Error(fmt::format("the cover '{}' does not fit {}: it has no phrase '{}'", rules.cover, file.path,
                            joined(missing, "' and '")));
  };
  fits(*setup->prompts);
  for (const Seat& seat : seats) {
    if (seat.asks) fits(*seat.strategy->prompts);
  }
  if (rules.unit.is_list() && rules.unit.list().size() == 2) {
    unit = {value_text(rules.unit.list()[0]), value_text(rules.unit.list()[1])};
  } else {
    unit = library.unit(value_text(rules.unit));
  }
  format = rules.format == "text" ? Format::text : rules.format == "messages" ? Format::messages : Format::chat;
  std::vector<Value> declared;
  if (!setup->actions.empty() && setup->actions[0]->kind == ActionSet::Kind::list) declared = setup->actions[0]->items;
  for (auto& [action, label] : labels_by_action(*plan, declared)) labels.emplace(action, label);
  for (const Seat& seat : seats) {
    if (!seat.asks) continue;
    for (const auto& [name, value] : seat.strategy->info.settings.record()) {
      const char* taken = is_engine_hole(name)              ? "a hole that the engine fills"
                          : !setup->settings[name].is_nil() ? "a setting of the game"
                                                            : nullptr;
      if (taken) {
        throw Error(fmt::format("{}: the setting '{}' has the name of {}: call it otherwise", seat.strategy->info.path,
                                name, taken));
      }
    }
  }
  for (const auto& [name, value] : setup->settings.record()) {
    if (is_engine_hole(name)) {
      throw Error(fmt::format("{}: the setting '{}' has the name of a hole that the engine fills: call it otherwise",
                              setup->path, name));
    }
  }
}

Value Match::Impl::shown(const Value& action, const ActionSet* set) const {
  if (set && set->kind == ActionSet::Kind::list && action.is_boolean()) return value_text(action);  // no hole's false
  if (labels.empty() || !set) return action;
  if (set->kind == ActionSet::Kind::list && action.is_string()) return label_of(labels, action);
  if (set->kind == ActionSet::Kind::record && action.is_record()) {
    Value::Record out;
    for (const auto& [field, of] : set->fields) out.emplace(field, shown(action[field], &of));
    return out;
  }
  return action;
}

// A fact has no action set: a text that is exactly an action's name is taken for that action.
Value Match::Impl::shown_fact(const Value& value) const {
  if (labels.empty()) return value;
  if (value.is_string()) {
    auto label = labels.find(value.string());
    return label == labels.end() ? value : Value(label->second);
  }
  if (value.is_list()) {
    Value::List out;
    for (const Value& item : value.list()) out.push_back(shown_fact(item));
    return out;
  }
  if (value.is_record()) {
    Value::Record out;
    for (const auto& [name, item] : value.record()) out.emplace(name, shown_fact(item));
    return out;
  }
  return value;
}

Value Match::Impl::with_labels(const ActionSet& set) const {
  if (set.kind == ActionSet::Kind::list) {
    Value::List items;
    for (const Value& item : set.items) items.push_back(shown(item, &set));
    return items;
  }
  if (set.kind != ActionSet::Kind::record) return set.to_value();
  Value::Record fields;
  for (const auto& [field, of] : set.fields) fields.emplace(field, with_labels(of));
  return Value::Record{{"kind", "record"}, {"fields", std::move(fields)}};
}

std::vector<std::string> Match::Impl::labels_of(const ActionSet& set) const {
  std::vector<std::string> out;
  for (size_t i = 0; i < set.size(); ++i) out.push_back(label_of(labels, set.at(i)));
  return out;
}

Value Match::Impl::options(const ActionSet& set) const {
  Value::List out;
  for (int i : option_order(*plan, static_cast<int>(set.items.size()), std::max(1, round()))) {
    Value label = shown(set.items[static_cast<size_t>(i)], &set);
    if (!labels.empty() && std::find(out.begin(), out.end(), label) != out.end()) {
      throw Error(
          fmt::format("labels calls two actions of one choice '{}': {}", value_text(label), value_text(set.items)));
    }
    out.push_back(std::move(label));
  }
  return out;
}

int Match::Impl::place_of(int viewer) const {
  if (seats[static_cast<size_t>(viewer) - 1].watches > 0) return 0;
  return rules.strangers() ? (static_cast<size_t>(viewer) * 2 <= seats.size() ? 1 : 2) : viewer;
}

Value Match::Impl::round_item(int viewer, int number) const {
  size_t from = round_starts[static_cast<size_t>(number) - 1];
  size_t to = static_cast<size_t>(number) < round_starts.size() ? round_starts[static_cast<size_t>(number)]
                                                                : transcript.events.size();
  return seen_between(viewer, from, to).with("round", number);
}

Value Match::Impl::seen_between(int viewer, size_t from, size_t to) const {
  const std::vector<std::string>& names = setup->seats;
  const int mine = place_of(viewer);
  struct Seen {
    Value by_name;  // record seat's name -> choice
    Value::List all;
    std::vector<int> at;  // seat -> index in all of its last, -1: none
  };
  std::map<std::string, Seen> decisions;
  for (const std::string& name : setup->decisions) decisions[name];
  std::vector<double> paid(names.size(), 0);
  int partner = 0;  // among strangers: who sat opposite
  std::map<std::pair<int, int>, const ActionSet*> last_set;
  for (size_t i = from; i < to; ++i) {
    const Event& e = transcript.events[i];
    const bool at_table = !rules.strangers() || e.seat == viewer || e.seat == partner;
    const auto place = static_cast<size_t>(rules.strangers() ? place_of(std::max(1, e.seat)) : e.seat) - 1;
    if (e.kind == Event::pay && at_table) paid[place] += e.number;
    bool chose = e.kind == Event::choice || e.kind == Event::missing;
    if (!chose && e.kind != Event::done) continue;
    if (chose) last_set[{e.seat, e.name}] = e.set >= 0 ? set_at(e.set) : nullptr;
    if (!transcript.sees(e, viewer)) continue;
    if (e.seat != viewer) partner = e.seat;
    Seen& seen = decisions[transcript.name_of(e)];
    seen.at.resize(names.size(), -1);
    Value choice = shown(transcript.value_of(e), last_set[{e.seat, e.name}]);
    const std::string& name = names[place];
    Value item = Value::Record{
        {"name", name}, {"seat", static_cast<int>(place) + 1}, {"mine", e.seat == viewer}, {"choice", choice}};
    int& at = seen.at[place];
    if (e.kind == Event::done && at >= 0) {
      seen.all[static_cast<size_t>(at)] = item;
    } else {
      at = static_cast<int>(seen.all.size());
      seen.all.push_back(item);
    }
    seen.by_name = seen.by_name.with(name, choice);
  }
  Value::Record out;
  auto complete = [&](Value::Record& fields, auto&& value_of) {
    for (size_t s = 0; s < names.size(); ++s) {
      Value value = value_of(s);
      if (static_cast<int>(s) + 1 == mine)
        fields.insert_or_assign("mine", value);
      else if (names.size() == 2 && mine > 0)
        fields.insert_or_assign("theirs", value);
      fields.insert_or_assign(names[s], std::move(value));
    }
  };
  for (auto& [name, seen] : decisions) {
    Value::Record fields{{"all", seen.all}};
    complete(fields, [&](size_t s) -> Value {
      const Value& choice = seen.by_name[names[s]];
      return choice.is_nil() ? Value(false) : choice;
    });
    out.emplace(name, std::move(fields));
  }
  Value::Record amounts;
  complete(amounts, [&](size_t s) -> Value {
    if (static_cast<int>(s) + 1 != mine && !setup->by_payoffs) return false;
    return paid[s];
  });
  Value::List everyone;
  for (size_t s = 0; s < names.size() && setup->by_payoffs; ++s)
    everyone.push_back(Value::Record{{"name", names[s]},
                                     {"seat", static_cast<int>(s) + 1},
                                     {"mine", static_cast<int>(s) + 1 == mine},
                                     {"payoff", paid[s]}});
  amounts.insert_or_assign("all", std::move(everyone));
  out.insert_or_assign("paid", std::move(amounts));
  return out;
}

Value Match::Impl::outcomes(int viewer, bool as_seen) const {
  if (!setup->by_payoffs) return {};
  if (!setup->table || setup->table->cells.size() > kMostOutcomes) return false;
  const auto& cells = setup->table->cells;
  const int place = place_of(viewer), watched = seats[static_cast<size_t>(viewer) - 1].watches;
  size_t n = cells.size(), count = setup->seats.size();
  std::vector<size_t> order;  // of seats, slowest first
  for (size_t s = 0; s < count; ++s) order.push_back(s);
  if (as_seen) {
    auto me =
        static_cast<size_t>(watched > 0 ? watched : place) - 1;  // an observer's as the one has them whom it watches
    order.erase(order.begin() + static_cast<long>(me));
    order.insert(order.begin(), me);
  }
  std::vector<Value> items;
  for (size_t i = 0; i < n; ++i) {
    std::vector<size_t> choice(count);
    size_t rest = i;
    for (size_t k = count; k-- > 0;) {
      size_t size = setup->actions[order[k]]->size();
      choice[order[k]] = rest % size;
      rest /= size;
    }
    size_t cell = 0;
    for (size_t s = 0; s < count; ++s) cell = cell * setup->actions[s]->size() + choice[s];
    Value::Record item, chosen, pays;
    Value::List all;
    for (size_t s = 0; s < count; ++s) {
      bool mine = static_cast<int>(s) + 1 == place;
      const ActionSet& set = *setup->actions[s];
      Value label = shown(set.at(choice[s]), &set);
      double pay = cells[cell][s];
      chosen.emplace(setup->seats[s], label);
      pays.emplace(setup->seats[s], pay);
      all.push_back(Value::Record{{"name", setup->seats[s]},
                                  {"seat", static_cast<int>(s) + 1},
                                  {"mine", mine},
                                  {"choice", label},
                                  {"payoff", pay}});
      if (mine) {
        item.emplace("mine", label);
        item.emplace("my_payoff", pay);
      } else if (count == 2 && place > 0) {
        item.emplace("theirs", label);
        item.emplace("their_payoff", pay);
      }
    }
    item.emplace("choice", std::move(chosen));
    item.emplace("pays", std::move(pays));
    item.emplace("all", std::move(all));
    items.push_back(std::move(item));
  }
  if (!as_seen) return items;
  Value::List out;
  for (int i : payoff_order(*plan, static_cast<int>(n))) out.push_back(items[static_cast<size_t>(i)]);
  return out;
}

std::string Match::Impl::render_with(const Template& text, const PromptFile& file, const Scope& scope) const {
  return text.render(
      scope,
      [&](std::string_view name) -> const Template* {
        if (const Template* own_phrase = file.find(name)) return own_phrase;
        return cover->find(name);
      },
      unit);
}

Match::Impl::Named Match::Impl::named(const std::string& name, const PromptFile* own_file,
                                      const std::string& own_name) const {
  const size_t slash = name.find('/');
  if (slash == std::string::npos) return {own_file, own_name, name};
  const std::string other = name.substr(0, slash);
  const PromptFile* file = scripts.library().file(other);
  if (file) data.insert("prompts/" + other + ".txt");
  return {file, other, name.substr(slash + 1)};
}

const Template& Match::Impl::section(const PromptFile* file, const std::string& file_name, const std::string& name,
                                     const Seat& seat) const {
  if (!file) throw Error(fmt::format("there is no prompt file prompts/{}.txt", file_name));
  if (const Template* text = file->find(name, seat.name)) return *text;
  std::vector<std::string> known;
  for (const auto& [section, text] : file->sections) known.push_back(section);
  throw Error(fmt::format("{} has no section '== {}' (nor '== {}.{}'){}", file->path, name, name, seat.name,
                          did_you_mean(name, known)));
}

std::string Match::Impl::question_text(Seat& seat, const Ask& ask) const {
  const Named at = named(ask.name, seat.strategy->prompts, seat.strategy->info.name);
  const Template& text = section(at.file, at.file_name, at.section, seat);
  return render_with(text, *at.file, SeatScope(*this, seat, &ask, true, nullptr));
}

std::string Match::Impl::cue_text(Seat& seat, const Ask& ask) const {
  for (const PromptFile* file : {seat.strategy->prompts, setup->prompts}) {
    if (const Template* text = file->find("cue", seat.name)) {
      return render_with(*text, *file, SeatScope(*this, seat, &ask, true, nullptr));
    }
  }
  return "";
}

std::string Match::Impl::repair_text(Seat& seat, const Ask& ask, const Reading& reading,
                                     const std::string& reply) const {
  const PromptFile* file = scripts.library().file("repair");
  if (!file) throw Error("there is no prompt file prompts/repair.txt, which asks again for what could not be read");
  const Template& text = section(file, "repair", std::string(why_name(reading.why)), seat);
  Value item = Value::Record{{"reply", reply}, {"reason", reading.reason}};
  return render_with(text, *file, SeatScope(*this, seat, &ask, true, &item));
}

// At a seat's first question: what the study tells it, then the rules.
void Match::Impl::begin_chain(Seat& seat) {
  if (seat.chain.begun()) return;
  std::string head;
  SeatScope scope(*this, seat, nullptr, false, nullptr);
  for (const std::string& name : plan->lineup->players[static_cast<size_t>(seat_number(seat)) - 1].told) {
    static const PromptFile none;
    head += render_with(scripts.library().told(name), none, scope);
  }
  if (seat.watches > 0 && !setup->prompts->sections.contains("rules.observer")) {
    throw Error(setup->prompts->path +
                " has no section '== rules.observer', which tells an observer what game it watches");
  }
  if (const Template* text = setup->prompts->find("rules", seat.name))
    head += render_with(*text, *setup->prompts, scope);
  seat.chain.begin(scripts.impl_->heads.of(std::move(head)));
}

// Tells a choice, or what is seen to have been done, to those who see it and ask.
void Match::Impl::show_choice(const Event& event, const ActionSet* set) {
  const std::string& name = transcript.name_of(event);
  const Named at = named(name, setup->prompts, setup->prompts_name);
  if (!at.file) return;
  for (Seat& seat : seats) {
    if (!seat.asks || !transcript.sees(event, seat_number(seat))) continue;
    const Template* text = at.file->find(at.section + ".seen", seat.name);
    if (!text) continue;
    Value item = Value::Record{{"by", seats[static_cast<size_t>(event.seat) - 1].name},
                               {"choice", shown(transcript.value_of(event), set)},
                               {"mine", seat_number(seat) == event.seat}};
    seat.chain.add(render_with(*text, *at.file, SeatScope(*this, seat, nullptr, false, &item)));
  }
}

void Match::Impl::close_round(int number) {
  for (Seat& seat : seats) {
    if (!seat.asks) continue;
    const Template* text = setup->prompts->find("history", seat.name);
    if (!text) continue;
    Value item = round_item(seat_number(seat), number);
    seat.chain.add(render_with(*text, *setup->prompts, SeatScope(*this, seat, nullptr, false, &item)));
  }
}

void Match::Impl::tell(const std::string& name, const std::vector<int>& to, int by, const Value& facts) {
  if (by > 0) {  // what was seen to be done was drained just before: it is told like a choice, out of that choice's set
    const Event& done = transcript.events.back();
    const ActionSet* set = nullptr;
    for (const Event& e : transcript.events) {
      if ((e.kind == Event::choice || e.kind == Event::missing) && e.seat == by && e.name == done.name)
        set = set_at(e.set);
    }
    show_choice(done, set);
    return;
  }
  check_facts(facts, "the telling '" + name + "'", name);
  for (int seat : to) {
    Seat& told = seats[static_cast<size_t>(seat) - 1];
    if (!told.asks) continue;
    const Named at = named(name, setup->prompts, setup->prompts_name);
    const Template& text = section(at.file, at.file_name, at.section, told);
    told.chain.add(render_with(text, *at.file, SeatScope(*this, told, nullptr, false, nullptr)));
  }
}

void Match::Impl::check_facts(const Value& facts, const std::string& what, const std::string& section) const {
  std::vector<const PromptFile*> files = {named(section, setup->prompts, setup->prompts_name).file, setup->prompts};
  for (const Seat& seat : seats) {
    if (seat.asks) files.push_back(seat.strategy->prompts);
  }
  check_facts(facts, what, files);
}

void Match::Impl::check_facts(const Value& facts, const std::string& what, const Seat& seat,
                              const std::string& section) const {
  check_facts(facts, what, {named(section, seat.strategy->prompts, seat.strategy->info.name).file});
}

void Match::Impl::check_facts(const Value& facts, const std::string& what,
                              const std::vector<const PromptFile*>& files) const {
  if (!facts.is_record()) return;
  for (const auto& [name, value] : facts.record()) {
    const char* taken = is_engine_hole(name)              ? "a hole that the engine fills"
                        : !setup->settings[name].is_nil() ? "a setting of the game"
                                                          : nullptr;
    if (taken) throw Error(fmt::format("{}: the fact '{}' has the name of {}: call it otherwise", what, name, taken));
    bool told = scripts.shows(*cover, name);
    for (const PromptFile* file : files) told = told || (file && scripts.shows(*file, name));
    if (!told) {
      throw Error(fmt::format("{}: no section of {} shows the fact '{}': it needs a hole {{{{{}}}}}", what,
                              files[0] ? files[0]->path : "its file", name, name));
    }
  }
}

}  // namespace parley
