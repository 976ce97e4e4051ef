-- What authors' files may use, and no more. Runs once, outside the sandbox, before the prelude; `native` holds what the
-- host writes in C++. The rest of the engine's Lua finds it as the global `sandbox`:
--   sandbox.words         what authors read as globals; the prelude adds to it until the host freezes it
--   sandbox.libraries     math, string, table, bit behind their frozen faces: math.random is added here
--   sandbox.order(key)    a number to sort a table key by, or nil (pairs); the prelude sets it
--   sandbox.hidden        the key under which the prelude keeps what authors must not see: pairs skips it
--   sandbox.pairs, sandbox.sort, sandbox.tostring, sandbox.frozen(name, table)
local native = ...
local error, next, rawget, select, setmetatable, type = error, next, rawget, select, setmetatable, type
local plain_tostring, tonumber, unpack = tostring, tonumber, unpack
local metatable = debug.getmetatable
local floor, new_table = math.floor, require("table.new")
local largest_text = 16 * 1024 * 1024
local sandbox = { libraries = {}, hidden = {} }

-- Sorting: a merge sort, so that it is stable, ends whatever the comparison says, and can be stopped.

local function less(a, b) return a < b end

local function merge_runs(from, to, n, width, before)
  for low = 1, n, 2 * width do
    local left, right = low, low + width
    local mid, high = right, low + 2 * width
    if mid > n + 1 then mid = n + 1 end
    if high > n + 1 then high = n + 1 end
    for i = low, high - 1 do
      if left < mid and (right >= high or not before(from[right], from[left])) then
        to[i] = from[left]
        left = left + 1
      else
        to[i] = from[right]
        right = right + 1
      end
    end
  end
end

local function insertion_sort(t, n, before)
  for i = 2, n do
    local item, j = t[i], i - 1
    while j > 0 and before(item, t[j]) do
      t[j + 1] = t[j]
      j = j - 1
    end
    t[j + 1] = item
  end
end

-- The first n items, in a table that nobody else sees, or in a new one: the sorted one is returned.
local function sorted(t, n, before)
  if n <= 12 then
    insertion_sort(t, n, before)
    return t
  end
  local other, width = {}, 1
  while width < n do
    merge_runs(t, other, n, width, before)
    t, other = other, t
    width = 2 * width
  end
  return t
end

local function sort(t, before)
  local n, items = #t, {}
  for i = 1, n do items[i] = t[i] end
  items = sorted(items, n, before or less)
  for i = 1, n do t[i] = items[i] end
end
sandbox.sort = sort

-- pairs in a fixed order: numbers, texts by their bytes, false, true, then tables as sandbox.order says.

local function step_list(state, i)
  i = i + 1
  if i > state[2] then return nil end
  local value = rawget(state[1], i)
  if value ~= nil then return i, value end
  return step_list(state, i) -- no loop: the author's own is the one to compile
end

local function step_keys(state)
  local i = state[3]
  local key = state[2][i]
  if key == nil then return nil end
  state[3] = i + 1
  local value = rawget(state[1], key)
  if value ~= nil then return key, value end
  return step_keys(state)
end

local function is_list(t)
  local n, count = #t, 0
  for key in next, t do
    if type(key) ~= "number" or key < 1 or key > n or key ~= floor(key) then return false end
    count = count + 1
  end
  return count == n
end

local ranks = { number = 1, string = 2, boolean = 3, table = 4 }
local function key_before(a, b)
  local rank_a, rank_b = ranks[type(a)], ranks[type(b)]
  if rank_a ~= rank_b then return rank_a < rank_b end
  if rank_a <= 2 then return a < b end
  if rank_a == 3 then return b and not a end
  return sandbox.order(a) < sandbox.order(b)
end

local function check_order(key, places)
  local kind = type(key)
  if kind == "boolean" then return end
  local place = kind == "table" and sandbox.order and sandbox.order(key)
  if not place or places[place] then
    error("pairs over a table whose keys are " .. kind .. "s has no fixed order", 4)
  end
  places[place] = true
end

