-- Does what a model does survive other words? Strategies, stories and labels are crossed; the order of the options, the
-- order of the outcomes and which label stands for which action are balanced over the blocks without being asked for.
-- 2 strategies x 4 stories x 2 pairs of labels = 16 conditions, 4 blocks: 64 matches of 10 rounds.
study {
  about   = "Does coordination survive other labels, units and stories?",
  game    = "battle_of_the_sexes",
  model   = "llama:smollm2",
  rounds  = 10,
  repeats = 4,
  read    = "scored",
  vary = {
    strategy = { "direct", "scot" },
    story = {
      plain   = { cover = "plain",   unit = "points" },
      dollars = { cover = "plain",   unit = "dollars" },
      cooking = { cover = "cooking", unit = { "audience vote", "audience votes" } },
      project = { cover = "project", unit = "credits" },
    },
    labels = { { "J", "F" }, { "Q", "X" } },
  },
  players = function(v) return { { strategy = v.strategy }, { strategy = "alternate" } } end,
}
