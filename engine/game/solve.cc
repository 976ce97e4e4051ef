#include "game/solve.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/value.h"

namespace parley {
namespace {

using Outcome = NormalForm::Outcome;

double sum(const std::vector<double>& payoffs) { return std::accumulate(payoffs.begin(), payoffs.end(), 0.0); }

// What a seat is paid where the outcome is this but for its own action.
double paid(const NormalForm& game, Outcome outcome, int seat, int action) {
  outcome[static_cast<size_t>(seat)] = action;
  return game.payoffs[game.index(outcome)][static_cast<size_t>(seat)];
}

// Whether `action` is dominated by `by`, where every seat plays only what is `left`; nothing else is looked at.
std::optional<Solution::Dominated> dominated(const NormalForm& game, const std::vector<std::vector<int>>& left,
                                             int seat, int action, int by) {
  bool somewhere = false, everywhere = true;
  for (size_t i = 0; i < game.payoffs.size(); ++i) {
    const Outcome outcome = game.outcome(i);
    if (outcome[static_cast<size_t>(seat)] != action) continue;
    bool possible = true;
    for (size_t s = 0; s < left.size(); ++s) {
      possible = possible && (s == static_cast<size_t>(seat) ||
                              std::find(left[s].begin(), left[s].end(), outcome[s]) != left[s].end());
    }
    if (!possible) continue;
    const double gain = paid(game, outcome, seat, by) - game.payoffs[i][static_cast<size_t>(seat)];
    if (gain < 0) return std::nullopt;
    somewhere = somewhere || gain > 0;
    everywhere = everywhere && gain > 0;
  }
  if (!somewhere) return std::nullopt;
  return Solution::Dominated{seat, action, by, everywhere};
}

std::vector<std::vector<int>> all_actions(const NormalForm& game) {
  std::vector<std::vector<int>> all;
  for (int n : game.actions) {
    all.emplace_back(static_cast<size_t>(n));
    std::iota(all.back().begin(), all.back().end(), 0);
  }
  return all;
}

void find_dominated(const NormalForm& game, Solution& out) {
  const auto all = all_actions(game);
  auto each_pair = [&](const std::vector<std::vector<int>>& of, auto f) {
    for (size_t seat = 0; seat < of.size(); ++seat) {
      for (int action : of[seat]) {
        for (int by : of[seat]) {
          if (action != by) f(static_cast<int>(seat), action, by);
        }
      }
    }
  };
  each_pair(all, [&](int seat, int action, int by) {
    auto found = dominated(game, all, seat, action, by);
    if (!found) return;
    const bool known =
        !out.dominated.empty() && out.dominated.back().seat == seat && out.dominated.back().action == action;
    if (!known) {
      out.dominated.push_back(*found);
    } else if (found->strictly && !out.dominated.back().strictly) {
      out.dominated.back() = *found;
    }
  });
  auto left = all;
  for (bool again = true; again;) {
    again = false;
    auto next = left;
    each_pair(left, [&](int seat, int action, int by) {
      auto found = dominated(game, left, seat, action, by);
      if (!found || !found->strictly) return;
      std::erase(next[static_cast<size_t>(seat)], action);
      again = true;
    });
    left = std::move(next);
  }
  out.undominated = std::move(left);
}

bool is_equilibrium(const NormalForm& game, const Outcome& outcome, bool strict) {
  for (size_t seat = 0; seat < game.actions.size(); ++seat) {
    const double now = game.payoffs[game.index(outcome)][seat];
    for (int other = 0; other < game.actions[seat]; ++other) {
      if (other == outcome[seat]) continue;
      const double then = paid(game, outcome, static_cast<int>(seat), other);
      if (then > now || (strict && then == now)) return false;
    }
  }
  return true;
}

bool better(const std::vector<double>& a, const std::vector<double>& b) {  // for one, and as good for all
  bool more = false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] < b[i]) return false;
    more = more || a[i] > b[i];
  }
  return more;
}

