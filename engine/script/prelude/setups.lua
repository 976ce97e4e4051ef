-- A game under its settings: what is the same in all its matches.
local engine = ...
local own = engine.own
local type, ipairs, select, error, tostring, rawget = type, ipairs, select, error, tostring, rawget
local floor = math.floor
local P, at_step, copied, instance, map, set_of = own.P, own.at_step, own.copied, own.instance, own.map, own.set_of
local now, payable, settings_of, shown, steps, warm, where = own.now, own.payable, own.settings_of, own.shown, own.steps, own.warm, own.where

local function call_or(value, settings)
  if type(value) == "function" then return value(settings_of(settings)) end
  return value
end

local taken = { mine = true, theirs = true, all = true, observer = true, choose = true, tell = true, pay = true, group = true }

local function check_names(names)
  local seen = {}
  for _, name in ipairs(names) do
    if type(name) ~= "string" or not name:match("^[%w_\128-\255][^%.%c{}]*$") or name:match("%s$") then
      error("a player's name is made of words without dots and braces, got " .. shown(name), 0)
    end
    if taken[name] then error("no player can be called '" .. name .. "': it is a word of the engine's", 0) end
    if seen[name] then error("two players are called '" .. name .. "'", 0) end
    seen[name] = true
  end
  return names
end

local function seat_names(game, settings, n)
  local spec = call_or(game.players, settings)
  if spec == nil then spec = { "row", "column" } end
  local least, most, names
  if type(spec) == "number" then least, most = spec, spec
  elseif type(spec) == "table" and spec.kind == "range" then least, most = spec.lo, spec.hi
  elseif type(spec) == "table" and #spec > 0 then least, most, names = #spec, #spec, check_names(copied(spec))
  else error("players are names, a number, a range, or a function of the settings that gives one of these", 0) end
  if least < 1 or least % 1 ~= 0 or most % 1 ~= 0 then error("the number of players is a whole number of 1 or more", 0) end
  if n and n >= least and n <= most and not names then
    names = {}
    for i = 1, n do names[i] = "player" .. i end
  end
  return least, most, names, type(spec) == "number" and spec or nil
end

local function outcomes(stage) -- how many, where every set is a list or range; else nil
  local n = 1
  for _, S in ipairs(stage.sets) do
    local size = S.index and #S.plain or S.kind == "range" and steps(S) + 1
    if not size then return nil end
    n = n * size
  end
  return n
end

local function action_at(S, i)
  if S.index then return S.plain[i + 1] end
  return at_step(S, i)
end

local function wrong(stage, payoffs, what)
  error(("%s: payoffs %s"):format(type(payoffs) == "function" and where(payoffs) or stage.at, what), 0)
end

-- From choices as a list, by the table or function; a list. `payoffs`: this match's own. Errors name the line that declares it.
local function amounts(stage, choices, payoffs)
  local names = stage.names
  local got
  payoffs = payoffs or stage.payoffs
  if type(payoffs) == "function" then
    local c, match = {}, now.match
    for i, x in ipairs(choices) do
      x = copied(x)
      c[i], c[names[i]] = x, x
    end
    now.match = nil -- no chance: it must depend on the choices and settings alone
    got = payoffs(c, settings_of(stage.settings))
    now.match = match
  else
    got = payoffs
    for i, x in ipairs(choices) do
      got = type(got) == "table" and got[x]
      if not got then wrong(stage, payoffs, "has no cell for " .. table.concat(map(choices, shown), ", ")) end
    end
  end
  if type(got) ~= "table" then wrong(stage, payoffs, "gives " .. shown(got) .. ", not a number for each seat") end
  if #got > #names then wrong(stage, payoffs, ("gives %d numbers for %d seats"):format(#got, #names)) end
  local out = {}
  for i, name in ipairs(names) do
    local x = rawget(got, i)
    if x == nil then x = rawget(got, name) end
    if not payable(x) then
      wrong(stage, payoffs, ("gives %s for %s, where a number is wanted"):format(shown(x), name))
    end
    out[i] = x
  end
  return out
end

-- The same, called twice.
local function checked_amounts(stage, choices, payoffs)
  local got, again = amounts(stage, choices, payoffs), amounts(stage, choices, payoffs)
  for i, x in ipairs(got) do
    if again[i] ~= x then
      wrong(stage, payoffs or stage.payoffs, "must depend on the choices and settings alone: called twice it gave two answers")
    end
  end
  return got
end

