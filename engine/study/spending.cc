#include "study/spending.h"

#include <algorithm>
#include <cmath>

#include "base/json.h"
#include "model/model.h"

namespace parley {
namespace {

double cost(const Spending::Of& of) { return of.price ? of.price->of(of.usage) : 0; }
int64_t tokens_of(const Usage& usage) { return usage.input + usage.output; }

}  // namespace

Spending::Spending(const Store& store, const ModelSet& models) {
  auto know = [&](const std::string& identity, const Value& about) {
    Of& of = models_[identity];
    of.hosted = kind_of(identity).hosted;
    if (auto price = price_from(about["price"])) of.price = price;
  };
  store.query("SELECT identity, about FROM model", {},
              [&](const Store::Row& row) { know(row[0].string(), from_json(row[1].string())); });
  for (const auto& [identity, model] : models.opened()) know(identity, model->about());
  for (const Store::Served& served : store.served()) {
    models_[served.model].replies += served.replies;
    models_[served.model].usage += served.usage;
    models_[served.model].longest = std::max(models_[served.model].longest, served.longest);
  }
}

void Spending::add(const std::string& model, const Usage& usage, size_t characters) {
  Of& of = models_[model];
  const double rate = characters > 0 ? static_cast<double>(usage.input) / static_cast<double>(characters) : 0;
  of.tokens_a_character = of.seen ? std::max(of.tokens_a_character, rate) : rate;
  of.seen = true;
  ++of.replies;
  of.usage += usage;
  of.longest = std::max(of.longest, usage.output);
}

double Spending::money() const {
  double all = 0;
  for (const auto& [identity, of] : models_) all += cost(of);
  return all;
}

int64_t Spending::tokens() const {
  int64_t all = 0;
  for (const auto& [identity, of] : models_) all += tokens_of(of.usage);
  return all;
}

bool Spending::priced() const {
  return std::any_of(models_.begin(), models_.end(), [](const auto& of) { return of.second.price.has_value(); });
}

double Spending::reserve(const Budget& budget, const std::string& model, size_t characters) const {
  const Of& of = models_.at(model);
  const double input = of.tokens_a_character * static_cast<double>(characters);
  if (budget.tokens > 0) return input + static_cast<double>(of.longest);
  return budget.money > 0 && of.price ? of.price->of({.input = std::llround(input), .output = of.longest}) : 0;
}

bool Spending::affords(const Budget& budget, double more) const {
  if (budget.money > 0) return more == 0 || money() + more <= budget.money;
  return budget.tokens == 0 || static_cast<double>(tokens()) + more <= budget.tokens;
}

}  // namespace parley
