// parley show STUDY MATCH: a match as it was played, played again from what the file holds.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "api/commands/asked.h"
#include "api/commands/commands.h"
#include "api/commands/listing.h"
#include "api/commands/narrator.h"
#include "api/commands/one_match.h"
#include "api/workspace.h"
#include "base/error.h"
#include "base/json.h"
#include "report/table.h"
#include "study/inputs.h"
#include "study/replay.h"

namespace parley::commands {
namespace {

// "7" or "3-8".
struct Rounds {
  int first = 0, last = std::numeric_limits<int>::max();

  explicit Rounds(const std::string* said) {
    if (!said) return;
    const size_t dash = said->find('-');
    first = number(said->substr(0, dash), *said);
    last = dash == said->npos ? first : number(said->substr(dash + 1), *said);
    if (last < first) throw Misuse(fmt::format("--round {}: the last round comes before the first", *said));
  }
  static int number(const std::string& digits, const std::string& said) {
    if (digits.empty() || digits.size() > 8 || digits.find_first_not_of("0123456789") != digits.npos)
      throw Misuse(fmt::format("--round is a round, as 7, or the first and the last of some, as 3-8, not '{}'", said));
    return std::stoi(digits);
  }
};

class Show {
 public:
  Show(Console& console, const Store& store, const StoredMatch& match, const Args& args)
      : console_(console), match_(match), part_(args.text("--round")) {
    plan_ = std::make_shared<const Plan>(store.plan_of(match.row));
    Value drawn = store.drawn(match.row);
    study_ = store.study()->name;
    std::map<std::string, std::string> texts;
    for (SourceText& file : store.files(match.state.inputs)) texts.emplace(file.name, std::move(file.text));
    Kit kit(texts);
    transcript_ = replay(kit.scripts(), plan_, match.state.attempt, store.replies(match.row),
                         [&](const Question& question, const Kept& kept) {
                           asked_.emplace(question.place, Asked{question, kept});
                         });
    transcript_.spell_out();
    strangers_ = !transcript_.roles.empty();
    labels_ = drawn_labels(drawn);
    if (const std::string* seat = args.text("--seat")) {
      std::vector<std::string> names;
      for (size_t i = 1; i <= plan_->lineup->players.size(); ++i)
        names.push_back(transcript_.seat_name(static_cast<int>(i)));
      viewer_ = seat_named(*seat, names);
      transcript_ = transcript_.as_seen_by(viewer_);
    }
    rounds_ = rounds_of(transcript_, 0, viewer_ > 0);
    std::erase_if(rounds_, [&](const RoundStory& round) {
      bool begun = round.number > 0 || !round.items.empty();
      return !begun || round.number < part_.first || round.number > part_.last;
    });
    if (const std::string* part = args.text("--round"); part && rounds_.empty())
      throw Misuse(fmt::format("--round {}: the match has {}", *part, counted(transcript_.rounds, "round", "rounds")));
    questions_.emplace(console_, transcript_, asked_, *plan_, labels_, args.has("--asked"), viewer_ > 0);
  }

  void plain(bool in_full) {
    heading();
    Table table = as_table();
    if (!table.rows.empty() && natural_width(table) <= console_.columns()) {
      console_.out("\n");
      print({table}, {}, console_);
    } else {
      Script script(console_, transcript_.seats, rounds_);
      for (size_t i = 0; i < rounds_.size();) {
        const RoundStory& round = rounds_[i++];
        int last = round.number;
        for (; !questions_->any() && i < rounds_.size() && rounds_[i].like(round); ++i) last = rounds_[i].number;
        console_.out("\n");
        script.round(
            round, [&](const RoundStory::Item* item) { questions_->under(script, round, item); }, last);
      }
    }
    const bool all = part_.last == std::numeric_limits<int>::max() && part_.first == 0;
    std::map<int, double> totals = totals_of(rounds_);
    const size_t listed = viewer_ > 0 || totals.empty() ? 0 : transcript_.seats.size();  // who was paid nothing too
    for (size_t seat = 1; seat <= listed; ++seat) totals[static_cast<int>(seat)] += 0;
    // The others that it met are called alike, and are not the same.
    if (viewer_ > 0 && strangers_) std::erase_if(totals, [&](const auto& one) { return one.first != viewer_; });
    const std::string what = all ? "Total" : "In these rounds";
    if (!totals.empty()) {
      console_.out(
          fmt::format("\n{}: {}\n", console_.bold(what),
                      wrapped(amounts_text(transcript_.seats, totals), console_.columns() - what.size() - 2, 2)));
    }
    if (questions_->any() && !in_full && console_.out_is_terminal())
      console_.line("All that was asked, and every reply as it came: --asked.");
  }

  void raw() {
    heading();
    questions_->raw(part_.first, part_.last);
  }

