-- For games of votes against players after talk. It suspects whom it was told to be a `wolf` (the `seen`), else those whom the others,
-- in what each said last, name most; never one of its `pack`. It says the name of one of these and votes for one of these; wherever else
-- it chooses among players, any. The names it finds in talk may be anybody's, a model's too.
local function suspects(turn)
  local facts, known = turn.facts, turn.memory
  if facts.wolf then known[facts.seen] = true end
  local others = filter(facts.still or turn.others, function(name) return name ~= turn.me end)
  local open   = filter(others, function(name) return count(facts.pack or {}, name) == 0 end)
  local sure   = filter(open, function(name) return known[name] end)
  if #sure > 0 then return sure end
  return largest(open, function(name)
    return count(others, function(by) return #mentions(turn:last(by, "talk") or "", { name }) > 0 end)
  end)
end

strategy {
  about = "Accuses whom it knows of, else whom others accuse most",
  say = function(turn) return turn.decision == "talk" and pick(suspects(turn)) or "" end,
  act = function(turn)
    if count(turn.others, turn.actions[1]) == 0 then error("accuser chooses players: '" .. turn.decision .. "' is no such choice", 0) end
    return pick(turn.decision == "vote" and suspects(turn) or turn.actions)
  end,
}
