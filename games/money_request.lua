-- Each gets what it asks for, and `bonus` more if that is just 1 below what the other asks for. Where 20 is the answer that does
-- not reason about the other, 19 is best against it, 18 against that: the request tells the depth of reasoning.
-- By hand: 19 against 20: 39 and 20. 20 against 20: 20 each. 17 against 19: 17 and 19. 11 against 12: 31 and 12.
-- Known of it: 20 with probability 1/20, 19 with 2/20, and so on down to 16 with 5/20; 15 with what is left, 5/20.
game {
  about    = "11-20 money request game",
  source   = "Arad and Rubinstein 2012, doi:10.1257/aer.102.7.3561",
  settings = { lowest = 11, highest = 20, bonus = 20 },
  actions  = function(set) return range(set.lowest, set.highest) end,
  payoffs  = function(requests, set)
    local function paid(mine, theirs) return mine + (mine == theirs - 1 and set.bonus or 0) end
    return { paid(requests[1], requests[2]), paid(requests[2], requests[1]) }
  end,
  solve = function(set)
    local rows, left = {}, 1
    for request = set.highest, set.lowest, -1 do -- so often that the next lower request brings as much as the highest
      local chance = request == set.lowest and left or math.min(left, (set.highest - request + 1) / set.bonus)
      left = left - chance
      if chance > 1e-9 then rows[#rows + 1] = { request, chance } end
    end
    return { { "payoff in equilibrium", set.highest }, { "mixed equilibrium", columns = { "request", "probability" }, rows = rows } }
  end,
}
