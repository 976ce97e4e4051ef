// Games in which many move in a space: totals by hand, and what holds whatever happens.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <sstream>

#include "base/json.h"
#include "table.h"

using namespace parley;
using namespace parley::test;

namespace {

std::string to(const std::string& exit) { return plan_of(fmt::format(R"({{"exit": "{}", "talk": "Out!"}})", exit)); }

struct Cell {
  int x = 0, y = 0;
};

// What a drawing of each round shows, by round: where somebody stands, and how many cells of another kind there are.
struct Picture {
  std::vector<Cell> people;
  size_t walls = 0, free = 0;
};

std::vector<Picture> pictures(const Transcript& t) {
  std::vector<Picture> out;
  for (const Event& e : t.events) {
    if (e.kind != Event::note || t.words->names[static_cast<size_t>(e.name)] != "map") continue;
    Picture picture;
    std::istringstream lines(t.value_of(e).string());
    int y = 0;
    for (std::string line; std::getline(lines, line); ++y) {
      for (int x = 0; x < static_cast<int>(line.size()); ++x) {
        char c = line[static_cast<size_t>(x)];
        if (c == '#')
          ++picture.walls;
        else if (c == '.')
          ++picture.free;
        else
          picture.people.push_back({x, y});
      }
    }
    out.push_back(picture);
  }
  return out;
}

// Whether each of these could have come from another one of those in one step or none (a perfect matching, by augmenting paths).
bool one_step_apart(const std::vector<Cell>& before, const std::vector<Cell>& after) {
  std::vector<int> taken(before.size(), -1);
  std::vector<char> tried;
  std::function<bool(size_t)> place = [&](size_t i) {
    for (size_t j = 0; j < before.size(); ++j) {
      if (tried[j] || std::abs(before[j].x - after[i].x) > 1 || std::abs(before[j].y - after[i].y) > 1) continue;
      tried[j] = 1;
      if (taken[j] < 0 || place(static_cast<size_t>(taken[j]))) {
        taken[j] = static_cast<int>(i);
        return true;
      }
    }
    return false;
  };
  for (size_t i = 0; i < after.size(); ++i) {
    tried.assign(before.size(), 0);
    if (!place(i)) return false;
  }
  return before.size() == after.size();
}

std::vector<int> numbers(const std::string& text) {
  std::vector<int> out;
  std::istringstream in(text);
  for (int n; in >> n;) out.push_back(n);
  return out;
}

// Nobody vanishes, no two on a cell, nobody in a wall, nobody goes further than a cell, an exit takes as many as it is wide; who
// left was paid for the rounds that were to come.
void check_crowd(const Transcript& t, int size, std::map<std::string, int> exits) {
  const auto people = t.seats.size();
  std::vector<Picture> rounds = pictures(t);
  std::vector<int> escaped = numbers(noted(t, "escaped"));
  REQUIRE(rounds.size() == static_cast<size_t>(t.rounds));
  REQUIRE(escaped.size() == rounds.size());
  int width = 0, calm = 0;
  double paid = 0;
  for (const auto& [name, cells] : exits) width += cells;
  std::vector<int> through(rounds.size());
  for (const auto& [name, cells] : exits) {
    std::vector<int> left = numbers(noted(t, "escaped_" + name));
    for (size_t r = 0; r < left.size(); ++r) {
      CHECK(left[r] - (r > 0 ? left[r - 1] : 0) <= cells);
      through[r] += left[r];
    }
  }
  for (const char* temper : {"calm", "anxious", "bold"})
    calm += numbers(noted(t, std::string("escaped_") + temper)).back();
  CHECK(calm == escaped.back());
  CHECK(through == escaped);
  for (size_t r = 0; r < rounds.size(); ++r) {
    CHECK(rounds[r].people.size() + static_cast<size_t>(escaped[r]) == people);
    CHECK(rounds[r].walls == static_cast<size_t>(4 * (size - 1) - width));
    CHECK(rounds[r].walls + rounds[r].free + rounds[r].people.size() == static_cast<size_t>(size * size));
    if (r == 0) continue;
    std::vector<Cell> before;
    for (const Cell& cell : rounds[r - 1].people) {
      if (cell.x > 0 && cell.x < size - 1 && cell.y < size - 1) before.push_back(cell);
    }
    CHECK(escaped[r] - escaped[r - 1] == static_cast<int>(rounds[r - 1].people.size() - before.size()));
    CHECK(one_step_apart(before, rounds[r].people));
    paid += (t.rounds - static_cast<double>(r)) * (escaped[r] - escaped[r - 1]);
  }
  double total = 0;
  for (double x : totals(t)) total += x;
  CHECK(total == paid);
}

Transcript crowd(const std::string& strategy, int people, int rounds, const std::string& settings, uint64_t seed) {
  static Table table;
  size_t at = strategy.find(' ');
  return table.play(table.plan(
      "evacuation", std::vector<std::string>(static_cast<size_t>(people), strategy.substr(0, at)),
      [&](Rules& rules, std::vector<Player>& all) {
        rules.rounds = rounds;
        rules.settings = from_json(settings);
        for (Player& player : all) {
          if (at != std::string::npos) player.settings = from_json(strategy.substr(at));
        }
      },
      1, seed));
}

}  // namespace

