-- `start` is the number of the action of round 1. In the battle of the sexes the published player starts with what the
-- other seat prefers: start = 1 in the second seat, 2 in the first. Of longer lists each action has its turn.
strategy {
  about    = "The actions in turn",
  source   = "Akata et al. 2025, doi:10.1038/s41562-025-02172-y",
  settings = { start = 1 },
  act = function(turn)
    local actions = turn.actions
    if #actions == 0 then error("alternate needs a list of actions, and '" .. turn.decision .. "' has none", 0) end
    return actions[(turn.round + turn.settings.start - 2) % #actions + 1]
  end,
}
