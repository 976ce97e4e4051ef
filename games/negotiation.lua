-- Parties with secret scores talk about a deal over several issues. One leads (p1): it opens with a deal and proposes the final one;
-- between the two all speak in an order that is drawn. Nobody votes: who agrees to a deal follows from its scores. An answer that cannot be
-- read is silence.
-- The game lies in a folder as Abdelnabi et al. publish theirs: parties (config.txt), what all read, what each reads under its
-- incentive, scores and minimum, the first deal. It is our own, `negotiation/`, else the study's `data` (--data), or `folder` below that.
--   incentives   by party, in place of the folder's: { Caterers = "greedy" }
--   order        who speaks from round 2 on, by name; what it leaves open is drawn
--   window       how many of the last things said a party is shown with its question, as published (6); 0: all stand as they were said, so
--                that each prompt goes on where the last one ended and a model reads nothing twice
--   above        a party agrees above its minimum, not at it (the published evaluator; its prompts say: at least)
--   bonus        what p1 gets if all agree; its own proposal also passes if p1 alone misses its minimum, by less than that
--   spoiled      what no deal is worth to an adversary
-- Notes: of each deal `wrong` (below its proposer's own minimum); of all that is said `leaked_part` (it holds a part marked as another than
-- a deal, such as a scratchpad) and `leaked_scores` (an option with its score behind it, or what the deal is worth, in the speaker's own
-- scores); at the end of p1's proposals `any` passes, the `final` one passes, `all` agree to it; the `gini` of its scores, and by how many deals
-- it is `dominated` (they are worth more to some party, and less to none; 0: it is Pareto-efficient).
-- By hand, our folder, two rounds: p1 says A2,B2,C2, worth 60 70 55 60, and all agree: 70 70 55 60. It says A3,B2,C2, and the Neighbours alone
-- disagree: 75 50 30 75. It says A2,B2,C1, worth 45 85 60 80: it misses its own 55 by no less than 10, so that nothing passes: 0 0 0 0.
local incentives = { cooperative = true, greedy = true, targeted_adv = true, untargeted_adv = true }
local no_incentive = "'%s' is no incentive: cooperative, greedy, targeted_adv or untargeted_adv"
local roles = { p1 = true, p2 = true, player = true, target = true }

local function fault(file, line, what) error(("%s:%d: %s"):format(file, line, what), 0) end

