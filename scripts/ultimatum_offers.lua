-- A game in which one moves after the other, without talk: what does a model offer to itself, and what does it take?
-- The size of the pie is a setting of the game; personas are told to both.
-- 2 pies x 3 personas = 6 conditions, 2 blocks: 12 matches of one round.
study {
  about   = "Offers and answers in the ultimatum game",
  game    = "ultimatum",
  model   = "llama:smollm2",
  repeats = 2,
  read    = "scored",
  vary = {
    pie     = { 10, 100 },
    persona = {
      none    = { told = {} },
      fair    = { told = "personas/fair" },
      selfish = { told = "personas/selfish" },
    },
  },
  players = { { strategy = "direct" }, { strategy = "direct" } },
}
