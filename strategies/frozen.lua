-- A recorded player. `policy` is a JSON file, here or in the study's data: from the other's past moves, a letter each, to
-- the letter of the next. `letters` are the letters of the actions in their order. A past that the table does not have is
-- looked up without its oldest move, then without the oldest two, and so on; "" is the first round, and what is left in the end.
-- Where the table has both pasts, the own one first ("JF/JJ"; "/" in the first round), that comes before. In place of a letter there
-- may be the chance of each, { "J": 0.8, "F": 0.2 }: then the next move is drawn. `parley tree --policy` writes such tables.
strategy {
  about    = "A recorded policy, looked up by the other's past",
  source   = "Akata et al. 2025, doi:10.1038/s41562-025-02172-y",
  settings = { policy = "policies/forgiving.json", letters = { "J", "F" } },
  act = function(turn)
    local actions, letters = turn.actions, turn.settings.letters
    if #actions ~= #letters then
      error("frozen needs as many actions as letters, " .. #letters .. ": '" .. turn.decision .. "' is no such choice", 0)
    end
    local letter, action = {}, {}
    for i, l in ipairs(letters) do letter[actions[i]], action[l] = l, actions[i] end
    local function past(who)
      return table.concat(map(turn:all(who), function(a)
        return letter[a] or error("frozen knows no letter for the other's '" .. tostring(a) .. "'", 0)
      end))
    end
    local policy, key = read(turn.settings.policy), past(turn.other)
    local move = policy[past(turn.me) .. "/" .. key]
    if not move then
      while not policy[key] and key ~= "" do key = key:sub(2) end
      move = policy[key]
    end
    if type(move) == "table" then
      local chances, left = move, math.random()
      for _, l in ipairs(letters) do
        if (chances[l] or 0) > 0 then
          move, left = l, left - chances[l]
          if left < 0 then break end
        end
      end
    end
    return action[move] or error(turn.settings.policy .. " has no move for '" .. key .. "'", 0)
  end,
}
