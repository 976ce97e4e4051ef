// From a study's declaration to its design: factors, cells, conditions, line-ups, identities.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "stats/fraction.h"
#include "stats/varied.h"
#include "study/expand/parts.h"

namespace parley::study {
namespace {

constexpr size_t kMostConditions = 1000000, kMostMatches = 10000000;  // of a block

}  // namespace

class Expansion {
 public:
  Expansion(const StudyFile& file, const Lookup& lookup, const std::vector<Override>& overrides)
      : file_(file), path_(file.path), known_(lookup), pool_(file.path, known_) {
    for (const Override& o : overrides) overrides_.insert_or_assign(o.name, Said{o.value, "", o.said});
    for (const auto& [name, value] : file.fields.is_record() ? file.fields.record() : Value::Record{}) {
      base_.emplace(name, Said{value, "", ""});
    }
  }

  Design run() {
    find_games();
    factors_ = factors_of(file_, overrides_, settings_);
    check_names();
    read_shape();
    cross();
    if (conditions_.empty()) throw Error(path_ + ": where drops every condition");
    check_factors();
    pool_.name_all(study_model());
    std::vector<std::pair<Condition*, const GameInfo*>> games;
    for (Draft& draft : conditions_) games.emplace_back(draft.condition.get(), draft.settled.game.get());
    add_columns(games);
    number();
    finish();
    declare();
    return std::move(design_);
  }

 private:
  // A condition on its way.
  struct Draft {
    std::shared_ptr<Condition> condition;
    Settled settled;
    std::vector<std::vector<uint32_t>> lineups;  // players by seat
    Value content;
  };

  const Said* said(std::string_view name) const {
    for (const Given* given : {&overrides_, &base_}) {
      if (auto at = given->find(name); at != given->end() && !at->second.value.is_nil()) return &at->second;
    }
    return nullptr;
  }

  // All games that the study could name, and their settings.
  void find_games() {
    std::vector<Given> choices;
    auto add = [&](const Value& game, std::string level) {
      choices.push_back({{"game", Said{game, std::move(level), ""}}});
    };
    if (const Said* game = said("game")) choices.push_back({{"game", *game}});
    if (!overrides_.count("game")) {
      for (const StudyFile::Factor& factor : file_.factors) {
        for (const StudyFile::Level& level : factor.levels) {
          const std::string where = fmt::format("vary.{}", factor.name);
          if (factor.name == "game") add(level.value, where);
          if (const Value& game = level.value["game"]; factor.name != "game" && game.is_string()) add(game, where);
        }
      }
    }
    if (choices.empty()) {
      for (const auto& [name, s] : base_) {
        const std::string meant = did_you_mean(name, {"game"});
        if (!use_of(name) && !meant.empty()) fail(path_, s, fmt::format("study has no field '{}'{}", name, meant));
      }
      choices.push_back(base_);
    }
    std::set<std::string> settings, names;
    for (const Given& given : choices) {
      const auto game = game_said(path_, given, known_);
      if (names.insert(game->name).second) games_.push_back(game->name);
      for (const std::string& name : names_of(game->settings)) settings.insert(name);
    }
    settings_.assign(settings.begin(), settings.end());
  }

  std::string the_games() const {
    std::vector<std::string> quoted;
    for (const std::string& game : games_) quoted.push_back("'" + game + "'");
    return (games_.size() == 1 ? "game " : "games ") + joined(quoted);
  }

  bool is_setting(const std::string& name) const {
    return std::binary_search(settings_.begin(), settings_.end(), name);
  }

  void check_names() {
    for (const Given* given : {&base_, &overrides_}) {
      for (const auto& [name, s] : *given) {
        if (auto use = use_of(name)) {
          if (!s.command.empty() && (name == "vary" || name == "where")) {
            fail(path_, s, fmt::format("{} stands in the study", name));
          }
          if (name == "where") {
            fail(path_, s, fmt::format("where is a function of the varied names, not {}", shown(s.value)));
          }
          continue;
        }
        if (is_setting(name)) continue;
        for (const char* field : {"strategy", "sampling", "times", "seat", "name", "watches"}) {
          if (name == field)
            fail(path_, s, fmt::format("'{}' is said of a player: {{ {} = ... }} in players", name, name));
        }
        fail(path_, s, no_such(name, "study has no field", field_names(), the_games(), settings_));
      }
    }
  }

