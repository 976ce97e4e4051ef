-- A stag is caught if at least `needed` hunt it, and then each of those who do gets `stag`, `alone` else; a hare is sure.
-- By hand: 4 players, 3 needed: three always_first and one always_second: 10 10 10 5. Two and two: 0 0 5 5.
game {
  about    = "Stag hunt among many",
  source   = "Pacheco, Santos, Souza and Skyrms 2009, doi:10.1098/rspb.2008.1126",
  players  = function(set) return range(math.max(2, set.needed), 100) end,
  settings = { needed = 3, stag = 10, alone = 0, hare = 5 },
  actions  = { "stag", "hare" },
  payoffs  = function(choices, set)
    local caught = count(choices, "stag") >= set.needed
    return map(choices, function(choice) return choice == "hare" and set.hare or caught and set.stag or set.alone end)
  end,
}