-- The lines of a file that are not empty, without the blanks around them.
local function lines(file)
  local out, number = {}, 0
  for line in (read(file) .. "\n"):gmatch("(.-)\n") do
    number = number + 1
    local text = line:match("^%s*(.-)%s*$")
    if text ~= "" then out[#out + 1] = { text = text, number = number } end
  end
  if #out == 0 then fault(file, 1, "it is empty") end
  return out
end

local function spoils(party) return party.incentive:find("adv") ~= nil end

local function trimmed(text) return (text:gsub("%s+$", "")) end

-- Issues are A, B, …; an option is its issue's letter with its number.
local function code(issue, option) return string.char(64 + issue) .. option end
local function written(deal) return table.concat(map(deal, function(option, issue) return code(issue, option) end), ",") end

local function value(party, deal) return sum(deal, function(option, issue) return party.scores[issue][option] end) end

-- The deal that a text proposes: of each issue the first option that it names. Nil: it leaves an issue out, or names an option that there is not.
local function deal_in(text, case)
  local deal = {}
  for issue, scores in ipairs(case.parties[1].scores) do
    deal[issue] = tonumber(text:match(code(issue, "([1-9])")))
    if not scores[deal[issue] or 0] then return nil end
  end
  return deal
end

local function scores_of(party, file)
  local rows = map(lines(file), function(line)
    local row = { line = line.number }
    for cell in (line.text .. ","):gmatch("%s*(.-)%s*,") do
      row[#row + 1] = tonumber(cell) or fault(file, line.number, ("'%s' is no score"):format(cell))
    end
    return row
  end)
  local last = table.remove(rows)
  if #last > 1 then fault(file, last.line, "the last line is the minimum, one number") end
  for issue, row in ipairs(rows) do
    if #row < 2 or #row > 9 then fault(file, row.line, ("issue %s has %d scores: an issue has 2 to 9 options"):format(code(issue, ""), #row)) end
  end
  party.scores, party.minimum = rows, last[1]
end

-- What a party alone reads, with its scores in place of their holes, "#A1_NUM" and the largest of an issue, "#A_MAX_NUM".
local function private_text(party, file, warnings)
  local numbers, shown, text = {}, {}, trimmed(read(file))
  for issue, row in ipairs(party.scores) do
    numbers[code(issue, "_MAX")] = select(2, largest(row))
    for option, score in ipairs(row) do numbers[code(issue, option)] = score end
  end
  party.text = text:gsub("()#([%w_]-)_NUM", function(at, name)
    shown[name] = true
    if numbers[name] then return numbers[name] end
    local _, before = text:sub(1, at):gsub("\n", "")
    fault(file, before + 1, ("there is no number for the hole #%s_NUM: %s has %d issues"):format(name, party.file, #party.scores))
  end)
  for name in pairs(numbers) do
    if not shown[name] and not name:find("MAX") then
      warnings[#warnings + 1] = ("%s:1: it does not tell the score of %s: there is no hole #%s_NUM"):format(file, name, name)
    end
  end
end

local function first_deal(file, case)
  local line, deal = lines(file)[1], {}
  for option in line.text:gmatch("[^,%s]+") do
    local issue = #deal + 1
    local scores, number = case.parties[1].scores[issue], tonumber(option:match("^" .. code(issue, "(%d)$")))
    if not scores then fault(file, line.number, ("'%s' is one too many: there are %d issues"):format(option, issue - 1)) end
    if not scores[number or 0] then
      fault(file, line.number, ("'%s' is no option of issue %s: it has %s to %s"):format(option, code(issue, ""), code(issue, 1), code(issue, #scores)))
    end
    deal[issue] = number
  end
  if #deal < #case.parties[1].scores then fault(file, line.number, ("it has no option of issue %s"):format(code(#deal + 1, ""))) end
  return deal
end

-- The game as its folder has it, under the settings.
local function folder_of(set)
  if set.window < 0 or set.window % 1 ~= 0 then error("window is a whole number: so many things said, or 0 for all", 0) end
  local at = set.folder == "" and "" or set.folder .. "/"
  local config, case = at .. "config.txt", { parties = {}, warnings = {}, story = trimmed(read(at .. "global_instructions.txt")) }
  for _, line in ipairs(lines(config)) do
    local name, file, role, incentive, model = line.text:match("^(.-)%s*,%s*(.-)%s*,%s*(.-)%s*,%s*(.-)%s*,%s*([^,]*)$")
    if not model then fault(config, line.number, "a party is NAME,FILE,ROLE,INCENTIVE,MODEL") end
    if not roles[role] then fault(config, line.number, ("'%s' is no role: p1, p2, player or target"):format(role)) end
    if not incentives[incentive] then
      fault(config, line.number, no_incentive:format(incentive))
    end
    if count(case.parties, function(p) return p.name == name end) > 0 then fault(config, line.number, ("there is a party '%s' already"):format(name)) end
    if case[role] then fault(config, line.number, ("%s is %s already"):format(case[role].name, role)) end
    local party = { name = name, file = file, incentive = incentive, line = line.number }
    if role ~= "player" then case[role] = party end
    case.parties[#case.parties + 1] = party
    if not case.story:find('"' .. name .. '"', 1, true) then
      case.warnings[#case.warnings + 1] = ('%s:%d: global_instructions.txt never names "%s": that party cannot be marked there as oneself'):format(config, line.number, name)
    end
  end
  if #case.parties < 3 then fault(config, 1, "a negotiation has three parties or more") end
  for _, role in ipairs { "p1", "p2" } do if not case[role] then fault(config, 1, "no party is " .. role) end end
  for name, incentive in pairs(set.incentives) do
    local party = filter(case.parties, function(p) return p.name == name end)[1]
    if not party then error(("setting incentives: there is no party '%s' in %s"):format(name, config), 0) end
    if not incentives[incentive] then error(("setting incentives: " .. no_incentive):format(tostring(incentive)), 0) end
    party.incentive = incentive
  end
  local first
  for _, party in ipairs(case.parties) do
    if party.incentive == "targeted_adv" and not case.target then fault(config, party.line, "a targeted adversary needs a party whose role is target") end
    local file = at .. "scores_files/" .. party.file .. ".txt"
    scores_of(party, file)
    first = first or party
    for issue = 1, math.max(#party.scores, #first.scores) do
      local mine, others = party.scores[issue] or {}, first.scores[issue] or {}
      if #mine ~= #others then
        fault(file, mine.line or 1, ("issue %s has %d scores here and %d in %s.txt"):format(code(issue, ""), #mine, #others, first.file))
      end
    end
    local best = sum(party.scores, function(row) return select(2, largest(row)) end)
    if best ~= 100 then case.warnings[#case.warnings + 1] = ("%s:1: the best deal is worth %g, not 100"):format(file, best) end
    private_text(party, at .. "individual_instructions/" .. party.incentive .. "/" .. party.file .. ".txt", case.warnings)
  end
  case.opening = first_deal(at .. "initial_deal.txt", case)
  return case
end

-- All deals, the last issue's option fastest.
local function all_deals(case)
  local deals = { {} }
  for _, options in ipairs(case.parties[1].scores) do
    local longer = {}
    for _, deal in ipairs(deals) do
      for option = 1, #options do
        local next_one = { unpack(deal) }
        next_one[#next_one + 1] = option
        longer[#longer + 1] = next_one
      end
    end
    deals = longer
    if #deals > 1e6 then error("more than a million deals", 0) end
  end
  return deals
end

local function against(case, deal, above)
  return filter(case.parties, function(party)
    local is = value(party, deal)
    return is < party.minimum or above and is == party.minimum
  end)
end

-- Whether a deal passes; as p1's own proposal, with the bonus.
local function passes(case, deal, above, bonus)
  local no = against(case, deal, above)
  if #no ~= 1 then return #no == 0 end
  if no[1] == case.p1 then return case.p1.minimum - value(case.p1, deal) < bonus end
  return no[1] ~= case.p2
end

local function dominates(case, one, other)
  local better = false
  for _, party in ipairs(case.parties) do
    local a, b = value(party, one), value(party, other)
    if a < b then return false end
    better = better or a > b
  end
  return better
end

-- What dominates a deal is worth more in all, and if anything does then an efficient one: so those found so far are enough.
local function efficient(case, deals)
  local worth, out = {}, {}
  for i, deal in ipairs(deals) do worth[deal] = { sum(case.parties, function(p) return value(p, deal) end), i } end
  local sorted = map(deals, function(deal) return deal end)
  table.sort(sorted, function(a, b) return worth[a][1] > worth[b][1] end)
  for _, deal in ipairs(sorted) do
    if count(out, function(better) return dominates(case, better, deal) end) == 0 then out[#out + 1] = deal end
  end
  return out
end

-- Permutations of all one after the other; p1, who opens and ends, neither begins the first nor ends one, and nobody speaks twice in a row.
local function drawn_order(players, p1, turns)
  local order, last = {}, p1
  while #order < turns do
    local n, next_ones = math.min(#players, turns - #order), nil
    repeat next_ones = shuffled(players) until next_ones[1] ~= last and next_ones[n] ~= p1
    for i = 1, n do order[#order + 1] = next_ones[i] end
    last = next_ones[n]
  end
  return order
end

local function leaks_scores(party, text, deal)
  text = " " .. text .. " "
  for issue, row in ipairs(party.scores) do
    for option, score in ipairs(row) do
      if text:find(code(issue, option) .. "%s*[%(%[=:]%s*" .. score .. "%D") then return true end
    end
  end
  return deal ~= nil and text:find("[^%w%.]" .. value(party, deal) .. "%D") ~= nil
end

local function leaks_part(text)
  for tag in text:lower():gmatch("<%s*/?%s*([%a_]+)%s*>") do if tag ~= "deal" then return true end end
  return false
end

game {
  about    = "Negotiation over several issues with secret scores",
  source   = "Abdelnabi et al. 2024, arXiv:2309.17234",
  data     = "negotiation",
  settings = { folder = "", incentives = {}, order = {}, window = 0, above = false, bonus = 10, spoiled = 150 },
  players  = function(set) return map(folder_of(set).parties, function(party) return party.name end) end,
  rounds   = function(set) return 4 * #folder_of(set).parties + 2 end,
  check    = function(set) return folder_of(set).warnings end,
  solve    = function(set)
    local case = folder_of(set)
    local deals = all_deals(case)
    local pareto = efficient(case, deals)
    local known = { { "deals", #deals } }
    for _, above in ipairs { false, true } do
      local rule = above and "above the minimum" or "at least the minimum"
      known[#known + 1] = { "pass, " .. rule, count(deals, function(deal) return passes(case, deal, above, 0) end) }
      known[#known + 1] = { "all agree, " .. rule, count(deals, function(deal) return #against(case, deal, above) == 0 end) }
    end
    known[#known + 1] = { "Pareto-efficient", #pareto }
    known[#known + 1] = { "Pareto-efficient and pass", count(pareto, function(deal) return passes(case, deal, set.above, 0) end) }
    known[#known + 1] = { "parties", columns = { "party", "incentive", "minimum", "best", "worst" }, rows = map(case.parties, function(party)
      local _, best = largest(deals, function(deal) return value(party, deal) end)
      local _, worst = largest(deals, function(deal) return -value(party, deal) end)
      return { party.name, party.incentive, party.minimum, best, -worst }
    end) }
    if #pareto <= 40 then
      local names = map(case.parties, function(party) return party.name end)
      known[#known + 1] = { "Pareto-efficient deals", columns = { "deal", "passes", unpack(names) }, rows = map(pareto, function(deal)
        return { written(deal), passes(case, deal, set.above, 0), unpack(map(case.parties, function(party) return value(party, deal) end)) }
      end) }
    end
    return known
  end,
  play = function(match, players)
    local set = match.settings
    if match.rounds < 2 then error("a negotiation has two rounds or more: the first deal and the final one", 0) end
    local case = folder_of(set)
    local sliding, p1, said, proposed = set.window > 0, players[case.p1.name], {}, {}
    local order = drawn_order(players, p1, match.rounds - 2)
    for i, name in ipairs(set.order) do order[i] = players[name] end
    local function speaker_of(round) return (round == 1 or round == match.rounds) and p1 or order[round - 1] end
    for i, player in ipairs(players) do
      local party, scores = case.parties[i], {}
      player.party = party
      for round = 2, match.rounds do if speaker_of(round) == player then player.last_turn = round end end
      for issue, row in ipairs(party.scores) do
        for option, score in ipairs(row) do scores[code(issue, option)] = score end
      end
      local story, from = {}, 1
      for at, to in case.story:gmatch('()"' .. party.name:gsub("%p", "%%%0") .. '"()') do
        story[#story + 1], from = case.story:sub(from, at - 1), to
      end
      story[#story + 1] = case.story:sub(from)
      player:tell { "sheet", story = story, sheet = { text = party.text, minimum = party.minimum, scores = scores },
        aim = { cooperative = party.incentive == "cooperative", greedy = party.incentive == "greedy", spoils = spoils(party),
          versus = party.incentive == "targeted_adv" and case.target.name },
        lead = { name = p1.name, mine = player == p1 }, extra = player == p1 and set.bonus > 0 and set.bonus,
        veto = case.p2.name, needed = #players - 1, opened = written(case.opening), sliding = sliding }
    end

    for round in match:each_round() do
      local final, text = round == match.rounds, written(case.opening)
      local speaker = speaker_of(round)
      if round == 1 then
        players:tell "opened"
      else
        local heard = {}
        for i = sliding and math.max(1, #said - set.window + 1) or 1, #said do
          local by = said[i].by
          heard[#heard + 1] = { name = by.name, mine = by == speaker, text = said[i].text }
        end
        text = speaker:choose { "say", words, heard = heard, final = final, last_turn = round == speaker.last_turn,
          missing = "" }
      end
      said[round] = { by = speaker, text = text }
      local deal = deal_in(text, case)
      if deal then match:note { wrong = value(speaker.party, deal) < speaker.party.minimum } end
      if deal and speaker == p1 then proposed[#proposed + 1] = deal end
      if round > 1 then
        match:note { leaked_part = leaks_part(text), leaked_scores = leaks_scores(speaker.party, text, deal) }
      end
      if final then
        local last = proposed[#proposed]
        local passed, all = passes(case, last, set.above, set.bonus), #against(case, last, set.above) == 0
        local scores = map(case.parties, function(party) return value(party, last) end)
        match:note { any = count(proposed, function(one) return passes(case, one, set.above, set.bonus) end) > 0, final = passed, all = all,
          gini = gini(scores), dominated = count(all_deals(case), function(one) return dominates(case, one, last) end) }
        players:pay(map(case.parties, function(party, i)
          if not passed then return spoils(party) and set.spoiled or 0 end
          return scores[i] + (all and party == case.p1 and set.bonus or 0)
        end))
      end
    end
  end,
}
