-- Before its first decision of a round the player is asked for a lesson from the round before. The latest lesson is kept
-- and shown with every question until the next.
strategy {
  about  = "Learn a lesson from each round, and choose with it in mind",
  source = "Shinn et al. 2023, arXiv:2303.11366",
  act = function(turn)
    local memory = turn.memory
    if turn.round > 1 and memory.round ~= turn.round then
      memory.lesson = turn:ask { "reflect", fresh = true }
      memory.round = turn.round
    end
    return turn:ask { "choose", turn.actions, lesson = memory.lesson or false }
  end,
}
