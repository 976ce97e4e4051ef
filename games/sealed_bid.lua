-- Sealed bids for one thing that is worth something else to each. The highest bid wins and pays itself ("first") or the
-- next bid ("second"). Equal highest bids are drawn. Nobody learns a bid that did not win, but for the price.
-- `values` fixes what the thing is worth, from 0 to `highest`, seat by seat, in every round; a seat left out draws.
-- By hand, values 30 50 80, bids 20 40 60, one round: "second" pays 0 0 40, "first" pays 0 0 20.
-- By hand, values 30 50, bids 60 40, "second", one round: -10 and 0, and the sale is not efficient.
-- Known of it, where values are drawn: the bid is the value where the second bid is paid, and (n - 1) / n of it where the own bid
-- is (Vickrey); either way the price is the second of n values, (n - 1) / (n + 1) of the highest possible on average.
game {
  about    = "Sealed-bid auction",
  source   = "Vickrey 1961, doi:10.1111/j.1540-6261.1961.tb02789.x",
  players  = range(2, 20),
  settings = { pays = "second", highest = 100, values = {} },
  play = function(match, players)
    local set = match.settings
    if set.pays ~= "first" and set.pays ~= "second" then error("pays is 'first' or 'second', not '" .. set.pays .. "'") end
    if #set.values > #players then error(("values: they are %d, and %d bid"):format(#set.values, #players)) end
    for _, value in ipairs(set.values) do
      if type(value) ~= "number" or value < 0 or value > set.highest then
        error(("values are from 0 to %g, which is `highest`, not %s"):format(set.highest, tostring(value)))
      end
    end
    for _ in match:each_round() do
      for i, player in ipairs(players) do
        local drawn = math.random(0, set.highest)
        player.value = set.values[i] or drawn
        player:tell { "worth", value = player.value }
      end
      local bids   = players:choose { "bid", range(0, set.highest), seen_by = {} }
      local winner = pick(largest(players, function(p) return bids[p] end))
      local losers = filter(players, function(p) return p ~= winner end)
      local _, next_bid = largest(losers, function(p) return bids[p] end)
      local price = set.pays == "first" and bids[winner] or next_bid
      winner:tell { "won", price = price }
      losers:tell { "lost", winner = winner, price = price }
      winner:pay(winner.value - price)
      losers:pay(map(losers, function() return 0 end))
      local _, most = largest(players, function(p) return p.value end)
      match:note { efficient = winner.value == most, price = price }
    end
  end,
  solve = function(set, seats)
    local n = #seats
    if #set.values > 0 then error("what is known holds where values are drawn: leave `values` out", 0) end
    return {
      { "bid in equilibrium, as a share of the value", set.pays == "first" and (n - 1) / n or 1 },
      { "expected price", set.highest * (n - 1) / (n + 1) },
    }
  end,
}
