-- Each does better by defecting, whatever the other does; both do better if both cooperate.
-- The four payoffs are settings, so that a study can sweep them.
-- By hand: tit_for_tat against always_second, 10 rounds: 0 10, then nine times 5 5: 45 and 55.
-- By hand: always_first against always_first, 10 rounds: 80 and 80.
-- By hand: reward 3, sucker 0, temptation 5, punishment 1; tit_for_tat against always_second, 10 rounds: 9 and 14.
game {
  about    = "Prisoner's dilemma",
  source   = "Akata et al. 2025, doi:10.1038/s41562-025-02172-y",
  settings = { reward = 8, sucker = 0, temptation = 10, punishment = 5 },
  actions  = { "cooperate", "defect" },
  payoffs  = function(choices, set)
    local row, column = choices.row, choices.column
    if row == column then
      local each = row == "cooperate" and set.reward or set.punishment
      return { each, each }
    end
    if row == "cooperate" then return { set.sucker, set.temptation } end
    return { set.temptation, set.sucker }
  end,
}
