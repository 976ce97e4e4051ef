#include "study/coding.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/random.h"
#include "base/text.h"
#include "prompt/reader.h"
#include "study/expand/parts.h"
#include "study/inputs.h"
#include "study/replay.h"

namespace parley {
namespace {

constexpr const char *kItem = "item", *kQuestion = "question", *kCoder = "coder";  // factors of the study
constexpr size_t kBefore = 6;   // things said before a message that its coders are shown
constexpr long kWords = 10;     // of a fact that a message can give away
constexpr size_t kDigits = 10;  // of a match's identity: no two of a study's begin alike

// One match, read in the order in which it was played.
class Reader {
 public:
  // `repeated`: the match that this one repeats, chance having had no part in either; else "".
  Reader(const Transcript& match, const Plan& plan, const Value& drawn, uint64_t number, Value repeated)
      : match_(match), plan_(plan), number_(number), labels_(drawn_labels(drawn)), repeated_(std::move(repeated)) {
    // A letter in front, so that no program takes it for a number.
    name_ = "m" + study::match_id(plan.seed, plan.condition->id, plan.lineup->id, plan.block).substr(0, kDigits);
  }

  std::vector<SaidMessage> run() {
    for (size_t i = 0; i < match_.events.size(); ++i) {
      const Event& event = match_.events[i];
      if (event.kind == Event::round) round_ = std::max(round_, static_cast<int>(event.number));
      if (event.kind == Event::told) tell(i);
      if (event.kind != Event::choice || !is_words(event)) continue;
      out_.push_back(message(i));
      said_.push_back(i);
    }
    return std::move(out_);
  }

 private:
  bool is_words(const Event& event) const {
    const ActionSet* set = match_.set_of(event);
    return set && set->kind == ActionSet::Kind::words;
  }

  // The seats, its own apart, that see an event.
  std::vector<int> hearers(const Event& event) const {
    std::vector<int> out;
    if (event.seen == 0) {
      for (int seat = 1; seat <= static_cast<int>(match_.seats.size()); ++seat) out.push_back(seat);
    } else {
      for (const Value& seat : match_.seen_by(event).list()) out.push_back(static_cast<int>(seat.number()));
    }
    std::erase_if(out, [&](int seat) { return seat == event.seat || seat > static_cast<int>(match_.seats.size()); });
    return out;
  }

  // Those who hear a message, be it in other words: as it was said, or as it came out.
  std::vector<int> hearers_of(size_t message) const {
    const Event& said = match_.events[message];
    std::vector<int> out = hearers(said);
    for (size_t i = message + 1; i < match_.events.size(); ++i) {
      const Event& event = match_.events[i];
      const bool same = event.seat == said.seat && match_.name_of(event) == match_.name_of(said);
      if (event.kind == Event::round || (event.kind == Event::choice && same)) break;
      if (event.kind != Event::done || !same) continue;
      for (int seat : hearers(event)) {
        if (std::find(out.begin(), out.end(), seat) == out.end()) out.push_back(seat);
      }
    }
    std::sort(out.begin(), out.end());
    return out;
  }

  // What each seat has been told, as it stands now: of a telling its facts; of one that has none of a single value (a role) its name.
  void tell(size_t at) {
    const Event& event = match_.events[at];
    const Value facts = match_.value_of(event);
    const Value::Record none;
    const Value::Record& named = facts.is_record() ? facts.record() : none;
    const bool says_one = std::any_of(named.begin(), named.end(), [](const auto& fact) {
      return !fact.second.is_list() && !fact.second.is_record();
    });
    for (int seat : hearers(event)) {
      for (const auto& [name, value] : named) knows_[seat][name] = {at, value};
      if (!says_one && !named.contains(match_.name_of(event)))
        knows_[seat]["told " + match_.name_of(event)] = {at, match_.name_of(event)};
    }
  }

  // Whether a seat has been told this part of a fact: with the speaker, or in a telling of its own.
  bool told_alike(int seat, const std::string& fact, const std::vector<std::string>& path, const Value& value) const {
    auto own = knows_.find(seat);
    if (own == knows_.end()) return false;
    auto at = own->second.find(fact);
    if (at == own->second.end()) return false;
    Value part = at->second.value;
    for (const std::string& step : path) {
      if (part.is_list()) {
        // A step may be the name of a field: where the speaker's part is a record, and this seat's an empty list.
        const auto place = number_in(step);
        const bool there = place && *place >= 0 && *place < static_cast<double>(part.list().size());
        part = there ? part.list()[static_cast<size_t>(*place)] : Value();
      } else {
        part = part[step];
      }
    }
    return part == value;
  }

