-- Does what a model does survive other words? Games, ways of asking, stories and labels are crossed; the order of the options, the
-- order of the outcomes and which label stands for which action are balanced over the blocks without being asked for.
-- 2 games x 2 strategies x 4 stories x 2 pairs of labels = 32 conditions, 4 blocks: 128 matches of 10 rounds.
-- Akata et al. (2025, doi:10.1038/s41562-025-02172-y) changed labels (J/F, Q/X, R/H, Y/W, T/N, P/M), the order of the options, the unit
-- (points, dollars, coins) and the story (a cooking competition, a joint project) and report that what GPT-4 does stands. That a
-- difference is not significant does not show that: ask for equivalence within a margin. Of a tiny model expect nothing but a label that
-- it likes best.
--   parley stats robustness.db --where game=battle_of_the_sexes --where player=direct --group story --value equal --margin .1
study {
  about   = "Do unforgivingness and coordination survive other labels, units and stories?",
  model   = "llama:smollm2",
  rounds  = 10,
  repeats = 4,
  read    = "scored",
  vary = {
    game     = { "battle_of_the_sexes", "prisoners_dilemma" },
    strategy = { "direct", "scot" },
    story = {
      plain   = { cover = "plain",   unit = "points" },
      dollars = { cover = "plain",   unit = "dollars" },
      cooking = { cover = "cooking", unit = { "audience vote", "audience votes" } },
      project = { cover = "project", unit = "credits" },
    },
    labels = { { "J", "F" }, { "Q", "X" } },
  },
  players = function(v)
    local opponent = v.game == "battle_of_the_sexes" and "alternate" or "defect_once"
    return { { strategy = v.strategy }, { strategy = opponent } }
  end,
}