  std::string text_field(const char* name) const {
    const Said* s = said(name);
    if (!s) return "";
    if (!s->value.is_string()) fail(path_, *s, fmt::format("{} is text, not {}", name, shown(s->value)));
    return s->value.string();
  }

  bool flag(const char* name) const {
    const Said* s = said(name);
    if (!s) return true;
    if (!s->value.is_boolean()) fail(path_, *s, fmt::format("{} is true or false, not {}", name, shown(s->value)));
    return s->value.boolean();
  }

  void read_shape() {
    for (const char* name : {"about", "source", "data"}) constant_[name] = text_field(name);
    if (const Said* measures = said("measures")) read_measures(*measures);
    const Said* seed = said("seed");
    if (seed) {
      const double n = seed->value.is_number() ? seed->value.number() : -1;
      if (!(n >= 0 && n < 0x1p53 && n == static_cast<double>(static_cast<uint64_t>(n)))) {
        fail(path_, *seed, fmt::format("seed is a whole number of 0 or more, not {}", shown(seed->value)));
      }
      design_.seed_ = static_cast<uint64_t>(n);
    }
    if (const Said* repeats = said("repeats")) {
      design_.repeats_ = static_cast<uint32_t>(whole(path_, *repeats, "repeats", 1));
    }
    constant_["seed"] = design_.seed_;
    constant_["repeats"] = static_cast<double>(design_.repeats_);

    const Said* tournament = said("tournament");
    shape_.against = said("against") || file_.against;
    if (tournament) {
      if (tournament->value != "round_robin") {
        fail(path_, *tournament, fmt::format("tournament is 'round_robin', not {}", shown(tournament->value)));
      }
      if (shape_.against) fail(path_, *tournament, "a study has tournament or against, not both");
      constant_["tournament"] = "round_robin";
    }
    shape_.round_robin = tournament != nullptr;
    shape_.self_play = flag("self_play");
    shape_.both_seats = flag("both_seats");
    if (const Said* s = said("self_play"); s && !shape_.round_robin) {
      fail(path_, *s, "self_play is for tournament = 'round_robin'");
    }
    if (const Said* s = said("both_seats"); s && !shape_.round_robin && !shape_.against) {
      fail(path_, *s, "both_seats is for tournament = 'round_robin' and for against");
    }
    if (shape_.round_robin) constant_["self_play"] = shape_.self_play;
    if (shape_.round_robin || shape_.against) constant_["both_seats"] = shape_.both_seats;
    if (!said("players") && !file_.players) throw Error(path_ + ": study names no players");
  }

  void read_measures(const Said& said) {
    if (!said.value.is_list() || file_.measures.empty())
      fail(path_, said, "measures are functions of a match by name: measures = { name = function(match) ... end }");
    for (const auto& [name, function] : file_.measures) {
      const bool factor =
          std::any_of(factors_.begin(), factors_.end(), [&](const Factor& f) { return f.name == name; });
      if (known_.is_column(name) || factor)
        fail(path_, said,
             fmt::format("measure '{}' has the name of {}: call it otherwise", name,
                         factor ? "what is varied" : "a column that is there by itself"));
    }
    constant_["measures"] = said.value;
  }

  // Every cell that `where` keeps becomes a condition; with `balance`, a balanced part of them.
  void cross() {
    double cells = 1;
    for (const Factor& factor : factors_) cells *= static_cast<double>(factor.levels.size());
    if (cells > static_cast<double>(kMostConditions)) {
      throw Error(fmt::format("{}: vary crosses to {:.0f} conditions, more than {}", path_, cells, kMostConditions));
    }
    std::set<std::string> bundled;  // settings that bundles set
    for (const Factor& factor : factors_) {
      for (const Level& level : factor.levels) {
        for (const auto& [name, value] : level.sets) bundled.insert(name);
      }
    }
    std::vector<stats::Cell> kept;
    stats::Cell at(factors_.size(), 0);
    for (bool more = true; more;) {
      if (keeps(at, bundled)) kept.push_back(at);
      more = false;
      for (size_t f = factors_.size(); f-- > 0 && !more;) {
        more = ++at[f] < factors_[f].levels.size();
        if (!more) at[f] = 0;
      }
    }
    if (const Said* n = said("balance"); n && !kept.empty()) kept = part_of(kept, *n);
    if (!kept.empty() && static_cast<double>(kept.size()) < cells) tell_aliases(kept);
    for (const stats::Cell& cell : kept) add(cell, bundled);
  }

