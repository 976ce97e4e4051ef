-- What it looks at is a number that it was told, or saw another choose, under the name `of`: an offer that it may accept, the
-- score of one whom it may help. Where it is to name a number itself, as one who makes offers, it names `share` of the range.
strategy {
  about    = "The first action from a given number on, else the second",
  settings = { of = "offer", least = 0, share = .5 },
  act = function(turn)
    local set, look = turn.actions, turn.settings
    if set.kind == "range" then return closest(set, set.lo + (set.hi - set.lo) * look.share) end
    local number = turn.facts[look.of]
    for _, name in ipairs(turn.others) do number = number or turn:last(name, look.of) end
    if #set ~= 2 or type(number) ~= "number" then
      error(("accept_from needs two actions and a number called '%s': '%s' is no such choice"):format(look.of, turn.decision), 0)
    end
    return number >= look.least and set[1] or set[2]
  end,
}
