-- Chance, and what may be chosen: action sets.
local engine = ...
local own = engine.own
local type, ipairs, error, tostring, setmetatable, rawget = type, ipairs, error, tostring, setmetatable, rawget
local floor, abs, huge, any_order = math.floor, math.abs, math.huge, pairs
local P, copied, is_player, like, list, log, map = own.P, own.copied, own.is_player, own.like, own.list, own.log, own.map
local now, shown, words = own.now, own.shown, own.words

local function unit(level)
  local M = now.match
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

function words.closest(set, x) -- of a range or a list of numbers; of two as close the lower
  list(set, "closest")
  if type(x) ~= "number" or x ~= x then error("closest(set, x) needs a number, got " .. shown(x), 2) end
  if set.kind == "range" then
    local k = math.ceil((x - set.lo) / set.step - .5 - 1e-9)
    return at_step(set, math.max(0, math.min(steps(set), k)))
  end
  local best
  for _, y in ipairs(set) do
    if type(y) ~= "number" then error("closest(set, x) needs a range or a list of numbers, got " .. shown(y), 2) end
    if best == nil or abs(y - x) < abs(best - x) or abs(y - x) == abs(best - x) and y < best then best = y end
  end
  if best == nil then error("closest(set, x) needs a range or a list of numbers", 2) end
  return best
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

local function is_most(n) return type(n) == "number" and n >= 1 and n <= 1e6 end

words.words = setmetatable({}, { -- frozen, as it is shared by all
  __index = { kind = "words" },
  __metatable = false,
  __call = function(_, most)
    if not is_most(most) then error("words(n): n is the most words, 1 to a million", 2) end
    return { kind = "words", most = most }
  end,
  __newindex = function() error("words cannot be changed", 2) end,
})

local function no_range(lo, hi, step)
  if type(lo) ~= "number" or type(hi) ~= "number" or not (lo <= hi) then return "range(lo, hi) needs two numbers, lo <= hi" end
  if type(step) ~= "number" or not (step > 0) or step == huge then return "range: the step is a number above 0" end
  if (hi - lo) / step > 1e9 or hi - lo == huge then return "range: more than a thousand million values" end
end

function words.range(lo, hi, step)
  step = step or 1
  local problem = no_range(lo, hi, step)
  if problem then error(problem, 2) end
  return { kind = "range", lo = lo, hi = hi, step = step }
end

local set_of -- the engine's own form of an author's set

local function is_field(name) return type(name) == "string" and name:match("^[%a_][%w_]*$") ~= nil end

function words.record(fields)
  local order = {}
  for name in any_order(list(fields, "record")) do
    if not is_field(name) then error("record: a field's name is a word, got " .. shown(name), 2) end
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
  local known = {}
  for _, name in ipairs(names) do
    if known[tostring(name)] then error("split: the name " .. shown(name) .. " stands twice", 2) end
    known[tostring(name)] = true
  end
  return { kind = "split", total = total, names = map(names, tostring) }
end

local function name_of(x) return is_player(x) and x[P].name or x end -- players cross as their names

local function exact(x) return type(x) == "number" and ("%.17g"):format(x) or tostring(x) end

