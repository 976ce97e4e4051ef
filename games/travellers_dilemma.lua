-- Two claim an amount for the same lost thing. Both get the lower claim; the one who made it `reward` more, the other as much less.
-- Whatever the other claims, 1 less is better, down to the lowest claim; the smaller the reward, the less people keep to that
-- (Capra and others 1999, American Economic Review 89).
-- By hand: 100 against 100: 100 each. 99 against 100: 101 and 97. 2 against 100: 4 and 0. With reward 50, 60 against 80: 110 and 10.
game {
  about    = "Traveller's dilemma",
  source   = "Basu 1994, American Economic Review 84(2)",
  settings = { lowest = 2, highest = 100, reward = 2 },
  actions  = function(set) return range(set.lowest, set.highest) end,
  payoffs  = function(claims, set)
    local low = math.min(claims[1], claims[2])
    if claims[1] == claims[2] then return { low, low } end
    local first = claims[1] == low and 1 or -1
    return { low + first * set.reward, low - first * set.reward }
  end,
  solve = function(set)
    return { { "claims in equilibrium", set.reward > 1 and set.lowest or "any, if both are the same" } }
  end,
}
