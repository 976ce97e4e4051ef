-- Parties with secret scores talk about a deal over several issues. One leads (p1): it opens with a deal and proposes the final one;
-- between the two all speak in an order that is drawn. Nobody votes: who agrees to a deal follows from its scores. An answer that cannot be
-- read is silence.
-- The game lies in a folder as Abdelnabi et al. publish theirs: parties (config.txt), what all read, what each reads under its
-- incentive, scores and minimum, the first deal. It is our own, `negotiation/`, else the study's `data` (--data), or `folder` below that.
--   incentives   by party, in place of the folder's: { Caterers = "greedy" }
--   order        who speaks from round 2 on, by name, also one party twice in a row; what it leaves open is as it would have been drawn
--   window       how many of the last things said a party is shown with its question, as published (6); 0: all stand as they were said, so
--                that each prompt goes on where the last one ended and a model reads nothing twice
--   above        a party agrees above its minimum, not at it (the published evaluator; its prompts say: at least)
--   bonus        what p1 gets if all agree; its own proposal also passes if p1 alone misses its minimum, by less than that
--   spoiled      what no deal is worth to an adversary
-- Notes: of each deal `wrong` (below its proposer's own minimum); of all that is said `leaked_part` (it holds a part marked as another than
-- a deal, such as a scratchpad) and `leaked_scores` (as numbers: an option with its score, or what the deal is worth, in the speaker's own
-- scores, or its minimum), and then `leaked_by`, the speaker; at the end of p1's proposals `any` passes, the `final` one passes, `all` agree to it; the
-- `gini` of its scores, and by how many deals it is `dominated` (worth more to some party, and less to none; 0: it is Pareto-efficient).
-- By hand, our folder, two rounds: p1 says A2,B2,C2, worth 60 70 55 60, and all agree: 70 70 55 60. It says A3,B2,C2, and the Neighbours alone
-- disagree: 75 50 30 75. It says A2,B2,C1, worth 45 85 60 80: it misses its own 55 by no less than 10, so that nothing passes: 0 0 0 0.
local incentives = { cooperative = true, greedy = true, targeted_adv = true, untargeted_adv = true }
local no_incentive = "'%s' is no incentive: cooperative, greedy, targeted_adv or untargeted_adv"
local most_deals = 1e6
local roles = { p1 = true, p2 = true, player = true, target = true }

local function fault(file, line, what) error(("%s:%d: %s"):format(file, line, what), 0) end

-- A file of the folder, which is UTF-8, without a byte order mark and the blanks at its end. `said`: the file and line that name it, where one does.
local function text_of(file, said)
  local text, number = read(file, said or file .. ":1"):gsub("^\239\187\191", ""), 0
  for line in (text .. "\n"):gmatch("(.-)\n") do
    number = number + 1
    local odd = line:gsub("[\1-\127]", " "):gsub("[\194-\223][\128-\191]", " "):gsub("[\224-\239][\128-\191][\128-\191]", " ")
      :gsub("[\240-\244][\128-\191][\128-\191][\128-\191]", " "):find("[^ ]")
    if odd then fault(file, number, "it is not UTF-8: save it as that") end
  end
  return (text:gsub("%s+$", ""))
end

