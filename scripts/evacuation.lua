-- People leave a room: without talk, with talk to those who are near, with talk among people who work with nobody.
-- 3 conditions, 2 blocks: 6 matches of 16 rounds, of 6 people in a small room.
-- Wu et al. (2024, doi:10.18653/v1/2024.findings-emnlp.297) had 100 people in a room of 33 by 33 cells for 50 rounds, five times each. Of
-- 100 had escaped after 5, 10, … 50 rounds: without talk 9.4 31.2 51.2 65.6 78.6 88.4 96.6 99.0 99.8 99.8; with talk 9.8 31.6 48.8 67.2
-- 80.6 92.2 97.2 98.8 99.8 100; with talk, uncooperative, 9.4 31.2 48.2 64.4 77.0 87.4 95.0 98.0 99.0 99.0. For that take out the lines
-- from `rounds` to `right` and say times = 100, strategy = "appraise" (a feeling, a mark for each exit, then the choice) and repeats = 5:
-- some 6,000 requests a match, as played by chance.
-- What a rule does: { strategy = "least", weights = { distance = 1 }, times = 100 }. To be expected of the model in the box: nothing.
--   parley stats evacuation.db --value after_15 --group speech --where seat=player1
--   parley show evacuation.db 1        # the room, round by round
local measures = {} -- after_5, after_10, … after_50: how many had escaped by then, in a match that has so many rounds
for round = 5, 50, 5 do
  measures["after_" .. round] = function(match) return match.notes.escaped[round] end
end

study {
  about   = "Does talk get people out of a room?",
  game    = "evacuation",
  model   = "llama:smollm2",
  repeats = 2,
  read    = "scored",
  rounds  = 16,
  size    = 9,
  left    = 1,
  bottom  = 1,
  right   = 1,
  vary = {
    speech = {
      silent        = { talk = false },
      talking       = { talk = true },
      uncooperative = { talk = true, told = "personas/uncooperative" },
    },
  },
  players  = { { strategy = "direct", times = 6, sampling = { max_tokens = 60 } } },
  measures = measures,
}