-- What the seats of a match are paid for their choices, as a list.
local function paid_for(M, choices)
  local stage = M.setup
  if stage.cells then
    local cell = 0
    for i, S in ipairs(stage.sets) do
      if S.index then
        cell = cell * #S.plain + S.index[choices[i]]
      else
        cell = cell * (steps(S) + 1) + floor((choices[i] - S.lo) / S.step + .5)
      end
    end
    return stage.cells[cell + 1]
  end
  if M.checked then return amounts(stage, choices, M.payoffs) end
  M.checked = true
  return checked_amounts(stage, choices, M.payoffs)
end

-- From the places (from 0) of one outcome's actions in their sets to those of the next; the last seat's action runs fastest.
local function next_outcome(sets, places)
  for i = #places, 1, -1 do
    local S = sets[i]
    places[i] = places[i] + 1
    if places[i] < (S.index and #S.plain or steps(S) + 1) then return end
    places[i] = 0
  end
end

local MOST_CELLS = 4096 -- a payoff function over more outcomes is called when it is needed

local function tabulate(stage)
  local n = outcomes(stage)
  if not n or n > MOST_CELLS then return end
  local cells, places = {}, {}
  for i = 1, #stage.sets do places[i] = 0 end
  for cell = 1, n do
    local choices = {}
    for i, S in ipairs(stage.sets) do choices[i] = action_at(S, places[i]) end
    cells[cell] = checked_amounts(stage, choices)
    next_outcome(stage.sets, places)
  end
  stage.cells = cells
end

local function define_stage(setup, game, settings)
  local actions = call_or(game.actions, settings)
  local per_seat = type(actions) == "table" and actions.kind == nil and type(actions[1]) == "table" and not actions[1][P]
  if per_seat and #actions ~= #setup.names then
    error(("actions are given for %d seats, and there are %d"):format(#actions, #setup.names), 0)
  end
  setup.sets = {}
  for i = 1, #setup.names do
    setup.sets[i] = set_of(per_seat and actions[i] or actions, -1)
    if not setup.sets[i] then error("actions is no action set: a list, range, record, split or words", 0) end
  end
  setup.one_set = not per_seat
end

-- Holds settings against what a game says they may be: a list, or a range, whose step of 1 means whole numbers, and a smaller one any.
local function check_allowed(what, settings, allowed)
  for _, name in ipairs(engine.sorted_keys(allowed)) do
    local set, value, may_be = allowed[name], settings[name], nil
    if set.kind == "range" then
      local inside = type(value) == "number" and value >= set.lo and value <= set.hi and (set.step < 1 or value % 1 == 0)
      may_be = not inside and ("a %s from %s to %s"):format(set.step < 1 and "number" or "whole number", shown(set.lo), shown(set.hi))
    else
      may_be = table.concat(map(set, shown), ", ")
      for _, one in ipairs(set) do if one == value then may_be = nil end end
    end
    if may_be then error(("setting '%s' of %s is %s, not %s"):format(name, what, shown(value), may_be), 0) end
  end
end

-- Checks the settings given and returns all of them.
local function settled(what, defaults, given, allowed)
  local out = settings_of(defaults or {})
  for _, name in ipairs(engine.sorted_keys(given)) do
    local value, default = given[name], (defaults or {})[name]
    if default == nil then
      error(("%s has no setting '%s'%s"):format(what, name, engine.nearest(name, engine.sorted_keys(defaults or {}))), 0)
    end
    if type(value) ~= type(default) then
      error(("setting '%s' of %s is %s, not %s"):format(name, what, engine.a_kind(default), engine.a_kind(value)), 0)
    end
    out[name] = copied(value)
  end
  if allowed then check_allowed(what, out, allowed) end
  return out
end

-- What a game says of itself under its settings, beside what a study varies: names with words or numbers.
local function columns_of(game, settings)
  local columns = call_or(game.columns, settings)
  if columns == nil then return nil end
  if type(columns) ~= "table" or #columns > 0 then error("columns are names with words or numbers, or a function of the settings that gives them", 0) end
  for _, name in ipairs(engine.sorted_keys(columns)) do
    local value = columns[name]
    if type(value) ~= "string" and type(value) ~= "number" then
      error(("columns: '%s' is %s, not a word or a number"):format(name, engine.a_kind(value)), 0)
    end
  end
  return columns
end

-- What `f` gives; a mistake that has no place of its own in a file is one of the game's declaration.
local function at_its_place(setup, f)
  local ok, got = pcall(f)
  if ok then return got end
  got = tostring(got)
  local placed = got:match("^[^\n]-:%d+: ") or got:sub(1, #setup.path + 2) == setup.path .. ": "
  error(placed and got or setup.at .. ": " .. got, 0)
end

local AS_DECLARED = -1 -- kAsDeclared

-- What C++ keeps for a game under given settings and number of seats.
local function setup_game(chunk, given, n)
  now.match = nil -- another one may be waiting
  local path = engine.path(chunk)
  local game, line = instance(chunk, "game")
  warm(chunk, "game")
  local name = path:match("([^/]*)%.lua$") or path
  local setup = { chunk = chunk, path = path, at = path .. ":" .. line, by_payoffs = game.payoffs ~= nil, defaults = game.settings or {} }
  setup.settings = settled("game '" .. name .. "'", game.settings, given, game.allowed)
  setup.about, setup.source, setup.solve, setup.check, setup.ends = game.about, game.source, game.solve, game.check, game.ends ~= false
  if n == AS_DECLARED then
    setup.least, setup.most = 0, 0
    return setup
  end
  at_its_place(setup, function()
    if game.data then engine.own_data(path, game.data) end
    local exact
    setup.least, setup.most, setup.names, exact = seat_names(game, setup.settings, n)
    if not setup.names and exact then setup.names = select(3, seat_names(game, setup.settings, exact)) end
    local rounds = call_or(game.rounds, setup.settings)
    if rounds ~= nil and (type(rounds) ~= "number" or rounds < 1 or rounds % 1 ~= 0) then error("rounds is a whole number of 1 or more", 0) end
    setup.rounds = rounds
    setup.columns = columns_of(game, setup.settings)
    if game.actions ~= nil and setup.names then define_stage(setup, game, setup.settings) end
    if game.payoffs and setup.names then
      setup.payoffs = game.payoffs
      tabulate(setup)
      setup.fresh = not setup.cells -- a payoff function that is called in play is a new one for each match
    end
  end)
  return setup
end

-- A number, word or boolean, as things that are known have them.
local function plain(value, what)
  if type(value) == "string" or type(value) == "number" or type(value) == "boolean" then return value end
  error(("solve: %s is %s, not a number, word or boolean"):format(what, engine.a_kind(value)), 0)
end

-- What a game says can be known of it without playing it: a list of { name, value } and { name, columns, rows }, by those names.
local function known(setup)
  if not setup.solve then return {} end
  now.match = nil
  return at_its_place(setup, function()
    local form = "{ name, value } or { name, columns = { ... }, rows = { { ... }, ... } }"
    local given = setup.solve(settings_of(setup.settings), copied(setup.names or {}))
    if type(given) ~= "table" then error("solve gives a list of " .. form, 0) end
    return map(given, function(one)
      if type(one) ~= "table" or type(one[1]) ~= "string" then error("solve: each item is " .. form, 0) end
      local name = one[1]
      if one.rows == nil then return { name = name, value = plain(one[2], "'" .. name .. "'"), columns = {}, rows = {} } end
      if type(one.rows) ~= "table" or type(one.columns) ~= "table" then error(("solve: '%s' is %s"):format(name, form), 0) end
      return { name = name, columns = copied(one.columns), rows = map(one.rows, function(row)
        if type(row) ~= "table" or #row ~= #one.columns then error(("solve: '%s' has a row without a cell for each column"):format(name), 0) end
        return map(row, function(cell) return plain(cell, "a cell of '" .. name .. "'") end)
      end) }
    end)
  end)
end

-- What a game's `check` warns of: a list of texts.
local function warned(setup)
  if not setup.check then return {} end
  now.match = nil
  return at_its_place(setup, function()
    local given = setup.check(settings_of(setup.settings), copied(setup.names or {}))
    if type(given) ~= "table" then error("check gives a list of texts", 0) end
    return map(given, function(text)
      if type(text) ~= "string" then error("check gives a list of texts, got " .. shown(text), 0) end
      return text
    end)
  end)
end

local stateless = {} -- by chunk: a strategy whose functions hold nothing from outside themselves is the same in every instance

local function nothing_held(f) return f == nil or debug.getinfo(f, "u").nups == 0 end

local function setup_strategy(chunk)
  local s = instance(chunk, "strategy")
  if nothing_held(s.act) and nothing_held(s.say) then
    stateless[chunk] = s
  else
    warm(chunk, "strategy")
  end
  return { about = s.about, source = s.source, settings = s.settings or {} }
end

-- The `act` and the `say`, if it has one, that play an entry of a line-up.
local function functions_of(entry)
  local s = stateless[entry.chunk] or instance(entry.chunk, "strategy", true)
  return s.act, s.say
end

own.paid_for, own.action_at, own.functions_of, own.setup_game = paid_for, action_at, functions_of, setup_game
own.warned, own.known, own.setup_strategy, own.outcomes, own.MOST_CELLS, own.next_outcome = warned, known, setup_strategy, outcomes, MOST_CELLS, next_outcome
