#include "study/coding.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "base/error.h"
#include "base/json.h"
#include "base/random.h"
#include "prompt/reader.h"
#include "study/expand/parts.h"
#include "study/inputs.h"
#include "study/replay.h"

namespace parley {
namespace {

constexpr const char *kItem = "item", *kQuestion = "question", *kCoder = "coder";  // factors of the study
constexpr size_t kBefore = 6;   // things said before a message that its coders are shown
constexpr size_t kDigits = 10;  // of a match's identity: no two of a study's begin alike

// One match, read in the order in which it was played.
class Reader {
 public:
  Reader(const Transcript& match, const Plan& plan, const Value& drawn, uint64_t number)
      : match_(match), plan_(plan), number_(number), labels_(drawn_labels(drawn)) {
    // A letter in front, so that no program takes it for a number.
    name_ = "m" + study::match_id(plan.seed, plan.condition->id, plan.lineup->id, plan.block).substr(0, kDigits);
  }

  std::vector<SaidMessage> run() {
    for (size_t i = 0; i < match_.events.size(); ++i) {
      const Event& event = match_.events[i];
      if (event.kind == Event::round) round_ = std::max(round_, static_cast<int>(event.number));
      if (event.kind == Event::told) tell(event);
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

  // What was told to one seat alone, as it stands now.
  void tell(const Event& event) {
    if (event.seen == 0) return;
    const Value::List& to = match_.seen_by(event).list();
    const Value facts = match_.value_of(event);
    if (to.size() != 1 || !facts.is_record()) return;
    for (const auto& [name, value] : facts.record()) {
      if (value.is_number() || value.is_string()) secrets_[static_cast<int>(to[0].number())][name] = value;
    }
  }

  // What the speaker chose next, words apart: in the same round, else in the first in which it chose.
  Value::List deeds(size_t from) const {
    Value::List out;
    const int speaker = match_.events[from].seat;
    std::map<int32_t, size_t> at;  // by decision, where it stands in `out`
    for (size_t i = from + 1; i < match_.events.size(); ++i) {
      const Event& event = match_.events[i];
      if (event.kind == Event::round && !out.empty()) break;
      if (event.seat != speaker) continue;
      const bool choice = event.kind == Event::choice || event.kind == Event::missing;
      if (event.kind == Event::done && at.contains(event.name)) {
        Value& deed = out[at[event.name]];
        deed = deed.with("choice", label_of(labels_, match_.value_of(event)));
      }
      if (!choice || is_words(event)) continue;
      Value::List options;
      if (const ActionSet* set = match_.set_of(event); set && set->kind == ActionSet::Kind::list) {
        for (size_t k = 0; k < set->size(); ++k) options.emplace_back(label_of(labels_, set->at(k)));
      }
      at[event.name] = out.size();
      out.push_back(Value::Record{{"decision", match_.name_of(event)},
                                  {"choice", label_of(labels_, match_.value_of(event))},
                                  {"options", std::move(options)}});
    }
    return out;
  }

  SaidMessage message(size_t i) const {
    const Event& event = match_.events[i];
    const std::string& speaker = match_.seat_name(event.seat);
    const std::vector<int> to = hearers(event);
    Value::List names, before, secrets;
    for (int seat : to) names.emplace_back(match_.seat_name(seat));
    // The last that all who hear it have heard before, or said: alike for models, rules and people.
    for (auto k = said_.rbegin(); k != said_.rend() && before.size() < kBefore; ++k) {
      const Event& earlier = match_.events[*k];
      std::vector<int> knew = hearers(earlier);
      knew.push_back(earlier.seat);
      auto knows = [&](int seat) { return std::find(knew.begin(), knew.end(), seat) != knew.end(); };
      if (!knows(event.seat) || !std::all_of(to.begin(), to.end(), knows)) continue;
      before.push_back(
          Value::Record{{"speaker", match_.seat_name(earlier.seat)}, {"text", value_text(match_.value_of(earlier))}});
    }
    std::reverse(before.begin(), before.end());
    if (auto own = secrets_.find(event.seat); own != secrets_.end()) {
      for (const auto& [name, value] : own->second) secrets.push_back(Value::Record{{"name", name}, {"value", value}});
    }
    Value::Record columns = {
        {"of_match", number_}, {"of_round", round_}, {"of_decision", match_.name_of(event)}, {"speaker", speaker}};
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
                          {"secrets", std::move(secrets)},
                          {"columns", std::move(columns)}}};
  }

  const Transcript& match_;
  const Plan& plan_;
  uint64_t number_;
  std::string name_;  // of the match
  Labels labels_;
  int round_ = 1;
  std::map<int, std::map<std::string, Value>> secrets_;  // by seat, by name
  std::vector<size_t> said_;                             // events of the messages so far
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
  uint64_t done = 0;
  for (const StoredMatch& match : matches) {
    if (each) each(done++, matches.size());
    if (match.state.status != MatchStatus::whole) continue;
    auto plan = std::make_shared<const Plan>(store.plan_of(match.row));
    Transcript transcript = replay(kits.of(match), plan, match.state.attempt, store.replies(match.row));
    transcript.spell_out();
    for (SaidMessage& one : Reader(transcript, *plan, store.drawn(match.row), match.number).run())
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
  const std::optional<StudyInfo> study = store.study();
  if (!study) return out;
  const Value stated = from_json(study->text);
  for (const Value& one : stated["coders"].list()) out.push_back(Coder::from(one));
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
      entry = Value::Record{{"strategy", "recorded"}, {"moves", std::move(moves)}};
    }
    return Value::List{entry.with("name", coder.name)};
  };
  return file;
}

}  // namespace parley
