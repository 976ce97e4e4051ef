strategy {
  about  = "The first action until the other's first second, then the second for ever",
  source = "Akata et al. 2025, doi:10.1038/s41562-025-02172-y",
  act = function(turn)
    local first, second = turn.actions[1], turn.actions[2]
    local last = turn:last(turn.other)
    if #turn.actions ~= 2 or turn.round == 2 and last ~= first and last ~= second then
      error("grim needs two actions that both players have: '" .. turn.decision .. "' is no such choice", 0)
    end
    local memory = turn.memory
    if last == second then memory.spoilt = true end
    return memory.spoilt and second or first
  end,
}
