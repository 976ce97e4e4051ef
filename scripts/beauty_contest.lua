-- A guessing game that pays whoever is closest to two thirds of the mean; before the second and later rounds everyone speaks once.
-- Do players who compete come to name the same number, so that all of them win? Told to be cooperative, uncooperative, or nothing.
-- Wu et al. (2024, doi:10.18653/v1/2024.findings-emnlp.297), 24 players, 4 rounds, GPT-4: the variance of the numbers falls from
-- round to round as they talk; told to cooperate, all name the same from the second round on.
-- Of the model in the box nothing is to be expected: it plays in fives, with scored numbers and short speeches. As published: times = 24,
-- and take out `length`.
-- Hand-coded players, who say nothing, come down round by round: parley play beauty_contest level_k level_k level_k --rounds 4
-- 2 x 3 conditions, 2 blocks: 12 matches of 4 rounds.
--   parley stats beauty_contest.db --value variance_first --group talk --where seat=player1
--   parley stats beauty_contest.db --value variance_last --group talk --where seat=player1
--   parley stats beauty_contest.db --value winners --group mood --where seat=player1
study {
  about   = "A beauty contest with and without talk",
  game    = "beauty_contest",
  model   = "llama:smollm2",
  rounds  = 4,
  repeats = 2,
  read    = "scored",
  decide  = "sample",
  format  = "chat",
  length  = 15,
  vary = {
    talk = { true, false },
    mood = {
      none          = { told = {} },
      cooperative   = { told = "personas/cooperative" },
      uncooperative = { told = "personas/uncooperative" },
    },
  },
  players = { { strategy = "direct", sampling = { temperature = .7, max_tokens = 40 }, times = 5 } },
  measures = {
    variance_first = function(match) return match.notes.variance[1] end,
    variance_last  = function(match) return match.notes.variance[#match.notes.variance] end,
  },
}
