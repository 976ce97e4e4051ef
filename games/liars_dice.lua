-- Each rolls its dice where nobody else sees them. In turn each bids how many dice of all show some face, "3x5" for at least three
-- fives: more dice than the last bid, or as many of a higher face; or says "liar" to it. Then all dice are shown. Whoever was wrong,
-- the bidder if there are fewer, else the one who said liar, pays the other, and begins the next round.
-- With `shrink` it loses a die too: without dice it is out, and when one is left the match ends.
-- `rolls` fixes dice by round and seat: rolls = { { { 3, 3 }, { 5, 1 } } }; what is left out is rolled.
-- By hand, rolls 33 51 in both rounds: seat 1 bids 2x3, seat 2 says liar and is wrong: 1 and -1. Seat 2 begins and bids 2x5, seat 1
-- says liar, and there is but one five: 1 and -1. In all 2 and -2.
-- By hand, 3 players with 1 die, shrink, rolls 1 2 3, then 1 - 3: seat 1 bids 1x2, seat 2 says liar: it pays and is out, and seat 3 begins:
-- 2x3, seat 1 says liar: seat 3 pays and is out. 2 -1 -1 after 2 rounds of 10.
game {
  about    = "Liar's dice",
  source   = "Ferguson and Ferguson 1991, doi:10.1007/978-94-011-3760-7_3",
  players  = range(2, 10),
  settings = { dice = 2, faces = 6, stake = 1, shrink = false, rolls = {} },
  play = function(match, players)
    local set    = match.settings
    local begins = 1
    if set.dice < 1 or set.dice % 1 ~= 0 or set.faces < 2 or set.faces % 1 ~= 0 then
      error("dice are a whole number of 1 or more, faces of 2 or more")
    end
    local function shows(n) return type(n) == "number" and n >= 1 and n <= set.faces and n % 1 == 0 end
    for _, player in ipairs(players) do player.left = set.dice end
    for round in match:each_round() do
      local playing = filter(players, function(p) return p.left > 0 end)
      local all, bids = {}, {}
      for _, player in ipairs(playing) do
        local fixed = set.rolls[round] and set.rolls[round][player.seat] or {}
        player.dice = {}
        for i = 1, player.left do
          local rolled = math.random(set.faces)
          player.dice[i] = fixed[i] or rolled
          if not shows(player.dice[i]) then error(("rolls: a die shows a whole number from 1 to %d, not %s"):format(set.faces, tostring(player.dice[i]))) end
          table.insert(all, player.dice[i])
        end
      end
      for n = 1, #all do
        for face = 1, set.faces do table.insert(bids, n .. "x" .. face) end
      end
      for _, player in ipairs(playing) do player:tell { "roll", hand = player.dice, in_play = #all } end

      local starts, made, last, bidder, caller = count(playing, function(p) return p.seat < begins end), 0, 0, nil, nil
      repeat
        local player = cycle(playing, starts + made + 1)
        local higher = { unpack(bids, last + 1) }
        if bidder then table.insert(higher, 1, "liar") end
        local said = player:choose { "bid", higher, standing = bids[last] or false, bidder = bidder or false,
          highest = last < #bids and bids[#bids] }
        if said == "liar" then
          caller = player
        else
          bidder, made = player, made + 1
          while bids[last] ~= said do last = last + 1 end
        end
      until caller

      local claimed, face = bids[last]:match("(%d+)x(%d+)")
      local found  = count(all, tonumber(face))
      local caught = found < tonumber(claimed)
      local winner, loser = caught and caller or bidder, caught and bidder or caller
      local hands  = map(playing, function(p) return { name = p, hand = p.dice } end)
      players:tell { "shown", hands = hands, face = face, found = found, winner = winner, loser = loser }
      loser:pay(-set.stake)
      winner:pay(set.stake)
      match:note { bids = made, caught = caught }
      begins = loser.seat
      if set.shrink then loser.left = loser.left - 1 end
      if count(players, function(p) return p.left > 0 end) == 1 then return end
    end
  end,
}
