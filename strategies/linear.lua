-- For numbers: `level` and `slope` times what the others did last, on average; `before` is what they are taken to have done before
-- anything was seen. As it stands it imitates; with slope 0 it keeps to its level, whatever the others do; with the line that
-- `parley solve` shows of a game of prices it gives the best reply.
strategy {
  about    = "A number that goes with what the others did last, in a straight line",
  source   = "Fischbacher, Gächter and Fehr 2001, doi:10.1016/S0165-1765(01)00394-9",
  settings = { level = 0, slope = 1, before = 0 },
  act = function(turn)
    local set, seen = turn.settings, {}
    for _, name in ipairs(turn.others) do seen[#seen + 1] = turn:last(name) end
    return closest(turn.actions, set.level + set.slope * (#seen > 0 and mean(seen) or set.before))
  end,
}
