-- `moves` holds, for each decision, what was chosen in each round: { action = { "cooperate", "defect" } }, false where nobody was
-- asked. It is how `parley import` seats the people and programs of a table; a move that a record does not have is never made up.
-- `whose` says who it is a record of: two who did the same are two players all the same.
strategy {
  about    = "The moves of a record, round by round",
  settings = { moves = {}, whose = "" },
  act = function(turn)
    local moves = turn.settings.moves[turn.decision]
    local move = moves and moves[turn.round]
    if move == nil or move == false then error("the record has no '" .. turn.decision .. "' in round " .. turn.round, 0) end
    return move
  end,
}
