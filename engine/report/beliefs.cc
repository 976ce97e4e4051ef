#include "report/beliefs.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/text.h"

namespace parley {
namespace {

// What came true, by what it is an answer to: how often each.
struct Truths {
  std::map<std::string, std::map<std::string, double>> counts;
  double n = 0;

  void add(const std::string& of, const std::string& truth) {
    ++counts[of][truth];
    ++n;
  }
  struct Base {
    double hit = 0, brier = 0, log = 0;
  };
  Base base() const {
    Base out;
    for (const auto& [asked, truths] : counts) {
      double of = 0, most = 0;
      for (const auto& [truth, count] : truths) of += count, most = std::max(most, count);
      const double weight = of / n;
      out.hit += weight * most / of;
      out.brier += weight;
      for (const auto& [truth, count] : truths) {
        const double share = count / of;
        out.brier -= weight * share * share;
        out.log -= weight * share * std::log(share);
      }
    }
    return out;
  }
};

struct Mean {
  double sum = 0, n = 0;
  void add(double value) { sum += value, ++n; }
  Value value() const { return n > 0 ? Value(sum / n) : Value(); }
};

}  // namespace

Table belief_table(const Rows& rows, const std::string& group, const Where& where) {
  struct Group {
    std::string name;
    Mean hit, brier, log;
    double unread = 0, at_zero = 0;
    Truths all, scored;
  };
  std::vector<Group> groups;
  std::map<std::string, size_t> known;
  const size_t g = column_of(rows, group, "--group"), hit = column_of(rows, "hit", ""),
               brier = column_of(rows, "brier", ""), log = column_of(rows, "log", ""),
               truth = column_of(rows, "truth", ""), decision = column_of(rows, "decision", ""),
               game = column_of(rows, "game", ""), about = column_of(rows, "about", ""),
               question = column_of(rows, "question", ""), unread = column_of(rows, "unread", ""),
               given = column_of(rows, "given", "");
  const RowFilter wanted(rows, where);
  for (const auto& row : rows.rows) {
    if (!wanted(row)) continue;
    const auto [at, fresh] = known.emplace(row[g], groups.size());
    if (fresh) groups.emplace_back().name = group_name(row[g]);
    Group& to = groups[at->second];
    // What came true of one thing: a game's decision, or a question with a right answer.
    const std::string of = row[game] + "\n" + (row[about] == "right answer" ? row[question] : row[decision]);
    to.unread += row[unread] == "1" ? 1 : 0;
    if (row[unread] == "1" && row[hit].empty()) continue;  // a prediction that says nothing
    to.all.add(of, row[truth]);
    to.at_zero += number_in(row[given]) == 0.0 ? 1 : 0;
    if (const auto is = number_in(row[hit])) to.hit.add(*is);
    if (const auto is = number_in(row[log])) to.log.add(*is);
    if (const auto is = number_in(row[brier])) {
      to.brier.add(*is);
      to.scored.add(of, row[truth]);
    }
  }
  std::sort(groups.begin(), groups.end(),
            [](const Group& a, const Group& b) { return natural_before(a.name, b.name); });
  Table out;
  out.title = "beliefs by " + group;
  out.columns = {{group, Table::Column::Align::left, true}};
  for (const char* name :
       {"n", "unread", "hit", "base hit", "n scored", "brier", "base brier", "log", "base log", "at 0"})
    out.columns.push_back({name});
  bool unread_any = false, zero_any = false;
  for (const Group& of : groups) {
    const Truths::Base base = of.all.n > 0 ? of.all.base() : Truths::Base(), scored = of.scored.base();
    const bool any = of.brier.n > 0;
    out.add({of.name, of.all.n, of.unread, of.hit.value(), of.all.n > 0 ? Value(base.hit) : Value(),
             any ? Value(of.brier.n) : Value(), of.brier.value(), any ? Value(scored.brier) : Value(), of.log.value(),
             any ? Value(scored.log) : Value(), any ? Value(of.at_zero) : Value()});
    unread_any = unread_any || of.unread > 0;
    zero_any = zero_any || of.at_zero > 0;
  }
  out.notes.emplace_back("base: who always says what came true most often, or predicts its shares.");
  if (unread_any)
    out.notes.emplace_back(
        "unread: could not be read: of questions with a right answer they are wrong, of predictions not among n.");
  if (zero_any)
    out.notes.emplace_back(
        "at 0: gave what came true no probability: their log score is infinite; log is of the others.");
  return out;
}

}  // namespace parley
