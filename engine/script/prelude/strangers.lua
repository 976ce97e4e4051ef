-- matching = "strangers": many play a two-seat game in pairs that nature draws anew each round. The first half sit in the game's first
-- seat, the others in its second, for the whole match. Each knows a table of two: itself and whoever sits opposite in a round.
local engine = ...
local own = engine.own
local ipairs, setmetatable = ipairs, setmetatable
local NOTE, P, Turn, enter, ids, instance, keep = own.NOTE, own.P, own.Turn, own.enter, own.ids, own.instance, own.keep
local functions_of, next_round, none, paid_for, settle = own.functions_of, own.next_round, own.none, own.paid_for, own.settle
local words, write = own.words, own.write

-- What a seat knows of the match, in the form of a match of two: what its turn looks at.
local function view_of(M, role, entry)
  local setup = M.setup
  local view = { setup = setup, entries = { [role] = entry }, rounds = M.rounds, ends = M.ends, told_rounds = M.told_rounds,
    round = 0, over = false, columns = {}, totals = { 0, 0 }, paid = { {}, {} } }
  for r = 1, 2 do view.columns[r] = { action = { n = 0, plain = true } } end
  if setup.fresh then view.payoffs, view.checked = instance(setup.chunk, "game", true).payoffs, false end
  return view
end

-- As border.lua's new_match; `half`: how many pairs.
local function new_session(setup, entries, rounds, ends, told_rounds, half)
  local M = { setup = setup, entries = entries, rounds = rounds, ends = ends, told_rounds = told_rounds, half = half, round = 0,
    over = false, columns = {}, totals = {}, paid = {}, acts = {}, turns = {}, views = {}, partner = {} }
  for s = 1, 2 * half do
    local role, entry = s <= half and 1 or 2, entries[s]
    M.columns[s], M.paid[s], M.totals[s] = none, none, 0
    M.views[s] = view_of(M, role, entry)
    M.acts[s] = functions_of(entry)
    M.turns[s] = setmetatable({ me = setup.names[role], other = setup.names[3 - role], decision = false, actions = false, round = 0,
      [P] = { M = M.views[s], seat = role, session = M, at = s, asked = 0 } }, Turn)
  end
  if setup.fresh then M.payoffs, M.checked = instance(setup.chunk, "game", true).payoffs, false end
  return M
end

local function draw_pairs(M)
  local half, places, met = M.half, {}, {}
  for i = 1, half do places[i] = i end
  for i, j in ipairs(words.shuffled(places)) do
    M.partner[i], M.partner[half + j] = half + j, i
    met[i] = i .. "-" .. half + j
  end
  write(NOTE, 0, ids.pairs, -1, -1, keep(table.concat(met, " ")), 0, 0)
end

local function see(view, role, value, amount)
  local col, round = view.columns[role].action, view.round
  col.n, col[round] = round, value
  view.paid[role][round] = amount
  view.totals[role] = view.totals[role] + amount
end

local function play_session(M)
  local half, setup, asked = M.half, M.setup, {}
  for s = 1, 2 * half do
    local S = setup.sets[s <= half and 1 or 2]
    asked[s] = { seat = s, name = "action", S = S, set = S.id }
  end
  while next_round(M) do
    draw_pairs(M)
    for s, a in ipairs(asked) do
      a.seen = { M.partner[s] }
      M.views[s].round = M.round
    end
    settle(M, asked)
    for i = 1, half do
      local j = M.partner[i]
      local mine, theirs = asked[i].value, asked[j].value
      local got = paid_for(M, { mine, theirs })
      for role, s in ipairs { i, j } do
        enter(M, s, got[role])
        see(M.views[s], 1, mine, got[1])
        see(M.views[s], 2, theirs, got[2])
      end
    end
  end
end

own.new_session, own.play_session = new_session, play_session
