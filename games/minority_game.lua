-- All choose one of two sides, and those win who are fewer than half. Made for an odd number of players; among an even number of
-- whom half choose each side nobody wins.
-- By hand: 3 players, two always_first and one always_second, 10 rounds: 0 0 10. Three always_first: 0 each.
-- By hand: 4 players, two on each side: 0 each. With loss -1, 5 players, two of them on one side: 1 1 and -1 -1 -1.
game {
  about    = "Minority game",
  source   = "Challet and Zhang 1997, doi:10.1016/S0378-4371(97)00419-6; Arthur 1994, American Economic Review 84(2)",
  players  = range(3, 101),
  rounds   = 10,
  settings = { win = 1, loss = 0 },
  actions  = { "left", "right" },
  payoffs  = function(choices, set)
    return map(choices, function(side) return count(choices, side) < #choices / 2 and set.win or set.loss end)
  end,
  solve = function(_, seats)
    return {
      { "most winners", math.ceil(#seats / 2) - 1 },
      { "mean number of one side if all draw", #seats / 2 },
      { "its variance", #seats / 4 },
    }
  end,
}