local function sorted_keys(t)
  local keys, n, kind, places = new_table(8, 0), 0, nil, nil
  for key in next, t do
    local this = type(key)
    if this == "string" or this == "number" then
      kind = (kind == nil or kind == this) and this or "several"
      n = n + 1
      keys[n] = key
    elseif key ~= sandbox.hidden then
      kind, places = "several", places or {}
      check_order(key, places)
      n = n + 1
      keys[n] = key
    end
  end
  return sorted(keys, n, kind == "several" and key_before or less)
end

local function sorted_pairs(t)
  local meta = metatable(t)
  if meta and meta.__pairs then return meta.__pairs(t) end
  if type(t) ~= "table" then error("pairs takes a table, not " .. type(t), 2) end
  if is_list(t) then return step_list, { t, #t }, 0 end
  return step_keys, { t, sorted_keys(t), 1 }, nil
end
sandbox.pairs = sorted_pairs

-- Texts: no addresses, and none longer than 16 MB out of a short expression.

local function tostring(value)
  local kind = type(value)
  if kind == "string" or kind == "number" or kind == "boolean" or kind == "nil" then return plain_tostring(value) end
  local meta = metatable(value)
  if meta and meta.__tostring then
    local text = meta.__tostring(value)
    if type(text) ~= "string" then error("__tostring gave no text", 2) end
    return text
  end
  return kind
end
sandbox.tostring = tostring

local function too_long(what)
  error(what .. " would be longer than 16 MB", 3)
end

local rep = string.rep
local function bounded_rep(text, n, separator)
  local times = tonumber(n)
  if times and times > 1 then
    local size = #plain_tostring(text) + (separator and #plain_tostring(separator) or 0)
    if size * times > largest_text or times > largest_text then too_long("this text") end
  end
  return rep(text, n, separator)
end

local find, format, gmatch = string.find, string.format, string.gmatch
local function is_plain(...)
  for i = 1, select("#", ...) do
    local kind = type((select(i, ...)))
    if kind ~= "string" and kind ~= "number" then return false end
  end
  return true
end

local function safe_format(text, ...)
  if is_plain(text, ...) and not find(text, "p", 1, true) or type(text) ~= "string" then return format(text, ...) end
  local values, n, i = { ... }, select("#", ...), 0
  for kind in gmatch(text, "%%[^%a%%]*(.)") do
    if kind == "p" then error("'%p' is not to be had here: there are no addresses", 2) end
    if kind ~= "%" then i = i + 1 end
    if kind == "s" and i <= n then values[i] = tostring(values[i]) end
  end
  return format(text, unpack(values, 1, n))
end

-- Tables: the functions that write without asking a metatable do not touch frozen ones.

local function changeable(t)
  local meta = type(t) == "table" and metatable(t)
  if meta and rawget(meta, "__newindex") ~= nil then error("this table cannot be changed", 3) end
end

local insert, remove, concat = table.insert, table.remove, table.concat
local function safe_insert(t, ...)
  changeable(t)
  if select("#", ...) == 2 and type(t) == "table" then
    local place = ...
    place = tonumber(place)
    if place and not (place >= 1 and place <= #t + 1) then
      error("table.insert: there is no place " .. place .. " in a list of " .. #t, 2)
    end
  end
  return insert(t, ...)
end

local function safe_remove(t, place)
  changeable(t)
  return remove(t, place)
end

local function safe_concat(t, separator, first, last)
  if type(t) == "table" then
    local from, to = tonumber(first or 1), tonumber(last or #t)
    if from and to then
      local size, between = 0, separator and #plain_tostring(separator) or 0
      for i = from, to do
        local item = rawget(t, i)
        if item == nil then break end
        size = size + between + (type(item) == "string" and #item or 1)
        if size > largest_text then too_long("this text") end
      end
    end
  end
  return concat(t, separator, first, last)
end

local function safe_sort(t, before)
  if type(t) ~= "table" then error("table.sort takes a list, not " .. type(t), 2) end
  if before ~= nil and type(before) ~= "function" then error("table.sort takes a function, not " .. type(before), 2) end
  changeable(t)
  return sort(t, before)
end

local function safe_setmetatable(t, meta)
  if type(meta) == "table" and rawget(meta, "__mode") ~= nil then
    error("there are no weak tables here: what is in them would depend on the moment", 2)
  end
  return setmetatable(t, meta)
end

-- Libraries: a face that cannot be written, over a table that says what it lacks.

local instead = {
  ["math.pow"] = "use x ^ y", ["math.randomseed"] = "the study's seed decides",
  ["string.dump"] = "functions stay functions", ["string.gfind"] = "use string.gmatch",
  ["table.foreach"] = "use for and pairs", ["table.foreachi"] = "use for and ipairs", ["table.getn"] = "use #",
  ["table.maxn"] = "use #", ["table.pack"] = "use { ... }", ["table.unpack"] = "use unpack",
}

function sandbox.frozen(name, contents)
  return setmetatable({}, {
    __index = contents,
    __newindex = function(_, key) error("'" .. name .. "' belongs to all files: '" .. tostring(key) .. "' cannot be set", 2) end,
    __pairs = function() return sorted_pairs(contents) end,
    __metatable = false,
  })
end

local function library(name, contents)
  sandbox.libraries[name] = setmetatable(contents, {
    __index = function(_, key)
      local whole = name .. "." .. tostring(key)
      if instead[whole] then error("there is no '" .. whole .. "' here: " .. instead[whole], 2) end
      error("there is no '" .. whole .. "'" .. native.did_you_mean(tostring(key), contents), 2)
    end,
  })
  return sandbox.frozen(name, contents)
end

local function chosen(from, names)
  local to = {}
  for name in names:gmatch("%S+") do to[name] = from[name] end
  return to
end

local texts = chosen(string, "byte char len lower reverse sub upper")
texts.rep, texts.format = bounded_rep, safe_format
texts.find, texts.match, texts.gmatch, texts.gsub = native.find, native.match, native.gmatch, native.gsub
local frozen_texts = library("string", texts)
local of_texts = metatable("")
of_texts.__index, of_texts.__metatable = frozen_texts, false

sandbox.words = {
  assert = assert, error = error, ipairs = ipairs, pairs = sorted_pairs, select = select, tonumber = tonumber,
  tostring = tostring, type = type, unpack = unpack, setmetatable = safe_setmetatable, getmetatable = getmetatable,
  string = frozen_texts,
  math = library("math", chosen(math,
    "abs acos asin atan atan2 ceil cos cosh deg exp floor fmod frexp huge ldexp log log10 max min modf pi rad sin sinh sqrt tan tanh")),
  table = library("table", { concat = safe_concat, insert = safe_insert, remove = safe_remove, sort = safe_sort }),
  bit = library("bit", chosen(bit, "arshift band bnot bor bswap bxor lshift rol ror rshift tobit tohex")),
}

-- Globals.

local absent = {
  _G = "files share nothing", collectgarbage = "memory takes care of itself", coroutine = "the engine waits for you",
  debug = "errors name their line", dofile = "a file stands alone", getfenv = "files share nothing",
  io = "use read(path)", jit = "it is on", load = "a file stands alone", loadfile = "a file stands alone",
  loadstring = "a file stands alone", module = "a file stands alone", newproxy = "use tables",
  next = "use pairs, or #", os = "a match knows no clock and no system", package = "a file stands alone",
  pcall = "an error is to be seen", print = "use match:note to store a number or word, error to stop",
  rawequal = "use ==", rawget = "use t[key]", rawset = "use t[key] = value", require = "a file stands alone",
  setfenv = "files share nothing", xpcall = "an error is to be seen", ffi = "a file stands alone",
  gcinfo = "memory takes care of itself",
}

setmetatable(sandbox.words, {
  __index = function(words, name)
    name = tostring(name)
    if absent[name] then error("there is no '" .. name .. "' here: " .. absent[name], 2) end
    error("there is no global '" .. name .. "'" .. native.did_you_mean(name, words), 2)
  end,
})

sandbox.environment = setmetatable({}, {
  __index = sandbox.words,
  __newindex = function(_, name) error("make '" .. tostring(name) .. "' local: scripts set no globals", 2) end,
  __metatable = false,
})

_G.sandbox = sandbox
return sandbox.words, sandbox.environment, function(...) return ... end
