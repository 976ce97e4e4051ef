-- For games in which all `give` and then `punish`, one by one, a player that they are told as `whom`.
strategy {
  about    = "Gives a share, and punishes who gave less, in proportion",
  source   = "Fehr and Gächter 2000, doi:10.1257/aer.90.4.980",
  settings = { share = 1, rate = .3 },
  act = function(turn)
    local set, whom = turn.actions, turn.facts.whom
    if turn.decision == "give" then return closest(set, set.lo + (set.hi - set.lo) * turn.settings.share) end
    if turn.decision ~= "punish" or not whom then
      error("enforcer gives, and punishes one whom it is told: '" .. turn.decision .. "' is no such choice", 0)
    end
    return closest(set, turn.settings.rate * (turn:last(turn.me, "give") - turn:last(whom, "give")))
  end,
}