// Two seats, two actions. a, b, c, d: what a seat is paid by (own action, the other's) 00, 01, 10, 11.
struct Own {
  double a, b, c, d;
  // What it gains by its first action where the other gives its own first the probability q.
  double gain(double q) const { return q * (a - c) + (1 - q) * (b - d); }
  // The q at which it is indifferent; none where there is no one such.
  std::optional<double> indifferent() const {
    const double down = (a - c) - (b - d);
    if (down == 0) return std::nullopt;
    return (d - b) / down;
  }
};

// What is less than this beside numbers of that size is nothing but what was lost in reckoning.
constexpr double kLost = 1e-12;

double size_of(const Own& own) {
  return std::max({std::fabs(own.a), std::fabs(own.b), std::fabs(own.c), std::fabs(own.d)});
}

std::array<Own, 2> two_by_two(const NormalForm& game) {
  const auto& p = game.payoffs;
  return {Own{p[0][0], p[1][0], p[2][0], p[3][0]}, Own{p[0][1], p[2][1], p[1][1], p[3][1]}};
}

bool certain(double probability) { return probability == 0 || probability == 1; }

// Where a seat has two best replies to one of the other's, all between them are best; and where both are paid the same whatever they do,
// all is.
void find_continua(Solution& out) {
  const auto& all = out.mixed;
  const auto pure = [](const Solution::Profile& p) { return certain(p[0]) && certain(p[1]); };
  if (std::count_if(all.begin(), all.end(), pure) == 4) {
    out.continua.emplace_back(all.front(), all.back());
    return;
  }
  for (size_t i = 0; i < all.size(); ++i) {
    for (size_t j = i + 1; j < all.size(); ++j) {
      if (all[i][0] == all[j][0] || all[i][1] == all[j][1]) out.continua.emplace_back(all[i], all[j]);
    }
  }
}

// The seat's least on average is the smaller of two lines in its probability; the most of that is where they cross or at an end.
std::optional<std::pair<double, double>> mixed_maximin(const Own& own, double pure) {
  const double steep = (own.a - own.c) - (own.b - own.d);
  if (steep == 0) return std::nullopt;
  const double at = (own.d - own.c) / steep, least = own.c + at * (own.a - own.c);
  if (at <= 0 || at >= 1 || least <= pure + kLost * size_of(own)) return std::nullopt;
  return std::pair(at, std::fabs(least) <= kLost * size_of(own) ? 0 : least);
}

