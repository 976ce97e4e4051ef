-- Both prediction scenarios. (1) A player in the game says each round what the other will choose next, and chooses: `scot`. (2) An
-- outside observer is shown the history of two players and predicts one of them: it watches the player that `scot` meets, in the same
-- matches, so that both see the same histories. The watched player alternates, or defects once: a rule that a reader of the history
-- can find out. 2 games x 2 watched players x 2 blocks: 8 matches of 10 rounds.
-- Akata et al. (2025, doi:10.1038/s41562-025-02172-y): the predictions of an alternating player are right from round 5 on in (1), from
-- round 3 on in (2). Of the model in the box expect no more hits than the base rate gives.
--   parley stats predictions.db --beliefs --group player --contrast 'watch against scot'      (1) and (2), yoked: hit, Brier, log
--   parley stats predictions.db --beliefs --group round --where player=watch                  from which round on it is right
study {
  about   = "What the other will do, said by a player and by an observer",
  model   = "llama:smollm2",
  rounds  = 10,
  repeats = 2,
  read    = "scored",
  labels  = { "J", "F" },
  vary = {
    game    = { "battle_of_the_sexes", "prisoners_dilemma" },
    watched = { "alternate", "defect_once" },
  },
  players   = function(v) return { { strategy = "scot" }, { strategy = v.watched } } end,
  observers = { { strategy = "watch", watches = "column" } },
}
