-- All against all: twelve hand-coded players and a model asked in two ways, each with each (itself too) in either seat of two games.
-- 14 players, 196 pairs x 2 games: 392 matches of 10 rounds a block, 2 blocks; --limit plays a part of them.
-- Akata et al. (2025, doi:10.1038/s41562-025-02172-y) let five language models and hand-coded players meet so: 10 rounds, payoffs and
-- horizon told, arg-max of the next token. Published of GPT-4: against `defect_once` it defects in rounds 2-10 (90 to 10 points);
-- against `alternate` it always plays its favourite in the battle of the sexes (50 to 35 points, coordination .5). `alternate` there
-- began with what the *other* prefers: in the first seat that is start = 2, in the second start = 1. Of the model in the box expect
-- nothing of the kind.
-- A player with itself in the prisoner's dilemma is asked in the same words in both seats, and by arg-max does the same in both; in
-- the battle of the sexes they read of different payoffs.
--   parley stats everyone.db --where game=prisoners_dilemma --group player
--   parley stats everyone.db --where game=prisoners_dilemma --policy
study {
  about      = "Hand-coded players and a model, everyone with everyone, in two games",
  model      = "llama:smollm2",
  rounds     = 10,
  repeats    = 2,
  read       = "scored",
  labels     = { "J", "F" },
  vary       = { game = { "prisoners_dilemma", "battle_of_the_sexes" } },
  tournament = "round_robin",
  players = {
    { strategy = "direct" }, { strategy = "scot" },
    { strategy = "always_first" }, { strategy = "always_second" }, { strategy = "defect_once" },
    { strategy = "alternate" }, { strategy = "alternate", start = 2, name = "alternate_second" },
    { strategy = "tit_for_tat" }, { strategy = "suspicious_tit_for_tat" }, { strategy = "reverse_tit_for_tat" },
    { strategy = "tit_for_two_tats" }, { strategy = "hard_tit_for_tat", start = 2 }, { strategy = "naive_prober" }, { strategy = "grim" },
  },
}
