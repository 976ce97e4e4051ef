#include "study/spending.h"

#include <algorithm>

#include "base/json.h"

namespace parley {
namespace {

double cost(const Spending::Of& of) { return of.price ? of.price->of(of.usage) : 0; }
int64_t tokens_of(const Usage& usage) { return usage.input + usage.output; }

void raise(Usage& most, const Usage& to) {
  most.input = std::max(most.input, to.input);
  most.output = std::max(most.output, to.output);
}

}  // namespace

Spending::Spending(const Store& store, const ModelSet& models) {
  auto know = [&](const std::string& identity, const Value& about) {
    Of& of = models_[identity];
    of.hosted = about["servers"].is_list();
    if (auto price = price_from(about["price"])) of.price = price;
  };
  for (const Store::Row& row : store.query("SELECT identity, about FROM model"))
    know(row[0].string(), from_json(row[1].string()));
  for (const auto& [identity, model] : models.opened()) know(identity, model->about());
  for (const Store::Served& served : store.served()) {
    models_[served.model].replies += served.replies;
    models_[served.model].usage += served.usage;
    raise(models_[served.model].most, served.most);
  }
}

void Spending::add(const std::string& model, const Usage& usage) {
  ++models_[model].replies;
  models_[model].usage += usage;
  raise(models_[model].most, usage);
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

bool Spending::affords(const Budget& budget, const std::string& model, size_t in_flight) const {
  if (!budget.any()) return true;
  const Of& of = models_.at(model);
  const double most = budget.money > 0 ? budget.money : budget.tokens;
  const double spent = budget.money > 0 ? money() : static_cast<double>(tokens());
  if (budget.money > 0 && !of.hosted) return true;
  const double dearest =
      budget.money > 0 ? (of.price ? of.price->of(of.most) : 0) : static_cast<double>(tokens_of(of.most));
  return spent < most && spent + dearest * static_cast<double>(in_flight + 1) <= most;
}

}  // namespace parley
