-- Of deals in talk: proposes the best one first, and each time it speaks expects less, in `steps` equal steps from there to its minimum. Of the
-- deals that are worth what it expects it proposes the one nearest to what the others proposed last (by the squares of the steps from option
-- to option; of these the one worth most to it, then the first).
-- What options are worth to it, and its minimum, it is told as the fact `sheet`; what was said lately as `heard`.
local function deal_in(text, issues)
  local deal = {}
  for i, issue in ipairs(issues) do
    deal[i] = text:match(issue.name .. "%d")
    if not issue.scores[deal[i] or ""] then return nil end
  end
  return deal
end

-- Options by issue, which is their letter, in order.
local function issues_of(scores)
  local issues = {}
  for option, score in pairs(scores) do
    local name = option:sub(1, 1)
    if #issues == 0 or issues[#issues].name ~= name then issues[#issues + 1] = { name = name, options = {}, scores = {} } end
    local issue = issues[#issues]
    issue.options[#issue.options + 1], issue.scores[option] = option, score
  end
  return issues
end

local function all_deals(issues)
  local deals = { {} }
  for _, issue in ipairs(issues) do
    local longer = {}
    for _, deal in ipairs(deals) do
      for _, option in ipairs(issue.options) do
        local next_one = { unpack(deal) }
        next_one[#next_one + 1] = option
        longer[#longer + 1] = next_one
      end
    end
    deals = longer
  end
  return deals
end

local function speak(turn)
  local facts = turn.facts
  if not facts.sheet or not facts.heard then error("concede is for talk about deals whose options have scores that it is told", 0) end
  local sheet, issues = facts.sheet, issues_of(facts.sheet.scores)
  local function value(deal) return sum(deal, function(option) return sheet.scores[option] end) end
  local deals = all_deals(issues)
  local _, best = largest(deals, value)
  local expected = best - (best - sheet.minimum) * math.min(1, #turn:all(turn.me) / turn.settings.steps)

  local last = {}
  for _, one in ipairs(facts.heard) do
    local deal = not one.mine and deal_in(one.text, issues)
    if deal then last[one.name] = deal end
  end
  local function far(deal)
    local steps = 0
    for _, other in pairs(last) do
      steps = steps + sum(deal, function(option, i) return (option:sub(2) - other[i]:sub(2)) ^ 2 end)
    end
    return steps
  end
  local enough = filter(deals, function(deal) return value(deal) >= expected end)
  local near = largest(enough, function(deal) return -far(deal) end)
  return table.concat(largest(near, value)[1], ",")
end

strategy {
  about    = "Proposes its best deal, then gives way step by step towards what the others propose, down to its minimum",
  source   = "Faratin, Sierra and Jennings 1998, doi:10.1016/S0921-8890(98)00029-3",
  settings = { steps = 4 },
  act = function() error("concede is for talk about deals: it chooses nothing else", 0) end,
  say = speak,
}
