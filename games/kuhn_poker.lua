-- Poker with three cards, 1 the lowest. Both put in the ante and get a card. The first to move checks or bets; after a check so does
-- the other; whoever faces a bet folds or calls. The higher card wins, unless somebody folded: then no card is shown. Seat 1 moves
-- first in odd rounds, seat 2 in even ones. `cards` fixes who gets what, round by round: cards = { { 3, 1 }, { 2, 3 } }.
-- By hand, cards 3 1 and 3 1: seat 1 bets and seat 2 calls: 2 and -2; seat 2 bets and seat 1 folds: -1 and 1. In all 1 and -1.
-- By hand, cards 2 3, one round: both check: -1 and 1. Bet 3, seat 1 checks, seat 2 bets, seat 1 calls: -4 and 4.
-- By hand (Kuhn 1950): in equilibrium the first to move loses 1/18 a round, and no other way to play gains anything.

-- How often the first to move and the other bet ("open") and call ("answer") with 1, 2 and 3 in equilibrium. Where the bet is the ante,
-- as Kuhn has it, there is one for each alpha from 0 to `odds`; a smaller bet leaves the last of these, a larger one the first.
local function equilibria(set)
  local odds = set.bet / (2 * set.ante + set.bet)
  if odds > 1 / 2 then error("the equilibria are known for a bet of at most twice the ante") end
  local alphas = set.bet < set.ante and { odds } or set.bet > set.ante and { 0 } or { 0, odds / 2, odds }
  return map(alphas, function(alpha)
    return { alpha = alpha, first = { open = { alpha, 0, alpha / odds }, answer = { 0, 1 - 2 * odds + alpha, 1 } },
      second = { open = { odds, 0, 1 }, answer = { 0, 1 - 2 * odds, 1 } } }
  end)
end

-- What the first to move is paid on average.
local function value(set, first, second)
  local total = 0
  for mine = 1, 3 do
    for theirs = 1, 3 do
      if mine ~= theirs then
        local sign = mine > theirs and 1 or -1
        local called = sign * (set.ante + set.bet)
        local bets, calls, raises, trusts = first.open[mine], second.answer[theirs], second.open[theirs], first.answer[mine]
        total = total + bets * (calls * called + (1 - calls) * set.ante)
          + (1 - bets) * (raises * (trusts * called - (1 - trusts) * set.ante) + (1 - raises) * sign * set.ante)
      end
    end
  end
  return total / 6
end

-- The most that a way to play without chance is paid by `pays`: all 64 are tried.
local function best(pays)
  local all = {}
  for i = 0, 63 do
    local bits = map({ 1, 2, 4, 8, 16, 32 }, function(bit) return math.floor(i / bit) % 2 end)
    all[#all + 1] = pays { open = { bits[1], bits[2], bits[3] }, answer = { bits[4], bits[5], bits[6] } }
  end
  local _, most = largest(all)
  return most
end

game {
  about    = "Kuhn poker",
  source   = "Kuhn 1950, doi:10.1515/9781400881727-010",
  players  = 2,
  rounds   = 2,
  settings = { ante = 1, bet = 1, cards = {} },
  allowed  = { ante = range(.01, 1000000, .01), bet = range(.01, 1000000, .01) },
  play = function(match, players)
    local set = match.settings
    for round in match:each_round() do
      local drawn = shuffled { 1, 2, 3 }
      local cards = set.cards[round] or drawn
      local first = cycle(players, round)
      if type(cards) ~= "table" or count(drawn, cards[1]) == 0 or count(drawn, cards[2]) == 0 or cards[1] == cards[2] then
        error("cards are two of 1, 2 and 3 for each round: { { 3, 1 }, { 2, 3 } }")
      end
      for i, player in ipairs(players) do
        player.card = cards[i]
        player:tell { "deal", card = player.card, deck = #drawn, first = player == first }
      end
      local bettor
      for _, player in ipairs { first, first.other } do
        if not bettor and player:choose { "open", { "check", "bet" } } == "bet" then bettor = player end
      end
      local folds  = bettor and bettor.other:choose { "answer", { "fold", "call" } } == "fold"
      local winner = folds and bettor or largest(players, function(p) return p.card end)[1]
      local stake  = set.ante + (bettor and not folds and set.bet or 0)
      winner:pay(stake)
      winner.other:pay(-stake)
      if not folds then
        for _, player in ipairs(players) do player:tell { "showdown", their_card = player.other.card } end
      end
      match:note { bet = bettor ~= nil, bluff = bettor ~= nil and bettor.card == 1, folded = folds or false }
    end
  end,
  solve = function(set)
    local rows = map(equilibria(set), function(way)
      local first, second = way.first, way.second
      local paid   = value(set, first, second)
      local gain   = best(function(other) return value(set, other, second) end) - paid
      local theirs = best(function(other) return -value(set, first, other) end) + paid
      return { way.alpha, first.open[1], first.open[3], first.answer[2], second.open[1], second.answer[2], paid, math.max(gain, theirs) }
    end)
    return {
      { "value for the first to move", rows[1][7] },
      { "equilibria", columns = { "alpha", "first bets 1", "first bets 3", "first calls with 2", "second bets 1", "second calls with 2",
        "first is paid", "most to gain" }, rows = rows },
    }
  end,
}
