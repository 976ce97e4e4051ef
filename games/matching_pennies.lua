-- The row wins if both sides are equal, the column if they differ. What one wins the other loses.
-- By hand: always_first against always_second, 10 rounds: -10 and 10.
-- By hand: always_first against alternate, 10 rounds: 0 and 0.
game {
  about   = "Matching pennies",
  source  = "Ochs 1995, doi:10.1006/game.1995.1030",
  actions = { "heads", "tails" },
  payoffs = {
    heads = { heads = { 1, -1 }, tails = { -1, 1 } },
    tails = { heads = { -1, 1 }, tails = { 1, -1 } },
  },
}
