#include "api/commands/forecast.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "api/commands/spent.h"
#include "api/console.h"
#include "model/model.h"

namespace parley {
namespace {

constexpr double kCharactersAToken = 4;  // of English, where nothing better is known

}  // namespace

void Forecast::asked(const std::string& condition, const Player& player, const Question& question, const Reply& answer,
                     int64_t tokens) {
  Asked& a = asked_[condition][{player.model, player.strategy, question.request.about.question}];
  a.identity = player.model_identity;
  a.requests += 1;
  a.characters += static_cast<double>(question.request.characters());
  a.answer += static_cast<double>(std::max<size_t>(answer.text.size(), 1));
  a.tokens += static_cast<double>(tokens);
  a.counted = a.counted && tokens >= 0;
}

void Forecast::took(const Player& player, const Question& question, const Reply& reply) {
  for (Took* t :
       {&took_[{player.model, player.strategy, question.request.about.question}], &took_of_model_[player.model]}) {
    t->requests += 1;
    t->first += question.place.attempt == 1 ? 1 : 0;
    t->characters += static_cast<double>(question.request.characters());
    t->usage += reply.usage;
  }
}

Forecast::Cost Forecast::cost_of(const Asker& asker, const Asked& asked) const {
  Cost out{asked.requests, asked.counted ? asked.tokens : asked.characters / kCharactersAToken, 0,
           std::ceil(asked.answer / kCharactersAToken)};
  auto model = took_of_model_.find(asker[0]);
  if (model == took_of_model_.end() || model->second.usage == Usage()) return out;
  auto own = took_.find(asker);
  const Took& t = own == took_.end() ? model->second : own->second;
  const auto input = static_cast<double>(t.usage.input);
  const double again = t.first > 0 ? t.requests / t.first : 1;  // each question is asked so often
  out.requests *= again;
  out.input = asked.characters * again * (t.characters > 0 ? input / t.characters : 1 / kCharactersAToken);
  out.cached = input > 0 ? out.input * static_cast<double>(t.usage.cached) / input : 0;
  out.output = out.requests * static_cast<double>(t.usage.output) / t.requests;
  return out;
}

Table Forecast::table(const Design& design, ModelSet& models) const {
  Table out;
  out.title = "What will be asked";
  using Align = Table::Column::Align;
  out.columns = {{"condition", Align::left, true},
                 {"model", Align::left},
                 {"requests", Align::right},
                 {"tokens in", Align::right},
                 {"of a cache", Align::right},
                 {"tokens out", Align::right},
                 {"cost", Align::right}};
  std::map<std::string, double> planned;  // matches of each condition
  for (size_t c = 0; c < design.conditions().size(); ++c)
    planned[design.conditions()[c]->name] += static_cast<double>(design.lineups(c).size()) * design.repeats();
  auto number = [](double n) { return n > 0 ? Value(with_commas(std::round(n))) : Value(); };
  auto add = [&](const std::string& condition, const std::string& model, const Cost& cost,
                 std::optional<double> money) {
    out.add({Value(condition), Value(model), number(cost.requests), number(cost.input), number(cost.cached),
             number(cost.output), money ? Value(money_text(*money)) : Value()});
  };
  Cost all;
  double money = 0;
  bool priced = false, unpriced = false, guessed = false;
  for (const auto& [condition, askers] : asked_) {
    std::map<std::string, std::pair<Cost, std::string>> by_model;
    for (const auto& [asker, asked] : askers) {
      const Cost cost = cost_of(asker, asked);
      const double share = planned[condition] / static_cast<double>(played_.at(condition));
      auto& [sum, identity] = by_model[asker[0]];
      identity = asked.identity;
      sum.requests += cost.requests * share;
      sum.input += cost.input * share;
      sum.cached += cost.cached * share;
      sum.output += cost.output * share;
      guessed = guessed || (!asked.counted && !took_of_model_.contains(asker[0]));
    }
    for (const auto& [name, of] : by_model) {
      const auto& [cost, identity] = of;
      Model* model = models.by_identity(identity);
      const auto price = model ? price_from(model->about()["price"]) : std::nullopt;
      std::optional<double> its;
      if (price) {
        its = price->of({.input = std::llround(cost.input),
                         .cached = std::llround(cost.cached),
                         .output = std::llround(cost.output)});
        money += *its;
      }
      priced = priced || price;
      unpriced = unpriced || (model && !price && kind_of(name).hosted);
      add(condition, name, cost, its);
      all.requests += cost.requests;
      all.input += cost.input;
      all.cached += cost.cached;
      all.output += cost.output;
    }
  }
  if (out.rows.size() > 1) add("in all", "", all, priced ? std::optional(money) : std::nullopt);
  if (guessed) {
    out.notes.emplace_back(
        "Tokens: 4 characters each, answers as short as can be; what a model thinks and writes is not known before "
        "(--pilot 5).");
  }
  if (unpriced) out.notes.emplace_back("Where no cost stands, models.json says no price.");
  return out;
}

}  // namespace parley