  // What a speaker has been told and somebody who hears it has not, part by part. What all players were told alike, if one by one,
  // is known to all. A text of many words is no fact.
  Value::List secrets(int speaker, const std::vector<int>& to) const {
    Value::List out;
    auto own = knows_.find(speaker);
    if (own == knows_.end()) return out;
    for (const auto& [fact, known] : own->second) {
      const bool all_there = std::all_of(to.begin(), to.end(), [&](int seat) {
        auto theirs = knows_.find(seat);
        if (theirs == knows_.end()) return false;
        auto at = theirs->second.find(fact);
        return at != theirs->second.end() && at->second.event == known.event;
      });
      if (all_there) continue;
      std::vector<std::string> path;
      parts(fact.starts_with("told ") ? "told" : fact, known.value, path,
            [&](const std::string& name, const Value& value) {
              for (int seat = 1; seat <= static_cast<int>(match_.seats.size()); ++seat) {
                if (seat != speaker && !told_alike(seat, fact, path, value)) {
                  out.push_back(Value::Record{{"name", name}, {"value", value}});
                  return;
                }
              }
            });
    }
    return out;
  }

  // The single values of a fact, each with the names that lead to it: "sheet scores A1".
  template <class F>
  static void parts(const std::string& name, const Value& value, std::vector<std::string>& path, const F& each) {
    if (value.is_record()) {
      for (const auto& [field, one] : value.record()) {
        path.push_back(field);
        parts(name + " " + field, one, path, each);
        path.pop_back();
      }
    } else if (value.is_list()) {
      for (size_t i = 0; i < value.list().size(); ++i) {
        path.push_back(std::to_string(i));
        parts(name, value.list()[i], path, each);
        path.pop_back();
      }
    } else if (value.is_number() || value.is_boolean() || (value.is_string() && is_word(value.string()))) {
      each(name, value);
    }
  }

  static bool is_word(const std::string& text) {
    return text.find('\n') == text.npos && std::count(text.begin(), text.end(), ' ') < kWords;
  }

  // What the speaker chose next, words apart: in the same round, else in the first in which it chose. Chosen is what it meant, whatever
  // a tremble made of it.
  Value::List deeds(size_t from) const {
    Value::List out;
    const int speaker = match_.events[from].seat;
    for (size_t i = from + 1; i < match_.events.size(); ++i) {
      const Event& event = match_.events[i];
      if (event.kind == Event::round && !out.empty()) break;
      if (event.seat != speaker) continue;
      const bool choice = event.kind == Event::choice || event.kind == Event::missing;
      if (!choice || is_words(event)) continue;
      Value::List options;
      if (const ActionSet* set = match_.set_of(event); set && set->kind == ActionSet::Kind::list) {
        for (size_t k = 0; k < set->size(); ++k) options.emplace_back(label_of(labels_, set->at(k)));
      }
      out.push_back(Value::Record{{"decision", match_.name_of(event)},
                                  {"choice", label_of(labels_, match_.value_of(event))},
                                  {"options", std::move(options)}});
    }
    return out;
  }

