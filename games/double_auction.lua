-- Buyers and sellers of single units. Of the two usual forms this is the call market, the one that a paragraph can state: all bid
-- and ask at once, and one price is made for all. As many units as possible change hands, those of the highest bids and of
-- the lowest asks; which of equal ones is drawn. The price lies halfway between the lowest and the highest at which just these
-- want to trade. Everyone is told the price and the number of units; bids and asks stay secret.
-- `values` and `costs` fix what a unit is worth to each buyer and costs each seller, in every round; one left out is drawn, from 0 to
-- `highest`.
-- By hand, values 90 70 40, costs 20 50 60, bids and asks the same: 2 units. The second seller wants 50 at least, and the third stays
-- out up to 60: price 55. Buyers 35 15 0, sellers 35 5 0, efficiency 1.
-- By hand, the same but bids 90 45 40: 1 unit. The second buyer stays out from 45 on, the second seller up to 50: price 47.5.
-- Buyers 42.5 0 0, sellers 27.5 0 0, 70 of the possible 90.
-- By hand, the same but bids 10 10 10: no trade, 0 each, efficiency 0.
local function in_order(numbers, before)
  local out = map(numbers, function(x) return x end)
  table.sort(out, before)
  return out
end

-- How many units are traded, and the lowest and the highest price at which just these want to.
local function clearing(bids, asks)
  bids, asks = in_order(bids, function(a, b) return a > b end), in_order(asks)
  local n = 0
  while n < math.min(#bids, #asks) and bids[n + 1] >= asks[n + 1] do n = n + 1 end
  if n == 0 then return 0 end
  return n, math.max(asks[n], bids[n + 1] or asks[n]), math.min(bids[n], asks[n + 1] or bids[n])
end

-- What all gain together if those trade who gain most by it.
local function gains(values, costs)
  values, costs = in_order(values, function(a, b) return a > b end), in_order(costs)
  return sum(values, function(value, i) return math.max(0, value - (costs[i] or value)) end)
end

local function names(word, n)
  if n < 1 or n % 1 ~= 0 then error(word .. "s is a whole number of 1 or more", 0) end
  local out = {}
  for i = 1, n do out[i] = word .. i end
  return out
end

-- What is fixed is no more than what would be drawn.
local function check_amounts(name, given, most, highest)
  if #given > most then error(("%s: they are %d, and there are %d of these players"):format(name, #given, most)) end
  for _, amount in ipairs(given) do
    if type(amount) ~= "number" or amount < 0 or amount > highest then
      error(("%s are from 0 to %g, which is `highest`, not %s"):format(name, highest, tostring(amount)))
    end
  end
end

game {
  about    = "Double auction, as a call market",
  source   = "Smith 1962, doi:10.1086/258609",
  players  = function(set)
    local out = names("buyer", set.buyers)
    for _, name in ipairs(names("seller", set.sellers)) do out[#out + 1] = name end
    return out
  end,
  rounds   = 10,
  settings = { buyers = 3, sellers = 3, highest = 100, values = {}, costs = {} },
  play = function(match, players)
    local set     = match.settings
    local buyers  = filter(players, function(player) return player.seat <= set.buyers end)
    local sellers = filter(players, function(player) return player.seat > set.buyers end)
    check_amounts("values", set.values, set.buyers, set.highest)
    check_amounts("costs", set.costs, set.sellers, set.highest)
    for _ in match:each_round() do
      for i, buyer in ipairs(buyers) do
        local drawn = math.random(0, set.highest)
        buyer.value = set.values[i] or drawn
        buyer:tell { "worth", value = buyer.value }
      end
      for i, seller in ipairs(sellers) do
        local drawn = math.random(0, set.highest)
        seller.cost = set.costs[i] or drawn
        seller:tell { "costs", cost = seller.cost }
      end
      local named = players:choose(function(player)
        return { player.value and "bid" or "ask", range(0, set.highest), seen_by = {} }
      end)
      local function amount(player) return named[player] end
      local units, low, high = clearing(map(buyers, amount), map(sellers, amount))
      local price = units > 0 and (low + high) / 2
      local by_bid = in_order(shuffled(buyers), function(a, b) return named[a] > named[b] end)
      local by_ask = in_order(shuffled(sellers), function(a, b) return named[a] < named[b] end)
      local gained = 0
      local function settle(ranked, gain)
        for i, trader in ipairs(ranked) do
          local paid = i <= units and gain(trader) or 0
          trader:tell { "traded", price = price, units = units, trades = i <= units }
          trader:pay(paid)
          gained = gained + paid
        end
      end
      settle(by_bid, function(buyer) return buyer.value - price end)
      settle(by_ask, function(seller) return price - seller.cost end)
      local possible = gains(map(buyers, function(b) return b.value end), map(sellers, function(s) return s.cost end))
      match:note { units = units, price = price or nil, efficiency = possible > 0 and gained / possible or nil }
    end
  end,
  solve = function(set)
    if #set.values < set.buyers or #set.costs < set.sellers then
      error("values and costs are drawn in each round: fix all of them (--set values=[90,70,40] --set costs=[20,50,60])", 0)
    end
    local units, low, high = clearing(set.values, set.costs)
    return {
      { "units", units },
      { "gains of all", gains(set.values, set.costs) },
      { "lowest competitive price", low or "none" },
      { "highest competitive price", high or "none" },
    }
  end,
}
