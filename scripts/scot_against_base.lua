-- Does asking for a prediction first (social chain-of-thought) change what is chosen? The same opponents meet the model asked
-- directly and asked so. 2 games x 2 ways of asking x 4 opponents x 2 seatings x 2 blocks: 64 matches of 10 rounds.
-- Akata et al. (2025, doi:10.1038/s41562-025-02172-y), GPT-4 in the battle of the sexes against a player that alternates: directly
-- asked it keeps to its favourite (50 to 35 points, coordination .5); with SCoT it alternates from round 6 on (71 to 65). Of the model
-- in the box nothing of the kind is to be expected.
--   parley stats scot_against_base.db --where game=battle_of_the_sexes --where player=direct --where player=scot --value equal
--   parley stats scot_against_base.db --beliefs --group round      (are the predictions right, and from which round on?)
-- Declared before the data are seen (`analysis`), and frozen by `parley freeze` before the first match:
--   parley stats scot_against_base.db
--   parley power scripts/scot_against_base.lua --n 2,5,10 --pilot pilot.db      (how often would it come out?)
study {
  about   = "Social chain-of-thought against the model asked directly",
  model   = "llama:smollm2",
  rounds  = 10,
  repeats = 2,
  read    = "scored",
  labels  = { "J", "F" },
  vary    = { game = { "battle_of_the_sexes", "prisoners_dilemma" } },
  players = { { strategy = "direct" }, { strategy = "scot" } },
  against = {
    { strategy = "alternate" }, { strategy = "alternate", start = 2, name = "alternate_second" },
    { strategy = "defect_once" }, { strategy = "tit_for_tat" },
  },
  analysis = {
    primary   = { value = "equal", group = "player", a = "scot", b = "direct", where = { game = "battle_of_the_sexes" } },
    secondary = {
      { value = "payoff", group = "player", a = "scot", b = "direct", where = { game = "battle_of_the_sexes" } },
      { value = "payoff", group = "player", a = "scot", b = "direct", where = { game = "prisoners_dilemma" } },
    },
    stop = "fixed",
  },
}
