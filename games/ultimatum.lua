-- One offers a part of a pie; the other accepts it, or nobody gets anything.
-- By hand: pie 100, offer 40, accepted: 60 and 40. Rejected: 0 and 0.
-- By hand: 2 rounds, offers 10 and 30, the first rejected, the second accepted: 70 and 30.
game {
  about    = "Ultimatum game",
  source   = "Güth, Schmittberger and Schwarze 1982, doi:10.1016/0167-2681(82)90011-7",
  players  = { "proposer", "responder" },
  settings = { pie = 100 },
  play = function(match, players)
    local proposer, responder = unpack(players)
    local pie = match.settings.pie
    for _ in match:each_round() do
      local offer  = proposer:choose { "offer", range(0, pie) }
      local answer = responder:choose { "answer", { "accept", "reject" }, offer = offer }
      players:pay(answer == "accept" and { pie - offer, offer } or { 0, 0 })
    end
  end,
}
