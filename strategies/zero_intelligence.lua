-- Told a `value` it names no more than that, told a `cost` no less.
strategy {
  about  = "Any number that cannot lose, each as likely",
  source = "Gode and Sunder 1993, doi:10.1086/261868",
  act = function(turn)
    local set, facts = turn.actions, turn.facts
    if set.kind ~= "range" or not (facts.value or facts.cost) then
      error("zero_intelligence needs a range, and a number called 'value' or 'cost': '" .. turn.decision .. "' is no such choice", 0)
    end
    local lo, hi = set.lo, set.hi
    if facts.value then hi = math.max(lo, math.min(hi, facts.value)) end
    if facts.cost then lo = math.min(hi, lo + math.max(0, math.ceil((facts.cost - lo) / set.step)) * set.step) end
    return pick(range(lo, hi, set.step))
  end,
}