  // As many of the cells as are said, and what does not stand equally often in them.
  std::vector<stats::Cell> part_of(const std::vector<stats::Cell>& cells, const Said& said) {
    const auto n = static_cast<size_t>(whole(path_, said, "balance", 1));
    if (factors_.empty()) fail(path_, said, "balance plays a part of what is varied, and nothing is");
    if (n > cells.size()) fail(path_, said, fmt::format("balance = {}, and there are {} conditions", n, cells.size()));
    for (const Factor& factor : factors_) {
      if (n < factor.levels.size()) {
        fail(path_, said,
             fmt::format("balance = {} is fewer than the {} levels of '{}', each of which is to be played", n,
                         factor.levels.size(), factor.name));
      }
    }
    std::vector<stats::Cell> out;
    for (size_t i : stats::balanced_fraction(cells, n, design_.seed_)) out.push_back(cells[i]);
    Value::List uneven;
    for (const stats::Evenness& one : stats::evenness(cells, out)) {
      if (one.least == one.most) continue;
      uneven.push_back(Value::Record{{"effect", name_of(one.factors)},
                                     {"least", static_cast<double>(one.least)},
                                     {"most", static_cast<double>(one.most)}});
    }
    constant_["uneven"] = std::move(uneven);
    constant_["balance"] = static_cast<double>(n);
    return out;
  }

  std::string name_of(const std::vector<size_t>& effect) const {
    std::vector<std::string> names;
    for (size_t f : effect) names.push_back(factors_[f].name);
    return stats::Varied::name(names);
  }

  // What can no longer be told apart, as some conditions are left out.
  void tell_aliases(const std::vector<stats::Cell>& cells) {
    Value::List confounded;
    for (const stats::Alias& alias : stats::aliases(cells)) {
      const std::string effect = name_of(alias.effect), with = name_of(alias.with);
      confounded.push_back(Value::Record{{"effect", effect}, {"with", with}, {"share", alias.share}});
      if (alias.with.size() == 1 && alias.share > 1 - 1e-6)
        design_.warnings_.push_back(fmt::format(
            "{}: '{}' and '{}' cannot be told apart in the conditions that are played", path_, effect, with));
    }
    constant_["aliases"] = std::move(confounded);
  }

  // What is said in a cell.
  struct Point {
    Given given;
    Value varied;          // for the study's functions
    Value::Record levels;  // by factor
    std::string name;
  };

  Point point(const stats::Cell& at, const std::set<std::string>& bundled) {
    Given given = base_;
    Value::Record varied, levels;
    std::map<std::string, std::string> set_by;
    std::string name;
    for (size_t f = 0; f < factors_.size(); ++f) {
      const Factor& factor = factors_[f];
      const Level& level = factor.levels[at[f]];
      for (const auto& [set, value] : level.sets) {
        auto [other, first] = set_by.emplace(set, factor.name);
        if (!first) {
          throw Error(fmt::format("{}: '{}' and '{}' of vary both set {}", path_, other->second, factor.name, set));
        }
        given.insert_or_assign(set, Said{value, fmt::format("level '{}' of vary.{}", level.name, factor.name), ""});
      }
      varied.insert_or_assign(factor.name, level.word);
      levels.emplace(factor.name, level.name);
      name += fmt::format("{}{}={}", f == 0 ? "" : " ", factor.name, level.name);
    }
    for (const auto& [set, s] : overrides_) given.insert_or_assign(set, s);
    if (!bundled.empty()) {
      const auto game = game_said(path_, given, known_);
      for (const std::string& set : bundled) {
        auto now = given.find(set);
        Value value = now != given.end() ? now->second.value
                      : set == "rounds"  ? Value(*settle(path_, given, known_).rules.rounds)
                                         : default_of(set, given, *game);
        if (!value.is_nil()) varied.emplace(set, std::move(value));
      }
    }
    return {std::move(given), std::move(varied), std::move(levels), std::move(name)};
  }

