#include "api/setups.h"

#include <algorithm>

#include "base/json.h"

namespace parley {

const GameSetup& Setups::of(int64_t inputs, const std::string& game, const Value& settings, int seats) {
  auto& kit = kits_[inputs];
  if (!kit) {
    std::map<std::string, std::string> texts;
    for (SourceText& file : store_.files(inputs)) texts.emplace(file.name, std::move(file.text));
    kit = std::make_unique<Kit>(texts);
  }
  return kit->scripts().setup(game, settings, seats);
}

PayoffRanges payoff_ranges(const Store& store) {
  PayoffRanges out;
  Setups setups(store);
  std::map<std::pair<double, double>, std::map<std::string, Range>> known;  // by rules and number of players: by seat
  // A match that was never begun has no inputs: those with which its game was played last.
  store.query(
      "SELECT p.number, p.rules, (SELECT count(*) FROM player y WHERE y.lineup = p.lineup AND y.watches IS NULL), "
      "r.game, r.rules, coalesce((SELECT m.inputs FROM match m WHERE m.rules = p.rules ORDER BY m.id DESC LIMIT 1), "
      "(SELECT m.inputs FROM match m JOIN rules x ON x.id = m.rules WHERE x.game = r.game ORDER BY m.id DESC LIMIT 1)) "
      "FROM plan p JOIN rules r ON r.id = p.rules LEFT JOIN match n ON n.number = p.number "
      "WHERE n.id IS NULL OR n.status <> 'whole'",
      {}, [&](const Store::Row& row) {
        if (!row[5].is_number()) return;
        const auto [at, fresh] = known.try_emplace({row[1].number(), row[2].number()});
        if (fresh) {
          const Value rules = from_json(row[4].string());
          const bool strangers = rules["matching"] == Value("strangers");
          const auto seated = static_cast<size_t>(row[2].number());
          const GameSetup& setup = setups.of(static_cast<int64_t>(row[5].number()), row[3].string(), rules["settings"],
                                             strangers ? 2 : static_cast<int>(seated));
          const std::vector<std::string> seats = setup.seats_of(seated, strangers);
          for (size_t seat = 0; setup.table && seat < seats.size(); ++seat) {
            const size_t role = setup.role_of(seat, seated, strangers);
            auto less = [&](const auto& a, const auto& b) { return a[role] < b[role]; };
            const auto [least, most] = std::minmax_element(setup.table->cells.begin(), setup.table->cells.end(), less);
            at->second.emplace(seats[seat], Range{(*least)[role], (*most)[role]});
          }
        }
        if (!at->second.empty()) out.emplace(value_text(row[0]), at->second);
      });
  return out;
}

}  // namespace parley
