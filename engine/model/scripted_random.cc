#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/random.h"
#include "model/scripted.h"

namespace parley {
namespace {

// The draws of one answer, one after the other.
class Chance {
 public:
  explicit Chance(uint64_t draw) : draws_("scripted:random|" + std::to_string(draw)) {}
  double unit() { return draws_.unit(next_++); }
  uint64_t below(uint64_t n) { return draws_.below(n, next_++); }

 private:
  Draws draws_;
  uint64_t next_ = 0;
};

std::string some_words(const Value& most, Chance& chance) {
  static const char* const words[] = {"we",   "could", "share", "it",   "and",  "you",  "take", "more", "than", "me",
                                      "then", "I",     "give",  "half", "this", "time", "or",   "keep", "to",   "fair"};
  uint64_t limit = most.is_number() ? static_cast<uint64_t>(std::max(1.0, std::min(most.number(), 12.0))) : 12;
  std::string text;
  for (uint64_t left = 1 + chance.below(limit); left > 0; --left) {
    text += (text.empty() ? "" : " ") + std::string(words[chance.below(std::size(words))]);
  }
  return text;
}

// Any member of an action set given as a Value (Request::About); words where there is none.
Value pick(const Value& set, Chance& chance) {
  if (set.is_list()) return set.list()[chance.below(set.list().size())];
  std::string kind = set["kind"].is_string() ? set["kind"].string() : "words";
  if (kind == "range") {
    double lo = set["lo"].number(), step = set["step"].number(), steps = (set["hi"].number() - lo) / step;
    // A number that is a step off for the sum's last digits, as 1e-6 of a step in an action set, is one still.
    return lo + static_cast<double>(chance.below(static_cast<uint64_t>(std::floor(steps + 1e-6)) + 1)) * step;
  }
  if (kind == "record") {
    Value::Record out;
    for (const auto& [field, of] : set["fields"].record()) out.emplace(field, pick(of, chance));
    return out;
  }
  if (kind == "split") {
    // Stars and bars: the parts between sorted cuts of 0 .. total, any total in as many draws as there are names.
    const Value::List& names = set["names"].list();
    double total = set["total"].number();
    std::vector<double> cuts = {0, total};
    while (cuts.size() <= names.size())
      cuts.push_back(static_cast<double>(chance.below(static_cast<uint64_t>(total) + 1)));
    std::sort(cuts.begin(), cuts.end());
    Value::Record out;
    for (size_t i = 0; i < names.size(); ++i) out.emplace(names[i].string(), cuts[i + 1] - cuts[i]);
    return out;
  }
  return some_words(set["most"], chance);
}

// As a model writes it: <field>...</field> for records and splits.
std::string written(const Value& action) {
  if (!action.is_record()) return value_text(action);
  std::string text;
  for (const auto& [field, value] : action.record()) {
    text += (text.empty() ? "<" : "\n<") + field + ">" + written(value) + "</" + field + ">";
  }
  return text;
}

class Random final : public Model {
 public:
  std::string identity() const override { return "scripted:random"; }
  Value about() const override { return Value::Record{{"name", "scripted:random"}, {"kind", "scripted"}}; }
  bool can(ReadMode) const override { return true; }
  int room() const override { return 1 << 20; }

  void start(Ticket ticket, const Request& request, Mailbox& mailbox) override {
    // What is pure is a function of the request, as a model's scores are.
    Chance chance(request.pure() ? std::stoull(hash_of(request.canonical()).substr(0, 16), nullptr, 16) : request.draw);
    Reply reply;
    reply.served = "scripted";
    if (request.read == ReadMode::scored) {
      double mass = 0.5 + 0.5 * chance.unit(), sum = 0;
      for (size_t i = 0; i < request.labels.size(); ++i) sum += reply.scores.emplace_back(0.01 + chance.unit());
      for (double& score : reply.scores) score = std::log(mass * score / sum);
    } else if (request.read == ReadMode::constrained && !request.labels.empty()) {
      reply.text = request.labels[chance.below(request.labels.size())];
    } else {
      Value action = pick(request.about.actions, chance);
      reply.text = request.schema.is_nil() ? written(action) : to_json(action);
    }
    mailbox.put(ticket, std::move(reply));
  }
};

}  // namespace

std::unique_ptr<Model> random_model() { return std::make_unique<Random>(); }

}  // namespace parley
