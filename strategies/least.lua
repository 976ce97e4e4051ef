-- Where a game says something of its actions in numbers, in a fact that is a list: { { name = ACTION, distance = 3, seen = 5 }, … }.
-- { weights = { distance = 1 } } takes the nearest, { weights = { distance = 1, seen = 2 } } goes two steps more for each person seen.
-- Equal ones are drawn.
strategy {
  about    = "The action for which the weighted sum of what is said of it is least",
  settings = { weights = {} },
  act = function(turn)
    local said
    for _, fact in pairs(turn.facts) do
      if type(fact) == "table" and type(fact[1]) == "table" and count(turn.actions, fact[1].name) == 1 then said = fact end
    end
    if not said then error("least needs a fact that is a list of { name = ACTION, … }", 0) end
    local least = largest(said, function(item)
      local total = 0
      for name, weight in pairs(turn.settings.weights) do
        if type(item[name]) ~= "number" then error("nothing is said of '" .. name .. "' in numbers", 0) end
        total = total - weight * item[name]
      end
      return total
    end)
    return pick(least).name
  end,
}
