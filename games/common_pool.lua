-- A stock from which all take at once and which then grows back: by `rate` times what is left, or, if `logistic`, by that times the share
-- of the capacity that is free; never above the capacity. Each may want at most the share `quota` of what there is. If all want more than
-- there is, each gets in proportion to what it wanted, and the stock is gone for good. `efficiency`: what was taken in a round by the most
-- that can be taken in every round; above 1 is overuse. A stock that does not grow back (rate 0) has none.
-- By hand, 2 players who take 25 each: 50 are left and grow to 100 again: 25 each in every round, efficiency 1.
-- By hand, 2 players who want 90 and 60: 60 and 40, and nothing in any later round.
-- By hand, 2 players who take 20 each, rate 0: 100 60 20 are there; in the third round each gets 10.
-- By hand, 2 players, logistic, 20 each in 2 rounds: 60 are left and grow by 60 * .4 to 84; 44 are left and grow by 44 * .56 to 68.64.

local function grown(left, set)
  local free = set.logistic and 1 - left / set.capacity or 1
  return math.min(set.capacity, left + set.rate * left * free)
end

-- What is to be left in every round, whatever the quota allows, so that the most grows back: as it stands the least that fills the pool again; logistic: half of it,
-- where growth is largest, but for rates above 2, by which less fills it.
local function best_left(set)
  return set.capacity / (set.logistic and math.max(2, set.rate) or 1 + set.rate)
end

game {
  about    = "Common pool that grows back",
  source   = "Piatti et al. 2024, arXiv:2404.16698",
  players  = range(2, 100),
  rounds   = 12,
  settings = { capacity = 100, rate = 1, logistic = false, quota = 1 },
  allowed  = { capacity = range(1, 1000000, .01), rate = range(0, 1000, .01), quota = range(0, 1, .01) },
  solve = function(set, seats)
    local left = best_left(set)
    local most = grown(left, set) - left
    return { { "most that all can take in every round", most }, { "of it for each", most / #seats }, { "left in the pool then", left } }
  end,
  play = function(match, players)
    local set = match.settings
    local stock, left = set.capacity, best_left(set)
    local sustainable = grown(left, set) - left
    for _ in match:each_round() do
      local wanted = stock > 0 and players:choose { "take", range(0, math.floor(set.quota * stock)), stock = rounded(stock, 2) } or {}
      local all = sum(wanted)
      local share = all > stock and stock / all or 1
      players:pay(map(players, function(p) return (wanted[p] or 0) * share end))
      match:note { stock = stock, taken = all * share, efficiency = sustainable > 0 and all * share / sustainable or nil }
      stock = all >= stock and 0 or grown(stock - all, set)
    end
  end,
}
