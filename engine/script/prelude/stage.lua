-- The stage game of games given by payoffs: everyone chooses at once and is paid by the table or function.
local engine = ...
local own = engine.own
local ipairs = ipairs
local floor, new_table = math.floor, require "table.new"
local CHOICE, PAY, count, drawn_to_end, paid_for = own.CHOICE, own.PAY, own.count, own.drawn_to_end, own.paid_for
local enter, ids, keep, legal, log, next_round = own.enter, own.ids, own.keep, own.legal, own.log, own.next_round
local no_such_action, none, put_turn, settle, steps = own.no_such_action, own.none, own.put_turn, own.settle, own.steps
local write = own.write

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
  return assert(loadstring(table.concat(code, " "), "=prelude/stage"))(drawn_to_end, engine.flush, odd)
end

local function play_stage(M)
  local setup, n = M.setup, #M.setup.names
  if M.entries.any_asks then
    local asked, choices = {}, {}
    for s, S in ipairs(setup.sets) do asked[s] = { seat = s, name = "action", S = S, set = S.id } end
    while next_round(M) do
      settle(M, asked)
      for s, a in ipairs(asked) do choices[s] = a.value end
      for s, x in ipairs(paid_for(M, choices)) do enter(M, s, x) end
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
    local got = cells and cells[cell + 1] or paid_for(M, values)
    for s = 1, n do
      local col, x = columns[s], got[s]
      col.n, col[round] = round, values[s]
      totals[s] = totals[s] + x
      paid[s][round] = x
      write(PAY, s, 0, -1, -1, 0, 0, x)
    end
  end
end

-- Two fixed rules after a match that was played: `done` has the numbers of its actions, by seat and round.
local function follow(M, done)
  local sets, columns = M.setup.sets, {}
  for s = 1, 2 do
    columns[s] = { n = 0, plain = true }
    M.columns[s] = { action = columns[s] }
    put_turn(M, s, "action", sets[s])
  end
  local act1, act2, turn1, turn2, col1, col2 = M.acts[1], M.acts[2], M.turns[1], M.turns[2], columns[1], columns[2]
  local set1, set2, done1, done2, action = sets[1], sets[2], done[1], done[2], ids.action
  local function say(s, S, value)
    local index = S.index[value]
    if not index then index = S.index[legal(S, value) or no_such_action(M, s, "action", S, value)] end
    write(CHOICE, s, action, S.id, index, 0, 0, 0)
  end
  for round = 1, #done1 do
    M.round, turn1.round, turn2.round = round, round, round
    log.seat = 1
    local value1 = act1(turn1)
    log.seat = 2
    local value2 = act2(turn2)
    log.seat = 0
    say(1, set1, value1)
    say(2, set2, value2)
    col1[round], col2[round] = set1.plain[done1[round]], set2.plain[done2[round]]
    col1.n, col2.n = round, round
  end
end

own.follow, own.play_stage = follow, play_stage
