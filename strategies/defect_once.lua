-- `at` is the round of the second action.
strategy {
  about    = "The second action once, the first ever after",
  source   = "Akata et al. 2025, doi:10.1038/s41562-025-02172-y",
  settings = { at = 1 },
  act = function(turn)
    local actions = turn.actions
    if #actions ~= 2 then error("defect_once needs two actions: '" .. turn.decision .. "' is no such choice", 0) end
    return turn.round == turn.settings.at and actions[2] or actions[1]
  end,
}
