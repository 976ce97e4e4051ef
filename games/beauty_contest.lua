-- All name a number from 0 to `highest`; whoever is closest to `fraction` of the mean wins the prize. Who is equally close gets
-- it too (ties "each"), shares it ("share"), or nobody gets it ("alone"). From the second round on everyone first speaks once,
-- in at most `length` words and an order drawn anew each round, unless `talk = false`. Numbers stay private; the mean is told.
-- By hand: 3 players, 0 50 100: mean 50, two thirds of it 33.3: 0 100 0; variance 1666.67.
-- By hand: 3 players, 10 10 40: mean 20, two thirds of it 13.3: each 100 100 0, share 50 50 0, alone 0 0 0; variance 200.
game {
  about    = "Beauty contest with talk",
  source   = "Nagel 1995, American Economic Review 85, 1313-1326; with talk: Wu et al. 2024, doi:10.18653/v1/2024.findings-emnlp.297",
  players  = range(2, 100),
  rounds   = 4,
  settings = { highest = 100, fraction = 2 / 3, prize = 100, ties = "each", talk = true, length = 50 },
  play = function(match, players)
    local set = match.settings
    if count({ "each", "share", "alone" }, set.ties) == 0 then error("ties is 'each', 'share' or 'alone', not '" .. set.ties .. "'") end
    players:tell { "equally_close", each = set.ties == "each", share = set.ties == "share", alone = set.ties == "alone" }
    if set.talk then players:tell "speeches" end
    for round in match:each_round() do
      if set.talk and round > 1 then
        for _, player in ipairs(shuffled(players)) do player:choose { "talk", words(set.length), missing = "" } end
      end
      local numbers = players:choose { "number", range(0, set.highest), seen_by = {} }
      local average = mean(numbers)
      local target  = set.fraction * average
      local winners = largest(players, function(p) return -rounded(math.abs(numbers[p] - target), 9) end)
      local each    = set.ties == "share" and set.prize / #winners or set.ties == "alone" and #winners > 1 and 0 or set.prize
      players:pay(map(players, function(p) return count(winners, p) * each end))
      players:tell { "result", mean = average, target = target, winners = #winners }
      match:note { mean = average, variance = variance(numbers), winners = #winners }
    end
  end,
}
