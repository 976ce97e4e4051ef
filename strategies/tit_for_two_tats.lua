strategy {
  about  = "The first action, unless the other's last two were the second",
  source = "Axelrod 1984, The Evolution of Cooperation",
  act = function(turn)
    local first, second = turn.actions[1], turn.actions[2]
    local last = turn:last(turn.other)
    if #turn.actions ~= 2 or turn.round == 2 and last ~= first and last ~= second then
      error("tit_for_two_tats needs two actions that both players have: '" .. turn.decision .. "' is no such choice", 0)
    end
    local memory = turn.memory
    local twice = last == second and memory.second
    memory.second = last == second
    return twice and second or first
  end,
}
