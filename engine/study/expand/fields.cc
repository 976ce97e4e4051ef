// The fields of a study: which there are, what they may be, what they come to (LUA.md, "In a study").
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "study/expand/parts.h"

namespace parley::study {
namespace {

const std::vector<std::pair<std::string, Use>>& table() {
  static const std::vector<std::pair<std::string, Use>> fields = {
      {"about", Use::text},      {"source", Use::text},      {"data", Use::text},         {"game", Use::rule},
      {"model", Use::rule},      {"told", Use::rule},        {"rounds", Use::rule},       {"ends", Use::rule},
      {"horizon", Use::rule},    {"cover", Use::rule},       {"unit", Use::rule},         {"format", Use::rule},
      {"labels", Use::rule},     {"label_map", Use::rule},   {"option_order", Use::rule}, {"payoff_order", Use::rule},
      {"seats", Use::rule},      {"read", Use::rule},        {"decide", Use::rule},       {"players", Use::shape},
      {"against", Use::shape},   {"tournament", Use::shape}, {"self_play", Use::shape},   {"both_seats", Use::shape},
      {"repeats", Use::shape},   {"seed", Use::shape},       {"vary", Use::shape},        {"where", Use::shape},
      {"observers", Use::shape}, {"matching", Use::rule},    {"measures", Use::shape},    {"analysis", Use::shape},
      {"balance", Use::shape},
  };
  return fields;
}

// "one, two or three", quoted.
std::string one_of(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const std::string& word : words) quoted.push_back("'" + word + "'");
  return joined(quoted, " or ");
}

// Reads the rules of one condition, blaming who said what is wrong.
class Reader {
 public:
  Reader(const std::string& path, const Given& given, const GameInfo& game) : path_(path), given_(given), game_(game) {}

  const Said* said(std::string_view name) const {
    auto at = given_.find(name);
    return at == given_.end() || at->second.value.is_nil() ? nullptr : &at->second;
  }

  std::string word(const char* name, const std::vector<std::string>& words, std::string standard) const {
    const Said* s = said(name);
    if (!s) return standard;
    if (s->value.is_string() && std::find(words.begin(), words.end(), s->value.string()) != words.end()) {
      return s->value.string();
    }
    fail(path_, *s,
         fmt::format("{} is {}, not {}{}", name, one_of(words), shown(s->value),
                     s->value.is_string() ? did_you_mean(s->value.string(), words) : ""));
  }

  std::string text(const char* name, std::string standard) const {
    const Said* s = said(name);
    if (!s) return standard;
    if (!s->value.is_string() || s->value.string().empty()) {
      fail(path_, *s, fmt::format("{} is a name, not {}", name, shown(s->value)));
    }
    return s->value.string();
  }

  double ends() const {
    const Said* s = said("ends");
    if (!s) return 0;
    if (!s->value.is_number() || !(s->value.number() >= 0 && s->value.number() < 1)) {
      fail(path_, *s, fmt::format("ends is a chance of 0 or more and below 1, not {}", shown(s->value)));
    }
    if (s->value.number() > 0 && !game_.ends)
      fail(path_, *s, fmt::format("ends = {}: {}", shown(s->value), to_the_last()));
    return s->value.number();
  }

  Horizon horizon() const {
    const Said* s = said("horizon");
    if (!s || s->value == "told") return {};
    if (s->value == "hidden") return {Horizon::Kind::hidden, 0};
    const double n = s->value.is_number() ? s->value.number() : -1;
    if (n > 0 && n < 1 && !game_.ends) fail(path_, *s, fmt::format("horizon = {}: {}", shown(s->value), to_the_last()));
    if (n > 0 && n < 1) return {Horizon::Kind::chance, n};
    if (n >= 1 && n == std::floor(n)) return {Horizon::Kind::rounds, n};
    fail(path_, *s,
         fmt::format("horizon is 'told', 'hidden', a chance below 1 or a whole number of rounds, not {}",
                     shown(s->value)));
  }

  Value unit() const {
    const Said* s = said("unit");
    if (!s) return "points";
    const Value& unit = s->value;
    bool forms = unit.is_list() && unit.list().size() == 2;
    if (forms) {
      for (const Value& form : unit.list()) forms = forms && form.is_string() && !form.string().empty();
    }
    if (!forms && (!unit.is_string() || unit.string().empty())) {
      fail(path_, *s,
           fmt::format("unit is a word of prompts/units.txt or both its forms, {{ 'vote', 'votes' }}, not {}",
                       shown(unit)));
    }
    return unit;
  }

