-- A room on a grid: walls around it, exits in the middle of three of them (`left`, `bottom`, `right`: how many cells wide; 0: none). A round:
-- whoever stands in an exit leaves; whoever has left is paid 1, in this round and in each later one that is played. Then in the first round all
-- choose an exit, later each with chance `replan`; before that they may speak (`talk`), to all within `hearing`. Then all step, those nearest to
-- their exit first, onto the free cell next to them that is nearest to it, if it is nearer than their own. All distances are straight lines.
-- Who chooses knows of each exit its width, how far it is, and how many people are seen towards it: those within `view`, at most `angle`
-- degrees off the way there. What it feels and how it judges is a strategy's affair (`appraise`), so this game has one question.
-- `people` fixes what is drawn, in the order of seats: { { x = 2, y = 3, strength = "weak", temper = "calm" }, … }, cells counted from the
-- upper left. Drawn are walls #, free cells ., and people by the first letter of their exit, s for who stays. The paper draws an exit of 3 cells on the right, its program has one of 1.
-- By hand, size 5, left 1, no other exit, 4 rounds, people at 2,3 and 3,3 who go left: the first steps into the exit, the second behind it;
-- the first leaves in round 2, the second in round 3: 3 and 2.
-- By hand, size 7, left and right 1, 5 rounds, people at 3,4 and 5,4 who go to the far side: one steps aslant past the other and loses nothing
-- by it; each stands in its exit after 4 steps and leaves in round 5: 1 and 1.

local function distance(a, b) return math.sqrt((a.x - b.x) ^ 2 + (a.y - b.y) ^ 2) end

local function way(from, exit) -- how far its nearest cell is, and which that is
  local least, nearest = math.huge, nil
  for _, cell in ipairs(exit.cells) do
    local d = distance(from, cell)
    if d < least then least, nearest = d, cell end
  end
  return least, nearest
end

