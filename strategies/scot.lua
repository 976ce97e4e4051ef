-- Social chain-of-thought. The prediction is a belief: stored, and scored against what the other then does.
-- For games in which two players choose at the same time.
strategy {
  about  = "Predict the other player, then choose given that",
  source = "Akata et al. 2025, doi:10.1038/s41562-025-02172-y",
  act = function(turn)
    local guess = turn:ask { "predict", by = turn.other }
    return turn:ask { "respond", turn.actions, guess = guess }
  end,
}
