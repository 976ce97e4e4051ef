-- Does it know the rules? In the first round questions whose right answers come out of the table that the rules are made of: what it
-- and another get in an outcome (out of the payoffs of the table), what is best against a choice (where one action alone is), what is
-- best whatever the others choose, how many rounds are still to come (where it is told). None sees another, and the choice sees none:
-- it is asked for as `direct` asks. `parley stats STUDY --beliefs --group question` scores them.
local nothing = "none"

-- A question with a right answer. `by_thing`: it is answered by an option's label, as the choice is.
local function examine(turn, question)
  question.fresh, question.by_thing = true, question.by_thing or false
  turn:ask(question)
end

-- k of the items, spread over the list.
local function spread(items, k)
  if #items <= k then return items end
  local out = {}
  for i = 1, k do out[i] = items[math.floor((i - 1) * #items / k) + 1] end
  return out
end

local function others_of(turn, choice)
  return map(turn.others, function(name) return { name = name, choice = choice[name] } end)
end

local function amounts_of(turn)
  local seen, out = {}, {}
  for _, cell in ipairs(turn.outcomes) do
    for _, amount in pairs(cell.pays) do
      if not seen[amount] then out[#out + 1] = amount end
      seen[amount] = true
    end
  end
  table.sort(out)
  return out
end

local function ask_what_is_paid(turn, most)
  local amounts, whom = amounts_of(turn), turn.others[1]
  if #amounts < 2 then return end
  for _, cell in ipairs(spread(turn.outcomes, most)) do
    local mine, theirs = cell.choice[turn.me], others_of(turn, cell.choice)
    examine(turn, { "you_get", amounts, right = turn:payoff(mine, cell.choice), chosen = mine, theirs = theirs })
    if whom then
      examine(turn, { "other_gets", amounts, right = cell.pays[whom], chosen = mine, theirs = theirs, whom = whom })
    end
  end
end

-- What the others may choose together: the outcomes in which I choose my first.
local function ask_what_is_best(turn, most)
  local against = filter(turn.outcomes, function(cell) return cell.choice[turn.me] == turn.actions[1] end)
  local good, alone = {}, {}
  for _, action in ipairs(turn.actions) do good[action], alone[action] = 0, 0 end
  for _, cell in ipairs(against) do
    local best = turn:best(cell.choice)
    for _, action in ipairs(best) do good[action] = good[action] + 1 end
    if #best == 1 then alone[best[1]] = alone[best[1]] + 1 end
  end
  for _, cell in ipairs(spread(filter(against, function(cell) return #turn:best(cell.choice) == 1 end), most)) do
    if #turn.others > 0 then
      examine(turn, { "best", turn.actions, right = turn:best(cell.choice)[1], theirs = others_of(turn, cell.choice), by_thing = true })
    end
  end
  local always, weakly = nothing, false
  for _, action in ipairs(turn.actions) do
    if alone[action] == #against then always = action end
    weakly = weakly or good[action] == #against and alone[action] < #against
  end
  if weakly then return end -- as good as another here and there: neither answer would be wrong
  local set = filter(turn.actions, function() return true end)
  set[#set + 1] = nothing
  examine(turn, { "best_of_all", set, right = always, nothing = nothing })
end

strategy {
  about    = "Questions about the rules with a known right answer, then the choice",
  settings = { most = 4 },
  act = function(turn)
    if turn.round == 1 then
      assert(turn.actions[1] ~= nil, "comprehension needs a game given by payoffs with lists of actions: '" .. turn.decision .. "' has none")
      ask_what_is_paid(turn, turn.settings.most)
      ask_what_is_best(turn, turn.settings.most)
      if turn.rounds then
        local left = turn.rounds - turn.round
        local least = math.max(0, left - pick { 0, 1, 2 }) -- drawn, so that the right one is not always the smallest
        examine(turn, { "rounds_left", { least, least + 1, least + 2 }, right = left })
      end
    end
    return turn:ask { "choose", turn.actions, by_thing = true }
  end,
}
