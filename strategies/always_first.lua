strategy {
  about = "Always the first action",
  act = function(turn)
    return turn.actions[1] or error("always_first needs a list of actions, and '" .. turn.decision .. "' has none", 0)
  end,
}
