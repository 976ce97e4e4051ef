#include "api/commands/code_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json.h"
#include "stats/agreement.h"

namespace parley {
namespace {

using Align = Table::Column::Align;

}  // namespace

CodeTables::CodeTables(const Store& store, const std::vector<SaidMessage>& messages, std::vector<Coder> coders,
                       bool for_programs)
    : messages_(messages), for_programs_(for_programs), coders_(std::move(coders)) {
  store.query(
      "SELECT c.levels, m.status, k.action FROM match m JOIN condition c ON c.id = m.condition LEFT JOIN choice_all k "
      "ON k.row = m.id AND k.decision = 'code' WHERE m.number IS NOT NULL AND m.status IN ('whole', 'void')",
      {}, [&](const Store::Row& row) {
        const Value levels = from_json(row[0].string());
        const std::pair key(value_text(levels["question"]), value_text(levels["coder"]));
        if (row[1] == Value("whole")) {
          codes_[key][value_text(levels["item"])] = value_text(row[2]);
        } else {
          ++unread_[key];
        }
      });
}

Value CodeTables::number(const std::optional<double>& x) const {
  if (!x) return for_programs_ ? Value() : Value("none");
  return for_programs_ ? Value(*x) : Value(fmt::format("{:.2f}", *x));
}

const std::string* CodeTables::code(const std::string& question, const std::string& coder,
                                    const std::string& message) const {
  auto given = codes_.find({question, coder});
  if (given == codes_.end()) return nullptr;
  auto at = given->second.find(message);
  return at == given->second.end() ? nullptr : &at->second;
}

Table CodeTables::shares() const {
  Table out;
  out.title = "codes";
  out.columns = {{"question", Align::left}, {"coder", Align::left}, {"messages"}, {"unread"}, {"codes", Align::left}};
  for (const Coder& coder : coders_) {
    const std::pair key(coder.question, coder.name);
    auto given = codes_.find(key);
    auto unread = unread_.find(key);
    const size_t n = given == codes_.end() ? 0 : given->second.size();
    std::string said;
    Value::Record by_code;
    for (const Value& answer : coder.answers.list()) {
      if (n == 0) break;
      const auto times = std::count_if(given->second.begin(), given->second.end(),
                                       [&](const auto& one) { return one.second == value_text(answer); });
      const double share = static_cast<double>(times) / static_cast<double>(n);
      said += fmt::format("{}{} {:.2f}", said.empty() ? "" : ", ", value_text(answer), share);
      by_code.emplace(value_text(answer), share);
    }
    out.add({coder.question, coder.name, n, unread == unread_.end() ? 0 : unread->second,
             for_programs_ ? Value(std::move(by_code)) : Value(said)});
  }
  return out;
}

Table CodeTables::agreement() const {
  Table out;
  out.title = "agreement";
  out.columns = {{"question", Align::left}, {"coders", Align::left}, {"messages"}, {"alike"}, {"kappa"}, {"alpha"}};
  std::map<std::string, std::vector<const Coder*>> by_question;
  for (const Coder& coder : coders_) by_question[coder.question].push_back(&coder);
  for (const auto& [question, coders] : by_question) {
    if (coders.size() < 2) continue;
    std::vector<stats::Codes> things;
    size_t twice = 0;
    for (const SaidMessage& message : messages_) {
      stats::Codes& codes = things.emplace_back();
      for (const Coder* coder : coders) {
        const Value::List& answers = coder->answers.list();
        const std::string* given = code(question, coder->name, message.id);
        codes.push_back(
            given ? static_cast<int>(std::find(answers.begin(), answers.end(), Value(*given)) - answers.begin()) : -1);
      }
      twice += std::count_if(codes.begin(), codes.end(), [](int code) { return code >= 0; }) > 1;
    }
    for (size_t a = 0; a < coders.size(); ++a) {
      for (size_t b = a + 1; b < coders.size(); ++b) {
        const stats::Kappa kappa = stats::cohen_kappa(things, a, b);
        out.add({question, coders[a]->name + ", " + coders[b]->name, kappa.both,
                 kappa.both > 0 ? number(kappa.alike) : Value(), number(kappa.kappa), Value()});
      }
    }
    out.add({question, coders.size() == 2 ? "both" : "all", twice, Value(), Value(),
             number(stats::krippendorff_alpha(things))});
  }
  out.notes = {
      "kappa: Cohen's; alpha: Krippendorff's, nominal; none: it is not defined, as where one code alone was given."};
  return out;
}

Table CodeTables::messages() const {
  Table out;
  out.title = "messages";
  out.columns = {
      {"item", Align::left}, {"of_match"}, {"question", Align::left}, {"speaker", Align::left}, {"text", Align::left}};
  std::vector<std::string> names, questions;
  for (const Coder& coder : coders_) {
    if (std::find(names.begin(), names.end(), coder.name) == names.end()) names.push_back(coder.name);
    if (std::find(questions.begin(), questions.end(), coder.question) == questions.end())
      questions.push_back(coder.question);
  }
  for (const std::string& name : names) out.columns.push_back({name, Align::left});
  for (const std::string& question : questions) {
    for (const SaidMessage& message : messages_) {
      std::vector<Value> cells = {message.id, message.known["columns"]["of_match"], question, message.known["speaker"],
                                  message.known["text"]};
      bool any = false;
      for (const std::string& name : names) {
        const std::string* given = code(question, name, message.id);
        cells.push_back(given ? Value(*given) : Value());
        any = any || given;
      }
      if (any) out.add(std::move(cells));
    }
  }
  return out;
}

}  // namespace parley