local function build(set) -- cells by row and column, a wall having none; those of the floor; exits as a list and by name
  local size, room, floor, exits = set.size, {}, {}, {}
  local function open(x, y, exit)
    room[y] = room[y] or {}
    room[y][x] = { x = x, y = y, exit = exit }
    return room[y][x]
  end
  for y = 2, size - 1 do
    for x = 2, size - 1 do floor[#floor + 1] = open(x, y) end
  end
  for _, name in ipairs { "left", "bottom", "right" } do
    local width, exit = set[name], { name = name, cells = {} }
    if width > size - 2 then error(("%s: an exit of %g cells does not fit into a wall of %g"):format(name, width, size - 2)) end
    local before = math.ceil((size - width) / 2)
    for i = before + 1, before + width do
      local x, y = name == "left" and 1 or name == "right" and size or i, name == "bottom" and size or i
      exit.cells[i - before] = open(x, y, exit)
    end
    if width > 0 then exits[#exits + 1], exits[name] = exit, exit end
  end
  if #exits == 0 then error("a room needs an exit: left, bottom or right above 0") end
  return room, floor, exits
end

local function stand(person, cell) -- nil: nowhere any more
  if person.cell then person.cell.person = nil end
  person.cell = cell
  if cell then cell.person = person end
end

-- What `people` may say of each, which is no more than what would be drawn.
local function check_people(players, set, exits)
  if #set.people > #players then error(("people: they are %d, and %d play"):format(#set.people, #players)) end
  for _, temper in ipairs(set.tempers) do
    if exits[temper] then error(("tempers: '%s' is an exit, and both would be measured as escaped_%s"):format(temper, temper)) end
  end
  for i, fixed in ipairs(set.people) do
    for key in pairs(fixed) do
      if count({ "x", "y", "strength", "temper" }, key) == 0 then error(("people: %d has '%s': it may have x, y, strength and temper"):format(i, key)) end
    end
    if (fixed.x == nil) ~= (fixed.y == nil) then error(("people: %d needs both x and y"):format(i)) end
    for key, known in pairs { strength = set.strengths, temper = set.tempers } do
      if fixed[key] and count(known, fixed[key]) == 0 then error(("people: %d has the %s '%s', which is not in %ss"):format(i, key, fixed[key], key)) end
    end
  end
end

local function enter(players, room, floor, set)
  local free = shuffled(floor)
  for i, person in ipairs(players) do
    local fixed, strength, temper = set.people[i] or {}, pick(set.strengths), pick(set.tempers)
    person.strength, person.temper = fixed.strength or strength, fixed.temper or temper
    if fixed.x then
      local cell = room[fixed.y] and room[fixed.y][fixed.x]
      if not cell or cell.exit or cell.person then error(("people: nobody can stand at x = %g, y = %g"):format(fixed.x, fixed.y)) end
      stand(person, cell)
    end
  end
  free = filter(free, function(cell) return not cell.person end)
  for _, person in ipairs(filter(players, function(p) return not p.cell end)) do
    if #free == 0 then error(("%d people do not fit into %d cells"):format(#players, #floor)) end
    stand(person, table.remove(free))
  end
end

local function step(person, room) -- onto the free cell around that is nearest to the exit, if it is nearer than here
  local here, best = person.cell, person.cell
  local least = way(here, person.goal)
  for y = here.y - 1, here.y + 1 do
    for x = here.x - 1, here.x + 1 do
      local cell = room[y] and room[y][x]
      local d = cell and not cell.person and way(cell, person.goal)
      if d and d < least then least, best = d, cell end
    end
  end
  stand(person, best)
end

local function drawn(room, size)
  local rows = {}
  for y = 1, size do
    rows[y] = ""
    for x = 1, size do
      local cell = room[y] and room[y][x]
      local person = cell and cell.person
      rows[y] = rows[y] .. (not cell and "#" or not person and "." or person.goal and person.goal.name:sub(1, 1) or "s")
    end
  end
  return table.concat(rows, "\n")
end

game {
  about    = "Evacuation of a room",
  source   = "Wu et al. 2024, doi:10.18653/v1/2024.findings-emnlp.297",
  players  = range(2, 1000),
  rounds   = 50,
  settings = {
    size = 33, left = 3, bottom = 3, right = 3, replan = .2, talk = true, hearing = 5, view = 10, angle = 45, people = {},
    strengths = { "weak", "fit", "strong" }, tempers = { "calm", "anxious", "bold" },
  },
  allowed  = { size = range(3, 1000), left = range(0, 998), bottom = range(0, 998), right = range(0, 998), replan = range(0, 1, .01),
    hearing = range(0, 1000, .01), view = range(0, 1000, .01), angle = range(0, 360, .01) },
  play = function(match, players)
    local set = match.settings
    local room, floor, exits = build(set)
    local options = map(exits, function(exit) return exit.name end)
    options[#options + 1] = "stay"
    check_people(players, set, exits)
    enter(players, room, floor, set)
    for _, person in ipairs(players) do person:tell { "person", strength = person.strength, temper = person.temper } end

    local inside
    local function near(person)
      return filter(inside, function(p) return p ~= person and distance(p.cell, person.cell) <= set.hearing end)
    end
    local function seen_towards(here, there)
      local dx, dy, far = there.x - here.x, there.y - here.y, distance(here, there)
      return count(inside, function(p)
        local d, along = distance(here, p.cell), (p.cell.x - here.x) * dx + (p.cell.y - here.y) * dy
        return d > 0 and d <= set.view and along >= math.cos(math.rad(set.angle)) * d * far - 1e-9
      end)
    end
    local function sight(person)
      return map(exits, function(exit)
        local far, cell = way(person.cell, exit)
        return { name = exit.name, width = #exit.cells, distance = rounded(far), seen = seen_towards(person.cell, cell) }
      end)
    end

    for round in match:each_round() do
      for _, person in ipairs(players) do
        if person.cell and person.cell.exit then
          person.out = person.cell.exit.name
          stand(person, nil)
        end
        if person.out then person:pay(1) end
      end
      local chances, order = map(players, function() return math.random() end), shuffled(players)
      inside = filter(players, function(p) return p.cell end)

      local choosing = filter(inside, function(p) return round == 1 or chances[p.seat] < set.replan end)
      if set.talk then
        choosing:choose(function(p)
          local hearers = near(p)
          if #hearers > 0 then return { "talk", words(30), seen_by = hearers, missing = "", exits = sight(p), near = #hearers } end
        end)
      end
      local choices = choosing:choose(function(p)
        return { "exit", options, seen_by = {}, missing = "stay", exits = sight(p), near = #near(p) }
      end)
      for _, p in ipairs(choosing) do p.goal = exits[choices[p]] end

      local walking = filter(order, function(p) return p.cell and p.goal end)
      for _, p in ipairs(walking) do p.far = way(p.cell, p.goal) end
      table.sort(walking, function(a, b) return a.far < b.far end)
      for _, p in ipairs(walking) do step(p, room) end

      local out = filter(players, function(p) return p.out end)
      local notes = { escaped = #out, map = drawn(room, set.size) }
      for _, exit in ipairs(exits) do notes["escaped_" .. exit.name] = count(out, function(p) return p.out == exit.name end) end
      for _, temper in ipairs(set.tempers) do notes["escaped_" .. temper] = count(out, function(p) return p.temper == temper end) end
      match:note(notes)
    end
  end,
}
