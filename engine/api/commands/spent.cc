#include "api/commands/spent.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "api/command.h"
#include "base/error.h"
#include "base/text.h"

namespace parley {

std::string money_text(double amount) {
  if (amount < 0.9995) return fmt::format("{:.3g}", amount);
  const double hundredths = std::round(amount * 100);  // as one number: 1.999 is 2.00
  return fmt::format("{}.{:02.0f}", with_commas(std::floor(hundredths / 100)), std::fmod(hundredths, 100));
}

Budget budget_of(const std::string& said) {
  const size_t digits = said.find_last_of("0123456789.") + 1;
  const double n = number_in(said.substr(0, digits)).value_or(0);
  const std::string unit = said.substr(digits);
  const double tokens = unit == "tok" ? 1 : unit == "ktok" ? 1e3 : unit == "Mtok" ? 1e6 : 0;
  if (!(n > 0) || (!unit.empty() && tokens == 0)) {
    throw Misuse(fmt::format("--budget is money (20) or tokens (1000tok, 500ktok, 5Mtok), not '{}'", said));
  }
  return tokens > 0 ? Budget{0, n * tokens} : Budget{n, 0};
}

std::vector<std::string> spent_lines(const Store& store, const ModelSet& models, const Progress& progress) {
  std::vector<std::string> out;
  auto number = [](auto n) { return with_commas(static_cast<double>(n)); };
  auto replies = [](uint64_t n) { return counted(static_cast<double>(n), "reply", "replies"); };
  const Spending spending(store, models);
  std::map<std::string, std::vector<Store::Served>> served;
  for (Store::Served& one : store.served()) {
    if (spending.models().at(one.model).hosted) served[one.model].push_back(std::move(one));
  }
  double saved = 0;
  for (const auto& [model, by] : served) {
    const Spending::Of& of = spending.models().at(model);
    const Usage& usage = of.usage;
    std::string cached;
    if (usage.cached > 0)
      cached = fmt::format(" ({:.0f} % from its cache)",
                           100 * static_cast<double>(usage.cached) / static_cast<double>(usage.input));
    std::string thought;
    if (usage.reasoning > 0) thought = fmt::format(" ({} of them thought)", number(usage.reasoning));
    out.push_back(fmt::format("Model: {}: {}{}; {} tokens in{}, {} out{}.", model, replies(of.replies),
                              by.size() == 1 ? " by " + by[0].name : "", number(usage.input), cached,
                              number(usage.output), thought));
    if (of.price) saved += of.price->without_cache(usage) - of.price->of(usage);
    if (by.size() < 2) continue;
    std::string changed;
    for (const Store::Served& one : by) {
      changed += fmt::format("{}{} by {}", changed.empty() ? "" : ", then ", replies(one.replies), one.name);
    }
    out.push_back(fmt::format("warning: what answers as {} changed under way: {}", model, changed));
  }
  if (spending.priced()) {
    std::string line = fmt::format("Cost: {} by this run", money_text(progress.spent));
    if (progress.spent_before > 0) line += fmt::format(", {} in all", money_text(spending.money()));
    if (saved > 0) line += fmt::format("; caches saved {}", money_text(saved));
    out.push_back(line + ".");
  }
  std::string faults;
  for (const Store::Row& row :
       store.query("SELECT what, count(*) FROM fault GROUP BY what ORDER BY count(*) DESC, what")) {
    faults += fmt::format("{}{} ({})", faults.empty() ? "" : ", ", row[0].string(), number(row[1].number()));
  }
  if (!faults.empty()) out.push_back(fmt::format("Tries that came to nothing: {}.", faults));
  if (const uint64_t lost = store.lost(); lost > 0) {
    out.push_back(fmt::format("{} in flight when a run was stopped or killed, and {} asked again.",
                              counted(static_cast<double>(lost), "request was", "requests were"),
                              lost == 1 ? "is" : "are"));
  }
  return out;
}

}  // namespace parley
