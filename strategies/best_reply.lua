-- In the first round any action. Of several that are equally good one is drawn.
strategy {
  about  = "The best answer to what the others did last",
  source = "Cournot 1838, Recherches sur les principes mathématiques de la théorie des richesses",
  act = function(turn)
    if turn.round == 1 then return pick(turn.actions) end
    local theirs = {}
    for _, name in ipairs(turn.others) do theirs[name] = turn:last(name) end
    return pick(turn:best(theirs))
  end,
}
