-- `moves` holds, for each decision, what was chosen, in order: { action = { "cooperate", "defect" } }. It is how `parley import`
-- seats the people and programs of a table; a move that the record does not have is never made up.
strategy {
  about    = "The moves of a record, one after the other",
  settings = { moves = {} },
  act = function(turn)
    local moves = turn.settings.moves[turn.decision] or {}
    local n = #turn:all(turn.me) + 1
    if moves[n] == nil then error("the record has " .. #moves .. " moves for '" .. turn.decision .. "', and the game asks for one more", 0) end
    return moves[n]
  end,
}