  SaidMessage message(size_t i) const {
    const Event& event = match_.events[i];
    const std::string& speaker = match_.seat_name(event.seat);
    const std::vector<int> to = hearers_of(i);
    Value::List names, before;
    for (int seat : to) names.emplace_back(match_.seat_name(seat));
    // The last that all who hear it have heard before, or said: alike for models, rules and people. What was said at the same time,
    // by those who were asked together, the speaker did not know.
    const size_t asked = i - static_cast<size_t>(event.together);
    for (auto k = said_.rbegin(); k != said_.rend() && before.size() < kBefore; ++k) {
      if (*k >= asked) continue;
      const Event& earlier = match_.events[*k];
      std::vector<int> knew = hearers_of(*k);
      knew.push_back(earlier.seat);
      auto knows = [&](int seat) { return std::find(knew.begin(), knew.end(), seat) != knew.end(); };
      if (!knows(event.seat) || !std::all_of(to.begin(), to.end(), knows)) continue;
      before.push_back(
          Value::Record{{"speaker", match_.seat_name(earlier.seat)}, {"text", value_text(match_.value_of(earlier))}});
    }
    std::reverse(before.begin(), before.end());
    Value::Record columns = {{"of_match", number_},
                             {"of_round", round_},
                             {"of_decision", match_.name_of(event)},
                             {"speaker", speaker},
                             {"repeated", repeated_}};
    const size_t seat = static_cast<size_t>(event.seat) - 1;
    if (seat < plan_.lineup->players.size()) columns.emplace("spoken_by", plan_.lineup->players[seat].name);
    const Value& levels = plan_.condition->levels;
    if (levels.is_record()) {
      for (const auto& [name, level] : levels.record()) {
        if (name == kItem || name == kQuestion || name == kCoder) continue;
        columns.emplace(name, level.is_number() || level.is_string() ? level : Value(value_text(level)));
      }
    }
    return {fmt::format("{}.{}", name_, said_.size() + 1), match_.name_of(event),
            Value::Record{{"speaker", speaker},
                          {"to", std::move(names)},
                          {"text", value_text(match_.value_of(event))},
                          {"before", std::move(before)},
                          {"deeds", deeds(i)},
                          {"secrets", secrets(event.seat, to)},
                          {"columns", std::move(columns)}}};
  }

