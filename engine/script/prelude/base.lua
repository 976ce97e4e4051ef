-- What the files of the prelude share. The prelude is the author's vocabulary (LUA.md) and the playing of a match; it runs once
-- a process, outside the sandbox, in the order of scripts.cc. What C++ binds stands in `engine`, what one file defines for the later
-- ones in `own`; `own.words` is what authors see.
--
-- The border: two yields (a game chooses, a strategy asks) and five calls (tell, pay, next round, random, read). What
-- happens is written as events into a buffer that C++ owns (`log`, parley::Event); C++ takes them whenever it gets control.
local engine = ...
local own = {}
engine.own = own
local type, tostring, setmetatable, error = type, tostring, setmetatable, error
local metatable = debug.getmetatable -- what __metatable hides from authors
local any_order, ffi = pairs, require "ffi"

-- Under this key objects keep what authors must not see; the sandbox's `pairs` skips it.
local P = sandbox.hidden

ffi.cdef [[
typedef struct { int32_t kind, seat, name, set, index, value, seen, together; double number; } parley_event;
typedef struct { int32_t count, capacity, values, seat, cells, cell[4096]; parley_event events[1]; } parley_log;
]]
own.MOST_PAY = 1e100 -- so that no sum of payoffs passes what a number holds
function own.payable(x) return type(x) == "number" and x >= -own.MOST_PAY and x <= own.MOST_PAY end

local words = {}
local now = { match = nil } -- match: the one that plays; whose draws are taken stands in log.seat: a seat, or 0 for nature
local log = ffi.cast("parley_log*", engine.log)
local log_values = engine.values -- what events point to until C++ takes them
local ROUND, CHOICE, DONE, PAY, NOTE, TOLD, MISSING = 1, 2, 3, 4, 5, 6, 7

local function write(kind, seat, name, set, index, value, seen, number)
  local n = log.count
  if n == log.capacity then engine.flush(); n = 0 end
  local e = log.events[n]
  e.kind, e.seat, e.name, e.set = kind, seat, name, set
  e.index, e.value, e.seen, e.together = index, value, seen, 0
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

local function where(f) -- "file:line" of a function
  local info = debug.getinfo(f, "S")
  return info.short_src .. ":" .. info.linedefined
end

local function shown(x) -- for messages
  if type(x) == "string" then return "'" .. x .. "'" end
  if type(x) == "table" and not (metatable(x) or {}).__tostring then return "a table" end
  return x == nil and "nothing" or tostring(x)
end

-- Settings as authors read them: a name that there is not is a mistake, never nil.
local Settings = {
  __index = function(settings, name)
    if type(name) ~= "string" then return nil end
    error(("there is no setting '%s'%s"):format(name, engine.nearest(name, engine.sorted_keys(settings))), 2)
  end,
  __metatable = false,
}
local function settings_of(values) return setmetatable(copied(values), Settings) end

local Group, Player, Match, Turn = {}, {}, {}, {} -- metatables

local function is_player(x) return type(x) == "table" and metatable(x) == Player end

own.settings_of = settings_of
own.shown, own.words, own.P, own.copied, own.log, own.now, own.CHOICE = shown, words, P, copied, log, now, CHOICE
own.DONE, own.Group, own.MISSING, own.Match, own.NOTE, own.PAY, own.Player = DONE, Group, MISSING, Match, NOTE, PAY, Player
own.ROUND, own.TOLD, own.ids, own.keep, own.write, own.Turn, own.where = ROUND, TOLD, ids, keep, write, Turn, where
own.metatable, own.is_player = metatable, is_player