TEST_CASE("games: evacuation") {
  Transcript behind =
      played("evacuation", {to("left"), to("left")}, 4,
             R"({"size": 5, "left": 1, "bottom": 0, "right": 0, "people": [{"x": 2, "y": 3}, {"x": 3, "y": 3}]})");
  CHECK(totals(behind) == Totals{3, 2});
  CHECK(noted(behind, "escaped") == "0 1 2 2");
  CHECK(noted(behind, "map") ==
        "#####\n#...#\nll..#\n#...#\n##### #####\n#...#\nl...#\n#...#\n##### "
        "#####\n#...#\n....#\n#...#\n##### #####\n#...#\n....#\n#...#\n#####");
  Transcript across =
      played("evacuation", {to("right"), to("left")}, 5,
             R"({"size": 7, "left": 1, "bottom": 0, "right": 1, "people": [{"x": 3, "y": 4}, {"x": 5, "y": 4}]})");
  CHECK(totals(across) == Totals{1, 1});
  CHECK(noted(across, "escaped_left") == "0 0 0 0 1");
  // Of two who are as near one is drawn: over seeds each is first.
  double first = 0;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    Transcript t = crowd(
        to("left"), 2, 4,
        R"({"size": 5, "left": 1, "bottom": 0, "right": 0, "people": [{"x": 2, "y": 2}, {"x": 2, "y": 4}]})", seed);
    CHECK(totals(t)[0] + totals(t)[1] == 5);
    first += totals(t)[0] == 3;
  }
  CHECK(first > 8);
  CHECK(first < 32);
  // Who stays bars the way; the other gets past it.
  Transcript barred =
      played("evacuation", {to("stay"), to("left")}, 5,
             R"({"size": 6, "left": 1, "bottom": 0, "right": 0, "people": [{"x": 3, "y": 3}, {"x": 4, "y": 3}]})");
  CHECK(totals(barred) == Totals{0, 2});
  // Where chance ends a match, only rounds that were played are paid.
  bool cut = false;
  static Table ended;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    Transcript t = ended.play(ended.plan(
        "evacuation", {"plan", "plan"},
        [](Rules& rules, std::vector<Player>& all) {
          rules.rounds = 40;
          rules.ends = .3;
          rules.settings = from_json(R"({"size": 4, "left": 2, "bottom": 0, "right": 0})");
          for (Player& player : all) player.settings = from_json(R"({"moves": {"exit": "left", "talk": ""}})");
        },
        1, seed));
    double paid = 0;
    for (int escaped : numbers(noted(t, "escaped"))) paid += escaped;
    CHECK(totals(t)[0] + totals(t)[1] == paid);
    cut = cut || (paid > 0 && t.rounds < 40);
  }
  CHECK(cut);
  // People, and words, are told of by nature alone: other settings move neither cells nor tempers.
  CHECK(noted(crowd(to("stay"), 9, 1, R"({"talk": false})", 3), "map") ==
        noted(crowd(to("stay"), 9, 1, R"({"replan": 1, "talk": true})", 3), "map"));
}

