// Who sees what in every game that ships: tests/transcripts/who_sees_what.md, made from what players who are asked find in
// their turns. It is checked against the view that the engine has of each seat (Transcript::as_seen_by, which
// `show --seat` prints), and no prompt may hold a number that its seat is not to see: what is said is a number here too.
// With PARLEY_ACCEPT set the table is rewritten (tests/golden --accept).
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/file.h"
#include "base/json.h"
#include "golden.h"

using namespace parley;
using namespace parley::test;
namespace fs = std::filesystem;

namespace {

const char* const kProbe = R"lua(
local function text(x, within) -- as value_text has it, on one line
  if type(x) == "number" then return ("%.12g"):format(x) end
  if type(x) ~= "table" then return (tostring(x):gsub("\n", "|")) end
  local out = {}
  for name, item in pairs(x) do out[#out + 1] = (type(name) == "string" and name .. " " or "") .. text(item, true) end
  return (within and "(%s)" or "%s"):format(table.concat(out, ", "))
end

strategy {
  about = "Says all that a turn shows",
  settings = { decisions = {} },
  act = function(turn)
    local out, seats = {}, turn.others
    seats[#seats + 1] = turn.me
    for _, decision in ipairs(turn.settings.decisions) do
      for _, seat in ipairs(seats) do
        for i, choice in ipairs(turn:all(seat, decision)) do out[#out + 1] = ("choice %s %s %d: %s"):format(decision, seat, i, text(choice)) end
      end
    end
    for name, value in pairs(turn.facts) do out[#out + 1] = ("fact %s: %s"):format(name, text(value)) end
    for i, round in ipairs(turn.history) do
      for seat, paid in pairs(round.paid) do out[#out + 1] = ("paid %d %s: %.12g"):format(i, seat, paid) end
    end
    turn:ask { "tell", seen = table.concat(out, "\n") }
    return turn.actions.kind == "words" and tostring(math.random(1000, 1000000)) or pick(turn.actions)
  end,
}
)lua";
const std::string kMark = "<seen>\n";

// How a game is played here where its defaults, or three seats, would leave something out that can be seen.
struct Way {
  size_t seats = 3;
  Value settings = Value::Record{};
  int rounds = 4;
};
Way way_of(const std::string& game) {
  static const std::map<std::string, Way> ways = {
      {"common_pool", {3, Value::Record{{"quota", .1}}}},
      // Two near each other, one far away.
      {"evacuation",
       {3,
        from_json(R"({"size": 16, "replan": 1, "people": [{"x": 2, "y": 2}, {"x": 3, "y": 2}, {"x": 15, "y": 15}]})")}},
      {"negotiation", {4, Value::Record{}, 10}},
      {"partner_choice", {4, Value::Record{{"public", false}}}},
      {"werewolf", {7, Value::Record{{"wolves", 2}}}},
  };
  auto found = ways.find(game);
  return found == ways.end() ? Way() : found->second;
}

std::string file_stem(const fs::path& path) { return path.stem().string(); }

struct Seen {
  std::string game;
  std::vector<std::string> seats;
  std::map<std::string, std::map<std::string, std::set<std::string>>> choices;  // decision, whose: who saw it
  std::map<std::string, std::set<std::string>> told;        // telling: to whom, one entry for each way
  std::map<std::string, std::set<std::string>> facts;       // telling: names of its facts
  std::map<std::string, std::set<std::string>> asked_with;  // "question: fact": who
  std::map<std::string, std::set<std::string>> done;        // decision: who saw what was done
  std::map<std::string, std::set<std::string>> paid;        // whose: who saw it
  std::set<std::string> notes;
};

// On one line, as the probe has it.
std::string line_of(const Value& value) {
  std::string text = value_text(value);
  std::replace(text.begin(), text.end(), '\n', '|');
  return text;
}

// The facts of a telling; there may be none.
Value::Record told_in(const Transcript& t, const Event& e) {
  Value facts = t.value_of(e);
  return facts.is_record() ? facts.record() : Value::Record{};
}

// What a seat is to find in its turn by its view of the match so far, in the words of the probe.
std::set<std::string> by_view(const Transcript& view) {
  std::set<std::string> lines;
  std::map<std::pair<std::string, int>, std::vector<std::string>> choices;
  std::map<std::pair<std::string, int>, bool> shown;
  std::map<std::string, std::string> facts;
  std::map<std::pair<int, int>, double> paid;
  int round = 0;
  for (const Event& e : view.events) {
    if (e.kind == Event::round) round = static_cast<int>(e.number);
    if (e.kind == Event::pay) paid[{round, e.seat}] += e.number;
    if (e.kind == Event::round || e.kind == Event::pay) continue;
    std::string name = view.words->names[static_cast<size_t>(e.name)], value = line_of(view.value_of(e));
    REQUIRE(e.kind != Event::note);  // nobody sees it
    if (e.kind == Event::told) {
      for (const auto& [fact, x] : told_in(view, e)) facts[fact] = line_of(x);
      continue;
    }
    std::vector<std::string>& all = choices[{name, e.seat}];
    bool& replaced = shown[{name, e.seat}];  // by what is done, where the choice itself was seen
    if (e.kind == Event::done && replaced) all.pop_back();
    replaced = e.kind == Event::choice;
    all.push_back(value);
  }
  for (const auto& [of, all] : choices) {
    for (size_t n = 0; n < all.size(); ++n)
      lines.insert(fmt::format("choice {} {} {}: {}", of.first, view.seat_name(of.second), n + 1, all[n]));
  }
  for (const auto& [fact, value] : facts) lines.insert(fmt::format("fact {}: {}", fact, value));
  for (const auto& [of, amount] : paid) {
    if (of.first != round)  // payoffs are seen when a round is over
      lines.insert(fmt::format("paid {} {}: {}", of.first, view.seat_name(of.second), number_text(amount)));
  }
  return lines;
}

// All numbers of choices, of what was done and told that are large: where they are drawn out of a million, each is one seat's secret.
std::set<std::string> large_numbers(const Transcript& t) {
  std::set<std::string> out;
  for (const Event& e : t.events) {
    if (e.kind != Event::choice && e.kind != Event::done && e.kind != Event::told) continue;
    Value value = t.value_of(e);
    Value::Record fields = value.is_record() ? value.record() : Value::Record{{"it", value}};
    for (const auto& [fact, x] : fields) {
      const std::string as_text = value_text(x);
      const bool large = x.is_number() ? x.number() >= 1000
                                       : as_text.size() > 3 && as_text.find_first_not_of("0123456789") == as_text.npos;
      if (large) out.insert(as_text);
    }
  }
  return out;
}

Seen look(const std::string& name) {
  Table table({{"strategies/probe.lua", kProbe}, {"prompts/probe.txt", "== tell\n" + kMark + "{{seen}}"}});
  GameInfo info = table.scripts().game(name, Value::Record{});
  auto [seats_here, settings, rounds] = way_of(name);
  if (!info.settings["highest"].is_nil()) settings = settings.with("highest", 1000000);
  std::vector<std::string> players(info.players.empty() ? seats_here : info.players.size(), "probe@script");
  int n_seats = static_cast<int>(players.size());
  const GameSetup& setup = table.scripts().setup(name, settings, n_seats);
  Value::List decisions;
  Transcript t;
  Seen out{name, setup.seats, {}, {}, {}, {}, {}, {}, {}};
  struct Asked {
    Question question;
    size_t at;
  };
  std::vector<Asked> asked;
  // Twice: first the names of its decisions come out.
  for (int pass = 1; pass <= 2; ++pass) {
    auto plan = table.plan(name, players, [&](Rules& rules, std::vector<Player>& all) {
      rules.rounds = rounds;
      rules.format = "text";
      rules.settings = settings;
      for (Player& player : all) player.settings = Value::Record{{"decisions", decisions}};
    });
    Match match(table.scripts(), plan);
    asked.clear();
    for (;;) {
      std::vector<Question> questions = match.advance();
      if (questions.empty()) break;
      for (Question& q : questions) asked.push_back({q, match.transcript().events.size()});
      for (Question& q : questions) match.answer(q.place, says("well"));
    }
    t = match.transcript();
    t.spell_out();
    std::set<std::string> names;
    for (const Event& e : t.events) {
      if (e.kind == Event::choice) names.insert(t.words->names[static_cast<size_t>(e.name)]);
    }
    decisions.assign(names.begin(), names.end());
  }
  REQUIRE(t.status == MatchStatus::whole);
  for (const Asked& one : asked) {
    int viewer = one.question.place.seat;
    std::string me = t.seats[static_cast<size_t>(viewer) - 1], text = one.question.request.messages.back().text;
    size_t cut = text.rfind(kMark);
    REQUIRE(cut != std::string::npos);
    Transcript past = t;
    past.events.resize(one.at);
    past.questions.clear();  // some were asked later
    const Transcript view = past.as_seen_by(viewer);
    std::set<std::string> seen, expected = by_view(view);
    std::istringstream lines(text.substr(cut + kMark.size()));
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind("fact ", 0) == 0 && !expected.contains(line)) {  // not told: it stands with the question
        out.asked_with[one.question.request.about.decision + ": " + line.substr(5, line.find(':') - 5)].insert(me);
        continue;
      }
      seen.insert(line);
      std::istringstream words(line);
      std::string kind, what, whose;
      words >> kind >> what;
      std::getline(words >> std::ws, whose, ':');  // "Park office 2", or paid "Park office"
      if (kind == "choice") out.choices[what][whose.substr(0, whose.rfind(' '))].insert(me);
      if (kind == "paid") out.paid[whose].insert(me);
    }
    CHECK_MESSAGE(seen == expected, name << ": what " << me << " finds in its turn is not what its view says");
    // No number that it is not to see: the secret ones are drawn out of a million.
    const std::set<std::string> known = large_numbers(view);
    std::string before = text.substr(0, cut);
    for (const std::string& number : large_numbers(past)) {
      if (!known.contains(number))
        CHECK_MESSAGE(before.find(number) == std::string::npos, name << ": " << me << " reads " << number);
    }
  }
  for (int viewer = 1; viewer <= n_seats; ++viewer) {  // nor does `show --seat` print one
    const Transcript view = t.as_seen_by(viewer);
    const std::set<std::string> known = large_numbers(view);
    const std::string script = script_of(view, 100, true);
    for (const std::string& number : large_numbers(t)) {
      if (!known.contains(number))
        CHECK_MESSAGE(script.find(number) == std::string::npos,
                      name << ": " << t.seat_name(viewer) << " is shown " << number);
    }
  }
  for (const Event& e : t.events) {
    if (e.kind == Event::note) out.notes.insert(t.words->names[static_cast<size_t>(e.name)]);
    if (e.kind != Event::told && e.kind != Event::done) continue;
    std::vector<std::string> to;
    for (const Value& s : t.values[static_cast<size_t>(e.seen) - 1].list())
      to.push_back(t.seats[static_cast<size_t>(s.number()) - 1]);
    std::string of = t.words->names[static_cast<size_t>(e.name)];
    (e.kind == Event::told ? out.told : out.done)[of].insert(in_words(to));
    if (e.kind == Event::told) {
      std::set<std::string>& facts = out.facts[of];
      for (const auto& [fact, x] : told_in(t, e)) facts.insert(fact);
    }
  }
  return out;
}

std::string either(const std::set<std::string>& ways) {
  std::string out;
  for (const std::string& way : ways) out += (out.empty() ? "" : ", or ") + way;
  return out;
}

// Rows of "what | of | seen by": one for all whose it is where it is the same for them.
void rows(std::string& out, const std::string& what, const std::map<std::string, std::set<std::string>>& by_owner,
          const Seen& seen) {
  if (by_owner.empty()) return;
  std::set<std::string> everyone(seen.seats.begin(), seen.seats.end());
  bool same = true, alone = true;
  std::vector<std::string> owners;
  for (const std::string& seat : seen.seats) {
    auto found = by_owner.find(seat);
    if (found == by_owner.end()) continue;
    owners.push_back(seat);
    same = same && found->second == by_owner.begin()->second;
    alone = alone && found->second == std::set<std::string>{seat};
  }
  if (owners.empty()) return;  // none was made, or nobody was asked after
  std::string whose = owners.size() == seen.seats.size() ? "each seat" : in_words(owners);
  if (same || alone) {
    const std::set<std::string>& who = by_owner.begin()->second;
    out += fmt::format("| {} | {} | {} |\n", what, whose,
                       who == everyone ? "everyone"
                       : alone         ? "that seat alone"
                                       : in_words({who.begin(), who.end()}));
    return;
  }
  for (const std::string& owner : owners) {
    const std::set<std::string>& who = by_owner.at(owner);
    out += fmt::format("| {} | {} | {} |\n", what, owner, in_words({who.begin(), who.end()}));
  }
}

std::string printed(const Seen& seen) {
  std::string out =
      fmt::format("\n## {}: {}\n\n| what | of | seen by |\n| --- | --- | --- |\n", seen.game, in_words(seen.seats));
  for (const auto& [telling, ways] : seen.told) {
    const std::set<std::string>& facts = seen.facts.at(telling);
    const std::string what = facts.empty() ? "" : ": " + in_words({facts.begin(), facts.end()});
    out += fmt::format("| telling `{}`{} | | {} |\n", telling, what, either(ways));
  }
  for (const auto& [fact, who] : seen.asked_with) {
    size_t at = fact.find(": ");
    out += fmt::format("| {}, with the question `{}` | | {} |\n", fact.substr(at + 2), fact.substr(0, at),
                       in_words({who.begin(), who.end()}));
  }
  for (const auto& [decision, by_owner] : seen.choices) {
    bool done = seen.done.contains(decision);
    rows(out, "`" + decision + (done ? "`, as done" : "`"), by_owner, seen);
    if (done) out += fmt::format("| `{}`, as meant | each seat | that seat alone |\n", decision);
  }
  rows(out, "payoffs", seen.paid, seen);
  for (const std::string& note : seen.notes) out += fmt::format("| measure `{}` | | nobody |\n", note);
  return out;
}

}  // namespace

TEST_CASE("seen: who sees what in every game, as its turns show it and its events say") {
  std::vector<std::string> games;
  for (const auto& entry : fs::directory_iterator(fs::path(PARLEY_ROOT) / "games")) {
    if (entry.path().extension() == ".lua") games.push_back(file_stem(entry.path()));
  }
  std::sort(games.begin(), games.end());
  std::string got =
      "# Who sees what\n\n"
      "Made by `tests/engine/seen_test.cc` from what players find in their turns; `tests/golden --accept` rewrites "
      "it.\n"
      "A player always sees its own choices and payoffs. Games of any number of players are played by three; "
      "partner_choice by four and not in public, werewolf by seven with two wolves.\n";
  for (const std::string& game : games) {
    CAPTURE(game);
    got += printed(look(game));
  }
  const fs::path path = fs::path(PARLEY_ROOT) / "tests/transcripts/who_sees_what.md";
  std::string expected = fs::exists(path) ? read_file(path.string()) : "";
  if (std::getenv("PARLEY_ACCEPT") && got != expected) {
    std::ofstream(path, std::ios::binary) << got;
    MESSAGE("rewritten: " << path.string());
  } else {
    CHECK(got == expected);
  }
}
