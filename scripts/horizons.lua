-- What players are told of the end, and whether it is true. Each level is a bundle of settings with a name.
-- `ends` is the true chance of an end, `horizon` what is told; where they differ the store says so.
-- 5 conditions, 2 blocks: 10 matches of 20 rounds (fewer where the chance ends them).
study {
  about   = "The shadow of the future",
  game    = "prisoners_dilemma",
  model   = "llama:smollm2",
  repeats = 2,
  read    = "scored",
  labels  = { "J", "F" },
  vary = {
    ending = {
      told      = { rounds = 20, horizon = "told" },
      hidden    = { rounds = 20, horizon = "hidden" },
      chance    = { rounds = 20, ends = .1 },
      said_rare = { rounds = 20, horizon = .01 },
      said_soon = { rounds = 20, horizon = .8 },
    },
  },
  players = { { strategy = "direct" }, { strategy = "grim" } },
}