-- A set as plain data and its key, by content; nil where it is none. An author may have written to the set, or made it of
-- tables that answer as they like: so each thing is looked at once, as it lies there.
local function plain_set(set, levels)
  if type(set) ~= "table" or levels > 20 then return nil end
  if set == words.words then return { kind = "words" }, "w" end
  local kind, out, keys = rawget(set, "kind"), {}, {}
  if kind == nil then
    local items = 0
    for _ in any_order(set) do items = items + 1 end
    for i, x in ipairs(set) do
      x, items = name_of(x), items - 1
      out[i], keys[i] = x, type(x) == "string" and #x .. ":" .. x or type(x):sub(1, 1) .. exact(x)
    end
    return items == 0 and out[1] ~= nil and out or nil, "l" .. table.concat(keys, ",") -- no holes, no names
  end
  out.kind = kind
  if kind == "range" then
    local lo, hi, step = rawget(set, "lo"), rawget(set, "hi"), rawget(set, "step")
    if no_range(lo, hi, step) then return nil end
    out.lo, out.hi, out.step = lo, hi, step
    return out, ("r%.17g,%.17g,%.17g"):format(lo, hi, step)
  elseif kind == "words" then
    local most = rawget(set, "most")
    if most == nil then return out, "w" end -- a copy of the bare word
    if not is_most(most) then return nil end
    out.most = most
    return out, "w" .. exact(most)
  elseif kind == "split" then
    local total, names = rawget(set, "total"), rawget(set, "names")
    if type(total) ~= "number" or not (total >= 0 and total % 1 == 0) or type(names) ~= "table" then return nil end
    out.total, out.names = total, {}
    local known = {}
    for i, name in ipairs(names) do
      if type(name) ~= "string" or known[name] then return nil end
      known[name] = true
      out.names[i], keys[i] = name, #name .. ":" .. name
    end
    return out.names[1] and out or nil, "s" .. exact(total) .. "," .. table.concat(keys, ",")
  elseif kind == "record" then
    local fields = rawget(set, "fields")
    if type(fields) ~= "table" then return nil end
    out.fields = {}
    for field, of in any_order(fields) do
      local plain, key = plain_set(of, levels + 1)
      if not plain or not is_field(field) then return nil end
      out.fields[field] = plain
      keys[#keys + 1] = field .. "=" .. key
    end
    table.sort(keys)
    return keys[1] and out or nil, "{" .. table.concat(keys, ";") .. "}"
  end
end

local sets = {} -- by key

-- { id, plain (for C++), kind, index (action -> place from 0, of lists), fields and their order (of records) }; nil: no set
function set_of(set, level)
  local plain, key = plain_set(set, 1)
  if not plain then return nil end
  local S = sets[key]
  if S then return S end
  local ok, id = pcall(engine.set, plain)
  if not ok then error((tostring(id):gsub("^[^:]*:%d+: ", "")), level + 1) end
  S = { id = id, plain = plain, kind = plain.kind, lo = plain.lo, hi = plain.hi, step = plain.step, total = plain.total, names = plain.names }
  if plain.kind == nil then
    S.index = {}
    for i, x in ipairs(plain) do S.index[x] = i - 1 end
  elseif plain.kind == "record" then
    S.fields, S.order = {}, {}
    for field, of in any_order(plain.fields) do
      S.fields[field] = set_of(of, level + 1)
      S.order[#S.order + 1] = field
    end
    table.sort(S.order)
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
    if x == nil or not S.index[x] then return nil end
    return x -- it may be false
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
      out[field] = legal(of, rawget(x, field))
      if out[field] == nil then return nil end
      n = n + 1
    end
  else
    local total = 0
    for _, name in ipairs(S.names) do
      local part = rawget(x, name)
      if type(part) ~= "number" or part < 0 or part % 1 ~= 0 then return nil end
      out[name], total, n = part, total + part, n + 1
    end
    if total ~= S.total then return nil end
  end
  for _ in any_order(x) do n = n - 1 end
  return n == 0 and out or nil
end

-- Of talk ------------------------------------------------------------------------------------------------------------

function words.mentions(text, set)
  if type(text) ~= "string" then error("mentions(text, set) needs a text, got " .. shown(text), 2) end
  local S = set_of(set, 2)
  if not S or not (S.index or S.kind == "range") then error("mentions(text, set) needs a list or a range", 2) end
  if not now.match then error("there is no talk here: mentions is for play and act", 2) end
  local got = engine.mentions(text, S.id)
  if is_player(set[1]) then
    local names = got
    got = {}
    for i, name in ipairs(names) do for _, p in ipairs(set) do if p[P].name == name then got[i] = p end end end
  end
  return got
end

own.at_step, own.set_of, own.steps, own.author_view, own.legal = at_step, set_of, steps, author_view, legal
own.name_of = name_of
