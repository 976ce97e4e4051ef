-- Where a good answer is a share of what the others choose on average: level 0 chooses `start`, and each level answers to a world
-- of players of the level below. Once a mean was told (the fact `mean`), or else of what it chose itself, it starts from there.
strategy {
  about    = "So many steps of reasoning from a starting number",
  source   = "Nagel 1995, American Economic Review 85, 1313-1326",
  settings = { k = 1, start = 50, factor = 2 / 3 },
  act = function(turn)
    local set = turn.settings
    local from = turn.facts.mean or turn:last(turn.me) or set.start
    return closest(turn.actions, from * set.factor ^ set.k)
  end,
}
