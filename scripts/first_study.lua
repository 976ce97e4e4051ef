-- The first study: a small model asked directly and by social chain-of-thought, in two games, against four fixed players,
-- in either seat. 2 games x 2 strategies x 4 opponents x 2 seatings x 2 blocks: 64 matches of 10 rounds.
-- What to look for: does the model do anything but name one letter? (It is a demonstration: the model is tiny.) Does asking
-- for a prediction first change what it chooses?
study {
  about   = "A small model meets four fixed players in two games",
  model   = "llama:smollm2",
  rounds  = 10,
  repeats = 2,
  read    = "scored",
  labels  = { "J", "F" },
  vary    = { game = { "battle_of_the_sexes", "prisoners_dilemma" } },
  players = { { strategy = "direct" }, { strategy = "scot" } },
  against = {
    { strategy = "alternate" }, { strategy = "defect_once" }, { strategy = "tit_for_tat" }, { strategy = "always_second" },
  },
}
