-- The author's vocabulary (LUA.md) and the playing of a match. Runs once a process, outside the sandbox; `words` is what
-- authors see. C++ (match.cc, catalog.cc) calls what this file returns.
--
-- The border: two yields (a game chooses, a strategy asks) and five calls (tell, pay, next round, random, read). What
-- happens is written as events into a buffer that C++ owns (`log`, parley::Event); C++ takes them whenever it gets control.
local engine = ...
local ffi = require "ffi"
local new_table = require "table.new"
local words = {}

local type, ipairs, select, unpack, error, tostring = type, ipairs, select, unpack, error, tostring
local setmetatable, getmetatable, rawset, rawget = setmetatable, getmetatable, rawset, rawget
local floor, abs, huge = math.floor, math.abs, math.huge
local yield = coroutine.yield
local any_order = pairs

-- Under this key objects keep what authors must not see; the sandbox's `pairs` skips it.
local P = sandbox.hidden

ffi.cdef [[
typedef struct { int32_t kind, seat, name, set, index, value, seen, observed; double number; } parley_event;
typedef struct { int32_t count, capacity, values, seat, cells, cell[4096]; parley_event events[1]; } parley_log;
]]
local log = ffi.cast("parley_log*", engine.log)
local log_values = engine.values -- what events point to until C++ takes them
local ROUND, CHOICE, DONE, PAY, NOTE, TOLD, MISSING = 1, 2, 3, 4, 5, 6, 7

local function write(kind, seat, name, set, index, value, seen, number)
  local n = log.count
  if n == log.capacity then engine.flush(); n = 0 end
  local e = log.events[n]
  e.kind, e.seat, e.name, e.set = kind, seat, name, set
  e.index, e.value, e.seen, e.observed = index, value, seen, 0
  e.number = number
  log.count = n + 1
end

local function keep(value) -- for the event that is written next to point to
  if value == nil then return 0 end
  if log.count == log.capacity then engine.flush() end -- not between the two: what is kept goes with what is written
  local n = log.values + 1
  log_values[n] = value
  log.values = n
  return n
end

local ids = setmetatable({}, { __index = function(t, name) local id = engine.name(name); t[name] = id; return id end })

local function copied(x) -- of plain data
  if type(x) ~= "table" then return x end
  local out = {}
  for k, v in any_order(x) do if k ~= P then out[k] = copied(v) end end
  return out
end

local function shown(x) -- for messages
  if type(x) == "string" then return "'" .. x .. "'" end
  if type(x) == "table" and not (getmetatable(x) or {}).__tostring then return "a table" end
  return x == nil and "nothing" or tostring(x)
end

-- Lists ---------------------------------------------------------------------------------------------------------------

local function list(x, word)
  if type(x) ~= "table" then error(word .. " needs a list, got " .. shown(x), 3) end
  return x
end
local function like(l)
  local mt = getmetatable(l)
  return setmetatable({}, type(mt) == "table" and mt.group and mt or nil)
end

function words.map(l, f)
  list(l, "map")
  local out = {}
  for i, x in ipairs(l) do out[i] = (f(x, i)) end
  return out
end
local map = words.map

