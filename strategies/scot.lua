-- Social chain-of-thought. A prediction is a belief: stored, and scored against what that player then does. The others must
-- choose at the same time as this player, since what is predicted is their choice in the same decision.
strategy {
  about  = "Predict what each other player will choose, then choose given that",
  source = "Akata et al. 2025, doi:10.1038/s41562-025-02172-y",
  act = function(turn)
    local guesses = {}
    for i, name in ipairs(turn.others) do
      guesses[i] = { name = name, guess = turn:ask { "predict", by = name, again = i > 1 } }
    end
    return turn:ask { "respond", turn.actions, guesses = guesses }
  end,
  say = function(turn) return turn:ask { "direct/choose", turn.actions } end,
}