  bool keeps(const stats::Cell& at, const std::set<std::string>& bundled) {
    if (!file_.where) return true;
    const Value keep = call(file_.where, point(at, bundled).varied);
    return !keep.is_nil() && keep != false;
  }

  void add(const stats::Cell& at, const std::set<std::string>& bundled) {
    Point here = point(at, bundled);
    const Value& words = here.varied;
    Draft draft;
    draft.settled = settle(path_, here.given, known_);
    draft.content = content_of(draft.settled.rules, *draft.settled.game);
    draft.condition = std::make_shared<Condition>();
    draft.condition->rules = draft.settled.rules;
    draft.condition->levels = std::move(here.levels);
    draft.condition->name = std::move(here.name);
    const Said players = list_said("players", file_.players, words);
    const Said against = shape_.against ? list_said("against", file_.against, words) : Said{};
    const Said observers = list_said("observers", file_.observers, words);
    draft.lineups =
        lineups_of(path_, draft.settled, shape_, players, against, observers, draft.condition->name, pool_, known_);
    matches_ += draft.lineups.size();
    if (matches_ > kMostMatches) throw Error(fmt::format("{}: more than {} matches a block", path_, kMostMatches));
    conditions_.push_back(std::move(draft));
  }

  Value call(const StudyFile::Function& function, const Value& words) {
    std::vector<std::string> used;
    Value out = function(words, &used);
    asked_.insert(used.begin(), used.end());
    return out;
  }

  // What the study says of a list of players: the command line's, the function's, the field's.
  Said list_said(const char* name, const StudyFile::Function& function, const Value& words) {
    if (auto at = overrides_.find(name); at != overrides_.end()) return at->second;
    if (function) return {call(function, words), "", ""};
    const Said* s = said(name);
    return s ? *s : Said{};
  }

  void check_factors() {
    for (const Factor& factor : factors_) {
      if (asked_.count(factor.name)) continue;
      std::vector<std::string> known = rule_names();
      known.insert(known.end(), settings_.begin(), settings_.end());
      for (const Level& level : factor.levels) {
        if (level.sets_something) continue;
        if (level.word.is_record()) {
          for (const auto& [name, value] : level.word.record()) {
            if (std::find(known.begin(), known.end(), name) != known.end()) continue;
            throw Error(fmt::format("{}: level '{}' of vary.{} sets '{}', which is no setting of the study or of {}{}",
                                    path_, level.name, factor.name, name, the_games(), did_you_mean(name, known)));
          }
        }
        throw Error(
            fmt::format("{}: nothing uses '{}' of vary: it is no setting of the study or of {}, and no function of the "
                        "study asks for v.{}{}",
                        path_, factor.name, the_games(), factor.name, did_you_mean(factor.name, known)));
      }
    }
  }

  std::string study_model() const {
    std::set<std::string> models;
    for (const Draft& draft : conditions_) models.insert(draft.settled.model);
    return models.size() == 1 ? *models.begin() : "";
  }