  void json() const {
    const Rules& rules = plan_->condition->rules;
    Value::Record out = {{"match", match_.number},
                         {"study", study_},
                         {"block", static_cast<double>(plan_->block)},
                         {"status", status_name(transcript_.status)},
                         {"game", rules.game}};
    if (!transcript_.why.empty()) out.emplace("why", transcript_.why);
    if (viewer_ > 0) {
      out.emplace("seen_by", transcript_.seat_name(viewer_));
    } else {
      out.emplace("condition", plan_->condition->name);
      out.emplace("settings", rules.settings);
    }
    Value::List players, rounds;
    for (size_t i = 0; i < plan_->lineup->players.size(); ++i) {
      const Player& player = plan_->lineup->players[i];
      const int seat = static_cast<int>(i) + 1;
      if (viewer_ > 0 && viewer_ != seat) continue;
      Value::Record one = {{"seat", transcript_.seat_name(seat)},
                           {"number", seat},
                           {"player", player.name},
                           {"strategy", player.strategy}};
      if (!player.model.empty()) one.emplace("model", player.model);
      players.push_back(std::move(one));
    }
    out.emplace("players", std::move(players));
    for (const RoundStory& round : rounds_) rounds.push_back(value_of(round));
    out.emplace("rounds", std::move(rounds));
    console_.out(to_json(out) + "\n");
  }

 private:
  Value value_of(const RoundStory& round) const {
    Value::List events;
    for (size_t i = round.begin; i < round.end; ++i) {
      const Event& e = transcript_.events[i];
      const char* kind = e.kind == Event::choice    ? "chose"
                         : e.kind == Event::missing ? "missing"
                         : e.kind == Event::done    ? "did"
                         : e.kind == Event::told    ? "told"
                                                    : nullptr;
      if (!kind) continue;
      Value::Record one = {{"event", kind}, {"name", transcript_.name_of(e)}, {"value", transcript_.value_of(e)}};
      if (e.seat > 0) one.emplace("seat", transcript_.seat_name(e.seat));
      if (e.seen > 0 && viewer_ == 0) {
        Value::List names;
        for (const Value& seat : transcript_.seen_by(e).list())
          names.push_back(transcript_.seat_name(static_cast<int>(seat.number())));
        one.emplace(e.kind == Event::told ? "to" : "seen_by", std::move(names));
      }
      events.push_back(std::move(one));
    }
    Value::Record paid, notes;
    for (const auto& [seat, amount] : round.paid) paid.emplace(transcript_.seat_name(seat), amount);
    for (const auto& [name, value] : round.notes) notes.insert_or_assign(name, value);
    return Value::Record{{"round", round.number},        {"closed", round.closed},
                         {"events", std::move(events)},  {"paid", std::move(paid)},
                         {"measures", std::move(notes)}, {"questions", questions_->value(round.number)}};
  }

  void heading() {
    const Rules& rules = plan_->condition->rules;
    const std::string why = transcript_.why.empty() ? "" : ": " + transcript_.why;
    console_.out(fmt::format("{} of {}, block {}: {}{}, {}{}\n", console_.bold(fmt::format("Match {}", match_.number)),
                             study_, plan_->block, status_name(transcript_.status), why,
                             counted(transcript_.rounds, "round", "rounds"),
                             viewer_ > 0 ? fmt::format(", as {} saw it", transcript_.seat_name(viewer_)) : ""));
    // What a seat is not told (settings may hold others' cards, a condition who the others are) is not in its view.
    const bool settings = viewer_ == 0 && rules.settings.is_record() && !rules.settings.record().empty();
    std::vector<std::pair<std::string, std::string>> lines = {
        {"game", rules.game + (settings ? ", " + value_text(rules.settings) : "")}};
    if (viewer_ == 0 && !plan_->condition->name.empty()) lines.emplace_back("condition", plan_->condition->name);
    std::vector<std::pair<std::string, std::string>> seated;
    for (size_t i = 0; i < plan_->lineup->players.size(); ++i) {
      const int seat = static_cast<int>(i) + 1;
      if (viewer_ > 0 && viewer_ != seat) continue;
      const Player& player = plan_->lineup->players[i];
      std::string who = player.name;  // what was imported has no strategy but its table
      if (!who.starts_with(player.strategy) && player.strategy != "recorded") who += ", plays " + player.strategy;
      if (!player.model.empty()) who += ", asks " + player.model;
      seated.emplace_back(transcript_.seat_name(seat), std::move(who));
    }
    constexpr size_t kMany = 8;  // so many alike, side by side, are one line
    for (size_t i = 0; i < seated.size();) {
      size_t end = i + 1;
      while (end < seated.size() && seated[end].second == seated[i].second) ++end;
      if (end - i < kMany) end = i + 1;
      lines.emplace_back(
          end == i + 1 ? seated[i].first : fmt::format("{} to {}", seated[i].first, seated[end - 1].first),
          seated[i].second);
      i = end;
    }
    if (questions_->any())
      lines.emplace_back("shown", fmt::format("cover {}, format {}, read {}", rules.cover, rules.format, rules.read));
    if (!labels_.empty() && (viewer_ == 0 || questions_->any())) {
      std::vector<std::string> said;
      for (const auto& [action, label] : labels_) said.push_back(fmt::format("{} is {}", label, action));
      lines.emplace_back("labels", joined(said, ", "));
    }
    size_t left = 0;
    for (const auto& [a, b] : lines) left = std::max(left, display_width(a));
    for (const auto& [a, b] : lines)
      console_.out(fmt::format("  {}{}  {}\n", a, std::string(left - display_width(a), ' '), b));
  }

