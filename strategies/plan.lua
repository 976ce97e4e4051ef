-- For each decision one move, or a list of moves taken in turn, of which the last is kept:
-- { strategy = "plan", moves = { offer = { 10, 30 }, answer = "accept" } }. For tests. Where it has no words it says nothing.
local function planned(turn, otherwise)
  local move = turn.settings.moves[turn.decision]
  if move == nil then move = otherwise end
  if move == nil then error("plan has no move for '" .. turn.decision .. "'", 0) end
  if type(move) == "table" and #move > 0 then
    return move[math.min(#turn:all(turn.me) + 1, #move)]
  end
  return move
end

strategy {
  about    = "A written list of moves",
  settings = { moves = {} },
  act = function(turn) return planned(turn) end,
  say = function(turn) return planned(turn, "") end,
}
