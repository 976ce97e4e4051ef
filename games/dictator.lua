-- One gives another what it likes; the other has no say. Of each point given the other gets `multiplier` (Andreoni and Miller
-- 2002, doi:10.1111/1468-0262.00302). `theirs` is what the other has from the start; with `taking` a gift may be below 0 and takes
-- from it (List 2007, Journal of Political Economy 115).
-- By hand: pie 10, gift 3: 7 and 3. With multiplier 3: 7 and 9.
-- By hand: pie 10, theirs 5, taking, gift -4, multiplier 3: 14 and 1.
game {
  about    = "Dictator game",
  source   = "Forsythe, Horowitz, Savin and Sefton 1994, doi:10.1006/game.1994.1021",
  players  = { "giver", "receiver" },
  settings = { pie = 10, multiplier = 1, theirs = 0, taking = false },
  play = function(match, players)
    local set = match.settings
    for _ in match:each_round() do
      local gift = players.giver:choose { "gift", range(set.taking and 0 - set.theirs or 0, set.pie) }
      players:pay { set.pie - gift, set.theirs + (gift > 0 and set.multiplier or 1) * gift }
      if set.pie > 0 then match:note { share = gift / set.pie } end
    end
  end,
}
