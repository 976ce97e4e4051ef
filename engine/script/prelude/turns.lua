-- In act: the turn.
local engine = ...
local own = engine.own
local type, ipairs, error, tostring = type, ipairs, error, tostring
local huge, yield, any_order = math.huge, coroutine.yield, pairs
local P, Turn, action_at, copied, paid_for = own.P, own.Turn, own.action_at, own.copied, own.paid_for
local legal, log, name_of, now, seen_entry, set_text = own.legal, own.log, own.name_of, own.now, own.seen_entry, own.set_text
local fact, settings_of, shown, steps = own.fact, own.settings_of, own.shown, own.steps
local UNPLACED = -100 -- a level: of an error without a line

local turn_fields = { "me", "other", "others", "decision", "actions", "facts", "round", "rounds", "total", "settings", "history",
  "memory", "outcomes", "ask", "last", "all", "payoff", "best" }

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

-- The payoff table: { choice = { NAME = action }, pays = { NAME = number } }, the first seat's action slowest.
local function outcomes(M)
  local setup = M.setup
  local n = setup.by_payoffs and own.outcomes(setup)
  if not n or n > own.MOST_CELLS then
    error(("turn.outcomes: this game is not given by payoffs over lists and ranges with at most %d outcomes"):format(own.MOST_CELLS), 3)
  end
  local out, places = {}, {}
  for s = 1, #setup.names do places[s] = 0 end
  for k = 1, n do
    local choices, item = {}, { choice = {}, pays = {} }
    for s, S in ipairs(setup.sets) do choices[s] = action_at(S, places[s]) end
    local paid = paid_for(M, choices)
    for s, name in ipairs(setup.names) do item.choice[name], item.pays[name] = choices[s], paid[s] end
    out[k] = item
    own.next_outcome(setup.sets, places)
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
  if key == "outcomes" then return outcomes(M) end
  if key == "others" then return copied(M.setup.others[p.seat] or M.setup.names) end
  if key == "facts" then
    local out = copied(M.facts and M.facts[p.seat] or {})
    for k, v in any_order(p.facts or {}) do
      local ok, got = pcall(fact, v, UNPLACED)
      if not ok then error(("%s: in '%s', %s: %s"):format(M.setup.path, turn.decision, k, got), 0) end -- the game's mistake
      out[k] = got
    end
    return out
  end
  if key == "memory" or key == "settings" then
    local kept = p[key]
    if not kept then
      kept = key == "memory" and {} or settings_of(M.entries[p.seat].settings)
      p[key] = kept
    end
    return kept
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
  if not setup.names[p.seat] then error("turn:payoff and turn:best: an observer is never paid", level + 1) end
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
  return paid_for(M, choices)[p.seat]
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
  now.match, log.seat = p.session or p.M, p.at or p.seat
  return got
end

own.MOST_QUESTIONS, own.seat_named = MOST_QUESTIONS, seat_named
