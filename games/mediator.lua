-- A prisoner's dilemma in which both may hand their choice to a mediator: if both do, it cooperates for both; if one does, it defects for
-- that one. So handing over cannot be exploited, and both handing over is an equilibrium that pays as cooperation does.
-- By hand: both to the mediator, 10 rounds: 80 and 80. Mediator against cooperate: 10 and 0; against defect: 5 and 5.
game {
  about    = "Prisoner's dilemma with a mediator",
  source   = "Monderer and Tennenholtz 2009, Artificial Intelligence 173: 180-195",
  settings = { reward = 8, sucker = 0, temptation = 10, punishment = 5 },
  actions  = { "cooperate", "defect", "mediator" },
  payoffs  = function(choices, set)
    local pays = {
      cooperate = { cooperate = { set.reward, set.reward }, defect = { set.sucker, set.temptation } },
      defect    = { cooperate = { set.temptation, set.sucker }, defect = { set.punishment, set.punishment } },
    }
    local both = choices.row == "mediator" and choices.column == "mediator"
    local done = map(choices, function(choice) return choice ~= "mediator" and choice or both and "cooperate" or "defect" end)
    return pays[done[1]][done[2]]
  end,
}