  // The actions of a game that declares one list of words for all its seats; else nullptr.
  const ActionSet* declared() const {
    if (game_.actions.size() != 1 || game_.actions[0].kind != ActionSet::Kind::list) return nullptr;
    for (const Value& action : game_.actions[0].items) {
      if (!action.is_string()) return nullptr;
    }
    return &game_.actions[0];
  }

  Value labels() const {
    const Said* s = said("labels");
    if (!s || (s->value.is_list() && s->value.list().empty())) return {};
    const Value& labels = s->value;
    if (!labels.is_list() && !labels.is_record()) {
      fail(path_, *s,
           fmt::format("labels is a list of words, or a table with words for actions, not {}", shown(labels)));
    }
    std::set<std::string> seen;
    auto check = [&](const Value& label) {
      if (!label.is_string() || label.string().empty()) {
        fail(path_, *s, fmt::format("a label is a word, not {}", shown(label)));
      }
      if (!seen.insert(label.string()).second) {
        fail(path_, *s, fmt::format("labels has '{}' twice", label.string()));
      }
    };
    const ActionSet* actions = declared();
    if (labels.is_list()) {
      for (const Value& label : labels.list()) check(label);
      if (!actions) {
        fail(path_, *s,
             fmt::format("labels is a list, and game '{}' has not one list of actions for all seats: say which "
                         "label is for which action, {{ accept = 'J' }}",
                         game_.name));
      }
      if (labels.list().size() != actions->items.size()) {
        fail(path_, *s,
             fmt::format("labels is a list of {}, and game '{}' has {} actions ({})", labels.list().size(), game_.name,
                         actions->items.size(), value_text(actions->items)));
      }
      return labels;
    }
    std::vector<std::string> known;
    for (const ActionSet& set : game_.actions) {
      for (const Value& action : set.items) known.push_back(value_text(action));
    }
    for (const auto& [name, label] : labels.record()) {
      check(label);
      if (game_.by_payoffs && std::find(known.begin(), known.end(), name) == known.end()) {
        fail(path_, *s,
             fmt::format("labels has '{}', and game '{}' no such action{}", name, game_.name,
                         did_you_mean(name, known)));
      }
    }
    for (const ActionSet& set : game_.actions) {
      for (const Value& action : set.items) {
        const std::string name = value_text(action);
        for (const auto& [other, label] : labels.record()) {
          if (other != name && label == name && labels[name].is_nil() && set.contains(Value(other))) {
            fail(path_, *s, fmt::format("labels calls '{}' '{}', which is what another action is called", other, name));
          }
        }
      }
    }
    return labels;
  }

  // An order of `n` things (0: not known). `by_round`: also "each_round" and a list of orders.
  Value order(const char* name, size_t n, bool by_round, int rounds) const {
    const Said* s = said(name);
    if (!s) return "balanced";
    std::vector<std::string> words = {"balanced", "given", "reversed"};
    if (by_round) words.emplace_back("each_round");
    const Value& order = s->value;
    if (order.is_string() && std::find(words.begin(), words.end(), order.string()) != words.end()) return order;
    if (!order.is_list() || order.list().empty()) {
      fail(path_, *s,
           fmt::format("{} is {} or a list, not {}{}", name, joined_quoted(words), shown(order),
                       order.is_string() ? did_you_mean(order.string(), words) : ""));
    }
    if (by_round && order.list()[0].is_list()) {
      if (order.list().size() < static_cast<size_t>(rounds)) {
        fail(path_, *s,
             fmt::format("{} has orders for {} rounds, and there are {}", name, order.list().size(), rounds));
      }
      for (const Value& one : order.list()) permutation(*s, name, one, n);
    } else {
      permutation(*s, name, order, n);
    }
    return order;
  }

 private:
  std::string to_the_last() const {
    return fmt::format("a match of game '{}' is played to its last round, which `rounds` says", game_.name);
  }

  static std::string joined_quoted(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "'" : ", '") + word + "'";
    return out;
  }

