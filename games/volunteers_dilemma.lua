-- One volunteer is enough for all: everyone gets the benefit if anyone volunteers, and who does pays the cost, needed or not.
-- In equilibrium one volunteers and the others wait; or each waits with probability (cost / benefit) ^ (1 / (n - 1)), so that with
-- more players nobody may come at all.
-- By hand: 3 players, always_first and two always_second: 6 10 10. Three always_second: 0 each. Three always_first: 6 each.
-- Known of it, 3 players: each waits with probability .4 ^ .5, .6325, and nobody comes with probability .253.
game {
  about    = "Volunteer's dilemma",
  source   = "Diekmann 1985, doi:10.1177/0022002785029004003",
  players  = range(2, 100),
  settings = { benefit = 10, cost = 4 },
  allowed  = { benefit = range(.01, 1000000, .01), cost = range(0, 1000000, .01) },
  actions  = { "volunteer", "wait" },
  payoffs  = function(choices, set)
    local benefit = count(choices, "volunteer") > 0 and set.benefit or 0
    return map(choices, function(choice) return benefit - (choice == "volunteer" and set.cost or 0) end)
  end,
  solve = function(set, seats)
    local wait = math.min(1, set.cost / set.benefit) ^ (1 / (#seats - 1))
    return { { "probability to wait, the same for all, in equilibrium", wait }, { "probability that nobody volunteers", wait ^ #seats } }
  end,
}
