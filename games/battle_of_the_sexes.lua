-- Two people want to meet, each rather at their own favourite place. The first action is the row's favourite.
-- The published variants are settings: 10 and 7, 9 and 8, 8 and 8, 8 and 9, 7 and 10.
-- By hand: always_first against alternate (either start), 10 rounds: five meetings, 50 and 35.
-- By hand: always_second against always_second, 10 rounds: 70 and 100.
-- By hand: favourite 9, less 8, always_first against always_first, 10 rounds: 90 and 80.
game {
  about    = "Battle of the sexes",
  source   = "Akata et al. 2025, doi:10.1038/s41562-025-02172-y",
  settings = { favourite = 10, less = 7, apart = 0 },
  actions  = { "football", "ballet" },
  payoffs  = function(choices, set)
    if choices.row ~= choices.column then return { set.apart, set.apart } end
    if choices.row == "football" then return { set.favourite, set.less } end
    return { set.less, set.favourite }
  end,
}
