-- The 144 games of two players with two actions each in which nobody is paid the same in two outcomes (payoffs 1 to 4; Robinson and
-- Goforth 2005), by family. The game's number is varied; its title and family become columns beside it.
-- 144 games x 2 blocks: 288 matches of 10 rounds, the model with itself; --limit plays some, drawn block by block.
-- Akata et al. (2025, doi:10.1038/s41562-025-02172-y) report the points by family as a share of the most that a player could get (here:
-- payoff / 4), over win-win 36, biased 44, unfair 19, cyclic 18, second-best 12 and prisoner's-dilemma games 7 (8 tragic ones are left
-- out there): models do well where looking after oneself pays, as in the dilemmas, and less well where players have to
-- coordinate. Of the published tables 15 had ties and the second player was told wrong rules; these are the games as they should
-- have been. Of the model in the box nothing is to be expected.
-- In the 12 symmetric games (number = 12, 23, 34, ... 133) both seats are asked in the same words, and arg-max does the same in both:
-- where an equilibrium wants them to differ (12, 23 and 34) a model with itself never comes to one. decide = "sample" lets it.
--   parley stats families.db --group family
study {
  about   = "Points by family of games",
  game    = "two_by_two",
  model   = "llama:smollm2",
  rounds  = 10,
  repeats = 2,
  read    = "scored",
  labels  = { "J", "F" },
  vary    = { number = range(1, 144) },
  players = { { strategy = "direct" }, { strategy = "direct" } },
}
