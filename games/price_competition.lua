-- Two firms with goods that are alike but not the same set prices. With the inverse demand p = a - beta q - d s (s: what the other
-- sells) a firm sells q = (a (beta - d) - beta p + d r) / (beta^2 - d^2) at its price p and the other's r, and never less than 0;
-- as published: 1400 - 200 p + 100 r. A price below cost is raised to it, `start` too. In round 1 both prices are `start`, and nobody is asked.
-- A firm is shown the last `window` rounds, and of those before the means of `window` rounds each, the last of what is left over; so
-- often it writes a plan (`plans`), which it is shown until the next. `exchanges`: messages of each firm before each price, shown in that
-- round only. `length`: the most words of a message or plan.
-- Collusive is a round with both prices above the Nash price, none above the cartel's, and at most `close` apart; after
-- `stop_after` of them in a row the match ends (0: never). `index` is 0 at the Nash price and 1 at the cartel's.
-- By hand: 8 and 8: each sells 600 at 6 over cost: 3600. 6 and 6: 800 at 4: 3200. 6.5 against 8: 900 at 4.5: 4050, and 8 sells
-- 450 at 6: 2700. 14 against 2: sells nothing: 0; the other 2400 at cost: 0. 1 and 8: 1 is done as 2.
-- By hand: 8 against 8 for 11 rounds: 36000 each, as round 1 pays nothing. Cartel against cartel ends after round 201.
local function check(set)
  if set.d <= 0 or set.beta <= set.d then error("d lies above 0 and below beta: the other's sales weigh less on a firm's price than its own") end
  if set.a <= set.cost then error("a must be above cost: at no price above cost would anything be sold") end
  if set.highest < set.cost then error(("highest must be cost (%g) or more: every price up to it would be raised to cost"):format(set.cost)) end
end

local function nash(set) return (set.a * (set.beta - set.d) + set.beta * set.cost) / (2 * set.beta - set.d) end
local function cartel(set) return (set.a + set.cost) / 2 end

local function profit(set, mine, theirs)
  local sold = (set.a * (set.beta - set.d) - set.beta * mine + set.d * theirs) / (set.beta ^ 2 - set.d ^ 2)
  return rounded((mine - set.cost) * math.max(0, sold), 6)
end

local function remember(firm, round, window)
  if #firm.recent == window then
    if #firm.left == window then firm.left = {} end
    if #firm.left > 0 then table.remove(firm.earlier) end
    table.insert(firm.left, table.remove(firm.recent, 1))
    local first, last = firm.left[1].round, firm.left[#firm.left].round
    local function average(of) return mean(map(firm.left, function(past) return past[of] end)) end
    table.insert(firm.earlier, { from = first, to = last > first and last, mine = average "mine", theirs = average "theirs",
      profit = average "profit" })
  end
  table.insert(firm.recent, { round = round, mine = firm.price, theirs = firm.other.price, profit = firm.profit })
end

game {
  about    = "Price competition",
  source   = "Singh and Vives 1984, RAND Journal of Economics 15, 546-554; Wu et al. 2024, doi:10.18653/v1/2024.findings-emnlp.297",
  players  = { "firm1", "firm2" },
  rounds   = 1200,
  settings = { a = 14, beta = 1 / 150, d = 1 / 300, cost = 2, highest = 14, step = .1, start = 2,
    window = 20, plans = true, exchanges = 0, length = 50, close = .5, stop_after = 200 },
  allowed  = { window = range(1, 100000), exchanges = range(0, 100), length = range(1, 10000), stop_after = range(0, 1000000) },
  solve = function(set)
    check(set)
    local function reply(price) return (set.a * (set.beta - set.d) + set.beta * set.cost + set.d * price) / (2 * set.beta) end
    local function row(name, mine, theirs) return { name, rounded(mine, 6), rounded(theirs, 6), profit(set, mine, theirs), profit(set, theirs, mine) } end
    local n, c = nash(set), cartel(set)
    return {
      { "best reply to 0", rounded(reply(0), 6) },
      { "and for each unit of the other's price", rounded(reply(1) - reply(0), 6) },
      { "prices", columns = { "prices", "own", "other", "own profit", "other profit" },
        rows = { row("Nash", n, n), row("cartel", c, c), row("best reply to the cartel", reply(c), c) } },
    }
  end,
  play = function(match, players)
    local set, collusive_rounds = match.settings, 0
    check(set)
    local function question(name, actions, missing)
      return function(firm)
        return { name, actions, missing = missing, seen_by = name == "talk" and players or {},
          earlier = firm.earlier, recent = firm.recent, plan = firm.plan }
      end
    end
    local start = math.max(set.cost, set.start)
    for _, firm in ipairs(players) do firm.recent, firm.left, firm.earlier, firm.plan, firm.price = {}, {}, {}, false, start end
    players:tell { "begins", price = start }
    if set.exchanges > 0 then players:tell "talks" end
    for round in match:each_round() do
      local raised = 0
      if round > 1 then
        if set.plans and (round - 1) % set.window == 0 then
          local plans = players:choose(question("plan", words(set.length), ""))
          for _, firm in ipairs(players) do firm.plan = plans[firm] end
        end
        for _ = 1, set.exchanges do
          for _, firm in ipairs(players) do firm:choose(question("talk", words(set.length), "")) end
        end
        local prices = players:choose(question("price", range(0, set.highest, set.step)))
        for _, firm in ipairs(players) do
          firm.price = math.max(set.cost, prices[firm])
          if firm.price > prices[firm] then raised = raised + 1 end
          players:tell { "price", firm.price, by = firm }
        end
      end
      for _, firm in ipairs(players) do
        firm.profit = profit(set, firm.price, firm.other.price)
        firm:pay(firm.profit)
        remember(firm, round, set.window)
      end
      local one, two = players[1].price, players[2].price
      local collusive = math.min(one, two) > nash(set) + 1e-9 and math.max(one, two) < cartel(set) + 1e-9
        and math.abs(one - two) < set.close + 1e-9
      match:note { collusive = collusive, raised = raised, price = (one + two) / 2,
        index = rounded(((one + two) / 2 - nash(set)) / (cartel(set) - nash(set)), 6) }
      collusive_rounds = collusive and collusive_rounds + 1 or 0
      if collusive_rounds == set.stop_after then return end
    end
  end,
}
