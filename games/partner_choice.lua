-- In each round everyone names whom it wants to play with. Two who name each other play a prisoner's dilemma; all others get an outside
-- option. `public`: all see who named whom and what was done; else everyone sees who named it, and what its partner did.
-- By hand, 3 players, one round: 1 and 2 name each other, 3 names 1; 1 cooperates, 2 defects: 0 10 6.
-- By hand, 4 players, two rounds: 1 and 2, 3 and 4 name each other and cooperate, but 4 defects; then 3 names 1, all else stays:
-- 8 8 0 10, then 8 8 6 6: 16 16 6 16.
local actions = { "cooperate", "defect" }
game {
  about    = "Partner choice",
  source   = "Barclay and Willer 2007, doi:10.1098/rspb.2006.0209",
  players  = range(3, 20),
  rounds   = 10,
  settings = { public = true, outside = 6, reward = 8, sucker = 0, temptation = 10, punishment = 5 },
  play = function(match, players)
    local set  = match.settings
    local pays = {
      cooperate = { cooperate = set.reward, defect = set.sucker },
      defect    = { cooperate = set.temptation, defect = set.punishment },
    }
    for _ in match:each_round() do
      local named = players:choose(function(p) return { "partner", p.others, seen_by = set.public and players or {} } end)
      if not set.public then
        for _, player in ipairs(players) do named[player]:tell { "partner", named[player], by = player } end
      end
      local paired = filter(players, function(p) return named[named[p]] == p end)
      local did = paired:choose(function(p) return { "action", actions, with = named[p], seen_by = set.public and players or named[p] } end)
      for _, player in ipairs(players) do
        player:pay(did[player] and pays[did[player]][did[named[player]]] or set.outside)
      end
      match:note { paired = #paired / #players }
      if #paired > 0 then match:note { cooperation = count(did, "cooperate") / #paired } end
    end
  end,
}
