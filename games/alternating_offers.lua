-- Two divide a pie by offers in turn, `first` beginning. After each rejection it is the other's turn, and what an agreement
-- brings shrinks: for the first to `first_discount` of what it was, for the second to `second_discount`. When the last of the
-- `offers` is rejected nobody gets anything.
-- By hand: pie 100, discounts .9: first offers 40, second rejects and offers 30, first accepts: 27 and 63.
-- By hand, discounts .5 and .8: offers of 10 and 20 are rejected, the third, 30, is accepted: 17.5 and 19.2.
-- By hand: all three rejected: 0 and 0.
-- By hand, solved from the end, discounts .9: offer 3 is 0 of 100; at offer 2 the second gives 90 and keeps 10; at offer 1 the
-- first gives 9 and keeps 91. With no last offer the first would keep (1 - .9) / (1 - .81) of the pie, 52.63.
game {
  about    = "Alternating offers with discounting",
  source   = "Rubinstein 1982, doi:10.2307/1912531; with a last offer: Ståhl 1972, Bargaining Theory",
  players  = { "first", "second" },
  settings = { pie = 100, offers = 3, first_discount = .9, second_discount = .9 },
  play = function(match, players)
    local set = match.settings
    if set.offers < 2 or set.offers % 1 ~= 0 then error("offers is a whole number of 2 or more (one is the ultimatum game)") end
    players.first.discount, players.second.discount = set.first_discount, set.second_discount
    for _ in match:each_round() do
      local made, agreed, amounts = 0, false, { 0, 0 }
      while not agreed and made < set.offers do
        local by, to = cycle(players, made + 1), cycle(players, made + 2)
        for _, player in ipairs(players) do player.worth = player.discount ^ made end
        made = made + 1
        local offer  = by:choose { "offer", range(0, set.pie), number = made, worth = made > 1 and by.worth }
        local answer = to:choose { "answer", { "accept", "reject" }, number = made, worth = made > 1 and to.worth }
        agreed = answer == "accept"
        if agreed then amounts = { [by.seat] = (set.pie - offer) * by.worth, [to.seat] = offer * to.worth } end
      end
      players:pay(amounts)
      match:note { agreed = agreed, offers_made = made }
    end
  end,
  solve = function(set)
    local offers, keeps = {}, 0
    for number = set.offers, 1, -1 do -- what the other waits for: to keep as much at the next offer, shrunk once
      local first = number % 2 == 1
      local waits = (first and set.second_discount or set.first_discount) * keeps
      local offer = math.ceil(waits - 1e-9)
      keeps = set.pie - offer
      offers[number] = { number, first and "first" or "second", offer, keeps }
    end
    local both = set.first_discount * set.second_discount
    return {
      { "first gets, solved from the last offer", keeps },
      { "second gets", set.pie - keeps },
      { "first gets, if there were no last offer", both < 1 and set.pie * (1 - set.second_discount) / (1 - both) or "any share" },
      { "offers", columns = { "number", "by", "offers", "keeps" }, rows = offers },
    }
  end,
}
