strategy {
  about  = "The second action, then the opposite of what the other did last",
  source = "Akata et al. 2025, doi:10.1038/s41562-025-02172-y",
  act = function(turn)
    local first, second = turn.actions[1], turn.actions[2]
    local last = turn:last(turn.other)
    if #turn.actions ~= 2 or turn.round == 2 and last ~= first and last ~= second then
      error("reverse_tit_for_tat needs two actions that both players have: '" .. turn.decision .. "' is no such choice", 0)
    end
    return last == second and first or second
  end,
}
