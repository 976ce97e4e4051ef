-- Two firms set prices round after round and are not told what people buy at which price. Do their prices stay where competition
-- would have them, or come near to those of a cartel, without a word or with talk before each price?
-- Wu et al. (2024, doi:10.18653/v1/2024.findings-emnlp.297), GPT-4, up to 1,200 rounds: without talk prices settle near 7 (the
-- Nash price is 6, the cartel's 8: `parley solve price_competition`), with talk near 8; at temperature 1.2 nothing of the kind.
-- Of the model in the box nothing is to be expected. Scaled down: 8 rounds, windows of 4, prices in steps of 1, scored, short
-- messages; temperature is that of messages and plans. For a study proper write `exchanges = { 0, 3 }`, take out `length`, and say
-- --set rounds=1200 --set window=20 --set step=.1 --set read=constrained (141 prices are too many to be scored).
-- Hand-coded players: `linear` with level 8 and slope 0 is a cartel's, with level 4.5, slope .25 and before 2 it gives best
-- replies, with slope 1 and before 2 it imitates.
-- 2 x 5 conditions with temperature .7, and 2 without a persona at 1.2: 12 matches of 8 rounds.
--   parley stats price_competition.db --value index --group exchanges --where seat=firm1       (0: Nash, 1: cartel)
--   parley stats price_competition.db --value collusive --group persona --where seat=firm1
study {
  about   = "Price competition with and without talk",
  game    = "price_competition",
  model   = "llama:smollm2",
  rounds  = 8,
  horizon = "hidden",
  read    = "scored",
  decide  = "sample",
  format  = "chat",
  window  = 4,
  step    = 1,
  length  = 15,
  vary = {
    exchanges   = { 0, 1 },
    temperature = { .7, 1.2 },
    persona = {
      none          = { told = {} },
      explorative   = { told = "personas/explorative" },
      aggressive    = { told = "personas/aggressive" },
      greedy        = { told = "personas/greedy" },
      uncooperative = { told = "personas/uncooperative" },
    },
  },
  where   = function(v) return v.temperature == .7 or v.persona == "none" end,
  players = function(v)
    local sampling = { temperature = v.temperature, max_tokens = 40 }
    return { { strategy = "direct", sampling = sampling }, { strategy = "direct", sampling = sampling } }
  end,
}
