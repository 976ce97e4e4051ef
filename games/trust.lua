-- What the trustor sends is multiplied on its way; the trustee gives back as much of it as it likes.
-- A trustee who was sent nothing has nothing to decide and is not asked.
-- By hand: endowment 10, multiplier 3; sends 6, gets 9 of the 18 back: 13 and 9.
-- By hand: sends 0: 10 and 0. Sends 10, gets nothing back: 0 and 30.
game {
  about    = "Trust game",
  source   = "Berg, Dickhaut and McCabe 1995, doi:10.1006/game.1995.1027",
  players  = { "trustor", "trustee" },
  settings = { endowment = 10, multiplier = 3 },
  play = function(match, players)
    local trustor, trustee = unpack(players)
    local set = match.settings
    for _ in match:each_round() do
      local sent = trustor:choose { "send", range(0, set.endowment) }
      local pot  = sent * set.multiplier
      local back = pot > 0 and trustee:choose { "give_back", range(0, pot), pot = pot } or 0
      players:pay { set.endowment - sent + back, pot - back }
    end
  end,
}
