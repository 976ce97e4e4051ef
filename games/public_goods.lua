-- Gifts to the pot are multiplied and shared, so that a gift helps everyone but its giver.
-- By hand: 4 players give 20 10 5 20 in one round: the pot of 55 becomes 88 and pays 22 each, so 22 32 37 22.
-- By hand: 2 players, multiplier 1.5, give 20 and 0 in one round: 15 and 35.
game {
  about    = "Public goods",
  source   = "Fehr and Gächter 2000, doi:10.1257/aer.90.4.980",
  players  = range(2, 100),
  rounds   = 10,
  settings = { endowment = 20, multiplier = 1.6 },
  actions  = function(set) return range(0, set.endowment) end,
  payoffs  = function(gifts, set)
    local share = set.multiplier * sum(gifts) / #gifts
    return map(gifts, function(gift) return set.endowment - gift + share end)
  end,
}