void solve_two_by_two(const NormalForm& game, Solution& out) {
  const auto& p = game.payoffs;
  const auto [one, two] = two_by_two(game);
  auto candidates = [](const Own& other) {
    std::vector<double> all = {0, 1};
    if (auto at = other.indifferent(); at && *at > 0 && *at < 1) all.push_back(*at);
    std::sort(all.begin(), all.end());
    return all;
  };
  // A reply to what the other does is best: first where that gains, second where it loses, any where it does neither.
  auto best = [](double mine, const Own& own, double theirs) {
    const double gain = own.gain(theirs), nothing = certain(theirs) ? 0 : kLost * size_of(own);
    return std::fabs(gain) <= nothing || (gain > 0 ? mine == 1 : mine == 0);
  };
  for (double x : candidates(two)) {
    for (double y : candidates(one)) {
      if (best(x, one, y) && best(y, two, x)) out.mixed.push_back({x, y});
    }
  }
  find_continua(out);
  out.mixed_maximin = {mixed_maximin(one, out.maximin[0].least), mixed_maximin(two, out.maximin[1].least)};
  std::vector<Outcome> strict;
  for (const Outcome& outcome : out.pure) {
    if (is_equilibrium(game, outcome, true)) strict.push_back(outcome);
  }
  if (strict.size() != 2) return;
  double loss[2];
  for (int i = 0; i < 2; ++i) {
    const Outcome& here = strict[static_cast<size_t>(i)];
    const auto& now = p[game.index(here)];
    loss[i] = (now[0] - paid(game, here, 0, 1 - here[0])) * (now[1] - paid(game, here, 1, 1 - here[1]));
  }
  if (loss[0] != loss[1]) out.risk_dominant = strict[loss[0] > loss[1] ? 0 : 1];
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

size_t NormalForm::index(const Outcome& outcome) const {
  size_t at = 0;
  for (size_t seat = 0; seat < actions.size(); ++seat)
    at = at * static_cast<size_t>(actions[seat]) + static_cast<size_t>(outcome[seat]);
  return at;
}

NormalForm::Outcome NormalForm::outcome(size_t index) const {
  Outcome out(actions.size());
  for (size_t seat = actions.size(); seat-- > 0;) {
    out[seat] = static_cast<int>(index % static_cast<size_t>(actions[seat]));
    index /= static_cast<size_t>(actions[seat]);
  }
  return out;
}

Solution solve(const NormalForm& game) {
  Solution out;
  find_dominated(game, out);
  double most = sum(game.payoffs[0]);
  for (const auto& payoffs : game.payoffs) most = std::max(most, sum(payoffs));
  for (size_t i = 0; i < game.payoffs.size(); ++i) {
    const Outcome outcome = game.outcome(i);
    if (is_equilibrium(game, outcome, false)) out.pure.push_back(outcome);
    if (std::none_of(game.payoffs.begin(), game.payoffs.end(),
                     [&](const auto& other) { return better(other, game.payoffs[i]); })) {
      out.pareto.push_back(outcome);
    }
    if (sum(game.payoffs[i]) == most) out.best.push_back(outcome);
  }
  for (size_t seat = 0; seat < game.actions.size(); ++seat) {
    std::vector<std::optional<double>> least(static_cast<size_t>(game.actions[seat]));
    std::vector<double> all;
    for (size_t i = 0; i < game.payoffs.size(); ++i) {
      auto& of = least[static_cast<size_t>(game.outcome(i)[seat])];
      of = std::min(of.value_or(game.payoffs[i][seat]), game.payoffs[i][seat]);
      all.push_back(game.payoffs[i][seat]);
    }
    Solution::Maximin& sure = out.maximin.emplace_back();
    sure.least = **std::max_element(least.begin(), least.end());
    for (size_t action = 0; action < least.size(); ++action) {
      if (least[action] == sure.least) sure.actions.push_back(static_cast<int>(action));
    }
    std::sort(all.begin(), all.end());
    if (std::adjacent_find(all.begin(), all.end()) != all.end()) out.tied.push_back(static_cast<int>(seat));
  }
  if (game.actions == std::vector<int>{2, 2}) solve_two_by_two(game, out);
  return out;
}

std::array<double, 2> paid_on_average(const NormalForm& game, const Solution::Profile& profile) {
  const auto own = two_by_two(game);
  std::array<double, 2> out{};
  for (size_t seat = 0; seat < 2; ++seat) {
    const double x = profile[seat], y = profile[1 - seat];
    const Own& o = own[seat];
    out[seat] = x * (y * o.a + (1 - y) * o.b) + (1 - x) * (y * o.c + (1 - y) * o.d);
    if (std::fabs(out[seat]) <= kLost * size_of(o)) out[seat] = 0;
  }
  return out;
}

std::string as_nfg(const NormalForm& game, const std::string& title, const std::vector<std::string>& seats,
                   const std::vector<std::vector<std::string>>& actions) {
  std::string out = "NFG 1 R " + quoted(title) + "\n{";
  for (const std::string& seat : seats) out += " " + quoted(seat);
  out += " }\n\n{";
  for (const auto& names : actions) {
    out += " {";
    for (const std::string& name : names) out += " " + quoted(name);
    out += " }";
  }
  out += " }\n\"\"\n\n";
  // The first seat's action runs fastest.
  NormalForm::Outcome outcome(game.actions.size(), 0);
  for (size_t i = 0; i < game.payoffs.size(); ++i) {
    for (double amount : game.payoffs[game.index(outcome)]) out += number_text(amount) + " ";
    out.back() = '\n';
    for (size_t seat = 0; seat < outcome.size(); ++seat) {
      if (++outcome[seat] < game.actions[seat]) break;
      outcome[seat] = 0;
    }
  }
  return out;
}

}  // namespace parley
