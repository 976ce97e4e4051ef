-- An equilibrium in mixed actions: { strategy = "mixed", chances = { .4, .6 } }, in the order of the actions, of a range from its
-- lowest number on. What is left out at the end is never played.
strategy {
  about    = "Each action with a given chance",
  settings = { chances = { .5, .5 } },
  act = function(turn)
    local set, chances = turn.actions, turn.settings.chances
    local last = set.kind == "range" and (set.hi - set.lo) / set.step + 1 or #set
    if #chances > last or math.abs(sum(chances) - 1) > 1e-6 then
      error("mixed needs chances that sum to 1, and an action for each: '" .. turn.decision .. "' is no such choice", 0)
    end
    -- Where one chance is all there is nothing to draw.
    local left, place = (count(chances, 1) > 0 and 0 or math.random()) - chances[1], 1
    while left >= 0 and place < #chances do
      place = place + 1
      left = left - chances[place]
    end
    return set.kind == "range" and closest(set, set.lo + (place - 1) * set.step) or set[place]
  end,
}
