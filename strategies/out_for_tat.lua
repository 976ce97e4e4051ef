-- For games in which one names a player (`partner`), plays `with` it if it names one too, and then cooperates or not (`action`).
-- It plays `action` always, and stays with a partner that did so too. Otherwise it names one that named it in the round before, else
-- anyone, each as likely; whoever was last seen to do something else only if nobody else is left.
strategy {
  about    = "Cooperates, stays with a partner that does so too, and leaves any other",
  source   = "Hayashi and Yamagishi 1998, Personality and Social Psychology Review 2: 276-289",
  settings = { action = "cooperate" },
  act = function(turn)
    local good = turn.settings.action
    if turn.decision == "action" and turn.facts.with then return good end
    if turn.decision ~= "partner" then error("out_for_tat names a partner first: '" .. turn.decision .. "' is no choice with one", 0) end
    local past = turn.history[turn.round - 1] or {}
    local named, did = past.partner or {}, past.action or {}
    local mine = named[turn.me]
    if did[turn.me] and did[mine] == good then return mine end
    local fine = filter(turn.actions, function(name) return (turn:last(name, "action") or good) == good end)
    local keen = filter(fine, function(name) return named[name] == turn.me end)
    return pick(#keen > 0 and keen or #fine > 0 and fine or turn.actions)
  end,
}
