-- A gift, an offer, a claim: `of` is the share of the range, from its lowest number on. Where it was told a number called `fact`, as what
-- a thing is worth to it, it names that share of it instead: { strategy = "share", fact = "value", of = .5 }.
strategy {
  about    = "A share of what there is, or of a number that it was told",
  settings = { of = .5, fact = "" },
  act = function(turn)
    local set, of = turn.actions, turn.settings.of
    if set.kind ~= "range" then error("share needs a range of numbers: '" .. turn.decision .. "' is no such choice", 0) end
    local told = turn.facts[turn.settings.fact]
    return closest(set, told and told * of or set.lo + (set.hi - set.lo) * of)
  end,
}