TEST_CASE("games: common_pool") {
  auto takes = [](const std::string& n) { return plan_of(R"({"take": )" + n + "}"); };
  Transcript kept = played("common_pool", {takes("25"), takes("25")}, 4);
  CHECK(totals(kept) == Totals{100, 100});
  CHECK(noted(kept, "stock") == "100 100 100 100");
  CHECK(noted(kept, "efficiency") == "1 1 1 1");
  Transcript fair =
      played("common_pool", {R"(share {"fact": "stock", "of": 0.25})", R"(share {"fact": "stock", "of": 0.25})"}, 4);
  CHECK(totals(fair) == Totals{100, 100});
  Transcript lost = played("common_pool", {takes("90"), takes("60")}, 3);
  CHECK(totals(lost) == Totals{60, 40});
  CHECK(noted(lost, "stock") == "100 0 0");
  CHECK(noted(lost, "taken") == "100 0 0");
  Transcript dying = played("common_pool", {takes("20"), takes("20")}, 3, R"({"rate": 0})");
  CHECK(totals(dying) == Totals{50, 50});
  CHECK(noted(dying, "stock") == "100 60 20");
  CHECK(noted(dying, "efficiency").empty());
  Transcript slow = played("common_pool", {takes("20"), takes("20")}, 3, R"({"logistic": true})");
  CHECK(noted(slow, "stock").starts_with("100 84 68.64"));
  CHECK(noted(slow, "efficiency") == "1.6 1.6 1.6");  // 25 can be taken for ever
  CHECK(noted(played("common_pool", {takes("20"), takes("20")}, 2, R"({"logistic": true, "rate": 4})"), "stock") ==
        "100 100");
}

TEST_CASE("games: evacuation, whatever happens") {
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    CAPTURE(seed);
    for (const char* strategy :
         {"random", R"(least {"weights": {"distance": 1}})", R"(least {"weights": {"seen": 1}})", "least"}) {
      CAPTURE(strategy);
      check_crowd(crowd(strategy, 40, 25, R"({"size": 11, "left": 3, "bottom": 2, "right": 1, "talk": false})", seed),
                  11, {{"left", 3}, {"bottom", 2}, {"right", 1}});
    }
  }
  // Full to the last cell, and every cell of a wall an exit.
  check_crowd(
      crowd(R"(least {"weights": {"distance": 1}})", 9, 12, R"({"size": 5, "left": 3, "bottom": 3, "right": 3})", 1), 5,
      {{"left", 3}, {"bottom", 3}, {"right", 3}});
  Transcript all = crowd(R"(least {"weights": {"distance": 1}})", 100, 50, "{}", 1);
  check_crowd(all, 33, {{"left", 3}, {"bottom", 3}, {"right", 3}});
  CHECK(numbers(noted(all, "escaped")).back() == 100);
}

TEST_CASE("games: evacuation that cannot be") {
  auto error = [](const char* settings, int people = 2) {
    try {
      crowd(to("left"), people, 1, settings, 1);
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  CHECK(error(R"({"size": 5, "left": 4})").find("an exit of 4 cells does not fit into a wall of 3") !=
        std::string::npos);
  CHECK(error(R"({"size": 5.5})") == "setting 'size' of game 'evacuation' is 5.5, not a whole number from 3 to 1000");
  CHECK(error(R"({"replan": 1.2})") == "setting 'replan' of game 'evacuation' is 1.2, not a number from 0 to 1");
  CHECK(error(R"({"replan": 0.123})").empty());
  const std::pair<const char*, const char*> faults[] = {
      {R"({"people": [{"x": 2}]})", "people: 1 needs both x and y"},
      {R"({"people": [{"x": 2, "z": 2}]})", "people: 1 has 'z': it may have x, y, strength and temper"},
      {R"({"people": [{"temper": "jolly"}]})", "people: 1 has the temper 'jolly', which is not in tempers"},
      {R"({"people": [{}, {}, {}]})", "people: they are 3, and 2 play"},
      {R"({"tempers": ["left"]})", "tempers: 'left' is an exit"},
  };
  for (const auto& [settings, what] : faults) {
    INFO(settings);
    CHECK(error(settings).find(what) != std::string::npos);
  }
  CHECK(error(R"({"left": 0, "bottom": 0, "right": 0})").find("a room needs an exit") != std::string::npos);
  CHECK(error(R"({"size": 4, "left": 2, "bottom": 0, "right": 0})", 5).find("5 people do not fit into 4 cells") !=
        std::string::npos);
  CHECK(error(R"({"people": [{"x": 1, "y": 17}]})").find("people: nobody can stand at x = 1, y = 17") !=
        std::string::npos);
  CHECK(error(R"({"people": [{"x": 2, "y": 2}, {"x": 2, "y": 2}]})").find("nobody can stand at x = 2, y = 2") !=
        std::string::npos);
}
