-- Chain-of-thought: the thoughts stand before the choice, and are gone when the turn ends.
strategy {
  about  = "Think step by step, then choose",
  source = "Wei et al. 2022, arXiv:2201.11903",
  act = function(turn)
    turn:ask { "think" }
    return turn:ask { "choose", turn.actions }
  end,
}