function words.filter(l, test)
  local out = like(list(l, "filter"))
  for i, x in ipairs(l) do if test(x, i) then out[#out + 1] = x end end
  return out
end

local function number(x, word, level)
  if type(x) ~= "number" then error(word .. " needs numbers, got " .. shown(x), (level or 3) + 1) end
  return x
end

function words.sum(l, f)
  local s = 0
  for i, x in ipairs(list(l, "sum")) do
    if f then x = f(x, i) end
    s = s + number(x, "sum")
  end
  return s
end

local function mean_of(l, word)
  list(l, word)
  if #l == 0 then error(word .. " of an empty list", 3) end
  local s = 0
  for _, x in ipairs(l) do s = s + number(x, word) end
  return s / #l
end
function words.mean(l) return mean_of(l, "mean") end

function words.variance(l) -- of the population
  local m, s = mean_of(l, "variance"), 0
  for _, x in ipairs(l) do s = s + (x - m) ^ 2 end
  return s / #l
end

function words.gini(l) -- mean absolute difference over twice the mean (Sen 1973); 0 where nobody has anything
  local m, s = mean_of(l, "gini"), 0
  for _, x in ipairs(l) do for _, y in ipairs(l) do s = s + abs(x - y) end end
  return m == 0 and 0 or s / (2 * #l * #l * m)
end

local function count(l, wanted)
  local n = 0
  for i, x in ipairs(list(l, "count")) do
    if type(wanted) == "function" then
      if wanted(x, i) then n = n + 1 end
    elseif x == wanted then
      n = n + 1
    end
  end
  return n
end
words.count = count

-- Every item that is largest by `f`, in the list's order, and how large: ties are never settled silently.
local function largest(l, f)
  local out, best = like(list(l, "largest")), nil
  for i, x in ipairs(l) do
    local v = x
    if f then v = f(x, i) end
    if v == nil then error("largest: no value for item " .. i, 2) end
    if best == nil or v > best then best, out = v, like(l) end
    if v == best then out[#out + 1] = x end
  end
  return out, best
end
words.largest = largest

function words.commonest(l)
  local seen, once, often = {}, like(list(l, "commonest")), {}
  for _, x in ipairs(l) do
    if not seen[x] then once[#once + 1] = x end
    seen[x] = (seen[x] or 0) + 1
  end
  return largest(once, function(x) return seen[x] end)
end

function words.cycle(l, n) -- the n-th item, starting over at the end
  if #list(l, "cycle") == 0 then error("cycle of an empty list", 2) end
  return l[(n - 1) % #l + 1]
end

function words.rounded(x, digits)
  local k = 10 ^ (digits or 0)
  return floor(number(x, "rounded", 2) * k + .5) / k
end

-- Chance --------------------------------------------------------------------------------------------------------------

local current = nil -- the match that plays now; log.seat: whose draws are taken, a seat, or 0 for nature

local function unit(level)
  local M = current
  if not M then error("there is no chance here: only in play and act", level + 1) end
  local draws = M.draws
  if not draws then
    draws = {}
    M.draws = draws
  end
  local d = draws[log.seat]
  if not d then
    d = { round = 0, n = 0 }
    draws[log.seat] = d
  end
  if d.round ~= M.round then d.round, d.n = M.round, 0 end
  d.n = d.n + 1
  return engine.random(log.seat, M.round, d.n)
end

local function random(level, lo, hi)
  local u = unit(level + 1)
  if lo == nil then return u end
  if hi == nil then lo, hi = 1, lo end
  if lo > hi then error("math.random: " .. tostring(lo) .. " to " .. tostring(hi) .. " is empty", level + 1) end
  return lo + floor(u * (hi - lo + 1))
end
function sandbox.libraries.math.random(lo, hi)
  local x = random(2, lo, hi) -- no tail call: errors count frames
  return x
end

function words.shuffled(l)
  local out = like(list(l, "shuffled"))
  for i, x in ipairs(l) do
    local j = random(2, i)
    out[i] = out[j]
    out[j] = x
  end
  return out
end

local function steps(set) return floor((set.hi - set.lo) / set.step + 1e-6) end
local function at_step(set, i)
  local x = set.lo + i * set.step
  if set.step % 1 ~= 0 then x = tonumber(("%.12g"):format(x)) end -- 3 * .1 is .3
  return x
end

local function pick(set, level)
  list(set, "pick")
  local kind = set.kind
  if kind == "range" then return at_step(set, random(level + 1, 0, steps(set))) end
  if kind == "record" then
    local out = {}
    for _, field in ipairs(set.order) do out[field] = pick(set.fields[field], level + 1) end
    return out
  end
  if kind == "split" then
    local out = {}
    for _, name in ipairs(set.names) do out[name] = 0 end
    for _ = 1, set.total do
      local name = set.names[random(level + 1, #set.names)]
      out[name] = out[name] + 1
    end
    return out
  end
  if kind == "words" then error("pick: words cannot be drawn", level + 1) end
  if #set == 0 then error("nothing to pick from", level + 1) end
  return set[random(level + 1, #set)]
end
function words.pick(set)
  local x = pick(set, 2) -- no tail call either
  return x
end

-- Action sets ---------------------------------------------------------------------------------------------------------

words.words = setmetatable({}, { -- frozen, as it is shared by all
  __index = { kind = "words" },
  __metatable = false,
  __call = function(_, most)
    if type(most) ~= "number" or most < 1 then error("words(n): n is the most words, 1 or more", 2) end
    return { kind = "words", most = most }
  end,
  __newindex = function() error("words cannot be changed", 2) end,
})

function words.range(lo, hi, step)
  step = step or 1
  if type(lo) ~= "number" or type(hi) ~= "number" or not (lo <= hi) then error("range(lo, hi) needs two numbers, lo <= hi", 2) end
  if type(step) ~= "number" or not (step > 0) then error("range: the step is a number above 0", 2) end
  if (hi - lo) / step > 1e9 or hi - lo == huge then error("range: more than a thousand million values", 2) end
  return { kind = "range", lo = lo, hi = hi, step = step }
end

local set_of -- the engine's own form of an author's set

function words.record(fields)
  local order = {}
  for name, of in any_order(list(fields, "record")) do
    if type(name) ~= "string" or not name:match("^[%a_][%w_]*$") then error("record: a field's name is a word, got " .. shown(name), 2) end
    order[#order + 1] = name
  end
  if #order == 0 then error("record { field = set } needs a field", 2) end
  table.sort(order)
  for _, name in ipairs(order) do
    if type(fields[name]) ~= "table" then error("record: '" .. name .. "' needs an action set", 2) end
  end
  return { kind = "record", fields = fields, order = order }
end

function words.split(total, names)
  if type(total) ~= "number" or total < 0 or total % 1 ~= 0 then error("split: the total is a whole number of 0 or more", 2) end
  if type(names) ~= "table" or #names == 0 then error("split: names is a list", 2) end
  return { kind = "split", total = total, names = map(names, tostring) }
end

local function name_of(x) return type(x) == "table" and x[P] and x.name or x end -- players cross as their names

local sets = {} -- by content
local function key_of(set)
  local kind = set.kind
  if kind == nil then
    local out = {}
    for i, x in ipairs(set) do
      x = name_of(x)
      out[i] = type(x) == "string" and #x .. ":" .. x or type(x):sub(1, 1) .. tostring(x)
    end
    return "l" .. table.concat(out, ",")
  end
  if kind == "range" then return ("r%.17g,%.17g,%.17g"):format(set.lo, set.hi, set.step) end
  if kind == "words" then return "w" .. (set.most or "") end
  if kind == "split" then return "s" .. set.total .. ":" .. table.concat(set.names, "\1") end
  local out = {}
  for i, field in ipairs(set.order) do out[i] = field .. "=" .. key_of(set.fields[field]) end
  return "{" .. table.concat(out, "\2") .. "}"
end

local kinds = { range = true, words = true, split = true, record = true }

local function plain_set(set)
  if set.kind == nil then return map(set, name_of) end
  local out = { kind = set.kind, lo = set.lo, hi = set.hi, step = set.step, total = set.total, most = set.most }
  if set.names then out.names = copied(set.names) end
  if set.kind == "record" then
    out.fields = {}
    for field, of in any_order(set.fields) do out.fields[field] = plain_set(of) end
  end
  return out
end

-- { id, plain (for C++), kind, index (action -> place from 0, of lists), fields (of records) }
function set_of(set, level)
  if type(set) ~= "table" or (set.kind == nil and #set == 0) or (set.kind ~= nil and not kinds[set.kind]) then return nil end
  local key = key_of(set)
  local S = sets[key]
  if S then return S end
  local plain = plain_set(set)
  local ok, id = pcall(engine.set, plain)
  if not ok then error((tostring(id):gsub("^[^:]*:%d+: ", "")), level + 1) end
  S = { id = id, plain = plain, kind = set.kind, lo = set.lo, hi = set.hi, step = set.step, total = set.total, names = plain.names }
  if set.kind == nil then
    S.index = {}
    for i, x in ipairs(plain) do S.index[x] = i - 1 end
  elseif set.kind == "record" then
    S.fields, S.order = {}, copied(set.order)
    for field, of in any_order(set.fields) do
      S.fields[field] = set_of(of, level + 1) or error("record: '" .. field .. "' is no action set", level + 1)
    end
  end
  sets[key] = S
  return S
end

local function author_view(S) -- a copy that its reader may scribble on
  if S.index then
    local out = {}
    for i, x in ipairs(S.plain) do out[i] = x end
    return out
  end
  local out = copied(S.plain)
  if S.kind == "record" then
    out.order = copied(S.order)
    for field, of in any_order(S.fields) do out.fields[field] = author_view(of) end
  end
  return out
end

-- The action as it is kept (a copy, a number on its step), or nil where it is not in the set.
local function legal(S, x)
  if S.index then
    x = name_of(x)
    return x ~= nil and S.index[x] and x or nil
  end
  if S.kind == "range" then
    if type(x) ~= "number" then return nil end
    local k = (x - S.lo) / S.step
    local whole = floor(k + .5)
    return abs(k - whole) < 1e-6 and whole >= 0 and whole <= steps(S) and at_step(S, whole) or nil
  end
  if S.kind == "words" then return type(x) == "string" and x or nil end
  if type(x) ~= "table" then return nil end
  local out, n = {}, 0
  if S.kind == "record" then
    for field, of in any_order(S.fields) do
      out[field] = legal(of, x[field])
      if out[field] == nil then return nil end
      n = n + 1
    end
  else
    local total = 0
    for _, name in ipairs(S.names) do
      local part = x[name]
      if type(part) ~= "number" or part < 0 or part % 1 ~= 0 then return nil end
      out[name], total, n = part, total + part, n + 1
    end
    if total ~= S.total then return nil end
  end
  for _ in any_order(x) do n = n - 1 end
  return n == 0 and out or nil
end

-- Declarations --------------------------------------------------------------------------------------------------------

local declared
local known = false -- whether what is declared now was checked before: a file's further instances declare the same

local function declaration(kind, fields)
  return function(def)
    if known and not declared then
      declared = { kind = kind, def = def }
      return
    end
    if type(def) ~= "table" then error(kind .. " needs a table: " .. kind .. " { ... }", 2) end
    if declared then error("a file declares one thing, and this is a second", 2) end
    if current then error(kind .. " is declared once, at the top of a file", 2) end
    if fields then
      for _, key in ipairs(engine.sorted_keys(def)) do
        if not fields[key] then
          error(("%s has no field '%s'%s"):format(kind, tostring(key), engine.nearest(tostring(key), engine.sorted_keys(fields))), 2)
        end
      end
    end
    declared = { kind = kind, def = def }
    if kind == "game" then
      if (def.payoffs == nil) == (def.play == nil) then error("a game has either payoffs or play", 2) end
      if def.payoffs and not def.actions then error("a game with payoffs needs actions", 2) end
      if def.play and type(def.play) ~= "function" then error("play is a function of (match, players)", 2) end
    elseif kind == "strategy" then
      if type(def.act) ~= "function" then error("a strategy needs act, a function of (turn)", 2) end
    end
    if kind ~= "study" and def.settings ~= nil then
      if type(def.settings) ~= "table" or #def.settings > 0 then error("settings are names with defaults", 2) end
    end
    if def.about ~= nil and type(def.about) ~= "string" then error("about is a text", 2) end
  end
end

words.game = declaration("game", { about = true, source = true, players = true, rounds = true, settings = true, actions = true,
  payoffs = true, play = true })
words.strategy = declaration("strategy", { about = true, source = true, settings = true, act = true })
words.study = declaration("study")

-- Runs a new instance of a file; what it declares. `kind` is what it must be. `again`: it was run and checked before.
local function instance(chunk, kind, again)
  local before, seat = current, log.seat
  declared, current, known = nil, nil, again or false
  engine.instance(chunk)()
  local got = declared
  declared, current, log.seat, known = nil, before, seat, false
  if not got then error(engine.path(chunk) .. ": it declares nothing: a file says " .. kind .. " { ... }", 0) end
  if got.kind ~= kind then error(("%s: it declares a %s, and a %s is wanted"):format(engine.path(chunk), got.kind, kind), 0) end
  return got.def
end

-- LuaJIT compiles calls for the one closure that it met, unless it has seen several of a function made (lj_func.c,
-- PROTO_CLC_POLY): then for all of them. Each match brings closures of its own, so a file begins with some.
local function warm(chunk, kind) for _ = 1, 4 do instance(chunk, kind, true) end end

-- The reading of files ------------------------------------------------------------------------------------------------

function words.read(path)
  if type(path) ~= "string" then error("read(path) needs a path", 2) end
  local got = engine.read(path) -- no tail call: the binding finds the author two frames up
  return got
end

-- A game under its settings: what is the same in all its matches ----------------------------------------------------------

local Group, Player, Match, Turn = { group = true }, {}, {}, {}

local function call_or(value, settings)
  if type(value) == "function" then return value(settings) end
  return value
end

local function seat_names(game, settings, n)
  local spec = call_or(game.players, settings)
  if spec == nil then spec = { "row", "column" } end
  local least, most, names
  if type(spec) == "number" then least, most = spec, spec
  elseif type(spec) == "table" and spec.kind == "range" then least, most = spec.lo, spec.hi
  elseif type(spec) == "table" and #spec > 0 then least, most, names = #spec, #spec, copied(spec)
  else error("players are names, a number, a range, or a function of the settings that gives one of these", 0) end
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

local function action_at(S, i) return S.index and S.plain[i + 1] or at_step(S, i) end

-- From choices as a list, by the table or function; a list. `payoffs`: this match's own.
local function amounts(stage, choices, payoffs)
  local names = stage.names
  local got
  payoffs = payoffs or stage.payoffs
  if type(payoffs) == "function" then
    local c = {}
    for i, x in ipairs(choices) do c[i] = x; c[names[i]] = x end
    got = payoffs(c, stage.settings)
  else
    got = payoffs
    for i, x in ipairs(choices) do
      got = type(got) == "table" and got[x]
      if got == nil or got == false then error(("payoffs has no cell for %s"):format(table.concat(map(choices, shown), ", ")), 0) end
    end
  end
  if type(got) ~= "table" then error("payoffs gives " .. shown(got) .. ", not a number for each seat", 0) end
  local out = {}
  for i, name in ipairs(names) do
    local x = got[i]
    if x == nil then x = got[name] end
    if type(x) ~= "number" or x ~= x or x == huge or x == -huge then
      error(("payoffs gives %s for %s, where a number is wanted"):format(shown(x), name), 0)
    end
    out[i] = x
  end
  return out
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
    local got, again = amounts(stage, choices), amounts(stage, choices)
    for i, x in ipairs(got) do
      if again[i] ~= x then error("payoffs must depend on the choices and settings alone: called twice it gave two answers", 0) end
    end
    cells[cell] = got
    for i = #places, 1, -1 do -- the last seat's action runs fastest
      local S = stage.sets[i]
      places[i] = places[i] + 1
      if places[i] < (S.index and #S.plain or steps(S) + 1) then break end
      places[i] = 0
    end
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
    setup.sets[i] = set_of(per_seat and actions[i] or actions, 2)
    if not setup.sets[i] then error("actions is no action set: a list, range, record, split or words", 0) end
  end
  setup.one_set = not per_seat
end

-- Checks the settings given and returns all of them.
local function settled(what, defaults, given)
  local out = copied(defaults or {})
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
  return out
end

-- What C++ keeps for a game under given settings and number of seats.
local function setup_game(chunk, given, n)
  local path = engine.path(chunk)
  local game = instance(chunk, "game")
  warm(chunk, "game")
  local name = path:match("([^/]*)%.lua$") or path
  local setup = { chunk = chunk, path = path, by_payoffs = game.payoffs ~= nil, defaults = game.settings or {} }
  setup.settings = settled("game '" .. name .. "'", game.settings, given)
  local ok, problem = pcall(function()
    local exact
    setup.least, setup.most, setup.names, exact = seat_names(game, setup.settings, n)
    if not setup.names and exact then setup.names = select(3, seat_names(game, setup.settings, exact)) end
    local rounds = call_or(game.rounds, setup.settings)
    if rounds ~= nil and (type(rounds) ~= "number" or rounds < 1 or rounds % 1 ~= 0) then error("rounds is a whole number of 1 or more", 0) end
    setup.rounds = rounds
    if game.actions ~= nil and setup.names then define_stage(setup, game, setup.settings) end
    if game.payoffs and setup.names then
      setup.payoffs = game.payoffs
      tabulate(setup)
      setup.fresh = not setup.cells -- a payoff function that is called in play is a new one for each match
    end
  end)
  if not ok then
    problem = tostring(problem)
    error(problem:match("^[^\n]-:%d+: ") and problem or path .. ": " .. problem, 0)
  end
  setup.about, setup.source = game.about, game.source
  return setup
end

local stateless = {} -- by chunk: an `act` that holds nothing from outside itself is the same in every instance

local function setup_strategy(chunk)
  local s = instance(chunk, "strategy")
  if debug.getinfo(s.act, "u").nups == 0 then
    stateless[chunk] = s.act
  else
    warm(chunk, "strategy")
  end
  return { about = s.about, source = s.source, settings = s.settings or {} }
end

-- Players and groups -------------------------------------------------------------------------------------------------

Player.__index = function(p, key)
  local M = p[P]
  if key == "total" then return M.totals[p.seat] end
  if key == "others" then
    local seat = p.seat
    return words.filter(M.players, function(q) return q.seat ~= seat end)
  end
  if key == "other" then
    if #M.players ~= 2 then error("player.other: this game has " .. #M.players .. " players; use player.others", 2) end
    return M.players[3 - p.seat]
  end
  return Player[key]
end
Player.__newindex = function(p, key, value)
  if Player[key] or key == "total" or key == "other" or key == "others" then
    error("'" .. tostring(key) .. "' is the engine's word of a player: keep your own things under another name", 2)
  end
  rawset(p, key, value)
end
Player.__tostring = function(p) return p.name end
Player.__metatable = "a player"

function sandbox.order(key) return type(key) == "table" and rawget(key, P) and rawget(key, "seat") end -- players by seat

local function is_player(x) return type(x) == "table" and rawget(x, P) ~= nil and rawget(x, "seat") ~= nil end

Group.__index = function(g, key)
  local method = Group[key]
  if method then return method end
  if type(key) == "string" then
    for _, p in ipairs(g) do if p.name == key then return p end end
  end
end

function words.group(l)
  for _, p in ipairs(list(l, "group")) do
    if not is_player(p) then error("a group is a list of players, got " .. shown(p), 2) end
  end
  return setmetatable(map(l, function(p) return p end), Group)
end

local none = {} -- in place of what a seat has none of yet

local reserved = { seen_by = true, by = true, samples = true, fresh = true, missing = true }

local function fact(x, level) -- a fact as it crosses: players as names
  if type(x) ~= "table" then
    if type(x) == "function" then error("a fact is a value, not a function", level + 1) end
    return x
  end
  if is_player(x) then return x.name end
  local out = {}
  for k, v in any_order(x) do
    if is_player(k) then k = k.name end
    if k ~= P then out[k] = fact(v, level + 1) end
  end
  return out
end

local function facts_of(q, level)
  local out
  for k, v in any_order(q) do
    if type(k) == "string" and not reserved[k] then
      out = out or {}
      out[k] = fact(v, level + 1)
    elseif type(k) == "number" and k > 2 or k == 2 and (type(v) ~= "table" and not q.by) then
      error("a question is { name, action set, fact = value }: there is no place for " .. shown(v), level + 1)
    end
  end
  return out
end

local function seats_of(who, word, level) -- a list of seat numbers, in order; nil: everyone
  if who == nil then return nil end
  local out = {}
  if is_player(who) then return { who.seat } end
  if type(who) ~= "table" then error(word .. " is a player or a list of players, got " .. shown(who), level + 1) end
  for _, p in ipairs(who) do
    if not is_player(p) then error(word .. " is a player or a list of players, got " .. shown(p), level + 1) end
    out[#out + 1] = p.seat
  end
  table.sort(out)
  return out
end

-- What a seat chose in a decision: { n, [i] = value, round = { [i] = in which round }, plain, seen, done }. Without `round` the
-- i-th was chosen in round i; plain: all see it, and it was done as chosen.
local function column(M, seat, name)
  local columns = M.columns[seat]
  if columns == none then
    columns = {}
    M.columns[seat] = columns
  end
  local col = columns[name]
  if not col then
    col = { n = 0, round = {}, plain = true }
    columns[name] = col
  end
  return col
end

local function mask(seats)
  local out = {}
  for _, s in ipairs(seats) do out[s] = true end
  return out
end

-- Writes a choice into the columns that turns look at and into the log.
local function record(M, seat, name, S, value, seen, missing)
  local col = column(M, seat, name)
  local n = col.n + 1
  col.n, col[n], col.round[n] = n, value, M.round
  local seen_ref = 0
  if seen then
    col.seen, col.plain = col.seen or {}, false
    col.seen[n] = mask(seen)
    seen_ref = keep(seen)
  end
  local index, ref, number_ = -1, 0, 0
  if S.index then index = S.index[value]
  elseif S.kind == "range" then number_ = value
  else ref = keep(value) end
  write(missing and MISSING or CHOICE, seat, ids[name], S.id, index, ref, seen_ref, number_)
end

-- What `viewer` saw of the n-th entry of a column; nil where it did not.
local function seen_entry(col, n, owner, viewer)
  local done = col.done and col.done[n]
  if done and done.seen[viewer] then return copied(done.value) end
  local seen = col.seen and col.seen[n]
  if seen and not seen[viewer] and owner ~= viewer then return nil end
  return copied(col[n])
end

local function where(f) -- "file:line" of a function
  local info = debug.getinfo(f, "S")
  return info.short_src .. ":" .. info.linedefined
end

local function set_text(S) return engine.describe(S.id) end

local function no_such_action(M, seat, name, S, value)
  local what = type(value) == "table" and engine.json(fact(value, 1)) or shown(value)
  error(("%s: the strategy answered '%s' with %s, which is not in %s"):format(where(M.acts[seat]), name, what, set_text(S)), 0)
end

local function put_turn(M, seat, name, S, facts)
  local turn = M.turns[seat]
  local p = turn[P]
  turn.decision, turn.round = name, M.round
  if p.S ~= S then
    p.S = S
    turn.actions = author_view(S)
  end
  p.facts, p.asked = facts, 0
  return turn
end

-- One decision of a fixed rule: an ordinary call.
local function decide(M, seat, name, S, facts)
  local turn = put_turn(M, seat, name, S, facts)
  log.seat = seat
  local value = M.acts[seat](turn)
  log.seat = 0
  if S.index and S.index[value] then return value end
  local kept = legal(S, value)
  if kept == nil then no_such_action(M, seat, name, S, value) end
  return kept
end

local function question_for(p, question, level)
  local q = question
  if type(question) == "function" then q = question(p) end
  if q == nil then return nil end
  if type(q) ~= "table" or type(q[1]) ~= "string" then error("a question is { name, action set, fact = value }, got " .. shown(q), level + 1) end
  if not q[1]:match("^[%a_][%w_]*/?[%w_]*$") then error("'" .. q[1] .. "' is no name of a question", level + 1) end
  local S = set_of(q[2], level + 1)
  if not S then error("choose '" .. q[1] .. "' needs an action set: a list, range, record, split or words", level + 1) end
  local asked = { seat = p.seat, name = q[1], S = S, set = S.id, facts = facts_of(q, level + 1), seen = seats_of(q.seen_by, "seen_by", level + 1), raw = q[2] }
  if q.missing ~= nil then
    asked.missing = legal(S, q.missing)
    if asked.missing == nil then
      error(("missing = %s is not in %s"):format(shown(q.missing), set_text(S)), level + 1)
    end
  end
  return asked
end

local function given_back(M, raw, S, value) -- a name chosen among players is that player
  if S.index then
    if is_player(raw[1]) then
      for _, p in ipairs(M.players) do if p.name == value then return p end end
    end
    return value
  end
  if S.kind == "record" then
    local out = {}
    for field, of in any_order(S.fields) do out[field] = given_back(M, raw.fields[field], of, value[field]) end
    return out
  end
  return copied(value)
end

local function in_round(M, what, level)
  if M.round == 0 then error(what .. " before the first round: put it inside `for round in match:each_round() do`", level + 1) end
end

-- Has those who are asked decide, at once, and records what they chose: in `value` of each.
local function settle(M, asked)
  local entries, waiting, in_order = M.entries, false, true
  M.asking = asked
  for i, a in ipairs(asked) do
    a.is_missing = nil
    if entries[a.seat].asks then
      waiting = true
    else
      a.value = decide(M, a.seat, a.name, a.S, a.facts)
    end
    in_order = in_order and (i == 1 or asked[i - 1].seat < a.seat)
  end
  if waiting then
    local missing = yield(asked) -- C++ runs the turns of those who ask; their values come by end_turn
    current, log.seat = M, 0
    for _, k in ipairs(missing) do asked[k].value, asked[k].is_missing = asked[k].missing, true end
  end
  local told = asked -- in the order of seats, whoever was asked first
  if not in_order then
    told = {}
    for i, a in ipairs(asked) do told[i] = a end
    sandbox.sort(told, function(a, b) return a.seat < b.seat end)
  end
  for _, a in ipairs(told) do record(M, a.seat, a.name, a.S, a.value, a.seen, a.is_missing) end
  M.asking = nil
end

local function choose(group, question, level)
  local first = group[1]
  if not first then return {} end
  local M = first[P]
  in_round(M, "choose", level + 1)
  local asked = {}
  for _, p in ipairs(group) do asked[#asked + 1] = question_for(p, question, level + 1) end
  settle(M, asked)
  local choices = {}
  for i, a in ipairs(asked) do
    local back = given_back(M, a.raw, a.S, a.value)
    local p = M.players[a.seat]
    choices[i], choices[p], choices[p.name] = back, back, back
  end
  return choices
end
function Group:choose(question) return choose(self, question, 2) end
function Player:choose(question) return choose({ self }, question, 2)[1] end

local function tell(group, message, level)
  local first = group[1]
  if not first then return end
  local M = first[P]
  if type(message) == "string" then message = { message } end
  if type(message) ~= "table" or type(message[1]) ~= "string" then error("tell needs { name, fact = value }, got " .. shown(message), level + 1) end
  local name, to, models = message[1], {}, false
  for i, p in ipairs(group) do
    to[i] = p.seat
    models = models or M.entries[p.seat].asks
  end
  table.sort(to)
  if message.by ~= nil then
    local by, value = message.by, fact(message[2], level + 1)
    if not is_player(by) then error("tell: by is a player, got " .. shown(by), level + 1) end
    if value == nil then error("tell: with by it needs a value: { name, value, by = player }", level + 1) end
    in_round(M, "tell with by", level + 1)
    local col = column(M, by.seat, name)
    local n = col.n
    if n == 0 or col.round[n] ~= M.round then error(("tell: %s has not chosen '%s' in this round"):format(by.name, name), level + 1) end
    col.done, col.plain = col.done or {}, false
    local done = col.done[n] or { seen = {} }
    done.value = value
    for _, s in ipairs(to) do done.seen[s] = true end
    col.done[n] = done
    write(DONE, by.seat, ids[name], -1, -1, keep(value), keep(to), 0)
    if models then engine.tell(name, to, by.seat) end
    return
  end
  if message[2] ~= nil then error("tell needs { name, fact = value }: there is no place for " .. shown(message[2]), level + 1) end
  local facts = facts_of(message, level + 1) or {}
  M.facts = M.facts or {}
  for _, s in ipairs(to) do
    local mine = M.facts[s] or {}
    M.facts[s] = mine
    for k, v in any_order(facts) do mine[k] = v end
  end
  write(TOLD, 0, ids[name], -1, -1, keep(facts), keep(to), 0)
  if models then engine.tell(name, to, 0, facts) end
end
function Group:tell(message) tell(self, message, 2) end
function Player:tell(message) tell({ self }, message, 2) end

local function enter(M, seat, amount) -- into the ledger
  local round, paid = M.round, M.paid[seat]
  if paid == none then
    paid = {}
    M.paid[seat] = paid
  end
  M.totals[seat] = M.totals[seat] + amount
  paid[round] = (paid[round] or 0) + amount
  write(PAY, seat, 0, -1, -1, 0, 0, amount)
end

local function pay(p, amount, level)
  if type(amount) ~= "number" or amount ~= amount or amount == huge or amount == -huge then
    error("pay needs a finite number, got " .. shown(amount), level + 1)
  end
  in_round(p[P], "pay", level + 1)
  enter(p[P], p.seat, amount)
end
function Player:pay(amount) pay(self, amount, 2) end
function Group:pay(given)
  if type(given) == "number" then
    for _, p in ipairs(self) do pay(p, given, 2) end
    return
  end
  if type(given) ~= "table" then error("pay needs a number, a list or amounts by name, got " .. shown(given), 2) end
  local by_place = #given > 0
  if by_place and #given ~= #self then error("pay got " .. #given .. " amounts for " .. #self .. " players", 2) end
  for i, p in ipairs(self) do
    local x
    if by_place then x = given[i] else x = given[p] or given[p.name] end
    if x == nil then error("pay has no amount for " .. p.name, 2) end
    pay(p, x, 2)
  end
end

local function drawn_to_end(M, round) return M.ends > 0 and engine.random(-1, round, 1) < M.ends end

local function next_round(M)
  local round = M.round
  if M.over then return nil end
  if round >= M.rounds or (round > 0 and drawn_to_end(M, round)) then
    M.over = true
    write(ROUND, 0, 0, -1, -1, 0, 0, 0) -- closed, and none begins
    return nil
  end
  round = round + 1
  M.round = round
  write(ROUND, 0, 0, -1, -1, 0, 0, round)
  return round
end

Match.__index = Match
Match.__newindex = function() error("match cannot be changed: keep your own things in locals or players", 2) end
Match.__metatable = "a match"
function Match:each_round()
  local M = self[P]
  return function() return next_round(M) end
end
function Match:note(measures)
  if type(measures) ~= "table" or #measures > 0 then error("note needs { name = value }", 2) end
  for _, name in ipairs(engine.sorted_keys(measures)) do
    local x = measures[name]
    local kind = type(x)
    if kind ~= "number" and kind ~= "boolean" and kind ~= "string" or x ~= x or x == huge or x == -huge then
      error(("note: '%s' is %s, where a number, true, false or a word is wanted"):format(name, shown(x)), 2)
    end
    write(NOTE, 0, ids[name], -1, -1, keep(x), 0, 0)
  end
end

-- The stage game of games given by payoffs: everyone chooses at once and is paid by the table or function.
-- Few seats with lists of actions, all fixed: a loop written out seat by seat, so that it compiles into one trace (on one line:
-- the profiler, which stops endless loops, has LuaJIT look up at each), which says of each round its cell alone. $ is the seat.
local written_out = {}

local function write_out(n)
  local code = { "local drawn_to_end, flush, odd = ... return function(M, log, cells)" }
  local function each(line) for s = 1, n do code[#code + 1] = (line:gsub("%$", s)) end end
  each "local act$, turn$, set$, col$, paid$, total$ = M.acts[$], M.turns[$], M.setup.sets[$], M.columns[$].action, M.paid[$], 0"
  each "local index$, size$ = set$.index, #set$.plain"
  code[#code + 1] = "local totals, rounds, may_end = M.totals, M.rounds, M.ends > 0 for round = 1, rounds do M.round = round"
  each "turn$.round = round log.seat = $ local v$ = act$(turn$) local i$ = v$ ~= nil and index$[v$] if not i$ then v$, i$ = odd(M, $, set$, v$) end"
  code[#code + 1] = "log.seat = 0 local cell = 0"
  each "cell = cell * size$ + i$"
  code[#code + 1] = "local got, at = cells[cell + 1], log.cells if at == log.capacity then flush() at = 0 end"
  code[#code + 1] = "log.cell[at] = cell log.cells = at + 1"
  each "col$[round] = v$ col$.n = round local x$ = got[$] paid$[round] = x$ total$ = total$ + x$ totals[$] = total$"
  code[#code + 1] = "if may_end and round < rounds and drawn_to_end(M, round) then break end end M.over = true end"
  local function odd(M, seat, S, value)
    local kept = legal(S, value)
    if kept == nil then no_such_action(M, seat, "action", S, value) end
    return kept, S.index[kept]
  end
  return assert(loadstring(table.concat(code, " "), "=prelude"))(drawn_to_end, engine.flush, odd)
end

local function play_stage(M)
  local setup, n = M.setup, #M.setup.names
  if M.entries.any_asks then
    local asked, choices = {}, {}
    for s, S in ipairs(setup.sets) do asked[s] = { seat = s, name = "action", S = S, set = S.id } end
    while next_round(M) do
      settle(M, asked)
      for s, a in ipairs(asked) do choices[s] = a.value end
      for s, x in ipairs(amounts(setup, choices, M.payoffs)) do enter(M, s, x) end
    end
    return
  end
  local sets, cells, acts, turns, totals, paid, action = setup.sets, setup.cells, M.acts, M.turns, M.totals, M.paid, ids.action
  local columns, values = {}, {}
  for s = 1, n do
    if M.columns[s] == none then
      M.columns[s] = { action = new_table(math.min(M.rounds, 1000), 2) }
      M.paid[s] = new_table(math.min(M.rounds, 1000), 0)
    end
    local col = M.columns[s].action
    col.n, col.plain = 0, true
    columns[s] = col
    put_turn(M, s, "action", sets[s])
  end
  M.entries.over = M
  if cells and n <= 4 and count(sets, function(S) return S.index end) == n then
    written_out[n] = written_out[n] or write_out(n)
    written_out[n](M, log, cells)
    return
  end
  while next_round(M) do
    local round, cell = M.round, 0
    for s = 1, n do
      local S, turn = sets[s], turns[s]
      turn.round = round
      log.seat = s
      local value = acts[s](turn)
      local index = S.index and S.index[value]
      if index then
        if cells then cell = cell * #S.plain + index end
      else
        local kept = legal(S, value)
        if kept == nil then no_such_action(M, s, "action", S, value) end
        value, index = kept, -1
        if cells then cell = cell * (steps(S) + 1) + floor((kept - S.lo) / S.step + .5) end
      end
      values[s] = value
      write(CHOICE, s, action, S.id, index, index < 0 and S.kind ~= "range" and keep(value) or 0, 0, S.kind == "range" and value or 0)
    end
    log.seat = 0
    local got = cells and cells[cell + 1] or amounts(setup, values, M.payoffs)
    for s = 1, n do
      local col, x = columns[s], got[s]
      col.n, col[round] = round, values[s]
      totals[s] = totals[s] + x
      paid[s][round] = x
      write(PAY, s, 0, -1, -1, 0, 0, x)
    end
  end
end

-- Turns ---------------------------------------------------------------------------------------------------------------

local turn_fields = { "me", "other", "others", "decision", "actions", "facts", "round", "rounds", "total", "settings", "history",
  "memory", "ask", "last", "all", "payoff", "best" }

local function history(M, seat, private)
  local out = private.history
  if not out then
    out = {}
    private.history = out
  end
  local closed = M.over and M.round or M.round - 1
  for round = #out + 1, closed do
    local row = { paid = {} }
    for s, columns in ipairs(M.columns) do
      local name = M.setup.names[s]
      for decision, col in any_order(columns) do
        for n = 1, col.n do -- the last one where a decision came twice
          if (col.round and col.round[n] or n) == round then
            local value = seen_entry(col, n, s, seat)
            if value ~= nil then
              row[decision] = row[decision] or {}
              row[decision][name] = value
            end
          end
        end
      end
      if s == seat or M.setup.by_payoffs then row.paid[name] = M.paid[s][round] end
    end
    out[round] = row
  end
  return out
end

Turn.__index = function(turn, key)
  local method = Turn[key]
  if method then return method end
  local p = turn[P]
  local M = p.M
  if key == "other" then
    local others = M.setup.others[p.seat]
    if #others ~= 1 then error("turn.other: this game has " .. #others + 1 .. " players; use turn.others", 2) end
    return others[1]
  end
  if key == "rounds" then return M.told_rounds end
  if key == "total" then return M.totals[p.seat] end
  if key == "history" then return history(M, p.seat, p) end
  if key == "others" then return copied(M.setup.others[p.seat]) end
  if key == "facts" then
    local out = copied(M.facts and M.facts[p.seat] or {})
    for k, v in any_order(p.facts or {}) do out[k] = copied(v) end
    return out
  end
  if key == "memory" or key == "settings" then
    rawset(turn, key, key == "memory" and {} or copied(M.entries[p.seat].settings))
    return turn[key]
  end
  error(("turn has no field '%s'%s"):format(tostring(key), engine.nearest(tostring(key), turn_fields)), 2)
end
Turn.__newindex = function(_, key)
  error("turn." .. tostring(key) .. " cannot be set: what is to be kept belongs in turn.memory", 2)
end
Turn.__metatable = "a turn"

local function seat_named(M, name, word, level)
  local seat = M.setup.seat_of[name_of(name)]
  if not seat then
    error(("%s: there is no seat %s%s"):format(word, shown(name), engine.nearest(tostring(name), M.setup.names)), level + 1)
  end
  return seat
end

function Turn:last(who, decision)
  local p = self[P]
  local M = p.M
  local owner = M.setup.seat_of[who] or seat_named(M, who, "turn:last", 2)
  local col = M.columns[owner][decision or self.decision]
  if not col then return nil end
  if col.plain then
    local value = col[col.n]
    return type(value) == "table" and copied(value) or value
  end
  for n = col.n, 1, -1 do
    local value = seen_entry(col, n, owner, p.seat)
    if value ~= nil then return value end
  end
end

function Turn:all(who, decision)
  local p = self[P]
  local M = p.M
  local owner = seat_named(M, who, "turn:all", 2)
  local col, out = M.columns[owner][decision or self.decision], {}
  for n = 1, col and col.n or 0 do
    local value = seen_entry(col, n, owner, p.seat)
    if value ~= nil then out[#out + 1] = value end
  end
  return out
end

local function payoff(turn, mine, theirs, level)
  local p = turn[P]
  local M = p.M
  local setup = M.setup
  if not setup.by_payoffs then
    error("turn:payoff and turn:best: this game is played, not given by payoffs, so nothing can be computed from it", level + 1)
  end
  local choices = {}
  for s, name in ipairs(setup.names) do
    local x = mine
    if s ~= p.seat then
      x = theirs
      if type(theirs) == "table" and not setup.sets[s].fields and not setup.sets[s].names then x = theirs[name] end
      if x == nil then error("turn:payoff: a choice for " .. name .. " is missing", level + 1) end
    end
    local kept = legal(setup.sets[s], x)
    if kept == nil then
      error(("turn:payoff: %s is not in %s"):format(shown(x), set_text(setup.sets[s])), level + 1)
    end
    choices[s] = kept
  end
  return amounts(setup, choices, M.payoffs)[p.seat]
end
function Turn:payoff(mine, theirs) return payoff(self, mine, theirs, 2) end

function Turn:best(theirs)
  local p = self[P]
  local setup = p.M.setup
  if not setup.by_payoffs then payoff(self, nil, theirs, 2) end
  local S = setup.sets[p.seat]
  local size = S.index and #S.plain or S.kind == "range" and steps(S) + 1
  if not size then error("turn:best looks through lists and ranges only", 2) end
  if size > 10001 then error("turn:best looks through at most 10,001 actions; here are " .. size, 2) end
  local all, best, out = {}, -huge, {}
  for i = 1, size do
    all[i] = payoff(self, action_at(S, i - 1), theirs, 2)
    if all[i] > best then best = all[i] end
  end
  for i = 1, size do if all[i] >= best - 1e-9 then out[#out + 1] = action_at(S, i - 1) end end
  return out
end

local MOST_QUESTIONS = 100

local function cannot_ask(entry, question)
  local name = type(question) == "table" and question[1] or question
  error(("this strategy has no prompt file (prompts/%s.txt), so it is a fixed rule and cannot ask %s"):format(entry.strategy, shown(name)), 3)
end

function Turn:ask(question)
  local p = self[P]
  local entry = p.M.entries[p.seat]
  if not entry.asks then cannot_ask(entry, question) end
  local got = yield(question)
  current, log.seat = p.M, p.seat
  return got
end

-- What C++ calls ------------------------------------------------------------------------------------------------------

-- A seat's act and turn before the first round.
local function seat_down(M, s)
  local entry, others, turn = M.entries[s], M.setup.others[s], M.turns[s]
  M.acts[s] = stateless[entry.chunk] or instance(entry.chunk, "strategy", true).act
  M.totals[s] = 0
  rawset(turn, "me", M.setup.names[s])
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
    if rawget(turn, "memory") then rawset(turn, "memory", nil) end
    if rawget(turn, "settings") then rawset(turn, "settings", nil) end
    local p = turn[P]
    p.S, p.history = nil, nil
  end
end

-- A match of players { chunk, asks, settings, strategy } under a game's setup. Returns the match's table; nothing is played yet.
-- `entries` is the same table for all matches of a line-up.
local function new_match(setup, entries, rounds, ends, told_rounds)
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
  end
  local M = entries.over
  entries.over = nil
  if M and M.setup == setup then
    again(M)
    M.rounds, M.ends, M.told_rounds = rounds, ends, told_rounds
  else
    M = { setup = setup, entries = entries, rounds = rounds, ends = ends, told_rounds = told_rounds, round = 0, over = false,
      columns = {}, totals = {}, paid = {}, acts = {}, turns = {} }
    for s = 1, n do
      M.columns[s], M.paid[s] = none, none
      -- All fields from the start, so that they lie alike in all turns: that is what compiled code looks at.
      M.turns[s] = setmetatable({ me = "", other = "", decision = false, actions = false, round = 0,
        [P] = { M = M, seat = s, asked = 0 } }, Turn)
      seat_down(M, s)
    end
  end
  if setup.fresh then M.payoffs = instance(setup.chunk, "game", true).payoffs end
  if setup.by_payoffs then return M end -- nobody sees a player or is told anything
  M.players = setmetatable({}, Group)
  for s = 1, n do M.players[s] = setmetatable({ seat = s, name = names[s], [P] = M }, Player) end
  local match = setmetatable({ settings = copied(setup.settings), rounds = rounds, [P] = M }, Match)
  local body = instance(setup.chunk, "game", true).play
  M.play = function() body(match, M.players) end
  return M
end

-- The body of a game's coroutine.
local function play(M)
  current, log.seat = M, 0
  if M.play then M.play() else play_stage(M) end
  if not M.over then
    M.over = true
    write(ROUND, 0, 0, -1, -1, 0, 0, 0)
  end
  current = nil
end

-- The turn of the k-th of those asked now. C++ runs act(turn) in a coroutine of the seat, on which nothing else lies, so that
-- one that waits stays small.
local function begin_turn(M, k)
  local a = M.asking[k]
  local turn = put_turn(M, a.seat, a.name, a.S, a.facts)
  current, log.seat = M, a.seat
  return M.acts[a.seat], turn
end

-- turn.memory as plain data: what is no list is a record.
local function remembered(x, name, levels)
  if type(x) == "function" or levels > 20 then
    local what = levels > 20 and " holds tables in tables, more than 20 deep" or " is a function"
    error(name .. what .. ", and what is remembered is kept with the match: words, numbers, true, false and tables of these", 0)
  end
  if type(x) ~= "table" then return x end
  local n, names = #x, 0
  for _ in any_order(x) do names = names + 1 end
  local out = {}
  for key, item in any_order(x) do
    out[names == n and key or tostring(key)] = remembered(item, name .. "." .. tostring(key), levels + 1)
  end
  return out
end

-- Takes what `act` returned; gives what the seat remembers now, or nil.
local function end_turn(M, k, value)
  local a = M.asking[k]
  local kept = legal(a.S, value)
  if kept == nil then no_such_action(M, a.seat, a.name, a.S, value) end
  a.value = kept
  local memory = rawget(M.turns[a.seat], "memory")
  if memory == nil or next(memory) == nil then return nil end
  local ok, plain = pcall(remembered, memory, "turn.memory", 1)
  if not ok then error(where(M.acts[a.seat]) .. ": " .. plain, 0) end
  return plain
end

local UNPLACED = -100 -- a level: of an error whose line C++ finds in the seat's coroutine

-- What a seat's strategy asked in its turn, checked: { name, set, facts, by, samples, fresh }.
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
  return { name = name, set = S.id, facts = facts_of(question, UNPLACED), by = about, samples = samples, fresh = question.fresh and true or false }
end

-- A study's function of the varied names: what it gives, and which names it asked for.
local function study_call(f, varied)
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

return {
  words = words, declared = instance, setup_game = setup_game, setup_strategy = setup_strategy, study_call = study_call,
  new_match = new_match, play = play, begin_turn = begin_turn, end_turn = end_turn, asked = asked,
}
