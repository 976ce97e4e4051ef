#include "study/tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/json.h"

namespace parley {
namespace {

constexpr const char *kOtherMoves = "other_moves", *kOwnMoves = "own_moves";  // factors of the study

// Every list of so many moves, the last fastest.
std::vector<Moves> all_moves(int actions, int length) {
  std::vector<Moves> out{{}};
  for (int i = 0; i < length; ++i) {
    std::vector<Moves> longer;
    for (const Moves& moves : out) {
      for (int action = 0; action < actions; ++action) {
        longer.push_back(moves);
        longer.back().push_back(action);
      }
    }
    out = std::move(longer);
  }
  return out;
}

Value::List named(const Moves& moves, const std::vector<Value>& actions) {
  Value::List out;
  for (int move : moves) out.push_back(actions[static_cast<size_t>(move)]);
  return out;
}

// "1221": actions by number; set apart where a number may have two digits.
std::string digits(const Moves& moves, size_t actions) {
  std::string out;
  for (int move : moves) out += fmt::format("{}{}", actions > 9 && !out.empty() ? "." : "", move + 1);
  return out;
}

std::string told(const History& history, const TreeShape& shape) {
  if (history.rounds() == 0) return "in round 1";
  return fmt::format("in round {}, after {} (the other: {})", history.rounds() + 1,
                     value_text(named(history.own, shape.own_actions)),
                     value_text(named(history.other, shape.other_actions)));
}

// What each seat chose, by round.
std::array<Moves, 2> moves_of(Transcript transcript) {
  transcript.spell_out();
  std::array<Moves, 2> out;
  for (const Event& event : transcript.events) {
    if (event.kind == Event::choice) out[static_cast<size_t>(event.seat) - 1].push_back(event.index);
  }
  return out;
}

std::shared_ptr<const Plan> with_moves(const Plan& plan, int seat, Value::List moves) {
  auto lineup = std::make_shared<Lineup>(*plan.lineup);
  lineup->players[static_cast<size_t>(seat) - 1].settings =
      Value::Record{{"moves", Value::Record{{"action", std::move(moves)}}}};
  auto out = std::make_shared<Plan>(plan);
  out->lineup = std::move(lineup);
  return out;
}

std::vector<double> certainly(int action, int of) {
  std::vector<double> out(static_cast<size_t>(of));
  out[static_cast<size_t>(action)] = 1;
  return out;
}

// Plays the player once, every label as likely, to see how it asks.
void look_at_questions(Scripts& scripts, std::shared_ptr<const Plan> plan, const TreeShape& shape) {
  const Player& player = plan->lineup->players[static_cast<size_t>(shape.seat) - 1];
  Match match(scripts, std::move(plan));
  for (std::vector<Question> questions = match.advance(); !questions.empty(); questions = match.advance()) {
    for (const Question& question : questions) {
      const Request& request = question.request;
      if (request.read != ReadMode::scored) {
        throw Error(
            fmt::format("{} asks for text ('{}'), which is drawn anew in each match: what it chooses is no table. A "
                        "player whose every question is scored has one (direct, scot)",
                        player.strategy, request.about.question));
      }
      if (shape.branches && question.place.n != request.about.round) {
        throw Error(
            fmt::format("{} asks more than once in a turn, and each answer would be drawn: the chance of its choices "
                        "is not what one question says. With --decide argmax it has a table",
                        player.strategy));
      }
      Reply reply;
      reply.scores.assign(request.labels.size(), -std::log(static_cast<double>(request.labels.size())));
      match.answer(question.place, reply);
    }
  }
  if (match.drew(shape.seat)) {
    throw Error(
        fmt::format("{} draws by itself: what it does after a history is another thing another time", player.strategy));
  }
}

}  // namespace

TreeShape tree_shape(Scripts& scripts, std::shared_ptr<const Plan> plan, int seat) {
  const Rules& rules = plan->condition->rules;
  const std::vector<Player>& players = plan->lineup->players;
  const GameSetup& setup = scripts.setup(rules.game, rules.settings, static_cast<int>(players.size()));
  auto is_list = [](const auto& set) { return set->kind == ActionSet::Kind::list; };
  if (!setup.table || players.size() != 2 || !std::all_of(setup.actions.begin(), setup.actions.end(), is_list)) {
    throw Error(fmt::format(
        "{}: a tree is grown in games of two seats that are given by `payoffs` over lists of actions", setup.path));
  }
  if (rules.ends > 0) throw Error("a tree has a fixed number of rounds: ends = 0");
  const Player& player = players[static_cast<size_t>(seat) - 1];
  const bool asks = !player.model.empty();
  if (asks && rules.read != "scored")
    throw Error(fmt::format("a tree is of scored choices (read = 'scored', not '{}')", rules.read));

  TreeShape shape;
  shape.seat = seat;
  shape.rounds = *rules.rounds;
  shape.branches = asks && rules.decide == "sample";
  const auto own_set = setup.actions[static_cast<size_t>(seat) - 1], other_set = setup.actions[seat == 1 ? 1 : 0];
  shape.own_actions = own_set->items;
  shape.other_actions = other_set->items;
  shape.own = static_cast<int>(shape.own_actions.size());
  shape.other = static_cast<int>(shape.other_actions.size());
  for (int i = 0; i < shape.own; ++i) {
    for (int j = 0; j < shape.other; ++j) {
      const auto& cell = setup.table->cells[static_cast<size_t>(seat == 1 ? i * shape.other + j : j * shape.own + i)];
      shape.payoffs.push_back({cell[seat == 1 ? 0 : 1], cell[seat == 1 ? 1 : 0]});
    }
  }
  if (shape.nodes() > kMostNodes) {
    throw Error(fmt::format("{} rounds have {:.0f} histories{}; {:.0f} are the most. Take fewer rounds", shape.rounds,
                            shape.nodes(), shape.branches ? ", since the player's own choices branch too" : "",
                            kMostNodes));
  }
  look_at_questions(scripts, std::move(plan), shape);
  return shape;
}

StudyFile tree_study(const std::string& game, const Value& player, const TreeShape& shape) {
  StudyFile file;
  file.path = "tree";
  file.fields = Value::Record{{"about", "A policy as a table: every history that the other seat can lead to"},
                              {"game", game},
                              {"read", "scored"}};
  file.text = "study " + to_json(file.fields.with("players", Value::List{player})) + "\n";
  // By level of the factors below: what is done in all rounds but the last, which leads nowhere.
  auto moves = std::make_shared<std::map<std::string, Value::List>>();
  auto vary = [&](const char* name, const std::vector<Value>& actions) {
    StudyFile::Factor factor{name, {}};
    for (const Moves& path : all_moves(static_cast<int>(actions.size()), shape.rounds - 1)) {
      const std::string level = digits(path, actions.size());
      factor.levels.push_back({level, level, true});
      moves->emplace(name + level, named(path, actions));
    }
    if (shape.rounds > 1) file.factors.push_back(std::move(factor));
  };
  vary(kOtherMoves, shape.other_actions);
  if (shape.branches) vary(kOwnMoves, shape.own_actions);
  file.players = [=](const Value& varied, std::vector<std::string>* used) {
    auto path = [&](const char* name) {
      if (varied[name].is_nil()) return Value::List();
      if (used) used->push_back(name);
      return moves->at(name + varied[name].string());
    };
    Value own = player, other = Value::Record{{"strategy", "plan"}, {"name", "plan"}};
    if (Value::List forced = path(kOwnMoves); !forced.empty()) {
      own = own.with("sampling", own["sampling"].with("forced", std::move(forced)))
                .with("name", fmt::format("{} {}", player["strategy"].string(), varied[kOwnMoves].string()));
    }
    if (const Value& level = varied[kOtherMoves]; !level.is_nil()) other = other.with("name", "plan " + level.string());
    Value::List planned = path(kOtherMoves);
    if (planned.empty()) planned.push_back(shape.other_actions[0]);
    other = other.with("moves", Value::Record{{"action", std::move(planned)}});
    return shape.seat == 1 ? Value::List{own, other} : Value::List{other, own};
  };
  return file;
}

PolicyTree tree_of(const Store& store, const TreeShape& shape) {
  PolicyTree tree;
  tree.own = shape.own;
  tree.other = shape.other;
  tree.rounds = shape.rounds;
  std::map<History, std::string> answered;  // as the file says it
  History whole;                            // of the match at hand
  int64_t match = 0;
  auto add = [&](size_t round, const Value& choice, const Value& mass, const Value& scores, bool tie) {
    History history;
    history.own.assign(whole.own.begin(), whole.own.begin() + static_cast<long>(round));
    history.other.assign(whole.other.begin(), whole.other.begin() + static_cast<long>(round));
    const int done = whole.own[round];
    const std::string name = value_text(shape.own_actions[static_cast<size_t>(done)]);
    if (choice.is_string() && choice.string() != name) {
      throw Error(fmt::format("the player did '{}' {}, and answered '{}': its answers are not what it does", name,
                              told(history, shape), choice.string()));
    }
    if (tie && !shape.branches) {
      throw Error(fmt::format("the arg-max is an exact tie {}, and is drawn: --decide sample has a table of it",
                              told(history, shape)));
    }
    std::string said = scores.is_nil() ? "" : scores.string();
    if (!shape.branches) said += name;
    auto [at, fresh] = answered.emplace(history, said);
    if (!fresh) {
      if (at->second == said) return;
      throw Error(fmt::format("two matches differ {}: what the player does is no function of the history",
                              told(history, shape)));
    }
    PolicyTree::Node node;
    if (!scores.is_nil()) {
      const Value all = from_json(scores.string());
      for (const Value& score : all.list()) node.scores.push_back(score.is_nil() ? 0 : score.number());
      node.mass = mass.number();
    }
    node.chance = shape.branches ? node.scores : certainly(done, shape.own);
    tree.nodes.emplace(std::move(history), std::move(node));
  };
  const int64_t other_seat = shape.seat == 1 ? 2 : 1;
  // Of each round the last question of the player's: that which its choice comes from.
  store.query(
      "SELECT m.id, m.status, coalesce(m.why, ''), a.actions, b.actions, q.round, q.choice, q.mass, q.scores, q.tie "
      "FROM match m LEFT JOIN choices a ON a.match = m.id AND a.seat = ?1 "
      "LEFT JOIN choices b ON b.match = m.id AND b.seat = ?2 "
      "LEFT JOIN question q ON q.match = m.id AND q.seat = ?1 AND NOT EXISTS (SELECT 1 FROM question l WHERE "
      "l.match = m.id AND l.seat = ?1 AND l.round = q.round AND l.n > q.n) WHERE m.number IS NOT NULL "
      "ORDER BY m.number, q.n",
      {static_cast<double>(shape.seat), static_cast<double>(other_seat)}, [&](const Store::Row& row) {
        if (row[1] != "whole") {
          throw Error(fmt::format("a match of the tree is {}{}: what the player does there is not known",
                                  row[1].string(), row[2] == "" ? "" : " (" + row[2].string() + ")"));
        }
        const auto id = static_cast<int64_t>(row[0].number());
        const bool next = id != match;
        if (next) {
          match = id;
          whole = {};
          for (auto [moves, at] : {std::pair(&whole.own, 3), std::pair(&whole.other, 4)}) {
            const Value all = from_json(row[static_cast<size_t>(at)].string());
            for (const Value& move : all.list()) moves->push_back(static_cast<int>(move.number()));
          }
        }
        if (!row[5].is_nil()) {
          add(static_cast<size_t>(row[5].number()) - 1, row[6], row[7], row[8], row[9] == Value(1));
        } else {
          for (size_t round = 0; next && round < whole.own.size(); ++round) add(round, {}, {}, {}, false);
        }
      });
  if (static_cast<double>(tree.nodes.size()) != shape.nodes()) {
    throw Error(fmt::format("the file has {} of {:.0f} histories", tree.nodes.size(), shape.nodes()));
  }
  return tree;
}

Rival::Rival(Scripts& scripts, std::shared_ptr<const Plan> plan, const TreeShape& shape)
    : scripts_(scripts), plan_(std::move(plan)), shape_(shape) {}

void Rival::play(Moves own) {
  own.resize(static_cast<size_t>(std::max(shape_.rounds - 1, 1)));
  Match match(scripts_, with_moves(*plan_, shape_.seat, named(own, shape_.own_actions)));
  match.advance();
  const size_t other = shape_.seat == 1 ? 1 : 0;
  drew_ = drew_ || match.drew(static_cast<int>(other) + 1);
  const Moves moves = moves_of(match.transcript())[other];
  for (size_t round = 0; round < moves.size(); ++round)
    moves_.emplace(Moves(own.begin(), own.begin() + static_cast<long>(round)), moves[round]);
}

std::vector<double> Rival::operator()(const History& history) {
  auto found = moves_.find(history.own);
  if (found == moves_.end()) {
    play(history.own);
    found = moves_.find(history.own);
  }
  return certainly(found->second, shape_.other);
}

Played play_matches(Scripts& scripts, std::shared_ptr<const Plan> plan, const TreeShape& shape, int matches,
                    const std::function<Reply(const Request&)>& answer) {
  Played out;
  out.matches = matches;
  out.mean.joint.assign(static_cast<size_t>(shape.rounds), std::vector<double>(shape.payoffs.size()));
  std::array<double, 2> squares{};  // sums of squared deviations (Welford 1962)
  for (int k = 1; k <= matches; ++k) {
    Match match(scripts, plan, k);  // draws are keyed by how often a match was begun
    for (std::vector<Question> questions = match.advance(); !questions.empty(); questions = match.advance()) {
      for (const Question& question : questions) match.answer(question.place, answer(question.request));
    }
    if (match.status() != MatchStatus::whole)
      throw Error("a match with what is drawn did not come to its end: " + match.transcript().why);
    const std::array<Moves, 2> moves = moves_of(match.transcript());
    const Moves &own = moves[shape.seat == 1 ? 0 : 1], &other = moves[shape.seat == 1 ? 1 : 0];
    std::array<double, 2> total{};
    for (size_t round = 0; round < own.size(); ++round) {
      const auto pair = static_cast<size_t>(own[round] * shape.other + other[round]);
      out.mean.joint[round][pair] += 1 / static_cast<double>(matches);
      for (size_t who : {0, 1}) total[who] += shape.payoffs[pair][who];
    }
    for (size_t who : {0, 1}) {
      const double off = total[who] - out.mean.payoff[who];
      out.mean.payoff[who] += off / k;
      squares[who] += off * (total[who] - out.mean.payoff[who]);
    }
  }
  for (size_t who : {0, 1})
    out.error[who] = matches < 2 ? 0 : std::sqrt(squares[who] / (matches - 1.0) / static_cast<double>(matches));
  return out;
}

}  // namespace parley
