-- A prisoner's dilemma in which a choice goes wrong with probability `tremble`: the other action is done. Both see what was
-- done; only the player itself knows that it meant something else. Paid is what was done.
-- `slips` fixes the rounds in which a seat trembles, by its name: slips = { row = { 2 }, column = {} }.
-- By hand: tit_for_tat against tit_for_tat, 6 rounds, row slips in round 2, column never: 8 10 0 10 0 10 and
-- 8 0 10 0 10 0: 38 and 28.
-- By hand: always_first against always_second, 3 rounds, column slips in round 3: 0 0 8 and 10 10 8: 8 and 28.
local actions = { "cooperate", "defect" }

local function check_slips(slips, players)
  for name, rounds in pairs(slips) do
    if count(players, function(p) return p.name == name end) == 0 then
      error(("slips: there is no seat '%s': they are row and column"):format(tostring(name)))
    end
    if type(rounds) ~= "table" then error(("slips: the rounds of %s are a list, { 2, 5 }"):format(name)) end
    for _, round in ipairs(rounds) do
      if type(round) ~= "number" or round < 1 or round % 1 ~= 0 then error(("slips: %s slips in rounds by their numbers, not in '%s'"):format(name, tostring(round))) end
    end
  end
end

game {
  about    = "Prisoner's dilemma with trembles",
  source   = "Fudenberg, Rand and Dreber 2012, doi:10.1257/aer.102.2.720",
  players  = { "row", "column" },
  rounds   = 10,
  settings = { tremble = .125, slips = {}, reward = 8, sucker = 0, temptation = 10, punishment = 5 },
  actions  = actions,
  play = function(match, players)
    local set = match.settings
    check_slips(set.slips, players)
    for round in match:each_round() do
      local meant, done, trembled = players:choose { "action", actions, seen_by = {} }, {}, 0
      for i, player in ipairs(players) do
        local fixed = set.slips[player.name]
        local slip = fixed and count(fixed, round) > 0 or not fixed and set.tremble > 0 and math.random() < set.tremble
        done[i] = meant[player]
        if slip then
          done[i] = done[i] == "cooperate" and "defect" or "cooperate"
          trembled = trembled + 1
          player:tell { "slip", meant = meant[player] }
        end
      end
      for i, player in ipairs(players) do players:tell { "action", done[i], by = player } end
      if done[1] == done[2] then
        players:pay(done[1] == "cooperate" and { set.reward, set.reward } or { set.punishment, set.punishment })
      else
        players:pay(done[1] == "cooperate" and { set.sucker, set.temptation } or { set.temptation, set.sucker })
      end
      match:note { trembles = trembled }
    end
  end,
}
