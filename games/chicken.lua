-- Two cars drive at each other: who swerves first loses face, and if nobody does both lose everything.
-- By hand: always_first against always_second, 10 rounds: 20 and 70.
-- By hand: always_second against alternate (start 1), 10 rounds: five times 7 2, five times 0 0: 35 and 10.
game {
  about   = "Chicken",
  source  = "Aumann 1974, doi:10.1016/0304-4068(74)90037-8",
  actions = { "swerve", "straight" },
  payoffs = {
    swerve   = { swerve = { 6, 6 }, straight = { 2, 7 } },
    straight = { swerve = { 7, 2 }, straight = { 0, 0 } },
  },
}