  void permutation(const Said& s, const char* name, const Value& order, size_t n) const {
    const size_t k = order.is_list() ? order.list().size() : 0;
    std::set<double> seen;
    if (k > 0) {
      for (const Value& item : order.list()) {
        if (item.is_number() && item.number() == std::floor(item.number()) && item.number() >= 1 &&
            item.number() <= static_cast<double>(k)) {
          seen.insert(item.number());
        }
      }
    }
    if (k == 0 || seen.size() != k) {
      fail(path_, s,
           fmt::format("{}: an order is a list that has each number from 1 to its length once, not {}", name,
                       to_json(order)));
    }
    if (n > 0 && k != n) {
      fail(path_, s, fmt::format("{}: an order of {}, and game '{}' has {}", name, k, game_.name, n));
    }
  }

  const std::string& path_;
  const Given& given_;
  const GameInfo& game_;
};

// What `seats = "balanced"` needs.
bool same_set_in_both_seats(const GameInfo& game) {
  if (game.least > 2 || game.most < 2 || (!game.players.empty() && game.players.size() != 2)) return false;
  if (game.actions.size() == 1) return true;
  return game.actions.size() == 2 && game.actions[0].to_value() == game.actions[1].to_value();
}

// What `matching = "strangers"` needs.
void check_strangers(const std::string& path, const Said& said, const Rules& rules, const GameInfo& game) {
  if (!game.by_payoffs || game.players.size() != 2) {
    fail(path, said,
         fmt::format(
             "matching = 'strangers' is for games of two seats that are given by their payoffs, and game '{}' is "
             "not one",
             game.name));
  }
  if (rules.seats != "given") {
    fail(path, said,
         fmt::format("matching = 'strangers' and seats = '{}' do not go together: the first half of the players sit in "
                     "the first seat",
                     rules.seats));
  }
}

// How many payoff lines a game has; 0: not known, or too many to be listed (DESIGN 5, "Rules").
size_t outcomes(const GameInfo& game) {
  if (!game.by_payoffs || game.players.empty() || game.actions.empty()) return 0;
  size_t n = 1;
  for (size_t seat = 0; seat < game.players.size() && n <= 64; ++seat) {
    n *= game.actions[game.actions.size() == 1 ? 0 : seat].size();
  }
  return n <= 64 ? n : 0;
}

Value value_of(const Horizon& horizon) {
  switch (horizon.kind) {
    case Horizon::Kind::told:
      return "told";
    case Horizon::Kind::hidden:
      return "hidden";
    default:
      return horizon.value;
  }
}

}  // namespace

std::optional<Use> use_of(std::string_view field) {
  for (const auto& [name, use] : table()) {
    if (name == field) return use;
  }
  return std::nullopt;
}

std::vector<std::string> field_names() {
  std::vector<std::string> names;
  for (const auto& [name, use] : table()) {
    names.push_back(name);
  }
  return names;
}

std::vector<std::string> rule_names() {
  std::vector<std::string> names;
  for (const auto& [name, use] : table()) {
    if (use == Use::rule) names.push_back(name);
  }
  return names;
}

std::string default_format(const std::string& read) { return read == "scored" ? "text" : "chat"; }

Value default_of(const std::string& name, const Given& given, const GameInfo& game) {
  if (const Value& standard = game.settings[name]; !standard.is_nil()) return standard;
  if (name == "ends") return 0;
  if (name == "horizon") return "told";
  if (name == "cover") return "plain";
  if (name == "unit") return "points";
  if (name == "read") return "text";
  if (name == "decide") return "argmax";
  if (name == "seats") return "given";
  if (name == "matching") return "partners";
  if (name == "label_map" || name == "option_order" || name == "payoff_order") return "balanced";
  if (name == "labels" || name == "told") return Value::List{};
  if (name == "format") {
    auto read = given.find("read");
    return default_format(read != given.end() && read->second.value.is_string() ? read->second.value.string() : "text");
  }
  return {};
}

std::vector<std::string> told_said(const std::string& path, const Said& said, Known& known) {
  std::vector<std::string> out;
  auto add = [&](const Value& name) {
    if (!name.is_string() || name.string().empty()) {
      fail(path, said,
           fmt::format("told is the name of a section of prompts/told, or a list of them, not {}", shown(said.value)));
    }
    known.check_words(path, said, "told", name.string());
    if (std::find(out.begin(), out.end(), name.string()) == out.end()) out.push_back(name.string());
  };
  if (said.value.is_list()) {
    for (const Value& name : said.value.list()) add(name);
  } else if (!said.value.is_nil()) {
    add(said.value);
  }
  return out;
}