  const Transcript& match_;
  const Plan& plan_;
  uint64_t number_;
  std::string name_;  // of the match
  Labels labels_;
  Value repeated_;
  int round_ = 1;
  struct Told {
    size_t event;  // the telling
    Value value;
  };
  std::map<int, std::map<std::string, Told>> knows_;  // by seat, by fact
  std::vector<size_t> said_;                          // events of the messages so far
  std::vector<SaidMessage> out_;
};

StudyFile::Level named(const std::string& name, Value value = Value::Record{}) {
  return {name, std::move(value), true};
}

}  // namespace

std::vector<SaidMessage> messages_of(const Store& store, const std::function<void(uint64_t, uint64_t)>& each) {
  std::vector<SaidMessage> out;
  const std::vector<StoredMatch> matches = store.matches();
  Kits kits(store, matches);
  std::map<std::string, uint64_t> first_alike;  // by trace, of matches without chance
  uint64_t done = 0;
  for (const StoredMatch& match : matches) {
    if (each) each(done++, matches.size());
    if (match.state.status != MatchStatus::whole) continue;
    auto plan = std::make_shared<const Plan>(store.plan_of(match.row));
    Transcript transcript = replay(kits.of(match), plan, match.state.attempt, store.replies(match.row));
    transcript.spell_out();
    Value repeated = "";
    store.query("SELECT CAST(trace AS TEXT) FROM match WHERE id = ?1 AND chance = 0", {match.row},
                [&](const Store::Row& row) {
                  if (row[0].is_nil()) return;  // an older file
                  const auto [at, fresh] = first_alike.emplace(row[0].string(), match.number);
                  if (!fresh) repeated = at->second;
                });
    for (SaidMessage& one : Reader(transcript, *plan, store.drawn(match.row), match.number, std::move(repeated)).run())
      out.push_back(std::move(one));
  }
  return out;
}

bool Coder::gave(const SaidMessage& message) const {
  auto given = codes.find(message.id);
  return given != codes.end() && given->second.text == message.known["text"];
}

Value Coder::as_value() const {
  Value::Record given;
  for (const auto& [message, one] : codes)
    given.emplace(message, Value::Record{{"code", one.code}, {"text", one.text}});
  return Value::Record{{"question", question}, {"name", name},     {"answers", answers},
                       {"shown", shown},       {"entry", entry},   {"read", read},
                       {"decision", decision}, {"sample", sample}, {"codes", std::move(given)}};
}

Coder Coder::from(const Value& value) {
  Coder out;
  out.question = value["question"].string();
  out.name = value["name"].string();
  out.answers = value["answers"];
  out.shown = value["shown"];
  out.entry = value["entry"];
  out.read = value["read"].string();
  out.decision = value["decision"].string();
  out.sample = static_cast<uint64_t>(value["sample"].number());
  if (value["codes"].is_record()) {
    for (const auto& [message, one] : value["codes"].record())
      out.codes.emplace(message, Code{one["code"].string(), one["text"]});
  }
  return out;
}

std::vector<Coder> coders_of(const Store& store) {
  std::vector<Coder> out;
  store.query("SELECT text FROM study ORDER BY id DESC LIMIT 1", {}, [&](const Store::Row& row) {
    const Value stated = from_json(row[0].string());
    for (const Value& one : stated["coders"].list()) out.push_back(Coder::from(one));
  });
  return out;
}

std::set<std::string> messages_for(const Coder& coder, const std::vector<SaidMessage>& messages) {
  std::vector<std::pair<uint64_t, const SaidMessage*>> drawn;
  for (const SaidMessage& message : messages) {
    if (!coder.decision.empty() && message.decision != coder.decision) continue;
    if (coder.entry.is_nil() && !coder.gave(message)) continue;
    drawn.emplace_back(Draws("coding|" + message.id).bits(0), &message);
  }
  if (coder.sample > 0 && coder.sample < drawn.size()) {
    std::sort(drawn.begin(), drawn.end());
    drawn.resize(coder.sample);
  }
  std::set<std::string> out;
  for (const auto& [draw, message] : drawn) out.insert(message->id);
  return out;
}

std::string data_path(const SaidMessage& message) { return "coding/" + message.id + ".json"; }

std::string message_text(const SaidMessage& message) { return to_json(message.known) + "\n"; }

StudyFile coding_study(const std::vector<SaidMessage>& messages, const std::vector<Coder>& coders) {
  StudyFile file;
  file.path = "code";
  file.fields = Value::Record{{"about", "Coding of what was said"}, {"game", "coding"}};
  Value::List stated;
  for (const Coder& coder : coders) stated.push_back(coder.as_value());
  file.text = to_json(Value::Record{{"coders", std::move(stated)}}) + "\n";

  struct Work {
    Coder coder;
    std::set<std::string> messages;
  };
  auto all = std::make_shared<std::map<std::pair<std::string, std::string>, Work>>();  // by question and coder
  std::map<std::string, Value> questions, names;
  std::set<std::string> wanted;
  for (const Coder& coder : coders) {
    std::set<std::string> ids = messages_for(coder, messages);
    wanted.insert(ids.begin(), ids.end());
    all->insert_or_assign({coder.question, coder.name}, Work{coder, std::move(ids)});
    Value settings = Value::Record{{"codes", coder.answers}};
    for (const Value& what : coder.shown.list()) settings = settings.with(what.string(), true);
    questions.insert_or_assign(coder.question, std::move(settings));
    names.insert_or_assign(coder.name, Value::Record{{"read", coder.read}});
  }
  StudyFile::Factor items{kItem, {}};
  for (const SaidMessage& message : messages) {
    if (wanted.contains(message.id)) items.levels.push_back({message.id, message.id, false});
  }
  auto levels = [&](const char* name, std::map<std::string, Value>& from) {
    StudyFile::Factor factor{name, {}};
    for (auto& [level, bundle] : from) factor.levels.push_back(named(level, std::move(bundle)));
    file.factors.push_back(std::move(factor));
  };
  levels(kCoder, names);
  file.factors.push_back(std::move(items));
  levels(kQuestion, questions);

  auto of = [](const Value& varied, const char* name, std::vector<std::string>* used) {
    if (used) used->push_back(name);
    return value_text(varied[name]);
  };
  file.where = [=](const Value& varied, std::vector<std::string>* used) -> Value {
    auto at = all->find({of(varied, kQuestion, used), of(varied, kCoder, used)});
    return at != all->end() && at->second.messages.contains(of(varied, kItem, used));
  };
  file.players = [=](const Value& varied, std::vector<std::string>* used) -> Value {
    const Coder& coder = all->at({of(varied, kQuestion, used), of(varied, kCoder, used)}).coder;
    const std::string item = of(varied, kItem, used);
    Value entry = coder.entry;
    if (entry.is_nil()) {
      Value moves = Value::Record{{"code", Value::List{coder.codes.at(item).code}}};
      entry = Value::Record{{"strategy", "recorded"}, {"moves", std::move(moves)}, {"whose", coder.name}};
    }
    return Value::List{entry.with("name", coder.name)};
  };
  return file;
}

}  // namespace parley
