-- What a file declares (game, strategy, study), its instances, and the files that it reads.
local engine = ...
local own = engine.own
local type, ipairs, error, tostring = type, ipairs, error, tostring
local log, now, words = own.log, own.now, own.words

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
    if now.match then error(kind .. " is declared once, at the top of a file", 2) end
    if fields then
      for _, key in ipairs(engine.sorted_keys(def)) do
        if not fields[key] then
          error(("%s has no field '%s'%s"):format(kind, tostring(key), engine.nearest(tostring(key), engine.sorted_keys(fields))), 2)
        end
      end
    end
    if kind == "game" and type(def.data) == "string" and (def.data:find("^/") or def.data:find("..", 1, true) or def.data == "") then
      error("data is a folder below the file's own, not '" .. def.data .. "'", 2)
    end
    declared = { kind = kind, def = def, line = debug.getinfo(2, "l").currentline }
    if kind == "game" then
      if (def.payoffs == nil) == (def.play == nil) then error("a game has either payoffs or play", 2) end
      if def.payoffs and not def.actions then error("a game with payoffs needs actions", 2) end
      if def.play and type(def.play) ~= "function" then error("play is a function of (match, players)", 2) end
      if def.check ~= nil and type(def.check) ~= "function" then error("check is a function of (settings, seats)", 2) end
      for _, name in ipairs(engine.sorted_keys(def.allowed or {})) do
        if type((def.settings or {})[name]) == "nil" then error("allowed: there is no setting '" .. name .. "'", 2) end
        if type(def.allowed[name]) ~= "table" then error("allowed: what '" .. name .. "' may be is a list or a range", 2) end
      end
      if def.solve ~= nil and type(def.solve) ~= "function" then error("solve is a function of (settings, seats)", 2) end
      if def.ends ~= nil and def.ends ~= false then error("ends is false (a match is played to its last round) or left out; a study says with what chance one ends", 2) end
    elseif kind == "strategy" then
      if type(def.act) ~= "function" then error("a strategy needs act, a function of (turn)", 2) end
      if def.say ~= nil and type(def.say) ~= "function" then error("say is a function of (turn)", 2) end
    end
    if kind ~= "study" and def.settings ~= nil then
      if type(def.settings) ~= "table" or #def.settings > 0 then error("settings are names with defaults", 2) end
      local problem = engine.unstorable(def.settings)
      if problem then error("settings: " .. problem, 2) end
    end
    for _, key in ipairs(kind == "game" and { "about", "source", "data" } or { "about", "source" }) do
      if def[key] ~= nil and type(def[key]) ~= "string" then error(key .. " is a text", 2) end
    end
  end
end

words.game = declaration("game", { about = true, source = true, players = true, rounds = true, ends = true, settings = true, allowed = true,
  actions = true, payoffs = true, play = true, columns = true, solve = true, check = true, data = true })
words.strategy = declaration("strategy", { about = true, source = true, settings = true, act = true, say = true })
words.study = declaration("study")

-- Runs a new instance of a file; what it declares, and in which line. `kind` is what it must be. `again`: it was run and checked before.
local function instance(chunk, kind, again)
  local before, seat = now.match, log.seat
  declared, now.match, known = nil, nil, again or false
  engine.instance(chunk)()
  local got = declared
  declared, now.match, log.seat, known = nil, before, seat, false
  if not got then error(engine.path(chunk) .. ": it declares nothing: a file says " .. kind .. " { ... }", 0) end
  if got.kind ~= kind then error(("%s: it declares a %s, and a %s is wanted"):format(engine.path(chunk), got.kind, kind), 0) end
  return got.def, got.line
end

-- LuaJIT compiles calls for the one closure that it met, unless it has seen several of a function made (lj_func.c,
-- PROTO_CLC_POLY): then for all of them. Each match brings closures of its own, so a file begins with some.
local function warm(chunk, kind) for _ = 1, 4 do instance(chunk, kind, true) end end

-- The reading of files ------------------------------------------------------------------------------------------------

function words.read(path, said) -- said: the file and line that name it, for the error where there is none
  if type(path) ~= "string" then error("read(path) needs a path", 2) end
  if said ~= nil and type(said) ~= "string" then error("read(path, said) needs a text that says where the path stands", 2) end
  local got = engine.read(path, said or false) -- no tail call: the binding finds the author two frames up
  return got
end

own.instance, own.warm = instance, warm