  // A row for each round, where in every round each chose at most once of each decision, all (of a pair) saw it, and nobody was told or asked
  // anything; equal rounds one after the other are one row. Without rows where it is not so.
  Table as_table() const {
    Table table;
    if (rounds_.size() < 2 || questions_->any()) return table;
    struct Row {
      int first, last;
      std::map<std::string, Value> chose, paid, noted;
      bool like(const Row& other) const { return chose == other.chose && paid == other.paid && noted == other.noted; }
    };
    std::vector<Row> rows;
    std::vector<std::string> chose, paid, noted;  // columns, in the order in which they come up
    auto put = [](std::map<std::string, Value>& cells, std::vector<std::string>& columns, const std::string& name,
                  Value value) {
      if (std::find(columns.begin(), columns.end(), name) == columns.end()) columns.push_back(name);
      return cells.emplace(name, std::move(value)).second;
    };
    std::set<std::string> decisions;
    for (const RoundStory& round : rounds_) {
      for (const RoundStory::Item& item : round.items) decisions.insert(item.name);
    }
    for (const RoundStory& round : rounds_) {
      Row row{round.number, round.number, {}, {}, {}};
      for (const RoundStory::Item& item : round.items) {
        if (item.kind != RoundStory::Item::choice || (!item.audience.empty() && !strangers_)) return table;
        for (const RoundStory::Part& part : item.parts) {
          const std::string& seat = transcript_.seat_name(part.seat);
          const bool plain = part.meant.is_nil() && !part.missing && part.value.is_number();
          if (!put(row.chose, chose, decisions.size() == 1 ? seat : fmt::format("{} {}", seat, item.name),
                   plain ? part.value : Value(shown(part))))
            return table;
        }
      }
      for (const auto& [seat, amount] : round.paid) {
        if (round.closed) put(row.paid, paid, transcript_.seat_name(seat) + " paid", amount);
      }
      for (const auto& [name, value] : round.notes) {
        if (!put(row.noted, noted, name, value) || is_drawing(value)) return table;
      }
      if (!rows.empty() && rows.back().like(row)) {
        rows.back().last = row.last;
      } else {
        rows.push_back(std::move(row));
      }
    }
    table.columns.push_back({"round", Table::Column::Align::right, false});
    for (const auto* columns : {&chose, &paid, &noted}) {
      for (const std::string& name : *columns) table.columns.push_back({name, Table::Column::Align::automatic, false});
    }
    for (const Row& row : rows) {
      std::vector<Value> cells = {row.first == row.last ? Value(row.first)
                                                        : Value(fmt::format("{}-{}", row.first, row.last))};
      auto add = [&](const std::vector<std::string>& columns, const std::map<std::string, Value>& of) {
        for (const std::string& name : columns) {
          auto found = of.find(name);
          cells.push_back(found == of.end() ? Value() : found->second);
        }
      };
      add(chose, row.chose);
      add(paid, row.paid);
      add(noted, row.noted);
      table.add(std::move(cells));
    }
    return table;
  }

  Console& console_;
  StoredMatch match_;
  std::shared_ptr<const Plan> plan_;
  std::string study_;
  Rounds part_;
  int viewer_ = 0;  // a seat or an observer; 0: everything is shown
  bool strangers_ = false;
  Labels labels_;
  std::map<Place, Asked> asked_;
  Transcript transcript_;  // as the viewer saw it
  std::vector<RoundStory> rounds_;
  std::optional<Questions> questions_;
};

}  // namespace

int show(const Args& args, Console& console) {
  StudyFiles files = study_files(args);
  const std::string& said = args.words[1];
  bool digits = !said.empty() && said.size() < 16 && said.find_first_not_of("0123456789") == std::string::npos;
  if (!digits) throw Misuse(fmt::format("a match is its number in `parley list {}`, not '{}'", args.words[0], said));
  uint64_t number = std::stoull(said);
  Store store = open_to_read(files);
  for (const StoredMatch& match : store.matches()) {
    if (match.number != number) continue;
    Show show(console, store, match, args);
    if (args.has("--json")) {
      show.json();
    } else if (args.has("--raw")) {
      show.raw();
    } else {
      show.plain(args.has("--asked"));
    }
    return 0;
  }
  uint64_t planned = store.planned();
  if (number == 0 || number > planned)
    throw Error(fmt::format("there is no match {}: {} plans 1 to {}", number, files.db, planned));
  throw Error(fmt::format("match {} has not begun yet: `parley run` plays it", number));
}

}  // namespace parley::commands
