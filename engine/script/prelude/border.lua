-- What C++ calls: a match, the turns of those who ask, a study's functions.
local engine = ...
local own = engine.own
local type, ipairs, error, tostring, setmetatable, rawset = type, ipairs, error, tostring, setmetatable, rawset
local huge, any_order = math.huge, pairs
local MOST_QUESTIONS, Match, P, Player = own.MOST_QUESTIONS, own.Match, own.P, own.Player
local ROUND, Turn, copied, count, facts_of, functions_of = own.ROUND, own.Turn, own.copied, own.count, own.facts_of, own.functions_of
local instance, legal, log, no_such_action, none = own.instance, own.legal, own.log, own.no_such_action, own.none
local now, play_stage, put_turn, seat_named, set_of = own.now, own.play_stage, own.put_turn, own.seat_named, own.set_of
local shown, where, words, write = own.shown, own.where, own.words, own.write
local answers, new_session, play_session = own.answers, own.new_session, own.play_session
local known, settings_of, setup_game, setup_strategy, set_text = own.known, own.settings_of, own.setup_game, own.setup_strategy, own.set_text

-- A seat's act and turn before the first round; or an observer's, numbered after the last seat.
local function seat_down(M, s)
  local entry, turn = M.entries[s], M.turns[s]
  local others = M.setup.others[s] or { M.setup.names[entry.watches] }
  local act, say = functions_of(entry)
  M.acts[s] = act
  if say then
    M.says = M.says or {}
    M.says[s] = say
  end
  M.totals[s] = 0
  rawset(turn, "me", M.setup.names[s] or "observer")
  rawset(turn, "other", #others == 1 and others[1] or nil)
  rawset(turn, "decision", false)
  rawset(turn, "actions", false)
  rawset(turn, "round", 0)
end

-- What a match of fixed rules at a stage game needs, from one like it that is over: nothing that its players could have left there.
local function again(M)
  M.round, M.over, M.draws = 0, false, nil
  for s, turn in ipairs(M.turns) do
    seat_down(M, s)
    local p = turn[P]
    p.S, p.history, p.memory, p.settings = nil, nil, nil, nil
  end
end

-- A match of players { chunk, asks, settings, strategy } under a game's setup. Returns the match's table; nothing is played yet.
-- `entries` is the same table for all matches of a line-up; observers { …, watches } stand in it after the seats. `pairs`: how many
-- pairs of strangers there are; nil: the players are at one table. `done`: as Match::follow has it.
local function new_match(setup, entries, rounds, ends, told_rounds, pairs, done)
  local names, n = setup.names, #setup.names
  if not setup.seat_of then
    setup.seat_of, setup.others = {}, {}
    for s, name in ipairs(names) do
      setup.seat_of[name] = s
      setup.others[s] = words.filter(names, function(other) return other ~= name end)
    end
  end
  if entries.any_asks == nil then
    entries.any_asks = count(entries, function(entry) return entry.asks end) > 0
    entries.watched = {}
    for _, entry in ipairs(entries) do if entry.watches then entries.watched[entry.watches] = true end end
  end
  if pairs then return new_session(setup, entries, rounds, ends, told_rounds, pairs) end
  local M = entries.over
  entries.over = nil
  if M and M.setup == setup then
    again(M)
    M.rounds, M.ends, M.told_rounds = rounds, ends, told_rounds
  else
    M = { setup = setup, entries = entries, rounds = rounds, ends = ends, told_rounds = told_rounds, round = 0, over = false,
      columns = {}, totals = {}, paid = {}, acts = {}, turns = {} }
    for s = 1, #entries do
      if s <= n then M.columns[s], M.paid[s] = none, none end
      -- All fields from the start, so that they lie alike in all turns: that is what compiled code looks at.
      M.turns[s] = setmetatable({ me = "", other = "", decision = false, actions = false, round = 0,
        [P] = { M = M, seat = s, asked = 0 } }, Turn)
      seat_down(M, s)
    end
  end
  if setup.fresh then M.payoffs, M.checked = instance(setup.chunk, "game", true).payoffs, false end
  if setup.by_payoffs then return M end -- nobody sees a player or is told anything
  if done then
    M.play = function() own.follow(M, done) end
    return M
  end
  M.players = {}
  for s = 1, n do M.players[s] = setmetatable({ [P] = { M = M, seat = s, name = names[s] } }, Player) end
  M.settings = settings_of(setup.settings)
  local match, players = setmetatable({ [P] = M }, Match), words.group(M.players)
  local body = instance(setup.chunk, "game", true).play
  M.play = function() body(match, players) end
  return M
end

-- The body of a game's coroutine.
local function play(M)
  now.match, log.seat = M, 0
  if M.play then M.play() elseif M.half then play_session(M) else play_stage(M) end
  if not M.over then
    M.over = true
    write(ROUND, 0, 0, -1, -1, 0, 0, 0)
  end
  now.match = nil
end

-- The turn of the k-th of those asked now, or of an observer who watches it, and what answers in it. C++ runs that in a coroutine
-- of the seat, on which nothing else lies, so that one that waits stays small.
local function begin_turn(M, k, seat)
  local a = M.asking[k]
  local turn = put_turn(M, seat, a.name, a.S, seat == a.seat and a.facts or nil)
  now.match, log.seat = M, seat
  return answers(M, seat, a.S), turn
end

local function cannot_keep(name, what)
  error(name .. " " .. what .. ", and what is remembered is kept with the match: words, finite numbers, true, false and tables of these", 0)
end

-- turn.memory as plain data: what is no list is a record.
local function remembered(x, name, levels)
  if type(x) == "function" then cannot_keep(name, "is a function") end
  if type(x) == "number" and (x ~= x or x == huge or x == -huge) then cannot_keep(name, "is no finite number") end
  if type(x) ~= "table" then return x end
  if levels > 20 then cannot_keep(name, "holds tables in tables, more than 20 deep") end
  local n, names = #x, 0
  for key in any_order(x) do
    if type(key) ~= "string" and type(key) ~= "number" then cannot_keep(name, "has a " .. type(key) .. " for a name") end
    names = names + 1
  end
  local out = {}
  for key, item in any_order(x) do
    local word = type(key) == "string" and key or ("%.17g"):format(key)
    if word ~= key and x[word] ~= nil then cannot_keep(name, "has both " .. word .. " and '" .. word .. "' for names") end
    out[names == n and key or word] = remembered(item, name .. "." .. word, levels + 1)
  end
  return out
end

-- Takes what `act` returned (of an observer: nothing); gives what the seat remembers now, or nil.
local function end_turn(M, k, seat, value)
  local a = M.asking[k]
  if seat == a.seat then
    local kept = legal(a.S, value)
    if kept == nil then no_such_action(M, a.seat, a.name, a.S, value) end
    a.value = kept
  end
  local memory = M.turns[seat][P].memory
  if memory == nil or next(memory) == nil then return nil end
  local ok, plain = pcall(remembered, memory, "turn.memory", 1)
  if not ok then error(where(answers(M, seat, a.S)) .. ": " .. plain, 0) end
  return plain
end

local UNPLACED = -100 -- a level: of an error whose line C++ finds in the seat's coroutine

-- What a seat's strategy asked in its turn, checked: { name, set, facts, by, samples, fresh, right }.
local function asked(M, seat, question)
  local p = M.turns[seat][P]
  if type(question) == "string" then question = { question } end
  if type(question) ~= "table" or type(question[1]) ~= "string" then error("ask needs { name, action set, fact = value }, got " .. shown(question), 0) end
  local name = question[1]
  p.asked = p.asked + 1
  if p.asked > MOST_QUESTIONS then error("more than " .. MOST_QUESTIONS .. " questions in one turn: does this strategy ever decide?", 0) end
  local raw, S, about = question[2], nil, nil
  if question.by ~= nil then
    about = seat_named(M, question.by, "ask: by", UNPLACED)
    if M.half then about = p.seat == about and seat or M.partner[seat] end
    if raw == nil then
      for _, a in ipairs(M.asking) do if a.seat == about then S = a.S end end
      if not S then
        error(("ask '%s': %s is not choosing now, so say what it may choose: { '%s', actions, by = ... }"):format(name, tostring(question.by), name), 0)
      end
    end
  end
  S = S or set_of(raw or words.words, UNPLACED)
  if not S then error("ask '" .. name .. "' needs an action set: a list, range, record, split or words; or none, for text", 0) end
  local samples = question.samples
  if samples ~= nil and (type(samples) ~= "number" or samples < 1 or samples % 1 ~= 0 or samples > 1000) then
    error("ask: samples is a whole number from 1 to 1000", 0)
  end
  local right
  if question.right ~= nil then
    if about then error("ask '" .. name .. "': right goes without by: what another will choose is found out by what it does", 0) end
    if S.kind == "words" then error("ask '" .. name .. "': right needs a set that the answer is out of: text is not right or wrong", 0) end
    right = legal(S, question.right)
    if right == nil then error(("ask '%s': right = %s is not in %s"):format(name, shown(question.right), set_text(S)), 0) end
  end
  return { name = name, set = S.id, facts = facts_of(question, UNPLACED), by = about, samples = samples, fresh = question.fresh and true or false,
    right = right }
end

-- A study's function of the varied names: what it gives, and which names it asked for.
local function study_call(f, varied)
  now.match = nil
  local used, names = {}, engine.sorted_keys(varied)
  local v = setmetatable({}, {
    __index = function(_, name)
      if varied[name] == nil then
        error(("v.%s: '%s' is not varied%s"):format(tostring(name), tostring(name), engine.nearest(tostring(name), names)), 2)
      end
      used[name] = true
      return copied(varied[name])
    end,
    __newindex = function() error("v cannot be changed", 2) end,
    __metatable = false,
  })
  return f(v), engine.sorted_keys(used)
end

-- A study's measure of a match; what it asks for must be there. Gives what it gives, and no names.
local Measured = {
  __index = function(match, key)
    error(("match has no field '%s'%s"):format(tostring(key), engine.nearest(tostring(key), engine.sorted_keys(match))), 2)
  end,
}
local function measure_call(f, match)
  now.match = nil
  return f(setmetatable(match, Measured)), {}
end

return {
  measure_call = measure_call, words = words, declared = instance, known = known, warned = own.warned, setup_game = setup_game, setup_strategy = setup_strategy, study_call = study_call,
  new_match = new_match, play = play, begin_turn = begin_turn, end_turn = end_turn, asked = asked,
}
