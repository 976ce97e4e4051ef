-- A public good in two steps. When the gifts are seen, each player may give every other up to `limit` marks: a mark costs the one
-- who gives it `cost` and takes `effect` from the other (3 as in Fehr and Gächter 2002, doi:10.1038/415137a; in 2000 it was a tenth
-- of what the other had). As in 2000, marks take no more from a player than the first step brought it, and those it gives it pays
-- in any case, so that a round may end below 0. Nobody learns who gave them. Antisocial are those for one who gave as much or more.
-- By hand: 4 players give 20 10 5 20 and have 22 32 37 22 (public_goods). player1 gives player3 3 marks, player3 gives
-- player1 1, player4 gives player2 1 and player3 4: that takes 3 3 21 0 and costs 3 0 1 5, so 16 29 15 17. One is antisocial.
-- By hand: 2 players, multiplier 1.5, give 20 and 0 and have 15 and 35; each gives the other 10: 0 - 10 and 5 - 10.
game {
  about    = "Public goods with punishment",
  source   = "Fehr and Gächter 2000, doi:10.1257/aer.90.4.980",
  players  = range(2, 20),
  rounds   = 10,
  settings = { endowment = 20, multiplier = 1.6, limit = 10, cost = 1, effect = 3 },
  play = function(match, players)
    local set = match.settings
    for _ in match:each_round() do
      local gifts = players:choose { "give", range(0, set.endowment) }
      local share = set.multiplier * sum(gifts) / #players
      for _, player in ipairs(players) do
        player.given, player.got, player.income = 0, 0, set.endowment - gifts[player] + share
        player:tell { "income", share = share, income = player.income }
      end
      local antisocial = 0
      for k = 1, #players - 1 do -- each decides about its k-th other
        local marks = players:choose(function(player)
          local whom = player.others[k]
          return { "punish", range(0, set.limit), whom = whom, gift = gifts[whom], seen_by = {} }
        end)
        for _, player in ipairs(players) do
          local whom = player.others[k]
          player.given, whom.got = player.given + marks[player], whom.got + marks[player]
          if gifts[whom] >= gifts[player] then antisocial = antisocial + marks[player] end
        end
      end
      for _, player in ipairs(players) do
        local taken = math.min(set.effect * player.got, player.income)
        player:tell { "taken", marks = player.got > 0 and player.got, taken = taken }
        player:pay(player.income - taken - set.cost * player.given)
      end
      match:note { gift = mean(gifts), marks = sum(players, function(p) return p.given end), antisocial = antisocial }
    end
  end,
  solve = function(set, seats)
    local function best(brings) return brings > 1 and set.endowment or brings < 1 and 0 or "any" end -- where a point given brings so much
    return {
      { "gift in equilibrium", best(set.multiplier / #seats) },
      { "marks in equilibrium", 0 },
      { "gift with the largest sum", best(set.multiplier) },
    }
  end,
}
