-- A sweep of two payoffs of the prisoner's dilemma: settings of the game, varied under their own names. The study drops
-- what is no dilemma any more. 4 x 3 = 12 conditions less 3 that `where` drops, 2 blocks: 18 matches of 5 rounds.
study {
  about   = "How temptation and the sucker's payoff move cooperation",
  game    = "prisoners_dilemma",
  model   = "llama:smollm2",
  rounds  = 5,
  repeats = 2,
  read    = "scored",
  labels  = { "J", "F" },
  vary    = { temptation = range(8, 14, 2), sucker = range(-4, 4, 4) },
  where   = function(v) return v.temptation > 8 end,
  players = { { strategy = "direct" }, { strategy = "tit_for_tat" } },
}
