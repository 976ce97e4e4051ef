strategy {
  about  = "The first action, then what the other did last",
  source = "Axelrod 1984, The Evolution of Cooperation",
  act = function(turn)
    local first, second = turn.actions[1], turn.actions[2]
    local last = turn:last(turn.other)
    if #turn.actions ~= 2 or turn.round == 2 and last ~= first and last ~= second then
      error("tit_for_tat needs two actions that both players have: '" .. turn.decision .. "' is no such choice", 0)
    end
    return last or first
  end,
}
