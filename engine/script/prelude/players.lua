-- In play: players and groups (choose, tell, pay), the match, and what each seat chose, was told and was paid.
local engine = ...
local own = engine.own
local type, ipairs, error, tostring, setmetatable, rawset = type, ipairs, error, tostring, setmetatable, rawset
local huge, yield, any_order = math.huge, coroutine.yield, pairs
local CHOICE, DONE, Group, MISSING, Match, NOTE = own.CHOICE, own.DONE, own.Group, own.MISSING, own.Match, own.NOTE
local P, PAY, Player, ROUND, TOLD, author_view = own.P, own.PAY, own.Player, own.ROUND, own.TOLD, own.author_view
local copied, ids, keep, legal, list, log, map = own.copied, own.ids, own.keep, own.legal, own.list, own.log, own.map
local is_player, now, set_of, shown, where, words = own.is_player, own.now, own.set_of, own.shown, own.where, own.words
local metatable, payable, write = own.metatable, own.payable, own.write

-- A player holds { M, seat, name } under P, and whatever the game keeps with it.
local engine_words = { name = true, seat = true, total = true, other = true, others = true }

Player.__index = function(p, key)
  local it = p[P]
  if key == "name" or key == "seat" then return it[key] end
  local M, seat = it.M, it.seat
  if key == "total" then return M.totals[seat] end
  if key == "others" then
    return setmetatable(words.filter(M.players, function(q) return q[P].seat ~= seat end), Group)
  end
  if key == "other" then
    if #M.players ~= 2 then error("player.other: this game has " .. #M.players .. " players; use player.others", 2) end
    return M.players[3 - seat]
  end
  return Player[key]
end
Player.__newindex = function(p, key, value)
  if Player[key] or engine_words[key] then
    error("'" .. tostring(key) .. "' is the engine's word of a player: keep your own things under another name", 2)
  end
  rawset(p, key, value)
end
Player.__tostring = function(p) return p[P].name end
Player.__metatable = "a player"

function sandbox.order(key) return is_player(key) and key[P].seat end -- players by seat

