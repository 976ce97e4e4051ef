-- Together they catch a stag; whoever hunts it alone gets nothing; a hare is caught without help.
-- By hand: always_first against alternate, 10 rounds: five stags and five hares of the other: 50 and 85.
-- By hand: always_second against always_second, 10 rounds: 70 and 70.
game {
  about   = "Stag hunt",
  source  = "Skyrms 2004, doi:10.1017/CBO9781139165228",
  actions = { "stag", "hare" },
  payoffs = {
    stag = { stag = { 10, 10 }, hare = { 0, 7 } },
    hare = { stag = { 7, 0 },   hare = { 7, 7 } },
  },
}
