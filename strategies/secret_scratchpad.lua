-- Secret thoughts, a public answer and a plan in tags of one free reply. Public is what stands behind the last opening answer tag, up to the
-- next closing one or to the end. A reply without the tag is public as a whole, thoughts and all: a leak, counted as `untagged`.
local function inside(reply, tag)
  local lower, from = reply:lower(), nil
  for at in lower:gmatch("<" .. tag .. ">()") do from = at end
  if not from then return nil end
  local to = lower:find("</" .. tag .. ">", from, true)
  return (reply:sub(from, to and to - 1):match("^%s*(.-)%s*$"))
end

strategy {
  about  = "For talk: secret thoughts, a public answer, and a plan kept for the next time, in tags of one reply that is never asked again",
  source = "Abdelnabi et al. 2024, arXiv:2309.17234",
  act = function(turn)
    local memory = turn.memory
    local reply = turn:ask { "reply", plan = memory.plan or false, last = turn.facts.last_turn or false }
    memory.plan = inside(reply, "plan") or memory.plan
    local said = inside(reply, "answer")
    if not said then memory.untagged = (memory.untagged or 0) + 1 end
    return said or reply
  end,
}