Group.__index = function(g, key)
  local method = Group[key]
  if method then return method end
  if type(key) ~= "string" or key == "kind" then return nil end -- no action set but a list
  for _, p in ipairs(g) do if is_player(p) and p[P].name == key then return p end end
  local first = rawget(g, 1)
  local setup = is_player(first) and first[P].M.setup
  if setup and not setup.seat_of[key] then
    local known = { "choose", "tell", "pay" }
    for _, name in ipairs(setup.names) do known[#known + 1] = name end
    error(("there is no player '%s'%s"):format(key, engine.nearest(key, known)), 2)
  end
end
Group.__metatable = "a group"

local function player_of(who, word, level) -- { M, seat, name }
  if not is_player(who) then error(("%s is called with a colon, as in player:%s { ... }"):format(word, word), level + 1) end
  return who[P]
end

-- The match of a group, or of a list of one player; a group is a list, into which a game may have put what it likes.
local function members(group, word, level)
  if metatable(group) ~= Group then player_of(group[1], word, level + 1) end
  local seen = {}
  for _, p in ipairs(group) do
    if not is_player(p) then error("a group is a list of players, and holds " .. shown(p), level + 1) end
    local seat = p[P].seat
    if seen[seat] then error("a group holds each player once, and " .. p[P].name .. " stands in it twice", level + 1) end
    seen[seat] = true
  end
  return group[1] and group[1][P].M
end

function words.group(l)
  for _, p in ipairs(list(l, "group")) do
    if not is_player(p) then error("a group is a list of players, got " .. shown(p), 2) end
  end
  return setmetatable(map(l, function(p) return p end), Group)
end

local none = {} -- in place of what a seat has none of yet

local reserved = { seen_by = true, by = true, samples = true, fresh = true, missing = true, right = true }

local function fact(x, level, levels) -- a fact as it crosses: players as names
  if type(x) ~= "table" then
    if type(x) == "function" then error("a fact is a value, not a function", level + 1) end
    if x ~= x or x == huge or x == -huge then error("a fact is a number, and finite", level + 1) end
    return x
  end
  if is_player(x) then return x[P].name end
  levels = levels or 1
  if levels > 20 then error("a fact is a table within itself, or more than 20 deep", level + 1) end
  local out = {}
  for k, v in any_order(x) do
    if is_player(k) then k = k[P].name end
    if k ~= P then out[k] = fact(v, level + 1, levels + 1) end
  end
  if levels == 1 then
    local problem = engine.unstorable(out)
    if problem then error("a fact is " .. problem, level + 1) end
  end
  return out
end

-- Names that are nearly seen_by: a list of players under one is no fact, and what was to be secret would be told to all.
local nearly_seen_by = setmetatable({}, { __index = function(t, name)
  -- A slip changes a letter or two: `seen` is a word of its own.
  t[name] = #name >= #"seen_by" - 2 and engine.nearest(name, { "seen_by" }):find("did you mean", 1, true) ~= nil
  return t[name]
end })
local function are_players(v)
  if is_player(v) or is_player(v[1]) then return true end
  for _ in any_order(v) do return false end
  return true
end

-- `later`: tables are taken as they are, for `fact` to be put to them where they are looked at, which may be never. Until then no code
-- of the game's may run that could write into them.
local function facts_of(q, level, later)
  local out
  for k, v in any_order(q) do
    if type(k) == "string" and not reserved[k] then
      if type(v) == "table" and nearly_seen_by[k] and are_players(v) then
        error(("'%s': %s would be a fact; who sees it is said by seen_by"):format(tostring(q[1]), k), level + 1)
      end
      out = out or {}
      out[k] = later and type(v) == "table" and v or fact(v, level + 1)
    elseif type(k) == "number" and k > 2 or k == 2 and (type(v) ~= "table" and not q.by) then
      error("a question is { name, action set, fact = value }: there is no place for " .. shown(v), level + 1)
    end
  end
  return out
end

local function seats_of(who, word, level) -- a list of seat numbers, in order; nil: everyone
  if who == nil then return nil end
  if is_player(who) then return { who[P].seat } end
  if type(who) ~= "table" then error(word .. " is a player or a list of players, got " .. shown(who), level + 1) end
  local out, in_it = {}, {}
  for _, p in ipairs(who) do
    if not is_player(p) then error(word .. " is a player or a list of players, got " .. shown(p), level + 1) end
    local seat = p[P].seat
    if not in_it[seat] then out[#out + 1] = seat end
    in_it[seat] = true
  end
  if out[1] and #out == #who[1][P].M.players then return nil end
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

local function set_text(S) return engine.describe(S.id) end

local function nothing_said() return "" end

-- What of a seat's strategy answers a question out of this set: where words are asked for its `say`; without one a strategy that asks
-- acts as ever, and a fixed rule says nothing.
local function answers(M, seat, S)
  if S.kind ~= "words" then return M.acts[seat] end
  return M.says and M.says[seat] or M.entries[seat].asks and M.acts[seat] or nothing_said
end

local function no_such_action(M, seat, name, S, value)
  local what = shown(value)
  if type(value) == "table" then
    local ok, plain = pcall(fact, value, 1)
    if ok then what = engine.json(plain) end
  end
  error(("%s: the strategy answered '%s' with %s, which is not in %s"):format(where(answers(M, seat, S)), name, what, set_text(S)), 0)
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
  local value = answers(M, seat, S)(turn)
  log.seat = 0
  if S.index and S.index[value] then return value end
  local kept = legal(S, value)
  if kept == nil then no_such_action(M, seat, name, S, value) end
  return kept
end

local function question_for(p, question, level, alone)
  local q, asks = question, p[P].M.entries[p[P].seat].asks
  if type(question) == "function" then q = question(p) end
  if q == nil then return nil end
  if type(q) ~= "table" or type(q[1]) ~= "string" then error("a question is { name, action set, fact = value }, got " .. shown(q), level + 1) end
  if not q[1]:match("^[%a_][%w_]*/?[%w_]*$") then error("'" .. q[1] .. "' is no name of a question", level + 1) end
  local S = set_of(q[2], level + 1)
  if not S then error("choose '" .. q[1] .. "' needs an action set: a list, range, record, split or words", level + 1) end
  local asked = { seat = p[P].seat, name = q[1], S = S, set = S.id, facts = facts_of(q, level + 1, not asks and (alone or q == question)), seen = seats_of(q.seen_by, "seen_by", level + 1), raw = q[2] }
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
      for _, p in ipairs(M.players) do if p[P].name == value then return p end end
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
      waiting = waiting or entries.watched[a.seat]
    end
    in_order = in_order and (i == 1 or asked[i - 1].seat < a.seat)
  end
  if waiting then
    local missing = yield(asked) -- C++ runs the turns of those who ask; their values come by end_turn
    now.match, log.seat = M, 0
    for _, k in ipairs(missing) do asked[k].value, asked[k].is_missing = asked[k].missing, true end
  end
  local told = asked -- in the order of seats, whoever was asked first
  if not in_order then
    told = {}
    for i, a in ipairs(asked) do told[i] = a end
    sandbox.sort(told, function(a, b) return a.seat < b.seat end)
  end
  for i, a in ipairs(told) do
    record(M, a.seat, a.name, a.S, a.value, a.seen, a.is_missing)
    log.events[log.count - 1].together = i - 1
  end
  M.asking = nil
end

local MOST_CHOICES = 10000 -- calls of choose in a round

local function choose(group, question, level)
  local M = members(group, "choose", level + 1)
  if not M then return {} end
  in_round(M, "choose", level + 1)
  if M.chosen_in ~= M.round then M.chosen_in, M.chosen = M.round, 0 end
  M.chosen = M.chosen + 1
  if M.chosen > MOST_CHOICES then error("more than " .. MOST_CHOICES .. " times choose in one round: does this game ever end?", level + 1) end
  local asked = {}
  for _, p in ipairs(group) do asked[#asked + 1] = question_for(p, question, level + 1, not group[2]) end
  settle(M, asked)
  local choices = {}
  for i, a in ipairs(asked) do
    local back = given_back(M, a.raw, a.S, a.value)
    local p = M.players[a.seat]
    choices[i], choices[p], choices[p[P].name] = back, back, back
  end
  return choices
end
function Group:choose(question) return choose(self, question, 2) end
function Player:choose(question) return choose({ self }, question, 2)[1] end

local function tell(group, message, level)
  local M = members(group, "tell", level + 1)
  if not M then return end
  if type(message) == "string" then message = { message } end
  if type(message) ~= "table" or type(message[1]) ~= "string" then error("tell needs { name, fact = value }, got " .. shown(message), level + 1) end
  local name, to, models = message[1], {}, false
  for i, p in ipairs(group) do
    to[i] = p[P].seat
    models = models or M.entries[to[i]].asks
  end
  table.sort(to)
  if message.by ~= nil then
    local by, value = message.by, fact(message[2], level + 1)
    if not is_player(by) then error("tell: by is a player, got " .. shown(by), level + 1) end
    if value == nil then error("tell: with by it needs a value: { name, value, by = player }", level + 1) end
    in_round(M, "tell with by", level + 1)
    local seat = by[P].seat
    local col = column(M, seat, name)
    local n = col.n
    if n == 0 or col.round[n] ~= M.round then error(("tell: %s has not chosen '%s' in this round"):format(by[P].name, name), level + 1) end
    col.done, col.plain = col.done or {}, false
    local done = col.done[n] or { seen = {} }
    done.value = value
    for _, s in ipairs(to) do done.seen[s] = true end
    col.done[n] = done
    write(DONE, seat, ids[name], -1, -1, keep(value), keep(to), 0)
    if models then engine.tell(name, to, seat) end
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
  if not payable(amount) then
    error("pay needs a number within " .. own.MOST_PAY .. " of 0, got " .. shown(amount), level + 1)
  end
  local it = player_of(p, "pay", level + 1)
  in_round(it.M, "pay", level + 1)
  enter(it.M, it.seat, amount)
end
function Player:pay(amount) pay(self, amount, 2) end
function Group:pay(given)
  members(self, "pay", 2)
  if type(given) == "number" then
    for _, p in ipairs(self) do pay(p, given, 2) end
    return
  end
  if type(given) ~= "table" then error("pay needs a number, a list or amounts by name, got " .. shown(given), 2) end
  local by_place = #given > 0
  for name in any_order(by_place and {} or given) do
    if type(name) == "string" and self[1] and not self[1][P].M.setup.seat_of[name] then
      error(("pay: there is no player '%s'%s"):format(name, engine.nearest(name, self[1][P].M.setup.names)), 2)
    end
  end
  if by_place and #given ~= #self then error("pay got " .. #given .. " amounts for " .. #self .. " players", 2) end
  for i, p in ipairs(self) do
    local x
    if by_place then x = given[i] else x = given[p] or given[p[P].name] end
    if x == nil then error("pay has no amount for " .. p[P].name, 2) end
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

Match.__index = function(match, key)
  local method = Match[key]
  if method then return method end
  local M = match[P]
  if key == "settings" then return M.settings end
  if key == "rounds" then return M.rounds end
  error(("match has no field '%s'%s"):format(tostring(key), engine.nearest(tostring(key), { "each_round", "note", "settings", "rounds" })), 2)
end
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

own.drawn_to_end, own.enter, own.next_round, own.no_such_action = drawn_to_end, enter, next_round, no_such_action
own.none, own.put_turn, own.settle, own.seen_entry, own.set_text = none, put_turn, settle, seen_entry, set_text
own.answers, own.fact, own.facts_of = answers, fact, facts_of
