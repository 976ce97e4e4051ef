-- Sits in no seat: a study's `observers` say whom it watches. It sees what all see, and its prediction is asked for when that
-- player chooses: a belief, scored like any other. What an observer returns is nobody's choice; in a seat it does what it expects.
strategy {
  about  = "An outside observer predicts the player it watches",
  source = "Akata et al. 2025, doi:10.1038/s41562-025-02172-y",
  act = function(turn) return turn:ask { "predict", by = turn.other } end,
  say = function() return "" end, -- of talk nothing is predicted
}
