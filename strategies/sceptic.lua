-- For games of bids "COUNTxFACE" on dice of which it is told its own (`hand`), and in which "liar" doubts the last bid (`standing`).
-- A bid is as likely as that the dice that it does not see show enough of the face. It doubts a bid less likely than `doubts`; else, and
-- where no higher bid is as likely as that, bids the likeliest, of equally likely ones the lowest.
local function chance(dice, faces, needed) -- that of so many dice at least so many show a face
  local at_least, exactly = 0, ((faces - 1) / faces) ^ dice
  for n = 0, dice do
    if n >= needed then at_least = at_least + exactly end
    exactly = exactly * (dice - n) / (n + 1) / (faces - 1)
  end
  return at_least
end

strategy {
  about    = "Calls a bid a lie where it is unlikely, else makes the likeliest bid",
  settings = { doubts = .5 },
  act = function(turn)
    local hand, actions = turn.facts.hand, turn.actions
    if not hand then error("sceptic needs dice, and for '" .. turn.decision .. "' was told of none", 0) end
    local dice, faces = actions[#actions]:match("^(%d+)x(%d+)$")
    if not dice then return "liar" end -- no bid is higher than the last
    local function likely(bid)
      local n, face = bid:match("^(%d+)x(%d+)$")
      return chance(dice - #hand, tonumber(faces), n - count(hand, tonumber(face)))
    end
    if turn.facts.standing and likely(turn.facts.standing) < turn.settings.doubts then return "liar" end
    return largest(filter(actions, function(bid) return bid ~= "liar" end), likely)[1]
  end,
}