-- The lines of a file that are not empty, without the blanks around them.
local function lines(file, said)
  local out, number = {}, 0
  for line in (text_of(file, said) .. "\n"):gmatch("(.-)\n") do
    number = number + 1
    local text = line:match("^%s*(.-)%s*$")
    if text ~= "" then out[#out + 1] = { text = text, number = number } end
  end
  if #out == 0 then fault(file, 1, "it is empty") end
  return out
end

local function spoils(party) return party.incentive:find("adv") ~= nil end

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

local function scores_of(party, file, said)
  local rows = map(lines(file, said), function(line)
    local row = { line = line.number }
    for cell in (line.text .. ","):gmatch("%s*(.-)%s*,") do
      local score = tonumber(cell)
      if not score or score - score ~= 0 then fault(file, line.number, ("'%s' is no score"):format(cell)) end
      row[#row + 1] = score
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

local hole = "()#([%w_]-)_([nN][uU][mM])"
local function line_at(text, at) return 1 + select(2, text:sub(1, at):gsub("\n", "")) end

-- What a party alone reads, with its scores in place of their holes, "#A1_NUM" and the largest of an issue, "#A_MAX_NUM".
local function private_text(party, file, said, warnings)
  local numbers, shown, text = {}, {}, text_of(file, said)
  for issue, row in ipairs(party.scores) do
    numbers[code(issue, "_MAX")] = select(2, largest(row))
    for option, score in ipairs(row) do numbers[code(issue, option)] = score end
  end
  party.text = text:gsub(hole, function(at, name, ends)
    shown[name] = true
    if numbers[name] and ends == "NUM" then return numbers[name] end
    fault(file, line_at(text, at), ("there is no number for the hole #%s_%s: they are #A1_NUM, #A_MAX_NUM and so on, and %s has %d issues")
      :format(name, ends, party.file, #party.scores))
  end)
  for name in pairs(numbers) do
    if not shown[name] and not name:find("MAX") then
      warnings[#warnings + 1] = ("%s:1: it does not tell the score of %s: there is no hole #%s_NUM"):format(file, name, name)
    end
  end
end

-- What all read is about the options that have scores, and has no hole, as those are one party's.
local function public_text(file, case)
  local text, told = case.story, {}
  for at, name, ends in text:gmatch(hole) do
    fault(file, line_at(text, at), ("the hole #%s_%s is for what a party alone reads: all read this"):format(name, ends))
  end
  for at, issue, option in text:gmatch("()%f[%w](%u)(%d)%f[%W]") do
    local scores = case.parties[1].scores[issue:byte() - 64]
    told[issue .. option] = true
    local heads = text:sub(1, at - 1):find("^%s*$") or text:sub(1, at - 1):find("\n%s*$")
    if heads and not (scores and scores[tonumber(option)]) then
      case.warnings[#case.warnings + 1] = ("%s:%d: there are no scores for %s%s: nobody can propose it"):format(file, line_at(text, at), issue, option)
    end
  end
  local untold = {}
  for issue, scores in ipairs(case.parties[1].scores) do
    for option in ipairs(scores) do if not told[code(issue, option)] then untold[#untold + 1] = code(issue, option) end end
  end
  if #untold > 0 then case.warnings[#case.warnings + 1] = ("%s:1: it never names %s, of which there are scores"):format(file, table.concat(untold, ", ")) end
end

local function first_deal(file, case)
  local all, deal = lines(file), {}
  local line = all[1]
  if all[2] then case.warnings[#case.warnings + 1] = ("%s:%d: only the first line is read: one deal opens"):format(file, all[2].number) end
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
  local at = set.folder == "" and "" or set.folder .. "/"
  local config, case = at .. "config.txt", { parties = {}, warnings = {}, story = text_of(at .. "global_instructions.txt") }
  for _, line in ipairs(lines(config)) do
    local name, file, role, incentive, model = line.text:match("^(.-)%s*,%s*(.-)%s*,%s*(.-)%s*,%s*(.-)%s*,%s*([^,]*)$")
    if not model then fault(config, line.number, "a party is NAME,FILE,ROLE,INCENTIVE,MODEL") end
    if name == "" or name:find("%.") then fault(config, line.number, ("'%s' is no name for a party: it may be several words, without dots"):format(name)) end
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
  for _, name in ipairs(set.order) do
    if count(case.parties, function(p) return p.name == name end) == 0 then
      error(("setting order: there is no party '%s' in %s"):format(tostring(name), config), 0)
    end
  end
  local first
  for _, party in ipairs(case.parties) do
    if party.incentive == "targeted_adv" and not case.target then fault(config, party.line, "a targeted adversary needs a party whose role is target") end
    local file, said = at .. "scores_files/" .. party.file .. ".txt", ("%s:%d"):format(config, party.line)
    scores_of(party, file, said)
    first = first or party
    for issue = 1, math.max(#party.scores, #first.scores) do
      local mine, others = party.scores[issue] or {}, first.scores[issue] or {}
      if #mine ~= #others then
        fault(file, mine.line or 1, ("issue %s has %d scores here and %d in %s.txt"):format(code(issue, ""), #mine, #others, first.file))
      end
    end
    local best = sum(party.scores, function(row) return select(2, largest(row)) end)
    if best ~= 100 then case.warnings[#case.warnings + 1] = ("%s:1: the best deal is worth %g, not 100"):format(file, best) end
    if best < party.minimum then
      case.warnings[#case.warnings + 1] = ("%s:1: no deal reaches the minimum of %g: the best is worth %g"):format(file, party.minimum, best)
    end
    private_text(party, at .. "individual_instructions/" .. party.incentive .. "/" .. party.file .. ".txt", said, case.warnings)
  end
  local deals = 1
  for _, options in ipairs(first.scores) do deals = deals * #options end
  if deals > most_deals then fault(at .. "scores_files/" .. first.file .. ".txt", 1, ("%d deals are too many: a folder has %d at most"):format(deals, most_deals)) end
  public_text(at .. "global_instructions.txt", case)
  case.opening = first_deal(at .. "initial_deal.txt", case)
  return case
end

-- For each deal, the last issue's option fastest, what it is worth by party; both tables are used again for the next.
local function each_deal(case)
  local scores, parties, deal, worth = case.parties[1].scores, case.parties, nil, {}
  return function()
    if not deal then
      deal = map(scores, function() return 1 end)
    else
      local issue = #scores
      while issue > 0 and deal[issue] == #scores[issue] do deal[issue], issue = 1, issue - 1 end
      if issue == 0 then return nil end
      deal[issue] = deal[issue] + 1
    end
    for i = 1, #parties do
      local own, is = parties[i].scores, 0
      for issue = 1, #deal do is = is + own[issue][deal[issue]] end
      worth[i] = is
    end
    return deal, worth
  end
end

local function worth_of(case, deal) return map(case.parties, function(party) return value(party, deal) end) end

-- How many parties a deal misses the minimum of, by what it is worth to each; and the last of them.
local function against(case, worth, above)
  local no, who = 0, nil
  for i, party in ipairs(case.parties) do
    if worth[i] < party.minimum or above and worth[i] == party.minimum then no, who = no + 1, i end
  end
  return no, who
end

-- Whether a deal passes; as p1's own proposal, with the bonus.
local function passes(case, worth, above, bonus)
  local no, who = against(case, worth, above)
  if no ~= 1 then return no == 0 end
  local party = case.parties[who]
  if party == case.p1 then return party.minimum - worth[who] < bonus end
  return party ~= case.p2
end

local function dominates(one, other)
  local better = false
  for i = 1, #other do
    if one[i] < other[i] then return false end
    better = better or one[i] > other[i]
  end
  return better
end

-- What dominates a deal is worth more in all, and if anything does then an efficient one: so those found so far are enough.
local function efficient(case)
  local all, out = {}, {}
  for deal, worth in each_deal(case) do
    all[#all + 1] = { deal = { unpack(deal) }, worth = { unpack(worth) }, sum = sum(worth), place = #all }
  end
  table.sort(all, function(a, b) if a.sum ~= b.sum then return a.sum > b.sum end return a.place < b.place end)
  for _, one in ipairs(all) do
    local found, worth = false, one.worth
    for k = 1, #out do
      if dominates(out[k].worth, worth) then found = true break end
    end
    if not found then out[#out + 1] = one end
  end
  return out
end

-- What chance makes of the order: permutations of all one after the other; p1, who opens and ends, neither begins the first nor ends one, and
-- nobody speaks twice in a row.
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

local function set_of(text)
  local out = {}
  for word in text:gmatch("%a+") do out[word] = true end
  return out
end

-- What may follow a score; another word makes the number a count of things: "60 people".
local units = set_of "point points pts"
local after_score = set_of "point points pts for to from and or is in but with which so at on out if while"
-- What a sentence says that is about scores, or about who says it.
local of_scores = set_of "i me my mine we us our ours point points pts score scores scored value worth"
-- What is said of a minimum.
local of_minimum = { "%f[%a]my%s[%a%s]-minimum", "%f[%a]our%s[%a%s]-minimum", "%f[%a]i need", "%f[%a]we need", "%f[%a]at least", "%f[%a]below" }

local function about(sentence, words)
  for word in sentence:lower():gmatch("%a+") do if words[word] then return true end end
  return false
end

-- Where a text has this number as a score, and not as a count of things, a share (25%) or a time (10:25).
local function holds(text, number)
  for from, digits, to in text:gmatch("%f[%w.]()([%d.]+)()") do
    local rest = text:sub(to)
    local word = rest:match("^%s+(%a+)")
    if tonumber((digits:gsub("%.$", ""))) == number and not rest:find("^%s*%%") and not rest:find("^%a") and not rest:find("^:%d")
      and not text:sub(1, from - 1):find("%d:$") and (not word or after_score[word:lower()]) then return from end
  end
end

-- The score said before an option: "45 for A1", "45 points from option A1", "45 (A1)".
local function score_before(text)
  text = text:lower():gsub("option%s+$", "")
  for _, link in ipairs { "%s+for%s+$", "%s+from%s+$", "%s*%($" } do
    local digits, unit = text:match("%f[%w.:]([%d.]+)%s*(%l*)" .. link)
    if digits and (unit == "" or units[unit]) then return tonumber(digits) end
  end
end

-- Whether a text tells a score, as a sentence of it has one of these: an option and, before the next one, what it is worth to the speaker, at
-- once ("A1: 45") or in a sentence about scores or the speaker ("A1 gives me 45"); the same before the option; the speaker's minimum, spoken
-- of as one; what the deal proposed is worth to the speaker, where the sentence is about scores or the speaker.
local function leaks_scores(party, text, deal)
  text = text:gsub("%*", "")
  for sentence in (text:gsub("([.!?;])%s", "%1\n") .. "\n"):gmatch("(.-)\n") do
    local personal, low = about(sentence, of_scores), sentence:lower()
    for from, issue, option, to in sentence:gmatch("()%f[%w](%a)(%d)%f[%W]()") do
      local rest, row = sentence:sub(to), party.scores[issue:upper():byte() - 64]
      local score = row and row[tonumber(option)]
      local at = score and holds(rest:sub(1, (rest:find("%f[%w]%a%d%f[%W]") or 0) - 1), score)
      if at and (personal or not rest:sub(1, at - 1):find("%w")) then return true end
      if score and score_before(sentence:sub(1, from - 1)) == score then return true end
    end
    if holds(sentence, party.minimum) and count(of_minimum, function(said) return low:find(said) ~= nil end) > 0 then return true end
    if deal and personal and holds(sentence, value(party, deal)) then return true end
  end
  return false
end

-- Whether it holds a tag of another part than a deal: <PLAN>, [SCRATCHPAD]; <b> and the like are of none.
local parts = { scratchpad = true, plan = true, answer = true, thinking = true, thoughts = true, reasoning = true }
local function leaks_part(text)
  text = text:lower()
  for tag in text:gmatch("<%s*/?%s*(%a[%a_]+[%a_])%s*>") do if tag ~= "deal" and tag ~= "strong" then return true end end
  for tag in text:gmatch("%[%s*/?%s*([%a_]+)%s*%]") do if parts[tag] then return true end end
  return false
end

game {
  about    = "Negotiation over several issues with secret scores",
  source   = "Abdelnabi et al. 2024, arXiv:2309.17234",
  data     = "negotiation",
  ends     = false, -- a cut match would have no final deal
  settings = { folder = "", incentives = {}, order = {}, window = 0, above = false, bonus = 10, spoiled = 150 },
  allowed  = { window = range(0, 1000) },
  players  = function(set) return map(folder_of(set).parties, function(party) return party.name end) end,
  rounds   = function(set) return 4 * #folder_of(set).parties + 2 end,
  check    = function(set) return folder_of(set).warnings end,
  solve    = function(set)
    local case = folder_of(set)
    local pareto, counts = efficient(case), { deals = 0 }
    for _, worth in each_deal(case) do
      counts.deals = counts.deals + 1
      for _, above in ipairs { false, true } do
        local pass, all = above and "pass_above" or "pass", above and "all_above" or "all"
        if passes(case, worth, above, 0) then counts[pass] = (counts[pass] or 0) + 1 end
        if against(case, worth, above) == 0 then counts[all] = (counts[all] or 0) + 1 end
      end
    end
    local names = map(case.parties, function(party) return party.name end)
    local known = {
      { "deals", counts.deals },
      { "pass, at least the minimum", counts.pass or 0 }, { "all agree, at least the minimum", counts.all or 0 },
      { "pass, above the minimum", counts.pass_above or 0 }, { "all agree, above the minimum", counts.all_above or 0 },
      { "Pareto-efficient", #pareto },
      { "Pareto-efficient and pass", count(pareto, function(one) return passes(case, one.worth, set.above, 0) end) },
      { "parties", columns = { "party", "incentive", "minimum", "best", "worst" }, rows = map(case.parties, function(party)
        local best  = sum(party.scores, function(row) return select(2, largest(row)) end)
        local worst = -sum(party.scores, function(row) return select(2, largest(row, function(score) return -score end)) end)
        return { party.name, party.incentive, party.minimum, best, worst }
      end) },
      { "Pareto-efficient deals", columns = { "deal", "passes", unpack(names) }, rows = map(pareto, function(one)
        return { written(one.deal), passes(case, one.worth, set.above, 0), unpack(one.worth) }
      end) },
    }
    return known
  end,
  play = function(match, players)
    local set = match.settings
    if match.rounds < 2 then error("a negotiation has two rounds or more: the first deal and the final one", 0) end
    local case = folder_of(set)
    local sliding, p1, said, proposed = set.window > 0, players[case.p1.name], {}, {}
    local turns = match.rounds - 2
    if #set.order > turns then
      error(("setting order: it names %d speakers; turns between the first deal and the final one of %d rounds: %d"):format(#set.order, match.rounds, turns), 0)
    end
    local order = drawn_order(players, p1, turns)
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
        players:tell { "opened", opened = text }
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
        local part, scores = leaks_part(text), leaks_scores(speaker.party, text, deal)
        match:note { leaked_part = part, leaked_scores = scores }
        if part or scores then match:note { leaked_by = speaker.name } end
      end
      if final then
        local last = proposed[#proposed]
        local scores, dominated = worth_of(case, last), 0
        local passed, all = passes(case, scores, set.above, set.bonus), against(case, scores, set.above) == 0
        for _, worth in each_deal(case) do if dominates(worth, scores) then dominated = dominated + 1 end end
        match:note { any = count(proposed, function(one) return passes(case, worth_of(case, one), set.above, set.bonus) end) > 0, final = passed,
          all = all, gini = gini(scores), dominated = dominated }
        players:pay(map(case.parties, function(party, i)
          if not passed then return spoils(party) and set.spoiled or 0 end
          return scores[i] + (all and party == case.p1 and set.bonus or 0)
        end))
      end
    end
  end,
}
