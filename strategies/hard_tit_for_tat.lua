-- `start` is the number of the action of round 1; the published program starts with the second.
strategy {
  about    = "The second action if any of the other's last three was the second, else the first",
  source   = "Akata et al. 2025, doi:10.1038/s41562-025-02172-y",
  settings = { start = 1 },
  act = function(turn)
    local first, second = turn.actions[1], turn.actions[2]
    local last = turn:last(turn.other)
    if #turn.actions ~= 2 or turn.round == 2 and last ~= first and last ~= second then
      error("hard_tit_for_tat needs two actions that both players have: '" .. turn.decision .. "' is no such choice", 0)
    end
    if last == nil then return turn.actions[turn.settings.start] end
    local memory = turn.memory
    if last == second then memory.until_round = turn.round + 2 end
    return turn.round <= (memory.until_round or 0) and second or first
  end,
}
