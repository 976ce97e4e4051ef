-- In each round everyone can help one other and is helped, or not, by a third: all stand in a circle that is drawn anew, and each
-- faces the next. Helping costs less than it brings. Nobody knows who it faces; with `shown` it is told that player's score: 1 up for
-- each time it helped, 1 down for each time it refused.
-- `circle` fixes the circle by numbers of seats, for all rounds: { 1, 2, 3 }: 1 faces 2, 2 faces 3, 3 faces 1.
-- By hand, circle 1 2 3: 1 and 2 help, 3 refuses, one round: player1 -1, player2 4 - 1 = 3, player3 4. Scores 1 1 -1.
-- By hand, the same players for 3 rounds, but player2 helps only from score 0 on: 3 gets nothing in rounds 2 and 3: -3, 11, 4.
game {
  about    = "Helping by reputation",
  source   = "Nowak and Sigmund 1998, doi:10.1038/31225; Wedekind and Milinski 2000, doi:10.1126/science.288.5467.850",
  players  = range(3, 100),
  rounds   = 10,
  settings = { benefit = 4, cost = 1, shown = true, circle = {} },
  play = function(match, players)
    local set = match.settings
    for seat = 1, #set.circle > 0 and #players or 0 do
      if count(set.circle, seat) ~= 1 or #set.circle ~= #players then error("circle names every seat once, by its number") end
    end
    for _, player in ipairs(players) do player.score = 0 end
    for _ in match:each_round() do
      local circle = shuffled(players)
      if #set.circle > 0 then circle = map(set.circle, function(seat) return players[seat] end) end
      for i, player in ipairs(circle) do player.faces = cycle(circle, i + 1) end
      local choices = players:choose(function(player)
        return { "help", { "help", "refuse" }, score = set.shown and player.faces.score, seen_by = {} }
      end)
      local function helps(player) return choices[player] == "help" end
      local good = filter(players, function(p) return p.faces.score >= 0 end)
      local bad  = filter(players, function(p) return p.faces.score < 0 end)
      match:note { helped = count(players, helps) / #players }
      if #good > 0 then match:note { helped_good = count(good, helps) / #good } end
      if #bad > 0 then match:note { helped_bad = count(bad, helps) / #bad } end
      for _, player in ipairs(players) do
        player.score = player.score + (helps(player) and 1 or -1)
        player.faces:tell { "received", helped = helps(player) }
        player:pay(helps(player) and -set.cost or 0)
        player.faces:pay(helps(player) and set.benefit or 0)
      end
    end
  end,
}
