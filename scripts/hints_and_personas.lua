-- What a player is told beyond the rules: nothing, a hint about the other (a true one: it defects once), a false one, a
-- persona, a goal, or several of these. 6 conditions, 2 blocks: 12 matches of 10 rounds.
-- Akata et al. (2025, doi:10.1038/s41562-025-02172-y) hinted that the other player sometimes makes mistakes, or that it defects once
-- and then cooperates, and report that such words change what GPT-4 does after a defection. Of a tiny model expect nothing.
--   parley stats hints_and_personas.db --group said --value first --where strategy=direct
study {
  about   = "Hints, personas and goals against a player that defects once",
  game    = "prisoners_dilemma",
  model   = "llama:smollm2",
  rounds  = 10,
  repeats = 2,
  read    = "scored",
  labels  = { "J", "F" },
  vary = {
    said = {
      none         = { told = {} },
      true_hint    = { told = "hints/defects_once" },
      false_hint   = { told = "hints/errs" },
      cooperative  = { told = "personas/cooperative" },
      joint_goal   = { told = "goals/joint" },
      persona_hint = { told = { "personas/forgiving", "hints/defects_once" } },
    },
  },
  players = { { strategy = "direct" }, { strategy = "defect_once" } },
}
