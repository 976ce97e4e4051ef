-- Words for lists: map, filter, sum, largest and their like.
local engine = ...
local own = engine.own
local type, ipairs, error, setmetatable = type, ipairs, error, setmetatable
local floor, abs = math.floor, math.abs
local Group, metatable, shown, words = own.Group, own.metatable, own.shown, own.words

local function list(x, word)
  if type(x) ~= "table" then error(word .. " needs a list, got " .. shown(x), 3) end
  return x
end
local function like(l) -- of a group, a group
  return metatable(l) == Group and setmetatable({}, Group) or {}
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

own.like, own.list, own.map, own.count = like, list, map, count