std::shared_ptr<const GameInfo> game_said(const std::string& path, const Given& given, Known& known) {
  auto at = given.find("game");
  if (at == given.end() || at->second.value.is_nil()) {
    std::string other;  // perhaps the game, misspelt
    for (const auto& [name, said] : given) {
      if (other.empty() && !use_of(name)) other = fmt::format("; '{}' is no field of a study", name);
    }
    throw Error(path + ": study names no game: game = \"prisoners_dilemma\", or vary it" + other);
  }
  const Said& said = at->second;
  if (!said.value.is_string() || said.value.string().empty()) {
    fail(path, said, fmt::format("game is a name, not {}", shown(said.value)));
  }
  const std::string& name = said.value.string();
  auto game = known.game(name, Value::Record{}, kAsDeclared);
  if (!game) fail(path, said, fmt::format("there is no game '{}'{}", name, known.nearest_game(name)));
  for (const auto& [set, standard] : game->settings.record()) {
    if (use_of(set)) throw Error(fmt::format("{}: the setting '{}' has the name of a study's field", game->path, set));
  }
  return game;
}

Settled settle(const std::string& path, const Given& given, Known& known) {
  auto standard = game_said(path, given, known);
  const std::string& name = given.find("game")->second.value.string();
  Value::Record differing, all;
  for (const auto& [set, value] : standard->settings.record()) {
    auto at = given.find(set);
    Value now = at == given.end() ? value : setting(path, at->second, set, value, "game '" + standard->name + "'");
    if (now != value) differing.emplace(set, now);
    all.emplace(set, std::move(now));
  }
  Settled out;
  Rules& rules = out.rules;
  rules.game = name;
  rules.settings = std::move(differing);
  out.game = known.game(name, rules.settings);
  const GameInfo& game = *out.game;
  const Reader reader(path, given, game);

  auto rounds = reader.said("rounds");
  rules.rounds = rounds ? whole(path, *rounds, "rounds", 1) : game.rounds.value_or(1);
  rules.ends = reader.ends();
  rules.horizon = reader.horizon();
  rules.cover = reader.text("cover", "plain");
  rules.unit = reader.unit();
  if (const Said* cover = reader.said("cover")) known.check_words(path, *cover, "cover", rules.cover);
  if (const Said* unit = reader.said("unit"); unit && rules.unit.is_string()) {
    known.check_words(path, *unit, "unit", rules.unit.string());
  }
  rules.read = reader.word("read", {"scored", "constrained", "text"}, "text");
  rules.format = reader.word("format", {"text", "chat", "messages"}, default_format(rules.read));
  rules.decide = reader.word("decide", {"argmax", "sample"}, "argmax");
  rules.labels = reader.labels();
  const ActionSet* actions = reader.declared();
  const size_t count = actions ? actions->items.size() : 0;
  const size_t labels = rules.labels.is_record() ? rules.labels.record().size() : count;
  rules.label_map = reader.order("label_map", labels, false, 0);
  rules.option_order = reader.order("option_order", game.by_payoffs ? count : 0, true, *rules.rounds);
  rules.payoff_order = reader.order("payoff_order", outcomes(game), false, 0);
  rules.seats = reader.word("seats", {"given", "reversed", "balanced"}, "given");
  rules.matching = reader.word("matching", {"partners", "strangers"}, "partners");
  if (rules.strangers()) check_strangers(path, *reader.said("matching"), rules, game);
  if (rules.seats == "balanced" && !same_set_in_both_seats(game)) {
    fail(path, *reader.said("seats"),
         fmt::format(
             "seats = 'balanced' is for two seats with the same action set, and game '{}' has not one declared for "
             "both",
             game.name));
  }
  out.model = reader.text("model", "");
  if (auto told = reader.said("told")) out.told = told_said(path, *told, known);

  all["game"] = name;
  all["rounds"] = *rules.rounds;
  all["ends"] = rules.ends;
  all["horizon"] = value_of(rules.horizon);
  all["cover"] = rules.cover;
  all["unit"] = rules.unit;
  all["format"] = rules.format;
  all["read"] = rules.read;
  all["decide"] = rules.decide;
  all["labels"] = rules.labels.is_nil() ? Value(Value::List{}) : rules.labels;
  all["label_map"] = rules.label_map;
  all["option_order"] = rules.option_order;
  all["payoff_order"] = rules.payoff_order;
  all["seats"] = rules.seats;
  all["matching"] = rules.matching;
  if (!out.model.empty()) all["model"] = out.model;
  all["told"] = Value::List(out.told.begin(), out.told.end());
  out.resolved = std::move(all);
  return out;
}

}  // namespace parley::study
