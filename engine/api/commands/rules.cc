#include "api/commands/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "base/error.h"
#include "embedded/replayed_lua.h"
#include "script/match.h"
#include "study/replay.h"

namespace parley {
namespace {

constexpr size_t kLooks = 50;  // matches in which a rule is looked at for chance

// Matches in which all was chosen and done alike, once, with how often each player that counts sat where.
using Kinds = std::map<std::vector<std::vector<int8_t>>,
                       std::pair<const PlayedPair*, std::array<std::map<std::string, uint64_t>, 2>>>;

Kinds kinds_of(const std::vector<PlayedPair>& pairs) {
  Kinds out;
  for (const PlayedPair& pair : pairs) {
    const auto& [a, b] = pair.seats;
    std::vector<std::vector<int8_t>> key = {a.meant, a.done, b.meant, b.done, {}};
    for (const std::string& name : {a.actions[0], a.actions[1], b.actions[0], b.actions[1]}) {
      key.back().insert(key.back().end(), name.begin(), name.end());
      key.back().push_back(0);
    }
    auto& [first, players] =
        out.try_emplace(std::move(key), &pair, std::array<std::map<std::string, uint64_t>, 2>()).first->second;
    for (size_t seat : {0, 1}) {
      if (pair.seats[seat].counts) ++players[seat][pair.seats[seat].player];
    }
  }
  return out;
}

// The rounds of which it is known what both did.
size_t known(const PlayedPair& pair) {
  size_t n = 0;
  const auto &a = pair.seats[0].done, &b = pair.seats[1].done;
  while (n < a.size() && n < b.size() && a[n] >= 0 && b[n] >= 0) ++n;
  return n;
}

std::shared_ptr<const Condition> condition_of(const PlayedPair& pair) {
  Value::List actions;
  for (const PlayedPair::Seat& seat : pair.seats) actions.emplace_back(Value::List{seat.actions[0], seat.actions[1]});
  auto out = std::make_shared<Condition>();
  out->rules.game = "replayed";
  out->rules.settings = Value::Record{{"actions", std::move(actions)}};
  out->rules.rounds = static_cast<int>(known(pair));
  return out;
}

// What a rule would have done, by seat and round.
using Answers = std::array<std::vector<int8_t>, 2>;
Answers answers(Scripts& scripts, const PlayedPair& pair, const std::shared_ptr<const Lineup>& lineup, uint64_t seed) {
  auto plan = std::make_shared<Plan>();
  plan->condition = condition_of(pair);
  plan->lineup = lineup;
  plan->seed = seed;
  Match match(scripts, plan);
  std::array<std::vector<int8_t>, 2> done;
  for (size_t seat : {0, 1}) {
    const auto& all = pair.seats[seat].done;
    done[seat].assign(all.begin(), all.begin() + plan->condition->rules.rounds.value());
  }
  match.follow(std::move(done));
  match.advance();
  Answers out;
  for (const Event& event : match.transcript().events) {
    if (event.kind == Event::choice)
      out[static_cast<size_t>(event.seat) - 1].push_back(static_cast<int8_t>(event.index));
  }
  return out;
}

double likelihood(double k, double n, double e) {
  return (k > 0 ? k * std::log(e) : 0) + (n > k ? (n - k) * std::log1p(-e) : 0);
}

}  // namespace

bool RuleFit::no_better_than_coin() const {
  constexpr double kChiSquare = 3.841;  // of one degree of freedom, at .05
  return 2 * (likelihood - static_cast<double>(choices) * std::log(.5)) < kChiSquare;
}

RuleFits fit_rules(const std::vector<PlayedPair>& pairs, const std::map<std::string, std::string>& strategies) {
  RuleFits out;
  std::map<std::string, std::string> texts = {{"games/replayed.lua", std::string(embedded::replayed_lua)}};
  for (const auto& [name, text] : strategies) texts.emplace("strategies/" + name + ".lua", text);
  std::map<std::string, std::map<std::string, RuleFit>> fits;  // by player, by rule
  const Kinds kinds = kinds_of(pairs);
  Kit kit(texts);
  for (const auto& [rule, text] : strategies) {
    auto drop = [&](std::vector<std::string>& to) {
      to.push_back(rule);
      for (auto& [player, by_rule] : fits) by_rule.erase(rule);
    };
    auto lineup = std::make_shared<Lineup>();
    for (int seat = 0; seat < 2; ++seat) {
      Player& player = lineup->players.emplace_back();
      player.name = player.strategy = rule;
      player.settings = Value::Record{};
    }
    size_t number = 0;
    for (const auto& [key, kind] : kinds) {
      const auto& [pair, players] = kind;
      Answers said;
      try {
        said = answers(kit.scripts(), *pair, lineup, 1);
        if (number++ < kLooks && answers(kit.scripts(), *pair, lineup, 2) != said) {
          drop(out.drawn);
          break;
        }
      } catch (const Error&) {
        drop(out.left_out);
        break;
      }
      for (size_t seat : {0, 1}) {
        uint64_t choices = 0, differ = 0;
        const auto& meant = pair->seats[seat].meant;
        for (size_t i = 0; i < said[seat].size() && i < meant.size(); ++i) {
          if (meant[i] < 0) continue;
          ++choices;
          differ += said[seat][i] != meant[i] ? 1 : 0;
        }
        for (const auto& [name, n] : players[seat]) {
          RuleFit& fit = fits[name][rule];
          fit.player = name;
          fit.rule = rule;
          fit.choices += n * choices;
          fit.differ += n * differ;
        }
      }
    }
  }
  for (auto& [player, by_rule] : fits) {
    std::vector<RuleFit> all;
    for (auto& [rule, fit] : by_rule) {
      const double n = static_cast<double>(fit.choices), k = static_cast<double>(fit.differ);
      if (fit.choices == 0) continue;
      fit.tremble = std::min(.5, k / n);
      fit.likelihood = likelihood(std::min(k, n / 2), n, fit.tremble);
      all.push_back(fit);
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const RuleFit& a, const RuleFit& b) { return a.likelihood > b.likelihood; });
    for (RuleFit& fit : all) fit.best = fit.likelihood == all[0].likelihood && fit.tremble < .5;
    out.fits.insert(out.fits.end(), all.begin(), all.end());
  }
  return out;
}

Table rule_table(const RuleFits& fits) {
  Table out;
  out.title = "rules";
  using Align = Table::Column::Align;
  out.columns = {
      {"player", Align::left, true}, {"rule", Align::left}, {"choices"}, {"differ"}, {"tremble"}, {"log-likelihood"},
      {"best", Align::left}};
  for (const RuleFit& fit : fits.fits)
    out.add({fit.player, fit.rule, static_cast<double>(fit.choices), static_cast<double>(fit.differ), fit.tremble,
             fit.likelihood,
             fit.best ? Value(fit.no_better_than_coin() ? "best, but no better than a coin" : "best") : Value()});
  out.notes.emplace_back(
      "What each rule, under its default settings, would have done after what was done before; it errs with "
      "probability tremble.");
  if (!fits.drawn.empty()) out.notes.push_back("Left out, as they draw: " + joined(fits.drawn) + ".");
  if (!fits.left_out.empty())
    out.notes.push_back("Left out, as they need settings or another game: " + joined(fits.left_out) + ".");
  return out;
}

}  // namespace parley
