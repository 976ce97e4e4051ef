-- Other payoffs. Settings of a game are varied under their own names; a bundle may bring its game along.
-- Five battles of the sexes (what each gets at its favourite, and at the other's) and six dilemmas (temptation, sucker's payoff; 8 for
-- both who cooperate, 5 who defect). In dilemma_12_4 taking turns pays as much as cooperating (12 + 4 = 2 * 8), which the
-- strict definition of a dilemma rules out.
-- 11 conditions x 2 blocks: 22 matches of 10 rounds.
-- Akata et al. (2025, doi:10.1038/s41562-025-02172-y) played the battle of the sexes with the diagonals 10,7/7,10, 9,8/8,9, 8,8/8,8,
-- 8,9/9,8 and 7,10/10,7: in the last two the names of the favourites change sides, and at 8,8 nobody has one. With 10,7/7,10 GPT-4 stayed
-- at its favourite against a player that alternates: 50 to 35 points in ten rounds, and they met in every other one. It is this that
-- `first` is to be compared with, here and under the other payoffs. Of a tiny model expect nothing.
--   parley stats payoff_changes.db --group payoffs --value first --where player=direct
study {
  about   = "Do the size of the temptation and of the conflict move what is chosen?",
  model   = "llama:smollm2",
  rounds  = 10,
  repeats = 2,
  read    = "scored",
  labels  = { "J", "F" },
  vary = {
    payoffs = {
      battle_10_7 = { game = "battle_of_the_sexes", favourite = 10, less = 7 },
      battle_9_8  = { game = "battle_of_the_sexes", favourite = 9,  less = 8 },
      battle_8_8  = { game = "battle_of_the_sexes", favourite = 8,  less = 8 },
      battle_8_9  = { game = "battle_of_the_sexes", favourite = 8,  less = 9 },
      battle_7_10 = { game = "battle_of_the_sexes", favourite = 7,  less = 10 },
      dilemma_10_0  = { game = "prisoners_dilemma", temptation = 10, sucker = 0 },
      dilemma_12_0  = { game = "prisoners_dilemma", temptation = 12, sucker = 0 },
      dilemma_14_0  = { game = "prisoners_dilemma", temptation = 14, sucker = 0 },
      dilemma_10_4  = { game = "prisoners_dilemma", temptation = 10, sucker = 4 },
      dilemma_12_4  = { game = "prisoners_dilemma", temptation = 12, sucker = 4 },
      ["dilemma_12_-4"] = { game = "prisoners_dilemma", temptation = 12, sucker = -4 },
    },
  },
  players = { { strategy = "direct" }, { strategy = "alternate" } },
}
