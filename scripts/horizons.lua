-- What players are told of the end, and whether it is true. Each level is a bundle of settings with a name.
-- `ends` is the true chance of an end, `horizon` what is told; where they differ the store says so (`horizon_true`).
-- 8 conditions, 8 blocks: 64 matches of 20 rounds (10 where that is told; where the chance ends them 10 on average, and 50 at most: as often
-- as not they end in the first 7, some after round 1, so that means of `chance` are over matches of very unequal length and need blocks).
-- Akata et al. (2025, doi:10.1038/s41562-025-02172-y) told players of a chance of 1, 40, 60 or 80 per cent that the game ends after each
-- round, and played 20 rounds whatever was told; and longer horizons. Expected by theory: the less likely the end, the more there is
-- to lose by defecting; with a number told, nothing. Of the model in the box nothing is to be expected.
--   parley stats horizons.db --group ending --value first --where player=direct
study {
  about   = "The shadow of the future",
  game    = "prisoners_dilemma",
  model   = "llama:smollm2",
  repeats = 8,
  read    = "scored",
  labels  = { "J", "F" },
  vary = {
    ending = {
      told_10 = { rounds = 10, horizon = "told" },
      told_20 = { rounds = 20, horizon = "told" },
      hidden  = { rounds = 20, horizon = "hidden" },
      chance  = { rounds = 50, ends = .1 }, -- so many that the chance hardly ever meets them
      said_1  = { rounds = 20, horizon = .01 },
      said_40 = { rounds = 20, horizon = .4 },
      said_60 = { rounds = 20, horizon = .6 },
      said_80 = { rounds = 20, horizon = .8 },
    },
  },
  players = { { strategy = "direct" }, { strategy = "defect_once" } },
}
