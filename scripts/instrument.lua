-- Checks of the instrument: does the model know the rules, does it know the game, does it look at anything but a letter or a place?
-- In round 1 `comprehension` is asked what is paid, what is best and how many rounds come, `recognise` which known game this is; then
-- both choose as `direct` does, and none of the questions is seen by the choice. The right answers come from the table that the rules
-- are made of. 2 stories x 2 pairs of labels = 4 conditions x 3 players x 2 seatings x 4 blocks: 96 matches of 5 rounds.
-- The model in the box is to be expected to fail them: then what it chooses tells of letters and places, not of games. What to read:
--   parley stats instrument.db --beliefs --group question                            shares of right answers; by wording: --group labels,
--                                                                                    --group story; with --where question=best
--   parley stats instrument.db --value shown_first --to .5 --where player=direct --group labels --margin .1    .5: no bias for the option
--                                                                                    named first; --margin: shown to be within .1 of it?
--   parley stats instrument.db --value label_first --to .5 --where player=direct --group labels --margin .1    .5: no bias for the first label
-- Labels and orders are balanced over the blocks, so that a bias does not pass for a preference, and can be seen.
-- Declared: does the story change what is chosen, in matches whose rules were understood (4 of 5 questions answered right)?
--   parley freeze scripts/instrument.lua       before the first match;  parley stats instrument.db      after the last
study {
  about   = "Comprehension, recognition, label and position bias",
  game    = "prisoners_dilemma",
  model   = "llama:smollm2",
  rounds  = 5,
  repeats = 4,
  read    = "scored",
  vary = {
    story = {
      plain   = { cover = "plain",   unit = "points" },
      cooking = { cover = "cooking", unit = "votes" },
    },
    labels = { { "J", "F" }, { "Q", "X" } },
  },
  players = {
    { strategy = "comprehension" }, { strategy = "recognise", known_as = "prisoner's dilemma" }, { strategy = "direct" },
  },
  against = { { strategy = "tit_for_tat" } },
  analysis = {
    primary    = { value = "first", group = "story", a = "plain", b = "cooking", where = { player = "comprehension" } },
    exclusions = { { when = "right", below = .8 }, { when = "missing", above = 0 } },
  },
}