  // Numbers and identities: of conditions with the same content and line-ups, of equal line-ups under one condition's id.
  void number() {
    std::map<std::string, std::vector<size_t>> equal;  // conditions by content and line-ups
    std::map<Hash, std::map<std::vector<std::string>, int>> times;
    std::map<std::pair<Hash, std::vector<uint32_t>>, std::shared_ptr<const Lineup>> made;
    auto make = [&](const std::vector<uint32_t>& players, const std::vector<std::string>& contents, int number) {
      const Hash id = lineup_id(contents, number);
      auto& lineup = made[{id, players}];
      if (!lineup) {
        Lineup one{{}, number, id};
        for (uint32_t player : players) one.players.push_back(pool_.player(player));
        lineup = std::make_shared<const Lineup>(std::move(one));
      }
      return lineup;
    };
    for (size_t c = 0; c < conditions_.size(); ++c) {
      Draft& draft = conditions_[c];
      std::vector<std::vector<std::string>> contents;
      for (const auto& lineup : draft.lineups) {
        auto& seats = contents.emplace_back();
        for (uint32_t player : lineup) seats.push_back(pool_.content_text(player));
      }
      auto sorted = contents;
      std::sort(sorted.begin(), sorted.end());
      std::string key = to_json(draft.content);
      for (const auto& seats : sorted) {
        key += "\n";
        for (const std::string& seat : seats) key += "\n" + seat;
      }
      auto& alike = equal[hash_of(key)];
      alike.push_back(c);
      Condition& condition = *draft.condition;
      condition.number = static_cast<int>(alike.size());
      condition.id = condition_id(draft.content, condition.number);
      if (condition.number > 1) warn_of_null(conditions_[alike[0]], draft);

      const bool swaps =
          (!shape_.both_seats && (shape_.round_robin || shape_.against)) || condition.rules.seats == "balanced";
      design_.first_slot_.push_back(design_.slots_.size());
      for (size_t l = 0; l < draft.lineups.size(); ++l) {
        const int n = ++times[condition.id][contents[l]];
        Design::Slot slot{static_cast<uint32_t>(c), static_cast<uint32_t>(l), make(draft.lineups[l], contents[l], n),
                          nullptr};
        if (swaps) {
          std::vector<uint32_t> players = draft.lineups[l];  // of two seats, then observers
          std::vector<std::string> swapped = contents[l];
          std::swap(players[0], players[1]);
          std::swap(swapped[0], swapped[1]);
          for (size_t i = 2; i < players.size(); ++i) {  // whom it watches sits opposite
            players[i] = pool_.watching(players[i], 3 - pool_.player(players[i]).watches);
            swapped[i] = pool_.content_text(players[i]);
          }
          slot.swapped = make(players, swapped, n);
        }
        design_.slots_.push_back(std::move(slot));
      }
    }
    design_.first_slot_.push_back(design_.slots_.size());
  }

  // A level that stands twice is a null variant on purpose, and is named so.
  void warn_of_null(const Draft& first, const Draft& second) {
    const Rules& rules = second.condition->rules;
    const bool meant = second.condition->name.find('#') != std::string::npos;
    const bool silent = rules.read == "scored" && rules.decide == "argmax";
    if (nulls_++ > 0 || (meant && !silent)) return;
    design_.warnings_.push_back(fmt::format(
        "{}: conditions '{}' and '{}' differ in nothing{}", path_, first.condition->name, second.condition->name,
        silent ? ": choices scored and decided by arg-max show no noise, but for what players that draw bring in"
               : ""));
  }

  void warn_of_labels(const Draft& draft) {
    const Rules& rules = draft.condition->rules;
    const auto& actions = draft.settled.game->actions;
    if (rules.label_map == "given" || !rules.labels.is_list() || rules.labels.list() != actions.at(0).items) return;
    std::string line = fmt::format(
        "{}: labels are the actions' own names, and label_map = {} gives them to other actions: leave "
        "labels out",
        path_, shown(rules.label_map));
    if (std::find(design_.warnings_.begin(), design_.warnings_.end(), line) == design_.warnings_.end()) {
      design_.warnings_.push_back(std::move(line));
    }
  }

  void warn_of_cut(const Draft& draft) {
    const Rules& rules = draft.condition->rules;
    if (rules.cut() <= kRareCut) return;
    const int rounds = rules.rounds.value_or(1);
    const std::string line = fmt::format(
        "{}: with ends = {} a match would go beyond {} with a chance of {:.0f} %, and is cut there, whatever players "
        "are "
        "told: rounds = {} makes that rare",
        path_, number_text(rules.ends), rounds == 1 ? "1 round" : fmt::format("{} rounds", rounds), 100 * rules.cut(),
        std::ceil(std::log(kRareCut) / std::log1p(-rules.ends)));
    if (std::find(design_.warnings_.begin(), design_.warnings_.end(), line) == design_.warnings_.end())
      design_.warnings_.push_back(line);
  }

