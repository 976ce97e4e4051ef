-- A recorded player. `policy` is a JSON file, here or in the study's data: from the other's past moves, a letter each, to
-- the letter of the next. `letters` are the letters of the actions in their order. A past that the table does not have is
-- looked up without its oldest move, then without the oldest two, and so on; "" is the first round, and what is left in the end.
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
    local past = {}
    for i, a in ipairs(turn:all(turn.other)) do
      past[i] = letter[a] or error("frozen knows no letter for the other's '" .. tostring(a) .. "'", 0)
    end
    local policy, key = read(turn.settings.policy), table.concat(past)
    while not policy[key] and key ~= "" do key = key:sub(2) end
    return action[policy[key]] or error(turn.settings.policy .. " has no move for '" .. key .. "'", 0)
  end,
}