  void warn_of_columns() {
    for (const Factor& factor : factors_) {
      if (const std::string column = known_.column(factor.name); column != factor.name)
        design_.warnings_.push_back(fmt::format(
            "{}: a table of the study has a column '{}' by itself: the levels of what is varied by this name "
            "are in '{}'",
            path_, factor.name, column));
    }
  }

  void finish() {
    warn_of_columns();
    for (Draft& draft : conditions_) warn_of_labels(draft);
    for (Draft& draft : conditions_) warn_of_cut(draft);
    design_.warnings_.insert(design_.warnings_.end(), pool_.warnings().begin(), pool_.warnings().end());
    for (uint32_t i = 0; i < pool_.size(); ++i) {
      design_.players_.push_back(pool_.player(i));
      const std::string& strategy = pool_.player(i).strategy;
      design_.defaults_.emplace(strategy, known_.strategy(strategy)->settings);
    }
    Value::Record common = conditions_[0].settled.resolved.record();
    for (const Draft& draft : conditions_) {
      std::erase_if(common, [&](const auto& field) { return draft.settled.resolved[field.first] != field.second; });
    }
    for (const auto& [name, value] : constant_) common.insert_or_assign(name, value);
    std::erase_if(common, [](const auto& field) { return field.second == ""; });
    Value::Record vary;
    for (const Factor& factor : factors_) {
      Value::List names;
      for (const Level& level : factor.levels) names.emplace_back(level.name);
      vary.emplace(factor.name, std::move(names));
    }
    if (!vary.empty()) common.insert_or_assign("vary", std::move(vary));
    design_.resolved_ = std::move(common);
    for (Draft& draft : conditions_) {
      design_.conditions_.push_back(std::move(draft.condition));
      design_.games_.push_back(std::move(draft.settled.game));
      design_.resolved_conditions_.push_back(std::move(draft.settled.resolved));
    }
    design_.order_ = Draws(fmt::format("{}|order", design_.seed_));
  }

  // What the study declares of its analysis.
  void declare() {
    const Said* s = said("analysis");
    if (!s) return;
    AnalysisNeeds needs;
    needs.numbers = known_.numbers();
    if (!needs.numbers.empty()) {
      for (const auto& [name, function] : file_.measures) needs.numbers.push_back(name);
    }
    for (const auto& game : design_.games_) needs.notes = needs.notes || !game->by_payoffs;
    needs.column = [this](const std::string& factor) { return known_.column(factor); };
    needs.overridden = !overrides_.empty();
    needs.warn = [this](const std::string& what) { design_.warnings_.push_back(what); };
    design_.resolved_ = design_.resolved_.with("analysis", analysis_of(path_, *s, design_, needs));
  }

  const StudyFile& file_;
  const std::string& path_;
  Known known_;
  Pool pool_;
  Given overrides_, base_;
  std::vector<std::string> games_, settings_;  // names: of all games of the study, of their settings (sorted)
  std::vector<Factor> factors_;
  Shape shape_;
  Value::Record constant_;       // fields with one value for the study
  std::set<std::string> asked_;  // names that the study's functions asked for
  std::vector<Draft> conditions_;
  size_t matches_ = 0;
  int nulls_ = 0;
  Design design_;
};

void add_columns(const std::vector<std::pair<Condition*, const GameInfo*>>& conditions) {
  std::map<std::string, std::set<std::string>> values;
  auto text = [](const GameInfo& game, const std::string& name) {
    const Value& value = game.columns[name];
    return value.is_nil() ? std::string() : value_text(value);
  };
  for (const auto& [condition, game] : conditions) {
    if (!game->columns.is_record()) continue;
    for (const auto& [name, value] : game->columns.record()) values[name];
  }
  for (auto& [name, all] : values) {
    for (const auto& [condition, game] : conditions) all.insert(text(*game, name));
    if (all.size() < 2) continue;
    for (const auto& [condition, game] : conditions) {
      if (condition->levels[name].is_nil()) condition->levels = condition->levels.with(name, text(*game, name));
    }
  }
}

Design expand(const StudyFile& file, const Lookup& lookup, const std::vector<Override>& overrides) {
  return Expansion(file, lookup, overrides).run();
}

}  // namespace parley::study
